"""A door's spreadsheet: kept, its columns said by a person, then imported by a job, safe twice; the file then goes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, UserError
from toile.kernel.jobs import RunningJob, enqueue
from toile.kernel.readers import Reader, reader_of
from toile.kernel.tabular import Damaged, Row, open_table
from toile.pathway.facts.planning import CASES_IMPORTED, ImportFact
from toile.pathway.models import CaseImport, Door
from toile.pathway.rules.case_columns import fields, guess, lacking, must_name
from toile.pathway.services.documents import on_disk
from toile.pathway.services.doors import require_at
from toile.pathway.services.imported_rows import Importing
from toile.thread.services import record

JOB: Final = "pathway.cases.import"
TOGETHER: Final = 20
MOST: Final = 5_000
"""Rows of one file."""
KEPT: Final = timedelta(days=7)
SAMPLE: Final = 3
TOLD: Final = 1_000
"""Refused rows, and cells left out, that a report tells one by one."""
State = CaseImport.State


def receive(actor: Actor, reader: Reader, door: Door, kind: str, given: UploadedFile) -> CaseImport:
    """Keep a file and check that it is a table; nothing is read of it yet. Raises a `UserError` for what is not one."""
    require_at(reader, door)
    name = Path((given.name or "tableur").replace("\\", "/")).name[:200]
    path = f"imports/{uuid4().hex}"
    place, digest = on_disk(path), hashlib.sha256()
    try:
        with place.open("wb") as kept:
            for chunk in given.chunks():
                digest.update(chunk)
                kept.write(chunk)
        with open_table(place, filename=name):
            pass
        with act(actor):
            return CaseImport.objects.create(
                door=door, filename=name, path=path, checksum=digest.hexdigest(), kind=kind, received_by=reader.person
            )
    except Exception:
        place.unlink(missing_ok=True)
        raise


def columns_of(found: CaseImport) -> tuple[list[str], list[list[str]], dict[str, str], list[str]]:
    """The file's columns, some values of each, the field that each seems to hold, and how the file was read."""
    with open_table(_place(found), filename=found.filename) as table:
        columns, rows = list(table.columns), []
        for row in table:
            if isinstance(row, Row):
                rows.append(row.values)
            if len(rows) == 20:
                break
        notes = list(table.notes)
    samples = [list(dict.fromkeys(row[c] for row in rows if row.get(c)))[:SAMPLE] for c in columns]
    return columns, samples, guess(found.kind, columns), notes


def start(actor: Actor, reader: Reader, found: CaseImport, chosen: Mapping[str, str]) -> None:
    """Have a job import the file with the columns that a person said (column → field). Raises `Conflict` if it runs."""
    require_at(reader, found.door)
    known = {column: code for column, code in chosen.items() if code in fields(found.kind)}
    must_name(known.values())
    if len(set(known.values())) < len(known):
        raise UserError(_("Deux colonnes disent la même chose : gardez-en une."))
    with act(actor):
        waiting = CaseImport.objects.filter(pk=found.pk, state=State.RECEIVED)
        if not waiting.update(state=State.RUNNING, columns=known, report={}):
            raise Conflict(_("Cet import est déjà lancé."))
        job = enqueue(actor, JOB, key=str(found.pk), found=str(found.pk))
        CaseImport.objects.filter(pk=found.pk).update(job=job.pk)


def execute(job: RunningJob, pk: UUID) -> None:
    """The job's work: rows in short acts, each with the report of what it did; resumed, it goes on where it was.

    Whoever asked may have left the door since: nothing more is then written.
    """
    found = CaseImport.objects.select_related("door").get(pk=pk)
    job.set_result(reverse("pathway:case_import", args=[found.pk]))
    if found.state != State.RUNNING or found.received_by is None:
        return
    try:
        reader = reader_of(found.received_by)
        require_at(reader, found.door)
        with open_table(_place(found), filename=found.filename) as table:
            _all(job, found, Importing(reader, found), table)
    except UserError as refused:
        with act(job.actor):
            CaseImport.objects.filter(pk=found.pk).update(
                state=State.FAILED, path="", report=found.report | {"stopped": refused.message}
            )
        _forget_file(found)
        raise
    if found.state == State.DONE:
        _forget_file(found)


def _all(job: RunningJob, found: CaseImport, importing: Importing, table: Any) -> None:
    """Every row that was not treated yet, `TOGETHER` in an act."""
    report: dict[str, Any] = {
        "line": 0,
        "counts": {},
        "refused": [],
        "doubts": [],
        "lacking": lacking(found.kind, found.columns.values()),
    }
    report |= found.report
    after, batch = report["line"], []
    for number, row in enumerate(table, 1):
        if number > MOST:
            report["truncated"] = MOST
            break
        if row.line > after:
            batch.append(row)
        if len(batch) == TOGETHER:
            _some(job, found, importing, report, batch)
            batch = []
            job.progress(number, None)
            if job.cancelled:
                return
    with act(job.actor):
        _some(job, found, importing, report, batch)
        created: int = report["counts"].get("created", 0)
        CaseImport.objects.filter(pk=found.pk).update(state=State.DONE, path="", report=report)
        record(CASES_IMPORTED, about=[found.door.organisation_id], data=ImportFact(str(found.pk), created))
    found.state = State.DONE


def _some(job: RunningJob, found: CaseImport, importing: Importing, report: dict[str, Any], rows: list[Any]) -> None:
    with act(job.actor):
        for row in rows:
            done = "refused" if isinstance(row, Damaged) else importing.take(job.actor, row)
            counts = report["counts"]
            counts[done] = counts.get(done, 0) + 1
            _tell(report["refused"], row.line, [(row.column or "", row.reason_fr)] if isinstance(row, Damaged) else [])
            report["line"] = row.line
        for line, why in importing.refused:
            _tell(report["refused"], line, [("", why)])
        for line, column, why in importing.doubts:
            _tell(report["doubts"], line, [(column, why)])
        importing.refused.clear()
        importing.doubts.clear()
        CaseImport.objects.filter(pk=found.pk).update(report=report)
        job.save_cursor(report["line"])


def _tell(told: list[dict[str, Any]], line: int, what: list[tuple[str, str]]) -> None:
    told += [{"line": line, "column": column, "reason": why} for column, why in what[: max(0, TOLD - len(told))]]


def abandoned(now: datetime) -> QuerySet[CaseImport]:
    """The files given a week ago that nobody imported, or whose import stopped."""
    return CaseImport.objects.filter(received_at__lt=now - KEPT).exclude(path="")


def forget_abandoned(actor: Actor, now: datetime) -> int:
    """Delete these files: a spreadsheet holds people's data, and is kept while it serves only. How many."""
    rows = list(abandoned(now))
    with act(actor):
        CaseImport.objects.filter(pk__in=[row.pk for row in rows]).update(path="", state=State.FAILED)
    for row in rows:
        _forget_file(row)
    return len(rows)


def _place(found: CaseImport) -> Path:
    place = on_disk(found.path) if found.path else None
    if place is None or not place.exists():
        raise Conflict(_("Le fichier de cet import n’est plus là : envoyez-le de nouveau."))
    return place


def _forget_file(found: CaseImport) -> None:
    if found.path:
        on_disk(found.path).unlink(missing_ok=True)

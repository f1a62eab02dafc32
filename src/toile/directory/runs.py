"""Imports from the site: a file kept, its columns read, a mapping accepted, a job that runs it, a report."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.translation import gettext as _

from toile.directory.commands import import_csv, sample
from toile.directory.imports.report import Report
from toile.directory.models import ImportRun
from toile.directory.models.imports import RunState
from toile.directory.permissions import IMPORT
from toile.directory.rules.mapping import Mapping, guess_mapping, mapping_from_toml, mapping_to_toml, must_name
from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, UserError
from toile.kernel.jobs import RunningJob, enqueue
from toile.kernel.models import ACTIVE, Job
from toile.kernel.permissions import require
from toile.kernel.readers import Reader
from toile.kernel.tabular import open_table
from toile.territory.queries import scope


def _folder() -> Path:
    folder = Path(settings.MEDIA_ROOT) / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def receive(actor: Actor, reader: Reader, given: UploadedFile) -> ImportRun:
    """Keep a file and check that it is a table; nothing is imported yet. Raises a `UserError` for what is not one."""
    require(reader, IMPORT.code)
    pk = uuid4()
    path = _folder() / pk.hex
    digest = hashlib.sha256()
    name = Path(given.name or "fichier").name[:200]
    try:
        with path.open("wb") as kept:
            for chunk in given.chunks():
                digest.update(chunk)
                kept.write(chunk)
        with open_table(path, filename=name):
            pass
        with act(actor):
            return ImportRun.objects.create(
                pk=pk, asked_by=actor.person, filename=name, stored_as=path.name, checksum=digest.hexdigest()
            )
    except Exception:
        path.unlink(missing_ok=True)
        raise


def columns_of(run: ImportRun) -> tuple[list[str], list[dict[str, str]], Mapping, list[str]]:
    """The file's columns, its first rows, the mapping guessed from them, and what was understood of the file."""
    path = _folder() / run.stored_as
    if not run.stored_as or not path.exists():
        raise Conflict(_("Le fichier de cet import n’est plus là : envoyez-le de nouveau."))
    with open_table(path, filename=run.filename) as table:
        columns, notes = list(table.columns), list(table.notes)
    rows = sample(path, run.filename)
    return columns, rows, guess_mapping(columns, rows), notes


def start(
    actor: Actor, reader: Reader, run: ImportRun, mapping: Mapping, *, perimeter: str, all_ess: bool
) -> ImportRun:
    """Have a job import the file through the mapping that the person accepted. Raises `Conflict` when it runs."""
    require(reader, IMPORT.code)
    if perimeter:
        scope(perimeter)
    with act(actor):
        kept = {"toml": mapping_to_toml(must_name(mapping)), "perimeter": perimeter, "all_ess": all_ess}
        if not ImportRun.objects.filter(pk=run.pk, state=RunState.UPLOADED).update(
            state=RunState.RUNNING, mapping=kept
        ):
            raise Conflict(_("Cet import est déjà lancé."))
        job = enqueue(actor, "directory.import", key=str(run.pk), run=str(run.pk))
        ImportRun.objects.filter(pk=run.pk).update(job=job.pk)
    run.refresh_from_db()
    return run


def forget_abandoned(actor: Actor, *, before: datetime) -> int:
    """Delete the files that nobody imported, or whose job will not go on, given before a moment; how many.

    A spreadsheet may hold people's data: it is kept while it serves only. The run stays, and says what became of it.
    """
    kept = ImportRun.objects.filter(asked_at__lt=before).exclude(stored_as="")
    at_work = Job.objects.filter(kind="directory.import", state__in=ACTIVE).values_list("key", flat=True)
    abandoned = list(kept.exclude(pk__in=[UUID(key) for key in at_work]).values_list("pk", "stored_as"))
    with act(actor):
        ImportRun.objects.filter(pk__in=[pk for pk, _name in abandoned]).update(
            state=RunState.FAILED, failure=_("Le fichier n’a pas été importé à temps : il est effacé."), stored_as=""
        )
    for _pk, name in abandoned:
        (_folder() / name).unlink(missing_ok=True)
    return len(abandoned)


class Stopped(UserError):
    """Somebody stopped the import, or its worker stops: what is imported stays."""


def execute(job: RunningJob, run_id: UUID) -> None:
    """The job's work: import the file, keep the report, delete the file. Repeated, it changes nothing more.

    Between two batches it stops when asked: for good if a person asks, to be taken up again if its worker stops.
    """
    run = ImportRun.objects.get(pk=run_id)
    job.set_result(reverse("directory:import_report", args=[run.pk]))
    if run.state != RunState.RUNNING:
        return
    path = _folder() / run.stored_as
    try:
        with open_table(path, filename=run.filename) as table:
            mapping = mapping_from_toml(run.mapping["toml"], table.columns)
        constants: dict[str, Any] = {"correction": True} if run.mapping["all_ess"] else {}

        def tell(report: Report) -> None:
            job.progress(report.read, None, _("%(n)s lignes lues") % {"n": report.read})
            if job.cancelled:
                raise Stopped(_("Import arrêté à la demande d’une personne."))

        report = import_csv(
            path,
            mapping=mapping,
            perimeter=run.mapping["perimeter"] or None,
            progress=tell,
            actor=job.actor,
            filename=run.filename,
            constants=constants,
        )
    except UserError as refused:
        if job.told_to_stop == "worker":
            return
        with act(job.actor):
            ImportRun.objects.filter(pk=run.pk).update(
                state=RunState.FAILED, failure=refused.message[:400], stored_as=""
            )
        path.unlink(missing_ok=True)
        if isinstance(refused, Stopped):
            return
        raise
    with act(job.actor):
        ImportRun.objects.filter(pk=run.pk).update(state=RunState.DONE, report=report.as_json(), stored_as="")
    path.unlink(missing_ok=True)
    job.progress(report.read, report.read)

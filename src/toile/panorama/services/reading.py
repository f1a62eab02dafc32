"""The work on one source: its file fetched by its URL, then read, to say what it gives, lacks and forbids."""

from __future__ import annotations

import logging
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel.acts import act
from toile.kernel.errors import UserError
from toile.kernel.jobs import RunningJob
from toile.panorama.computing.engines import engine
from toile.panorama.computing.files import Given, WrongSources, open_files
from toile.panorama.computing.understanding import Understood, understand
from toile.panorama.models import Source, SourceKind
from toile.panorama.services.arriving import MEBIBYTE, on_disk
from toile.panorama.services.fetching import fetch
from toile.panorama.services.sources import arrived_for
from toile.panorama.services.tables import READ_AS_TABLES, read_source
from toile.territory.queries import commune_names, rolled_up_codes

logger = logging.getLogger(__name__)

MOST_SAID: Final = 60


class Stopped(UserError):
    """Somebody stopped the work, or its worker stops."""


class FileGone(UserError):
    """The file of a source is no longer on this machine."""


def fetch_file(running: RunningJob, source_id: UUID) -> None:
    """Fetch the file of a source, then have it read; an address that gives nothing refuses the source, and says why."""
    running.set_result(reverse("panorama:source", args=[source_id]))
    source = Source.objects.filter(pk=source_id, path="").first()
    if source is None:
        return

    def tell(received: int, announced: int | None) -> None:
        if running.cancelled:
            raise Stopped(_("La demande du fichier a été arrêtée."))
        said = _("%(n)s Mo reçus") % {"n": received // MEBIBYTE}
        running.progress(received, announced, said)

    try:
        arrived = fetch(source.url, tell)
    except UserError as refused:
        if running.told_to_stop != "worker":
            _refuse(running, source, refused.message)
        if isinstance(refused, Stopped):
            return
        raise
    arrived_for(running.actor, source, arrived)
    running.progress(arrived.size, arrived.size)


def understand_file(running: RunningJob, source_id: UUID) -> None:
    """Read a source's file: its kind, columns, rows and years, what is missing and forbidden. Read again, the same."""
    running.set_result(reverse("panorama:source", args=[source_id]))
    source = Source.objects.filter(pk=source_id).exclude(path="").first()
    if source is None:
        return
    running.progress(0, None, _("lecture de « %(name)s »") % {"name": source.filename})
    try:
        said = _read(source)
    except UserError as refused:
        logger.warning("source %s was refused: %s", source.pk, type(refused).__name__)
        _refuse(running, source, refused.message)
        return
    with act(running.actor):
        now = Source.objects.select_for_update().filter(pk=source.pk).first()
        if now is None:  # removed meanwhile
            return
        now.kind, now.understood = said["kind"], said
        now.missing, now.forbids = said.pop("missing"), said.pop("forbids")
        now.year = now.year or _year_of(said["vintage"])
        now.vintage = now.vintage or said["vintage"]
        now.state, now.refusal = Source.State.UNDERSTOOD, ""
        now.save()
    running.progress(1, 1)


def _read(source: Source) -> dict[str, Any]:
    """What was understood, as JSON. A file that is none of SIRENE's is read as a published table."""
    if not on_disk(source.path).is_file():
        raise FileGone(_("Le fichier « %(name)s » n’est plus là : donnez-le de nouveau.") % {"name": source.filename})
    if source.kind in READ_AS_TABLES:
        try:
            return _as_table(source)
        except UserError as no_table:
            try:
                return _as_official(source, "")
            except UserError:
                raise no_table from None
    try:
        return _as_official(source, source.kind)
    except WrongSources:
        return _as_table(source)


def _as_official(source: Source, kind: str) -> dict[str, Any]:
    communes = {code: code for code in commune_names()} | rolled_up_codes()
    with (
        engine("duckdb") as running,
        open_files(running.connection, Given(on_disk(source.path), source.filename, kind)) as opened,
    ):
        every = understand(running, opened, today=timezone.localdate(), communes=communes)
    found = _main(every, kind)
    return found.as_json()


def _main(every: tuple[Understood, ...], kind: str) -> Understood:
    """The kind that the person said, else the first; a file of the older layout gives the places and the units."""
    return next((one for one in every if one.kind == kind), every[0])


def _as_table(source: Source) -> dict[str, Any]:
    found = read_source(source)
    if found.refused and not found.read.published:
        first = next(problem for problem in found.problems if problem.blocking)
        raise WrongSources(_("Ligne %(line)s : %(problem)s") % {"line": first.line, "problem": first.message_fr})
    figures = found.read.figures
    codes = sorted({figure.indicator for figure in figures})
    years = sorted({figure.cell.year for figure in figures if figure.cell.year})
    problems = [
        {"line": one.line, "column": one.column, "message": one.message_fr, "blocking": one.blocking}
        for one in found.problems[:MOST_SAID]
    ]
    is_population = codes == ["population"]
    return {
        "kind": (SourceKind.POPULATION if is_population else SourceKind.TABLE).value,
        "rows": len(found.read.published),
        "columns": list(found.read.columns),
        "ignored": list(found.read.ignored),
        "indicators": codes,
        "years": dict.fromkeys(map(str, years), 0),
        "vintage": "",
        "problems": problems,
        "refused": found.refused,
        "missing": [],
        "forbids": [],
    }


def _year_of(vintage: str) -> int | None:
    """The year of the last 31 December on or before the day of a file; None without a day."""
    try:
        day = date.fromisoformat(vintage)
    except ValueError:
        return None
    return day.year if (day.month, day.day) == (12, 31) else day.year - 1


def _refuse(running: RunningJob, source: Source, why: str) -> None:
    with act(running.actor):
        Source.objects.filter(pk=source.pk).update(state=Source.State.REFUSED, refusal=why)

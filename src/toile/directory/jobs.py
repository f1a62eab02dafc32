"""The directory's long work."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from toile.kernel.jobs import RunningJob, job


@job("directory.import", label=_("Import d’un tableur"))
def import_spreadsheet(running: RunningJob, *, run: str) -> None:
    """Import the file of a run; the engine is idempotent, so a resumed job starts over without harm."""
    from toile.directory.runs import execute  # noqa: PLC0415 -- runs asks for jobs, jobs run it

    execute(running, UUID(run))

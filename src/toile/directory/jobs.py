"""The directory's long work."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toile.kernel.jobs import At, RunningJob, job, timed

KEPT = timedelta(days=7)


@job("directory.import", label=_("Import d’un tableur"))
def import_spreadsheet(running: RunningJob, *, run: str) -> None:
    """Import the file of a run; the engine is idempotent, so a resumed job starts over without harm."""
    from toile.directory.runs import execute  # noqa: PLC0415 -- runs asks for jobs, jobs run it

    execute(running, UUID(run))


@job("directory.import.forget", label=_("Ménage : fichiers envoyés et jamais importés"))
def forget_abandoned_files(running: RunningJob) -> None:
    """Delete the spreadsheets sent a week ago that nobody imported."""
    from toile.directory.runs import forget_abandoned  # noqa: PLC0415 -- runs asks for jobs, jobs run it

    forget_abandoned(running.actor, before=timezone.now() - KEPT)


timed("directory.import.forget", At("03:50"))

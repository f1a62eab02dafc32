"""The accounts' long work: a letter that confirms an erasure, and erasing what came back."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toile.kernel.jobs import At, RunningJob, job, timed

ERASE_LETTER = "accounts.erase.letter"
SWEPT = timedelta(days=2)


@job(ERASE_LETTER, label=_("Courriel qui confirme un effacement"))
def send_erase_letter(running: RunningJob) -> None:
    """Write to who asked for their erasure; nobody is written to once they are erased."""
    from .services.erasure import send_link  # noqa: PLC0415 -- services ask for jobs, jobs run them

    if running.actor.person:
        send_link(running.actor.person)


@job("accounts.erasures", label=_("Effacements : ce qui serait revenu"))
def erase_again(running: RunningJob) -> None:
    """Erase what was being written of people while they were erased, and note each erasure beside the database."""
    from .services.erasure import erase_leftovers  # noqa: PLC0415 -- services ask for jobs, jobs run them

    erase_leftovers(running.actor, timezone.now() - SWEPT)


timed("accounts.erasures", At("04:20"))

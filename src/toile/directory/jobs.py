"""The directory's long work."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toile.directory import jobs_letters, jobs_members, jobs_news  # noqa: F401 -- declared with the rest
from toile.directory.models import ErrorReport, Organisation
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


@job("directory.message.carry", label=_("Message à une structure"), retries=6)
def carry_message(running: RunningJob, *, organisation: str = "", **letter: str) -> None:
    """Send the message that somebody wrote to a structure; asked again once it is gone, nothing is left to send."""
    from toile.directory.services import contact  # noqa: PLC0415 -- services ask for jobs, jobs run them

    if organisation:
        contact.carry(running, Organisation.objects.get(pk=organisation), **letter)


@job("directory.report.answer", label=_("Réponse à un signalement"), retries=6)
def answer_report(running: RunningJob, *, report: str, url: str) -> None:
    """Mail what became of a report to who left an address."""
    from toile.directory.services import reports  # noqa: PLC0415 -- services ask for jobs, jobs run them

    reports.send_answer(ErrorReport.objects.select_related("organisation").get(pk=report), url=url)


@job("directory.report.forget", label=_("Ménage : adresses laissées avec un signalement, messages jamais partis"))
def forget_addresses(running: RunningJob) -> None:
    """Empty what reports told that is no longer needed, and the messages that no server took in a week."""
    from toile.directory.services import contact, reports  # noqa: PLC0415 -- services ask for jobs, jobs run them

    reports.forget_told(running.actor, now=timezone.now())
    contact.forget_unsent(running.actor, before=timezone.now() - KEPT)


timed("directory.report.forget", At("03:55"))


@job("directory.match", label=_("Rapprochement des fiches qui se ressemblent"))
def match_structures(running: RunningJob) -> None:
    """Compare all structures and replace the candidates; taken up again it starts over, and ends the same."""
    from toile.directory.matching import Stopped, match  # noqa: PLC0415 -- as the others: services may ask for jobs

    def tell(done: int, total: int | None) -> None:
        running.progress(done, total, _("%(n)s paires comparées") % {"n": done})
        if total is None and running.cancelled:
            raise Stopped

    with suppress(Stopped):
        match(running.actor, progress=tell)


timed("directory.match", At("03:10"))


@job("directory.campaign.send", label=_("Lettres d’une campagne de confirmation"), retries=6)
def send_letters(running: RunningJob, *, campaign: str, remind: str = "") -> None:
    """Write to the structures of a campaign; taken up again it goes on, each letter once in effect."""
    from toile.directory.services import campaign_letters  # noqa: PLC0415 -- as the others

    campaign_letters.tell(running, UUID(campaign), remind=remind, now=timezone.now())


@job("directory.campaign.daily", label=_("Campagnes de confirmation : relances et fins"))
def follow_campaigns(running: RunningJob) -> None:
    """End the campaigns that are over, ask for the reminders of the others."""
    from toile.directory.services import campaigns  # noqa: PLC0415 -- as the others

    campaigns.end_past(running.actor, timezone.now())
    campaigns.send_today(running.actor)


timed("directory.campaign.daily", At("09:30"))

"""The path's long and timed work: each job calls a service."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toile.kernel.jobs import At, RunningJob, enqueue, job, timed
from toile.pathway.models import Case, Door, Referral, Twin

# --- Orientation: letters to partners, silence ------------------------------------------------------------------------


@job("pathway.referral.letter", label=_("Demande à un partenaire"), retries=6)
def write_to_partner(running: RunningJob, *, referral: str, round_: str) -> None:
    """Mail a request, its reminder or a reply; asked again once it was answered, nothing is left to send."""
    from toile.pathway.services import referral_letters  # noqa: PLC0415 -- services ask for jobs, jobs run them

    rows = Referral.objects.select_related("case__door", "partner__canonical")
    found = rows.filter(pk=referral).first()
    if found is not None:
        referral_letters.send_letter(found, round_)


@job("pathway.referral.tell", label=_("Réponse d’un partenaire"), retries=6)
def tell_the_door(running: RunningJob, *, referral: str) -> None:
    """Mail a partner's answer to the door that asked."""
    from toile.pathway.services import referral_letters  # noqa: PLC0415 -- as the others

    found = Referral.objects.select_related("case__door", "partner__canonical").filter(pk=referral).first()
    if found is not None:
        referral_letters.tell_door(found)


@job("pathway.referral.silence", label=_("Demandes aux partenaires : rappels et alertes"))
def follow_silence(running: RunningJob) -> None:
    """Remind the partners that did not answer, then tell their silence to the doors."""
    from toile.pathway.services import referrals  # noqa: PLC0415 -- as the others

    referrals.follow_silence(running.actor, timezone.now())


# At the end of the day: the last working day of an answer is whole before its silence is told.
timed("pathway.referral.silence", At("18:30"))

# --- The follow-up of young firms ------------------------------------------------------------------------------------


@job("pathway.check_in.send", label=_("Points de suivi envoyés aux jeunes structures"), retries=6)
def send_check_ins(running: RunningJob, *, followed: str = "") -> None:
    """Ask what is due of the firms followed, remind, note silences; of one firm when somebody asked for it."""
    from toile.pathway.services.check_in_letters import send_due  # noqa: PLC0415 -- services ask for jobs, jobs run them

    send_due(running, now=timezone.now(), only=followed)


timed("pathway.check_in.send", At("07:30"))


# --- reception --------------------------------------------------------------------------------------------------------


@job("pathway.case.link", label=_("Lien vers un projet"), retries=6)
def send_link(running: RunningJob, *, case: str, email: str) -> None:
    """Mail a holder their own link."""
    from toile.pathway.services import reception_letters  # noqa: PLC0415 -- services ask for jobs, jobs run them

    for found in Case.objects.filter(pk=case):
        reception_letters.send_link(found, email)


@job("pathway.case.door", label=_("Prévenir une porte"), retries=6)
def tell_door(running: RunningJob, *, case: str) -> None:
    """Mail a door that somebody waits."""
    from toile.pathway.services import reception_letters  # noqa: PLC0415 -- as the others

    for found in Case.objects.select_related("door").filter(pk=case):
        reception_letters.tell_door(found)


@job("pathway.twin.ask", label=_("Demander si deux dossiers n’en font qu’un"), retries=6)
def ask_holder(running: RunningJob, *, twin: str) -> None:
    """Mail the holder of the older case."""
    from toile.pathway.services import reception_letters  # noqa: PLC0415 -- as the others

    for found in Twin.objects.select_related("older__door", "younger__door").filter(pk=twin):
        reception_letters.ask_holder(found)


# --- stages: surveys of needs -----------------------------------------------------------------------------------------


@job("pathway.survey.letters", label=_("Enquête envoyée aux structures"), retries=6)
def send_survey(running: RunningJob, *, survey: str) -> None:
    """Mail each structure asked its own link."""
    from toile.pathway.services.survey_letters import send_letters  # noqa: PLC0415 -- as the others

    send_letters(running, UUID(survey))


# --- The team's weeks, what comes in by spreadsheet ------------------------------------------------------------------


@job("pathway.week.plan", label=_("Plan d’appels d’une équipe"))
def plan_week(running: RunningJob, *, door: str) -> None:
    """Compute the plan of a door's team, and lead back to its page."""
    from toile.pathway.services import planning  # noqa: PLC0415 -- services ask for jobs, jobs run them

    for found in Door.objects.select_related("organisation__main__commune").filter(pk=door):
        planning.compute(running.actor, found, timezone.localdate())
        running.set_result(reverse("pathway:week_of", args=[found.pk]))


@job("pathway.week.every", label=_("Plans d’appels de toutes les équipes"))
def plan_weeks(running: RunningJob) -> None:
    """Have the plan of each team that said its time computed, one job each."""
    for door in Door.objects.active().filter(availabilities__days__gt=0).distinct():
        enqueue(running.actor, "pathway.week.plan", key=str(door.pk), door=str(door.pk))


timed("pathway.week.every", At("05:40", weekday=0))


@job("pathway.cases.import", label=_("Reprise d’un tableur de dossiers"))
def import_cases(running: RunningJob, *, found: str) -> None:
    """Import a door's spreadsheet; resumed, it goes on where it was."""
    from toile.pathway.services import case_imports  # noqa: PLC0415 -- services ask for jobs, jobs run them

    case_imports.execute(running, UUID(found))

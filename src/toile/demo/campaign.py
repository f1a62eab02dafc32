"""The demo's campaign of confirmation: under way for three weeks, over thirty invented structures, in every state."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from toile.accounts.models import Person
from toile.demo.personas import personas
from toile.directory.facts import ORGANISATION_CORRECTED
from toile.directory.facts_campaigns import CAMPAIGN_STARTED, PAGE_CONFIRMED, Campaigned
from toile.directory.models import Campaign, Confirmation, Membership, Organisation, SourceRecord
from toile.directory.models.campaigns import CampaignState, ConfirmationState, Pending
from toile.directory.models.organisations import Invention, Openness, Stage, Whereabouts
from toile.directory.queries.campaigns import rhythm
from toile.directory.services.campaign_letters import SUBJECT, WORDS
from toile.directory.services.corrections import say
from toile.kernel.acts import Actor, act
from toile.thread.services import record

ACTOR: Final = Actor.system("demo")
OFFICER: Final = "chargee-de-mission"
DAYS_AGO: Final = 20
STATES: Final = (
    *[ConfirmationState.CONFIRMED] * 9,
    *[ConfirmationState.CORRECTED] * 3,
    *[ConfirmationState.CLOSED] * 2,
    ConfirmationState.REFUSED,
    *[ConfirmationState.BOUNCED] * 2,
    *[ConfirmationState.NO_ADDRESS] * 3,
    *[ConfirmationState.SENT] * 10,
)
CORRECTION: Final = "Tu-Fr 09:00-12:30,14:00-18:00"
"""The hours that those which correct give."""
MAIL: Final = "contact.{}@example.org"
UNREACHED: Final = (ConfirmationState.NO_ADDRESS, ConfirmationState.BOUNCED)
ASKED_OF: Final = "famille=association"


def load_campaign() -> int:
    """The campaign and its answers, or nothing when there is one already; how many rows."""
    if Campaign.objects.exists():
        return 0
    officer = Person.objects.get(email=personas()[OFFICER].email)
    morning = datetime.combine(timezone.localdate() - timedelta(days=DAYS_AGO), time(9, 30))
    started = timezone.make_aware(morning)
    with act(ACTOR):
        campaign = Campaign.objects.create(
            name=_("Confirmation %(year)s") % {"year": started.year},
            whom=ASKED_OF,
            subject=str(SUBJECT),
            words=str(WORDS),
            made_by=officer.pk,
            made_at=started - timedelta(days=1),
            state=CampaignState.RUNNING,
            started_at=started,
            enrolled_at=started,
            last_day=rhythm().last_day(started.date()),
        )
        several = list(zip(_structures(), STATES, strict=False))
        rows = [_row(campaign, number, structure, state, started) for number, (structure, state) in enumerate(several)]
        record(CAMPAIGN_STARTED, about=[], data=Campaigned(str(campaign.pk), len(rows)), happened_at=started)
        Confirmation.objects.bulk_create(rows)
        for row in rows:
            if row.state == ConfirmationState.CONFIRMED:
                record(PAGE_CONFIRMED, about=[row.organisation_id], happened_at=row.answered_at)
    return len(rows) + 1


def _structures() -> list[Organisation]:
    """Associations invented and public, that nobody represents nor wrote of; the same ones each time."""
    represented = Membership.objects.filter(until__isnull=True).values("organisation")
    written_of = SourceRecord.objects.filter(source__in=["moderator", "spreadsheet"]).values("organisation")
    rows = Organisation.objects.structures().filter(
        invention=Invention.FICTIONAL,
        openness=Openness.PUBLIC,
        stage=Stage.ACTIVE,
        whereabouts=Whereabouts.INSIDE,
        display_class="association",
        records__source="fiction",
        main__opening_hours__gt="",
    )
    rows = rows.exclude(pk__in=represented).exclude(pk__in=written_of)
    return list(rows.order_by("sort_name", "pk").distinct()[: len(STATES)])


def _row(
    campaign: Campaign, number: int, structure: Organisation, state: ConfirmationState, started: datetime
) -> Confirmation:
    reached = state not in UNREACHED
    answered = started + timedelta(days=1 + number, hours=number % 9) if reached and state != "sent" else None
    # Who had not answered after a fortnight was reminded.
    reminded = int(state == ConfirmationState.SENT)
    row = Confirmation(
        campaign=campaign,
        organisation=structure,
        state=state,
        email=MAIL.format(f"campagne{number}") if state != ConfirmationState.NO_ADDRESS else "",
        sent_at=started if reached else None,
        last_sent_at=started + timedelta(days=15 * reminded) if reached else None,
        reminded=reminded,
        answered_at=answered,
    )
    if state == ConfirmationState.CLOSED:
        row.pending = Pending.CLOSURE
    if state == ConfirmationState.CORRECTED:
        row.pending, row.changed = Pending.CORRECTION, _correct(structure)
    return row


def _correct(structure: Organisation) -> dict[str, dict[str, Any]]:
    """Its new hours, said by itself; what they were."""
    before = structure.main.opening_hours if structure.main else ""
    values = {"opening_hours": CORRECTION}
    say(structure, "own", values, version=structure.version, fact=ORGANISATION_CORRECTED)
    return {"opening_hours": {"said": CORRECTION, "own": None, "shown": before}}

"""What the pages of a campaign show: who would be asked, who was, what they answered; and whom a round writes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, OuterRef, Q
from django.http import QueryDict
from django.utils import timezone

from toile.directory.listed import ORGANISATIONS
from toile.directory.models import Campaign, Confirmation, Membership, Organisation
from toile.directory.models.campaigns import (
    ANSWERED,
    Campaigns,
    CampaignState,
    Confirmations,
    ConfirmationState,
    Pending,
)
from toile.directory.models.organisations import Openness, Organisations
from toile.directory.queries.exporting import matching_ids
from toile.directory.rules.freshness import Rhythm, Written
from toile.kernel.durations import PARIS
from toile.kernel.lists import asked_from
from toile.kernel.lists.choices import in_words
from toile.kernel.readers import VISITOR, Reader
from toile.thread.delivery import addresses_of

MOST_ASKED: Final = 5_000
"""Structures that one campaign asks at most."""
ADDRESSES_KEPT: Final = timedelta(days=90)
A_PAGE: Final = 30
AT_ONCE: Final = 200
REACHED: Final = (ConfirmationState.SENT, *ANSWERED)
"""Those that a letter reached, as far as we know."""


def rhythm() -> Rhythm:
    """The calendar of the campaigns (TOILE_CAMPAIGN_REMINDERS, TOILE_CAMPAIGN_DAYS)."""
    return Rhythm(reminders=settings.TOILE_CAMPAIGN_REMINDERS, lasts=settings.TOILE_CAMPAIGN_DAYS)


# --- Who would be asked ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reach:
    """Who a campaign would ask: all, by an address they gave, by a member's; those without any, those who refused.

    found: how many the list finds, private ones and those beyond the limit included. unreached: the first without
    an address.
    """

    count: int
    given: int
    members: int
    refused: int
    unreached: Sequence[Organisation]

    @property
    def without(self) -> int:
        """How many have no address."""
        return self.count - self.given - self.members - self.refused


def asked_ids(whom: str, most: int = MOST_ASKED) -> list[UUID]:
    """The structures that the list's query finds for everybody, in its order: only public pages are asked about.

    The statements of `matching_ids`.
    """
    asked = asked_from(ORGANISATIONS, QueryDict(whom))[0]
    return matching_ids(VISITOR, asked, most)


def whom_in_words(whom: str) -> str:
    """The question in words, « lieu : Firminy »; empty for the whole territory. The statements of `asked_from`."""
    query = QueryDict(whom)
    return in_words(ORGANISATIONS, query, asked_from(ORGANISATIONS, query)[0])


def reach(whom: str) -> Reach:
    """How many would be asked and how many can be written to: 4 statements, and those of `asked_ids`."""
    rows = askable(asked_ids(whom))
    refusing = Exists(refusals().filter(organisation__canonical=OuterRef("pk")))
    counted = rows.annotate(refuses=refusing).aggregate(
        count=Count("pk"),
        given=Count("pk", filter=~Q(contact_email="") & Q(refuses=False)),
        refused=Count("pk", filter=Q(refuses=True)),
    )
    silent = rows.annotate(refuses=refusing).filter(contact_email="", refuses=False)
    by_members = addresses_by_members(silent.values_list("pk", flat=True))
    unreached = silent.exclude(pk__in=by_members).order_by("sort_name", "pk")[:A_PAGE]
    return Reach(**counted, members=len(by_members), unreached=list(unreached))


def example(whom: str) -> Organisation | None:
    """The first structure that would be asked: its letter is the one shown. The statements of `asked_ids`, and 1."""
    ids = asked_ids(whom, most=AT_ONCE)
    return min(askable(ids), key=lambda row: ids.index(row.pk), default=None)


def askable(ids: Sequence[UUID]) -> Organisations:
    """Those of these that a campaign may ask: structures whose page is public."""
    return Organisation.objects.structures().filter(pk__in=ids, openness=Openness.PUBLIC)


def refusals() -> Confirmations:
    """The answers « ne plus m’écrire », of any campaign: no campaign writes to these structures again."""
    return Confirmation.objects.filter(state=ConfirmationState.REFUSED)


def addresses_by_members(structures: Any) -> dict[UUID, str]:
    """For each of these structures, the address of its oldest member who has one. 1 statement, and 1 of accounts."""
    rows = Membership.objects.filter(
        organisation__canonical__in=structures, until__isnull=True, person__isnull=False
    ).order_by("since", "pk")
    members = list(rows.values_list("organisation__canonical_id", "person"))
    known = addresses_of({person for _structure, person in members if person})
    found: dict[UUID, str] = {}
    for structure, person in members:
        if person in known:
            found.setdefault(structure, known[person].email)
    return found


# --- Who was asked ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A campaign as its page shows it: how many in each state, one page of them, how many may be reminded today."""

    states: Sequence[tuple[ConfirmationState, int]]
    asked: int
    reached: int
    answered: int
    page: Page[Confirmation]
    to_remind: int
    closures: int
    corrections: int


def campaigns(reader: Reader, page: str | None) -> Page[Any]:
    """The campaigns, the latest first, each with `asked` and `answered`. 2 statements."""
    rows = Campaign.objects.visible_to(reader).annotate(
        asked=Count("confirmations"), answered=Count("confirmations", filter=Q(confirmations__state__in=ANSWERED))
    )
    return Paginator(rows.order_by("-made_at", "pk"), A_PAGE).get_page(page)


def counts(campaign: Campaign) -> Mapping[str, int]:
    """How many structures are in each state. 1 statement."""
    rows = Confirmation.objects.filter(campaign=campaign).order_by()
    return dict(rows.values_list("state").annotate(n=Count("pk")))


def follow_up(reader: Reader, campaign: Campaign, *, state: str, page: str | None) -> FollowUp:
    """The state of a campaign; state: only those, whatever else it holds being ignored. 4 statements."""
    found = counts(campaign)
    rows = confirmations(reader, campaign, state)
    return FollowUp(
        states=[(one, found.get(one, 0)) for one in ConfirmationState],
        asked=sum(found.values()),
        reached=sum(found.get(one, 0) for one in REACHED),
        answered=sum(found.get(one, 0) for one in ANSWERED),
        page=Paginator(rows, A_PAGE).get_page(page),
        to_remind=remindable(campaign, timezone.now()).count(),
        **Confirmation.objects.filter(campaign=campaign).aggregate(
            closures=Count("pk", filter=Q(pending=Pending.CLOSURE)),
            corrections=Count("pk", filter=Q(pending=Pending.CORRECTION)),
        ),
    )


def confirmations(reader: Reader, campaign: Campaign, state: str) -> Confirmations:
    """What the table of a campaign shows, in the order of the names, with the structure and its commune."""
    rows = Confirmation.objects.visible_to(reader).filter(campaign=campaign)
    if state in ConfirmationState.values:
        rows = rows.filter(state=state)
    return rows.select_related("organisation__main__commune").order_by("organisation__sort_name", "pk")


def in_rows(rows: Confirmations) -> Iterator[Sequence[Any]]:
    """The same as a file has it: no address is in it. 1 statement for 200 rows."""
    for one in rows.iterator(AT_ONCE):
        place = one.organisation.main
        yield (
            one.organisation.name,
            place.commune.name if place and place.commune else None,
            one.get_state_display(),
            _day(one.sent_at),
            one.reminded,
            _day(one.answered_at),
            str(one.organisation_id),
        )


def _day(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None


# --- Whom a round writes to ------------------------------------------------------------------------------------------


def to_send(campaign: UUID) -> list[UUID]:
    """The next structures whose first letter is to be sent, 200 at most, in one order. 1 statement."""
    rows = _not_twice(Confirmation.objects.filter(campaign=campaign, state=ConfirmationState.TO_SEND).exclude(email=""))
    return list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


def silent(campaign: UUID, after: UUID | None) -> list[Confirmation]:
    """The next structures that had a letter and gave no answer, 200 at most, after this one. 1 statement."""
    rows = Confirmation.objects.filter(campaign=campaign, state=ConfirmationState.SENT).exclude(email="")
    rows = _not_twice(rows if after is None else rows.filter(pk__gt=after))
    return list(rows.order_by("pk").only("sent_at", "last_sent_at", "reminded", "campaign")[:AT_ONCE])


def remindable(campaign: Campaign, now: datetime) -> Confirmations:
    """Those that a person may have reminded now (`rules.freshness.may_be_reminded`, Sundays and the end apart)."""
    today = datetime.combine(timezone.localdate(now), time.min, PARIS)
    rows = Confirmation.objects.filter(
        campaign=campaign,
        state=ConfirmationState.SENT,
        reminded__lt=len(settings.TOILE_CAMPAIGN_REMINDERS),
        last_sent_at__lt=today,
    )
    return _not_twice(rows.exclude(email=""))


def written(one: Confirmation) -> Written:
    """What was written already to a structure that had its first letter, in days of Paris."""
    assert one.sent_at is not None and one.last_sent_at is not None
    return Written(timezone.localdate(one.sent_at), timezone.localdate(one.last_sent_at), one.reminded)


def _not_twice(rows: Confirmations) -> Confirmations:
    """Without those whose structure, joined to another since, answered there or is written to under its own page."""
    twin = Confirmation.objects.filter(
        campaign=OuterRef("campaign"), organisation__canonical=OuterRef("organisation__canonical")
    ).exclude(pk=OuterRef("pk"))
    answered = Exists(twin.filter(state__in=ANSWERED))
    shown = Exists(twin.filter(organisation=F("organisation__canonical")).exclude(state=ConfirmationState.NO_ADDRESS))
    return rows.exclude(answered).exclude(~Q(organisation=F("organisation__canonical")) & Q(shown))


def to_forget(now: datetime) -> Campaigns:
    """The campaigns ended 90 days ago whose addresses are still there."""
    past = Campaign.objects.filter(state=CampaignState.ENDED, ended_at__lt=now - ADDRESSES_KEPT)
    return past.filter(forgotten_at__isnull=True)


def running() -> list[Campaign]:
    """The campaigns under way. 1 statement."""
    return list(Campaign.objects.filter(state=CampaignState.RUNNING).order_by("started_at", "pk"))


# --- What waits for the team -----------------------------------------------------------------------------------------


def closures(reader: Reader) -> Confirmations:
    """The structures that say that they closed, nobody having confirmed it; the oldest answer first."""
    return _answered(reader).filter(pending=Pending.CLOSURE)


def corrections(reader: Reader) -> Confirmations:
    """The corrections made from a link that nobody looked at; the oldest first."""
    return _answered(reader).filter(pending=Pending.CORRECTION)


def unreached(reader: Reader) -> Confirmations:
    """The structures that the campaigns under way cannot write to; those of the oldest campaign first."""
    rows = Confirmation.objects.visible_to(reader).filter(campaign__state=CampaignState.RUNNING)
    rows = rows.filter(state__in=[ConfirmationState.NO_ADDRESS, ConfirmationState.BOUNCED])
    return _told(rows).order_by("campaign__started_at", "organisation__sort_name", "pk")


def _answered(reader: Reader) -> Confirmations:
    return _told(Confirmation.objects.visible_to(reader)).order_by("answered_at", "pk")


def _told(rows: Confirmations) -> Confirmations:
    return rows.select_related("campaign", "organisation__canonical")

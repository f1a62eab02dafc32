"""A campaign: whom it asks, its letters each once, its reminders, its end, its addresses forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from toile.directory.models import Campaign, Confirmation, Organisation
from toile.directory.models.campaigns import ConfirmationState
from toile.directory.models.records import Verdict
from toile.directory.queries.campaigns import reach, remindable, silent
from toile.directory.retained import retained_campaigns  # noqa: F401 -- declared
from toile.directory.rules.freshness import Answer
from toile.directory.services import campaign_letters, campaigns, judge
from toile.directory.services.confirmations import answer
from toile.directory.services.members import appoint
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, Forbidden, UserError
from toile.kernel.jobs import LeaseLost, enqueue, run_waiting
from toile.kernel.models import Job
from toile.kernel.readers import Reader, Role
from toile.kernel.retention import retentions
from toile.thread.models import Fact

from .campaigns import days_go_by, of, prepared, reachable, senders, started, states
from .conftest import reader_with
from .structures import make, make_private

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

SYSTEM = Actor.system("essai")
MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 8, tzinfo=UTC)


class Work:
    """A job under way, without a worker: its cursor is kept between two runs."""

    actor = SYSTEM
    cancelled = False

    def __init__(self) -> None:
        self.cursor: Any = None

    def save_cursor(self, value: Any) -> None:
        self.cursor = value

    def progress(self, *how: Any) -> None:
        pass


def tell(campaign: Campaign, now: datetime, remind: str = "") -> list[str]:
    """Run the letters of a campaign at this moment; to whom they went."""
    before = len(mail.outbox)
    campaign_letters.tell(Work(), campaign.pk, remind=remind, now=now)  # type: ignore[arg-type]
    return senders(mail.outbox[before:])


def sent_on(campaign: Campaign, day: datetime) -> None:
    """Its first letters left that day."""
    Campaign.objects.filter(pk=campaign.pk).update(started_at=day, last_day=day.date() + timedelta(days=60))
    Confirmation.objects.filter(campaign=campaign).exclude(sent_at=None).update(sent_at=day, last_sent_at=day)


# --- Whom it asks ----------------------------------------------------------------------------------------------------


def test_before_it_starts_one_knows_who_has_an_address_and_who_has_none(officer: Reader, person: Any) -> None:
    reachable("L’Atelier")
    kept = make("La Ruche")
    appoint(SYSTEM, None, person=person().pk, organisation=kept)
    make("Sans adresse")
    make_private("Projet discret", contact_email="projet@exemple.fr")
    make("À Lyon", postal_code="69001", city="Lyon", contact_email="lyon@exemple.fr")
    found = reach("")
    assert (found.count, found.given, found.members, found.without, found.refused) == (3, 1, 1, 1, 0)
    assert [one.name for one in found.unreached] == ["Sans adresse"]
    assert reach("q=ruche").count == 1


@pytest.mark.parametrize("several", [1, 6])
def test_counting_them_costs_the_same_whatever_there_is(django_assert_num_queries: Any, several: int) -> None:
    reachable(*[f"Structure {number}" for number in range(several)])
    for number in range(several):
        make(f"Muette {number}")
    with django_assert_num_queries(4):
        reach("")


def test_the_list_s_own_filters_say_whom(officer: Reader) -> None:
    reachable("L’Atelier vélo", "La Ruche")
    campaign = started(officer, "q=atelier&page=3&inconnu=1")
    assert campaign.whom == "q=atelier"
    assert [one.organisation.name for one in of(campaign)] == ["L’Atelier vélo"]


def test_starting_is_the_team_s_and_once(officer: Reader) -> None:
    reachable("L’Atelier")
    campaign = prepared(officer)
    with pytest.raises(Forbidden):
        campaigns.start(SYSTEM, reader_with(Role.BUYER), campaign)
    campaigns.start(Actor.of(officer), officer, campaign)
    with pytest.raises(Conflict):
        campaigns.start(Actor.of(officer), officer, campaign)
    with pytest.raises(Conflict):
        campaigns.change(SYSTEM, officer, campaign, name="x", whom="", subject="x", words="{lien}")
    (fact,) = Fact.objects.filter(kind="directory.campaign.started").order_by("pk")
    assert (fact.data, fact.visibility) == ({"campaign": str(campaign.pk), "asked": 1, "answered": 0}, "audit")


def test_nobody_to_ask_starts_nothing(officer: Reader) -> None:
    with pytest.raises(campaigns.NobodyToAsk):
        campaigns.start(SYSTEM, officer, prepared(officer, "q=introuvable"))


# --- Its letters -----------------------------------------------------------------------------------------------------


def test_each_structure_has_one_letter_at_its_address_or_a_member_s(officer: Reader, person: Any) -> None:
    reachable("L’Atelier")
    kept, alone = make("La Ruche"), person()
    appoint(SYSTEM, None, person=alone.pk, organisation=kept)
    appoint(SYSTEM, None, person=person().pk, organisation=kept)
    make("Sans adresse")
    campaign = started(officer)
    assert senders(mail.outbox) == ["l-atelier@exemple.fr", alone.email]
    assert sorted(states(campaign)) == ["no_address", "sent", "sent"]
    run_waiting()
    enqueue(SYSTEM, "directory.campaign.send", key=str(campaign.pk), campaign=str(campaign.pk))
    run_waiting()
    assert len(mail.outbox) == 2


def test_the_letter_says_whose_page_until_when_and_how_to_refuse(officer: Reader, settings: Any) -> None:
    settings.TOILE_CONTACT = "equipe@exemple.fr"
    reachable("L’Atelier")
    campaign = started(officer)
    (letter,) = mail.outbox
    assert letter.subject == "La fiche de L’Atelier est-elle juste\u202f?"
    assert "/annuaire/confirmer/" in letter.body and "Ne plus recevoir ces lettres" in letter.body
    assert str(campaign.last_day.year) in letter.body  # type: ignore[union-attr]
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
    assert letter.reply_to == ["equipe@exemple.fr"]
    assert "<img" not in letter.alternatives[0].content, "nothing watches who reads"


def test_what_the_server_refuses_is_a_bounce_and_holds_nobody_up(officer: Reader, settings: Any, caplog: Any) -> None:
    settings.EMAIL_BACKEND = "toile.thread.tests.mailboxes.RefusesOne"
    reachable("Atelier", "Refus de courrier")
    campaign = started(officer)
    assert states(campaign) == ["sent", "bounced"]
    assert "exemple.fr" not in caplog.text


def test_an_address_that_no_header_can_hold_stops_nobody_s_letter(officer: Reader, monkeypatch: Any) -> None:
    reachable("Atelier", "Ruche")
    real = campaign_letters.send

    def picky(message: Any) -> None:
        message.to[0].replace("atelier", "é").encode("ascii")
        real(message)

    monkeypatch.setattr(campaign_letters, "send", picky)
    assert states(started(officer)) == ["bounced", "sent"]


def test_a_mail_server_that_does_not_answer_loses_nothing(officer: Reader, settings: Any) -> None:
    settings.EMAIL_BACKEND = "toile.thread.tests.mailboxes.Silent"
    reachable("Atelier")
    campaign = started(officer)
    assert states(campaign) == ["to_send"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Job.objects.update(not_before=timezone.now())
    run_waiting()
    assert states(campaign) == ["sent"] and len(mail.outbox) == 1


def test_killed_between_sending_and_noting_the_same_letter_leaves_again(
    officer: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    reachable("A", "B")
    real = campaign_letters._Round._left

    def killed(*how: Any) -> Any:
        raise LeaseLost("killed")

    monkeypatch.setattr(campaign_letters._Round, "_left", staticmethod(killed))
    campaign = started(officer)
    monkeypatch.setattr(campaign_letters._Round, "_left", staticmethod(real))
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    run_waiting()
    assert states(campaign) == ["sent", "sent"]
    ids = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert len(ids) == 3 and len(set(ids)) == 2, "the letter repeated is the same message"


def test_whoever_answers_while_a_letter_leaves_keeps_their_answer(officer: Reader, monkeypatch: Any) -> None:
    reachable("A")
    real = campaign_letters.send

    def answered_meanwhile(message: Any) -> None:
        real(message)
        answer(Confirmation.objects.get(), Answer.RIGHT)

    monkeypatch.setattr(campaign_letters, "send", answered_meanwhile)
    assert states(started(officer)) == ["confirmed"]


def test_two_structures_joined_since_are_written_to_once(officer: Reader) -> None:
    first, second = reachable("Ancienne", "Nouvelle")
    campaign = started(officer)
    judge(Actor.of(officer), officer, first, second, Verdict.SAME, [])
    sent_on(campaign, MONDAY - timedelta(days=14))
    assert len(tell(campaign, MONDAY)) == 1
    answer(Confirmation.objects.get(organisation=second), Answer.RIGHT)
    assert silent(campaign.pk, None) == []


# --- Its reminders ---------------------------------------------------------------------------------------------------


def test_two_reminders_at_most_never_on_a_sunday_never_after_an_answer(officer: Reader) -> None:
    reachable("Atelier", "Ruche")
    campaign = started(officer)
    answer(of(campaign).get(organisation__name="Ruche"), Answer.RIGHT)
    sent_on(campaign, SUNDAY - timedelta(days=16))  # due on Friday, when nothing ran
    assert tell(campaign, SUNDAY) == []
    assert tell(campaign, MONDAY) == ["atelier@exemple.fr"]
    assert mail.outbox[-1].subject.startswith("Rappel")
    Confirmation.objects.exclude(last_sent_at=None).update(last_sent_at=MONDAY)
    assert tell(campaign, MONDAY + timedelta(hours=3)) == []
    assert tell(campaign, MONDAY + timedelta(days=21)) == ["atelier@exemple.fr"]
    assert tell(campaign, MONDAY + timedelta(days=40)) == []
    assert of(campaign).get(organisation__name="Atelier").reminded == 2


def test_a_day_is_one_of_paris(officer: Reader) -> None:
    reachable("Atelier")
    campaign = started(officer)
    late = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)  # already the 3rd in Paris
    sent_on(campaign, late)
    assert tell(campaign, datetime(2026, 11, 16, 12, tzinfo=UTC)) == []
    assert tell(campaign, datetime(2026, 11, 16, 23, 15, tzinfo=UTC)) == ["atelier@exemple.fr"]


def test_a_person_reminds_ahead_of_the_calendar_once_a_day(officer: Reader, monkeypatch: Any) -> None:
    reachable("Atelier")
    campaign = started(officer)
    sent_on(campaign, MONDAY - timedelta(days=3))
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)
    assert campaigns.remind(Actor.of(officer), officer, campaign) == 1
    run_waiting()
    assert of(campaign).get().reminded == 1
    with pytest.raises(campaigns.NotNow):
        campaigns.remind(Actor.of(officer), officer, campaign)
    monkeypatch.setattr(timezone, "now", lambda: SUNDAY + timedelta(days=7))
    assert remindable(campaign, timezone.now()).count() == 1
    with pytest.raises(campaigns.NotNow):
        campaigns.remind(Actor.of(officer), officer, campaign)


def test_each_day_the_clock_reminds_ends_and_forgets(officer: Reader, monkeypatch: Any) -> None:
    reachable("Atelier", "Ruche")
    campaign = started(officer)
    sent_on(campaign, MONDAY - timedelta(days=14))
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)
    enqueue(SYSTEM, "directory.campaign.daily")
    run_waiting()
    assert len(mail.outbox) == 4
    over = MONDAY + timedelta(days=60)
    monkeypatch.setattr(timezone, "now", lambda: over)
    enqueue(SYSTEM, "directory.campaign.daily")
    run_waiting()
    campaign.refresh_from_db()
    assert campaign.state == "ended" and len(mail.outbox) == 4
    (fact,) = Fact.objects.filter(kind="directory.campaign.ended").order_by("pk")
    assert fact.data == {"campaign": str(campaign.pk), "asked": 2, "answered": 0}
    kept = retentions["directory.confirmation"]
    assert kept.due(over + timedelta(days=89)) == 0
    assert [kept.apply(SYSTEM, over + timedelta(days=91)) for _ in "ab"] == [1, 0]
    assert not of(campaign).exclude(email="").exists()


# --- Addresses -------------------------------------------------------------------------------------------------------


def test_an_address_given_in_place_is_written_to_at_once_and_kept_for_the_next_time(officer: Reader) -> None:
    make("Sans adresse")
    campaign = started(officer)
    (one,) = of(campaign)
    campaigns.give_address(Actor.of(officer), officer, one, "bureau@exemple.fr")
    run_waiting()
    assert states(campaign) == ["sent"] and senders(mail.outbox) == ["bureau@exemple.fr"]
    assert Organisation.objects.get().contact_email == "bureau@exemple.fr"
    one.refresh_from_db()
    campaigns.note_returned(Actor.of(officer), officer, one)
    assert states(campaign) == ["bounced"]
    answer(one, Answer.RIGHT)
    with pytest.raises(Conflict):
        campaigns.give_address(Actor.of(officer), officer, one, "autre@exemple.fr")


def test_who_wants_no_more_letters_has_none_from_any_campaign(officer: Reader) -> None:
    reachable("Atelier", "Ruche")
    first = started(officer)
    answer(of(first).get(organisation__name="Ruche"), Answer.REFUSED)
    campaigns.end(Actor.of(officer), officer, first)
    assert reach("").refused == 1
    mail.outbox.clear()
    second = started(officer)
    assert senders(mail.outbox) == ["atelier@exemple.fr"]
    assert states(second) == ["sent", "refused"]
    with pytest.raises(UserError):
        campaigns.give_address(SYSTEM, officer, of(second).last(), "x@exemple.fr")  # type: ignore[arg-type]


def test_an_ended_campaign_writes_to_nobody(officer: Reader) -> None:
    reachable("Atelier")
    campaign = started(officer)
    campaigns.end(Actor.of(officer), officer, campaign)
    days_go_by(campaign, 14)
    assert tell(campaign, timezone.now()) == []
    with pytest.raises(Conflict):
        campaigns.end(Actor.of(officer), officer, campaign)
    campaign.refresh_from_db()
    with pytest.raises(Conflict):
        campaigns.remind(Actor.of(officer), officer, campaign)
    assert ConfirmationState.SENT in states(campaign)

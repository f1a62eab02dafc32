"""Following young firms: entering, signals, check-ins by link, silence, leaving; each limit, each refusal."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from toile.kernel.acts import Actor
from toile.kernel.durations import Duration
from toile.kernel.errors import Conflict, Forbidden, Gone, NotVisible, UserError
from toile.kernel.jobs import enqueue, run_waiting
from toile.kernel.readers import Reader
from toile.pathway.models import CheckIn, Door, Followed, FollowedSource, Signal
from toile.pathway.queries.followed import ranked, score_of
from toile.pathway.rules.outcome import leavings
from toile.pathway.services import check_ins, following, signals
from toile.pathway.services.following import AlreadyFollowed, NotYoung
from toile.thread.models import Fact

from . import made_cases as made
from . import made_followed as follow
from .made_cases import ACTOR
from .made_followed import day

pytestmark = pytest.mark.django_db

ANSWERS = {"cash": "from_1", "activity": ["lost"], "team": ["same"], "debt": None, "morale": "2"}


@pytest.fixture
def door() -> Door:
    return made.door("MIFE")


@pytest.fixture
def reader(door: Door) -> Reader:
    return made.reader(made.adviser(door))


@pytest.fixture
def firm(door: Door) -> Followed:
    return follow.firm(at=door)


def enter(reader: Reader, door: Door, name: str, **given: Any) -> Followed:
    values = {"source": FollowedSource.HAND, "born_on": day(100)} | given
    return following.enter(Actor.of(reader), reader, door, made.structure(name), **values)


def night() -> None:
    """The timed work of one morning."""
    enqueue(ACTOR, "pathway.check_in.send", key="night", followed="")
    run_waiting()


# --- The cohort ------------------------------------------------------------------------------------------------------


def test_a_young_firm_enters_and_its_thread_says_so(door: Door, reader: Reader) -> None:
    made_ = enter(reader, door, "Atelier vélo", adviser=reader.person)
    assert (made_.entered_on, made_.adviser, made_.left_on) == (day(), reader.person, None)
    fact = Fact.objects.get(kind="pathway.followed.entered")
    assert fact.data == {"followed": str(made_.pk)}


def test_a_firm_of_three_years_or_to_be_born_does_not_enter(door: Door, reader: Reader) -> None:
    three_years = Duration(years=3).before(day())
    enter(reader, door, "La plus vieille", born_on=three_years + timedelta(days=1))
    for born_on in (three_years, day(-1)):
        with pytest.raises(NotYoung, match="trois ans"):
            enter(reader, door, "Atelier vélo", born_on=born_on)


def test_a_firm_is_followed_by_one_door_at_a_time(door: Door, reader: Reader, firm: Followed) -> None:
    with pytest.raises(AlreadyFollowed):
        enter(reader, door, "Atelier vélo")
    following.leave(Actor.of(reader), reader, firm, "moved", day())
    assert enter(reader, door, "Atelier vélo").pk != firm.pk


def test_nobody_enters_a_firm_at_a_door_where_they_do_not_receive(door: Door) -> None:
    with pytest.raises(Forbidden):
        enter(made.reader(made.adviser(made.door("CCI"))), door, "Atelier vélo")


def test_several_firms_enter_by_their_date_of_creation_and_one_refusal_loses_nothing(
    door: Door, reader: Reader, firm: Followed
) -> None:
    chosen = [made.structure(name) for name in ("Café", "Sans date", "Atelier vélo")]
    for organisation in chosen:
        organisation.created_on = None if organisation.name == "Sans date" else day(30)
    entered, refused = following.enter_from_sirene(Actor.of(reader), reader, door, chosen, reader.person)
    assert entered == 1
    assert [sentence.partition(" :")[0] for sentence in refused] == ["Sans date", "Atelier vélo"]
    assert Followed.objects.get(organisation__name="Café").source == FollowedSource.SIRENE


def test_the_following_ends_once_with_a_reason_between_its_first_day_and_today(
    door: Door, reader: Reader, firm: Followed
) -> None:
    waiting = follow.asked(firm, 3)
    for on in (firm.entered_on - timedelta(days=1), day(-1)):
        with pytest.raises(UserError, match="entre ce jour et aujourd’hui"):
            following.leave(Actor.of(reader), reader, firm, "ceased", on)
    following.leave(Actor.of(reader), reader, firm, "ceased", day(2))
    waiting.refresh_from_db()
    assert waiting.closed_at is not None
    with pytest.raises(Conflict):
        following.leave(Actor.of(reader), reader, firm, "moved", day())


def test_the_reasons_to_leave_are_those_that_the_outcome_knows() -> None:
    assert set(Followed.Left.values) == set(leavings())


# --- Signals ---------------------------------------------------------------------------------------------------------


def test_the_score_of_the_rows_is_that_of_the_worked_example(firm: Followed) -> None:
    follow.example(firm)
    told = score_of(firm, firm.signals.all(), day())
    assert told is not None
    assert round(told.risk, 6) == 56.332325
    assert ranked([firm], day())[firm.pk].risk == pytest.approx(told.risk)


def test_a_signal_is_noted_by_who_may_know_it(door: Door, reader: Reader, firm: Followed) -> None:
    noted = signals.note(Actor.of(reader), reader, firm, level="liquidation", on=day(1), source="event")
    assert (noted.family, noted.noted_by) == ("collective", reader.person)
    with pytest.raises(UserError, match="annonce légale"):
        signals.note(Actor.of(reader), reader, firm, level="liquidation", on=day(1), source="adviser")
    with pytest.raises(UserError, match="pas encore venue"):
        signals.note(Actor.of(reader), reader, firm, level="hiring", on=day(-1), source="adviser")
    with pytest.raises(UserError, match="n’est pas un signal connu"):
        signals.note(Actor.of(reader), reader, firm, level="conciliation", on=day(), source="adviser")
    other = made.reader(made.adviser(made.door("CCI")))
    with pytest.raises(Forbidden):
        signals.note(Actor.of(other), other, firm, level="hiring", on=day(), source="adviser")


def test_a_contested_signal_counts_for_nothing_until_somebody_answers(
    door: Door, reader: Reader, firm: Followed
) -> None:
    signal = follow.said(firm, "client_lost", 1)

    def risk() -> float:
        told = score_of(firm, firm.signals.all(), day())
        assert told is not None
        return told.risk

    before = risk()
    signals.contest(ACTOR, signal, "Ce client est revenu.")
    assert (before > 0, risk()) == (True, 0)
    with pytest.raises(Conflict):
        signals.contest(ACTOR, signal, "Encore.")
    with pytest.raises(UserError, match="la structure lira"):
        signals.decide(Actor.of(reader), reader, signal, keeps=True, why=" ")
    signals.decide(Actor.of(reader), reader, signal, keeps=True, why="La facture manque.")
    assert risk() == before
    with pytest.raises(Conflict, match="déjà répondu"):
        signals.decide(Actor.of(reader), reader, signal, keeps=False, why="Finalement oui.")


def test_a_signal_taken_away_was_never_said_and_what_it_hid_comes_back(
    door: Door, reader: Reader, firm: Followed
) -> None:
    follow.said(firm, "cash_under_1", 20)
    wrong = follow.said(firm, "cash_6", 5)
    signals.contest(ACTOR, wrong, "Non, nous n’avons plus rien.")
    signals.decide(Actor.of(reader), reader, wrong, keeps=False, why="La structure a raison.")
    told = score_of(firm, firm.signals.all(), day())
    assert told is not None
    assert [one.level.code for one in told.contributions] == ["cash_under_1"]


def test_a_signal_that_is_over_counts_until_then(door: Door, reader: Reader, firm: Followed) -> None:
    signal = follow.said(firm, "client_lost", 30)
    signals.close(Actor.of(reader), reader, signal, why="Un autre client l’a remplacé.")
    now, before = (score_of(firm, firm.signals.all(), day(ago)) for ago in (0, 1))
    assert now is not None
    assert before is not None
    assert (now.risk, before.risk > 0) == (0, True)
    with pytest.raises(Conflict):
        signals.close(Actor.of(reader), reader, signal, why="Deux fois.")


def test_a_firm_that_refuses_the_score_has_none(firm: Followed) -> None:
    follow.example(firm)
    following.refuse_score(ACTOR, firm, refuses=True)
    firm.refresh_from_db()
    assert score_of(firm, firm.signals.all(), day()) is None
    assert ranked([firm], day()) == {}
    following.refuse_score(ACTOR, firm, refuses=False)
    firm.refresh_from_db()
    assert len(ranked([firm], day())) == 1


def test_no_fact_holds_a_signal_nor_a_score(door: Door, reader: Reader, firm: Followed) -> None:
    check_ins.answer(ACTOR, follow.asked(firm, 1), ANSWERS)
    signal = Signal.objects.filter(followed=firm, level="client_lost").get()
    signals.contest(ACTOR, signal, "Non.")
    signals.note_call(Actor.of(reader), reader, firm, reached=True, words="Tout va mieux.")
    written = list(Fact.objects.filter(kind__startswith="pathway."))
    assert {fact.kind for fact in written} == {
        "pathway.check_in.answered",
        "pathway.signal.contested",
        "pathway.followed.called",
    }
    assert all(fact.data == {"followed": str(firm.pk)} and fact.visibility == "advisers" for fact in written)


# --- Check-ins -------------------------------------------------------------------------------------------------------


def test_answers_become_signals_said_by_the_firm(firm: Followed) -> None:
    check_in = follow.asked(firm, 2)
    check_ins.answer(ACTOR, check_in, ANSWERS)
    found = Signal.objects.filter(check_in=check_in).order_by("level")
    assert [(one.level, one.source, one.seen_on) for one in found] == [
        (level, "check_in", day()) for level in ("answered", "cash_1_2", "client_lost", "morale_low")
    ]
    check_in.refresh_from_db()
    assert check_in.answers == ANSWERS
    with pytest.raises(Conflict, match="déjà une réponse"):
        check_ins.answer(ACTOR, check_in, ANSWERS)


def test_answers_that_contradict_each_other_are_asked_back_and_nothing_is_kept(firm: Followed) -> None:
    check_in = follow.asked(firm, 2)
    with pytest.raises(check_ins.WrongAnswers) as wrong:
        check_ins.answer(ACTOR, check_in, ANSWERS | {"activity": ["nothing", "won"]})
    assert list(wrong.value.faults) == ["activity"]
    check_in.refresh_from_db()
    assert (check_in.answered_at, Signal.objects.count()) == (None, 0)


def test_a_link_that_is_forged_expired_or_of_a_firm_that_left_says_so(firm: Followed, monkeypatch: Any) -> None:
    check_in = follow.asked(firm, 2)
    token = check_ins.answer_token(check_in)
    assert check_ins.check_in_of(token) == check_in
    for forged in (token[:-2], "n’importe quoi", check_ins.own_token(firm)):
        with pytest.raises(NotVisible, match="pas complet"):
            check_ins.check_in_of(forged)
    later = timezone.now() + timedelta(days=31)
    with monkeypatch.context() as patched:
        patched.setattr("time.time", later.timestamp)
        with pytest.raises(Gone, match="expiré"):
            check_ins.check_in_of(token)
    Followed.objects.filter(pk=firm.pk).update(left_on=day(), left_why="moved")
    with pytest.raises(Gone, match="plus suivie"):
        check_ins.check_in_of(token)


def test_a_link_to_ones_own_page_ends_when_a_newer_one_replaces_it(firm: Followed) -> None:
    token = check_ins.own_token(firm)
    assert check_ins.own_of(token) == firm
    Followed.objects.filter(pk=firm.pk).update(link=2)
    with pytest.raises(Gone, match="plus récent"):
        check_ins.own_of(token)


def test_five_questions_leave_when_due_and_once(door: Door, firm: Followed) -> None:
    follow.firm("Trop récente", door, entered_on=day(90))
    follow.firm("Sans adresse", door, email="")
    follow.firm("Partie", door, left_on=day(1), left_why="moved")
    night()
    night()
    assert [message.to for message in mail.outbox] == [["atelier@example.org"]]
    letter = mail.outbox[0]
    assert "Atelier vélo" in letter.body
    token = re.search(r"/parcours/point/([^/\s]+)/", str(letter.body))
    assert token is not None
    assert check_ins.check_in_of(token[1]).followed == firm
    assert CheckIn.objects.count() == 1


def test_the_address_of_the_directory_serves_when_no_other_was_given(door: Door) -> None:
    firm = follow.firm("Café", door, email="")
    firm.organisation.contact_email = "cafe@example.org"
    firm.organisation.save(update_fields=["contact_email"])
    night()
    assert mail.outbox[0].to == ["cafe@example.org"]


def test_an_address_that_is_refused_holds_nobody_up(door: Door, settings: Any, caplog: Any) -> None:
    settings.EMAIL_BACKEND = "toile.thread.tests.mailboxes.RefusesOne"
    for name in ("refus", "ruche"):
        follow.firm(name.title(), door, email=f"{name}@example.org")
    night()
    sent = dict(CheckIn.objects.values_list("followed__organisation__name", "sent_at"))
    assert (sent["Refus"], sent["Ruche"] is not None) == (None, True)
    assert "example.org" not in caplog.text


@pytest.mark.parametrize(
    ("ago", "reminded", "letters"), [(4, None, 0), (5, None, 1), (6, 1, 0), (12, 7, 1), (13, 1, 0), (20, None, 1)]
)
def test_reminders_leave_twice(firm: Followed, ago: int, reminded: int | None, letters: int) -> None:
    follow.asked(firm, ago, reminded_at=None if reminded is None else follow.moment(reminded))
    night()
    assert len(mail.outbox) == letters
    assert all(message.subject.startswith("Rappel") for message in mail.outbox)


def test_two_silences_in_a_row_are_a_signal_and_an_answer_lifts_it(firm: Followed) -> None:
    follow.asked(firm, 120, closed_at=follow.moment(99))
    waiting = follow.asked(firm, 21)
    night()
    night()
    waiting.refresh_from_db()
    assert waiting.closed_at is not None
    signal = Signal.objects.get(followed=firm)
    assert (signal.level, signal.source, signal.check_in) == ("unanswered", "check_in", waiting)
    # The link still serves for some days: late is better than never.
    check_ins.answer(ACTOR, waiting, {"cash": None, "activity": None, "team": None, "debt": None, "morale": None})
    told = score_of(firm, firm.signals.all(), day())
    assert told is not None
    assert told.risk == 0


def test_one_silence_alone_is_no_signal(firm: Followed) -> None:
    follow.asked(firm, 120, answered_at=follow.moment(110), closed_at=follow.moment(110))
    follow.asked(firm, 21)
    night()
    assert Signal.objects.count() == 0


def test_a_firm_answers_by_itself_what_waits_else_something_new(firm: Followed) -> None:
    waiting = follow.asked(firm, 3)
    check_ins.answer_now(ACTOR, firm, ANSWERS)
    waiting.refresh_from_db()
    assert waiting.answered_at is not None
    check_ins.answer_now(ACTOR, firm, ANSWERS)
    assert CheckIn.objects.filter(followed=firm, answered_at__isnull=False).count() == 2
    with pytest.raises(Conflict):
        check_ins.answer_now(ACTOR, firm, ANSWERS)


def test_who_answered_today_is_not_asked_again_today(door: Door, reader: Reader, firm: Followed) -> None:
    check_ins.answer_now(ACTOR, firm, ANSWERS)
    with pytest.raises(Conflict, match="déjà répondu"):
        check_ins.ask_now(Actor.of(reader), reader, firm)


def test_an_adviser_has_the_questions_sent_at_once(door: Door, reader: Reader) -> None:
    firm = follow.firm("Café", door, entered_on=day(1))
    check_ins.ask_now(Actor.of(reader), reader, firm)
    run_waiting()
    assert len(mail.outbox) == 1
    with pytest.raises(UserError, match="Aucune adresse"):
        check_ins.ask_now(Actor.of(reader), reader, follow.firm("Muette", door, email=""))

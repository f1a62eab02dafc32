"""Working days of France: reminders, escalations and calls, on real calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.kernel.durations import PARIS
from toile.pathway.rules.delays import (
    Delays,
    DelaysFault,
    answer_by,
    call_by,
    delays,
    delays_of,
    is_working_day,
    silence,
    working_day_after,
    working_days_since,
)

RHYTHM = delays()
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


def paris(year, month, day, hour=12):
    return datetime(year, month, day, hour, tzinfo=PARIS)


def test_the_settings_are_those_of_the_domain():
    assert (RHYTHM.answer, RHYTHM.reminder, RHYTHM.escalation, RHYTHM.callback) == (10, 5, 10, 3)


def test_a_file_sent_on_the_saturday_is_answered_by_the_second_friday():
    assert answer_by(paris(2026, 11, 21), RHYTHM) == date(2026, 12, 4)


def test_christmas_and_the_new_year_do_not_count():
    # From Friday 18/12/2026: 21–24 (4), 28–31 (8), then 4 and 5 January.
    assert answer_by(paris(2026, 12, 18), RHYTHM) == date(2027, 1, 5)


def test_the_bridge_of_may_does_not_count():
    # 2026: 1 and 8 May are Fridays, Ascension is Thursday 14, Whit Monday 25.
    assert working_day_after(date(2026, 4, 30), 10) == date(2026, 5, 19)
    assert not is_working_day(date(2026, 5, 25))


def test_the_day_is_that_of_paris():
    late_on_thursday = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)
    assert call_by(late_on_thursday, 3) == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("on", "what"),
    [
        (date(2026, 11, 20), "waiting"),  # Friday: sent on Monday 16
        (date(2026, 11, 22), "waiting"),
        (date(2026, 11, 23), "remind"),  # fifth working day
        (date(2026, 11, 29), "remind"),
        (date(2026, 11, 30), "escalate"),  # tenth
        (date(2027, 3, 1), "escalate"),
    ],
)
def test_silence_reminds_at_five_working_days_and_escalates_at_ten(on, what):
    assert silence(paris(2026, 11, 16), reminded=False, escalated=False, on=on, rhythm=RHYTHM) == what


def test_it_reminds_once_and_escalates_once():
    sent = paris(2026, 11, 16)
    assert silence(sent, reminded=True, escalated=False, on=date(2026, 11, 27), rhythm=RHYTHM) == "waiting"
    assert silence(sent, reminded=True, escalated=True, on=date(2026, 12, 27), rhythm=RHYTHM) == "waiting"


def test_a_machine_that_slept_past_the_reminder_still_escalates():
    assert silence(paris(2026, 11, 16), reminded=False, escalated=False, on=date(2026, 12, 1), rhythm=RHYTHM) == (
        "escalate"
    )


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"reminder": 10}, "avant l’alerte"),
        ({"answer": 0}, "jours ouvrés"),
        ({"callback": 251}, "jours ouvrés"),
        ({"link_days": 12}, "lien"),
        ({"patience": 3}, "patience"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(table, words):
    with pytest.raises(DelaysFault, match=words):
        delays_of(table)


def test_what_is_not_set_keeps_its_default():
    assert delays_of({"callback": 5}) == Delays(callback=5)


@given(DAYS, st.integers(1, 30))
def test_the_day_found_is_a_working_day_and_counts_back_to_the_same(day, count):
    found = working_day_after(day, count)
    assert is_working_day(found)
    assert working_days_since(day, found) == count
    assert working_days_since(day, found - timedelta(days=1)) == count - 1


@given(DAYS, st.integers(0, 40), st.integers(0, 40))
def test_more_days_are_never_sooner(day, less, more):
    assert working_day_after(day, less) <= working_day_after(day, less + more)


@given(DAYS, st.integers(-30, 0))
def test_nothing_has_passed_before_the_day(day, shift):
    assert working_days_since(day, day + timedelta(days=shift)) == 0


@given(DAYS, st.integers(0, 60))
def test_the_clock_asks_each_thing_once_and_in_order(day, last):
    sent, reminded, escalated, told = datetime(day.year, day.month, day.day, 9, tzinfo=PARIS), False, False, []
    for shift in range(last):
        what = silence(sent, reminded=reminded, escalated=escalated, on=day + timedelta(days=shift), rhythm=RHYTHM)
        if what != "waiting":
            told.append(what)
        reminded, escalated = reminded or what == "remind", escalated or what == "escalate"
    assert told == ["remind", "escalate"][: len(told)]

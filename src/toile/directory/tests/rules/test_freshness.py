"""When an entry is stale, when a campaign reminds, what an answer does: rules, on any dates."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.directory.rules.freshness import (
    EFFECTS,
    Answer,
    Heard,
    Rhythm,
    Written,
    freshness,
    is_reminder_due,
    may_be_reminded,
    month_of,
    pending_after,
    reminder_day,
    stale_before,
)
from toile.directory.rules.letters import filled, placeholders, unknown_placeholders
from toile.directory.rules.sources import SOURCES
from toile.kernel.durations import Duration

LASTS = Duration(months=18)
TODAY = date(2026, 11, 21)
days = st.dates(date(2000, 1, 1), date(2100, 12, 31))
heard = st.lists(st.builds(Heard, st.sampled_from(sorted(SOURCES)), days), max_size=6)


@pytest.mark.parametrize(
    ("said", "confirmed", "vouched", "stale"),
    [
        ([], None, None, True),
        ([("sirene_unit", TODAY)], None, None, True),
        ([("own", date(2025, 5, 21))], None, date(2025, 5, 21), False),
        ([("own", date(2025, 5, 20))], None, date(2025, 5, 20), True),
        ([("siae_list", date(2026, 1, 5)), ("own", date(2020, 1, 1))], None, date(2026, 1, 5), False),
        ([("own", date(2020, 1, 1))], date(2026, 3, 3), date(2026, 3, 3), False),
        ([("sirene_unit", TODAY)], date(2024, 3, 3), date(2024, 3, 3), True),
    ],
)
def test_an_entry_is_stale_after_eighteen_months_without_a_word(said, confirmed, vouched, stale) -> None:
    found = freshness([Heard(*one) for one in said], confirmed_on=confirmed, lasts=LASTS, today=TODAY)
    assert (found.vouched_on, found.is_stale) == (vouched, stale)


@given(heard, st.none() | days, days)
def test_a_register_never_makes_an_entry_fresh(said: list[Heard], confirmed: date | None, today: date) -> None:
    without = [one for one in said if not one.source.startswith("sirene")]
    assert freshness(said, confirmed_on=confirmed, lasts=LASTS, today=today) == freshness(
        without, confirmed_on=confirmed, lasts=LASTS, today=today
    )


@given(heard, st.none() | days, days, days)
def test_a_confirmation_never_makes_an_entry_older(
    said: list[Heard], confirmed: date | None, new: date, today: date
) -> None:
    before = freshness(said, confirmed_on=confirmed, lasts=LASTS, today=today)
    after = freshness(said, confirmed_on=max(new, confirmed or new), lasts=LASTS, today=today)
    assert after.vouched_on is not None and after.vouched_on >= (before.vouched_on or after.vouched_on)
    assert not after.is_stale or before.is_stale


@given(days, days)
def test_the_first_fresh_day_is_where_staleness_begins(vouched: date, today: date) -> None:
    found = freshness([Heard("own", vouched)], confirmed_on=None, lasts=LASTS, today=today)
    assert found.is_stale == (vouched < stale_before(today, LASTS))


def test_what_has_ceased_does_not_grow_stale() -> None:
    assert not freshness([], confirmed_on=None, lasts=LASTS, today=TODAY, has_ceased=True).is_stale
    assert month_of(date(2024, 3, 9)) == "mars 2024"


# --- The calendar ----------------------------------------------------------------------------------------------------

rhythms = st.builds(
    Rhythm,
    st.lists(st.integers(1, 50), max_size=3).map(lambda several: tuple(sorted(several))),
    lasts=st.integers(1, 120),
)


def letters_of(first: date, rhythm: Rhythm, asleep: frozenset[int] = frozenset()) -> list[date]:
    """The days on which the clock writes to who never answers; asleep: days from the first on which nothing runs."""
    written, sent = Written(first, first), [first]
    for number in range(1, 200):
        day = first + timedelta(days=number)
        due = is_reminder_due(written, rhythm, today=day, last_day=rhythm.last_day(first))
        if number not in asleep and due:
            written = Written(first, day, written.reminded + 1)
            sent.append(day)
    return sent


def test_the_default_calendar() -> None:
    assert letters_of(date(2026, 11, 2), Rhythm()) == [date(2026, 11, 2), date(2026, 11, 16), date(2026, 12, 7)]
    assert Rhythm().last_day(date(2026, 11, 2)) == date(2027, 1, 1)


def test_a_reminder_due_on_a_sunday_leaves_on_monday() -> None:
    sunday = Written(date(2026, 11, 8), date(2026, 11, 8))
    assert reminder_day(sunday, Rhythm()) == date(2026, 11, 23)


@given(days, rhythms, st.frozensets(st.integers(1, 60)))
def test_never_a_sunday_never_too_many_never_too_near_never_after_the_end(
    first: date, rhythm: Rhythm, asleep: frozenset[int]
) -> None:
    sent = letters_of(first, rhythm, asleep)
    assert len(sent) <= 1 + len(rhythm.reminders)
    assert all(day.weekday() != 6 for day in sent[1:])
    assert all((after - before).days >= rhythm.apart for before, after in pairwise(sent))
    assert all(day <= rhythm.last_day(first) for day in sent)


@given(days, days, st.integers(0, 4), days)
def test_a_person_reminds_within_the_same_bounds(first: date, last: date, reminded: int, today: date) -> None:
    written, rhythm = Written(min(first, last), max(first, last), reminded), Rhythm()
    allowed = may_be_reminded(written, rhythm, today=today, last_day=rhythm.last_day(written.first))
    if allowed:
        assert reminded < 2 and today.weekday() != 6 and written.last < today <= rhythm.last_day(written.first)
    if is_reminder_due(written, rhythm, today=today, last_day=rhythm.last_day(written.first)):
        assert allowed


# --- Answers ---------------------------------------------------------------------------------------------------------


def test_what_an_answer_does() -> None:
    assert set(EFFECTS) == set(Answer)
    assert [answer for answer in Answer if EFFECTS[answer].confirms] == [Answer.RIGHT, Answer.CORRECTED]
    assert [answer for answer in Answer if not EFFECTS[answer].writes_again] == [Answer.REFUSED]


@pytest.mark.parametrize(
    ("pending", "answer", "left"),
    [
        ("", Answer.CLOSED, "closure"),
        ("closure", Answer.RIGHT, ""),
        ("closure", Answer.CORRECTED, "correction"),
        ("correction", Answer.RIGHT, "correction"),
        ("correction", Answer.REFUSED, "correction"),
        ("correction", Answer.CLOSED, "closure"),
    ],
)
def test_changing_one_s_answer_never_hides_a_correction(pending: str, answer: Answer, left: str) -> None:
    assert pending_after(answer, pending=pending) == left


# --- The letter ------------------------------------------------------------------------------------------------------


def test_a_letter_s_placeholders_are_filled_once_and_the_unknown_ones_named() -> None:
    text = "Bonjour { structure }, voici {lien} et {liens}. Une accolade { reste."
    assert placeholders(text) == ["structure", "lien", "liens"]
    assert unknown_placeholders(text, {"structure", "lien"}) == ["liens"]
    values = {"structure": "L’Établi {lien}", "lien": "https://exemple.fr/x"}
    assert filled(text, values).startswith("Bonjour L’Établi {lien}, voici https://exemple.fr/x et {liens}.")


@given(st.text(max_size=200))
def test_any_text_is_a_letter(text: str) -> None:
    filled(text, {"structure": "x"})
    assert unknown_placeholders(text, set(placeholders(text))) == []

"""Durations of the law: the calendar of Paris, to the end of the last day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.kernel.durations import PARIS, Duration

DURATIONS = st.builds(Duration, st.integers(0, 10), st.integers(0, 30), st.integers(0, 400))
MOMENTS = st.integers(946_684_800, 3_786_912_000).map(lambda second: datetime.fromtimestamp(second, UTC))


def paris(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=PARIS)


def test_the_leap_day_of_k3_ends_on_the_28th_of_february_at_midnight_in_paris():
    since, kept = paris(2024, 2, 29, 10), Duration(years=2)
    assert kept.last_day(since) == date(2026, 2, 28)
    assert not kept.is_over(since, paris(2026, 2, 28, 23, 59))
    assert kept.is_over(since, paris(2026, 3, 1))


def test_the_day_is_the_one_of_paris_not_of_greenwich():
    late_in_greenwich = datetime(2024, 6, 30, 22, 30, tzinfo=UTC)
    assert Duration(months=12).last_day(late_in_greenwich) == date(2025, 7, 1)


@pytest.mark.parametrize(
    ("since", "kept", "last"),
    [
        (date(2025, 1, 31), Duration(months=1), date(2025, 2, 28)),
        (date(2025, 1, 31), Duration(months=1, days=1), date(2025, 3, 1)),
        (date(2024, 2, 29), Duration(years=4), date(2028, 2, 29)),
        (date(2025, 12, 31), Duration(months=12), date(2026, 12, 31)),
    ],
)
def test_a_day_that_the_month_does_not_have_is_its_last_one(since, kept, last):
    assert kept.after(since) == last


@given(MOMENTS, DURATIONS, MOMENTS)
def test_what_the_cutoff_takes_is_over(since, kept, now):
    if since < kept.cutoff(now):
        assert kept.is_over(since, now)


@given(MOMENTS, MOMENTS, DURATIONS)
def test_what_began_later_ends_no_sooner(first, second, kept):
    early, late = sorted((first, second))
    assert kept.last_day(early) <= kept.last_day(late)

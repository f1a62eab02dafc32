"""When people are told: rhythms, quiet hours over midnight and clock changes, and how many messages an hour brings."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.thread.rules.telling import (
    MOST_AN_HOUR,
    PARIS,
    Pace,
    QuietHours,
    Rhythm,
    after_quiet,
    told_when,
)

NIGHTS = QuietHours()
NIGHTS_AND_SUNDAYS = QuietHours(sundays=True)
NONE = QuietHours(time(0), time(0))
CLOCKS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
QUIETS = st.builds(QuietHours, CLOCKS, CLOCKS, st.booleans())
# Both clock changes of 2026 fall in these weeks.
MOMENTS = st.one_of(
    st.datetimes(*map(datetime.fromisoformat, days), timezones=st.just(UTC))
    for days in (("2026-03-26", "2026-04-02"), ("2026-10-22", "2026-10-29"), ("2026-01-01", "2027-01-01"))
)


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("quiet", "happened", "told"),
    [
        (NIGHTS, "2026-11-17 15:00", "2026-11-17 15:00"),
        (NIGHTS, "2026-11-17 19:59", "2026-11-17 19:59"),
        (NIGHTS, "2026-11-17 20:00", "2026-11-18 08:00"),
        (NIGHTS, "2026-11-18 07:59", "2026-11-18 08:00"),
        (NIGHTS, "2026-11-18 08:00", "2026-11-18 08:00"),
        (NIGHTS_AND_SUNDAYS, "2026-11-21 21:00", "2026-11-23 08:00"),
        (NIGHTS_AND_SUNDAYS, "2026-11-22 12:00", "2026-11-23 08:00"),
        (QuietHours(time(12), time(14)), "2026-11-17 12:30", "2026-11-17 14:00"),
        (QuietHours(time(12), time(14), sundays=True), "2026-11-22 12:30", "2026-11-23 00:00"),
        (NONE, "2026-11-17 03:00", "2026-11-17 03:00"),
        # The nights when clocks change: eight o'clock is eight o'clock.
        (NIGHTS, "2026-03-28 22:00", "2026-03-29 08:00"),
        (NIGHTS, "2026-10-24 22:00", "2026-10-25 08:00"),
        # 2:30 does not exist on 29 March: as far from midnight as any 2:30.
        (QuietHours(time(22), time(2, 30)), "2026-03-28 23:00", "2026-03-29 03:30"),
    ],
)
def test_what_happens_in_quiet_hours_is_told_when_they_end(quiet: QuietHours, happened: str, told: str) -> None:
    assert told_when(Rhythm.AT_ONCE, quiet, paris(happened)) == paris(told)


@pytest.mark.parametrize(
    ("rhythm", "quiet", "happened", "told"),
    [
        (Rhythm.DAILY, NIGHTS, "2026-11-17 15:00", "2026-11-18 08:00"),
        (Rhythm.DAILY, NIGHTS, "2026-11-18 07:59", "2026-11-18 08:00"),
        (Rhythm.DAILY, NIGHTS, "2026-11-18 08:00", "2026-11-19 08:00"),
        (Rhythm.DAILY, QuietHours(time(22), time(10)), "2026-11-17 15:00", "2026-11-18 10:00"),
        (Rhythm.DAILY, NIGHTS_AND_SUNDAYS, "2026-11-21 15:00", "2026-11-23 08:00"),
        (Rhythm.DAILY, NIGHTS, "2026-03-28 15:00", "2026-03-29 08:00"),
        (Rhythm.WEEKLY, NIGHTS, "2026-11-17 15:00", "2026-11-23 08:00"),
        (Rhythm.WEEKLY, NIGHTS, "2026-11-23 08:00", "2026-11-30 08:00"),
        (Rhythm.WEEKLY, NIGHTS, "2026-10-24 15:00", "2026-10-26 08:00"),
    ],
)
def test_a_digest_leaves_at_eight_each_day_or_on_mondays(
    rhythm: Rhythm, quiet: QuietHours, happened: str, told: str
) -> None:
    assert told_when(rhythm, quiet, paris(happened)) == paris(told)


@pytest.mark.parametrize("rhythm", [Rhythm.NEVER, Rhythm.ON_SITE])
def test_who_asked_for_no_message_gets_none(rhythm: Rhythm) -> None:
    assert not rhythm.is_written
    assert told_when(rhythm, NIGHTS, paris("2026-11-17 15:00")) is None


@given(QUIETS, MOMENTS, st.sampled_from([Rhythm.AT_ONCE, Rhythm.DAILY, Rhythm.WEEKLY]))
def test_nobody_is_told_early_nor_in_their_quiet_hours_nor_forgotten(
    quiet: QuietHours, moment: datetime, rhythm: Rhythm
) -> None:
    told = told_when(rhythm, quiet, moment)
    assert told is not None
    assert told >= moment
    assert not quiet.covers(told)
    assert told - moment <= timedelta(days=10)


@given(QUIETS, MOMENTS)
def test_quiet_hours_end_at_their_own_clock_and_not_a_minute_later(quiet: QuietHours, moment: datetime) -> None:
    told = after_quiet(quiet, moment)
    if told == moment:
        assert not quiet.covers(moment)
        return
    minute = moment
    while minute < told:
        assert quiet.covers(minute), "every minute before is quiet"
        minute += timedelta(minutes=30)
    assert quiet.covers(told - timedelta(seconds=1))


@given(st.lists(st.integers(0, 240), max_size=200))
def test_an_hour_brings_twenty_messages_whatever_happens(gaps: list[int]) -> None:
    now, pace, left = paris("2026-11-17 09:00"), Pace(), []
    for gap in gaps:
        now = max(now + timedelta(seconds=gap), pace.leaves(now + timedelta(seconds=gap)))
        pace = pace.with_one_more(now)
        left.append(now)
    begun: datetime | None = None
    count = 0
    for moment in left:
        if begun is None or moment >= begun + timedelta(hours=1):
            begun, count = moment, 0
        count += 1
        assert count <= MOST_AN_HOUR

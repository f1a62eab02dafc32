"""The life of a news item: nothing hidden comes back without the team, and each day ends at midnight in Paris."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.directory.rules.news import (
    FARTHEST,
    MOVES,
    PARIS,
    Kind,
    Side,
    State,
    after,
    beginning,
    ends_at,
    faults,
    last_day,
    moves_from,
)

TODAY = date(2026, 11, 21)
STEPS = st.lists(st.tuples(st.sampled_from(sorted(MOVES)), st.sampled_from(list(Side))), max_size=12)
MOMENTS = st.integers(0, 15 * 366 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
DAYS = st.none() | st.dates(date(2020, 1, 1), date(2035, 1, 1))


@given(steps=STEPS)
def test_what_the_team_hid_is_shown_again_by_the_team_alone_and_what_is_withdrawn_stays_so(
    steps: list[tuple[str, Side]],
) -> None:
    state, hidden = State.DRAFT, False
    for move, side in steps:
        new = after(state, move, side)
        if new is None:
            continue
        assert state is not State.WITHDRAWN
        assert new is not State.HIDDEN or side is Side.TEAM
        assert not (hidden and new is State.PUBLISHED) or side is Side.TEAM
        hidden = new in (State.HIDDEN, State.ANSWERED) or (hidden and new is State.WITHDRAWN)
        state = new


@pytest.mark.parametrize("state", list(State))
def test_what_is_offered_is_what_may_be_done(state: State) -> None:
    for sides in ([], [Side.PEOPLE], [Side.TEAM], list(Side)):
        done = {move for move in MOVES if any(after(state, move, side) for side in sides)}
        assert set(moves_from(state, sides)) == done


def test_the_whole_path_of_a_contested_item() -> None:
    state = State.DRAFT
    path = [("publish", Side.PEOPLE), ("hide", Side.TEAM), ("answer", Side.PEOPLE), ("show", Side.TEAM)]
    for move, side in path:
        state = after(state, move, side) or pytest.fail(move)
    assert state is State.PUBLISHED
    assert after(State.HIDDEN, "show", Side.PEOPLE) is None
    assert after(State.PUBLISHED, "answer", Side.PEOPLE) is None, "there is nothing to answer"


@given(kind=st.sampled_from(list(Kind)), on=DAYS, until=DAYS, published=MOMENTS)
def test_an_item_is_current_to_the_end_of_its_last_day_in_paris(
    kind: Kind, on: date | None, until: date | None, published: datetime
) -> None:
    end = ends_at(kind, on=on, until=until, published=published)
    day = last_day(kind, on=on, until=until, published=published.astimezone(PARIS).date())
    local = end.astimezone(PARIS)
    assert (local.hour, local.minute, local.date()) == (0, 0, day + timedelta(days=1))
    assert (end.astimezone(UTC) - timedelta(minutes=1)).astimezone(PARIS).date() == day
    assert day == (until or on or day)


def test_a_night_publication_counts_from_the_day_it_is_in_paris() -> None:
    night = datetime(2026, 7, 31, 22, 30, tzinfo=UTC)  # the first of August in Paris
    assert ends_at(Kind.JOB, on=None, until=None, published=night).date() == date(2026, 10, 1)


def test_the_beginning_of_a_text_is_one_line_cut_after_a_sign_that_shows() -> None:
    assert beginning("Un mot\u00a0: deux\r\n\r\n trois") == "Un mot\u00a0: deux trois"
    cut = beginning("mot " * 100)
    assert len(cut) <= 200 and cut.endswith("mot…")


@pytest.mark.parametrize(
    ("kind", "on", "until", "found"),
    [
        (Kind.NEWS, None, None, ()),
        (Kind.NEWS, date(2026, 1, 3), None, ()),
        (Kind.MEETING, None, None, ("no_day",)),
        (Kind.MEETING, None, date(2026, 12, 1), ("no_day",)),
        (Kind.JOB, None, date(2026, 11, 20), ("over",)),
        (Kind.JOB, None, TODAY, ()),
        (Kind.NEWS, date(2026, 12, 5), date(2026, 12, 4), ("ends_before",)),
        (Kind.OFFER, date(9999, 12, 31), None, ("too_far",)),
        (Kind.NEWS, date(1, 1, 1), None, ("too_far",)),
        (Kind.NEWS, TODAY + FARTHEST, None, ()),
    ],
)
def test_the_dates_that_cannot_be_are_named(
    kind: Kind, on: date | None, until: date | None, found: tuple[str, ...]
) -> None:
    assert faults(kind, on=on, until=until, today=TODAY) == found

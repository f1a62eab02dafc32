"""Whether a file has a next step, and which."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from toile.pathway.rules.next_step import Pending, Step, next_step

ON = date(2026, 11, 21)
YESTERDAY, TOMORROW = ON - timedelta(days=1), ON + timedelta(days=1)


def test_a_file_with_nothing_pending_has_no_next_step():
    assert next_step([], ON) is None


def test_a_meeting_of_yesterday_is_no_next_step():
    assert next_step([Pending("meeting", "la MIFE", YESTERDAY)], ON) is None


def test_a_meeting_of_today_is_one():
    meeting = Pending("meeting", "la MIFE", ON)
    assert next_step([meeting], ON) == Step(meeting, is_late=False)


def test_an_answer_awaited_since_yesterday_is_late():
    referral = Pending("referral", "Loire Active", YESTERDAY)
    assert next_step([Pending("meeting", "la MIFE", TOMORROW), referral], ON) == Step(referral, is_late=True)


def test_what_has_no_day_comes_last():
    gate, call = Pending("gate", "la personne qui suit"), Pending("call", "la porte", TOMORROW)
    assert next_step([gate, call], ON).pending == call
    assert next_step([gate], ON) == Step(gate, is_late=False)


PENDINGS = st.lists(
    st.builds(
        Pending,
        st.sampled_from(["meeting", "referral", "question", "call", "gate", "planned"]),
        st.just("quelqu’un"),
        st.none() | st.dates(date(2026, 10, 1), date(2027, 1, 31)),
    ),
    max_size=8,
)


@given(PENDINGS)
def test_there_is_a_step_exactly_when_something_is_left_to_happen(pending):
    left = [one for one in pending if one.kind != "meeting" or one.on is None or one.on >= ON]
    step = next_step(pending, ON)
    assert (step is None) is (not left)
    if step is not None:
        assert step.pending in left
        assert all(one.on is None or step.pending.on <= one.on for one in left) or step.pending.on is None

"""Signalling: who may be called, by which door, and of whom nothing is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.pathway.rules.detection import Reception, Said, door_for, tellers, troubles


def test_the_tellers_of_the_issue_are_all_there():
    assert {"self", "town_hall", "school", "social_centre", "inhabitant"} <= set(tellers())


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (Said("self", False, True, False, False), ()),
        (Said("self", True, False, False, True), ("own_address",)),
        (Said("town_hall", True, True, True, False), ()),
        (Said("town_hall", True, True, False, True), ("not_agreed",)),
        (Said("town_hall", True, False, False, True), ("not_agreed",)),
        (Said("town_hall", False, False, False, True), ()),
        (Said("town_hall", False, False, False, False), ("nobody_to_call",)),
        (Said("town_hall", False, False, True, False), ("nobody_to_call",)),
    ],
)
def test_nobody_is_named_who_did_not_agree_and_somebody_can_be_called(said, found):
    assert troubles(said) == found


BITS = st.booleans()


@given(st.sampled_from(["town_hall", "school", "inhabitant"]), BITS, BITS, BITS, BITS)
def test_what_is_kept_of_a_third_person_always_has_their_agreement(teller, named, reachable, agreed, teller_reach):
    if not troubles(Said(teller, named, reachable, agreed, teller_reach)):
        assert agreed or not (named or reachable)


def test_the_door_asked_for_calls_else_the_one_where_fewest_wait():
    doors = [Reception("cci", 2), Reception("cma", 1), Reception("mife", 1)]
    assert door_for(doors, "cci") == "cci"
    assert door_for(doors, "") == "cma"
    assert door_for(doors, "closed") == "cma"
    assert door_for([], "cci") is None

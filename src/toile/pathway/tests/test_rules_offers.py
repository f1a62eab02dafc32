"""An offer: when it is open, and what prevents it from being published."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.pathway.rules.offers import Fault, Offer, Training, faults, is_open, why_closed

ON = date(2026, 11, 21)
OFFER = Offer("1", "p", "Un partenaire", "Rendez-vous", frozenset({"financement"}))
KNOWN = {"needs": {"financement", "locaux"}, "stages": {"creation"}}


def test_an_offer_without_dates_nor_places_is_open():
    assert why_closed(OFFER, ON) is None


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"valid_from": date(2026, 11, 22)}, "not_yet"),
        ({"valid_from": ON}, None),
        ({"valid_until": ON}, None),
        ({"valid_until": date(2026, 11, 20)}, "over"),
        ({"places": 0}, "full"),
        ({"places": 1}, None),
        ({"paused": True}, "paused"),
        ({"training": Training(starts_on=date(2026, 11, 20))}, "over"),
        ({"training": Training(starts_on=ON)}, None),
    ],
)
def test_why_nobody_can_be_sent_to_it(said, why):
    assert why_closed(replace(OFFER, **said), ON) == why


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(0, 300), st.integers(-400, 400))
def test_it_is_open_from_its_first_to_its_last_day_and_no_other(first, length, shift):
    last = first + timedelta(days=length)
    day = first + timedelta(days=shift)
    assert is_open(replace(OFFER, valid_from=first, valid_until=last), day) is (first <= day <= last)


def test_no_stage_means_all_of_them():
    assert OFFER.serves("creation", "financement")
    assert not OFFER.serves("creation", "locaux")
    assert not replace(OFFER, stages=frozenset({"reprise"})).serves("creation", "financement")


def test_a_complete_offer_has_no_fault():
    training = Training("MIFE", "niveau 5", "RNCP 36241", date(2027, 1, 4), date(2027, 6, 30))
    whole = replace(OFFER, is_free=True, delay_days=10, places=12, valid_from=ON, valid_until=ON, training=training)
    assert faults(whole, **KNOWN) == ()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": "  "}, "title"),
        ({"needs": frozenset()}, "needs"),
        ({"needs": frozenset({"lune"})}, "needs"),
        ({"stages": frozenset({"hier"})}, "stages"),
        ({"publics": frozenset({"martiens"})}, "publics"),
        ({"helper": "fée"}, "helper"),
        ({"cost": "30 €", "is_free": True}, "cost"),
        ({"delay_days": -1}, "delay_days"),
        ({"delay_days": 366}, "delay_days"),
        ({"places": -1}, "places"),
        ({"valid_from": ON, "valid_until": date(2026, 11, 20)}, "valid_until"),
        ({"training": Training(recognised="reconnue")}, "recognised"),
        ({"training": Training(starts_on=ON, ends_on=date(2026, 11, 20))}, "ends_on"),
    ],
)
def test_each_fault_names_its_field_in_french(said, field):
    (fault,) = faults(replace(OFFER, **said), **KNOWN)
    assert fault.field == field
    assert fault.sentence.endswith(".")


def test_an_unknown_code_is_named():
    assert faults(replace(OFFER, needs=frozenset({"lune"})), **KNOWN) == (
        Fault("needs", "Le besoin «\u00a0lune\u00a0» n’existe pas\u00a0: choisissez dans la liste."),
    )

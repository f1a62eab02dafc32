"""Size classes: the worked example, the open class, and what stays unknown."""

import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from toile.directory.rules.staff import STAFF_BANDS, UNKNOWN_LABEL, estimate_staff, staff_band, staff_label


def test_the_worked_example_is_fifty_six_between_thirty_five_and_seventy_seven():
    estimate = estimate_staff(["01", "01", "02", "11", "12", "NN"])
    assert (estimate.low, estimate.central, estimate.high) == (35, Decimal("56.0"), 77)
    assert (estimate.units, estimate.unknown, estimate.open_ended) == (6, 0, False)


def test_an_unknown_class_adds_nothing_and_is_counted_apart():
    estimate = estimate_staff(["01", None, "", "99"])
    assert (estimate.low, estimate.high, estimate.units, estimate.unknown) == (1, 2, 1, 3)
    assert staff_label(None) == staff_label("99") == UNKNOWN_LABEL


def test_the_open_class_counts_its_lower_bound_and_says_so():
    estimate = estimate_staff(["53"])
    assert (estimate.low, estimate.central, estimate.high, estimate.open_ended) == (10000, 10000, 10000, True)


def test_a_class_is_read_as_spreadsheets_write_it():
    assert staff_band("1") == staff_band("1.0") == staff_band(" 01 ") == STAFF_BANDS["01"]
    assert staff_band("0") == STAFF_BANDS["00"]
    assert staff_band("nn") == STAFF_BANDS["NN"]


@given(st.lists(st.one_of(st.sampled_from(sorted(STAFF_BANDS)), st.none(), st.text(max_size=3)), max_size=30))
def test_the_estimate_lies_in_its_interval_and_every_unit_is_counted_once(codes):
    estimate = estimate_staff(codes)
    assert estimate.low <= estimate.central <= estimate.high
    assert estimate.units + estimate.unknown == len(codes)


def test_the_classes_are_those_of_insee(shared_data):
    path = shared_data / "nomenclatures/annuaire-search-api/tranches-effectifs.json"
    listed = json.loads(path.read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(STAFF_BANDS)
    for code, label in listed.items():
        if code not in ("NN", "00"):
            assert STAFF_BANDS[code].label_fr.replace("\u202f", " ") == label

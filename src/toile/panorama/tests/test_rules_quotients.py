"""Quotients and concentration: the textbook's numbers, then the identities that must always hold."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.panorama.rules.concentration import share_of_largest
from toile.panorama.rules.estimates import MixedDenominators, Share
from toile.panorama.rules.intervals import Interval, exactly, total
from toile.panorama.rules.quotients import BeforeAfter, location_quotient, shift, shift_share

jobs = st.integers(1, 100_000).map(lambda value: exactly(Decimal(value)))
pairs = st.builds(BeforeAfter, jobs, jobs)


@st.composite
def intervals(draw):
    return Interval(*(Decimal(part) for part in sorted(draw(st.lists(st.integers(0, 500), min_size=3, max_size=3)))))


def percent(text):
    return exactly(Decimal(text))


def test_fourteen_against_ten_and_a_half_weighs_a_third_more():
    found = location_quotient(Share("all", percent("14.1")), Share("all", percent("10.5")))
    assert round(found.central, 3) == Decimal("1.343")
    assert found.exact


def test_a_quotient_carries_the_bounds_of_both_shares():
    here = Share("all", Interval(Decimal(10), Decimal(14), Decimal(18)))
    there = Share("all", Interval(Decimal(9), Decimal(10), Decimal(12)))
    assert location_quotient(here, there) == (Decimal(10) / 12, Decimal("1.4"), Decimal(2))


def test_a_quotient_of_two_denominators_is_refused_and_of_nothing_unknown():
    with pytest.raises(MixedDenominators):
        location_quotient(Share("all", percent("14.1")), Share("private", percent("19.1")))
    assert location_quotient(Share("all", percent("14.1")), Share("all", percent(0))) is None


def test_the_worked_shift_is_thirty_twenty_thirty():
    found = shift(exactly(1000), percent("0.03"), percent("0.05"), percent("0.08"))
    assert (found.national.central, found.structural.central, found.local.central) == (30, 20, 30)
    assert found.change.central == 80


def test_a_sector_that_the_reference_does_not_have_is_unknown_not_zero():
    here = {"A": BeforeAfter(exactly(10), exactly(12)), "B": BeforeAfter(exactly(5), exactly(4))}
    found = shift_share(here, {"A": BeforeAfter(exactly(100), exactly(110))})
    assert found.unknown == ("B",)
    assert found.whole.change.central == 2
    born = shift_share({"A": BeforeAfter(exactly(0), exactly(12))}, {"A": BeforeAfter(exactly(100), exactly(110))})
    assert born.whole is None and born.unknown == ("A",)


@given(st.dictionaries(st.sampled_from("ABCDEFG"), st.tuples(pairs, pairs), min_size=1))
def test_the_three_parts_add_up_to_the_change(sectors):
    here = {code: pair[0] for code, pair in sectors.items()}
    found = shift_share(here, {code: pair[1] for code, pair in sectors.items()})
    assert found.unknown == ()
    truth = sum(each.after.central - each.before.central for each in here.values())
    assert abs(found.whole.change.central - truth) < Decimal("1e-15")
    for code, part in found.by_sector.items():
        assert abs(part.change.central - (here[code].after.central - here[code].before.central)) < Decimal("1e-15")


@given(st.dictionaries(st.sampled_from("ABCD"), pairs, min_size=1))
def test_a_territory_compared_with_itself_has_nothing_of_its_own(sectors):
    found = shift_share(sectors, sectors)
    assert all(abs(part.local.central) < Decimal("1e-15") for part in found.by_sector.values())


def test_ten_of_twenty_alike_hold_half_and_ten_of_three_all():
    assert share_of_largest([exactly(5)] * 20) == exactly(50)
    assert share_of_largest([exactly(5)] * 3) == exactly(100)
    assert share_of_largest([]) is None
    assert share_of_largest([exactly(0)] * 3) is None


def test_one_large_employer_among_many_small_ones():
    found = share_of_largest([exactly(91), *[exactly(1)] * 18])
    assert round(found.central, 2) == Decimal("91.74")


@given(st.data(), st.lists(intervals(), min_size=1, max_size=15), st.integers(1, 5))
def test_the_true_concentration_is_within_the_bounds(data, employers, largest):
    found = share_of_largest(employers, largest)
    if found is None:
        return
    truth = sorted(each.low + (each.high - each.low) * data.draw(st.integers(0, 4)) / 4 for each in employers)
    told = sum(truth[-largest:]) * 100 / sum(truth)
    assert found.low <= told + Decimal("1e-20") and told <= found.high + Decimal("1e-20")
    assert 0 <= found.low <= found.central <= found.high <= 100


@given(st.lists(intervals(), min_size=1, max_size=20), st.integers(1, 5))
def test_employers_never_among_the_largest_may_be_given_together(employers, largest):
    listed = {
        place
        for key in (lambda each: (each.central, each.low), lambda each: each.low, lambda each: each.high)
        for place in sorted(range(len(employers)), key=lambda place: key(employers[place]), reverse=True)[:largest]
    }
    others = total([each for place, each in enumerate(employers) if place not in listed])
    together = share_of_largest([employers[place] for place in sorted(listed)], largest, others)
    assert together == share_of_largest(employers, largest)

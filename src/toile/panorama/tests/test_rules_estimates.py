"""Estimates and shares: the worked examples of the trade, then that no interval loses the truth."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from toile.panorama.rules.estimates import (
    Employment,
    implied_total,
    share_of_employment,
    share_within,
)
from toile.panorama.rules.intervals import Interval, exactly, total


@st.composite
def intervals(draw, least=0):
    parts = sorted(draw(st.lists(st.integers(least, 10_000), min_size=3, max_size=3)))
    return Interval(*(Decimal(part) for part in parts))


@st.composite
def within(draw, interval):
    """A true value that an interval allows."""
    step = draw(st.integers(0, 10))
    return interval.low + (interval.high - interval.low) * step / 10


def test_the_published_shares_imply_their_totals():
    everyone, private = implied_total(21_142, Decimal("14.1")), implied_total(21_142, Decimal("19.1"))
    assert round(everyone.central) == 149_943
    assert round(private.central) == 110_691
    # ± 0.05 point moves them by ± 0.36 % and ± 0.26 %.
    for found, percent in ((everyone, Decimal("0.36")), (private, Decimal("0.26"))):
        assert round((found.high / found.central - 1) * 100, 2) == percent
        assert round((1 - found.low / found.central) * 100, 2) in (percent, percent - Decimal("0.01"))
    assert implied_total(10, Decimal("0.04")) is None


def test_a_published_share_comes_back():
    share = share_of_employment(exactly(21_142), Employment("all", exactly(149_943)))
    assert share.scope == "all"
    assert round(share.percent.central, 1) == Decimal("14.1")
    assert share.percent.exact


def test_an_estimated_share_has_the_bounds_of_both():
    share = share_of_employment(
        Interval(Decimal(35), Decimal(56), Decimal(77)), Employment("private", Interval(*map(Decimal, (350, 400, 700))))
    )
    assert share.percent == (Decimal(5), Decimal(14), Decimal(22))


def test_a_share_of_nothing_is_unknown_and_none_passes_a_hundred():
    assert share_of_employment(exactly(3), Employment("all", exactly(0))) is None
    assert share_of_employment(exactly(30), Employment("all", exactly(20))).percent == exactly(100)


@given(st.data(), intervals(), intervals(least=1))
def test_the_true_share_is_within_the_bounds(data, jobs, whole):
    share = share_of_employment(jobs, Employment("all", whole)).percent
    truth = min(data.draw(within(jobs)) / data.draw(within(whole)) * 100, Decimal(100))
    assert 0 <= share.low <= truth <= share.high <= 100
    assert share.low <= share.central <= share.high


@given(st.data(), intervals(least=1), intervals())
def test_a_share_of_its_own_whole_is_narrower_and_still_true(data, part, rest):
    found = share_within(part, rest)
    one, other = data.draw(within(part)), data.draw(within(rest))
    assert found.low <= one / (one + other) * 100 + Decimal("1e-20")
    assert one / (one + other) * 100 <= found.high + Decimal("1e-20")
    blind = share_of_employment(part, Employment("all", part.plus(rest))).percent
    assert blind.low <= found.low + Decimal("1e-20") and found.high <= blind.high + Decimal("1e-20")


@given(st.data(), intervals(), intervals(), intervals(least=1))
def test_operations_hold_every_value_that_their_operands_allow(data, one, other, divisor):
    a, b, c = (data.draw(within(each)) for each in (one, other, divisor))
    for found, truth in (
        (one.plus(other), a + b),
        (one.minus(other), a - b),
        (one.minus(other).times(divisor), (a - b) * c),
        (one.minus(other).over(divisor), (a - b) / c),
    ):
        assert found.low <= truth <= found.high
        assert found.low <= found.central <= found.high


def test_dividing_by_what_may_be_zero_says_nothing():
    assert exactly(1).over(Interval(Decimal(-1), Decimal(1), Decimal(2))) is None
    assert total([]) == exactly(0)

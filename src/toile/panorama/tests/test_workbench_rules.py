"""What decides before an edition is published: which figure wins, what is to be looked at, the canonical text."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.kernel.figures import Cell, Figure, FigureSource, hidden, unknown
from toile.panorama.rules.frozen import canonical, checksum
from toile.panorama.rules.merging import PublishedTwice, merge, mixes
from toile.panorama.rules.reviewing import change_percent, review

REAL, INVENTED = FigureSource("a", "A"), FigureSource("b", "B", simulated=True)
HERE = Cell("244200770", year=2024)


def told(indicator: str, value: int | str, low: int | None = None, high: int | None = None, **where: Any) -> Figure:
    bounds = (None if low is None else Decimal(low), None if high is None else Decimal(high))
    return Figure(indicator, HERE._replace(**where), "jobs", Decimal(value), *bounds, sources=(REAL,))


# --- Merging ---------------------------------------------------------------------------------------------------------


def test_a_published_figure_wins_and_the_estimate_is_kept_beside():
    estimate, other = told("jobs", 56, 35, 77), told("jobs", 5, commune="42218")
    merged = merge([estimate, other], [told("jobs", 60)])
    assert {figure.value for figure in merged.figures} == {Decimal(5), Decimal(60)}
    assert merged.estimates == (estimate,)


@pytest.mark.parametrize(
    "mute", [hidden("jobs", HERE, "jobs", "secret_few"), unknown("jobs", HERE, "jobs", "no_source")]
)
def test_what_is_published_is_no_secret_of_ours(mute):
    merged = merge([mute], [told("jobs", 60)])
    assert [figure.value for figure in merged.figures] == [Decimal(60)] and not merged.estimates


def test_an_empty_cell_of_a_table_does_not_replace_an_estimate():
    estimate = told("jobs", 56)
    empty = unknown("jobs", estimate.cell, "jobs", "not_published")
    assert merge([estimate], [empty]).figures == (estimate,)
    assert merge([], [empty]).figures == (empty,)


def test_two_tables_that_contradict_each_other_are_refused_said_alike_they_are_one():
    with pytest.raises(PublishedTwice):
        merge([], [told("jobs", 60), told("jobs", 61)])
    assert len(merge([], [told("jobs", 60), told("jobs", 60)]).figures) == 1


CELLS = st.sampled_from(["", "42218", "42207", "42095"])
FIGURES = st.lists(st.tuples(CELLS, st.integers(0, 9)), max_size=8, unique_by=lambda pair: pair[0])


@given(FIGURES, FIGURES)
def test_each_cell_is_told_once(computed, published):
    of = lambda pairs: [told("jobs", value, commune=commune) for commune, value in pairs]  # noqa: E731
    merged = merge(of(computed), of(published))
    cells = [(figure.indicator, figure.cell) for figure in merged.figures]
    assert len(cells) == len(set(cells)) == len({commune for commune, _value in [*computed, *published]})


def test_invented_and_real_sources_are_told_apart():
    assert mixes([REAL, INVENTED]) and not mixes([REAL, REAL]) and not mixes([])


# --- Reviewing -------------------------------------------------------------------------------------------------------


def reviewed(figures: list[Figure], before: list[Figure] = []) -> Any:  # noqa: B006 -- never changed
    then = [Figure(f.indicator, f.cell._replace(year=2023), f.unit, f.value, sources=f.sources) for f in before]
    return review(figures, then, perimeter="244200770", year=2024, year_before=2023)


def test_a_change_is_told_in_percent_of_before():
    (change,) = reviewed([told("jobs", 21705)], [told("jobs", 21142)]).changes
    assert change.percent == Decimal("2.7")  # +2.66 % (domain A14)
    assert change_percent(Decimal(0), Decimal(5)) is None


@pytest.mark.parametrize(
    ("before", "now", "where", "is_told"),
    [
        (100, 120, {}, False),
        (100, 121, {}, True),
        (100, 79, {}, True),
        (100, 145, {"commune": "42218"}, False),
        (100, 151, {"commune": "42218"}, True),
        (5, 15, {"commune": "42218"}, False),
        (100, 300, {"family": "mutuelle"}, False),
    ],
)
def test_a_jump_is_to_be_looked_at(before, now, where, is_told):
    found = reviewed([told("jobs", now, **where)], [told("jobs", before, **where)])
    assert [one.kind for one in found.warnings] == (["jump"] if is_told else [])


@pytest.mark.parametrize(
    ("parts", "total", "is_told"), [((60, 40), 100, False), ((60, 41), 100, True), ((60, 30), 100, True)]
)
def test_parts_are_held_beside_their_total(parts, total, is_told):
    families = [told("jobs", part, family=f) for part, f in zip(parts, ("association", "mutuelle"), strict=True)]
    assert bool(reviewed([told("jobs", total), *families]).warnings) is is_told


def test_hidden_parts_may_leave_the_sum_below_the_total():
    mute = hidden("jobs", HERE._replace(family="mutuelle"), "jobs", "secret_few")
    found = reviewed([told("jobs", 100), told("jobs", 60, family="association"), mute])
    assert not found.warnings and (found.told, found.hidden) == (2, 1)


@pytest.mark.parametrize(("unsaid", "is_told"), [(30, False), (31, True)])
def test_too_many_unknown_sizes_are_said(unsaid, is_told):
    places = [told("establishments", 100), told("establishments", unsaid, size="inconnue")]
    assert [one.kind for one in reviewed(places).warnings] == (["unknown_size"] if is_told else [])


# --- The canonical text ----------------------------------------------------------------------------------------------


def text(figures: list[Figure], **words: Any) -> str:
    return checksum(canonical({"title": "T"} | words, figures, [("jobs", "", "Une note")]))


@given(st.permutations([told("jobs", "5.50"), told("jobs", 3, 2, 4, commune="42218"), told("legal_units", 2)]))
def test_the_order_of_figures_says_nothing(figures):
    assert text(figures) == text(sorted(figures, key=repr))


def test_every_word_and_number_counts():
    first = text([told("jobs", "5.5")])
    assert first == text([told("jobs", "5.500000")])
    different = [
        text([told("jobs", "5.6")]),
        text([told("jobs", "5.5", 5, 6)]),
        text([told("jobs", "5.5", commune="42218")]),
        text([hidden("jobs", HERE, "jobs", "secret_few")]),
        text([told("jobs", "5.5")], title="Autre"),
        text([]),
    ]
    assert len({first, *different}) == 7

"""The drawings of an edition: their keys, what their titles claim, what they hide, and that they belong to nobody."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from html import unescape
from uuid import UUID

import pytest

from toile.kernel.charts import Chart
from toile.kernel.figures import Cell, Figure, FigureSource, Status, hidden
from toile.panorama.drawing import charts, draw, drawn, findings, times
from toile.panorama.models import Edition
from toile.panorama.rules.drawn import COMPARISON, CONTRIBUTION, DETAIL, MAPS, linked, of_commune
from toile.panorama.tests import made_up
from toile.territory.models import Commune

PLACES = {"42218": (4.39, 45.44), "42207": (4.51, 45.47), "42095": (4.29, 45.39)}


def edition(number: int = 1) -> Edition:
    """Of the made-up territory; nothing of it is read from the database."""
    return Edition(
        id=UUID(int=number),
        perimeter=made_up.PERIMETER,
        perimeter_name=made_up.PERIMETER_NAME,
        year=made_up.YEAR,
        compared=list(made_up.COMPARED),
        simulated=True,
    )


@pytest.fixture
def places(db: None) -> None:
    Commune.objects.bulk_create(
        Commune(
            code=code, subject=UUID(code.rjust(32, "0")), name=name, folded=name.lower(), department="42",
            kind="commune", lon=PLACES.get(code, (4.6, 45.5))[0], lat=PLACES.get(code, (4.6, 45.5))[1], population=9000,
        )
        for code, name in made_up.COMMUNES.items()
    )  # fmt: skip


def still(figures: list[Figure]) -> list[Figure]:
    """The figures of one year only: no curve, hence nothing that takes long to draw."""
    return [figure for figure in figures if figure.cell.year == made_up.YEAR and not moving(figure)]


def moving(figure: Figure) -> bool:
    return figure.indicator.startswith(("survival", "births", "closures"))


@pytest.fixture
def kept(places: None) -> Mapping[str, Chart]:
    return charts(edition(), made_up.figures())


def blocks(found: list[Figure], number: int = 1) -> dict[str, str]:
    return draw(edition(number), still(found))


# --- Keys ------------------------------------------------------------------------------------------------------------


def test_each_key_is_declared_and_has_its_page(kept: Mapping[str, Chart]) -> None:
    declared = {*MAPS, *DETAIL, *COMPARISON, *CONTRIBUTION, *map(of_commune, made_up.COMMUNES)}
    assert set(kept) <= declared
    assert {"communes-map", "families", "sectors", "sizes", "communes-bars", "series", "survival", "comparison"} <= set(
        kept
    )
    assert all(chart.key == key for key, chart in kept.items())


def test_an_edition_without_figures_has_no_drawing(db: None) -> None:
    assert draw(edition(), []) == {}


def test_the_number_of_statements_does_not_depend_on_communes(places: None, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(12):
        charts(edition(), made_up.figures())


# --- Content ---------------------------------------------------------------------------------------------------------


def test_the_same_figures_give_the_same_fragments_to_two_editions(places: None) -> None:
    one, other = blocks(made_up.figures()), blocks(made_up.figures(), number=2)
    assert one == other
    assert not any(str(UUID(int=1)) in body for body in one.values())


def test_links_lead_to_the_edition_that_shows_them(places: None) -> None:
    body = blocks(made_up.figures())["communes-map"]
    shown = linked(body, "/panorama/abc/")
    assert '"@edition/' in body and "@edition" not in shown
    for link in ("communes/42218/", "chiffres/share_of_employment/", "chiffres/share_of_employment.csv"):
        assert f'href="/panorama/abc/{link}"' in shown


def test_what_is_simulated_says_so_beside_each_drawing(places: None) -> None:
    for key, body in blocks(made_up.figures()).items():
        assert '<span class="tag fictif">simulé</span>' in body, key


def test_a_hidden_commune_is_neither_a_number_nor_zero(places: None) -> None:
    counted = [
        hidden(f.indicator, f.cell, f.unit, "secret_few", *f.sources) if f.cell.commune == "42225" else f
        for f in made_up.figures()
    ]
    drawn_map = blocks(counted)["communes-map"]
    assert 'aria-label="La Talaudière\u00a0: secret statistique"' in drawn_map
    assert "url(#communes-map-secret)" in drawn_map and '<i class="secret"></i>secret statistique' in drawn_map
    row = re.search(r"La Talaudière</a></th><td class=\"r\">([^<]*)", drawn_map)
    assert row is not None and row[1] == "secret statistique"


def test_each_told_figure_of_a_drawing_is_in_its_table(kept: Mapping[str, Chart]) -> None:
    for chart in kept.values():
        told = {cell for row in chart.rows() for cell in row.cells}
        assert {chart.tell(figure) for figure in chart.figures()} <= told, chart.key


def test_the_map_for_a_file_has_its_legend_and_its_colours(kept: Mapping[str, Chart]) -> None:
    svg = kept["communes-map"].svg("print", width=480)
    assert svg.count("<svg") == 1 and "var(" not in svg and 'width="480"' in svg
    assert "inconnu" in svg and "Saint-Étienne" in svg


# --- What titles claim -----------------------------------------------------------------------------------------------


def count(value: object, indicator: str = "employer_establishments", low: object = None, high: object = None) -> Figure:
    bounds = (Decimal(str(low)), Decimal(str(high))) if low is not None else (None, None)
    unit = "jobs" if indicator == "jobs" else "establishments"
    return Figure(indicator, Cell("here", year=2025), unit, Decimal(str(value)), *bounds)


@pytest.mark.parametrize(
    ("part", "whole", "tenths"),
    [
        (count(70), count(100), 7),
        (count(65), count(100), 7),
        (count(14), count(100), None),
        (count(96), count(100), None),
        (count(70), count(0), None),
        (count(70, "jobs", 66, 74), count(100, "jobs", 90, 110), 7),
        (count(70, "jobs", 50, 90), count(100, "jobs", 80, 120), None),
    ],
)
def test_a_share_is_told_in_tenths_only_where_it_is_sure(part: Figure, whole: Figure, tenths: int | None) -> None:
    assert findings.tenths(part, whole) == tenths


def test_the_title_is_the_finding(kept: Mapping[str, Chart]) -> None:
    said = {key: unescape(chart.words.finding) for key, chart in kept.items()}
    assert said["families"] == "Huit établissements employeurs sur dix sont des associations"
    assert said["staffed"] == "Employeurs\u00a0: quatre établissements sur dix"
    assert said["survival"] == "Sur 100 lieux d’activité ouverts, 78 (72 à 84) le sont encore après 3 ans"
    assert "total\u00a0: 967" in kept["families"].words.subtitle


def test_no_change_is_told_across_a_break(kept: Mapping[str, Chart]) -> None:
    series = kept["series"]
    assert series.breaks == (2017,), "2018 is said to break the series"
    assert series.words.finding.endswith("11 de moins qu’en 2019")
    alone = [figure for figure in made_up.figures() if figure.cell.year in (2015, 2016, 2018, 2024)]
    told = charts(edition(), [f for f in alone if not moving(f)])["series"].words.finding
    assert told.endswith("rupture de série avant") and "qu’en" not in told


def test_another_source_or_an_estimate_breaks_the_series() -> None:
    clap, flores, later = (
        FigureSource(str(n), title, "INSEE") for n, title in enumerate(("CLAP 2015", "Flores 2021", "Flores 2022"))
    )
    years = [
        replace(count(100 + n), cell=Cell("here", year=year), sources=(source,))
        for n, (year, source) in enumerate(((2015, clap), (2021, flores), (2022, later)))
    ]
    assert times.breaks_in(years) == (2015,)
    estimated = replace(years[2], low=Decimal(90), high=Decimal(120))
    assert times.breaks_in([years[1], estimated]) == (2021,)


def test_a_comparison_sets_us_first_and_gives_no_rank(kept: Mapping[str, Chart]) -> None:
    compared = kept["comparison"]
    assert [line.ours for line in compared.lines] == [True, *[False] * 5]
    assert "14,1" in compared.words.finding and "premier" not in compared.words.finding
    assert kept["comparison-quotient"].reference.value == 1


def test_what_is_not_told_alone_is_not_drawn(db: None) -> None:
    families = [
        hidden("employer_establishments", made_up.cell(family=family), "establishments", "secret_few")
        for family in made_up.FAMILIES
    ]
    assert all(figure.status is Status.HIDDEN for figure in families)
    assert draw(edition(), families) == {}


@pytest.mark.slow
def test_every_block_is_whole(places: None) -> None:
    told: list[tuple[int, int]] = []
    found = drawn.draw(edition(), made_up.figures(), lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] == len(found)
    for key, body in found.items():
        assert body.count("<figure") == body.count("</figure>") == body.count("<details") == 1, key
        assert not re.search(r"\sstyle=|#[0-9a-f]{6}\b", body), key

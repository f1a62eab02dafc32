"""The ESS of past years, its births, closures and survival, by territory: counted by hand on a stock one can read."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from toile.kernel.figures import Cell, Figure, Status
from toile.panorama.computing.run import Asked, Computed, compute

pytestmark = pytest.mark.slow

HERE, THERE = frozenset({"42218", "42207"}), frozenset({"42187"})
LATE = "2025-12-30"


def put(path: Path, rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)


def computed_from(folder: Path, year: int) -> Computed:
    return compute(
        Asked(folder, {"here": HERE, "there": THERE}, year=year, present={"42190": "42218"}, reference="here")
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty associations born in 2020 in Saint-Étienne, ten of them closed in 2023; one old one in an associated
    commune; a co-operative in Saint-Chamond; a shop, which is not of the ESS; nothing in Roanne but a shop."""
    folder = tmp_path_factory.mktemp("stock")
    units = [
        ("siren", "etatAdministratifUniteLegale", "categorieJuridiqueUniteLegale", "activitePrincipaleUniteLegale")
    ]
    places = [
        ("siren", "siret", "codeCommuneEtablissement", "etatAdministratifEtablissement",
         "trancheEffectifsEtablissement", "activitePrincipaleEtablissement", "etablissementSiege",
         "dateDernierTraitementEtablissement"),
    ]  # fmt: skip
    periods = [
        ("siret", "dateDebut", "dateFin", "etatAdministratifEtablissement", "activitePrincipaleEtablissement"),
    ]

    def add(siren: str, category: str, commune: str, naf: str, lives: Sequence[tuple[str, str, str]]) -> None:
        units.append((siren, "A", category, naf))
        places.append((siren, siren + "00017", commune, lives[-1][2], "01", naf, "true", "2026-01-05"))
        periods.extend((siren + "00017", start, until, state, naf) for start, until, state in lives)

    for number in range(40):
        closed = [("2020-01-01", "2022-12-31", "A"), ("2023-01-01", "", "F")]
        lives = closed if number < 10 else [("2020-01-01", "", "A")]
        add(f"10000{number:04d}", "9220", "42218", "88.99B", lives)
    add("200000001", "9220", "42190", "94.99Z", [("", "", "A")])
    add("200000002", "5460", "42207", "47.11B", [("2024-02-01", "", "A")])
    add("300000001", "5710", "42218", "47.11B", [("2021-01-01", "", "A")])
    add("300000002", "5710", "42187", "47.11B", [("2021-01-01", LATE, "A"), ("2025-12-31", "", "F")])
    put(folder / "StockUniteLegale.csv", units)
    put(folder / "StockEtablissement.csv", places)
    put(folder / "StockEtablissementHistorique.csv", periods)
    return folder


@pytest.fixture(scope="module")
def figures(folder: Path) -> dict[tuple[str, Cell], Figure]:
    computed = computed_from(folder, 2025)
    found = {(figure.indicator, figure.cell): figure for figure in computed.figures}
    twice = [
        f"{figure.indicator} {figure.cell}"
        for figure in computed.figures
        if found[figure.indicator, figure.cell] is not figure
    ]
    assert not twice, "a cell is told once"
    assert {f.query for f in computed.figures if f.indicator in ("births", "survival_3")} <= {*computed.queries, ""}
    return found


def test_the_ess_of_past_years(figures: dict[tuple[str, Cell], Figure]) -> None:
    past = {year: figures["establishments", Cell("here", year=year)] for year in range(2019, 2025)}
    assert {year: figure.value for year, figure in past.items()} == {
        2019: 1, 2020: 41, 2021: 41, 2022: 41, 2023: 31, 2024: 32,
    }  # fmt: skip
    assert {figure.because for figure in past.values()} == {"present_geography"}
    assert figures["establishments", Cell("here", year=2025)].value == 32
    assert figures["establishments", Cell("here", family="cooperative", year=2024)].value == 1
    assert figures["establishments", Cell("here", family="cooperative", year=2023)].value == 0
    assert figures["establishments", Cell("here", sector="S", year=2019)].value == 1


def test_births_and_closures(figures: dict[tuple[str, Cell], Figure]) -> None:
    births = {year: figures["births", Cell("here", year=year)].value for year in range(2020, 2026)}
    assert births == {2020: 40, 2021: 0, 2022: 0, 2023: 0, 2024: 1, 2025: 0}
    assert figures["closures", Cell("here", year=2023)].value == 10
    assert figures["closures", Cell("here", family="association", year=2023)].value == 10
    assert figures["births", Cell("here", sector="Q", year=2020)].value == 40
    assert ("births", Cell("here", "42207", year=2024)) not in figures, "communes are told for the year only"


def test_survival_with_its_band(figures: dict[tuple[str, Cell], Figure]) -> None:
    one, three = (figures[code, Cell("here", year=2025)] for code in ("survival_1", "survival_3"))
    assert (one.value, one.unit) == (Decimal(100), "percent")
    assert three.value is not None
    assert three.low is not None
    assert three.high is not None
    # 1096 days is over three years: at three years all forty are still there, at five thirty of them.
    assert three.value == 100
    five = figures["survival_5", Cell("here", year=2025)]
    assert five.value == 75
    assert five.low is not None
    assert five.high is not None
    assert five.low < 75 < five.high
    assert figures["survival_5", Cell("here", family="cooperative", year=2025)].status is Status.UNKNOWN


def test_a_territory_without_ess_is_never_a_silent_zero(figures: dict[tuple[str, Cell], Figure]) -> None:
    assert ("births", Cell("there", year=2021)) not in figures
    assert figures["births", Cell("there", year=2025)].status is Status.UNKNOWN
    survival = figures["survival_1", Cell("there", year=2025)]
    assert (survival.status, survival.because) == (Status.UNKNOWN, "not_followed")


def test_an_edition_of_a_past_year_counts_what_was_open_then(folder: Path) -> None:
    found = {(figure.indicator, figure.cell): figure for figure in computed_from(folder, 2022).figures}
    assert found["establishments", Cell("here", year=2022)].value == 41, "ten of them have closed since"
    assert found["employer_establishments", Cell("here", family="cooperative", year=2022)].value == 0
    assert found["births", Cell("here", year=2020)].value == 40
    assert not any(cell.year > 2022 for _indicator, cell in found)

"""The figures of a made-up stock, recounted in plain Python; what is unknown is never zero; Spark finds the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from toile.directory.imports.simulate import simulate_stock
from toile.directory.rules.ess import EssFacts, ess_membership
from toile.directory.rules.ess_parameters import ess_parameters
from toile.directory.rules.staff import STAFF_BANDS
from toile.kernel.figures import Cell, Figure, Status
from toile.panorama.computing.engines import EngineMissing
from toile.panorama.computing.figures_of import NOTHING, Telling
from toile.panorama.computing.run import OF_WHOLES, Asked, Computed, cities, compute
from toile.panorama.rules.sectors import sectors

YEAR = 2024
COMMUNES = [("42218", 170.0), ("42207", 35.0), ("42095", 17.0), ("42222", 1.0), ("69123", 60.0), ("69384", 35.0)]
METROPOLE, LYON = frozenset({"42218", "42207", "42095", "42237"}), frozenset({"69123"})
PERIMETERS = {"sem": METROPOLE, "lyon": LYON, "nowhere": frozenset({"01001"}), "france": None}
PRESENT = {"42222": "42218"}
EMPLOYER = {code: band for code, band in STAFF_BANDS.items() if band.low > 0}

Figures = dict[tuple[str, Cell], Figure]


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stock")
    everywhere = [(code, 1_000_000 * weight) for code, weight in COMMUNES]
    simulate_stock(folder, 8_000, 5, everywhere)
    return folder


@pytest.fixture(scope="module")
def computed(stock: Path) -> Computed:
    return compute(Asked(stock, PERIMETERS, YEAR, present=PRESENT, secrecy=False))


@pytest.fixture(scope="module")
def told(computed: Computed) -> Figures:
    found = {(figure.indicator, figure.cell): figure for figure in computed.figures}
    assert len(found) == len(computed.figures)
    return found


@pytest.fixture(scope="module")
def rows(stock: Path) -> list[dict[str, Any]]:
    """Each active establishment with its unit, as Python reads them."""
    query = (
        f"SELECT e.siren, e.codeCommuneEtablissement AS code, e.trancheEffectifsEtablissement AS band, "
        "e.activitePrincipaleEtablissement AS naf, e.etablissementSiege AS seat, "
        "u.categorieJuridiqueUniteLegale::VARCHAR AS category, u.activitePrincipaleUniteLegale AS unit_naf, "
        "u.economieSocialeSolidaireUniteLegale AS flag, u.denominationUniteLegale AS name "
        f"FROM '{stock}/StockEtablissement_utf8.parquet' e "
        f"JOIN '{stock}/StockUniteLegale_utf8.parquet' u USING (siren) "
        "WHERE e.etatAdministratifEtablissement = 'A'"
    )
    found = duckdb.sql(query)
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def located(rows: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], str, str | None]]:
    """Each row with its perimeters, present commune and family (None when it is not of the ESS)."""
    parameters = ess_parameters(date(YEAR, 12, 31))
    for row in rows:
        facts = EssFacts(row["name"] or "", row["category"], row["unit_naf"], None, row["flag"])
        verdict = ess_membership(facts, parameters)
        family = (verdict.family or "autre") if verdict.verdict == "yes" else None
        commune = {**PRESENT, "69384": "69123"}.get(row["code"], row["code"])
        for perimeter, communes in PERIMETERS.items():
            if communes is None or commune in communes:
                yield row | {"perimeter": perimeter}, commune, family


def test_establishments_employers_units_and_jobs_are_those_counted_by_hand(rows, told: Figures) -> None:
    counts: Counter[tuple[str, Cell]] = Counter()
    units: defaultdict[Cell, set[str]] = defaultdict(set)
    jobs: defaultdict[Cell, list[Any]] = defaultdict(list)
    for row, commune, family in located(rows):
        if family is None:
            continue
        perimeter, section = row["perimeter"], sectors(row["naf"]).section or ""
        communes = (Cell(perimeter, commune, year=YEAR),) if perimeter in ("sem", "lyon") else ()
        for cell in (
            Cell(perimeter, year=YEAR),
            Cell(perimeter, family=family, year=YEAR),
            Cell(perimeter, sector=section, year=YEAR),
            *communes,
        ):
            counts["establishments", cell] += 1
            units[cell].add(row["siren"])
            if row["band"] in EMPLOYER:
                counts["employer_establishments", cell] += 1
                jobs[cell].append(EMPLOYER[row["band"]])
    assert counts["establishments", Cell("sem", year=YEAR)] > 100
    for (indicator, cell), count in counts.items():
        assert told[indicator, cell].value == count, (indicator, cell)
    for cell, sirens in units.items():
        assert told["legal_units", cell].value == len(sirens)
    for cell, bands in jobs.items():
        figure = told["jobs", cell]
        assert (figure.low, figure.value, figure.high) == (
            sum(band.low for band in bands), sum(band.middle for band in bands), sum(band.high for band in bands),
        )  # fmt: skip


def test_the_two_shares_have_their_own_denominators(rows, told: Figures) -> None:
    every: Counter[str] = Counter()
    public: Counter[str] = Counter()
    for row, _commune, _family in located(rows):
        if row["band"] in EMPLOYER:
            every[row["perimeter"]] += EMPLOYER[row["band"]].middle
            public[row["perimeter"]] += EMPLOYER[row["band"]].middle if row["category"][0] in "47" else 0
    jobs = told["jobs", Cell("sem", year=YEAR)].value
    share = told["share_of_employment", Cell("sem", year=YEAR)]
    private = told["share_of_private_employment", Cell("sem", year=YEAR)]
    assert share.value == pytest.approx(100 * jobs / every["sem"])
    assert public["sem"] > 0 and private.value == pytest.approx(100 * jobs / (every["sem"] - public["sem"]))
    assert share.low < share.value < share.high
    quotient = told["location_quotient", Cell("sem", year=YEAR)]
    assert quotient.value == share.value / told["share_of_employment", Cell("france", year=YEAR)].value


def test_a_territory_is_not_told_against_itself_when_the_files_hold_nothing_else(stock: Path) -> None:
    everywhere = METROPOLE | LYON
    asked = Asked(stock, {"both": everywhere, "france": None}, YEAR, present=PRESENT, breakdowns=("total",))
    told = {figure.indicator: figure for figure in compute(asked).figures if figure.cell.perimeter == "both"}
    assert told["location_quotient"].because == "reference_unknown"


def test_head_offices_elsewhere_are_those_of_other_territories(rows, told: Figures) -> None:
    seats = {
        row["siren"]: commune for row, commune, _family in located(rows) if row["seat"] and row["perimeter"] == "france"
    }
    known = away = 0
    for row, _commune, family in located(rows):
        if family and row["perimeter"] == "sem" and row["band"] in EMPLOYER and (row["seat"] or row["siren"] in seats):
            known += 1
            away += not row["seat"] and seats[row["siren"]] not in METROPOLE
    figure = told["head_offices_elsewhere", Cell("sem", year=YEAR)]
    assert known and 0 < figure.value < 100
    assert abs(figure.value - Decimal(100 * away) / known) < 5  # the closed head offices of the files are known too


def test_a_territory_without_any_unit_is_unknown_and_a_commune_without_ess_is_zero(told: Figures) -> None:
    counted = ("employer_establishments", "establishments", "legal_units", "jobs", "share_of_employment")
    for indicator in (*counted, *OF_WHOLES):
        figure = told[indicator, Cell("nowhere", year=YEAR)]
        assert (figure.status, figure.because) == (Status.UNKNOWN, "no_unit")
    assert told["establishments", Cell("sem", "42237", year=YEAR)].because == "no_unit"
    assert told["births", Cell("sem", year=YEAR)].because == "no_source"
    empty = [figure for figure in told.values() if figure.value == 0 and figure.indicator == "establishments"]
    assert all(figure.status is Status.OK for figure in empty)


def test_sizes_not_known_are_counted_apart_and_never_as_no_employee(rows, told: Figures) -> None:
    unsaid = sum(
        family is not None and row["perimeter"] == "sem" and row["band"] in (None, "NN")
        for row, _c, family in located(rows)
    )
    apart = Cell("sem", size="inconnue", year=YEAR)
    assert told["establishments", apart].value == unsaid > 0
    assert told["employer_establishments", apart].because == "size_unknown"
    assert told["jobs", apart].status is Status.UNKNOWN
    assert told["jobs", Cell("sem", year=YEAR)].because == "sizes_partly_unknown"


def test_no_known_employer_is_no_zero_while_a_size_is_not_known() -> None:
    some = NOTHING._replace(cell=Cell("sem", year=YEAR), places=3, empty=1, unsaid=2)
    for counted, status in ((some, Status.UNKNOWN), (some._replace(unsaid=0), Status.OK)):
        told = {figure.indicator: figure for figure in Telling(()).counts(counted, "q")}
        assert {told[one].status for one in ("employer_establishments", "jobs")} == {status}


def test_old_codes_and_arrondissements_are_counted_in_their_commune(told: Figures, rows) -> None:
    assert cities()["75120"] == "75056" and cities()["69389"] == "69123" and cities()["13201"] == "13055"
    assert len(cities()) == 45
    codes = Counter(row["code"] for row, _c, family in located(rows) if family and row["perimeter"] == "lyon")
    assert set(codes) == {"69123", "69384"}
    assert told["establishments", Cell("lyon", "69123", year=YEAR)].value == codes.total()
    assert not any(cell.commune in ("69384", "42222") for _indicator, cell in told)


def test_each_figure_names_a_query_that_is_kept_and_says_what_it_reads(computed: Computed) -> None:
    assert {figure.query for figure in computed.figures if figure.value is not None} <= set(computed.queries)
    made: set[str] = {"stock_units", "stock_places"}
    for name, text in computed.queries.items():
        assert any(f'"{table}"' in text for table in made) or text.startswith("--"), name
        made.add(name)


def test_secrecy_hides_jobs_and_what_comes_from_them_but_no_count(stock: Path, told: Figures) -> None:
    computed = compute(Asked(stock, {"sem": METROPOLE, "france": None}, YEAR, present=PRESENT))
    hidden = [figure for figure in computed.figures if figure.status is Status.HIDDEN]
    assert hidden and {figure.indicator for figure in hidden} <= {
        "jobs", "share_of_employment", "share_of_private_employment", "location_quotient", "concentration",
    }  # fmt: skip
    for figure in computed.figures:
        if figure.status is Status.OK:
            assert figure.value == told[figure.indicator, figure.cell].value


def test_a_stock_without_size_classes_says_so(stock: Path, tmp_path: Path) -> None:
    for name in ("StockUniteLegale_utf8", "StockEtablissement_utf8"):
        lacking = "* EXCLUDE (trancheEffectifsEtablissement)" if "Etab" in name else "*"
        duckdb.sql(f"COPY (SELECT {lacking} FROM '{stock}/{name}.parquet') TO '{tmp_path}/{name}.parquet'")
    computed = compute(Asked(tmp_path, {"sem": METROPOLE}, YEAR, breakdowns=("total", "par_famille")))
    by_indicator = {figure.indicator: figure for figure in computed.figures if figure.cell == Cell("sem", year=YEAR)}
    assert by_indicator["jobs"].because == by_indicator["employer_establishments"].because == "column_missing"
    assert by_indicator["establishments"].value > 100


@pytest.mark.slow
def test_spark_finds_the_same_figures(stock: Path) -> None:
    pytest.importorskip("pyspark", reason="l’extra « spark » n’est pas installé")
    some = ("total", "par_commune")
    both = [
        compute(Asked(stock, PERIMETERS, YEAR, present=PRESENT, breakdowns=some, engine=engine))  # type: ignore[arg-type]
        for engine in ("duckdb", "spark")
    ]
    duck, spark = (sorted(one.figures, key=lambda f: (f.indicator, f.cell)) for one in both)
    assert duck == spark and len(duck) > 50
    assert list(both[0].queries) == list(both[1].queries)


def test_spark_that_is_not_installed_is_said_with_what_to_install(stock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("toile.panorama.computing.engines.find_spec", lambda name: None)
    with pytest.raises(EngineMissing, match="pip install"):
        compute(Asked(stock, {"sem": METROPOLE}, YEAR, engine="spark"))


def test_spark_without_java_says_so(stock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyspark", reason="l’extra « spark » n’est pas installé")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr("toile.panorama.computing.engines.shutil.which", lambda name: None)
    with pytest.raises(EngineMissing, match="Java 17"):
        compute(Asked(stock, {"sem": METROPOLE}, YEAR, engine="spark"))

"""What is said of files before anything is counted: what they lack, what that forbids, what is odd."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from toile.directory.rules.ess import FAMILIES, EssFacts, ess_membership, sirene_flag
from toile.directory.rules.ess_parameters import ess_parameters
from toile.directory.rules.reading_values import a_family
from toile.kernel.identifiers import clean_legal_category, clean_siren
from toile.panorama.computing.disagreements import CODES, disagreements
from toile.panorama.computing.engines import Running, engine
from toile.panorama.computing.files import open_files
from toile.panorama.computing.understanding import Understood, together, understand
from toile.panorama.computing.verdict import judged
from toile.panorama.telling_sources import SENTENCES, lines, sentence

TODAY = date(2026, 11, 21)
PARAMETERS = ess_parameters(TODAY)
COMMUNES = {"42218": "42218", "42190": "42218"}
UNITS = [
    ("siren", "etatAdministratifUniteLegale", "categorieJuridiqueUniteLegale", "economieSocialeSolidaireUniteLegale",
     "anneeEffectifsUniteLegale", "dateDernierTraitementUniteLegale"),
    ("000000001", "A", "9220", "O", "2023", "2025-12-30T08:00:00"),
    ("000000002", "A", "", "", "2023", "2026-01-02T08:00:00"),
    ("000000002", "A", "5710", "peut-être", "2022", ""),
    ("000000003", "C", "5710", "", "", ""),
]  # fmt: skip
PLACES = [
    ("siren", "siret", "codeCommuneEtablissement", "etatAdministratifEtablissement", "trancheEffectifsEtablissement",
     "anneeEffectifsEtablissement", "activitePrincipaleEtablissement"),
    ("000000001", "00000000100001", "42218", "A", "01", "2023", "88.99B"),
    ("000000001", "00000000100019", "42190", "A", "NN", "", "80.1Z"),
    ("000000002", "00000000200009", "99999", "A", "", "2021", "74.1J"),
    ("000000002", "00000000200017", "", "A", "7Z", "2023", ""),
    ("000000003", "", "42218", "F", "NN", "", "88.99B"),
    ("000000003", "00000000300007", "42218", "", "NN", "", "88.99B"),
]  # fmt: skip


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with engine() as opened:
        yield opened


def said(running: Running, folder: Path, **files: Sequence[Sequence[str]]) -> dict[str, Understood]:
    """Kind → what is understood of it."""
    for name, rows in files.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(rows)
    with open_files(running.connection, folder) as opened:
        return {one.kind: one for one in understand(running, opened, today=TODAY, communes=COMMUNES)}


def remarks(one: Understood) -> dict[str, tuple[int, int]]:
    return {remark.code: (remark.count, remark.of) for remark in one.remarks}


def test_what_is_odd_in_the_establishments_is_counted(running: Running, tmp_path: Path) -> None:
    places = said(running, tmp_path, StockEtablissement=PLACES)["stock_places"]
    assert remarks(places) == {
        "active": (4, 6),
        "state_missing": (1, 6),
        "size_nn": (1, 4),
        "size_empty": (1, 4),
        "size_unread": (1, 4),
        "years_mixed": (1, 3),
        "activity_missing": (1, 4),
        "activity_unknown": (1, 4),
        "siret_missing": (1, 6),
        "commune_missing": (1, 6),
        "commune_changed": (1, 6),
        "commune_unknown": (1, 6),
    }
    assert places.years == {"2021": 1, "2023": 2}
    assert next(one for one in places.remarks if one.code == "commune_unknown").examples == ("99999",)


def test_what_is_odd_in_the_units_is_counted(running: Running, tmp_path: Path) -> None:
    units = said(running, tmp_path, StockUniteLegale=UNITS)["stock_units"]
    assert remarks(units) == {
        "active": (3, 4),
        "flag_empty": (1, 3),
        "flag_unread": (1, 3),
        "category_missing": (1, 3),
        "years_mixed": (1, 3),
        "siren_repeated": (1, 4),
    }
    assert units.vintage == "2026-01-02"


def test_what_is_missing_forbids_what_needs_it_and_nothing_else(running: Running, tmp_path: Path) -> None:
    without = [[cell for cell, name in zip(row, PLACES[0], strict=True) if name[:7] != "tranche"] for row in PLACES]
    found = said(running, tmp_path, StockEtablissement=without, StockUniteLegale=UNITS)
    places = found["stock_places"]
    assert "trancheEffectifsEtablissement" in places.missing
    assert {"jobs", "employer_establishments", "share_of_employment"} <= set(places.forbids)
    assert not {"establishments", "legal_units", "births"} & set(places.forbids)
    impossible = set(together(list(found.values())).impossible)
    assert {"jobs", "births", "survival_5"} <= impossible
    assert not {"establishments", "legal_units"} & impossible


def test_the_official_history_alone_is_of_nowhere(running: Running, tmp_path: Path) -> None:
    periods = [
        ("siret", "dateDebut", "dateFin", "etatAdministratifEtablissement"),
        ("00000000100001", "2027-01-01", "", "A"),
    ]
    units_and_history = said(running, tmp_path, StockUniteLegale=UNITS, StockEtablissementHistorique=periods)
    assert remarks(units_and_history["history"])["to_come"] == (1, 1)
    as_a_whole = together(list(units_and_history.values()))
    assert {remark.code for remark in as_a_whole.remarks} == {"history_nowhere", "present_geography"}
    assert "births" in as_a_whole.impossible
    with_places = said(running, tmp_path, StockEtablissement=PLACES)
    assert "births" not in together(list(with_places.values())).impossible


def test_an_empty_file_says_so(running: Running, tmp_path: Path) -> None:
    places = said(running, tmp_path, StockEtablissement=PLACES[:1])["stock_places"]
    assert set(remarks(places)) == {"empty", "nothing_active"}


def test_what_is_understood_is_json_and_told_in_french(running: Running, tmp_path: Path) -> None:
    found = said(running, tmp_path, StockEtablissement=PLACES, StockUniteLegale=UNITS)
    told = "\n".join(lines(json.loads(json.dumps([one.as_json() for one in found.values()]))))
    assert "StockEtablissement.csv : 6 lignes." in told
    assert "Tranche d’effectif « NN » : 1 sur 4 (25,0\u00a0%)" in told
    assert "Code de commune inconnu, compté dans aucun territoire : 1 sur 6 (16,7\u00a0%) (99999)." in told


def test_a_small_share_is_never_told_as_nothing() -> None:
    small = {"code": "size_nn", "count": 1, "of": 100_000, "examples": ()}
    assert "moins de 0,1" in sentence(small)


def test_every_remark_has_its_sentence_and_every_sentence_fills() -> None:
    assert set(CODES) <= set(SENTENCES)
    for code in SENTENCES:
        assert "%" not in sentence({"code": code, "count": 2, "of": 0, "examples": ("x",)}), code


def test_each_disagreement_is_counted_where_it_is(running: Running, tmp_path: Path) -> None:
    rows = [
        ("siren", "sources", "categorie_juridique", "naf", "flag_ess_sirene", "famille_ess"),
        ("000000001", "ess_france", "9220", "88.99B", "N", ""),
        ("000000002", "ess_france", "7410", "88.99B", "", ""),
        ("000000003", "ess_france", "9220", "94.91Z", "", ""),
        ("000000004", "sirene", "9110", "68.32A", "O", ""),
        ("000000005", "sirene", "9220", "88.99B", "N", ""),
        ("000000006", "ess_france", "5710", "88.99B", "", "cooperative"),
        ("000000007", "ess_france", "9220", "88.99B", "O", "fondation"),
    ]
    path = tmp_path / "liste.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    with open_files(running.connection, path) as opened:
        assert opened.listed is not None
        assert opened.ess_list is not None
        found = disagreements(running, opened.listed, opened.ess_list, PARAMETERS)
        (understood,) = understand(running, opened, today=TODAY)
    assert {one.code: (one.count, one.examples) for one in found} == {
        "listed_flag_no": (1, ("9220",)),
        "listed_form_no": (2, ("7410", "9220")),
        "flag_yes_form_no": (1, ("9110",)),
        "flag_no_form_yes": (2, ("9220",)),
        "listed_alone": (1, ("5710",)),
        "flag_yes_not_listed": (1, ("9110",)),
        "family_differs": (1, ("9220",)),
    }
    assert {one.of for one in found} == {7}
    assert set(CODES) <= set(remarks(understood)), "the page says them of the list"


def test_a_list_alone_opposes_nobody(running: Running, tmp_path: Path) -> None:
    alone = said(running, tmp_path, liste_ess=[("SIREN", "Nom"), ("000000001", "x")])
    assert set(remarks(alone["ess_list"])) == {"listed", "family_missing"}
    beside = said(running, tmp_path, StockUniteLegale=[*UNITS, ("000000001", "A", "9110", "", "", "")])
    assert remarks(beside["ess_list"])["listed_form_no"] == (1, 5)


# --- The real lists of the ESS: families, verdicts and disagreements, counted again in plain Python -------------------


def read_again(path: Path) -> dict[str, EssFacts]:
    """SIREN → what the list says of it, one row each, read in plain Python."""
    found: dict[str, EssFacts] = {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream, delimiter=";" if path.name.endswith("tessstcsv.csv") else ","):
            siren = clean_siren(row["siren"]).value
            if siren is None:
                continue
            assert siren not in found
            names = (row.get(column, "") for column in ("nom_usage", "denomination", "denominationUniteLegale"))
            found[siren] = EssFacts(
                name=" ".join(name for name in names if name and name != "[ND]"),
                legal_category=clean_legal_category(
                    row.get("categorie_juridique") or row.get("categorieJuridiqueUniteLegale")
                ).value,
                naf=row.get("naf") or row.get("activitePrincipaleUniteLegale") or None,
                sirene_flag=sirene_flag(row.get("flag_ess_sirene") or row.get("economieSocialeSolidaireUniteLegale")),
                in_ess_list="ess_france" in row["sources"].split("|"),
                list_family=a_family(row.get("famille_ess")),  # type: ignore[arg-type]
            )
    return found


def disagreements_again(units: dict[str, EssFacts]) -> dict[str, int]:
    counted = Counter[str](dict.fromkeys(CODES, 0))
    for facts in units.values():
        form = ess_membership(EssFacts(legal_category=facts.legal_category, naf=facts.naf), PARAMETERS)
        silent = form.verdict not in ("yes", "no")
        if facts.in_ess_list:
            counted["listed_flag_no"] += facts.sirene_flag == "N"
            counted["listed_form_no"] += form.verdict == "no"
            counted["listed_alone"] += facts.sirene_flag is None and silent
            of_form = PARAMETERS.forms.get(facts.legal_category or "")
            families = {facts.list_family, of_form.family if of_form else None} - {None}
            counted["family_differs"] += len(families) == 2
        else:
            counted["flag_yes_not_listed"] += facts.sirene_flag == "O"
        counted["flag_yes_form_no"] += facts.sirene_flag == "O" and form.verdict == "no"
        counted["flag_no_form_yes"] += facts.sirene_flag == "N" and form.verdict == "yes"
    return dict(counted)


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    [
        "x_enriched",
        "x_label_studio",
        "x_consolidated",
        "x_consolidated_tessstcsv",
        "04_ess_flag_insee",
        "02_cate_x_naf",
    ],
)
def test_the_real_lists_give_the_families_and_verdicts_of_a_plain_count(
    running: Running, shared_data: Any, name: str
) -> None:
    path = shared_data / f"ess/{name}.csv"
    expected = read_again(path)
    with open_files(running.connection, path) as opened:
        assert opened.listed is not None
        assert opened.ess_list is not None
        table = judged(opened.listed, PARAMETERS, opened.ess_list)
        rows = running.fetch(table.select("siren", "verdict", "family")).to_pylist()
        found = disagreements(running, opened.listed, opened.ess_list, PARAMETERS)
    verdicts = {siren: ess_membership(facts, PARAMETERS) for siren, facts in expected.items()}
    assert {row["siren"]: (row["verdict"], row["family"]) for row in rows} == {
        siren: (one.verdict, one.family or "") for siren, one in verdicts.items()
    }
    assert {one.code: one.count for one in found} == disagreements_again(expected)
    if name == "x_enriched":
        families = Counter(row["family"] for row in rows if row["verdict"] == "yes")
        assert sum(families.values()) == 2513
        assert set(families) <= {*FAMILIES, ""}
        assert {one.code: one.count for one in found}["flag_yes_not_listed"] == 1022


@pytest.mark.shared
def test_the_real_list_of_the_inclusion_market_gives_its_kinds(running: Running, shared_data: Any) -> None:
    path = shared_data / "siae/siaes.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        pairs = {(row["siret"][:9], row["kind"].lower()) for row in csv.DictReader(stream)}
    with open_files(running.connection, path) as opened:
        assert opened.approvals is not None
        rows = running.fetch(opened.approvals.select("siren", "kind")).to_pylist()
    assert {(row["siren"], row["kind"]) for row in rows} == pairs
    assert len(rows) == len(pairs)

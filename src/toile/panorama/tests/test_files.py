"""What was dropped, opened: the same rows from every format, what is missing named, and what cannot be used refused."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pytest

from toile.directory.imports import stock_columns as official
from toile.directory.imports.stock_files import WrongStock
from toile.kernel.errors import UserError
from toile.kernel.tabular import TruncatedTable
from toile.panorama.computing.files import Given, Opened, WrongSources, open_files
from toile.panorama.computing.layouts import guess, layouts

UNITS = (
    ("siren", "etatAdministratifUniteLegale", "categorieJuridiqueUniteLegale", "economieSocialeSolidaireUniteLegale",
     "denominationUniteLegale", "activitePrincipaleUniteLegale"),
    ("005520135", "A", "9220", "O", "LE PRE VERT", "88.99B"),
    ("356000000", "A", "5710", "", "[ND]", "53.10Z"),
)  # fmt: skip
PLACES = (
    ("siren", "siret", "codeCommuneEtablissement", "etatAdministratifEtablissement", "trancheEffectifsEtablissement"),
    ("005520135", "00552013500017", "01004", "A", "01"),
    ("356000000", "35600000000048", "42218", "A", " NN "),
)
HISTORY = (
    ("siret", "dateDebut", "dateFin", "etatAdministratifEtablissement", "activitePrincipaleEtablissement"),
    ("00552013500017", "2015-01-01", "", "A", "88.99B"),
)


@pytest.fixture(scope="module")
def connection() -> Iterator[Any]:
    opened = ibis.duckdb.connect()
    yield opened
    opened.disconnect()


def text(rows: Sequence[Sequence[str]], separator: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows(rows)
    return out.getvalue()


def put(path: Path, rows: Sequence[Sequence[str]], separator: str = ",") -> Path:
    path.write_text(text(rows, separator), encoding="utf-8")
    return path


def stock(folder: Path, units: Sequence[Sequence[str]] = UNITS, places: Sequence[Sequence[str]] = PLACES) -> Path:
    put(folder / "StockUniteLegale_utf8.csv", units)
    put(folder / "StockEtablissement_utf8.csv", places)
    return folder


def rows(table: Any, *columns: str) -> list[tuple[Any, ...]]:
    read = table.select(*columns).to_pyarrow().to_pylist()
    return sorted((tuple(row[column] for column in columns) for row in read), key=str)


def all_rows(opened: Opened) -> tuple[Any, ...]:
    """Everything but the names, which a plain Parquet keeps as they are written."""
    units, places = opened.stock()
    told = [column for column in units.columns if not column.startswith("denomination")]
    return rows(units, *told), rows(places, *places.columns)


def as_parquet(source: Path, target: Path, types: str = "all_varchar=true") -> None:
    with duckdb.connect() as base:
        base.execute(f"COPY (SELECT * FROM read_csv('{source}', {types})) TO '{target}' (FORMAT parquet)")


@pytest.mark.parametrize("format_", ["semicolons", "zip", "gz", "parquet", "numbers", "lost_zeros", "latin-1"])
def test_every_format_gives_the_same_rows(format_: str, tmp_path: Path, connection: Any) -> None:
    plain, other = tmp_path / "plain", tmp_path / "other"
    plain.mkdir()
    other.mkdir()
    stock(plain)
    for source, table in (("StockUniteLegale_utf8", UNITS), ("StockEtablissement_utf8", PLACES)):
        if format_ == "semicolons":
            put(other / f"{source}.csv", table, ";")
        elif format_ == "zip":
            with zipfile.ZipFile(other / f"{source}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(f"{source}.csv", text(table))
        elif format_ == "gz":
            (other / f"{source}.csv.gz").write_bytes(gzip.compress(text(table).encode()))
        elif format_ == "parquet":
            as_parquet(plain / f"{source}.csv", other / f"{source}.parquet")
        elif format_ == "numbers":
            as_parquet(plain / f"{source}.csv", other / f"{source}.parquet", "auto_detect=true")
        elif format_ == "lost_zeros":
            put(other / f"{source}.csv", [table[0], *([cell.lstrip("0") for cell in row] for row in table[1:])])
        else:
            (other / f"{source}.csv").write_bytes(text(table).encode("latin-1"))
    with open_files(connection, plain) as opened:
        expected = all_rows(opened)
    with open_files(connection, other) as opened:
        assert all_rows(opened) == expected


def test_the_columns_are_official_text_and_what_is_not_said_is_null(tmp_path: Path, connection: Any) -> None:
    with open_files(connection, stock(tmp_path)) as opened:
        units, places = opened.stock()
        assert tuple(units.columns) == official.UNITE_LEGALE_ASKED
        assert tuple(places.columns) == official.ETABLISSEMENT_ASKED
        assert {str(kind) for kind in (*units.schema().types, *places.schema().types)} == {"string"}
        assert rows(units, "siren", "denominationUniteLegale", "economieSocialeSolidaireUniteLegale") == [
            ("005520135", "LE PRE VERT", "O"),
            ("356000000", None, None),
        ]
        assert rows(places, "trancheEffectifsEtablissement", "dateDebut") == [("01", None), ("NN", None)]
        units_found, places_found = sorted(opened.found, key=lambda one: one.kind, reverse=True)
        assert (units_found.kind, places_found.kind) == ("stock_units", "stock_places")
        assert "anneeEffectifsEtablissement" in places_found.missing
        assert places_found.rows == 2


def test_what_a_file_must_have_is_named_when_it_lacks(tmp_path: Path, connection: Any) -> None:
    lame = [[cell for cell, name in zip(row, PLACES[0], strict=True) if name[:4] != "code"] for row in PLACES]
    with (
        pytest.raises(WrongStock, match="il lui manque codeCommuneEtablissement"),
        open_files(connection, stock(tmp_path, places=lame)),
    ):
        pass


def test_files_whose_names_were_swapped_are_told_by_their_columns(tmp_path: Path, connection: Any) -> None:
    with open_files(connection, stock(tmp_path, units=PLACES, places=UNITS)) as opened:
        assert rows(opened.units, "siren", "categorieJuridiqueUniteLegale") == [
            ("005520135", "9220"),
            ("356000000", "5710"),
        ]


def test_a_stock_without_its_units_says_which_file_it_lacks(tmp_path: Path, connection: Any) -> None:
    put(tmp_path / "StockEtablissement.csv", PLACES)
    with open_files(connection, tmp_path) as opened, pytest.raises(WrongSources, match="StockUniteLegale"):
        opened.stock()


def test_two_files_of_one_sort_are_not_added(tmp_path: Path, connection: Any) -> None:
    stock(tmp_path)
    put(tmp_path / "StockEtablissement_42.csv", PLACES)
    with pytest.raises(WrongSources, match="gardez-en un seul"), open_files(connection, tmp_path):
        pass


def test_what_is_nothing_is_passed_over_in_a_folder_and_refused_by_name(tmp_path: Path, connection: Any) -> None:
    recipe = put(stock(tmp_path) / "recettes.csv", [("plat", "prix"), ("soupe", "4")])
    (tmp_path / "notes.txt").write_text("un seul mot", encoding="utf-8")
    with open_files(connection, tmp_path) as opened:
        assert opened.ignored == ("notes.txt", "recettes.csv")
        assert opened.kinds == {"stock_units", "stock_places"}
    with pytest.raises(WrongSources, match=r"recettes\.csv"), open_files(connection, recipe):
        pass


def test_a_folder_of_nothing_says_so(tmp_path: Path, connection: Any) -> None:
    with pytest.raises(WrongSources, match="aucun fichier"), open_files(connection, tmp_path):
        pass


def test_lines_that_cannot_be_cut_are_counted_with_their_numbers(tmp_path: Path, connection: Any) -> None:
    stock(tmp_path)
    with (tmp_path / "StockEtablissement_utf8.csv").open("a") as out:
        out.write("356000000,35600000000055\n356000000,35600000000063,42218,A,11\n")
    with open_files(connection, tmp_path) as opened:
        places = next(one for one in opened.found if one.kind == "stock_places")
        assert (places.rows, places.bad, places.where) == (3, 1, (4,))


def test_a_stock_that_cannot_be_read_is_never_passed_over(tmp_path: Path, connection: Any) -> None:
    (stock(tmp_path) / "StockEtablissement_utf8.csv").write_bytes(b"%PDF-1.7")
    with pytest.raises(UserError, match="PDF"), open_files(connection, tmp_path):
        pass


def test_a_gzip_cut_short_is_refused(tmp_path: Path, connection: Any) -> None:
    whole = gzip.compress(text([PLACES[0], *[PLACES[1]] * 500]).encode())
    cut = tmp_path / "StockEtablissement.csv.gz"
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(TruncatedTable), open_files(connection, cut):
        pass


def test_periods_made_by_others_are_a_history_too(tmp_path: Path, connection: Any) -> None:
    theirs = [("siret", "dateDebut", "dateFin", "etat", "code_ape", "code_commune"), (*HISTORY[1], "42218")]
    with open_files(connection, put(tmp_path / "periodes.csv", theirs)) as opened:
        assert rows(opened.history, "siren", "siret", "etatAdministratifEtablissement", "codeCommuneEtablissement") == [
            ("005520135", "00552013500017", "A", "42218")
        ]
    with open_files(connection, put(tmp_path / "StockEtablissementHistorique.csv", HISTORY)) as opened:
        assert opened.kinds == {"history"}
        assert rows(opened.history, "activitePrincipaleEtablissement", "codeCommuneEtablissement") == [("88.99B", None)]


def test_the_list_of_the_ess_alone_and_merged(tmp_path: Path, connection: Any) -> None:
    alone = put(tmp_path / "liste-des-entreprises-de-less.csv", [("SIREN", "Nom"), ("5520135", "x"), ("?", "y")])
    with open_files(connection, alone) as opened:
        assert rows(opened.ess_list, "siren", "family") == [("005520135", None)]
        assert opened.found[0].bad == 1
    merged = [
        ("siren", "sources", "famille_ess", "flag_ess_sirene"),
        ("5520135", "ess_france|sirene", "association", "True"),
        ("356000000", "esus|sirene", "", ""),
        ("356000000", "ESS France", "cooperative", ""),
    ]
    with open_files(connection, put(tmp_path / "x.csv", merged)) as opened:
        assert rows(opened.ess_list, "siren", "family") == [("005520135", "association"), ("356000000", "cooperative")]
        assert rows(opened.approvals, "siren", "kind") == [("356000000", "esus")]
        assert rows(opened.listed, "siren", "economieSocialeSolidaireUniteLegale") == [
            ("005520135", "O"),
            ("356000000", None),
        ]


def test_approvals_of_the_directory_and_of_the_inclusion_market(tmp_path: Path, connection: Any) -> None:
    ours = [("siren", "type", "commune", "famille_ess"), ("005520135", "esus", "42218", ""), ("", "aci", "42095", "")]
    with open_files(connection, put(tmp_path / "annuaire-approvals.csv", ours)) as opened:
        assert rows(opened.approvals, "siren", "kind", "commune") == [
            ("005520135", "esus", "42218"),
            (None, "aci", "42095"),
        ]
    theirs = [("pk", "siret", "kind"), ("1", "00552013500017", "ACI")]
    with open_files(connection, put(tmp_path / "siaes.csv", theirs)) as opened:
        assert rows(opened.approvals, "siren", "kind") == [("005520135", "aci")]


def test_a_kind_said_by_a_person_is_heard_when_the_columns_say_nothing(tmp_path: Path, connection: Any) -> None:
    path = put(tmp_path / "3f2a", [("SIREN", "Nom"), ("005520135", "x")])
    with open_files(connection, [Given(path, "export.csv", "ess_list")]) as opened:
        assert opened.found[0].file == "export.csv"
        assert opened.kinds == {"ess_list"}


def until_2018(**changed: str) -> list[tuple[str, ...]]:
    row = {"SIREN": "005520135", "NIC": "00017", "DEPET": "42", "COMET": "218", "NJ": "9220", "ESS": "O",
           "APET700": "8899B", "TEFET": "02", "L6_NORMALISEE": "42000 SAINT ETIENNE"} | changed  # fmt: skip
    return [tuple(row), tuple(row.values())]


def test_the_layout_until_2018_gives_both_files_even_without_some_columns(tmp_path: Path, connection: Any) -> None:
    table = until_2018()
    table.append(("005520135", "00025", *table[1][2:]))
    with open_files(connection, put(tmp_path / "sirc-17804.csv", table, ";")) as opened:
        assert rows(opened.units, "siren", "categorieJuridiqueUniteLegale", "economieSocialeSolidaireUniteLegale") == [
            ("005520135", "9220", "O")
        ], "a unit is repeated by each of its establishments"
        assert rows(opened.places, "siret", "codeCommuneEtablissement", "activitePrincipaleEtablissement") == [
            ("00552013500017", "42218", "88.99B"),
            ("00552013500025", "42218", "88.99B"),
        ]
        assert all(one.until_2018 for one in opened.found)
        assert "anneeEffectifsEtablissement" in opened.found[1].missing


def test_the_layout_until_2018_without_its_place_names_what_it_lacks(tmp_path: Path, connection: Any) -> None:
    table = [row[:3] + row[4:] for row in until_2018()]
    with pytest.raises(WrongStock, match="COMET"), open_files(connection, put(tmp_path / "sirc.csv", table)):
        pass


def test_every_layout_is_told_by_its_own_columns() -> None:
    assert [guess("x.csv", layout.marks) for layout in layouts()] == list(layouts())


@pytest.mark.shared
def test_the_real_extract_of_2018_is_understood(shared_data: Any, connection: Any) -> None:
    real = shared_data / "sirene/ancien_format_2018_extrait.csv"
    with real.open(encoding="utf-8", newline="") as stream:
        expected = list(csv.DictReader(stream))
    with open_files(connection, real) as opened:
        read = rows(opened.places, "siret", "codeCommuneEtablissement", "trancheEffectifsEtablissement")
        categories = rows(opened.units, "siren", "categorieJuridiqueUniteLegale")
    assert read == sorted(
        ((row["SIREN"] + row["NIC"], row["DEPET"] + row["COMET"], row["TEFET"]) for row in expected), key=str
    )
    assert categories == sorted({(row["SIREN"], row["NJ"]) for row in expected})
    assert (len(read), len(categories)) == (99, 97)


@pytest.mark.shared
def test_the_real_files_of_saint_etienne_are_refused_with_what_they_lack(shared_data: Any, connection: Any) -> None:
    real = shared_data / "sirene/etablissements_saint_etienne_2022.csv"
    with pytest.raises(UserError, match="codeCommuneEtablissement"), open_files(connection, real):
        pass

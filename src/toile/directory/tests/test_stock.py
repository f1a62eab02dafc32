"""Reading of the official stock: the same rows from every format, what is missing said, a bad file refused whole."""

import csv
import zipfile

import duckdb
import pytest

from toile.directory.imports.simulate import simulate_stock
from toile.directory.imports.stock import read_stock
from toile.directory.imports.stock_files import UnreadableStock, WrongStock
from toile.kernel.errors import UserError
from toile.kernel.tabular import TruncatedTable, ZipRefused

pytestmark = pytest.mark.slow

CODES = {"42218": "42218", "42190": "42218", "42207": "42207"}
WEIGHTS = [("42218", 6_000_000), ("42190", 400_000), ("42207", 3_000_000)]
ROWS = 4_000


@pytest.fixture(scope="module")
def csv_stock(tmp_path_factory):
    return simulate_stock(tmp_path_factory.mktemp("csv"), ROWS, 11, WEIGHTS, "csv")


@pytest.fixture(scope="module")
def parquet_stock(tmp_path_factory):
    return simulate_stock(tmp_path_factory.mktemp("parquet"), ROWS, 11, WEIGHTS, "parquet")


def zipped(path, target):
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, path.name)
    return target


def rows_of(unites, etablissements, codes=CODES):
    with read_stock(unites, etablissements, codes) as reading:
        return reading, list(reading.dicts())


def rewritten(path, target, change):
    """A copy of a CSV whose rows went through `change`."""
    with path.open(newline="") as source, target.open("w", newline="") as out:
        rows = [change(row) for row in csv.DictReader(source)]
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return target


def test_csv_zip_and_parquet_give_the_same_rows(csv_stock, parquet_stock, tmp_path):
    reading, from_csv = rows_of(csv_stock.unites, csv_stock.etablissements)
    _, from_zip = rows_of(
        zipped(csv_stock.unites, tmp_path / "u.zip"), zipped(csv_stock.etablissements, tmp_path / "e.zip")
    )
    in_parquet, from_parquet = rows_of(parquet_stock.unites, parquet_stock.etablissements)
    assert len(from_csv) > 300
    assert from_csv == from_zip == from_parquet
    assert reading.read == in_parquet.read == ROWS
    assert reading.kept == in_parquet.kept == len(from_csv)
    assert reading.without_unit == 0


def test_the_rows_kept_are_those_of_the_communes_sorted_by_siret(csv_stock):
    _, rows = rows_of(csv_stock.unites, csv_stock.etablissements)
    with csv_stock.etablissements.open(newline="") as source:
        expected = sorted(row["siret"] for row in csv.DictReader(source) if row["codeCommuneEtablissement"] in CODES)
    assert [row["siret"] for row in rows] == expected


def test_an_old_commune_goes_to_its_present_one_and_keeps_what_was_said(csv_stock):
    _, rows = rows_of(csv_stock.unites, csv_stock.etablissements)
    moved = {(row["codeCommuneEtablissement"], row["commune"]) for row in rows}
    assert moved == {("42218", "42218"), ("42190", "42218"), ("42207", "42207")}


def test_a_plain_list_of_codes_is_enough(csv_stock):
    _, rows = rows_of(csv_stock.unites, csv_stock.etablissements, ["42207"])
    assert {row["commune"] for row in rows} == {"42207"}


def test_values_are_those_of_the_unit_and_hidden_ones_are_unknown(csv_stock):
    with csv_stock.unites.open(newline="") as source:
        units = {row["siren"]: row for row in csv.DictReader(source)}
    _, rows = rows_of(csv_stock.unites, csv_stock.etablissements)
    for row in rows:
        unit = units[row["siren"]]
        assert row["categorieJuridiqueUniteLegale"] == unit["categorieJuridiqueUniteLegale"]
        assert row["denominationUniteLegale"] == (unit["denominationUniteLegale"].replace("[ND]", "") or None)
    assert "[ND]" not in {value for row in rows for value in row.values()}
    assert any(row["statutDiffusionUniteLegale"] == "P" for row in rows)


def test_batches_have_the_size_asked_and_the_declared_columns(parquet_stock):
    with read_stock(parquet_stock.unites, parquet_stock.etablissements, CODES, batch=100) as reading:
        sizes = [len(batch) for batch in reading]
        assert all(len(row) == len(reading.columns) for batch in reading for row in batch)
    assert set(sizes[:-1]) == {100}
    assert sum(sizes) == reading.kept


def test_columns_that_an_older_layout_lacks_are_unknown_and_told(csv_stock, tmp_path):
    lacking = {"economieSocialeSolidaireUniteLegale", "societeMissionUniteLegale", "activitePrincipaleNAF25UniteLegale"}
    older = rewritten(
        csv_stock.unites,
        tmp_path / "u.csv",
        lambda row: {name: value for name, value in row.items() if name not in lacking},
    )
    reading, rows = rows_of(older, csv_stock.etablissements)
    assert set(reading.missing["u.csv"]) == lacking
    assert reading.missing[csv_stock.etablissements.name] == []
    assert {row["economieSocialeSolidaireUniteLegale"] for row in rows} == {None}


def test_an_establishment_whose_unit_is_absent_is_kept_and_counted(csv_stock, tmp_path):
    with csv_stock.unites.open(newline="") as source:
        lines = source.readlines()
    short = tmp_path / "u.csv"
    short.write_text("".join(lines[:10]))
    reading, rows = rows_of(short, csv_stock.etablissements)
    assert reading.without_unit > 0
    assert len(rows) == reading.kept
    assert sum(row["etatAdministratifUniteLegale"] is None for row in rows) == reading.without_unit


def test_a_siret_missing_is_made_of_siren_and_nic(csv_stock, tmp_path):
    without = rewritten(
        csv_stock.etablissements,
        tmp_path / "e.csv",
        lambda row: {name: value for name, value in row.items() if name != "siret"},
    )
    assert rows_of(csv_stock.unites, without)[1] == rows_of(csv_stock.unites, csv_stock.etablissements)[1]


def test_numbers_that_lost_their_zeros_get_them_back(tmp_path):
    unites, etablissements = tmp_path / "u.parquet", tmp_path / "e.parquet"
    with duckdb.connect() as base:
        base.execute(f"COPY (SELECT 5520135::BIGINT AS siren, 9220 AS categorieJuridiqueUniteLegale) TO '{unites}'")
        base.execute(
            "COPY (SELECT 5520135::BIGINT AS siren, 552013500017::BIGINT AS siret, 1004 AS codeCommuneEtablissement) "
            f"TO '{etablissements}'"
        )
    _, rows = rows_of(unites, etablissements, ["01004"])
    assert [(row["siren"], row["siret"], row["commune"]) for row in rows] == [("005520135", "00552013500017", "01004")]


def test_a_broken_line_is_refused_and_the_others_are_kept(csv_stock, tmp_path):
    lines = csv_stock.etablissements.read_text().splitlines(keepends=True)
    whole = len(rows_of(csv_stock.unites, csv_stock.etablissements)[1])
    lines.insert(3, "trop,peu\n")
    broken = tmp_path / "e.csv"
    broken.write_text("".join(lines))
    reading, rows = rows_of(csv_stock.unites, broken)
    assert [(refused.line, refused.reason) for refused in reading.refused] == [(4, "trop peu de colonnes")]
    assert len(rows) == whole
    assert reading.read == ROWS


@pytest.mark.parametrize("name", ["csv_stock", "parquet_stock"])
def test_files_given_the_wrong_way_round_are_told(request, name):
    stock = request.getfixturevalue(name)
    with pytest.raises(WrongStock, match="inversés"):
        rows_of(stock.etablissements, stock.unites)


def test_another_table_is_refused_with_the_columns_it_lacks(csv_stock, tmp_path):
    other = tmp_path / "liste.csv"
    other.write_text("nom,ville\nA,Lyon\n")
    with pytest.raises(WrongStock, match="codeCommuneEtablissement"):
        rows_of(csv_stock.unites, other)


def test_a_truncated_csv_is_refused_before_anything_is_given(csv_stock, tmp_path):
    cut = tmp_path / "e.csv"
    cut.write_bytes(csv_stock.etablissements.read_bytes()[:-60])
    with pytest.raises(TruncatedTable, match="tronqué"):
        rows_of(csv_stock.unites, cut)


def test_a_truncated_parquet_or_zip_is_refused(parquet_stock, csv_stock, tmp_path):
    cut = tmp_path / "e.parquet"
    cut.write_bytes(parquet_stock.etablissements.read_bytes()[:-1000])
    with pytest.raises(UnreadableStock, match="incomplet"):
        rows_of(parquet_stock.unites, cut)
    archive = zipped(csv_stock.etablissements, tmp_path / "e.zip")
    archive.write_bytes(archive.read_bytes()[:-1000])
    with pytest.raises(TruncatedTable, match="incomplète"):
        rows_of(csv_stock.unites, archive)


def test_a_parquet_damaged_in_the_middle_is_refused(parquet_stock, tmp_path):
    content = bytearray(parquet_stock.etablissements.read_bytes())
    content[200:20_000] = b"\xff" * 19_800
    damaged = tmp_path / "e.parquet"
    damaged.write_bytes(bytes(content))
    with pytest.raises(UserError, match="abîmé"):
        rows_of(parquet_stock.unites, damaged)


def test_a_zip_bomb_is_refused(csv_stock, tmp_path):
    bomb = tmp_path / "e.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("StockEtablissement_utf8.csv", "siren,siret\n" + "0" * 40_000_000)
    with pytest.raises(ZipRefused):
        rows_of(csv_stock.unites, bomb)


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"\x00\x01\x02", b"PAR1", b"PK\x03\x04", b"siren\n", b"a,a\n1,2\n"]
)
def test_any_other_file_is_told(csv_stock, tmp_path, content):
    other = tmp_path / "autre.csv"
    other.write_bytes(content)
    with pytest.raises(UserError):
        rows_of(csv_stock.unites, other)


def test_an_absent_file_is_told(csv_stock, tmp_path):
    with pytest.raises(UnreadableStock, match="existe pas"):
        rows_of(csv_stock.unites, tmp_path / "rien.csv")


def test_the_temporary_files_are_removed(csv_stock, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "ici"))
    (tmp_path / "ici").mkdir()
    archive = zipped(csv_stock.etablissements, tmp_path / "e.zip")
    rows_of(csv_stock.unites, archive)
    with pytest.raises(WrongStock):
        rows_of(archive, csv_stock.unites)
    assert list((tmp_path / "ici").iterdir()) == []


@pytest.mark.shared
def test_the_layout_of_2018_is_understood(shared_data):
    path = shared_data / "sirene/ancien_format_2018_extrait.csv"
    with read_stock(None, path, ["35236", "35238"]) as reading:
        rows = list(reading.dicts())
    assert reading.read == 99
    assert rows[0]["siret"].startswith(rows[0]["siren"])
    assert {row["commune"] for row in rows} == {"35236", "35238"}
    assert "societeMissionUniteLegale" in reading.missing[path.name]
    redon = next(row for row in rows if row["siret"] == "00628023400169")
    assert redon["activitePrincipaleEtablissement"] == "2370Z"
    assert redon["categorieJuridiqueUniteLegale"] == "5710"
    assert redon["dateCreationEtablissement"] == "2012-06-18"


def test_the_legal_units_are_asked_for(csv_stock):
    with pytest.raises(WrongStock, match="StockUniteLegale"):
        rows_of(None, csv_stock.etablissements)

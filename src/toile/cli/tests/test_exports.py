"""`toile export` and `toile search`: what a spreadsheet or a map opens, and a database that is not ready."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from toile.cli.exports import write_csv, write_geojson, write_xlsx
from toile.cli.main import app

ROWS = [
    {"identifiant": "a", "nom": "=1+1", "siren": "012345678", "longitude": 4.39, "latitude": 45.43},
    {"identifiant": "b", "nom": "L’Épicerie", "siren": None, "longitude": None, "latitude": None},
]


def rows() -> list[dict[str, object]]:
    return [dict(row) for row in ROWS]


def test_a_csv_keeps_zeros_and_computes_nothing(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", rows())
    assert (tmp_path / "a.csv").read_bytes().startswith("\ufeff".encode())
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as opened:
        read = list(csv.reader(opened, delimiter=";"))
    assert read[1] == ["a", "'=1+1", "012345678", "4,39", "45,43"]
    assert read[2] == ["b", "L’Épicerie", "", "", ""]


def test_an_xlsx_keeps_zeros_and_computes_nothing(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", rows())
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    sheet = book.active
    assert [cell.value for cell in sheet[1]] == list(ROWS[0])
    assert [(cell.value, cell.data_type) for cell in sheet[2]][1:3] == [("'=1+1", "s"), ("012345678", "s")]
    assert [cell.value for cell in sheet[3]][2:] == [None, None, None]
    book.close()


def test_a_structure_without_a_place_is_a_feature_without_geometry(tmp_path: Path) -> None:
    write_geojson(tmp_path / "a.geojson", rows())
    read = json.loads((tmp_path / "a.geojson").read_text(encoding="utf-8"))
    assert [feature["geometry"] for feature in read["features"]] == [
        {"type": "Point", "coordinates": [4.39, 45.43]},
        None,
    ]


@pytest.mark.django_db
def test_an_empty_directory_is_an_empty_file_and_no_answer(tmp_path: Path) -> None:
    exported = CliRunner().invoke(app, ["export", str(tmp_path / "a.geojson")])
    assert exported.exit_code == 0, exported.output
    assert json.loads((tmp_path / "a.geojson").read_text())["features"] == []
    found = CliRunner().invoke(app, ["search", "épicerie"])
    assert (found.exit_code, "Aucune structure" in found.output) == (1, True)


def test_a_format_nobody_knows_is_refused(tmp_path: Path) -> None:
    answer = CliRunner().invoke(app, ["export", str(tmp_path / "a.pdf")])
    assert (answer.exit_code, ".geojson" in answer.output) == (2, True)


@pytest.mark.slow
def test_a_database_that_is_not_ready_is_a_sentence(toile, tmp_path: Path) -> None:
    for words in (["search", "x"], ["export", str(tmp_path / "a.csv")], ["backup", str(tmp_path / "a.zip")]):
        done = toile(*words, TOILE_VAR=str(tmp_path / "new"))
        assert (done.returncode, "toile init" in done.stderr, "Traceback" in done.stderr) == (2, True, False), words

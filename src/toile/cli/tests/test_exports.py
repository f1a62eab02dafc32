"""`toile export` and `toile search`: what a spreadsheet or a map opens, and a database that is not ready."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from typer.testing import CliRunner

from toile.cli.main import app
from toile.directory import contexts
from toile.directory.services import add_records
from toile.kernel.acts import Actor, act


@pytest.fixture
def two(db: None) -> None:
    """A structure whose name is a formula, with a point; another elsewhere, without."""
    context = contexts.current()
    rows = [
        (uuid4(), "document", "a", {"name": "=1+1", "siren": "012345672", "whereabouts": "inside"}),
        (uuid4(), "document", "b", {"name": "L’Épicerie", "whereabouts": "inside"}),
        (uuid4(), "document", "c", {"name": "Ailleurs", "whereabouts": "outside"}),
    ]
    with act(Actor.system("essai")):
        add_records(context, [(pk, source, key, payload | TOLD) for pk, source, key, payload in rows], defaults={})


TOLD = {"file": "essai.txt", "words": "ses mots"}


def exported(path: Path, *options: str) -> Path:
    done = CliRunner().invoke(app, ["export", str(path), *options])
    assert done.exit_code == 0, done.output
    return path


@pytest.mark.usefixtures("two")
def test_a_csv_computes_nothing_and_holds_what_the_list_shows(tmp_path: Path, indexed: Any) -> None:
    path = exported(tmp_path / "a.csv")
    assert path.read_bytes().startswith("\ufeff".encode())
    with path.open(encoding="utf-8-sig", newline="") as opened:
        head, *rows = list(csv.reader(opened, delimiter=";"))
    assert [row[head.index("Structure")] for row in rows] == ["'=1+1", "L’Épicerie"]
    with exported(tmp_path / "b.csv", "--partout").open(encoding="utf-8-sig", newline="") as opened:
        assert len(list(csv.reader(opened, delimiter=";"))) == 4


@pytest.mark.usefixtures("two")
def test_an_xlsx_computes_nothing(tmp_path: Path, indexed: Any) -> None:
    book = openpyxl.load_workbook(exported(tmp_path / "a.xlsx"))
    assert next((row[0].value, row[0].data_type) for row in book.active.iter_rows(min_row=2)) == ("'=1+1", "s")
    book.close()


@pytest.mark.usefixtures("two")
def test_a_structure_without_a_place_is_a_feature_without_geometry(tmp_path: Path, indexed: Any) -> None:
    read = json.loads(exported(tmp_path / "a.geojson").read_text(encoding="utf-8"))
    assert [feature["geometry"] for feature in read["features"]] == [None, None]
    assert (read["count"], read["truncated"]) == (2, False)


@pytest.mark.django_db
def test_an_empty_directory_is_an_empty_file_and_no_answer(tmp_path: Path, indexed: Any) -> None:
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

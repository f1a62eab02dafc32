"""`toile panorama …` as a person meets it: rows on stdout, sentences on stderr, a file that keeps its sources."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from toile.cli.main import app
from toile.directory.imports.simulate import simulate_stock
from toile.panorama.rules.rows import COLUMNS
from toile.territory.models import Commune, Epci
from toile.territory.rules.names import place_key

pytestmark = pytest.mark.django_db

EPCI = "244200770"


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stock")
    simulate_stock(folder, 2_000, 5, [("42218", 60_000_000.0), ("42207", 8_000_000.0)])
    return folder


@pytest.fixture
def territory() -> None:
    epci = Epci.objects.create(siren=EPCI, subject=_subject(1), name="Métropole", folded="metropole", kind="METRO")
    for number, (code, name) in enumerate((("42218", "Saint-Étienne"), ("42207", "Saint-Chamond")), start=2):
        Commune.objects.create(
            code=code, subject=_subject(number), name=name, folded=place_key(name), department="42", epci=epci
        )


def _subject(number: int) -> str:
    return f"00000000-0000-0000-0000-{number:012d}"


def run(*words: object) -> tuple[int, str, str]:
    answer = CliRunner().invoke(app, ["panorama", *map(str, words)])
    return answer.exit_code, answer.stdout, answer.stderr


def test_figures_are_long_rows_and_nothing_else_on_stdout(territory: None, stock: Path) -> None:
    code, out, _err = run("figures", "--stock", stock, "--perimeter", EPCI, "--year", 2024)
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    assert tuple(rows[0]) == COLUMNS
    assert {row["perimeter"] for row in rows} == {EPCI}
    assert {"ok", "hidden", "unknown"} == {row["status"] for row in rows}
    assert all((row["value"] == "") == (row["status"] != "ok") for row in rows)
    total = {
        row["indicator"]: row for row in rows if not any(row[axis] for axis in ("commune", "family", "sector", "size"))
    }
    assert int(total["establishments"]["value"]) > int(total["employer_establishments"]["value"]) > 0
    assert float(total["jobs"]["low"]) < float(total["jobs"]["value"]) < float(total["jobs"]["high"])


def test_all_epci_are_given_as_json_too(territory: None, stock: Path) -> None:
    code, out, _err = run("figures", "--stock", stock, "--all-epci", "--year", 2024, "--format", "json")
    assert code == 0
    rows = json.loads(out)
    assert {row["perimeter"] for row in rows} == {EPCI} and not any(row["commune"] for row in rows)


def test_territories_are_compared_side_by_side(territory: None, stock: Path) -> None:
    code, out, _err = run("compare", "42218", EPCI, "--stock", stock, "--year", 2024)
    assert code == 0
    assert 0 < out.index("42218") < out.index(EPCI) and "Emplois" in out


def test_a_year_before_the_stock_and_before_the_law_is_said_and_not_empty(territory: None, stock: Path) -> None:
    code, out, err = run("figures", "--stock", stock, "--perimeter", EPCI, "--year", 2010)
    assert code == 0
    total = next(row for row in csv.DictReader(io.StringIO(out)) if row["indicator"] == "establishments")
    assert int(total["value"]) > 0
    assert "Sans historique des établissements, ceux du 31 décembre 2010 ne sont pas connus" in " ".join(err.split())


def test_a_file_is_built_with_its_sources_queries_and_what_was_understood(
    territory: None, stock: Path, tmp_path: Path
) -> None:
    target = tmp_path / "p.json"
    code, _out, _err = run(
        "build", "--stock", stock, "--perimeter", EPCI, "--year", 2024, "--out", target, "--simulated"
    )
    assert code == 0
    kept = json.loads(target.read_text(encoding="utf-8"))
    assert kept["year"] == 2024 and len(kept["rows"]) > 50
    assert all(len(source["checksum"]) == 64 and source["simulated"] for source in kept["sources"])
    assert "SELECT" in kept["queries"]["ess_par_famille"]
    assert {one["kind"] for one in kept["understood"]["files"]} == {"stock_units", "stock_places"}


def test_each_suffix_has_its_format(tmp_path: Path) -> None:
    from decimal import Decimal

    from toile.kernel.figures import Cell, Figure, FigureSource
    from toile.panorama.exporting import Panorama, write

    figure = Figure("establishments", Cell(EPCI, year=2024), "establishments", Decimal(3), query="q")
    kept = Panorama(EPCI, 2024, [figure], (FigureSource("s", "=Stock"),), {"q": "SELECT 1"}, {"files": []})
    csv_file, beside = write(tmp_path / "p.csv", kept)
    assert csv_file.read_text(encoding="utf-8").splitlines()[1] == f"establishments,{EPCI},,,,,establishments,,3,,ok"
    assert json.loads(beside.read_text(encoding="utf-8"))["queries"] == {"q": "SELECT 1"}
    (parquet,) = write(tmp_path / "p.parquet", kept)
    table = pq.read_table(parquet)
    assert table.column("value").to_pylist() == [3.0] and b"panorama" in table.schema.metadata
    (xlsx,) = write(tmp_path / "p.xlsx", kept)
    book = openpyxl.load_workbook(xlsx)
    assert book.sheetnames == ["Chiffres", "Sources", "Requêtes", "Ce qui a été compris"]
    assert book["Chiffres"]["I2"].value == 3 and book["Sources"]["B2"].value == "=Stock"
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("figures", "--perimeter", "99999"), "Aucun périmètre ne s’appelle « 99999 »"),
        (("figures",), "--all-epci"),
        (("figures", "--perimeter", EPCI, "--all-epci"), "--all-epci"),
        (("compare", EPCI), "de deux à 6 territoires"),
        (("build", "--perimeter", EPCI, "--out", "p.pdf"), "donnez un nom en .json"),
        (("build", "--perimeter", EPCI, "--out", "nowhere/p.json"), "Le dossier « nowhere » n’existe pas"),
        (("figures", "--perimeter", "reg:99"), "Aucune région n’a le code « 99 »"),
    ],
)
def test_a_mistake_is_one_sentence_and_status_2(
    territory: None, stock: Path, words: tuple[str, ...], told: str
) -> None:
    code, out, err = run(*words, "--stock", stock)
    assert (code, out) == (2, "")
    assert told in " ".join(err.replace("│", " ").split())


def test_a_folder_without_stock_says_what_is_missing(territory: None, tmp_path: Path) -> None:
    code, _out, err = run("figures", "--stock", tmp_path, "--perimeter", EPCI)
    assert code == 2 and "ne contient aucun fichier" in " ".join(err.split())

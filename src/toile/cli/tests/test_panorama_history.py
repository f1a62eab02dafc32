"""`toile panorama history`: the past that a real history tells, on stdout; what is odd in it, on stderr."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from toile.cli.main import app
from toile.kernel.errors import UserError

PERIODS = """siret,dateDebut,dateFin,etat,code_ape
00000000100001,2016-03-01,2019-12-31,A,88.99B
00000000100001,2020-01-01,,F,88.99B
00000000200009,,,A,
"""


@pytest.mark.slow
@pytest.mark.shared
def test_lyon_4e_from_2015_to_2025(shared_data: Any) -> None:
    result = CliRunner().invoke(app, ["panorama", "history", str(shared_data / "sirene/periodes_lyon4.parquet")])
    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader(result.stdout.splitlines()))
    told = {(row["indicator"], row["year"], row["section"]): row["value"] for row in rows}
    assert (told["establishments", "2015", ""], told["establishments", "2025", ""]) == ("6279", "8986")
    assert told["establishments", "2015", "?"] == "2"
    assert "26\u202f614" in result.stderr
    survived = [float(told[f"survival_{years}", "2025", ""]) for years in (1, 3, 5)]
    assert 100 > survived[0] > survived[1] > survived[2] > 0


def test_rows_as_json_with_what_is_unknown_as_null(tmp_path: Path) -> None:
    path = tmp_path / "periodes.csv"
    path.write_text(PERIODS, encoding="utf-8")
    words = ["panorama", "history", str(path), "--since", "2019", "--until", "2020", "--format", "json"]
    rows = json.loads(CliRunner().invoke(app, words).stdout)
    told = {(row["indicator"], row["year"], row["section"]): row["value"] for row in rows}
    assert told == {
        ("establishments", 2019, ""): 2,
        ("establishments", 2019, "Q"): 1,
        ("establishments", 2019, "?"): 1,
        ("establishments", 2020, ""): 1,
        ("establishments", 2020, "?"): 1,
        ("births", 2019, ""): 0,
        ("births", 2020, ""): 0,
        ("closures", 2019, ""): 0,
        ("closures", 2020, ""): 1,
        ("closures", 2020, "Q"): 1,
        ("survival_1", 2020, ""): None,
        ("survival_3", 2020, ""): None,
        ("survival_5", 2020, ""): None,
    }


def test_a_file_that_is_no_history_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "liste_ess.csv"
    path.write_text("SIREN,Nom\n000000001,x\n", encoding="utf-8")
    refused = CliRunner().invoke(app, ["panorama", "history", str(path)])
    assert isinstance(refused.exception, UserError) or "pas un historique" in refused.output

"""`toile followup plan` as a person meets it: JSON on stdout, a fault told in a sentence and the exit status 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from toile.cli.main import app

EXAMPLE = Path(__file__).parents[4] / "docs/exemples/appels.json"


def run(path: Path) -> tuple[int, str, str]:
    answer = CliRunner().invoke(app, ["followup", "plan", str(path)])
    return answer.exit_code, answer.stdout, answer.stderr


def test_the_example_of_the_documents_prints_the_best_plan_with_its_reasons() -> None:
    status, out, _ = run(EXAMPLE)
    told = json.loads(out)
    assert status == 0
    assert (told["points"], told["proven"]) == (125.4, True)
    assert [(visit["firm"], visit["adviser"], visit["week"]) for visit in told["visits"]] == [
        ("F1", "A", 1), ("F2", "B", 1), ("F3", "B", 2), ("F4", "A", 2),
    ]  # fmt: skip
    assert "½ jour" in told["waiting"][0]["why"]


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("{", "cas.json n’est pas un fichier JSON"),
        ("[" * 100_000, "cas.json n’est pas un fichier JSON"),
        ('{"weeks": 0}', "weeks"),
        ('{"weeks": 1, "fixed": [{"firm": "F", "adviser": "A", "week": 1}]}', "structure inconnue"),
    ],
)
def test_a_case_that_cannot_be_planned_says_where_and_exits_with_2(tmp_path: Path, content: str, named: str) -> None:
    case = tmp_path / "cas.json"
    case.write_text(content, encoding="utf-8")
    status, out, err = run(case)
    assert (status, out) == (2, "")
    assert named in err

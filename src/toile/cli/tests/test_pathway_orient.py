"""`toile pathway orient`: answers in, qualification and orientation out; a bad file is told in French."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Run

EXAMPLE = Path(__file__).parents[4] / "docs" / "exemples" / "accueil.json"


@pytest.mark.slow
def test_the_example_prints_its_stage_and_its_suggestions(toile: Run) -> None:
    done = toile("pathway", "orient", str(EXAMPLE))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["qualification"]["stage"] == "modelisation"
    assert [one["offer"] for one in told["orientation"]["suggestions"]] == ["cae", "atelier", "union"]
    assert all(one["reasons"] for one in told["orientation"]["suggestions"])


@pytest.mark.slow
def test_a_file_that_is_not_json_is_told(toile: Run, tmp_path: Path) -> None:
    bad = tmp_path / "reponses.json"
    bad.write_text("{", encoding="utf-8")
    done = toile("pathway", "orient", str(bad))
    assert done.returncode == 2
    assert "JSON lisible" in done.stderr

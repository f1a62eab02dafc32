"""`toile directory match`: what it says, where it writes, and that a rehearsal writes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Run


@pytest.mark.slow
def test_the_command_says_its_counts_in_words_and_writes_its_report(toile: Run, tmp_path: Path) -> None:
    report = tmp_path / "rapprochements.json"
    rehearsed = toile("directory", "match", "--dry-run", "--report", str(report))
    assert rehearsed.returncode == 0, rehearsed.stderr
    assert rehearsed.stdout.splitlines()[0] == "Essai à blanc\u00a0: rien n’est écrit"
    assert "0 rapprochement sûr, 0 à vérifier" in rehearsed.stdout
    told = json.loads(report.read_text(encoding="utf-8"))
    assert (told["records"], told["compared"], told["pairs"]) == (0, 0, [])
    done = toile("directory", "match")
    assert done.returncode == 0, done.stderr
    assert "Essai à blanc" not in done.stdout

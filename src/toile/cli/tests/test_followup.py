"""`toile followup score` and `toile survival`: the worked examples from a file, and files that are wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from toile.cli.main import app

SIGNALS = """firm,signal,date,until,contested
calm,cash_3_6,2026-11-01,,
example,accounts_late,2026-08-23,,
example,client_lost,2026-10-07,,
example,cash_1_2,2026-11-11,,
example,morale_low,2026-11-11,,
grows,hiring,2026-10-22,,
grows,contract_won,2026-10-07,,
grows,cash_under_1,2026-11-20,,oui
"""
A = "6 8 8+ 12 15+ 18 18 24+ 30 36+"
B = "2 4 5 7 9+ 10 13 16 20 36+"


def run(tmp_path: Path, content: str, *words: str) -> tuple[int, dict[str, Any], Any]:
    path = tmp_path / "file.csv"
    path.write_text(content, encoding="utf-8")
    command, options = [word for word in words if word in ("followup", "score", "survival")], words
    result = CliRunner().invoke(app, [*command, str(path), *options[len(command) :]])
    return result.exit_code, json.loads(result.stdout) if result.stdout else {}, result


def durations(**groups: str) -> str:
    rows = [
        f"{w.rstrip('+')};{int(not w.endswith('+'))};{name}" for name, words in groups.items() for w in words.split()
    ]
    return "\n".join(["time;event;group", *rows])


def test_firms_come_with_the_greatest_risk_first_and_their_reasons(tmp_path: Path) -> None:
    status, told, _ = run(tmp_path, SIGNALS, "followup", "score", "--on", "2026-11-21")
    assert status == 0
    assert [firm["firm"] for firm in told["firms"]] == ["example", "grows", "calm"]
    example, grows, calm = told["firms"]
    assert round(example["risk"], 6) == 56.332325
    assert example["call_within_days"] == 14
    assert (example["what_would_change_it"][0]["family"], round(example["what_would_change_it"][0]["risk"], 6)) == (
        "cash",
        34.059857,
    )
    assert round(example["doing_nothing"]["days_until_under"], 1) == 48.4
    assert (round(grows["potential"], 6), grows["risk"], grows["contested"]) == (24.260079, 0, ["cash_under_1"])
    assert calm["known"] == ["cash_3_6"]
    assert "aucune étude" in told["warning"]


def test_a_row_that_is_wrong_is_left_out_and_said(tmp_path: Path) -> None:
    content = "Firm;Signal;Date\nA;cash_1_2;2026-11-11\nB;argent;2026-11-11\nC;hiring;hier\n;hiring;2026-11-11\n"
    status, told, result = run(tmp_path, content, "followup", "score", "--on", "2026-11-21")
    assert status == 1
    assert [firm["firm"] for firm in told["firms"]] == ["A"]
    assert [refused["line"] for refused in told["refused"]] == [3, 4, 5]
    assert "cash_under_1" in told["refused"][0]["reason"]
    assert "ligne 4 laissée de côté" in result.stderr


def test_a_column_that_is_missing_is_said(tmp_path: Path) -> None:
    status, _, result = run(tmp_path, "nom,date\nA,2026-11-11\n", "followup", "score")
    assert (status, result.stdout) == (2, "")
    assert "Il manque firm, signal" in result.stderr


def test_the_table_of_the_domain_comes_back_with_its_warning(tmp_path: Path) -> None:
    status, told, _ = run(tmp_path, durations(A=A, B=B), "survival")
    assert status == 0
    group = told["groups"]["A"]
    assert (group["followed"], group["ended"], group["median"], group["drawn"]) == (10, 6, 18, False)
    assert [round(step["survival"], 6) for step in group["steps"]] == [0.9, 0.8, 0.685714, 0.411429, 0.205714]
    assert round(told["log_rank"]["p"], 6) == 0.168614
    assert "ne prouve pas" in told["warning"]


def test_durations_without_groups_give_one_curve(tmp_path: Path) -> None:
    status, told, _ = run(tmp_path, "time,event\n5,1\n7,0\n", "survival")
    assert status == 0
    assert "groups" not in told
    assert told["steps"] == [
        {"time": 5, "at_risk": 2, "ended": 1, "survival": 0.5, "se": pytest.approx(0.353553, abs=1e-6)}
        | {key: told["steps"][0][key] for key in ("low", "high")}
    ]


def test_when_nobody_is_left_there_is_no_band(tmp_path: Path) -> None:
    _, told, _ = run(tmp_path, "time,event\n5,1\n", "survival")
    assert (told["steps"][0]["survival"], told["steps"][0]["low"], told["steps"][0]["se"]) == (0, None, None)


def test_a_following_that_ends_before_it_begins_is_left_out(tmp_path: Path) -> None:
    status, told, _ = run(tmp_path, "time,event,entry\n5,1,6\n7,0,2\n-1,1,0\n8,peut-être,0\n", "survival")
    assert (status, told["followed"]) == (1, 1)
    assert [refused["line"] for refused in told["refused"]] == [2, 4, 5]

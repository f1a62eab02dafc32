"""`toile finance plan` as a person meets it: JSON on stdout, a fault told in a sentence and the exit status 2."""

import json
from pathlib import Path

from typer.testing import CliRunner

from toile.cli.main import app

EXAMPLE = Path(__file__).parents[4] / "docs/exemples/reprise.toml"


def run(path):
    answer = CliRunner().invoke(app, ["finance", "plan", str(path)])
    return answer.exit_code, answer.stdout, answer.stderr


def test_the_example_of_the_documents_prints_the_balanced_plan_with_its_reasons():
    code, out, _ = run(EXAMPLE)
    told = json.loads(out)
    assert code == 0
    assert told["opening"]["gap"] == "0.00" and told["opening"]["quasi_share"] == "46.43"
    assert [year["cover"] for year in told["years"]] == ["1.2932", "1.3601", "1.4270", "1.4604", "1.4939"]
    assert told["years"][0]["service"] == "44849.93" and told["working_capital_need"] == "67232.88"
    assert told["remarks"]


def test_a_case_that_cannot_be_read_says_where_and_exits_with_2(tmp_path):
    case = tmp_path / "cas.toml"
    case.write_text('need = [{ code = "yacht", amount = 1 }]\n', encoding="utf-8")
    code, _, err = run(case)
    assert code == 2 and "need 1, code" in err and "yacht" in err
    case.write_text("need = [", encoding="utf-8")
    code, _, err = run(case)
    assert code == 2 and "cas.toml n’est pas un fichier TOML" in err

"""`toile pathway check`: the procedure shipped is sound, and a broken one is told line by line."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from toile.cli.main import app
from toile.pathway.rules.procedure import PROCEDURE_TOML

TEXT = PROCEDURE_TOML.read_text(encoding="utf-8")


def test_the_procedure_shipped_is_sound() -> None:
    found = CliRunner().invoke(app, ["pathway", "check"])
    assert (found.exit_code, found.stdout[:2]) == (0, "OK")
    assert "25 questions" in found.stdout


def test_each_fault_is_listed_with_its_place_and_the_command_fails(tmp_path: Path) -> None:
    broken = tmp_path / "procedure.toml"
    broken.write_text(TEXT.replace('gives.need = "ptce"', 'gives.need = "pole"'), encoding="utf-8")
    found = CliRunner().invoke(app, ["pathway", "check", str(broken)])
    assert found.exit_code == 1
    assert [line.split("]")[0].split("[")[1] for line in found.stdout.splitlines()] == ["unknown_need", "unserved_need"]


def test_a_file_that_is_not_a_procedure_exits_as_a_refusal(tmp_path: Path) -> None:
    broken = tmp_path / "procedure.toml"
    broken.write_bytes(b"title = '\xe9'")
    found = CliRunner().invoke(app, ["pathway", "check", str(broken)])
    assert (found.exit_code, found.stdout) == (2, "")
    assert "UTF-8" in found.stderr

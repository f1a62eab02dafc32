"""The command line as a person meets it: helps, mistakes, and what it passes on to Django."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from toile import __version__
from toile.cli.main import app
from toile.kernel.errors import UserError

PROMISED = set(
    """
    demo serve worker indexer init import export search directory panorama simulate index backup restore retention
    doctor manage pathway followup survival finance
    """.split()  # noqa: SIM905 -- as told
)


def commands(group: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    """Every command below `group`, with the words that call it."""
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        yield (*path, name), command
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))


EVERY = dict(commands(typer.main.get_command(app)))


def run(*words: str) -> object:
    return CliRunner().invoke(app, list(words))


def test_the_promised_commands_are_there() -> None:
    assert {path[0] for path in EVERY} == PROMISED


@pytest.mark.parametrize("path", [path for path in EVERY if path != ("manage",)], ids=" ".join)
def test_every_help_says_what_for_and_gives_an_example(path: tuple[str, ...]) -> None:
    answer = run(*path, "--help")
    assert answer.exit_code == 0
    assert len(EVERY[path].help) > 30
    if not hasattr(EVERY[path], "commands"):
        assert re.search(r"Exemples? ?:", EVERY[path].help)
        assert f"toile {' '.join(path)}" in " ".join(EVERY[path].help.split())


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_every_option_is_explained(path: tuple[str, ...]) -> None:
    unexplained = [option.name for option in EVERY[path].params if option.param_type_name == "option"
                   and not option.help and not option.hidden]  # fmt: skip
    assert unexplained == []


def test_without_a_command_the_help_is_shown() -> None:
    assert "toile demo" in " ".join(run().output.split())


def test_the_version_is_told() -> None:
    assert run("--version").output == f"toile {__version__}\n"


def test_a_port_already_taken_is_a_sentence_and_status_2() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = run("serve", "--port", str(port))
    assert answer.exit_code == 2
    assert f"127.0.0.1:{port}" in answer.output
    assert "Traceback" not in answer.output


def test_an_unexpected_error_stays_loud(monkeypatch: pytest.MonkeyPatch) -> None:
    group = typer.main.get_command(app)
    monkeypatch.setattr(group.commands["doctor"], "callback", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        group.main(["doctor"], standalone_mode=False)


def test_an_expected_error_is_its_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def refuse(**_: object) -> None:
        raise UserError("Le fichier n’est pas une liste.")

    group = typer.main.get_command(app)
    monkeypatch.setattr(group.commands["doctor"], "callback", refuse)
    with pytest.raises(SystemExit) as ended:
        group.main(["doctor"])
    assert ended.value.code == 2
    assert capsys.readouterr().err == "Erreur : Le fichier n’est pas une liste.\n"


def test_a_file_that_does_not_exist_is_refused_before_anything(tmp_path: Path) -> None:
    answer = run("import", "siae", str(tmp_path / "absent.csv"))
    assert answer.exit_code == 2


@pytest.mark.slow
def test_the_command_answers_as_a_program_of_its_own() -> None:
    for words in (["--version"], ["manage", "check"]):
        done = subprocess.run([sys.executable, "-m", "toile", *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

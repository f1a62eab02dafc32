"""The documents stay true: their commands exist, their links lead somewhere, the house is drawn as it is."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from click.exceptions import UsageError

from toile.cli.main import app

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("src/toile/*/README.md")])
BLOCK = re.compile(r"^```[a-z]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")
ROOMS = sorted({path.parent for path in (ROOT / "src/toile").glob("*/facts*")})


def commands(program: str) -> Iterator[tuple[str, str]]:
    """Every line of a code block that begins with `program`, with its document's name."""
    for document in DOCUMENTS:
        for block in BLOCK.findall(document.read_text(encoding="utf-8")):
            for line in block.splitlines():
                if line.startswith(f"{program} "):
                    yield document.name, line.partition("  #")[0].strip()


TOILE = sorted(set(commands("toile")))
MAKE = sorted(set(commands("make")))


def test_the_documents_show_commands() -> None:
    assert len(TOILE) >= 6
    assert len(MAKE) >= 3


@pytest.mark.parametrize(("document", "line"), TOILE)
def test_each_toile_command_is_one_that_the_command_line_understands(document: str, line: str, tmp_path: Path) -> None:
    words = [_present(word, tmp_path) for word in shlex.split(line)[1:]]
    command = typer.main.get_command(app)
    context = command.make_context("toile", words)
    while hasattr(command, "resolve_command"):
        name, command, words = command.resolve_command(context, [*context._protected_args, *context.args])
        assert command is not None
        try:
            context = command.make_context(name, words, parent=context)
        except UsageError as wrong:
            pytest.fail(f"{document}: {line}: {wrong.format_message()}")


def _present(word: str, folder: Path) -> str:
    """A file named in a document, present where the test runs."""
    if not re.fullmatch(r"[\w.-]+\.(csv|xlsx|zip|parquet|toml|json|geojson|toile)", word):
        return word
    path = folder / word
    path.touch()
    return str(path)


@pytest.mark.parametrize(("document", "line"), MAKE)
def test_each_make_target_of_the_documents_exists(document: str, line: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{re.escape(line.split()[1])}:", makefile, re.MULTILINE), f"{document}: {line}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_link_of_a_document_leads_to_a_file(document: Path) -> None:
    for target in LINK.findall(document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), target


def test_the_readme_gives_the_counts_that_the_real_lists_are_held_to() -> None:
    held = tomllib.loads((ROOT / "src/toile/directory/tests/real_counts.toml").read_text(encoding="utf-8"))
    shown = re.findall(r"^\| `([^`]+)` \| (.+) \|$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    expected = {
        file: [counts["first"][name] for name in ("read", "created", "to_check", "refused")]
        + [counts["holds"]["structures"]]
        for file, counts in held.items()
        if "first" in counts
    }
    assert {file: [int(figure) for figure in figures.split(" | ")] for file, figures in shown} == expected


def test_the_architecture_names_each_room_and_each_part() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8").lower()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    parts = {re.split(r"[\[><=;]", line)[0].strip().lower() for line in project["dependencies"]} - {"tzdata"}
    rooms = {path.name for path in (ROOT / "src/toile").iterdir() if (path / "__init__.py").exists()}
    assert {name for name in parts | rooms if name not in text} == set()


@pytest.mark.parametrize("room", ROOMS, ids=lambda path: path.name)
def test_the_readme_of_a_room_lists_each_kind_of_fact(room: Path) -> None:
    files = [*room.glob("facts*.py"), *room.glob("facts/*.py")]
    declared = {code for file in files for code in re.findall(r'fact_kind\(\s*"([a-z_.]+)"', file.read_text("utf-8"))}
    assert declared
    told = (room / "README.md").read_text(encoding="utf-8")
    assert {code for code in declared if code not in told and code.split(".", 1)[1] not in told} == set()

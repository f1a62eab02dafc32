"""`toile doctor`: explains each setting, and finds what is wrong with this installation."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from toile.cli.boot import boot
from toile.cli.console import err, out
from toile.cli.examination import Finding, Level, examinations

DECLARED = Path(__file__).with_name("settings.toml")
MARKS = {Level.GOOD: "[green]✓[/]", Level.WARNING: "[yellow]![/]", Level.WRONG: "[bold red]✗[/]"}


def declared_settings() -> dict[str, dict[str, str | bool]]:
    """The environment variables of a deployment: name -> meaning, default, secret."""
    return tomllib.loads(DECLARED.read_text(encoding="utf-8"))


def doctor(
    settings: Annotated[
        bool, typer.Option("--settings", help="Expliquer aussi chaque réglage, sa valeur et son défaut.")
    ] = False,
) -> None:
    """Examine l’installation et dit quoi faire : base, migrations, déclencheurs, courriel, place sur le disque…

    État de sortie 1 si quelque chose est à réparer. Aucun secret n’est affiché.

    Exemples : `toile doctor`, `toile doctor --settings`
    """
    if settings:
        _explain()
    boot()
    findings = [finding for examine in examinations() for finding in examine()]
    for finding in findings:
        _tell(finding)
    wrong = sum(finding.level is Level.WRONG for finding in findings)
    if wrong:
        err.print(f"[bold red]{wrong} à réparer.[/]")
        raise typer.Exit(1)
    out.print("[green]Rien à réparer.[/]")


def _tell(finding: Finding) -> None:
    out.print(f"{MARKS[finding.level]} {finding.sentence}", soft_wrap=True)
    if finding.mend:
        out.print(f"    → {finding.mend}", soft_wrap=True)


def _explain() -> None:
    table = Table("Variable", "Valeur", "Ce qu’elle règle", box=None, header_style="bold", pad_edge=False)
    for name, said in declared_settings().items():
        value = os.environ.get(name)
        if value is None:
            shown = f"[dim]défaut : {said['default']}[/]"
        else:
            shown = "[dim]donnée, secrète[/]" if said.get("secret") else value
        table.add_row(name, shown, str(said["meaning"]))
    out.print(table)
    out.print()

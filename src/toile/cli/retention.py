"""`toile retention`: what is kept longer than its declared duration, counted or erased."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from toile.cli.boot import boot_with_database
from toile.cli.console import out
from toile.kernel.typography import french_number


def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Compter seulement : rien n’est effacé.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Écrire le compte rendu en JSON.")] = False,
) -> None:
    """Efface ce qui dépasse sa durée de conservation : comptes inutilisés, journaux, adresses laissées.

    Un compte que personne n’utilise est d’abord prévenu deux fois, puis fermé ; sept jours après, il est effacé. Le
    même travail se fait chaque nuit.

    Exemple : `toile retention --dry-run`
    """
    boot_with_database()
    from django.utils import timezone

    from toile.kernel.acts import Actor
    from toile.kernel.retention import report

    lines = report(None if dry_run else Actor.system("cli: retention"), timezone.now())
    if as_json:
        typer.echo(json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=1))
        return
    if dry_run:
        out.print("Essai à blanc : rien n’est effacé")
    table = Table("Quoi", "Durée", "Dépasse", "Traité")
    for line in lines:
        done = "" if line.done is None else french_number(line.done)
        table.add_row(line.what, line.kept, french_number(line.due), done)
    out.print(table)

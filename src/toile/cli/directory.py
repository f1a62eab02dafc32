"""`toile directory …`: looking after the structures' identities."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toile.cli.boot import boot_with_database
from toile.cli.console import advancing, out
from toile.kernel.typography import french_number, plural_form

app = typer.Typer(no_args_is_help=True, help="Veille sur l’annuaire : quelles fiches parlent de la même structure.")


@app.callback()
def main() -> None:
    """Hold the sub-commands: with one only, typer would run it without its name."""


@app.command("match")
def match(
    report: Annotated[
        Path | None,
        typer.Option(
            "--report", metavar="FICHIER.json", dir_okay=False, help="Écrire chaque paire, avec ses raisons en mots."
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tout comparer, ne rien écrire dans la base.")] = False,
) -> None:
    """Compare les fiches entre elles et garde celles qui semblent parler de la même structure.

    Rien n’est fusionné : une personne dira, paire par paire, si c’est la même structure. Ce qu’elle a déjà dit n’est
    pas redemandé. Le même travail se fait chaque nuit.

    Exemple : `toile directory match --report rapprochements.json`
    """
    boot_with_database()
    from toile.directory import commands

    with advancing("Comparaison") as advance:
        run = commands.match_structures(
            dry_run=dry_run, report_path=report, progress=lambda done, total: advance(done, total, "Comparaison")
        )
    found, seconds = run.found, french_number(run.seconds, 1)
    if dry_run:
        out.print("Essai à blanc : rien n’est écrit")
    out.print(
        f"{french_number(found.records)} {plural_form(found.records, 'structure', 'structures')}, "
        f"{french_number(found.compared)} {plural_form(found.compared, 'paire comparée', 'paires comparées')} "
        f"en {seconds} s"
    )
    sure, check = found.count("sure"), found.count("check")
    out.print(
        f"{french_number(sure)} {plural_form(sure, 'rapprochement sûr', 'rapprochements sûrs')}, "
        f"{french_number(check)} à vérifier"
    )
    if found.oversized:
        many = len(found.oversized)
        out.print(
            f"{french_number(many)} {plural_form(many, 'mot trop courant', 'mots trop courants')} pour rapprocher à "
            f"{plural_form(many, 'lui seul', 'eux seuls')} des fiches : --report les donne",
            soft_wrap=True,
        )

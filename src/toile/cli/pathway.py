"""`toile pathway …`: a procedure checked, answers qualified and oriented, printed with their reasons."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from toile.cli.boot import boot
from toile.cli.console import out, step
from toile.kernel.errors import UserError

app = typer.Typer(no_args_is_help=True, help="Parcours : la procédure d’accueil, la qualification, l’orientation.")


class UnreadableAnswers(UserError):
    """The file of answers is not JSON."""


@app.callback()
def main() -> None:
    """Hold the sub-commands: with one only, typer would run it without its name."""


@app.command("check")
def check(
    procedure: Annotated[
        Path | None,
        typer.Argument(
            metavar="PROCÉDURE.toml", exists=True, dir_okay=False, help="La procédure ; celle livrée, sinon."
        ),
    ] = None,
) -> None:
    """Vérifie une procédure d’accueil : questions atteintes, pas d’impasse, chaque besoin servi ou dit non servi.

    Affiche « OK » et sort à 0 quand tout va ; sinon chaque défaut avec sa réparation, et sort à 1. Un fichier qu’on ne
    peut pas lire sort à 2. Sans fichier, vérifie la procédure livrée.

    Exemple : `toile pathway check procedure.toml`
    """
    from toile.pathway.rules.checking import check as faults_of
    from toile.pathway.rules.matrix import matrix
    from toile.pathway.rules.procedure import default_procedure, read_procedure

    try:
        asked = read_procedure(procedure.read_text(encoding="utf-8")) if procedure else default_procedure()
    except UnicodeDecodeError:
        raise UserError("Ce fichier n’est pas du texte en UTF-8 : enregistrez-le dans cet encodage.") from None
    faults = faults_of(asked, {need.code: not need.unserved for need in matrix().needs.values()})
    for fault in faults:
        out.print(f"{fault.where} [{fault.code}] {fault.sentence}", markup=False, soft_wrap=True)
    if faults:
        step(f"{len(faults)} défaut(s) : la procédure ne peut pas être mise en vigueur.")
        raise typer.Exit(1)
    out.print(
        f"OK : {asked.said(asked.title)}, version {asked.version}, {len(asked.questions)} questions, "
        f"{len(asked.sections)} parties, langues : {', '.join(asked.languages)}.",
        markup=False,
        soft_wrap=True,
    )


@app.command("orient")
def orient(
    answers: Annotated[
        Path, typer.Argument(metavar="RÉPONSES.json", exists=True, dir_okay=False, help="Les réponses d’un accueil.")
    ],
    on: Annotated[
        datetime | None, typer.Option("--on", metavar="JOUR", formats=["%Y-%m-%d"], help="Le jour du calcul.")
    ] = None,
    procedure: Annotated[
        Path | None,
        typer.Option("--procedure", metavar="FICHIER.toml", exists=True, dir_okay=False, help="Une autre procédure."),
    ] = None,
) -> None:
    """Qualifie et oriente un projet d’après ses réponses, en JSON, chaque point avec ses raisons.

    Le fichier est un objet : question → réponse, ou `{"answers": {…}, "offers": […], "date": "2026-11-21",
    "places": ["42218"]}`. Sans offres, le résultat dit quels types d’aide chercher. Rien n’est décidé, gardé ni envoyé.

    Exemple : `toile pathway orient docs/exemples/accueil.json`
    """
    boot()
    from django.utils import timezone

    from toile.pathway.rules import orientation_files as files
    from toile.pathway.rules.facts import lexicon
    from toile.pathway.rules.matrix import matrix
    from toile.pathway.rules.orientation import orient as oriented
    from toile.pathway.rules.orientation_rules import rules_of
    from toile.pathway.rules.procedure import default_procedure, read_procedure
    from toile.pathway.rules.qualifying import qualify

    try:
        raw = json.loads(answers.read_text(encoding="utf-8"))
        text = procedure.read_text(encoding="utf-8") if procedure else ""
    except (ValueError, RecursionError) as error:
        raise UnreadableAnswers(f"{answers.name} n’est pas un fichier JSON lisible : {error}.") from None
    asked = read_procedure(text) if procedure else default_procedure()
    told = files.read_case(raw, asked, matrix())
    day = on.date() if on else told.on or timezone.localdate()
    found = qualify(asked, told.answers, day, told.known)
    offers = files.generic_offers(rules_of()) if told.offers is None else told.offers
    document = {
        "procedure": {"code": asked.code, "version": asked.version},
        "refused": dict(told.refused),
        "qualification": files.qualification_told(found),
        "offers": "aucune offre donnée : des types d’aide sont suggérés" if told.offers is None else len(offers),
        "orientation": files.orientation_told(oriented(found, offers, day, places=told.places, lexicon=lexicon(asked))),
    }
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
    for code, why in told.refused.items():
        step(f"réponse {code} laissée de côté : {why}")

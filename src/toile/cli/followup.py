"""`toile followup …`: the scores of firms that are followed, and who calls them when, printed with their reasons."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from toile.cli.boot import boot
from toile.cli.console import step
from toile.kernel.errors import UserError

app = typer.Typer(no_args_is_help=True, help="Suivi des jeunes structures : signaux, scores, semaine des conseillers.")


class UnreadablePlan(UserError):
    """The file of a case is not JSON."""


@app.callback()
def main() -> None:
    """Hold the sub-commands."""


@app.command("score")
def score(
    file: Annotated[Path, typer.Argument(metavar="FICHIER", exists=True, dir_okay=False, help="Les signaux.")],
    on: Annotated[
        datetime | None, typer.Option("--on", metavar="JOUR", formats=["%Y-%m-%d"], help="Le jour du calcul.")
    ] = None,
) -> None:
    """Le risque et le potentiel de chaque structure, avec leurs raisons, en JSON ; le plus grand risque d’abord.

    Colonnes : `firm` (un nom ou un numéro), `signal` (un code), `date` (AAAA-MM-JJ) ; si besoin `until` (le jour où le
    signal a pris fin) et `contested` (1 : la structure le conteste, il ne compte pas). Les codes sont dans le fichier
    `signals.toml` ; un code inconnu est refusé avec la liste des autres. Les poids ne sont validés par aucune étude.

    Exemple : `toile followup score signaux.csv --on 2026-11-21`
    """
    boot()
    from django.utils import timezone

    from toile.pathway import followup_files as files
    from toile.pathway.rules import scoring
    from toile.pathway.rules.signals import weights

    day = on.date() if on else timezone.localdate()
    read = files.read_signals(file)
    scores = {firm: scoring.score(signals, day) for firm, signals in read.rows.items()}
    ranked = sorted(scores.items(), key=lambda each: (-each[1].risk, -each[1].potential))
    document = {
        "on": day.isoformat(),
        "scale": weights().version,
        "warning": weights().warning,
        "firms": [{"firm": firm} | files.told(one) for firm, one in ranked],
        "refused": [refused._asdict() for refused in read.refused],
    }
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
    for refused in read.refused:
        step(f"ligne {refused.line} laissée de côté : {refused.reason}")
    if read.refused:
        raise typer.Exit(1)


@app.command("plan")
def plan(
    case: Annotated[Path, typer.Argument(metavar="CAS.json", exists=True, dir_okay=False, help="Le cas à répartir.")],
) -> None:
    """Répartit des structures entre des conseillers et des semaines, et l’écrit en JSON avec les raisons.

    Le format du cas est dans `docs/plan-d-appels.md`. Rien n’est gardé ni envoyé.

    Exemple : `toile followup plan docs/exemples/appels.json`
    """
    from toile.pathway.rules import planning_case
    from toile.pathway.rules.planning import plan

    try:
        read = json.loads(case.read_text(encoding="utf-8"), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise UnreadablePlan(f"{case.name} n’est pas un fichier JSON lisible : {error}.") from None
    json.dump(planning_case.told(plan(planning_case.read_case(read))), sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")

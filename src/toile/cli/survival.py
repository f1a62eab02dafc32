"""`toile survival`: the curve of survival of durations in a file, with its band, and groups compared."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toile.cli.boot import boot
from toile.cli.console import step

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from toile.panorama.rules.survival import Observation


def survival(
    file: Annotated[Path, typer.Argument(metavar="FICHIER", exists=True, dir_okay=False, help="Les durées.")],
) -> None:
    """La survie de structures suivies : Kaplan–Meier, bande à 95 %, et le test du log-rank entre groupes, en JSON.

    Colonnes : `time` (durée, dans l’unité de votre choix), `event` (1 : elle a cessé ; 0 : elle est toujours là, ou
    perdue de vue) ; si besoin `group`, et `entry` (l’âge auquel le suivi a commencé). Sous 30 structures ou 5 fins, les
    pages de Toile ne montrent que les nombres : la courbe est donnée ici avec `drawn` à faux et la raison.

    Exemple : `toile survival durees.csv`
    """
    boot()
    from toile.pathway import followup_files as files
    from toile.pathway.rules.outcome import limits

    read = files.read_durations(file)
    everyone = [one for group in read.rows.values() for one in group]
    document = _told(everyone) | {"warning": limits().warning}
    if any(read.rows):
        document["groups"] = {name: _told(ones) for name, ones in read.rows.items()}
        document["log_rank"] = _compared(read.rows)
    document["refused"] = [refused._asdict() for refused in read.refused]
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
    for refused in read.refused:
        step(f"ligne {refused.line} laissée de côté : {refused.reason}")
    if read.refused:
        raise typer.Exit(1)


def _told(ones: Sequence[Observation]) -> dict[str, Any]:
    from toile.panorama.rules.survival import kaplan_meier
    from toile.pathway.rules.outcome import outcome

    curve, counted = kaplan_meier(ones), outcome(ones)
    return {
        "followed": counted.followed,
        "ended": counted.ended,
        "censored": counted.censored,
        "drawn": counted.curve is not None,
        "because": counted.because,
        "median": curve.median(),
        "steps": [
            {
                "time": step.time,
                "at_risk": step.at_risk,
                "ended": step.ended,
                "survival": step.survival,
                "se": None if step.variance is None else math.sqrt(step.variance),
                # At 1 and at 0 there is no log-log band.
                "low": step.low if 0 < step.survival < 1 else None,
                "high": step.high if 0 < step.survival < 1 else None,
            }
            for step in curve.steps
            if step.ended
        ],
    }


def _compared(groups: Mapping[str, Sequence[Observation]]) -> dict[str, Any]:
    from toile.pathway.rules.comparison import log_rank

    found = log_rank(groups)
    return {
        "groups": [group._asdict() for group in found.groups],
        "variance": found.variance,
        "degrees": found.degrees,
        "chi2": found.chi2,
        "p": found.p,
    }

"""`toile finance …`: a financing plan computed from a file, printed with its reasons."""

from __future__ import annotations

import json
import sys
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from toile.kernel.errors import UserError

app = typer.Typer(no_args_is_help=True, help="Plans de financement : besoins, ressources, années, dette.")


class UnreadableCase(UserError):
    """The file of a case is not TOML."""


@app.callback()
def main() -> None:
    """Hold the sub-commands: with one only, typer would run it without its name."""


@app.command("plan")
def plan(
    case: Annotated[Path, typer.Argument(metavar="CAS.toml", exists=True, dir_okay=False, help="Le cas à calculer.")],
) -> None:
    """Calcule un plan de financement et l’écrit en JSON, avec ce qu’il faut regarder.

    Le format du cas est dans `docs/plan-de-financement.md`. Rien n’est gardé ni envoyé ; un plan qui n’est pas
    équilibré est calculé aussi, avec son écart.

    Exemple : `toile finance plan docs/exemples/reprise.toml`
    """
    from toile.pathway.rules.finance_case import solve

    try:
        read = tomllib.loads(case.read_text(encoding="utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadableCase(f"{case.name} n’est pas un fichier TOML lisible : {error}.") from None
    json.dump(solve(read), sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")

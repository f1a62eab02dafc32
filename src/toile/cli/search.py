"""`toile search`: what a visitor would find in the directory."""

from __future__ import annotations

import json as json_format
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from toile.cli.boot import boot_with_database
from toile.cli.console import err, out
from toile.cli.index import follow
from toile.kernel.typography import french_number

if TYPE_CHECKING:
    from toile.directory.models import Organisation


def search(
    words: Annotated[list[str], typer.Argument(metavar="MOTS…", help="Nom, activité, commune, SIREN ou SIRET.")],
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Nombre de réponses au plus.")] = 20,
    here: Annotated[
        bool, typer.Option("--ici", help="Seulement ce que la liste du site montre d’abord : l’ESS du territoire.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Les réponses en une liste JSON.")] = False,
) -> None:
    """Cherche dans tout l’annuaire public, fautes de frappe comprises. Ni les accents ni les majuscules ne comptent.

    Comme un visiteur, et au-delà de ce que la liste montre d’abord : ailleurs aussi, et ce que rien ne dit de l’ESS.
    État de sortie 1 si rien ne répond.

    Exemples : `toile search épicerie solidaire`, `toile search --json --limit 5 recyclerie`
    """
    boot_with_database()
    from toile.directory.queries.by_database import EVERYWHERE
    from toile.directory.queries.listing import find_organisations
    from toile.directory.rules.ess import VERDICTS
    from toile.directory.searched import ORGANISATIONS
    from toile.kernel.lists import Asked
    from toile.kernel.readers import VISITOR

    question = Asked(words=" ".join(words))
    if not here:
        question = replace(question, flags=frozenset({EVERYWHERE}), facets={"verdicts": frozenset(VERDICTS)})
    follow(ORGANISATIONS.code)
    found = find_organisations(VISITOR, question, 0, limit)
    if not found.tolerant:
        err.print("L’index de recherche n’est pas prêt : les mots sont cherchés à la lettre.")
    rows = [_row(organisation, found.scores.get(organisation.pk)) for organisation in found.rows]
    if json:
        print(json_format.dumps(rows, ensure_ascii=False))  # noqa: T201 -- rich would wrap the line
    elif rows:
        _show(rows, found.count)
    if not rows:
        err.print("Aucune structure ne répond à ces mots.")
        raise typer.Exit(1)


def _row(organisation: Organisation, score: float | None) -> dict[str, Any]:
    from toile.directory.rules.display import BY_GLYPH

    place = organisation.main
    return {
        "id": str(organisation.pk),
        "name": organisation.name,
        "commune": place.commune.name if place and place.commune else None,
        "score": score,
        "family": BY_GLYPH[organisation.display_class].label_fr,
        "siren": organisation.siren,
        "path": organisation.get_absolute_url(),
    }


def _show(rows: list[dict[str, Any]], count: int) -> None:
    table = Table("Nom", "Commune", "Famille", "SIREN", box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(row["name"], row["commune"] or "lieu inconnu", row["family"], row["siren"] or "—")
    out.print(table)
    if count > len(rows):
        err.print(f"{french_number(len(rows))} sur {french_number(count)} (--limit pour en voir plus)")

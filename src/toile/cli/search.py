"""`toile search`: what a visitor would find in the directory."""

from __future__ import annotations

import json as json_format
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from toile.cli.boot import boot_with_database
from toile.cli.console import err, out
from toile.kernel.typography import french_number

if TYPE_CHECKING:
    from toile.directory.models import Organisation


def search(
    words: Annotated[list[str], typer.Argument(metavar="MOTS…", help="Nom, activité, commune, SIREN ou SIRET.")],
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Nombre de réponses au plus.")] = 20,
    everywhere: Annotated[
        bool, typer.Option("--partout", help="Aussi hors du territoire, ou sans lieu connu.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Les réponses en une liste JSON.")] = False,
) -> None:
    """Cherche dans l’annuaire public, comme un visiteur. Ni les accents ni les majuscules ne comptent.

    État de sortie 1 si rien ne répond.

    Exemples : `toile search épicerie solidaire`, `toile search --json --limit 5 recyclerie`
    """
    boot_with_database()
    from toile.directory.queries.listing import Asked, listing, words_of
    from toile.kernel.readers import VISITOR

    asked = Asked(words=words_of(" ".join(words)), everywhere=everywhere, sort="relevance")
    found: list[Organisation] = []
    page = 1
    while True:
        listed = listing(VISITOR, asked, page=page)
        found += listed.rows
        if len(found) >= min(limit, listed.count) or not listed.rows:
            break
        page += 1
    rows = [_row(organisation) for organisation in found[:limit]]
    if json:
        print(json_format.dumps(rows, ensure_ascii=False))  # noqa: T201 -- rich would wrap the line
    elif rows:
        _show(rows, listed.count)
    if not rows:
        err.print("Aucune structure ne répond à ces mots.")
        raise typer.Exit(1)


def _row(organisation: Organisation) -> dict[str, Any]:
    from toile.directory.rules.display import BY_GLYPH

    place = organisation.main
    return {
        "id": str(organisation.pk),
        "name": organisation.name,
        "commune": place.commune.name if place and place.commune else None,
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

"""`toile export`: the public directory as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toile.cli.boot import boot_with_database
from toile.cli.console import advancing, out
from toile.cli.index import follow
from toile.kernel.typography import french_number

if TYPE_CHECKING:
    from toile.kernel.lists.files import Export

MOST = 1_000_000


class Format(StrEnum):
    """What the directory can be written as."""

    CSV = "csv"
    XLSX = "xlsx"
    GEOJSON = "geojson"


def export(
    path: Annotated[Path, typer.Argument(metavar="FICHIER", dir_okay=False, help="Son suffixe dit le format.")],
    format_: Annotated[
        Format | None, typer.Option("--format", help="Si le suffixe du fichier ne le dit pas.", show_default=False)
    ] = None,
    everywhere: Annotated[
        bool, typer.Option("--partout", help="Aussi hors du territoire, ou sans lieu connu.")
    ] = False,
) -> None:
    """Écrit l’annuaire public dans un fichier : CSV (point-virgule, lisible par un tableur), xlsx ou GeoJSON.

    Les mêmes colonnes que les fichiers du site, sans leur limite ; seulement ce que tout visiteur voit dans la liste.

    Exemples : `toile export annuaire.xlsx`, `toile export --partout carte.geojson`
    """
    chosen = format_ or next((known for known in Format if path.suffix.lower() == f".{known}"), None)
    if chosen is None:
        raise typer.BadParameter(f"« {path.name} » ne dit pas son format : .csv, .xlsx, .geojson, ou --format.")
    boot_with_database()
    from toile.directory.listed import ORGANISATIONS
    from toile.directory.queries.by_database import EVERYWHERE
    from toile.kernel.lists import Asked
    from toile.kernel.lists.files import csv_of, export_of, geojson_of, xlsx_of
    from toile.kernel.readers import VISITOR

    follow(ORGANISATIONS.code)
    asked = Asked(flags=frozenset({EVERYWHERE}) if everywhere else frozenset())
    found = export_of(ORGANISATIONS, VISITOR, asked, most=MOST)
    unfinished = path.with_name(path.name + ".part")
    with advancing("Export") as advance, unfinished.open("wb") as opened:
        told = replace(found, batches=_told(found, advance))
        match chosen:
            case Format.CSV:
                opened.writelines(csv_of(told, excel_fr=True))
            case Format.XLSX:
                opened.writelines(xlsx_of(told))
            case Format.GEOJSON:
                opened.writelines(geojson_of(told))
    unfinished.replace(path)
    out.print(f"{path} : {french_number(found.given)} structures", markup=False, soft_wrap=True)


def _told(found: Export, advance: Any) -> Iterator[Sequence[Any]]:
    done = 0
    for batch in found.batches:
        yield batch
        done += len(batch)
        advance(done, found.given)

"""`toile export`: the public directory as a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toile.cli.boot import boot_with_database
from toile.cli.console import advancing, out
from toile.kernel.typography import french_number

if TYPE_CHECKING:
    from toile.directory.models import Organisation

Row = dict[str, Any]


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

    Seulement ce que tout visiteur peut voir dans la liste.

    Exemples : `toile export annuaire.xlsx`, `toile export --partout carte.geojson`
    """
    chosen = format_ or next((known for known in Format if path.suffix.lower() == f".{known}"), None)
    if chosen is None:
        raise typer.BadParameter(f"« {path.name} » ne dit pas son format : .csv, .xlsx, .geojson, ou --format.")
    boot_with_database()
    from toile.directory.queries.listing import Asked, matching
    from toile.kernel.readers import VISITOR

    found = matching(VISITOR, Asked(everywhere=everywhere))
    total = found.count()
    ordered = found.select_related("main__commune").order_by("sort_name", "pk").iterator(chunk_size=2000)
    unfinished = path.with_name(path.name + ".part")
    with advancing("Export") as advance:
        WRITERS[chosen](unfinished, _told(map(_row, ordered), total, advance))
    unfinished.replace(path)
    out.print(f"{path} : {french_number(total)} structures", markup=False, soft_wrap=True)


def _told(rows: Iterable[Row], total: int, advance: Callable[[int, int], None]) -> Iterator[Row]:
    for done, row in enumerate(rows, 1):
        yield row
        if done % 500 == 0 or done == total:
            advance(done, total)


def _row(organisation: Organisation) -> Row:
    from toile.directory.rules.display import BY_GLYPH

    place = organisation.main
    commune = place.commune if place else None
    return {
        "identifiant": str(organisation.pk),
        "nom": organisation.name,
        "siren": organisation.siren,
        "siret": place.siret if place else None,
        "rna": organisation.rna,
        "forme juridique": organisation.legal_form,
        "famille": BY_GLYPH[organisation.display_class].label_fr,
        "nature": organisation.get_invention_display(),
        "adresse": place.address if place else None,
        "code postal": place.postal_code if place else None,
        "commune": commune.name if commune else None,
        "code commune": commune.code if commune else None,
        "commune déduite": "oui" if place and place.commune_is_deduced else None,
        "longitude": place.lon if place else None,
        "latitude": place.lat if place else None,
        "site": organisation.website,
    }


def _table(rows: Iterable[Row]) -> tuple[Sequence[str], Iterable[Sequence[Any]]]:
    """The columns' names, and the cells of each row."""
    coming = iter(rows)
    first = next(coming, {})
    return tuple(first), (tuple(row.values()) for row in chain([first] if first else [], coming))


def write_csv(path: Path, rows: Iterable[Row]) -> None:
    """Semicolons, decimal commas and a byte order mark, as French spreadsheets open it."""
    from toile.kernel.exports import csv_rows

    with path.open("w", encoding="utf-8", newline="") as opened:
        opened.writelines(csv_rows(*_table(rows), excel_fr=True))


def write_xlsx(path: Path, rows: Iterable[Row]) -> None:
    """One sheet, its header frozen; identifiers stay texts, so that no leading zero is lost."""
    from toile.kernel.exports import xlsx_bytes

    with path.open("wb") as opened:
        opened.writelines(xlsx_bytes(*_table(rows), title="Annuaire"))


def write_geojson(path: Path, rows: Iterable[Row]) -> None:
    """One feature per structure; a structure without a known point has no geometry."""
    with path.open("w", encoding="utf-8") as opened:
        opened.write('{"type": "FeatureCollection", "features": [')
        for number, row in enumerate(rows):
            lon, lat = row.pop("longitude"), row.pop("latitude")
            point = None if lon is None else {"type": "Point", "coordinates": [lon, lat]}
            feature = {"type": "Feature", "id": row["identifiant"], "geometry": point, "properties": row}
            opened.write((",\n" if number else "\n") + json.dumps(feature, ensure_ascii=False))
        opened.write("\n]}\n")


WRITERS = {Format.CSV: write_csv, Format.XLSX: write_xlsx, Format.GEOJSON: write_geojson}

"""The adapter of the official SIRENE stock: DuckDB filters, each establishment comes with its legal unit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from toile.directory.imports import stock_columns as official
from toile.directory.imports.rows import Incoming, NewRecord, Outside, Prepared, Refused
from toile.directory.imports.stock import StockReading, read_stock
from toile.directory.rules.gazetteer import Gazetteer
from toile.territory.geometry import lambert93_to_wgs84
from toile.territory.queries import Scope

X, Y = "coordonneeLambertAbscisseEtablissement", "coordonneeLambertOrdonneeEtablissement"


def read_sirene(
    unites: Path, etablissements: Path, *, scope: Scope, gazetteer: Gazetteer, notes: list[str]
) -> Iterator[Incoming]:
    """The establishments of a perimeter, with their legal units; what is missing or was refused is told.

    notes: sentences about missing columns and units, appended to. Bounded memory whatever the size of the stock.
    """
    codes = {code: code for code in scope.communes}
    codes |= {old: present for old, present in gazetteer.rolled_up.items() if present in scope.communes}
    with read_stock(unites, etablissements, codes) as stock:
        _tell(stock, unites, notes)
        for refused in stock.refused:
            if refused.file == etablissements.name:
                yield Refused(refused.line, None, refused.reason)
            else:
                notes.append(f"{refused.file}, ligne {refused.line} : {refused.reason}")
        yield Outside(stock.read - stock.kept)
        yield from prepared_rows(stock)


def prepared_rows(stock: StockReading) -> Iterator[Incoming]:
    """Each establishment of the stock with its legal unit, ready for the engine, or why it is refused."""
    split = len(official.ETABLISSEMENT_ASKED)
    establishment_columns, unit_columns = stock.columns[:split], ("siren", *stock.columns[split:-1])
    units: dict[str, NewRecord] = {}
    line = 0
    for batch in stock:
        for values in batch:
            line += 1
            place = {column: value for column, value in zip(establishment_columns, values, strict=False) if value}
            if X in place and Y in place:
                place["lon"], place["lat"] = _degrees(place.pop(X), place.pop(Y))
            own = NewRecord.of("sirene_establishment", place.get("siret", ""), place)
            if "siret" not in own.said.establishment:
                yield Refused(line, "siret", "; ".join(own.said.doubts) or _("La ligne n’a pas de SIRET"))
                continue
            siren = place["siret"][:9]
            # The stock is sorted by SIRET: a unit's establishments follow each other.
            unit = units.get(siren)
            if unit is None:
                said = {column: v for column, v in zip(unit_columns, (siren, *values[split:-1]), strict=True) if v}
                unit = NewRecord.of("sirene_unit", siren, said)
                units = {siren: unit}
            yield Prepared(line, (own, unit))


def _degrees(x: str, y: str) -> tuple[float | None, float | None]:
    try:
        lon, lat = lambert93_to_wgs84(float(x), float(y))
    except ValueError:
        return None, None
    return round(lon, 6), round(lat, 6)


def _tell(stock: StockReading, unites: Path, notes: list[str]) -> None:
    for name, columns in stock.missing.items():
        if columns:
            notes.append(
                _("%(file)s n’a pas %(columns)s : ce qui en dépend reste inconnu.")
                % {"file": name, "columns": ", ".join(columns)}
            )
    if stock.without_unit:
        notes.append(
            _("%(count)s établissements n’ont pas leur unité légale dans %(file)s.")
            % {"count": stock.without_unit, "file": unites.name}
        )

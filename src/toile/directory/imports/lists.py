"""The adapters of lists that are files of rows: the SIAE list, the ESS lists, any mapped spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from toile.directory.imports.rows import Incoming, NewRecord, Outside, Prepared, Refused
from toile.directory.rules.gazetteer import Gazetteer
from toile.directory.rules.mapping import Mapping as ColumnMapping
from toile.directory.rules.mapping import apply
from toile.kernel.errors import UserError
from toile.kernel.fold import fold
from toile.kernel.tabular import Damaged, Row, Table
from toile.territory.queries import Scope
from toile.territory.rules.coordinates import Place as Point
from toile.territory.rules.coordinates import judge

# With fewer communes than this, a postal code that we do not know is simply elsewhere, not a doubt.
NATIONAL = 30_000


class WrongList(UserError):
    """The file is not the list that was announced: the columns it lacks are named."""


@dataclass(frozen=True, slots=True)
class Layout:
    """One layout of a list: the columns that tell it, and how its rows name themselves."""

    code: str
    columns: frozenset[str]
    identify: Callable[[Mapping[str, str]], str]


def _by(column: str) -> Callable[[Mapping[str, str]], str]:
    return lambda row: row.get(column, "").strip()


SIAE = (Layout("", frozenset({"pk", "siret", "kind", "name", "post_code", "city"}), _by("pk")),)
# The most specific layout first: the first whose columns are all there is the one.
ESS = (
    Layout("enriched", frozenset({"siren", "denomination", "siret_siege", "rna_enrich_source"}), _by("siren")),
    Layout("label", frozenset({"siren", "denomination", "siret_siege", "score_enrichissement"}), _by("siren")),
    Layout("first_run", frozenset({"siren", "denomination", "denomination__ess_numerique"}), _by("siren")),
    Layout("consolidated", frozenset({"siren", "denomination", "categorie_juridique", "famille_ess"}), _by("siren")),
    Layout("third_places", frozenset({"ID_UNIQUE", "NOM", "CODPOST", "VILLE"}), _by("ID_UNIQUE")),
    Layout(
        "flag", frozenset({"siren", "denominationUniteLegale", "economieSocialeSolidaireUniteLegale"}), _by("siren")
    ),
    Layout(
        "category_naf", frozenset({"siren", "categorieJuridiqueUniteLegale", "group_naf", "group_cate"}), _by("siren")
    ),
    Layout("category", frozenset({"siren", "denominationUniteLegale", "categorieJuridiqueUniteLegale"}), _by("siren")),
    Layout("list", frozenset({"siren", "denominationUniteLegale", "sources"}), _by("siren")),
)


def layout_of(columns: Iterable[str], layouts: tuple[Layout, ...], name: str) -> Layout:
    """The layout of a file by its columns; raises `WrongList` with what the nearest layout lacks."""
    present = {column.strip() for column in columns}
    for layout in layouts:
        if layout.columns <= present:
            return layout
    nearest = min(layouts, key=lambda layout: len(layout.columns - present))
    raise WrongList(
        _("Ce fichier n’est pas %(name)s : il lui manque %(columns)s.")
        % {"name": name, "columns": ", ".join(f"« {column} »" for column in sorted(nearest.columns - present))}
    )


def read_list(
    table: Table, *, source: str, layouts: tuple[Layout, ...], name: str, gazetteer: Gazetteer, scope: Scope | None
) -> Iterator[Incoming]:
    """The rows of a list as it really is; damaged rows are refused where they stand, the good ones go on."""
    layout = layout_of(table.columns, layouts, name)
    prefix = f"{layout.code}:" if layout.code else ""
    for row in table:
        if isinstance(row, Damaged):
            yield Refused(row.line, row.column, row.reason_fr)
            continue
        own_id = layout.identify(row.values)
        payload = {column: value for column, value in row.values.items() if value}
        yield _prepared(row, source, f"{prefix}{own_id}" if own_id else "", payload, gazetteer, scope)


def read_spreadsheet(
    table: Table,
    *,
    mapping: ColumnMapping,
    gazetteer: Gazetteer,
    scope: Scope | None,
    constants: Mapping[str, Any] = MappingProxyType({}),
) -> Iterator[Incoming]:
    """The rows of any spreadsheet, through the mapping that a person accepted; unmapped columns are not kept.

    A file's own ids mean something in files of the same columns only: « 12 » in two other tables is two structures.
    """
    layout = blake2b("|".join(sorted(table.columns)).encode(), digest_size=4).hexdigest()
    for row in table:
        if isinstance(row, Damaged):
            yield Refused(row.line, row.column, row.reason_fr)
            continue
        payload = {target: value for target, value in apply(mapping, row.values).items() if value not in (None, "")}
        payload |= constants
        own_id = str(payload.pop("external_id", ""))
        yield _prepared(row, "spreadsheet", f"{layout}:{own_id}" if own_id else "", payload, gazetteer, scope)


def _prepared(
    row: Row, source: str, own_id: str, payload: Mapping[str, Any], gazetteer: Gazetteer, scope: Scope | None
) -> Incoming:
    record = NewRecord.of(source, "", payload)
    said = record.said
    if "name" not in said.organisation:
        return Refused(row.line, None, _("La ligne ne donne aucun nom"))
    place = gazetteer.place(said.establishment)
    if scope is not None and not scope.holds(
        place.code or "", said.establishment.get("lon"), said.establishment.get("lat")
    ):
        return Outside()
    record.external_id = (
        own_id or _fingerprint(said.establishment.get("siret"), said.organisation, said.establishment)
    )[:120]
    doubts = list(said.doubts)
    postal = str(said.establishment.get("postal_code") or "")
    if place.doubt and postal and (postal in gazetteer.by_postal or len(gazetteer.names) >= NATIONAL):
        doubts.append(place.doubt)
    if judge(said.establishment.get("lon"), said.establishment.get("lat")) is Point.SUSPICIOUS:
        doubts.append(_("Les coordonnées sont hors de France : elles ne sont pas montrées"))
    return Prepared(row.line, (record,), doubts)


def _fingerprint(siret: str | None, organisation: Mapping[str, Any], establishment: Mapping[str, Any]) -> str:
    """An id for a row that has none of its own: its SIRET, its SIREN with its place, else what names and places it."""
    if siret:
        return siret
    parts = (
        organisation.get("siren") or organisation.get("rna") or organisation.get("name"),
        establishment.get("postal_code"),
        establishment.get("city"),
        establishment.get("address"),
    )
    folded = "|".join(fold(str(part or "")) for part in parts)
    return blake2b(folded.encode(), digest_size=12).hexdigest()

"""A list as a file: the formats, what each is for, and how each is written, some rows at a time."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.kernel.exports import csv_rows, xlsx_bytes
from toile.kernel.readers import Reader
from toile.kernel.typography import french_number

from .asked import Asked
from .declaring import ListPage

MOST_ROWS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Export:
    """All that matches a question, ready to be written: batches of whole rows, how many there are, how many are given.

    most: how many a file may hold.
    """

    page: ListPage[Any]
    batches: Iterable[Sequence[Any]]
    count: int
    most: int

    @property
    def cut(self) -> bool:
        """Whether rows are missing at the end."""
        return self.count > self.most

    @property
    def given(self) -> int:
        """How many rows the file holds."""
        return min(self.count, self.most)

    @property
    def rows(self) -> Iterator[Any]:
        """The rows, one after the other."""
        for batch in self.batches:
            yield from batch


def export_of(page: ListPage[Any], reader: Reader, asked: Asked, *, most: int | None = None) -> Export:
    """The rows that match, at most `most` (20,000): one `find` to count them, then the statements of `page.batches`."""
    most = MOST_ROWS if most is None else most
    count = page.find(reader, asked, 0, 0).count
    if page.batches:
        return Export(page, page.batches(reader, asked, most), count, most)
    return Export(page, [page.find(reader, asked, 0, most, whole=True).rows], count, most)


def cells(page: ListPage[Any], row: Any) -> list[Any]:
    """The row's values, in the order of the columns."""
    return [column.value(row) for column in page.columns]


def as_properties(page: ListPage[Any], row: Any) -> dict[str, Any]:
    """The row as JSON holds it: code of the column → value, dates in ISO 8601, null for unknown."""
    return {column.code: _plain(column.value(row)) for column in page.columns}


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Promise):
        return str(value)
    return None if value == "" else value


def csv_of(export: Export, *, excel_fr: bool = False) -> Iterator[bytes]:
    """RFC 4180 in UTF-8, or with BOM and « ; » for Excel français (domain L9)."""
    titles = [str(column.label) for column in export.page.columns]
    table = (cells(export.page, row) for row in export.rows)
    for chunk in csv_rows(titles, table, excel_fr=excel_fr):
        yield chunk.encode()


def xlsx_of(export: Export) -> Iterator[bytes]:
    """One sheet; its name says when it is cut."""
    title = str(export.page.title)
    if export.cut:
        title = _("%(given)s premières sur %(count)s") % {
            "given": french_number(export.given),
            "count": french_number(export.count),
        }
    titles = [str(column.label) for column in export.page.columns]
    yield from xlsx_bytes(titles, (cells(export.page, row) for row in export.rows), title=title)


def geojson_of(export: Export) -> Iterator[bytes]:
    """RFC 7946: (longitude, latitude), null geometry without a known point; after the features, what was counted.

    count: how many match; given: how many are here; truncated; without_point.
    """
    page, unplaced, given = export.page, 0, 0
    yield b'{"type":"FeatureCollection","features":['
    for batch in export.batches:
        parts = []
        for row in batch:
            point = page.point(row)
            unplaced += point is None
            given += 1
            geometry = {"type": "Point", "coordinates": list(point)} if point else None
            feature = {"type": "Feature", "id": page.entry(row).id, "geometry": geometry}
            parts.append(("," if given > 1 else "") + as_json(feature | {"properties": as_properties(page, row)}))
        yield "\n".join(parts).encode()
    counts = {"count": export.count, "given": given, "truncated": export.cut, "without_point": unplaced}
    yield f"],{as_json(counts)[1:]}\n".encode()


def as_json(value: Any) -> str:
    """Compact JSON in plain UTF-8; what is not a number of JSON is refused."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


@dataclass(frozen=True, slots=True)
class Format:
    """One format: the suffix of the address, its media type, its name, what it is for; how it is written, if whole.

    write: None for what is one page of the list at a time.
    """

    suffix: str
    media: str
    label: str | Promise
    purpose: str | Promise
    write: Callable[[Export], Iterator[bytes]] | None = None

    @property
    def is_file(self) -> bool:
        """Whether a browser keeps it rather than shows it."""
        return self.write is not None


XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS: Final = {
    one.suffix: one
    for one in (
        Format("xlsx", XLSX, gettext_lazy("Classeur"), gettext_lazy("pour un tableur"), xlsx_of),
        Format("csv", "text/csv; charset=utf-8", gettext_lazy("CSV"), gettext_lazy("pour un programme"), csv_of),
        Format("geojson", "application/geo+json", "GeoJSON", gettext_lazy("pour une carte"), geojson_of),
        Format("json", "application/json", "JSON", gettext_lazy("pour un programme, page par page")),
        Format(
            "atom",
            "application/atom+xml; charset=utf-8",
            gettext_lazy("Flux Atom"),
            gettext_lazy("pour un lecteur de nouvelles"),
        ),
    )
}
"""Every format, in the order in which the page offers them."""

"""How a room declares a list: its columns, facets and sorts, and the functions that find its rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise

from toile.kernel.readers import Reader

from .asked import Asked, Group

Row = TypeVar("Row")
Label = str | Promise


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column of the table and of every export.

    code: key in JSON and GeoJSON, never renamed. value: text, number, date, or None for unknown. in_table: shown on the
    page too, so it reads only what every row has; the first column is the name, under which the page links to the row.
    """

    code: str
    label: Label
    value: Callable[[Row], Any]
    in_table: bool = False


@dataclass(frozen=True, slots=True)
class FacetShown:
    """One facet: its parameter in the address, its name in `Asked.facets`, its title, and the labels of its values.

    labels: values → value → label, in one look-up for all of them; a value left out is not offered. by_count: the most
    frequent first, else the order given. folded: closed at first. glyph: the value is also the code of a glyph.
    """

    parameter: str
    name: str
    title: Label
    labels: Callable[[Collection[str]], Mapping[str, Label]]
    by_count: bool = True
    folded: bool = False
    glyph: bool = False


def labels_among(known: Mapping[str, Label]) -> Callable[[Collection[str]], Mapping[str, Label]]:
    """The labels of a facet whose values are a closed list; an unknown value is not offered."""
    return lambda values: {value: known[value] for value in values if value in known}


@dataclass(frozen=True, slots=True)
class Flag:
    """One box to tick: its parameter, its name in `Asked.flags`, what stands beside the box, and what its pill says."""

    parameter: str
    name: str
    label: Label
    pill: Label


@dataclass(frozen=True, slots=True)
class Sort:
    """One order of the list: its code in `Asked.sort`, its value in the address, its label.

    needs: `words` or `near`, what must be asked for this order to mean something; empty when it always does.
    """

    code: str
    value: str
    label: Label
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row told elsewhere: in a feed, a digest. id: a URI that never changes. url: its page's path."""

    id: str
    title: str
    url: str
    summary: str
    updated: datetime


@dataclass(frozen=True, slots=True)
class Spot:
    """What « Où ? » was read as: whether it is a place, and its middle (lon, lat) where that is known."""

    known: bool
    middle: tuple[float, float] | None = None


@dataclass(slots=True)
class Found(Generic[Row]):
    """What was found: one page of rows, all that match (`count`), all there is (`total`), counts of the facets.

    facets: name → value → count, each leaving out its own filter. distances: metres by the row's `pk` where a point was
    asked. scores: 0 to 100 by `pk`, how near its name is to the words. groups: what the map shows.
    tolerant: False when the search index could not be read, and the words were looked for to the letter.
    """

    rows: Sequence[Row]
    count: int
    total: int
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    groups: Sequence[Group] = ()
    distances: Mapping[Any, float] = field(default_factory=dict)
    scores: Mapping[Any, float] = field(default_factory=dict)
    tolerant: bool = True


RowFound = TypeVar("RowFound", covariant=True)


class Finder(Protocol[RowFound]):
    """Finds one page of rows. gather: also the groups of the map. whole: rows with all that the columns read."""

    def __call__(
        self, reader: Reader, asked: Asked, offset: int, limit: int, /, *, gather: bool = False, whole: bool = False
    ) -> Found[Any]: ...


Address = Callable[[Mapping[str, str | None]], str]
"""This list's address with some parameters changed; None takes one away."""


@dataclass(frozen=True, slots=True)
class ListPage(Generic[Row]):
    """One list of the site.

    code: never renamed, kept searches hold it.
    route: the name of its address, which ends with a slash; with `.csv`, `.xlsx`, `.geojson`, `.json` or `.atom` in
    place of the slash it is the same list in that format. file: the name of its files, before the date.
    found: (found, total) → what stands above the list, « 3 structures trouvées sur 412 ».
    find: see `Finder`, in a known number of statements. newer: (reader, asked, since, until, most) → rows that last
    changed after `since` and no later than `until` (None: now), the latest first, for feeds and digests.
    batches: (reader, asked, most) → all that match, some rows at a time, in the order asked; without it, one `find` of
    them all.
    entry: reads only what every row has, as do point and told. point: a row's (lon, lat) or None.
    spot: « Où ? » read. draw: (found, asked, address) → the map as HTML, empty when there is none.
    row_template, told: what shows one row of the list, and what it needs beside `row`, `number`, `placed`, `distance`
    and `entry`; `title` and `note`, its tag, stand in the table. schema: the schema.org type of a row.
    wider: (parameter, value) that widens the question → how that is said, to try when nothing is found. hint: an
    example of a place. nothing_yet: what is said of a list without any row.
    """

    code: str
    title: Label
    route: str
    columns: Sequence[Column[Row]]
    facets: Sequence[FacetShown]
    sorts: Sequence[Sort]
    find: Finder[Row]
    newer: Callable[[Reader, Asked, datetime, datetime | None, int], Sequence[Row]]
    entry: Callable[[Row], Entry]
    found: Callable[[int, int], str]
    file: str
    row_template: str = "kernel/list_row.html"
    told: Callable[[Row], Mapping[str, Any]] = lambda row: {}
    point: Callable[[Row], tuple[float, float] | None] = lambda row: None
    batches: Callable[[Reader, Asked, int], Iterator[Sequence[Row]]] | None = None
    flags: Sequence[Flag] = ()
    spot: Callable[[str], Spot] | None = None
    draw: Callable[[Found[Row], Asked, Address], str] | None = None
    wider: Mapping[tuple[str, str], Label] = field(default_factory=dict)
    schema: str = "Thing"
    hint: Label = ""
    nothing_yet: Label = ""


lists: dict[str, ListPage[Any]] = {}


def declare(page: ListPage[Any]) -> ListPage[Any]:
    """Register a list; a code declared twice stops the start."""
    if page.code in lists:
        raise ImproperlyConfigured(f"list {page.code} is declared twice")
    lists[page.code] = page
    return page

"""A list told to programs: one page as JSON, the news as Atom, the rows of the page as JSON-LD."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as Xml

from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from toile.kernel.exports import xml_text
from toile.kernel.json_ld import in_script
from toile.kernel.readers import Reader

from .asked import Asked
from .asking import DEEPEST, address, without
from .choices import facets_of
from .declaring import Entry, ListPage
from .files import FORMATS, as_json, as_properties

JSON_ROWS: Final = 100
NEWS: Final = 50
BEGINNING: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
ATOM: Final = "http://www.w3.org/2005/Atom"
Absolute = Callable[[str], str]


def json_of(
    page: ListPage[Any], reader: Reader, query: QueryDict, asked: Asked, number: int, path: str, absolute: Absolute
) -> bytes:
    """One page of 100 rows: count, total, facets as the page shows them, rows, and the address of the next page.

    next: null at the end; `truncated` says that there is more beyond the last page that one may ask. The statements of
    `page.find` with whole rows, and of the facets' labels.
    """
    number = min(number, DEEPEST // JSON_ROWS)
    offset = (number - 1) * JSON_ROWS
    found = page.find(reader, asked, offset, JSON_ROWS, whole=True)
    end = min(found.count, DEEPEST)
    more = address(query, {"page": str(number + 1)}) if offset + JSON_ROWS < end else None
    facets = [
        {
            "name": facet.parameter,
            "title": facet.title,
            "values": [
                {
                    "value": choice.value,
                    "label": choice.label,
                    "count": choice.count,
                    "selected": choice.chosen,
                    "toggle_url": absolute(path + _toggled(query, facet.parameter, choice.value, choice.chosen)),
                }
                for choice in facet.choices
            ],
        }
        for facet in facets_of(page, asked, found.facets)
    ]
    entries = [page.entry(row) for row in found.rows]
    return as_json(
        {
            "title": str(page.title),
            "count": found.count,
            "total": found.total,
            "page": number,
            "next": absolute(path + more) if more else None,
            "truncated": found.count > DEEPEST,
            "facets": facets,
            "rows": [
                {"id": entry.id, "url": absolute(entry.url)} | as_properties(page, row)
                for entry, row in zip(entries, found.rows, strict=True)
            ],
        }
    ).encode()


def _toggled(query: QueryDict, parameter: str, value: str, chosen: bool) -> str:
    if chosen:
        return without(query, parameter, value)
    added = query.copy()
    added.appendlist(parameter, value)
    return f"?{added.urlencode()}"


def newest(page: ListPage[Any], reader: Reader, asked: Asked) -> list[Entry]:
    """The last 50 rows that appeared or changed. The statements of `page.newer`."""
    return [page.entry(row) for row in page.newer(reader, asked, BEGINNING, None, NEWS)]


def atom_of(page: ListPage[Any], subject: str, entries: Sequence[Entry], shown: str, itself: str) -> bytes:
    """An Atom feed (RFC 4287) whose ids never change. subject: the question in words. shown, itself: the addresses of
    the page and of the feed."""
    Xml.register_namespace("", ATOM)
    feed = Xml.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "fr"})
    host, title = urlsplit(itself).netloc, str(page.title)
    _text(feed, "id", uuid5(NAMESPACE_URL, itself).urn)
    _text(feed, "title", f"{title}\u00a0: {subject}" if subject else title)
    _text(feed, "updated", max((entry.updated for entry in entries), default=BEGINNING).isoformat())
    Xml.SubElement(feed, f"{{{ATOM}}}link", {"rel": "self", "href": itself, "type": "application/atom+xml"})
    Xml.SubElement(feed, f"{{{ATOM}}}link", {"rel": "alternate", "href": shown, "type": "text/html"})
    _text(Xml.SubElement(feed, f"{{{ATOM}}}author"), "name", host)
    if len(entries) == NEWS:
        _text(feed, "subtitle", _("Les %(n)s dernières nouveautés.") % {"n": NEWS})
    base = itself.split("/", 3)[:3]
    for entry in entries:
        told = Xml.SubElement(feed, f"{{{ATOM}}}entry")
        _text(told, "id", entry.id)
        _text(told, "title", entry.title)
        _text(told, "updated", entry.updated.isoformat())
        Xml.SubElement(told, f"{{{ATOM}}}link", {"rel": "alternate", "href": "/".join(base) + entry.url})
        _text(told, "summary", entry.summary)
    return Xml.tostring(feed, encoding="utf-8", xml_declaration=True)


def _text(parent: Xml.Element, name: str, text: str) -> None:
    Xml.SubElement(parent, f"{{{ATOM}}}{name}").text = xml_text(text)


def json_ld(
    page: ListPage[Any], entries: Sequence[Entry], count: int, first: int, shown: str, suffixed: str
) -> SafeString:
    """The rows of the page as a schema.org ItemList, and the whole as a Dataset with its files (domain L10).

    shown: the page's absolute address; suffixed: the same, to which a format's suffix is added by `%s`.
    """
    base = "/".join(shown.split("/", 3)[:3])
    rows = [
        {
            "@type": "ListItem",
            "position": first + place,
            "item": {"@type": page.schema, "name": entry.title, "url": base + entry.url},
        }
        for place, entry in enumerate(entries)
    ]
    files = [
        {
            "@type": "DataDownload",
            "encodingFormat": one.media.partition(";")[0],
            "contentUrl": suffixed.replace("%s", one.suffix),
        }
        for one in FORMATS.values()
    ]
    title = str(page.title)
    graph = [
        {"@type": "ItemList", "name": title, "url": shown, "numberOfItems": count, "itemListElement": rows},
        {"@type": "Dataset", "name": title, "description": title, "url": shown, "distribution": files},
    ]
    return in_script(as_json({"@context": "https://schema.org", "@graph": graph}))

"""What a kept search asks: its query in one normal form, its addresses, the question in words."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from toile.kernel.errors import UserError
from toile.kernel.lists import Asked, ListPage, asked_from, lists
from toile.kernel.lists.asking import query_of
from toile.kernel.lists.choices import in_words

from .models import SavedSearch

LONGEST_QUERY = 2000
LONGEST_NAME = 120


class TooLong(UserError):
    """The search asks more than can be kept."""


def page_of(search: SavedSearch) -> ListPage[Any] | None:
    """The list that the search asks; None if the site does not have it any more."""
    return lists.get(search.list)


def normalised(page: ListPage[Any], data: QueryDict) -> str:
    """The one way of writing this question: what the list knows of it, in one order, without page nor display.

    Raises `TooLong` above 2,000 characters.
    """
    query = query_of(page, data)
    query.pop("vue", None)
    for parameter, values in query.lists():
        query.setlist(parameter, sorted(values))
    written = query.urlencode()
    if len(written) > LONGEST_QUERY:
        raise TooLong(_("Cette recherche a trop de filtres pour être gardée : retirez-en quelques-uns."))
    return written


def asked(page: ListPage[Any], query: str) -> Asked:
    """What a query asks of its list. The statements of `asked_from`."""
    return asked_from(page, QueryDict(query))[0]


def words(page: ListPage[Any], query: str) -> str:
    """The question in words, « « réemploi », lieu : Firminy »; empty when nothing is asked. The same statements."""
    return in_words(page, QueryDict(query), asked(page, query))


def suggested_name(page: ListPage[Any], asked_words: str) -> str:
    """A first name for the search: its words unquoted, or the list's title when nothing is asked; 120 characters."""
    name = asked_words.replace("« ", "").replace(" »", "") or str(page.title)
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def one_line(text: str) -> str:
    """The text on one line, as a header or a list needs it; its no-break spaces stay."""
    return " ".join(line.strip() for line in text.splitlines()).strip()


def address(page: ListPage[Any], query: str, suffix: str = "/") -> str:
    """Where the question is asked; suffix: `.xlsx`, `.atom`… for the answer in that format."""
    path = reverse(page.route).rstrip("/") + suffix
    return f"{path}?{query}" if query else path

"""The followed cohort: the list of a door's firms, what waits there, and the young firms that nobody follows yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import F, Max, Q
from django.utils import timezone

from toile.directory.models import Organisation
from toile.directory.models.organisations import Stage, Whereabouts
from toile.directory.queries.by_database import words_of
from toile.kernel.fold import fold
from toile.kernel.lists import Asked, Found
from toile.kernel.readers import Reader, Role
from toile.pathway.models import Call, CheckIn, Door, Followed, Signal
from toile.pathway.queries.followed import Ranked, ranked
from toile.pathway.queries.people import names_of
from toile.pathway.rules.cohort import YOUNG, is_young, months_old

MOST: Final = 3_000
"""Firms of one's doors read at once: a list in memory; CREAFIL followed 300 a year."""
A_PAGE: Final = 40
COLUMNS: Final = (
    *("organisation__canonical__name", "organisation__canonical__siren", "organisation__canonical__display_class"),
    *("organisation__canonical__invention", "organisation__canonical__canonical", "organisation__canonical"),
    *("door__name", "source", "adviser", "born_on", "entered_on", "left_on", "left_why", "objected_at", "simulated"),
)
"""What a line of the list reads: a structure holds long texts that it does not show."""
LEFT, SILENT, CONTESTED = "left", "silent", "contested"
NOBODY, UNSCORED = "nobody", "unscored"


@dataclass(slots=True)
class Line:
    """A firm in the list. score: None when it refuses to be scored. contested: signals that wait for an answer."""

    firm: Followed
    score: Ranked | None
    adviser: str
    last_answer: datetime | None = None
    last_call: datetime | None = None
    contested: int = 0

    @property
    def pk(self) -> UUID:
        return self.firm.pk

    @property
    def name(self) -> str:
        return self.firm.organisation.canonical.name

    @property
    def months(self) -> int | None:
        """How old it is, in whole months; None when its birth is not known."""
        born = self.firm.born_on
        return None if born is None else months_old(born, self.firm.left_on or timezone.localdate())

    @property
    def is_over(self) -> bool:
        """Whether it is still followed although three years have passed."""
        firm = self.firm
        return firm.left_on is None and firm.born_on is not None and not is_young(firm.born_on, timezone.localdate())


def of_doors(reader: Reader) -> Q:
    """The firms of the doors where one advises: what a door works with, one's own firm left out."""
    return Q(door__organisation__in=reader.organisations if reader.has_role(Role.ADVISER) else ())


def lines(reader: Reader, *, present: bool | None = None, on: date | None = None) -> list[Line]:
    """The firms of one's doors with their scores, what they said last and what waits. 6 queries.

    present: those followed today, those that left, or both (None).
    """
    rows = Followed.objects.visible_to(reader).filter(of_doors(reader))
    if present is not None:
        rows = rows.filter(left_on__isnull=present)
    told = rows.select_related("organisation__canonical", "door").only(*COLUMNS)
    firms = list(told.order_by("entered_on", "pk")[:MOST])
    keys = [firm.pk for firm in firms]
    scores = ranked(firms, on or timezone.localdate())
    names = names_of({firm.adviser for firm in firms if firm.adviser})
    answers = _latest(CheckIn.objects.filter(followed__in=keys, answered_at__isnull=False), "answered_at")
    calls = _latest(Call.objects.filter(followed__in=keys), "at")
    waiting = Counter(
        Signal.objects.filter(
            followed__in=keys, contested_at__isnull=False, decided_at__isnull=True, closed_on__isnull=True
        )
        .order_by()
        .values_list("followed", flat=True)
    )
    return [
        Line(
            firm,
            scores.get(firm.pk),
            names.get(firm.adviser, "") if firm.adviser else "",
            answers.get(firm.pk),
            calls.get(firm.pk),
            waiting[firm.pk],
        )
        for firm in firms
    ]


def _latest(rows: object, column: str) -> dict[UUID, datetime]:
    return dict(rows.order_by().values_list("followed").annotate(last=Max(column)))  # type: ignore[attr-defined]


# --- The list --------------------------------------------------------------------------------------------------------

Values = Callable[[Line], Iterable[str]]
FACETS: Final[Mapping[str, Values]] = {
    "bands": lambda line: [line.score.risk_band.code if line.score else UNSCORED],
    "growths": lambda line: [line.score.potential_band.code] if line.score else [],
    "advisers": lambda line: [str(line.firm.adviser or NOBODY)],
    "doors": lambda line: [str(line.firm.door_id)],
}
FLAGS: Final[Mapping[str, Callable[[Line], bool]]] = {
    CONTESTED: lambda line: line.contested > 0,
    SILENT: lambda line: line.last_answer is None and line.last_call is None,
}


def find_followed(
    reader: Reader, asked: Asked, offset: int = 0, limit: int = 20, *, gather: bool = False, whole: bool = False
) -> Found[Line]:
    """One page of the firms of one's doors, facets and totals: 6 statements, then compared in memory."""
    rows = lines(reader, present=LEFT not in asked.flags)
    told = [row for row in rows if _said(row, asked)]
    matched = [row for row in told if _chosen(row, asked, leaving="")]
    facets = {
        name: Counter(value for row in told if _chosen(row, asked, leaving=name) for value in values(row))
        for name, values in FACETS.items()
    }
    matched.sort(key=_order(asked.sort))
    return Found(rows=matched[offset : offset + limit], count=len(matched), total=len(rows), facets=facets)


def newer_followed(reader: Reader, asked: Asked, since: datetime, until: datetime | None, limit: int) -> Sequence[Line]:
    """The firms of the question that entered after `since`, the latest first."""
    rows = [row for row in lines(reader, present=True) if row.firm.entered_on > timezone.localdate(since)]
    kept = [row for row in rows if until is None or row.firm.entered_on <= timezone.localdate(until)]
    kept = [row for row in kept if _said(row, asked) and _chosen(row, asked, leaving="")]
    return sorted(kept, key=lambda row: row.firm.entered_on, reverse=True)[:limit]


def _said(row: Line, asked: Asked) -> bool:
    text = fold(f"{row.name} {row.firm.organisation.canonical.siren or ''} {row.adviser}")
    return all(word in text for word in words_of(asked.words)) and all(
        test(row) for flag, test in FLAGS.items() if flag in asked.flags
    )


def _chosen(row: Line, asked: Asked, *, leaving: str) -> bool:
    return all(
        name == leaving or not asked.facets.get(name) or not asked.facets[name].isdisjoint(values(row))
        for name, values in FACETS.items()
    )


def _order(sort: str) -> Callable[[Line], tuple[object, ...]]:
    if sort == "potential":
        return lambda row: (-(row.score.potential if row.score else -1), fold(row.name), str(row.pk))
    if sort == "name":
        return lambda row: (fold(row.name), str(row.pk))
    if sort == "youngest":
        return lambda row: (-(row.firm.born_on or date.min).toordinal(), fold(row.name), str(row.pk))
    return lambda row: (-(row.score.risk if row.score else -1), fold(row.name), str(row.pk))


def door_names(values: Collection[str]) -> dict[str, str]:
    """The names of doors by their id. 1 query."""
    return {str(pk): name for pk, name in Door.objects.filter(pk__in=values).values_list("pk", "name")}


# --- Who could enter -------------------------------------------------------------------------------------------------


def candidates(reader: Reader, words: str, page: str | None) -> Page[Organisation]:
    """The young firms here that nobody follows, the latest born first; by name or SIREN when words are given.

    With words, firms of any age or of unknown birth are found too: the form asks for the date. 2 queries.
    """
    today = timezone.localdate()
    rows = Organisation.objects.visible_to(reader).structures().filter(stage__in=(Stage.ACTIVE, Stage.PROJECT))
    rows = rows.exclude(followed__in=Followed.objects.present())
    for word in words_of(words):
        rows = rows.filter(folded__contains=word)
    if not words.strip():
        rows = rows.filter(created_on__gt=YOUNG.before(today), created_on__lte=today, whereabouts=Whereabouts.INSIDE)
    found = rows.order_by(F("created_on").desc(nulls_last=True), "sort_name", "pk")
    return Paginator(found, A_PAGE).get_page(page)

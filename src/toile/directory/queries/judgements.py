"""What was judged of two structures, in words: who said what, when, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.directory.models import Judgement, Organisation
from toile.directory.models.records import Verdict
from toile.directory.queries.pairs import aside, both_seen
from toile.directory.rules.matching.reasons import Reason, sentence
from toile.kernel.readers import Reader
from toile.thread.names import Named, name_all

PAGE: Final = 30
WEIGHTS: Final = {
    "much": gettext_lazy("compte beaucoup"),
    "little": gettext_lazy("compte un peu"),
    "against": gettext_lazy("parle contre"),
}
MUCH: Final = 0.3
"""From this weight on, a reason counts for much."""


@dataclass(frozen=True, slots=True)
class Why:
    """A reason in words, and what it counts for; a person's own words count for themselves."""

    words: str
    weight: str = ""


def why(reasons: Iterable[Any]) -> list[Why]:
    """Reasons in words: those of the rules, as `Candidate.reasons` keeps them, and what a person wrote."""
    return [Why(kept) if isinstance(kept, str) else _because(Reason.of_json(kept)) for kept in reasons]


def _because(reason: Reason) -> Why:
    said = sentence(reason)
    weight = WEIGHTS["against"] if reason.speaks_against else WEIGHTS["much" if reason.weight >= MUCH else "little"]
    return Why(_(said.msgid) % said.values, str(weight))


@dataclass(frozen=True, slots=True)
class Told:
    """A judgement as a page says it; a name that the reader may not read is None."""

    judgement: Judgement
    first: Named | None
    second: Named | None
    author: Named | None
    withdrawn_by: Named | None
    reasons: Sequence[Why]

    @property
    def verdict(self) -> str:
        return str(Verdict(self.judgement.verdict).label)


def tell(reader: Reader, rows: Collection[Judgement]) -> list[Told]:
    """Judgements in words, with their names. A statement for each room that names."""
    named = name_all(
        reader,
        {pk for row in rows for pk in (row.first_id, row.second_id, row.author, row.withdrawn_by) if pk is not None},
    )
    return [
        Told(
            row,
            named.get(row.first_id),
            named.get(row.second_id),
            named.get(row.author) if row.author else None,
            named.get(row.withdrawn_by) if row.withdrawn_by else None,
            why(row.reasons),
        )
        for row in rows
    ]


def standing(reader: Reader, first: Organisation, second: Organisation) -> Told | None:
    """The judgement in force between two structures, that of these very two before any other. 1 to 3 statements."""
    shown = [first.canonical_id, second.canonical_id]
    pair = {first.pk, second.pk}
    rows = Judgement.objects.filter(
        first__canonical__in=shown, second__canonical__in=shown, withdrawn_at__isnull=True
    ).select_related("first", "second")
    between = [
        row
        for row in rows.order_by("-made_at", "pk")
        if row.first.canonical_id != row.second.canonical_id or {row.first_id, row.second_id} == pair
    ]
    between.sort(key=lambda row: ({row.first_id, row.second_id} != pair, row.verdict == Verdict.UNSURE))
    return tell(reader, between[:1])[0] if between else None


def told(reader: Reader, pk: UUID) -> Told | None:
    """One judgement in words, of two that the reader sees. 1 statement, and one for each room that names."""
    return next(iter(tell(reader, Judgement.objects.filter(both_seen(reader), pk=pk))), None)


def judgements(reader: Reader, verdict: str, number: str | None) -> tuple[Page[Judgement], list[Told]]:
    """A page of judgements of two that the reader sees, the latest first; `verdict` empty for all.

    2 statements, and one for each room that names.

    « One cannot tell » shows only those still in force: the pairs set aside.
    """
    seen = Judgement.objects.filter(both_seen(reader))
    rows = aside(reader) if verdict == Verdict.UNSURE else seen.filter(verdict=verdict) if verdict else seen
    page = Paginator(rows.order_by("-made_at", "pk"), PAGE).get_page(number)
    return page, tell(reader, list(page))

"""The pairs that wait for an answer: two structures that the rules bring together, and no judgement settles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from toile.directory.models import Candidate, Judgement, Organisation
from toile.directory.models.records import Certainty, Verdict
from toile.kernel.readers import Reader
from toile.kernel.typography import french_number

MOST_SURE: Final = 50
MOST_COUNTED: Final = 1001


@dataclass(frozen=True, slots=True)
class Counts:
    """How many pairs wait, by certainty, and how many were set aside; beyond a thousand, they are not counted."""

    sure: int
    check: int
    aside: int

    @property
    def told(self) -> dict[str, str]:
        """Each in words; `waiting` is what is sure and what is to check."""
        numbers = {"waiting": self.sure + self.check, "sure": self.sure, "aside": self.aside}
        return {
            name: french_number(n) if n < MOST_COUNTED else _("plus de %(n)s") % {"n": french_number(MOST_COUNTED - 1)}
            for name, n in numbers.items()
        }


def waiting(reader: Reader) -> QuerySet[Candidate]:
    """The pairs nobody answered, in no order: two structures that the reader sees, and no judgement holds.

    A pair is left out when a judgement in force speaks of any two organisations of theirs: A≠B and B=C settle A and C,
    and what made one structure of A, B and C settles all of them.
    """
    return (
        Candidate.objects.filter(both_seen(reader))
        .filter(~_judged("first", "second"), ~_judged("second", "first"))
        .select_related("first", "second")
    )


def both_seen(reader: Reader) -> Q:
    """Of a candidate or a judgement: the reader sees its two organisations."""
    visible = Organisation.objects.visible_to(reader)
    return Q(Exists(visible.filter(pk=OuterRef("first")))) & Q(Exists(visible.filter(pk=OuterRef("second"))))


def _judged(one: str, other: str) -> Exists:
    """A judgement in force between the structures of a candidate, written in this order."""
    return Exists(
        Judgement.objects.filter(
            withdrawn_at__isnull=True,
            first__canonical=OuterRef(f"{one}__canonical"),
            second__canonical=OuterRef(f"{other}__canonical"),
        )
    )


def counts(reader: Reader) -> Counts:
    """How many pairs wait and were set aside. 3 statements, that stop at a thousand."""
    by_certainty = {one: waiting(reader).filter(certainty=one).order_by()[:MOST_COUNTED].count() for one in Certainty}
    return Counts(by_certainty[Certainty.SURE], by_certainty[Certainty.CHECK], aside(reader)[:MOST_COUNTED].count())


def aside(reader: Reader) -> QuerySet[Judgement]:
    """The judgements « one cannot tell » in force, about two that the reader sees and that are not one since."""
    unsure = Judgement.objects.filter(both_seen(reader), verdict=Verdict.UNSURE, withdrawn_at__isnull=True)
    return unsure.exclude(first__canonical=F("second__canonical"))


def next_pair(reader: Reader) -> Candidate | None:
    """The pair to ask now, read in the index's order. 1 statement, 2 when none is sure."""
    for certainty in (Certainty.SURE, Certainty.CHECK):
        found = waiting(reader).filter(certainty=certainty).order_by("-score", "pk").first()
        if found is not None:
            return found
    return None


def sure_pairs(reader: Reader) -> list[Candidate]:
    """The first 50 pairs that a rule holds for sure, with their places. 1 statement."""
    rows = waiting(reader).filter(certainty=Certainty.SURE)
    rows = rows.order_by("-score", "pk").select_related("first__main__commune", "second__main__commune")
    return list(rows[:MOST_SURE])

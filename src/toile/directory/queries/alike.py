"""Structures whose name is like the one being written: a warning, before one is added twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from toile.directory.models import Organisation
from toile.directory.models.organisations import Organisations
from toile.directory.rules.matching.comparing import compare_prepared
from toile.directory.rules.matching.preparing import Prepared, Profile, Spot, prepare
from toile.directory.rules.matching.reasons import sentence
from toile.directory.rules.matching.words import Corpus
from toile.kernel.fold import fold, fold_place
from toile.kernel.readers import Reader
from toile.kernel.search import IndexUnavailable, Query, find

MOST: Final = 5
SHORTEST: Final = 3
"""With fewer letters, everything is like everything."""
BEGINS: Final = 5
"""From so many letters, a name that begins with them is shown."""
FOUND: Final = 40
READ: Final = 300
WORDS: Final = 6
ORDINARY: Final = Corpus()
"""Words are weighed without counting those of all the names: it is asked at each letter typed."""
LEAST: Final = ORDINARY.parameters.likeness["enough"]


@dataclass(frozen=True, slots=True)
class Alike:
    """A structure whose name is like the one asked: how near, 0 to 1, and why, in words."""

    organisation: Organisation
    score: float
    why: str


def alike(reader: Reader, name: str, city: str = "", *, but: UUID | None = None) -> list[Alike]:
    """The structures that the reader sees and whose name is like `name`, the nearest first, those of `city` before.

    but: a structure to leave out. Nothing for a name of fewer than three letters. 1 statement.
    """
    asked = fold(name)
    if len(asked) < SHORTEST:
        return []
    rows = Organisation.objects.visible_to(reader).structures().select_related("main__commune")
    typed = prepare(Profile("typed", (name,), spots=(_spot(city),) if city else ()), ORDINARY)
    found = [_compared(row, typed) for row in _near(rows, reader, name) if row.pk != but]
    near = [one for one in found if one.score >= LEAST]
    return sorted(near, key=lambda one: (-one.score, one.organisation.sort_name, one.organisation.pk))[:MOST]


def _near(rows: Organisations, reader: Reader, name: str) -> Iterable[Organisation]:
    """Those worth comparing: what the index finds, or what has one of the words when the index is away."""
    try:
        return rows.filter(pk__in=find("organisations", reader, Query(words=name, limit=FOUND)).ids).order_by("pk")
    except IndexUnavailable:
        words = sorted({word for word in fold(name).split() if len(word) >= SHORTEST}, key=len)[-WORDS:]
        asked = Q()
        for word in words:
            asked |= Q(folded__contains=word)
        return rows.filter(asked).order_by("sort_name", "pk")[:READ] if words else []


def _compared(row: Organisation, asked: Prepared) -> Alike:
    """A structure beside what is being written: the rules of matching compare them, and say why."""
    place = row.main
    commune = place.commune if place else None
    there = prepare(
        Profile(
            row.pk,
            tuple(name for name in (row.name, row.legal_name) if name),
            acronyms=(row.acronym,) if row.acronym else (),
            spots=(_spot(commune.name if commune else place.city),) if place else (),
        ),
        ORDINARY,
    )
    compared = compare_prepared(asked, there, ORDINARY)
    likeness = compared.names.score
    told = [sentence(reason) for reason in compared.reasons if reason.weight > 0 or reason.code == "other_commune"]
    why = [_(one.msgid) % one.values for one in told]
    begun = fold(asked.profile.names[0])
    if likeness < LEAST and len(begun) >= BEGINS and fold(row.name).startswith(begun):
        likeness, why = LEAST, [_("Son nom commence comme celui que vous écrivez.")]
    return Alike(row, likeness + compared.score / 100, " ".join(why))


def _spot(city: str) -> Spot:
    """A commune by its name: what is typed has no code."""
    return Spot(commune=fold_place(city), commune_name=city)

"""Reading what is held of oneself: by whom it was read, what one agreed to, what an erasure changes."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.utils.translation import gettext

from toile.kernel.durations import PARIS
from toile.kernel.personal import Holding, Someone, as_told
from toile.kernel.purposes import Purpose, purposes
from toile.kernel.readers import Reader, Role
from toile.kernel.seen import read_about
from toile.kernel.typography import hour, long_date
from toile.thread.names import Named, name_all

from .models import Consent
from .queries import roles_in_force
from .roles import ROLES


@dataclass(frozen=True, slots=True)
class Asked:
    """A purpose as its person sees it. given: since when they agree, None if they do not; stale: to words of before."""

    purpose: Purpose
    given: datetime | None
    stale: bool = False


def consents(one: Someone) -> list[Asked]:
    """Every purpose that people are asked to agree to, and what this person said. 1 query, and 1 for each keeper."""
    given = {row.purpose: row for row in Consent.objects.filter(person=one.person, withdrawn_at__isnull=True)}
    return [_asked(purpose, one, given.get(code)) for code, purpose in sorted(purposes.items())]


def _asked(purpose: Purpose, one: Someone, row: Consent | None) -> Asked:
    if purpose.keeper:
        return Asked(purpose, purpose.keeper.since(one))
    return Asked(purpose, row.given_at, stale=row.version != purpose.version) if row else Asked(purpose, None)


@dataclass(frozen=True, slots=True)
class ReadBy:
    """Who read what is kept of somebody: a name if they may be named, else their roles, else « une personne »."""

    who: str
    at: datetime
    why: str


def read_by(reader: Reader) -> list[ReadBy]:
    """Who read what is kept of the reader, the latest first, 200 at most. 2 queries + 1 per naming room."""
    assert reader.person is not None
    readings = read_about([reader.person])
    readers = {reading.reader for reading in readings}
    named, held = name_all(reader, readers), roles_in_force(readers)
    return [
        ReadBy(_who(named.get(reading.reader), held.get(reading.reader, ())), reading.at, str(reading.why))
        for reading in readings
    ]


def _who(named: Named | None, roles: Collection[str]) -> str:
    if named:
        return named.label
    return ", ".join(sorted(str(ROLES[Role(role)]) for role in roles)) or gettext("une personne")


MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Held:
    """What one holding has of somebody: how many rows, 1,000 at most (`more` beyond)."""

    holding: Holding
    count: int

    @property
    def more(self) -> bool:
        return self.count > MOST_COUNTED


def held_of(someone: Someone) -> list[Held]:
    """The holdings that have something of somebody, in order; the statements of each one's export."""
    counted = (Held(one, sum(1 for _ in islice(one.export(someone), MOST_COUNTED + 1))) for one in as_told())
    return [held for held in counted if held.count]


def warnings(someone: Someone) -> list[str]:
    """What erasing somebody changes for others, in sentences. The statements of each holding that warns."""
    return [sentence for one in as_told() if one.warns for sentence in one.warns(someone)]


_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}\S*)?")


def in_words(value: Any) -> str:
    """A value of a copy as a person reads it: days and hours of Paris, lists in a row, « inconnu » for none."""
    if isinstance(value, dict):
        return gettext(" ; ").join(f"{name} : {in_words(one)}" for name, one in value.items()) or gettext("aucun")
    if isinstance(value, list):
        return ", ".join(map(in_words, value)) or gettext("aucun")
    if isinstance(value, bool):
        return gettext("oui") if value else gettext("non")
    if value is None or value == "":
        return gettext("inconnu")
    text = str(value)
    if not _MOMENT.fullmatch(text):
        return text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if "T" not in text:
        return long_date(moment)
    local = moment.astimezone(PARIS)
    return gettext("%(day)s à %(hour)s") % {"day": long_date(local), "hour": hour(local)}


def readable(copy: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The holdings of a copy (`services.export_data`) with each row's names and values in words."""
    return [
        {**one, "rows": [[(name, in_words(value)) for name, value in row.items()] for row in one["rows"]]}
        for one in copy["held"]
    ]

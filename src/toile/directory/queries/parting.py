"""What taking a judgement back would do: which pages come back, what was written since, what stays where it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from toile.directory.models import Judgement, Organisation
from toile.directory.services.parting import Asked, written_since
from toile.kernel.readers import Reader
from toile.thread.names import Named, name_all


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing written since the merge: where it is, where it could go, and whose it is when it is a person's."""

    asked: Asked
    at: str
    to: str
    person: Named | None


@dataclass(frozen=True, slots=True)
class Parting:
    """What is asked before a judgement is taken back; nothing when nobody wrote since."""

    choices: Sequence[Choice]


def parting(reader: Reader, judgement: Judgement) -> Parting:
    """The statements of `services.parting.written_since`; when it finds something, one more, and one for each room that
    names."""
    asked = written_since(judgement)
    if not asked:
        return Parting(())
    organisations = {one.written.organisation for one in asked} | {one.to for one in asked}
    names = dict(Organisation.objects.filter(pk__in=organisations).values_list("pk", "name"))
    people = name_all(reader, {one.written.person for one in asked if one.written.person})
    return Parting([_choice(one, names, people) for one in asked])


def _choice(one: Asked, names: Mapping[UUID, str], people: Mapping[UUID, Named]) -> Choice:
    person = people.get(one.written.person) if one.written.person else None
    return Choice(one, names[one.written.organisation], names[one.to], person)

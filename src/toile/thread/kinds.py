"""The registry of kinds of facts: each is declared once, in its room's `facts.py`, and never renamed."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext, gettext_noop

from toile.kernel.readers import Reader, Role

from .topics import Topic

_CODE = re.compile(r"^[a-z_]+\.[a-z_]+\.[a-z_]+$")


class Visibility(StrEnum):
    """Who may read a fact, from the widest to the narrowest. A fact may narrow its kind's, never widen it."""

    PUBLIC = "public"
    MEMBERS = "members"
    ADVISERS = "advisers"
    OWN = "own"
    AUDIT = "audit"

    @property
    def label(self) -> str:
        """Who they are, in words: « tout le monde », « les membres de la structure »…"""
        return gettext(_READERS[self.value])

    @property
    def width(self) -> int:
        """0 for the widest; a greater number is narrower."""
        return list(Visibility).index(self)


_READERS = {
    "public": gettext_noop("tout le monde"),
    "members": gettext_noop("les membres de la structure"),
    "advisers": gettext_noop("les membres et qui les accompagne"),
    "own": gettext_noop("la personne seule"),
    "audit": gettext_noop("le journal d’audit seul"),
}


@dataclass(frozen=True, slots=True)
class Opening:
    """Who a visibility opens a fact to: everyone, these roles, or readers of whom the fact's subjects are something.

    of: the fields of `Reader` whose UUIDs are compared with the fact's subjects.
    """

    to_everyone: bool = False
    roles: frozenset[str] = frozenset()
    of: tuple[str, ...] = ()

    def subjects(self, reader: Reader) -> frozenset[UUID]:
        """The subjects whose facts this reader may read at this level."""
        found: set[UUID] = set()
        for name in self.of:
            value = getattr(reader, name)
            found |= {value} if isinstance(value, UUID) else set(value or ())
        return frozenset(found)

    def lets(self, reader: Reader, about: Collection[UUID]) -> bool:
        """Whether this reader may read a fact of this level about these subjects, without asking the database."""
        if self.to_everyone or not reader.roles.isdisjoint(self.roles):
            return True
        return not self.subjects(reader).isdisjoint(about)


# The one declaration of who may read a fact; `Facts.visible_to` is its compilation to SQL, `Opening.lets` to memory.
OPENS_TO = {
    Visibility.PUBLIC: Opening(to_everyone=True),
    Visibility.MEMBERS: Opening(of=("organisations",)),
    Visibility.ADVISERS: Opening(of=("organisations", "reasons")),
    Visibility.OWN: Opening(of=("person",)),
    Visibility.AUDIT: Opening(roles=frozenset({Role.ADMINISTRATOR})),
}


@dataclass(frozen=True, slots=True)
class NoData:
    """The data of a kind that has none."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fact.

    sentence: a French predicate (« corrige sa fiche ») whose subject is the first thing the fact is about, or a whole
    sentence when `impersonal`; `{field}` takes the data's value, `{other}` the name of the second subject. axis:
    `emerge`, `consolidate`, `promote` or `` for the life of the record. key: drawn as a key moment of the thread.
    topic: by which people choose how they are told of it; None where it follows from who they are to its subject.
    """

    code: str
    sentence: str
    label: str
    data: type
    visibility: Visibility
    axis: str
    key: bool
    impersonal: bool
    version: int
    topic: Topic | None


kinds: dict[tuple[str, int], Kind] = {}


def fact_kind(
    code: str,
    *,
    sentence: str,
    label: str,
    data: type = NoData,
    visibility: Visibility = Visibility.PUBLIC,
    axis: str = "",
    key: bool = False,
    impersonal: bool = False,
    version: int = 1,
    topic: Topic | None = None,
) -> Kind:
    """Declare a kind `room.noun.past_participle`; a changed shape is a new version, old facts stay readable.

    data: a frozen dataclass of str, int, bool, list or dict values (they become JSON); ids, never names.
    """
    if not _CODE.match(code):
        raise ImproperlyConfigured(f"fact kind {code} is not room.noun.past_participle")
    if not dataclasses.is_dataclass(data) or not data.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        raise ImproperlyConfigured(f"the data of {code} must be a frozen dataclass")
    if (code, version) in kinds:
        raise ImproperlyConfigured(f"fact kind {code} v{version} is declared twice")
    kind = Kind(code, sentence, label, data, visibility, axis, key, impersonal, version, topic)
    kinds[code, version] = kind
    return kind


def data_of(kind: Kind, stored: dict[str, Any]) -> Any:
    """The stored JSON as the kind's dataclass; undeclared fields are refused, loudly."""
    return kind.data(**stored)

"""What rooms hold about people, declared once each: for the export, the erasure, the register and « vos données »."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Label = str | Promise


class Basis(StrEnum):
    """The legal ground of a treatment (RGPD art. 6.1)."""

    PUBLIC_INTEREST = "public_interest"
    CONTRACT = "contract"
    CONSENT = "consent"
    LEGAL_OBLIGATION = "legal_obligation"


BASES: Mapping[Basis, Label] = {
    Basis.PUBLIC_INTEREST: _("mission d’intérêt public (RGPD, art. 6.1 e)"),
    Basis.CONTRACT: _("exécution du contrat : votre compte (RGPD, art. 6.1 b)"),
    Basis.CONSENT: _("votre consentement (RGPD, art. 6.1 a)"),
    Basis.LEGAL_OBLIGATION: _("obligation légale (RGPD, art. 6.1 c)"),
}


@dataclass(frozen=True, slots=True)
class Someone:
    """The person whose data are read or erased: their UUID, and the addresses proved to be theirs, in lower case."""

    person: UUID
    emails: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Holding:
    """One table that holds something about people.

    code: `room.noun`. model: `room.Model`, a table's name where it has no model, empty for files. columns: its columns
    that hold a person's UUID, key or address: a test finds every such column of the database and wants it here. label:
    what it is, in French, plural. purpose, seen_by, kept: why, who reads it, how long, in words. export: someone → the
    rows, as values that JSON takes, in words where it can. erase: inside an act, takes the person out: rows removed, or
    columns emptied where others need the row. Safe twice.
    order: in which holdings are erased: work under way first (0), the account itself last (100). warns: someone → what
    their erasure changes for others, in sentences said to them before. stays: an erasure leaves it, under a number that
    names nobody.
    """

    code: str
    model: str
    columns: tuple[str, ...]
    label: Label
    purpose: Label
    basis: Basis
    seen_by: Label
    kept: Label
    export: Callable[[Someone], Iterable[Mapping[str, Any]]]
    erase: Callable[[Someone], None]
    order: int = 50
    warns: Callable[[Someone], Iterable[str]] | None = None
    stays: bool = False


holdings: dict[str, Holding] = {}


def declare(holding: Holding) -> Holding:
    """Register a holding, from a room's `personal.py`; a code declared twice stops the start."""
    if holding.code in holdings:
        raise ImproperlyConfigured(f"holding {holding.code} is declared twice")
    holdings[holding.code] = holding
    return holding


def in_order() -> list[Holding]:
    """Every holding, in the order of an erasure."""
    return sorted(holdings.values(), key=lambda holding: (holding.order, holding.code))


def as_told() -> list[Holding]:
    """Every holding, in the order in which people are told of them: their account first."""
    return sorted(holdings.values(), key=lambda holding: (-holding.order, holding.code))


from . import holdings_own  # noqa: E402,F401 -- the kernel's own are declared once the registry is there

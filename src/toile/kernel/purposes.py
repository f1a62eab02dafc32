"""What people are asked to agree to, each purpose with its words: declared by rooms, kept by accounts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise

from .personal import Someone
from .readers import Reader


@dataclass(frozen=True, slots=True)
class Keeper:
    """A room that keeps by itself who agrees to a purpose: it also asks people without an account, say.

    since: when someone agreed, None if they do not. give: notes that the reader agrees, or has them prove it; a
    sentence says which. withdraw: ends it now. Both check nothing but the reader themself, and are safe twice.
    """

    since: Callable[[Someone], datetime | None]
    give: Callable[[Reader], str]
    withdraw: Callable[[Reader, Someone], None]


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose. code: `room.noun`, never renamed. label: what one agrees to, an infinitive in French.

    words: what is shown before agreeing. version: raised when the words change what one agrees to: whoever agreed to
    others is asked again. keeper: the room that keeps the answers, None for the common table of accounts.
    """

    code: str
    label: str | Promise
    words: str | Promise
    version: int = 1
    keeper: Keeper | None = None


purposes: dict[str, Purpose] = {}


def declare(purpose: Purpose) -> Purpose:
    """Register a purpose, from a room's `personal.py`; a code declared twice stops the start."""
    if purpose.code in purposes:
        raise ImproperlyConfigured(f"purpose {purpose.code} is declared twice")
    purposes[purpose.code] = purpose
    return purpose


def label_of(code: str) -> str | Promise:
    """What one agreed to, in words; the code where the room is gone."""
    return purposes[code].label if code in purposes else code

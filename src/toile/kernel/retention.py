"""How long things are kept: declared in each room’s `retained.py`, counted for a dry run, carried out each night."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise

from .acts import Actor

NIGHTLY = "kernel.retention"


@dataclass(frozen=True, slots=True)
class Retention:
    """One duration, and what happens at its end.

    code: `room.noun`. what: what is kept, in French. kept: how long, in words. due: moment → how many are over it;
    writes nothing. apply: does what is due, in acts of its own, and says of how many; safe twice. work: the timed work
    that does it, the common one unless the room has its own.
    """

    code: str
    what: str | Promise
    kept: str | Promise
    due: Callable[[datetime], int]
    apply: Callable[[Actor, datetime], int]
    work: str = NIGHTLY


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a report. due: how many are over their duration; done: how many were treated, None in a dry run."""

    code: str
    what: str
    kept: str
    due: int
    done: int | None


retentions: dict[str, Retention] = {}


def declare(retention: Retention) -> Retention:
    """Register a duration, from a room's `retained.py`; a code declared twice stops the start."""
    if retention.code in retentions:
        raise ImproperlyConfigured(f"retention {retention.code} is declared twice")
    retentions[retention.code] = retention
    return retention


def report(actor: Actor | None, now: datetime) -> list[Line]:
    """Every duration with what is due; carried out by `actor`, or counted only when there is none (a dry run)."""
    lines = []
    for code, one in sorted(retentions.items()):
        due = one.due(now)
        done = one.apply(actor, now) if actor else None
        lines.append(Line(code, str(one.what), str(one.kept), due, done))
    return lines

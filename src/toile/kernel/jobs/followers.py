"""What a worker does between two jobs, about once a second: short steps that follow what was written."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event
from time import monotonic

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

logger = logging.getLogger(__name__)

Step = Callable[[], bool]
PAUSE_AFTER_ERROR = 30.0
"""Seconds before a step that broke is tried again: its cursor has not moved, and the log should stay readable."""

followers: dict[str, Step] = {}
_paused_until: dict[str, float] = {}


def follows(name: str) -> Callable[[Step], Step]:
    """Declare `def step() -> bool`: one short act that reads on from its own cursor; whether there may be more.

    Any number of workers may take the step at once: the cursor's row, locked in the act, gives each its turn.
    """

    def declare(step: Step) -> Step:
        if name in followers:
            raise ImproperlyConfigured(f"follower {name} is declared twice")
        followers[name] = step
        return step

    return declare


def follow(stop: Event | None = None) -> None:
    """Take every follower's steps until none has more to read. One that breaks pauses, and holds up nobody."""
    for name, step in followers.items():
        if monotonic() < _paused_until.get(name, 0):
            continue
        try:
            while not (stop and stop.is_set()) and step():
                pass
        except DatabaseError:
            raise
        except Exception:
            logger.exception("follower %s broke", name)
            _paused_until[name] = monotonic() + PAUSE_AFTER_ERROR

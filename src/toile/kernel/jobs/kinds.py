"""The registry of kinds of work and of what is due by itself; rooms fill it from their `jobs.py`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise

from .rhythm import Rule

Run = TypeVar("Run", bound=Callable[..., None])
_CODE = re.compile(r"^[a-z_]+\.[a-z_.]+$")


@dataclass(frozen=True, slots=True)
class JobKind:
    """One kind of work.

    code: `room.what`, never renamed while jobs of it wait. label: French, for pages. run: called with a `RunningJob`
    and the arguments; it resumes from `cursor` and may be run twice over the same ground. retries: how many times it is
    tried again after an unexpected error or the death of its worker, without having saved a cursor in between.
    """

    code: str
    label: str | Promise
    run: Callable[..., None]
    retries: int


@dataclass(frozen=True, slots=True)
class Timed:
    """A kind of work due by itself. name: for ever, it is what makes an instant unique."""

    name: str
    kind: str
    rule: Rule
    args: dict[str, Any] = field(default_factory=dict)


kinds: dict[str, JobKind] = {}
timetable: dict[str, Timed] = {}


def job(code: str, *, label: str | Promise, retries: int = 3) -> Callable[[Run], Run]:
    """Declare `def run(job: RunningJob, **args) -> None` as the work called `code`."""

    def declare(run: Run) -> Run:
        if not _CODE.match(code):
            raise ImproperlyConfigured(f"job {code} is not room.what")
        if code in kinds:
            raise ImproperlyConfigured(f"job {code} is declared twice")
        kinds[code] = JobKind(code, label, run, retries)
        return run

    return declare


def timed(kind: str, rule: Rule, /, name: str = "", **args: Any) -> None:
    """Have `kind` asked for, with `args`, once at each instant of `rule`; `name` tells two rhythms of one kind."""
    if kind not in kinds:
        raise ImproperlyConfigured(f"timed work {kind} is not a declared job")
    line = Timed(name or kind, kind, rule, args)
    if line.name in timetable:
        raise ImproperlyConfigured(f"timed work {line.name} is declared twice")
    timetable[line.name] = line

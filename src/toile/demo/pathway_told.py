"""What `pathway.toml` tells, and its days, keys and people: what the parts of the demo's path share."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

from django.utils import timezone

from toile.accounts.models import Person
from toile.demo.payloads import identity
from toile.demo.personas import personas
from toile.kernel.acts import Actor
from toile.kernel.durations import PARIS
from toile.kernel.fold import fold

ACTOR: Final = Actor.system("demo")
MAIL: Final = "{}@example.org"


@cache
def told() -> Mapping[str, Any]:
    """`pathway.toml`."""
    with Path(__file__).with_name("pathway.toml").open("rb") as file:
        return tomllib.load(file)


def ago(days: float, hour: int = 10) -> datetime:
    """That many days ago, at that hour in Paris; never later than now."""
    day = timezone.localdate() - timedelta(days=int(days))
    return min(datetime.combine(day, time(hour, 20), PARIS), timezone.now())


def ahead(days: int | None) -> date | None:
    """That many days from today; None stays None."""
    return None if days is None else timezone.localdate() + timedelta(days=days)


def numbered(kind: str, *key: object) -> UUID:
    """The same UUID for the same thing at every load."""
    return uuid5(identity("pathway", kind), ":".join(map(str, key)))


def person_called(name: str) -> UUID:
    """The account of a persona (by its key) or of a role of the doors (by its name)."""
    known = personas().get(name)
    return Person.objects.get(email=known.email if known else address_of(name)).pk


def address_of(name: str) -> str:
    """The invented address of a role of the doors."""
    return MAIL.format(fold(name).replace(" ", "-"))

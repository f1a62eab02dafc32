"""The delays of the law of firms in difficulty, and the procedures open on a day, read from collective.toml.

Source: code de commerce, livre VI (domain H7). It informs the manager and the adviser, and nobody else; a mandat ad hoc
and a conciliation are secret by law, and are no signal.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

COLLECTIVE_TOML: Final = Path(__file__).with_name("collective.toml")


@dataclass(frozen=True, slots=True)
class Open:
    """A procedure of the law on a day. until: the last day to ask for it, when there is one.

    may: whether it can be asked for. confidential: whether the law keeps it secret.
    """

    code: str
    label: str
    what: str
    source: str
    confidential: bool
    may: bool
    until: date | None


@cache
def _read(path: Path = COLLECTIVE_TOML) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def last_day_to_declare(cessation: date) -> date:
    """The last day to ask for a receivership or a liquidation: 45 days after the cessation of payments.

    05/10/2026 gives 19/11/2026. A conciliation asked for meanwhile suspends the duty.
    Source: code de commerce, art. L631-4, L640-4.
    """
    return cessation + timedelta(days=_read()["delays"]["declaration_days"])


def open_procedures(cessation: date | None, on: date) -> tuple[Open, ...]:
    """What may be asked for on that day; `cessation`: since when due debts cannot be met, None when they can.

    Before the cessation: mandat ad hoc, conciliation, safeguard. After it: conciliation for 45 days, receivership,
    liquidation (still owed once the 45 days are over: `until` is then past).
    Source: code de commerce, art. L611-3, L611-4, L620-1, L631-1, L631-4, L640-1, L640-4.
    """
    stopped = cessation is not None and cessation <= on
    found = []
    for one in _read()["procedure"]:
        until = None
        if stopped and cessation and one.get("within_days"):
            until = cessation + timedelta(days=one["within_days"])
            may = on <= until
        elif stopped and cessation:
            may = bool(one.get("after_cessation"))
            until = last_day_to_declare(cessation) if may else None
        else:
            may = bool(one.get("before_cessation"))
        found.append(Open(one["code"], one["label"], one["what"], one["source"], one["confidential"], may, until))
    return tuple(found)


def court_of(category: str) -> str:
    """The court of a structure, in French, by its legal category (INSEE code).

    Companies of commerce begin with 5. A sole trader (1…) is commercial or craft unless liberal or farming, which the
    category does not tell: the commonest answer is given. Source: code de commerce, art. L621-2.
    """
    commercial = category.startswith(("1", "5"))
    courts: Mapping[str, str] = {one["code"]: one["label"] for one in _read()["court"]}
    return courts["commercial" if commercial else "judicial"]


def helps() -> tuple[tuple[str, str], ...]:
    """Whom the manager may turn to, each with why."""
    return tuple((one["label"], one["why"]) for one in _read()["help"])


def note() -> str:
    """Who is told, and who is not: said wherever this is shown."""
    found: str = _read()["note"]
    return found

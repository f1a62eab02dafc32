"""Files of the follow-up read for the command line: signals of firms, and durations; and scores told as JSON."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from django.utils.translation import gettext as _

from toile.kernel.errors import UserError
from toile.kernel.tabular import Damaged, open_table
from toile.panorama.rules.survival import Observation
from toile.pathway.rules.scoring import Contribution, Score
from toile.pathway.rules.signals import Signal, weights

T = TypeVar("T")
YES, NO = {"1", "true", "vrai", "oui", "yes", "x"}, {"0", "", "false", "faux", "non", "no"}


class ColumnMissing(UserError):
    """A column without which the file says nothing."""


class Refused(NamedTuple):
    """A row left out: its line in the file, and why in French."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """What a file says by firm or group, in the order of the file, and the rows left out."""

    rows: dict[str, list[T]] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)


def read_signals(path: Path) -> Read[Signal]:
    """Signals by firm: columns `firm`, `signal` (a code), `date`, and if they like `until` and `contested`."""

    def signal(values: Mapping[str, str]) -> tuple[str, Signal]:
        if not values["firm"]:
            raise ValueError(_("la structure manque"))
        level = weights().level(values["signal"])
        until = values.get("until") or ""
        return values["firm"], Signal(
            level.code, _day(values["date"]), _day(until) if until else None, _flag(values.get("contested", ""))
        )

    return _read(path, ("firm", "signal", "date"), signal)


def read_durations(path: Path) -> Read[Observation]:
    """Durations by group: columns `time`, `event` (1 ended, 0 lost from sight), and if they like `group`, `entry`."""

    def duration(values: Mapping[str, str]) -> tuple[str, Observation]:
        time, entry = _number(values["time"]), _number(values.get("entry") or "0")
        if entry >= time and entry:
            raise ValueError(
                _("l’entrée (%(entry)g) n’est pas avant la fin (%(time)g)") % {"entry": entry, "time": time}
            )
        if not values["event"]:
            raise ValueError(_("« event » est vide : 1 pour une fin, 0 pour un départ du suivi"))
        return values.get("group", ""), Observation(time, _flag(values["event"]), 1, entry)

    return _read(path, ("time", "event"), duration)


def _read(path: Path, needed: tuple[str, ...], row_of: Callable[[Mapping[str, str]], tuple[str, T]]) -> Read[T]:
    read: Read[T] = Read()
    for line, values in _values(path, needed, read.refused):
        try:
            key, row = row_of(values)
        except (ValueError, UserError) as error:
            read.refused.append(Refused(line, getattr(error, "message", str(error))))
        else:
            read.rows.setdefault(key, []).append(row)
    return read


def _values(path: Path, needed: tuple[str, ...], refused: list[Refused]) -> Iterator[tuple[int, Mapping[str, str]]]:
    with open_table(path, filename=path.name) as table:
        names = {column: column.strip().lower() for column in table.columns}
        missing = [column for column in needed if column not in names.values()]
        if missing:
            raise ColumnMissing(
                _("Il manque %(missing)s dans %(file)s, dont les colonnes sont : %(columns)s.")
                % {"missing": ", ".join(missing), "file": path.name, "columns": ", ".join(table.columns)}
            )
        for row in table:
            if isinstance(row, Damaged):
                refused.append(Refused(row.line, row.reason_fr))
            else:
                yield row.line, {names[column]: cell.strip() for column, cell in row.values.items()}


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words[:10])
    except ValueError:
        raise ValueError(_("« %(words)s » n’est pas une date (AAAA-MM-JJ)") % {"words": words}) from None


def _number(words: str) -> float:
    try:
        number = float(words.replace(",", "."))
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number < 0:
        raise ValueError(_("« %(words)s » n’est pas une durée") % {"words": words})
    return number


def _flag(words: str) -> bool:
    if words.lower() in YES:
        return True
    if words.lower() in NO:
        return False
    raise ValueError(_("« %(words)s » n’est ni 1 ni 0") % {"words": words})


def told(score: Score) -> dict[str, Any]:
    """A score with everything that explains it, as JSON holds it."""
    return {
        "risk": score.risk,
        "risk_band": score.risk_band.code,
        "call_within_days": score.risk_band.within_days,
        "potential": score.potential,
        "potential_band": score.potential_band.code,
        "contributions": [_contribution(one) for one in score.contributions],
        "known": [signal.code for signal in score.known],
        "contested": [signal.code for signal in score.set_aside],
        "missing": [
            {"family": one.family.code, "reason": one.family.missing, "last_said_days_ago": one.age}
            for one in score.missing
        ],
        "what_would_change_it": [
            {"family": one.family.code, "if": one.family.solved, "risk": one.risk, "risk_band": one.band.code}
            for one in score.what_would_change
        ],
        "doing_nothing": {
            "risk_in_30_days": score.decay.in_30_days,
            "under": score.decay.under,
            "days_until_under": score.decay.days_to_calmer,
            "note": weights().fading,
        },
    }


def _contribution(one: Contribution) -> dict[str, Any]:
    return {
        "signal": one.level.code,
        "side": one.level.side,
        "wording": one.level.wording,
        "weight": one.level.weight,
        "half_life_days": one.level.half_life,
        "on": one.signal.on.isoformat(),
        "age_days": one.age,
        "points": one.points,
    }

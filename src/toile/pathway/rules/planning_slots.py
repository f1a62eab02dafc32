"""What is to be shared out: points of each firm in each slot; the order of the list between plans worth the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

NOWHERE: Final = -1
SAME: Final = 1e-9
"""Points nearer than this are the same."""


@dataclass(frozen=True, slots=True)
class Slots:
    """What is to be shared out. A slot is one adviser's time in one week.

    value: points of each firm (rows) in each slot (columns), -inf where it may not go. units: length of each firm's
    visit, in whole units. room: units of each slot. on_time: where a firm that must be seen is seen in time.
    """

    value: Floats
    units: Integers
    room: Integers
    on_time: Flags

    def points(self, chosen: Integers) -> float:
        """What a choice is worth: a slot for each firm, or NOWHERE."""
        seen = np.flatnonzero(chosen != NOWHERE)
        return float(self.value[seen, chosen[seen]].sum())

    def kept(self, chosen: Integers) -> int:
        """How many firms that must be seen are seen in time."""
        seen = np.flatnonzero(chosen != NOWHERE)
        return int(self.on_time[seen, chosen[seen]].sum())

    def rank(self, chosen: Integers) -> tuple[int, float]:
        """The order of plans: deadlines kept, then points."""
        return self.kept(chosen), self.points(chosen)


def in_list_order(slots: Slots, chosen: Integers) -> Integers:
    """The same points and deadlines, with the first of the list in the first slots: no exchange or move betters it.

    Slots are ordered by week, then by adviser in list order; nowhere comes last.
    """
    firms, places = slots.value.shape
    value = np.hstack([slots.value, np.zeros((firms, 1))])
    in_time = np.hstack([slots.on_time, np.zeros((firms, 1), bool)])
    at = np.where(chosen == NOWHERE, places, chosen)
    left = slots.room - np.bincount(chosen[chosen != NOWHERE], slots.units[chosen != NOWHERE], places).astype(int)
    moved = True
    while moved:
        moved = False
        for one in range(firms):
            moved |= _moved(slots, value, in_time, at, left, one)
            moved |= _exchanged(slots, value, in_time, at, one)
    return np.where(at == places, NOWHERE, at)


def _moved(slots: Slots, value: Floats, in_time: Flags, at: Integers, left: Integers, one: int) -> bool:
    """Move a firm to an earlier slot with room, worth the same."""
    here, earlier = at[one], np.arange(len(left))[: at[one]]
    same = np.abs(value[one, earlier] - value[one, here]) <= SAME
    same &= (in_time[one, earlier] == in_time[one, here]) & (left[earlier] >= slots.units[one])
    if not same.any():
        return False
    there = int(earlier[np.argmax(same)])
    if here < len(left):
        left[here] += slots.units[one]
    left[there] -= slots.units[one]
    at[one] = there
    return True


def _exchanged(slots: Slots, value: Floats, in_time: Flags, at: Integers, one: int) -> bool:
    """Exchange a firm's slot with the earliest one of a later firm of the list, as long, where points stay."""
    others = np.arange(one + 1, len(at))
    others = others[(slots.units[others] == slots.units[one]) & (at[others] < at[one])]
    before = value[one, at[one]] + value[others, at[others]]
    after = value[one, at[others]] + value[others, at[one]]
    same = np.isfinite(after) & (np.abs(after - before) <= SAME)
    deadlines = in_time[one, at[one]] + in_time[others, at[others]].astype(int)
    same &= in_time[one, at[others]] + in_time[others, at[one]].astype(int) == deadlines
    if not same.any():
        return False
    other = others[same][np.argmin(at[others[same]])]
    at[one], at[other] = at[other], at[one]
    return True

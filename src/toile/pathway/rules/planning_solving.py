"""The best assignment of firms to slots, proven: prices first, then integers where prices allow (HiGHS)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import highspy
import numpy as np

from toile.pathway.rules.planning_slots import NOWHERE, Flags, Floats, Integers, Slots, in_list_order

SLIGHT: Final = 1e-6
"""Plans nearer than this, in points, are worth the same; below it, an entry is the solver's rounding."""
FIRST_COLUMNS, MORE_COLUMNS = 24, 3
FIRST_GAP, WIDER = 2.0, 4.0
MOST_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Found:
    """A slot for each firm, or NOWHERE; bound: no plan that keeps as many deadlines is worth more points."""

    chosen: Integers
    bound: float


def best(slots: Slots) -> Found:
    """The choice that sees the most firms in time, then is worth the most points; ties go in list order.

    Source: domain H11. Its slack with a big penalty is the order « deadlines first, then points », without the penalty.
    """
    slots = _possible(slots)
    if not slots.value.size:
        return Found(np.full(len(slots.units), NOWHERE), 0.0)
    start = _greedy(slots, slots.on_time)
    owed = int(slots.on_time.any(axis=1).sum())
    kept = slots.kept(start)
    if kept < owed:
        counted = np.where(slots.on_time, 1.0, -np.inf)
        most = _optimum(Slots(counted, slots.units, slots.room, np.zeros_like(slots.on_time)), start, 0)
        start, kept = most.chosen, slots.kept(most.chosen)
    found = _optimum(slots, start, kept)
    return Found(in_list_order(slots, found.chosen), found.bound)


def _possible(slots: Slots) -> Slots:
    """Without the choices that no best plan makes: too long for the slot, or worth nothing and owed by no deadline."""
    room = _fillable(slots.units, slots.room)
    fits = slots.units[:, None] <= room[None, :]
    useful = np.isfinite(slots.value) & fits & ((slots.value > 0) | slots.on_time)
    return Slots(np.where(useful, slots.value, -np.inf), slots.units, room, slots.on_time & useful)


def _fillable(units: Integers, room: Integers) -> Integers:
    """The most of each room that visits can fill: less than the room where their lengths never add up to it."""
    most = int(room.max(initial=0))
    sums = np.zeros(most + 1, bool)
    sums[0] = True
    for total in range(1, most + 1):
        sums[total] = any(sums[total - length] for length in np.unique(units) if length <= total)
    return np.maximum.accumulate(np.where(sums, np.arange(most + 1), 0))[room]


def _greedy(slots: Slots, allowed: Flags) -> Integers:
    """A first choice: the firms with the fewest slots first, each in the best slot with room left."""
    chosen, left = np.full(len(slots.units), NOWHERE), slots.room.copy()
    for firm in np.argsort(allowed.sum(axis=1), kind="stable"):
        open_ = allowed[firm] & (left >= slots.units[firm])
        if open_.any():
            chosen[firm] = np.argmax(np.where(open_, slots.value[firm], -np.inf))
            left[chosen[firm]] -= slots.units[firm]
    return chosen


@dataclass(frozen=True, slots=True)
class _Prices:
    """What the linear programme says.

    lacks: how far each choice is from being worth the firm's price, never above 0. price: what seeing the firm at its
    best is worth, hence what a plan lacks that leaves it out.
    """

    bound: float
    price: Floats
    lacks: Floats
    chosen: Integers | None
    """The programme's own answer where it is whole."""


def _optimum(slots: Slots, start: Integers, kept: int) -> Found:
    """The most points that keep `kept` deadlines, from a choice that keeps them.

    A choice whose lack exceeds the distance from the bound to a known plan stands in no better plan: it is left out.
    So a programme on the choices within a gap, whose answer is within this gap of the bound, proves the whole.
    """
    prices = _priced(slots, start, kept)
    if prices.chosen is not None:
        return Found(prices.chosen, prices.bound)
    gap = FIRST_GAP
    while True:
        found, proven = _whole(slots, prices.lacks >= -gap, prices.price > gap)
        if not proven:
            return Found(start, prices.bound)
        start = start if found is None else max(found, start, key=slots.rank)
        distance = prices.bound - slots.points(start)
        if distance <= gap:
            return Found(start, slots.points(start))
        gap = min(distance + SLIGHT, WIDER * gap)


def _solver(**options: str | float) -> highspy.Highs:
    solver = highspy.Highs()
    for option, value in {"output_flag": False, "threads": 1, "random_seed": 0, **options}.items():
        solver.setOptionValue(option, value)
    return solver


def _priced(slots: Slots, start: Integers, kept: int) -> _Prices:
    """The linear programme, its columns added as prices ask for them: some thousands of the hundreds of thousands.

    Rows: each firm once at most; the room of each slot; the deadlines kept. The bound is computed again from the
    prices (Lagrange), so that it holds whatever the solver's tolerances.
    """
    firms, places = slots.value.shape
    solver = _solver(solver="simplex", simplex_strategy=4, presolve="off")
    _rows(solver, np.concatenate([np.ones(firms), slots.room.astype(float), [highspy.kHighsInf]]), kept)
    have = np.zeros(slots.value.shape, bool)
    columns: list[tuple[Integers, Integers]] = []
    once, room, deadline = np.zeros(firms), np.zeros(places), 0.0
    asked = np.zeros_like(have)
    seen = np.flatnonzero(start != NOWHERE)
    asked[seen, start[seen]] = True
    while True:
        worth = slots.value + deadline * slots.on_time - slots.units[:, None] * room[None, :]
        lacks = worth - np.maximum(worth.max(axis=1), 0.0)[:, None]
        asked |= _wanted(worth - once[:, None], FIRST_COLUMNS if not columns else MORE_COLUMNS)
        asked &= ~have & np.isfinite(slots.value)
        if not asked.any():
            break
        firm, slot = np.nonzero(asked)
        _columns(solver, slots, firm, slot)
        columns.append((firm, slot))
        have |= asked
        solver.run()
        assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        duals = np.asarray(solver.getSolution().row_dual)
        once, room = np.maximum(-duals[:firms], 0.0), np.maximum(-duals[firms:-1], 0.0)
        deadline = max(float(duals[-1]), 0.0)
        asked = np.zeros_like(have)
    price = np.maximum(worth.max(axis=1), 0.0)
    bound = float(price.sum() + slots.room @ room - deadline * kept)
    values = np.asarray(solver.getSolution().col_value)
    return _Prices(bound, price, lacks, _read(slots, columns, values))


def _wanted(worth: Floats, most: int) -> Flags:
    """The choices worth more than their price, the `most` best of each firm."""
    most = min(most, worth.shape[1])
    marked = np.zeros(worth.shape, bool)
    if most:
        np.put_along_axis(marked, np.argpartition(-worth, most - 1, axis=1)[:, :most], True, axis=1)
    return marked & (worth > SLIGHT / 10)


def _rows(solver: highspy.Highs, upper: Floats, kept: int) -> None:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = 0, len(upper)
    model.row_lower_ = np.append(np.full(len(upper) - 1, -highspy.kHighsInf), float(kept))
    model.row_upper_ = upper
    solver.passModel(model)


def _columns(solver: highspy.Highs, slots: Slots, firm: Integers, slot: Integers) -> None:
    """Add choices to the linear programme: one in the firm's row, its length in the slot's, one if it is in time."""
    firms, places = slots.value.shape
    count = len(firm)
    rows = np.stack([firm, firms + slot, np.full(count, firms + places)], axis=1).astype(np.int32)
    entries = np.stack([np.ones(count), slots.units[firm], slots.on_time[firm, slot]], axis=1).astype(float)
    starts = np.arange(0, 3 * count, 3, dtype=np.int32)
    free = np.full(count, highspy.kHighsInf)
    costs = -slots.value[firm, slot]
    solver.addCols(count, costs, np.zeros(count), free, 3 * count, starts, rows.ravel(), entries.ravel())


def _read(slots: Slots, columns: list[tuple[Integers, Integers]], values: Floats) -> Integers | None:
    """The choice that the columns' values say; None when some are halves."""
    chosen = np.full(len(slots.units), NOWHERE)
    if not columns:
        return chosen
    if (np.abs(values - np.round(values)) > SLIGHT).any():
        return None
    taken = np.round(values) > 0
    firm, slot = (np.concatenate(side)[taken] for side in zip(*columns, strict=True))
    chosen[firm] = slot
    return chosen


def _whole(slots: Slots, near: Flags, seen: Flags) -> tuple[Integers | None, bool]:
    """The best whole choice among those that are near, None when there is none; False when time runs out before proof.

    seen: firms that no such choice leaves out. How many visits of each length a slot takes is whole; with that settled,
    the choices are those of a transport and come whole by themselves: saying so (`kImplicitInteger`) divides the
    solver's time by ten.
    """
    firm, slot = np.nonzero(near)
    solver = _solver(mip_rel_gap=0.0, mip_abs_gap=SLIGHT / 10, mip_detect_symmetry=False, time_limit=MOST_SECONDS)
    solver.passModel(_model(slots, firm, slot, seen))
    solver.run()
    status = solver.getModelStatus()
    if status != highspy.HighsModelStatus.kOptimal:
        return None, status == highspy.HighsModelStatus.kInfeasible
    return _read(slots, [(firm, slot)], np.asarray(solver.getSolution().col_value)[: len(firm)]), True


def _model(slots: Slots, firm: Integers, slot: Integers, seen: Flags) -> highspy.HighsLp:
    """The programme in whole numbers. Columns: the choices, then how many visits of each length each slot takes.

    Rows: each firm once; the choices of a length within its count; the counts within the slot's room. Where a firm may
    still miss its deadline, keeping it is worth more than all points together: a row of its own would bring halves.
    """
    used, place = np.unique(slot, return_inverse=True)
    lengths, length = np.unique(slots.units, return_inverse=True)
    firms, columns, counts = len(slots.units), len(firm), len(used) * len(lengths)
    which, where = np.tile(np.arange(len(lengths)), len(used)), np.repeat(np.arange(len(used)), len(lengths))
    worth, kept = slots.value[firm, slot], slots.on_time[firm, slot]
    sure = seen & (np.bincount(firm, ~kept, firms) == 0)
    span = float(worth.max(initial=0.0) - worth.min(initial=0.0))
    bonus = np.where(kept & ~sure[firm], 1.0 + span * len(np.unique(firm)), 0.0)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = columns + counts, firms + counts + len(used)
    model.col_cost_ = np.concatenate([-worth - bonus, np.zeros(counts)])
    model.col_lower_ = np.zeros(columns + counts)
    model.col_upper_ = np.concatenate([np.ones(columns), slots.room[used][where] // lengths[which]])
    model.row_lower_ = np.append(seen.astype(float), np.full(counts + len(used), -highspy.kHighsInf))
    model.row_upper_ = np.concatenate([np.ones(firms), np.zeros(counts), slots.room[used].astype(float)])
    first = np.concatenate([firm, firms + np.arange(counts)])
    second = np.concatenate([firms + place * len(lengths) + length[firm], firms + counts + where])
    entries = [
        np.concatenate([np.ones(columns), np.full(counts, -1.0)]),
        np.concatenate([np.ones(columns), lengths[which].astype(float)]),
    ]
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.arange(0, 2 * (columns + counts) + 1, 2, dtype=np.int32)
    model.a_matrix_.index_ = np.stack([first, second], axis=1).astype(np.int32).ravel()
    model.a_matrix_.value_ = np.stack(entries, axis=1).ravel()
    kinds = highspy.HighsVarType
    model.integrality_ = [kinds.kImplicitInteger] * columns + [kinds.kInteger] * counts  # type: ignore[attr-defined]
    return model

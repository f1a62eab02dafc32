"""Moves of hidden values that keep every sum and every visible value: what leaves an attacker in doubt (HiGHS)."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

import highspy
import numpy as np

from toile.panorama.rules.secrecy.tables import Flags, Floats, Linked

K = TypeVar("K", bound=Hashable)

SLIGHT = 1e-7
"""Below this share of a move, an entry is the solver's rounding."""
FAR = 1e7


class Moves(Generic[K]):
    """The moves of one linked table, found by linear programming; the solver starts from where it last stood.

    A move is a vector d with the same sums on both sides of every relation, and `floor + d >= 0`: floor is the least
    of the values told together, so the low, central and high tables can all make the same move and stay in order.
    """

    def __init__(self, table: Linked[K]) -> None:
        self._table = table
        self._cells = len(table.keys)
        self._solver = _solver(table)
        self._columns = np.arange(2 * self._cells, dtype=np.int32)

    def spread(self, hidden: Flags, wishes: Floats) -> Floats:
        """A move of the hidden cells only, each by at most what it needs, as far as `wishes` weighs each one."""
        need = np.where(self._table.known, self._table.need, FAR)
        up = np.where(hidden, need, 0.0)
        down = np.minimum(up, self._table.floor)
        found = self._solve(up, down, np.concatenate([-wishes, wishes]))
        assert found is not None  # standing still is a move
        return found

    def least(self, hidden: Flags, cell: int, by: float, barred: Flags) -> Floats | None:
        """The move of `cell` by `by` (below zero: downwards) that asks to hide the least; None when there is none.

        Cells that are `barred` stay where they are; a cell that is not `hidden` costs its price for each unit moved.
        """
        up = np.where(barred, 0.0, FAR)
        down = np.where(barred, 0.0, np.minimum(self._table.floor, FAR))
        price = np.where(hidden, 0.0, self._table.price)
        least_up, least_down = np.zeros(self._cells), np.zeros(self._cells)
        up[cell], down[cell] = max(by, 0.0), max(-by, 0.0)
        least_up[cell], least_down[cell] = up[cell], down[cell]
        return self._solve(up, down, np.concatenate([price, price]), least_up, least_down)

    def _solve(
        self, up: Floats, down: Floats, costs: Floats, least_up: Floats | None = None, least_down: Floats | None = None
    ) -> Floats | None:
        """The cheapest move within bounds; rises and falls are two columns, so that both cost."""
        still = np.zeros(self._cells)
        lowest = np.concatenate([still if least_up is None else least_up, still if least_down is None else least_down])
        size = len(self._columns)
        self._solver.changeColsBounds(size, self._columns, lowest, np.concatenate([up, down]))
        self._solver.changeColsCost(size, self._columns, costs)
        if self._run() != highspy.HighsModelStatus.kOptimal:
            return None
        values = np.asarray(self._solver.getSolution().col_value)
        move = values[: self._cells] - values[self._cells :]
        move[np.abs(move) < SLIGHT * max(1.0, float(np.abs(move).max(initial=0)))] = 0.0
        return move

    def _run(self) -> highspy.HighsModelStatus:
        """Solve from the last point; from nothing when roundings lead astray from there."""
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            self._solver.clearSolver()
            self._solver.run()
        return self._solver.getModelStatus()


def _solver(table: Linked[K]) -> highspy.Highs:
    """A model with one row for each relation: the rise of the parts less the rise of the total is nothing."""
    cells, starts, index, entries = len(table.keys), [0], [], []
    for total, parts in table.sums:
        row = [(total, -1.0), *((part, 1.0) for part in parts)]
        index += [column for column, _ in row] + [column + cells for column, _ in row]
        entries += [sign for _, sign in row] + [-sign for _, sign in row]
        starts.append(len(index))
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = 2 * cells, len(table.sums)
    model.col_cost_ = model.col_lower_ = model.col_upper_ = np.zeros(2 * cells)
    model.row_lower_ = model.row_upper_ = np.zeros(len(table.sums))
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.array(starts, dtype=np.int32)
    model.a_matrix_.index_ = np.array(index, dtype=np.int32)
    model.a_matrix_.value_ = np.array(entries)
    solver = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("solver", "simplex"), ("presolve", "off")):
        solver.setOptionValue(option, value)
    solver.passModel(model)
    return solver

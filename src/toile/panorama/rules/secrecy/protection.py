"""Complementary secrecy: hide what it takes so that no secret value is found from all that is published at once."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

import numpy as np

from toile.panorama.rules.secrecy.moves import Moves
from toile.panorama.rules.secrecy.relations import Relation
from toile.panorama.rules.secrecy.rule import Counted, SecrecyRule, Secret, primary, secrecy_rule
from toile.panorama.rules.secrecy.tables import Flags, Floats, Incoherent, Linked, linked_tables

K = TypeVar("K", bound=Hashable)

ENOUGH = 1 - 1e-6
"""A move of this share of the need is the need, to the solver's rounding."""
ROUNDS = 12
SHORT = 100
"""Parts of a sum that is not long."""
SLIGHTLY = 0.1
"""The share of its margin by which a cell hidden for another must be able to move."""


def protect(
    counted: Mapping[K, Counted], relations: Iterable[Relation[K]], rule: SecrecyRule | None = None
) -> dict[K, Secret]:
    """Which cells to hide and why, in the order of `counted`; a cell that is not in the answer may be told.

    The attacker knows every visible cell with its bounds, the relations, that no value is below zero, and which cells
    have no unit. Whatever they compute, their interval for each secret cell reaches `rule.margin` below and above its
    value, and no hidden cell is found exactly. Beside, the hidden parts of a visible total hold at least
    `rule.least_units` units together, so that their sum says no more than a cell may, and the only unit of one cannot
    find the other. Few and small cells are hidden rather than many, large or totals; equal input gives equal output.

    counted: every cell of one source with a unit, those that are not printed but can be subtracted included
    (`published=False`): what a total has beyond its parts is taken for one unit's. Give crossings of the axes so when
    the attacker is to know which are empty, as SIRENE tells. Raises Incoherent when parts exceed their total.
    """
    rule = rule or secrecy_rule()
    hidden: set[Hashable] = set()
    for sums in _short_first(list(relations)):
        for table in linked_tables(counted, sums, rule):
            protected = _Protection(table, rule, hidden).run()
            hidden.update(key for key, flag in zip(table.keys, protected, strict=True) if flag)
    return {
        key: primary(cell, rule) or "secret_complementary"
        for key, cell in counted.items()
        if cell.published and (key in hidden or primary(cell, rule))
    }


def _short_first(relations: list[Relation[K]]) -> list[list[Relation[K]]]:
    """The short sums, then all of them: a country falls into small tables, and its long sums expose little more."""
    short = [relation for relation in relations if len(relation.parts) <= SHORT]
    return [relations] if len(short) == len(relations) else [short, relations]


@dataclass
class _Protection(Generic[K]):
    """The work on one linked table: what is hidden so far, and how far each cell was seen to move."""

    table: Linked[K]
    rule: SecrecyRule
    before: Collection[Hashable]
    """What was hidden before: it must not be found exactly once more sums are known."""

    def __post_init__(self) -> None:
        earlier = np.array([key in self.before for key in self.table.keys]) & self.table.known
        self.hidden: Flags = self.table.hidden | earlier
        self.need: Floats = np.where(self.table.wanted, 1.0, np.where(earlier, SLIGHTLY, 0.0)) * self.table.need
        self.up: Floats = np.zeros(len(self.table.keys))
        self.down: Floats = np.zeros(len(self.table.keys))
        self.moves: Moves[K] = Moves(self.table)

    def run(self) -> Flags:
        """The cells to hide, published or not."""
        self._protect_each()
        for group, other in self._lonely():
            self.hidden[other] = True
            self.need[other] = max(self.need[other], min(self.table.need[cell] for cell in group))
        self._protect_each()
        return self.hidden

    def _protect_each(self) -> None:
        """Look for moves of what is hidden; then, for each cell that none moves enough, hide what makes one."""
        self._look()
        order = np.argsort(-self.need, kind="stable")
        for cell in order[: np.count_nonzero(self.need)]:
            if self.up[cell] < self._enough_up(cell):
                self._make_move(int(cell), self.need[cell])
            if self.down[cell] < self._enough_down(cell):
                self._make_move(int(cell), -min(self.need[cell], self.table.floor[cell]))

    def _enough_up(self, cell: int) -> float:
        return float(self.need[cell]) * ENOUGH

    def _enough_down(self, cell: int) -> float:
        return min(float(self.need[cell]), float(self.table.floor[cell])) * ENOUGH

    def _look(self) -> None:
        """Try moves of the hidden cells in changing directions until they show nothing new."""
        chance = np.random.default_rng(0)
        for _ in range(ROUNDS):
            rising = self.need * ENOUGH > self.up
            falling = np.minimum(self.need, self.table.floor) * ENOUGH > self.down
            waiting = np.count_nonzero(rising) + np.count_nonzero(falling)
            if not waiting:
                return
            sign = np.where(rising & falling, chance.choice([-1.0, 1.0], len(rising)), rising * 1.0 - falling)
            wishes = np.divide(sign, self.need, out=np.zeros_like(sign), where=self.need > 0)
            self._seen(self.moves.spread(self.hidden, wishes))

    def _make_move(self, cell: int, by: float) -> None:
        """Hide the cheapest cells that let one move; small cells are barred first, which would ask for several."""
        small = ~self.hidden & (self.table.floor < abs(by))
        move = self.moves.least(self.hidden, cell, by, small)
        if move is None:
            move = self.moves.least(self.hidden, cell, by, np.zeros_like(small))
        if move is None:
            # With everything hidden its own units may weigh more or less, unless a table lacks the cells they are in.
            raise Incoherent(f"{self.table.keys[cell]}: its units are not in all the tables given")
        self.hidden |= move != 0
        self._seen(move)

    def _seen(self, move: Floats) -> None:
        """Note how far each cell goes with a move, and with its opposite, as far as they can be drawn out."""
        for direction in (move, -move):
            falls = direction < 0
            if not direction.any():
                continue
            most = np.min(self.table.floor[falls] / -direction[falls], initial=1e9)
            self.up = np.maximum(self.up, most * direction)
            self.down = np.maximum(self.down, -most * direction)

    def _lonely(self) -> list[tuple[list[int], int]]:
        """The hidden parts of a visible total that too few units give, and the smallest visible part to hide too."""
        found = []
        for total, parts in self.table.sums:
            group = [part for part in parts if self.hidden[part]]
            if self.hidden[total] or not group or not self.table.known[group].all():
                continue
            units = sum(cast(Counted, self.table.cells[part]).units for part in group)
            others = [part for part in parts if not self.hidden[part]]
            if units < self.rule.least_units and others:
                wide = [part for part in others if self.table.floor[part] >= self.table.need[group].min()] or others
                found.append((group, min(wide, key=lambda part: self.table.price[part])))
                self.hidden[found[-1][1]] = True
        return found

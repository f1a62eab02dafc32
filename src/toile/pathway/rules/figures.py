"""What may be told of counts of people: no cell under five, and no subtraction that finds one (domain K13, A16)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from toile.panorama.rules.secrecy.protection import protect
from toile.panorama.rules.secrecy.relations import Relation
from toile.panorama.rules.secrecy.rule import Counted, secrecy_rule

LEAST: Final = 5
"""People that a cell holds at least to be told (domain K13)."""

Key = tuple[str, str]
WHOLE: Final = ""
"""The code of a table's total."""


def withheld(tables: Mapping[str, Mapping[str, int]], groups: Mapping[str, str] | None = None) -> set[Key]:
    """Which cells to hide, as (table, code); (group, "") is the total of a group.

    tables: table → code → how many, each person once in each table. groups: table → the group whose total it shares (by
    default, a group of its own): the months and the doors of the same cases can be subtracted from one another.
    """
    groups = groups or {}
    counted: dict[Key, Counted] = {}
    relations: list[Relation[Key]] = []
    for table, counts in tables.items():
        parts = {(table, code): _counted(count) for code, count in counts.items() if count}
        if not parts:
            continue
        whole = (groups.get(table, table), WHOLE)
        counted.setdefault(whole, _counted(sum(counts.values())))
        counted |= parts
        relations.append(Relation(whole, tuple(parts)))
    return set(protect(counted, relations, replace(secrecy_rule(), least_units=LEAST)))


def _counted(count: int) -> Counted:
    return Counted(value=Decimal(count), units=count, largest=Decimal(1))

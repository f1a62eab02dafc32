"""The words of published tables: columns, marks, codes and numbers as a spreadsheet writes them (tables.toml)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from toile.directory.rules.ess import FAMILIES
from toile.directory.rules.staff import SIZE_LABELS
from toile.kernel.fold import fold
from toile.panorama.rules.indicators import indicators, units
from toile.panorama.rules.sectors import ess_sectors, sections

TABLES_TOML: Final = Path(__file__).with_name("tables.toml")

_SPACES: Final = re.compile(r"[\s\u00a0\u2007\u202f']+")
_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,12})?")
_THOUSANDS: Final = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
_SHOWN: Final = 40


@dataclass(frozen=True, eq=False, slots=True)
class Words:
    """Every word understood, folded, to its code."""

    columns: Mapping[str, str]
    indicators: Mapping[str, str]
    secret: frozenset[str]
    absent: frozenset[str]
    values: Mapping[str, Mapping[str, str]]
    """For each axis of a closed list: folded word to code."""
    part_of: tuple[tuple[str, str], ...]


class ReadNumber(NamedTuple):
    """What a cell holds: a number, or the code of the reason why it has none, or what is wrong with it in French."""

    value: Decimal | None = None
    because: str = ""
    wrong_fr: str = ""


@cache
def words(path: Path = TABLES_TOML) -> Words:
    """Read the words."""
    read: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    named = {fold(word): code for code, others in read["columns"].items() for word in others}
    told: dict[str, str] = {}
    for code, indicator in indicators().items():
        others = read["indicators"].get(code, ())
        told |= {fold(word): code for word in (code, indicator.short_fr, indicator.name_fr, *others)}
    return Words(
        columns=named,
        indicators=told,
        secret=frozenset(fold(mark) for mark in read["marks"]["secret"]),
        absent=frozenset(fold(mark) for mark in read["marks"]["absent"]),
        values={
            "family": _by_word(FAMILIES),
            # A letter before a label: « A » is agriculture, and no sector of the ESS has one letter.
            "sector": _by_word(ess_sectors()) | _by_word(sections()),
            "size": _by_word(SIZE_LABELS),
        },
        part_of=tuple((pair["part"], pair["whole"]) for pair in read["part_of"]),
    )


def code_of(axis: str, cell: str) -> str | None:
    """The code of a family, a sector or a size from its code or its French label; None when it is none of them."""
    return words().values[axis].get(fold(cell))


def same_unit(cell: str, unit: str) -> bool:
    """Whether a cell of the column « unité » says this unit, by its code or its French name."""
    known = units()[unit]
    return fold(cell) in {fold(name) for name in (known.code, known.one_fr, known.many_fr)}


def read_number(cell: str, unit: str) -> ReadNumber:
    """Read a cell as a spreadsheet writes it: « 21 142 », « 14,1 % », « s », « nd », empty; never a silent zero.

    Spaces of any kind part the thousands, a comma or a point the decimals. « 1.566 » of something that is counted is
    refused: it may be 1,566 or 1.6. A count that is not whole is refused, but jobs may be (a published mean).
    """
    word = fold(cell)
    if word in words().secret:
        return ReadNumber(because="secret_of_source")
    if word in words().absent:
        return ReadNumber(because="not_published")
    bare = _SPACES.sub("", cell).replace("−", "-")
    percent = bare.endswith("%")
    if percent:
        bare = bare[:-1]
    if not _NUMBER.fullmatch(bare):
        return ReadNumber(wrong_fr=f"{shown(cell)} n’est pas un nombre")
    if percent and unit != "percent":
        return ReadNumber(wrong_fr=f"{shown(cell)} est un pourcentage, et un nombre est attendu")
    counted = unit not in ("percent", "ratio")
    if counted and _THOUSANDS.fullmatch(bare):
        return ReadNumber(wrong_fr=f"{shown(cell)} est ambigu : des milliers ou des décimales ? Écrivez sans point")
    value = Decimal(bare.replace(",", "."))
    if counted and unit != "jobs" and value != value.to_integral_value():
        return ReadNumber(wrong_fr=f"{shown(cell)} n’est pas un nombre entier")
    return ReadNumber(value)


def shown(cell: str) -> str:
    """What a cell holds, between guillemets and cut short."""
    tidy = " ".join(cell.split())
    return f"« {tidy if len(tidy) <= _SHOWN else tidy[: _SHOWN - 1] + '…'} »"


def listed(codes: Iterable[str], most: int = 5) -> str:
    """The first of several things, and how many more there are."""
    every = list(codes)
    more = f" et {len(every) - most} autres" if len(every) > most else ""
    return ", ".join(every[:most]) + more


def _by_word(labels: Mapping[str, str]) -> dict[str, str]:
    return {fold(label): code for code, label in labels.items()} | {fold(code): code for code in labels}

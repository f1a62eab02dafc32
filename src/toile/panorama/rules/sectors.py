"""From an activity code to its section of the NAF rév. 2 and to its sector of the ESS, read from sectors.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from toile.kernel.identifiers import clean_naf

SECTORS_TOML: Final = Path(__file__).with_name("sectors.toml")
_LONGEST: Final = 8


class Sectors(NamedTuple):
    """Where an activity is: its section (`A`…`U`) and its sector of the ESS; both None when they are unknown."""

    section: str | None
    ess: str | None


UNKNOWN_SECTORS: Final = Sectors(None, None)


@dataclass(frozen=True, eq=False, slots=True)
class _Tables:
    """What sectors.toml says, by beginning of code."""

    sections: Mapping[str, str]
    ess: Mapping[str, str]
    section_of_division: Mapping[str, str]
    ess_of_prefix: Mapping[str, str]
    others: Mapping[str, Mapping[str, str]]
    same_divisions: frozenset[str]


def sections() -> Mapping[str, str]:
    """The sections of the NAF rév. 2, letter to French label, in their order."""
    return _tables().sections


def ess_sectors() -> Mapping[str, str]:
    """The sectors of the ESS's panoramas, code to French label, in the order they are shown."""
    return _tables().ess


def sector_label(code: str) -> str:
    """The French label of a section or of a sector of the ESS; the code itself when it is neither."""
    return sections().get(code) or ess_sectors().get(code) or code


def division_sectors() -> Mapping[str, Sectors]:
    """Every division of the NAF rév. 2 (two digits) with its section and its sector of the ESS, for queries."""
    return MappingProxyType({division: _of_naf_rev_2(division) for division in _tables().section_of_division})


@lru_cache(maxsize=4096)
def sectors(naf: str | None) -> Sectors:
    """The section and the sector of the ESS of an activity code, written with or without its dot.

    Codes of the NAF 2025, of the NAF rév. 1 and of the NAF 1993 are brought to the NAF rév. 2 (the lists before 2008
    by their group). Unknown when the code is empty or unreadable, has no letter (NAP), or when its old group is cut
    between sections: a section is never guessed.
    """
    read = clean_naf((naf or "")[:_LONGEST])
    if read.code is None:
        return UNKNOWN_SECTORS
    if read.nomenclature == "NAFRev2":
        return _of_naf_rev_2(read.code)
    known = _tables()
    brought = known.others.get(read.nomenclature or "")
    if brought is None:
        return UNKNOWN_SECTORS
    found = _longest(brought, read.code)
    if found is None and read.nomenclature in known.same_divisions:
        return _of_naf_rev_2(read.code)
    return _of_naf_rev_2(found) if found else UNKNOWN_SECTORS


def _of_naf_rev_2(code: str) -> Sectors:
    """The sectors of a NAF rév. 2 code or of a beginning of two signs or more."""
    known = _tables()
    section = known.section_of_division.get(code[:2])
    return Sectors(section, _longest(known.ess_of_prefix, code)) if section else UNKNOWN_SECTORS


def _longest(by_prefix: Mapping[str, str], code: str) -> str | None:
    """The value of the longest beginning that matches; None when none does."""
    return next((by_prefix[code[:end]] for end in range(len(code), 1, -1) if code[:end] in by_prefix), None)


@cache
def _tables(path: Path = SECTORS_TOML) -> _Tables:
    read: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return _Tables(
        sections=MappingProxyType({entry["code"]: entry["label"] for entry in read["section"]}),
        ess=MappingProxyType({entry["code"]: entry["label"] for entry in read["ess"]["sector"]}),
        section_of_division={
            f"{division:02d}": entry["code"]
            for entry in read["section"]
            for division in range(entry["divisions"][0], entry["divisions"][1] + 1)
        },
        ess_of_prefix={prefix: entry["code"] for entry in read["ess"]["sector"] for prefix in entry["naf"]},
        others={entry["code"]: entry["to"] for entry in read["other"]["nomenclature"]},
        same_divisions=frozenset(e["code"] for e in read["other"]["nomenclature"] if e["same_divisions"]),
    )

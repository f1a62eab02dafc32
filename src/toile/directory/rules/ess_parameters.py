"""The tables behind the ESS verdict, read from ess.toml and resolved at a date."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, cast

if TYPE_CHECKING:
    from toile.directory.rules.ess import Family

ESS_TOML: Final = Path(__file__).with_name("ess.toml")
SECTIONS: Final = ("legal_category", "doubtful", "never", "excluded_naf", "name_pattern")

Treatment = Literal["yes", "to_check", "none"]


class Form(NamedTuple):
    """A legal category whose form is of the ESS, or argued to be (then it has a label)."""

    family: "Family | None"
    treatment: Treatment
    source: str
    label: str = ""


class Never(NamedTuple):
    """Why the legal categories under a prefix are never of the ESS."""

    label: str
    source: str


@dataclass(frozen=True)
class EssParameters:
    """The tables valid at one date, shaped for the rule: no date is left inside."""

    on: date
    forms: Mapping[str, Form]
    never_by_prefix: Mapping[str, Never]
    never_prefixes: tuple[str, ...]
    excluded_naf: Mapping[str, tuple[str, ...]]
    """Nomenclature to the prefixes of the excluded dotted codes."""
    naf_source: str
    unclear_categories: frozenset[str]
    name_pattern: re.Pattern[str]
    name_source: str

    def never(self, category: str) -> Never:
        """Why a category that begins with one of `never_prefixes` is never of the ESS."""
        return next(entry for prefix, entry in self.never_by_prefix.items() if category.startswith(prefix))


@cache
def ess_parameters(on: date, path: Path = ESS_TOML) -> EssParameters:
    """Read the tables of the ESS verdict as they stand on a day (first and last day included)."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    forms = {
        code: Form(entry["family"], "yes", entry["source"])
        for entry in _valid(tables, "legal_category", on)
        for code in entry["codes"]
    }
    forms |= {
        code: Form(entry.get("family"), cast(Treatment, entry["treatment"]), entry["source"], entry["label"])
        for entry in _valid(tables, "doubtful", on)
        for code in entry["codes"]
    }
    never = {
        prefix: Never(entry["label"], entry["source"])
        for entry in _valid(tables, "never", on)
        for prefix in entry["prefixes"]
    }
    excluded = list(_valid(tables, "excluded_naf", on))
    names = list(_valid(tables, "name_pattern", on))
    return EssParameters(
        on=on,
        forms=forms,
        never_by_prefix=never,
        never_prefixes=tuple(never),
        excluded_naf={entry["nomenclature"]: tuple(entry["prefixes"]) for entry in excluded},
        naf_source=excluded[0]["source"] if excluded else "",
        unclear_categories=frozenset(code for entry in names for code in entry["categories"]),
        name_pattern=re.compile("|".join(entry["pattern"] for entry in names) or r"(?!)", re.IGNORECASE),
        name_source=names[0]["source"] if names else "",
    )


def entries(path: Path = ESS_TOML) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every entry of the file with its section, whatever its dates: for the page of sources and `toile doctor`."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    for section in SECTIONS:
        for entry in tables.get(section, ()):
            yield section, entry


def _valid(tables: Mapping[str, Any], section: str, on: date) -> Iterator[dict[str, Any]]:
    for entry in tables.get(section, ()):
        if entry["from"] <= on and on <= entry.get("to", date.max):
            yield entry

"""A door's spreadsheet of cases or followed firms: which column holds what, and what each row says, cell by cell."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from toile.kernel.errors import UserError
from toile.kernel.fold import fold
from toile.kernel.identifiers import clean_siren, clean_siret

COLUMNS_TOML: Final = Path(__file__).with_name("case_columns.toml")

_NOT_WORD: Final = re.compile(r"[^a-z0-9]+")
_SMALL: Final = frozenset({"de", "du", "des", "la", "le", "les", "d", "l", "en"})
_EMAIL: Final = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
_DATES: Final = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[ T].*)?"),
    re.compile(r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4})(?: .*)?"),
    re.compile(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{2})"),
)
_EXCEL_ZERO: Final = date(1899, 12, 30)
LENGTHS: Final[Mapping[str, int]] = {
    "key": 80, "title": 160, "holder": 120, "email": 254, "phone": 30, "next_step": 200, "note": 3900,
}  # fmt: skip
DATES: Final = ("received_on", "last_contact_on", "next_step_on", "born_on")
FUTURE: Final = frozenset({"next_step_on"})


class NoName(UserError):
    """No column names the cases or the firms: every row would be refused."""


@dataclass(frozen=True, slots=True)
class Field:
    """Something that a column may hold. words: folded headers that mean it, the surest first."""

    code: str
    label: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says. values: text or dates by field. doubts: cells left out, why. refused: why nothing is kept."""

    values: Mapping[str, Any]
    doubts: tuple[tuple[str, str], ...] = ()
    refused: str = ""


@cache
def fields(kind: str) -> Mapping[str, Field]:
    """What the columns of such a spreadsheet may hold, in the order they are offered. kind: « cases » or « firms »."""
    read = tomllib.loads(COLUMNS_TOML.read_text(encoding="utf-8"))[kind]["fields"]
    return {code: Field(code, one["label"], tuple(one["words"])) for code, one in read.items()}


@cache
def _states() -> Mapping[str, tuple[str, ...]]:
    return tomllib.loads(COLUMNS_TOML.read_text(encoding="utf-8"))["states"]


def guess(kind: str, columns: Sequence[str]) -> dict[str, str]:
    """Which field each column seems to hold, by its header; each field once, the surest header first."""
    found: dict[str, str] = {}
    sure = [
        (rank, place, code, column)
        for place, column in enumerate(columns)
        for code, one in fields(kind).items()
        for rank, words in enumerate(one.words)
        if _words(column) == words.replace("'", " ") or _words(column) == " ".join(_kept(words))
    ]
    for _rank, _place, code, column in sorted(sure):
        if column not in found and code not in found.values():
            found[column] = code
    return found


def _words(text: str) -> str:
    return " ".join(_kept(_NOT_WORD.sub(" ", fold(text))))


def _kept(text: str) -> list[str]:
    return [word for word in text.split() if word not in _SMALL]


def must_name(chosen: Iterable[str]) -> None:
    """Raise `NoName` when no column is the name of the project or of the structure."""
    if "title" not in set(chosen):
        raise NoName("Dites quelle colonne donne le nom : sans lui, aucune ligne n’est gardée.")


def lacking(kind: str, chosen: Iterable[str]) -> list[str]:
    """The labels of what no column holds: unknown of every row, and said."""
    held = set(chosen)
    return [one.label for code, one in fields(kind).items() if code not in held]


def read_row(kind: str, chosen: Mapping[str, str], row: Mapping[str, str], today: date) -> Said:
    """What a row says. chosen: column → field. A cell that cannot be read is unknown, and told; nothing is guessed.

    A row is refused without a name. A date to come is none of what already happened.
    """
    said: dict[str, Any] = {}
    doubts: list[tuple[str, str]] = []
    for column, code in chosen.items():
        text = " ".join((row.get(column) or "").split())
        if not text:
            continue
        value, doubt = _cell(code, text, today)
        if doubt:
            doubts.append((column, doubt))
        if value is not None:
            said[code] = value
    if "title" not in said:
        return Said(said, tuple(doubts), "le nom manque")
    return Said(said, tuple(doubts))


def _cell(code: str, text: str, today: date) -> tuple[Any, str]:
    """The value of a cell and what is wrong with it."""
    if code in DATES:
        day = read_date(text)
        if day is None:
            return None, "date illisible"
        if day > today and code not in FUTURE:
            return None, "date à venir"
        return day, ""
    if code == "email" and not _EMAIL.fullmatch(text):
        return None, "adresse illisible"
    if code == "siren":
        return _siren(text)
    if code == "state":
        state = _state(text)
        return state, "" if state else "état inconnu : tenu pour en cours"
    if code == "closing_month":
        month = _month(text)
        return month, "" if month else "mois illisible"
    most = LENGTHS.get(code, 200)
    return text[:most], "trop long : la fin est coupée" if len(text) > most else ""


def read_date(text: str) -> date | None:
    """« 2026-11-21 », « 21/11/2026 », « 21/11/26 », or Excel's number of days; None when it is no date."""
    for shape in _DATES:
        found = shape.fullmatch(text)
        if found:
            year = int(found["y"])
            try:
                return date(year + 2000 if year < 100 else year, int(found["m"]), int(found["d"]))
            except ValueError:
                return None
    if re.fullmatch(r"[34]\d{4}(?:[.,]0*)?", text):
        return _EXCEL_ZERO + timedelta(days=int(text[:5]))
    return None


def _siren(text: str) -> tuple[str | None, str]:
    siret = clean_siret(text).value
    siren = siret[:9] if siret else clean_siren(text).value
    return siren, "" if siren else "numéro SIREN ou SIRET faux"


def _state(text: str) -> str | None:
    words = _words(text)
    return next(
        (state for state, known in _states().items() if any(words.startswith(_words(one)) for one in known)), None
    )


def _month(text: str) -> int | None:
    """The month of « 12 », « 31/12 », « 31/12/2026 » or « décembre »."""
    day = read_date(text)
    if day:
        return day.month
    names = [fold(name) for name in ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
                                     "septembre", "octobre", "novembre", "décembre")]  # fmt: skip
    if fold(text) in names:
        return names.index(fold(text)) + 1
    number = re.fullmatch(r"(?:\d{1,2}/)?(\d{1,2})", text)
    month = int(number[1]) if number else 0
    return month if 1 <= month <= 12 else None

"""What the notices of the BODACC say of followed firms, read from bodacc.toml; doubtful ones are left to a person."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from toile.kernel.errors import UserError
from toile.kernel.fold import fold

BODACC_TOML: Final = Path(__file__).with_name("bodacc.toml")
MOST: Final = 20_000
SIREN: Final = re.compile(r"\d{9}")
DETAILS: Final = ("jugement", "depot", "modificationsgenerales", "radiationaurcs")


class NotNotices(UserError):
    """A file that is not an answer of the BODACC."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice. on: the day of what it tells, else of its publication. level: None when a person must read it."""

    number: str
    siren: str
    on: date
    title: str
    level: str | None


@cache
def _rules(path: Path = BODACC_TOML) -> tuple[Mapping[str, Any], ...]:
    return tuple(tomllib.loads(path.read_text(encoding="utf-8"))["notice"])


def notices(text: str) -> list[Notice]:
    """The notices of an answer of the BODACC's API (version 1 `records`, version 2 `results`), in the order of time.

    Raises `NotNotices` for anything else; a notice without a SIREN, a number or a day is left out.
    """
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        read = None
    rows = read.get("records", read.get("results")) if isinstance(read, dict) else read
    if not isinstance(rows, list) or len(rows) > MOST:
        raise NotNotices(
            "Ce fichier n’est pas une réponse du BODACC : sur bodacc-datadila.opendatasoft.com, exportez en JSON."
        )
    fields = (row.get("fields", row) for row in rows if isinstance(row, dict))
    found = (notice for one in fields if isinstance(one, dict) for notice in _notices(one))
    return sorted(found, key=lambda one: (one.on, one.number))


def _notices(fields: Mapping[str, Any]) -> Iterator[Notice]:
    """One for each firm that the notice names, most often one."""
    registre = fields.get("registre") or ""
    words = ",".join(map(str, registre)) if isinstance(registre, list) else str(registre)
    sirens = dict.fromkeys(SIREN.findall(words.replace(" ", "")))
    details = [_detail(fields.get(name)) for name in DETAILS]
    said = " ".join(str(value) for detail in details for value in detail.values())
    published = _day(fields.get("dateparution"))
    happened = next((day for detail in details if (day := _day(detail.get("date")))), None)
    on = min(filter(None, (happened, published)), default=None)
    number, kind = str(fields.get("id") or ""), str(fields.get("familleavis") or "")
    if not number or on is None:
        return
    title = ", ".join(filter(None, [str(fields.get("familleavis_lib") or ""), said[:200]]))
    # What a judgement announces for later is in its other fields: only its kind says what it is.
    kinds = " ".join(str(detail.get(name, "")) for detail in details for name in ("famille", "nature"))
    for siren in sirens:
        yield Notice(number, siren, on, title, _level(kind, fold(kinds)))


def _level(kind: str, said: str) -> str | None:
    """The first rule whose words are all there."""
    for rule in _rules():
        if rule["kind"] == kind and all(word in said for word in rule["words"]):
            return str(rule["signal"])
    return None


def _detail(value: object) -> Mapping[str, Any]:
    """What the publisher writes as JSON inside JSON."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {"texte": value}
    return value if isinstance(value, dict) else {}


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None

"""The tables of a procedure's file: each reading checks the shape of what it reads, and names what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from toile.kernel.errors import UserError

Words = Mapping[str, str]
"""Language → text."""

MOST_OPTIONS: Final = 60
LONGEST_WORDS: Final = 1200
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,18}")


class ProcedureRefused(UserError):
    """A file that is not a procedure: its sentence says where and what is wrong."""


class Table:
    """One table of the file, with its name for messages."""

    def __init__(self, content: object, where: str) -> None:
        if not isinstance(content, Mapping):
            raise ProcedureRefused(f"{where} : une table est attendue.")
        self.content, self.where = content, where

    def refuse(self, key: str, expected: str) -> ProcedureRefused:
        return ProcedureRefused(f"{self.where} : « {key} » doit être {expected}.")

    def words(self, key: str, owed: bool = False) -> Words:
        raw = self.content.get(key, {})
        if (
            isinstance(raw, str)
            or not isinstance(raw, Mapping)
            or not all(isinstance(one, str) for one in raw.values())
        ):
            raise self.refuse(key, f'un texte par langue, par exemple « {key}.fr = "…" »')
        if owed and not raw:
            raise ProcedureRefused(f"{self.where} : il manque « {key} ».")
        if any(len(one) > LONGEST_WORDS for one in raw.values()):
            raise self.refuse(key, f"un texte de {LONGEST_WORDS} signes au plus")
        return dict(raw)

    def code(self, key: str = "code", shape: re.Pattern[str] = _CODE) -> str:
        raw = self.content.get(key)
        if not isinstance(raw, str) or not shape.fullmatch(raw):
            raise self.refuse(key, "un code court : lettres sans accent, chiffres, tirets")
        return raw

    def codes(self, key: str) -> tuple[str, ...]:
        raw = self.content.get(key, [])
        if not isinstance(raw, list) or not all(isinstance(one, str) for one in raw) or len(raw) > MOST_OPTIONS:
            raise self.refuse(key, f"une liste de codes ({MOST_OPTIONS} au plus)")
        return tuple(raw)

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        raw = self.content.get(key, default)
        if isinstance(raw, bool) or not isinstance(raw, int) or not low <= raw <= high:
            raise self.refuse(key, f"un nombre entier, de {low} à {high}")
        return raw

    def truth(self, key: str) -> bool:
        raw = self.content.get(key, False)
        if not isinstance(raw, bool):
            raise self.refuse(key, "true ou false")
        return raw

    def tables(self, key: str, most: int) -> list[Table]:
        raw = self.content.get(key, [])
        if not isinstance(raw, list) or len(raw) > most:
            raise self.refuse(key, f"une liste de tables ({most} au plus)")
        named = (f"{key} {one.get('code', n)}" if isinstance(one, Mapping) else key for n, one in enumerate(raw, 1))
        return [Table(one, f"{self.where}, {name}") for name, one in zip(named, raw, strict=True)]

    def only(self, *keys: str) -> None:
        unknown = sorted(set(self.content) - set(keys))
        if unknown:
            raise ProcedureRefused(f"{self.where} : « {unknown[0]} » n’est pas compris.")

"""What an adapter gives to the engine: a row ready to be stored, refused, or outside of the perimeter."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from toile.directory.rules.reading import Said, read

_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=str, separators=(",", ":"))


@dataclass(slots=True)
class NewRecord:
    """One record of a row: a source's own id, its payload as said, and that payload read."""

    source: str
    external_id: str
    payload: Mapping[str, Any]
    said: Said
    checksum: str

    @classmethod
    def of(cls, source: str, external_id: str, payload: Mapping[str, Any]) -> NewRecord:
        """Read the payload and take its checksum (blake2b, 16 bytes, over the JSON with sorted keys)."""
        checksum = blake2b(_CANONICAL.encode(payload).encode(), digest_size=16).hexdigest()
        return cls(source, external_id, payload, read(source, payload), checksum)


@dataclass(slots=True)
class Prepared:
    """A good row: its own record first, then what comes with it (the legal unit of an establishment)."""

    line: int
    records: tuple[NewRecord, ...]
    doubts: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be stored: where, and why in French."""

    line: int
    column: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Outside:
    """Rows that are not in the perimeter asked."""

    count: int = 1


Incoming = Prepared | Refused | Outside

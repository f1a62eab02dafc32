"""The canonical text of an edition, and its checksum: two editions that say the same have the same one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from toile.kernel.figures import Figure


def canonical(
    words: Mapping[str, Any], figures: Iterable[Figure], notes: Iterable[tuple[str, str, str]]
) -> Iterator[str]:
    """JSON Lines, keys sorted, numbers as plain decimals: the words first, then the figures and the notes, sorted.

    words: titles, introduction, erratum, sources, queries… as JSON values. notes: (indicator, commune, text).
    """
    yield _line({"words": words})
    yield from sorted(_line({"figure": as_json(figure)}) for figure in figures)
    yield from sorted(_line({"note": list(note)}) for note in notes)


def checksum(lines: Iterable[str]) -> str:
    """The SHA-256, in hexadecimal, of lines that each end with a line feed."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def as_json(figure: Figure) -> dict[str, Any]:
    """All that a figure says, but the edition that it is part of; sources by their code."""
    return {
        "indicator": figure.indicator,
        "cell": list(figure.cell),
        "unit": figure.unit,
        "low": _number(figure.low),
        "value": _number(figure.value),
        "high": _number(figure.high),
        "status": figure.status.value,
        "because": figure.because,
        "sources": [source.code for source in figure.sources],
        "query": figure.query,
    }


def _number(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

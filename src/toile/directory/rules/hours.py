"""Opening hours said in French: « Tu-Fr 09:30-18:00 » is « du mardi au vendredi de 9 h 30 à 18 h »."""

from __future__ import annotations

import re
from typing import Final

from toile.kernel.typography import DAYS, NO_BREAK

_CODES: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY: Final = rf"(?:{'|'.join(_CODES)})"
_DAYS: Final = re.compile(rf"{_DAY}(?:-{_DAY})?(?:,\s*{_DAY}(?:-{_DAY})?)*")
_TIMES: Final = re.compile(r"\d{1,2}:\d{2}-\d{1,2}:\d{2}(?:,\s*\d{1,2}:\d{2}-\d{1,2}:\d{2})*")


def hours_fr(text: str) -> list[str]:
    """One sentence for each group of days; what is not in the usual OpenStreetMap syntax is given back as it is.

    Source: https://wiki.openstreetmap.org/wiki/Key:opening_hours, its week days, hours, `off` and `24/7`.
    """
    if text.strip() == "24/7":
        return ["tous les jours, à toute heure"]
    groups = [group.strip() for group in text.split(";") if group.strip()]
    sentences = [_group(group) for group in groups]
    return [text.strip()] if None in sentences else [sentence for sentence in sentences if sentence]


def _group(group: str) -> str | None:
    """« Tu-Fr 09:30-18:00 » in words; None when it is written otherwise."""
    days, _, times = group.partition(" ")
    if not _DAYS.fullmatch(days):
        return None
    if times.strip() in ("off", "closed"):
        return f"{_said(days)}{NO_BREAK}: fermé"
    if not _TIMES.fullmatch(times.strip()):
        return None
    spans = [span.strip().split("-") for span in times.split(",")]
    return f"{_said(days)} {_and([f'de {_hour(start)} à {_hour(end)}' for start, end in spans])}"


def _said(days: str) -> str:
    parts = []
    for part in days.split(","):
        first, _, last = part.strip().partition("-")
        parts.append(f"du {_name(first)} au {_name(last)}" if last else _name(first))
    return "tous les jours" if days == "Mo-Su" else _and(parts)


def _name(code: str) -> str:
    return DAYS[_CODES.index(code)]


def _hour(time: str) -> str:
    hour, minutes = time.split(":")
    return f"{int(hour)}{NO_BREAK}h" + (f"{NO_BREAK}{minutes}" if minutes != "00" else "")


def _and(parts: list[str]) -> str:
    return " et ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))

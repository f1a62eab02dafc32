"""Opening hours as OpenStreetMap writes them: said in French, laid out by day, and whether it is open at a moment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from toile.directory.rules.holidays import is_public_holiday
from toile.kernel.typography import DAYS, NO_BREAK

_CODES: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY: Final = rf"(?:{'|'.join(_CODES)})"
_DAYS: Final = re.compile(rf"(?:{_DAY}(?:-{_DAY})?|PH)(?:,\s*(?:{_DAY}(?:-{_DAY})?|PH))*")
_TIMES: Final = re.compile(r"\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2}(?:,\s*\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2})*")
_RULE: Final = re.compile(
    rf"(?P<days>{_DAYS.pattern})?\s*(?P<times>{_TIMES.pattern}|off|closed)(?:\s+\"(?P<why>[^\"]*)\")?"
)
_DAY_LONG: Final = 24 * 60
_LATEST: Final = 48 * 60

Spans = tuple[tuple[int, int], ...]
"""Minutes from midnight to midnight; an end beyond 1,440 is of the next day. Empty: closed."""


class Rule(NamedTuple):
    """One group of days with its hours: the codes as written (empty for every day), the hours, a remark."""

    codes: str
    spans: Spans
    remark: str = ""

    @property
    def days(self) -> set[int]:
        """The days of the week, 0 for Monday."""
        found: set[int] = set()
        for part in self.codes.split(",") if self.codes else ["Mo-Su"]:
            first, _, last = part.strip().partition("-")
            if first != "PH":
                low, high = _CODES.index(first), _CODES.index(last or first)
                found |= {day % 7 for day in range(low, high + 1 if high >= low else high + 8)}
        return found

    @property
    def holds_on_holidays(self) -> bool:
        return "PH" in [part.strip() for part in self.codes.split(",")]


@dataclass(frozen=True, slots=True)
class Week:
    """The hours of each day, Monday first; those of public holidays, None when nothing is said of them.

    unsure: days whose hours come with a remark (« sur rendez-vous »), about which nothing is claimed.
    """

    days: tuple[Spans, ...]
    holidays: Spans | None
    remarks: tuple[str, ...]
    unsure: frozenset[int]

    @property
    def never_closes(self) -> bool:
        return all(spans == ((0, _DAY_LONG),) for spans in self.days) and self.holidays != ()


class Line(NamedTuple):
    """One line of the table of hours: « Mardi au vendredi », « 9 h 30 – 18 h »; the days it holds, 0 for Monday."""

    label: str
    said: str
    days: frozenset[int]


class Now(NamedTuple):
    """Whether it is open at a moment, and the sentence that says it until when."""

    is_open: bool
    sentence: str


def rules_of(text: str) -> list[Rule] | None:
    """The groups of days of `text`; None when it is not in the part of OpenStreetMap's syntax read here.

    Source: https://wiki.openstreetmap.org/wiki/Key:opening_hours: week days, hours, `PH`, `off`, `24/7`, remarks.
    Months, weeks, sunrise and open ends are left as they are written: half understood is worse than read.
    """
    groups = [group.strip() for group in text.split(";") if group.strip()]
    if groups == ["24/7"]:
        return [Rule("", ((0, _DAY_LONG),))]
    read = [_rule(group) for group in groups]
    return None if None in read or not read else [rule for rule in read if rule]


def hours_fr(text: str) -> list[str]:
    """One sentence for each group of days; what is written otherwise is given back as it is."""
    if text.strip() == "24/7":
        return ["tous les jours, à toute heure"]
    read = rules_of(text)
    if read is None:
        return [text.strip()] if text.strip(" ;") else []
    return [_sentence(rule) for rule in read]


def week_of(text: str) -> Week | None:
    """The week that `text` tells, the later group winning over the earlier; None when it cannot be laid out by day.

    A day that no group names is closed, as OpenStreetMap has it.
    """
    read = rules_of(text)
    if read is None:
        return None
    days: list[Spans] = [()] * 7
    holidays: Spans | None = None
    remarks: dict[int, str] = {}
    for rule in read:
        for day in rule.days:
            days[day] = rule.spans
            remarks.pop(day, None)
            if rule.remark:
                remarks[day] = rule.remark
        if rule.holds_on_holidays:
            holidays = rule.spans
    if not any(days):
        return None
    return Week(tuple(days), holidays, tuple(dict.fromkeys(remarks.values())), frozenset(remarks))


def lines_of(week: Week) -> list[Line]:
    """The table of a week: days that follow each other with the same hours share a line; holidays come last."""
    lines: list[Line] = []
    start = 0
    for day in range(1, 8):
        if day == 7 or week.days[day] != week.days[start]:
            lines.append(Line(_days_fr(start, day - 1), _spans_fr(week.days[start]), frozenset(range(start, day))))
            start = day
    if week.holidays is not None:
        lines.append(Line("Jours fériés", _spans_fr(week.holidays), frozenset()))
    return lines


def now_fr(week: Week, at: datetime) -> Now | None:
    """« Ouvert maintenant, jusqu’à 18 h », « Fermé maintenant, ouvre mardi à 14 h »; at: the local time of the place.

    None where nothing sure can be said: a day with a remark, a public holiday of which the hours say nothing.
    """
    if week.never_closes:
        return Now(True, "Ouvert maintenant, à toute heure")
    today = at.date()
    if _hours(week, today) is None:
        return None
    minute = at.hour * 60 + at.minute
    until = None
    for start, end in _ahead(week, today):
        if start <= minute and until is None and minute < end:
            until = end
        elif until is not None and start <= until:
            until = max(until, end)  # two spans that touch are one
        elif start > minute:
            if until is not None:
                break
            return Now(False, f"Fermé maintenant, ouvre {_when(start, today)}")
    if until is None:
        return Now(False, "Fermé maintenant")
    return Now(True, f"Ouvert maintenant, jusqu’{_until(until)}")


def _rule(group: str) -> Rule | None:
    found = _RULE.fullmatch(group)
    if not found:
        return None
    times = found["times"]
    if times in ("off", "closed"):
        return Rule(found["days"] or "", (), found["why"] or "")
    spans = []
    for span in times.split(","):
        start, end = (_minutes(part) for part in span.split("-"))
        if start is None or end is None or start >= _DAY_LONG or end > _LATEST:
            return None
        spans.append((start, end if end > start else end + _DAY_LONG))
    return Rule(found["days"] or "", tuple(sorted(spans)), found["why"] or "")


def _minutes(time: str) -> int | None:
    hour, minute = time.strip().split(":")
    return int(hour) * 60 + int(minute) if int(minute) < 60 else None


def _hours(week: Week, day: date) -> Spans | None:
    """The hours of a date; None where they cannot be told."""
    if is_public_holiday(day):
        return week.holidays
    return None if day.weekday() in week.unsure else week.days[day.weekday()]


def _ahead(week: Week, today: date) -> Iterator[tuple[int, int]]:
    """The spans from yesterday's to a week ahead, in minutes from today's midnight, up to the first day unknown."""
    for distance in range(-1, 8):
        spans = _hours(week, today + timedelta(days=distance))
        if spans is None:
            if distance > 0:
                return
            continue
        for start, end in spans:
            yield start + distance * _DAY_LONG, end + distance * _DAY_LONG


def _when(minute: int, today: date) -> str:
    distance, rest = divmod(minute, _DAY_LONG)
    named = {0: "", 1: "demain "}.get(distance, f"{DAYS[(today + timedelta(days=distance)).weekday()]} ")
    return f"{named}à {_hour(rest)}"


def _until(minute: int) -> str:
    distance, rest = divmod(minute, _DAY_LONG)
    if rest == 0:
        return "à minuit"
    return f"à {_hour(rest)}" if distance == 0 else f"à {_hour(rest)} demain"


def _sentence(rule: Rule) -> str:
    """« du mardi au vendredi de 9 h 30 à 18 h »."""
    remark = f" ({rule.remark})" if rule.remark else ""
    if not rule.spans:
        return f"{_said(rule.codes)}{NO_BREAK}: fermé{remark}"
    return f"{_said(rule.codes)} {_and([f'de {_hour(start)} à {_hour(end)}' for start, end in rule.spans])}{remark}"


def _said(codes: str) -> str:
    if codes in ("", "Mo-Su"):
        return "tous les jours"
    parts = []
    for part in codes.split(","):
        first, _, last = part.strip().partition("-")
        parts.append(
            "jours fériés" if first == "PH" else f"du {_name(first)} au {_name(last)}" if last else _name(first)
        )
    return _and(parts)


def _name(code: str) -> str:
    return "jours fériés" if code == "PH" else DAYS[_CODES.index(code)]


def _days_fr(first: int, last: int) -> str:
    """« Mardi », « Samedi et dimanche », « Mardi au vendredi », « Tous les jours »."""
    if (first, last) == (0, 6):
        return "Tous les jours"
    joined = "" if first == last else f" {'et' if last - first == 1 else 'au'} {DAYS[last]}"
    return f"{DAYS[first].capitalize()}{joined}"


def _spans_fr(spans: Spans) -> str:
    """« 9 h – 12 h, 14 h – 18 h », or « fermé »."""
    if spans == ((0, _DAY_LONG),):
        return "à toute heure"
    return ", ".join(f"{_hour(start)} – {_hour(end)}" for start, end in spans) or "fermé"


def _hour(minute: int) -> str:
    hour, minutes = divmod(minute, 60)
    hour = hour if minute == _DAY_LONG else hour % 24
    return f"{hour}{NO_BREAK}h" + (f"{NO_BREAK}{minutes:02d}" if minutes else "")


def _and(parts: list[str]) -> str:
    return " et ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))

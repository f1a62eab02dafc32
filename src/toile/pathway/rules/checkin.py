"""The periodic check-in of a followed firm: five questions, the signals they give, and its calendar, from a file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from toile.pathway.rules.signals import weights

CHECKIN_TOML: Final = Path(__file__).with_name("checkin.toml")


@dataclass(frozen=True, slots=True)
class Option:
    """An answer. signal: the level that it says, None when it says nothing. alone: it contradicts the other answers."""

    code: str
    wording: str
    signal: str | None
    alone: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One of the five. kind: `one` takes a code, `many` a list of codes; None is « je ne sais pas » for both."""

    code: str
    kind: Literal["one", "many"]
    wording: str
    help: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days: from one check-in to the next, of the reminders, until it is unanswered, until the link is over."""

    every_days: int
    reminders_days: tuple[int, ...]
    unanswered_days: int
    link_days: int
    in_a_row: int


@dataclass(frozen=True, slots=True)
class CheckIn:
    """The questions of one version, and when they are asked."""

    version: str
    questions: tuple[Question, ...]
    calendar: Calendar
    source: str

    def question(self, code: str) -> Question:
        """The question of that code; KeyError when there is none."""
        return {question.code: question for question in self.questions}[code]


class Fault(NamedTuple):
    """An answer that cannot be taken: the question's code, and the French sentence that asks it back."""

    question: str
    sentence: str


class Sent(NamedTuple):
    """A check-in that was sent that day. answered: the day of its answer, None while there is none."""

    on: date
    answered: date | None


@cache
def checkin(path: Path = CHECKIN_TOML) -> CheckIn:
    """Read the check-in. A signal that the scale does not have is loud."""
    read: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    calendar = read["calendar"]
    return CheckIn(
        read["version"],
        tuple(_question(one) for one in read["question"]),
        Calendar(**{**calendar, "reminders_days": tuple(calendar["reminders_days"])}),
        read["source"],
    )


def _question(read: Mapping[str, Any]) -> Question:
    options = tuple(
        Option(one["code"], one["wording"], one.get("signal"), one.get("alone", False)) for one in read["option"]
    )
    for option in options:
        if option.signal and "check_in" not in weights().level(option.signal).sources:
            raise ValueError(f"a check-in may not say {option.signal}")
    return Question(read["code"], read["kind"], read["wording"], read["help"], options)


def faults(answers: Mapping[str, object], asked: CheckIn | None = None) -> tuple[Fault, ...]:
    """What is wrong with these answers: an option that does not exist, or « rien » ticked with something."""
    found = []
    for question in (asked or checkin()).questions:
        known = {option.code: option for option in question.options}
        given = _codes(answers.get(question.code))
        if any(code not in known for code in given) or (question.kind == "one" and len(given) > 1):
            found.append(Fault(question.code, "Cette réponse n’est pas dans la liste : choisissez-en une autre."))
        elif len(given) > 1 and any(known[code].alone for code in given):
            alone = next(known[code].wording for code in given if known[code].alone)
            found.append(Fault(question.code, f"« {alone} » va sans autre réponse : laquelle est juste ?"))
    return tuple(found)


def signals_of(answers: Mapping[str, object], asked: CheckIn | None = None) -> tuple[str, ...]:
    """The codes of the levels that these answers say, in the order of the questions; unknown answers say nothing.

    An answered check-in also says that there is an answer (`answered`). Give answers without faults.
    """
    said = [
        option.signal
        for question in (asked or checkin()).questions
        for option in question.options
        if option.signal and option.code in _codes(answers.get(question.code))
    ]
    return (*said, "answered")


def next_on(entered: date, sent: Sequence[Sent], asked: CheckIn | None = None) -> date:
    """The day of the next check-in: a whole interval after the firm entered, then after the last one sent."""
    every = timedelta(days=(asked or checkin()).calendar.every_days)
    return max((one.on for one in sent), default=entered) + every


def reminders_due(one: Sent, on: date, asked: CheckIn | None = None) -> int:
    """How many reminders should have been sent by that day, none once it is answered or taken as unanswered."""
    calendar = (asked or checkin()).calendar
    age = (on - one.on).days
    if one.answered or age >= calendar.unanswered_days:
        return 0
    return sum(age >= days for days in calendar.reminders_days)


def is_unanswered(one: Sent, on: date, asked: CheckIn | None = None) -> bool:
    """Whether it was left without an answer for as long as is waited."""
    return one.answered is None and (on - one.on).days >= (asked or checkin()).calendar.unanswered_days


def is_silent(sent: Sequence[Sent], on: date, asked: CheckIn | None = None) -> bool:
    """Whether the last check-ins, two in a row by default, were left unanswered: the signal `unanswered` is then due.

    One that was just sent and is still waited for neither counts nor breaks the row.
    """
    needed = (asked or checkin()).calendar.in_a_row
    over = [one for one in sorted(sent, key=attrgetter("on")) if one.answered or is_unanswered(one, on, asked)]
    return len(over) >= needed and all(one.answered is None for one in over[-needed:])


def _codes(answer: object) -> list[str]:
    """The codes of an answer, whatever its kind; none when it is unknown or was not given."""
    if answer is None or answer == "":
        return []
    return [str(code) for code in answer] if isinstance(answer, list | tuple) else [str(answer)]

"""The collective's cycle: needs counted once per structure, small groups never told, possibilities, then actions."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from toile.pathway.rules.matrix import Matrix

NEEDS_SURVEY_TOML: Final = Path(__file__).with_name("needs_survey.toml")


class Possibility(NamedTuple):
    """Something that structures sharing a need could do together. needs: codes of the matrix."""

    code: str
    title_fr: str
    how_fr: str
    at_least: int
    needs: tuple[str, ...]
    source_fr: str


class Declared(NamedTuple):
    """The settings: under how many structures nothing is told, which headings are asked about, what may follow."""

    published_from: int
    headings: tuple[str, ...]
    possibilities: tuple[Possibility, ...]


class Said(NamedTuple):
    """One answer: a structure has a need. Several persons of it may have said so. urgent: within the year."""

    structure: str
    need: str
    urgent: bool = False


class Counted(NamedTuple):
    """How many structures have a need; None for « fewer than the limit », 0 included. urgent: among them, same rule."""

    need: str
    structures: int | None
    urgent: int | None


class Suggested(NamedTuple):
    """A possibility with the published needs that suggest it, the most shared first."""

    possibility: Possibility
    needs: tuple[Counted, ...]


class Action(NamedTuple):
    """A line of the action plan: the need it answers, and what is still to say of it. who: a structure or a person."""

    need: str
    title: str
    who: str
    due: date | None


@cache
def declared(path: Path = NEEDS_SURVEY_TOML) -> Declared:
    """Read the settings and the possibilities (domain E7)."""
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    possibilities = tuple(
        Possibility(each["code"], each["title"], each["how"], each["at_least"], tuple(each["needs"]), each["source"])
        for each in read["possibility"]
    )
    return Declared(read["published_from"], tuple(read["headings"]), possibilities)


def asked(matrix: Matrix, headings: Collection[str] | None = None) -> tuple[str, ...]:
    """The codes of the needs that a survey asks about, in the matrix's order."""
    wanted = set(declared().headings if headings is None else headings)
    return tuple(code for code, need in matrix.needs.items() if wanted & set(need.under))


def count(said: Iterable[Said], needs: Sequence[str], published_from: int | None = None) -> tuple[Counted, ...]:
    """How many structures have each need, once per structure, in the order of `needs`.

    Fewer than `published_from` are never told, 0 included, so that nothing says who did not ask. Source: domain E7.
    The urgent ones are told only when they are enough, and when those who are not urgent are none or enough too.
    """
    limit = declared().published_from if published_from is None else published_from
    having, urgent = defaultdict(set), defaultdict(set)
    for each in said:
        having[each.need].add(each.structure)
        if each.urgent:
            urgent[each.need].add(each.structure)
    return tuple(_counted(need, len(having[need]), len(urgent[need]), limit) for need in needs)


def possibilities(counted: Iterable[Counted]) -> tuple[Suggested, ...]:
    """What the published needs suggest, the most shared first; ties in the order of the file."""
    by_need = {each.need: each for each in counted if each.structures is not None}
    found = []
    for possibility in declared().possibilities:
        shared = [by_need[need] for need in possibility.needs if need in by_need]
        enough = [each for each in shared if (each.structures or 0) >= possibility.at_least]
        if enough:
            found.append(Suggested(possibility, tuple(sorted(enough, key=_most_shared))))
    return tuple(sorted(found, key=lambda each: _most_shared(each.needs[0])))


def without_action(counted: Iterable[Counted], actions: Iterable[Action]) -> tuple[str, ...]:
    """The published needs that no action answers yet, the most shared first."""
    answered = {action.need for action in actions}
    left = [each for each in counted if each.structures is not None and each.need not in answered]
    return tuple(each.need for each in sorted(left, key=_most_shared))


def unready(actions: Iterable[Action]) -> Mapping[int, tuple[str, ...]]:
    """What actions lack to be followed: place of the action → « qui », « quand »."""
    lacks = {}
    for place, action in enumerate(actions):
        missing = [word for word, there in (("qui", action.who), ("quand", action.due)) if not there]
        if missing:
            lacks[place] = tuple(missing)
    return lacks


def _counted(need: str, structures: int, urgent: int, limit: int) -> Counted:
    if structures < limit:
        return Counted(need, None, None)
    rest = structures - urgent
    told = urgent >= limit and (rest == 0 or rest >= limit)
    return Counted(need, structures, urgent if told else None)


def _most_shared(each: Counted) -> int:
    return -(each.structures or 0)

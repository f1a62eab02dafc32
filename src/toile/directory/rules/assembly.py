"""Which value of each field an organisation shows, among all that its sources said."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

HIDDEN: Final = "[ND]"
"""What SIRENE writes for a value that may not be shown (domain L7)."""


class Statement(NamedTuple):
    """One value that one record of a source gave to one field."""

    field: str
    value: Any
    """Cleaned value; None or empty when the source says nothing."""
    original: str
    """The text as it was said."""
    record: str
    """Id of the source record."""
    source: str
    """Code of the source."""
    rank: int
    """How much the source is trusted, declared by the source: the larger wins."""
    said_on: date | None = None
    """Day the source said it; None is older than any day."""
    is_own: bool = True
    """False when it was said of another organisation, judged to be the same structure."""


class Chosen(NamedTuple):
    """The value shown, the statement that gave it, and the others in the order they would come."""

    value: Any
    statement: Statement
    others: tuple[Statement, ...] = ()


def says_something(value: Any) -> bool:
    """Whether a value may be shown: not None, not empty, not blank, not `[ND]`; False and 0 are values."""
    if isinstance(value, str):
        return value != HIDDEN and value != "" and not value.isspace()
    return value is not None and value != () and value != []


def assemble(statements: Iterable[Statement], preferences: Mapping[str, str] | None = None) -> dict[str, Chosen]:
    """Choose the value of each field (design §3: own correction > curated list > SIRENE > scraped).

    The larger rank wins, then what was said of the organisation itself, then the more recent
    `said_on`, then the order of source and record, so that the order of the input never matters. A
    silent statement is never chosen; a field about which nobody says anything is absent.
    `preferences` maps a field to the record a person preferred for it: when that record says
    something, it wins over every rank.
    """
    by_field: dict[str, list[Statement]] = {}
    for statement in statements:
        said = by_field.get(statement.field)
        if said is None:
            by_field[statement.field] = [statement]
        else:
            said.append(statement)
    chosen: dict[str, Chosen] = {}
    for field, said in by_field.items():
        if len(said) == 1:
            if says_something(said[0].value):
                chosen[field] = Chosen(said[0].value, said[0])
            continue
        preferred = preferences.get(field) if preferences else None
        # Every key begins by whether the statement says something: the first is chosen or none is.
        said.sort(key=_precedence if preferred is None else _preferring(preferred))
        if says_something(said[0].value):
            chosen[field] = Chosen(said[0].value, said[0], tuple(said[1:]))
    return chosen


def _precedence(statement: Statement) -> tuple[Any, ...]:
    said_on = statement.said_on
    return (
        not says_something(statement.value),
        -statement.rank,
        not statement.is_own,
        -said_on.toordinal() if said_on is not None else 0,
        statement.source,
        statement.record,
        statement.original,
        str(statement.value),
    )


def _preferring(record: str) -> Callable[[Statement], tuple[Any, ...]]:
    """The order of precedence with one record before the others."""

    def precedence(statement: Statement) -> tuple[Any, ...]:
        silent, *rest = _precedence(statement)
        return (silent, statement.record != record, *rest)

    return precedence

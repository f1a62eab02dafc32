"""What the figures say of the ESS's contribution to a territory, and what they cannot, read from contribution.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, cast

from toile.kernel.figures import Cell, Figure

CONTRIBUTION_TOML: Final = Path(__file__).with_name("contribution.toml")

Bears = Literal["measures", "hints"]


class Asked(NamedTuple):
    """The question that the page opens with, by whom, where and when it was asked."""

    question_fr: str
    by_fr: str
    occasion_fr: str
    on: date


class Answer(NamedTuple):
    """An indicator that bears on a question. sector: of the ESS, empty for all. how_fr: what it says, and does not."""

    indicator: str
    sector: str
    bears: Bears
    how_fr: str


class Missing(NamedTuple):
    """What no indicator says: what would have to be known, and who may know it."""

    what_fr: str
    where_fr: str


class Question(NamedTuple):
    """A question of a heading: the indicators that bear on it, what is missing, or both; never neither."""

    code: str
    question_fr: str
    answers: tuple[Answer, ...]
    missing: Missing | None


class Heading(NamedTuple):
    """Emploi, financement, cohésion sociale or attractivité. asked_fr: the words it was asked in."""

    code: str
    label_fr: str
    asked_fr: tuple[str, ...]
    questions: tuple[Question, ...]


class Contribution(NamedTuple):
    """The question and its four headings."""

    asked: Asked
    headings: tuple[Heading, ...]

    def not_bearing(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Those of the indicators given that bear on no question."""
        used = {answer.indicator for h in self.headings for question in h.questions for answer in question.answers}
        return tuple(code for code in codes if code not in used)


class Told(NamedTuple):
    """A question with the figures that bear on it; a figure is None when the edition does not have it."""

    question: Question
    figures: tuple[tuple[Answer, Figure | None], ...]

    @property
    def unknown(self) -> bool:
        """Whether nothing answers it: no indicator bears on it, or none has a value here."""
        return not any(figure is not None and figure.value is not None for _, figure in self.figures)


@cache
def contribution(path: Path = CONTRIBUTION_TOML) -> Contribution:
    """Read the question and its headings, in the order they are shown."""
    read: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    asked = read["asked"]
    return Contribution(
        Asked(asked["question"], asked["by"], asked["occasion"], asked["date"]),
        tuple(
            Heading(
                heading["code"],
                heading["label"],
                tuple(heading["asked"]),
                tuple(_question(question) for question in heading["question"]),
            )
            for heading in read["heading"]
        ),
    )


def with_figures(heading: Heading, cell: Cell, figures: Mapping[tuple[str, Cell], Figure]) -> tuple[Told, ...]:
    """The questions of a heading with their figures for a place and a year.

    `figures`: those of the edition by indicator and cell; an answer about a sector is looked for in its cell.
    """
    return tuple(
        Told(
            question,
            tuple(
                (answer, figures.get((answer.indicator, cell._replace(sector=answer.sector))))
                for answer in question.answers
            ),
        )
        for question in heading.questions
    )


def _question(entry: Mapping[str, Any]) -> Question:
    missing = entry.get("missing")
    return Question(
        entry["code"],
        entry["question"],
        tuple(
            Answer(each["indicator"], each.get("sector", ""), cast(Bears, each["bears"]), each["how"])
            for each in entry.get("answer", ())
        ),
        Missing(missing["what"], missing["where"]) if missing else None,
    )

"""Every way through a procedure's branches, by the few answers on which its conditions depend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice, product
from typing import Final

from toile.kernel.errors import UserError
from toile.pathway.rules.conditions import Condition, evaluate
from toile.pathway.rules.facts import facts_declared
from toile.pathway.rules.procedure import Procedure, Question

MOST_WAYS: Final = 200_000
"""Ways looked at for one question. Ours have a dozen."""


class TooManyBranches(UserError):
    """Conditions that depend on so many answers that nobody, person or machine, can follow them."""


def depends_on(procedure: Procedure, question: Question) -> tuple[str, ...]:
    """The questions that its conditions read, themselves or by what they feed, in the order of the procedure."""
    wanted: set[str] = set()
    for condition in question.conditions:
        wanted |= sources(condition.fact)
    names = (q for q in procedure.questions if q.code in wanted or wanted.intersection(q.feeds))
    return tuple(q.code for q in names)


def sources(fact: str) -> set[str]:
    """A fact and those it is derived from; of a part, its question."""
    declared = facts_declared().get(fact)
    return {fact, fact.partition(".")[0], *(declared.sources if declared else ())}


class Branches:
    """What may be asked, found by trying every value that makes a difference to the conditions.

    A fact that conditions read has the values that they name, those around the numbers and days that they name, and
    « ne sait pas »; two facts vary apart, though answers may tie them: what is said unreachable is, what is said
    reachable is so but for such ties.
    """

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure
        self.named: dict[str, list[Condition]] = {}
        for question in procedure.questions:
            for condition in question.conditions:
                self.named.setdefault(condition.fact, []).append(condition)

    def can_be_asked(self, code: str) -> bool:
        """Whether some answers lead to this question."""
        return any(code in asked for asked in self._ways([code]))

    def always_one_of(self, codes: Iterable[str]) -> bool:
        """Whether every way asks at least one of these questions."""
        wanted = list(codes)
        return all(asked.intersection(wanted) for asked in self._ways(wanted))

    def _ways(self, codes: list[str]) -> Iterator[set[str]]:
        """For each combination of the answers that these questions depend on, the questions asked among those."""
        concerned = self._concerned(codes)
        facts = sorted({c.fact for q in concerned for c in q.conditions})
        values = [self._values(fact) for fact in facts]
        ways = product(*values)
        for way in islice(ways, MOST_WAYS):
            yield self._asked(concerned, dict(zip(facts, way, strict=True)))
        if next(ways, None) is not None:
            raise TooManyBranches(f"Les conditions de la question {codes[0]} dépendent de trop de réponses à la fois.")

    def _concerned(self, codes: list[str]) -> list[Question]:
        """These questions, and all those on which their conditions depend, in order."""
        found: set[str] = set()
        todo = list(codes)
        while todo:
            code = todo.pop()
            question = self.procedure.question(code)
            if code not in found and question is not None:
                found.add(code)
                todo += depends_on(self.procedure, question)
        return [question for question in self.procedure.questions if question.code in found]

    def _asked(self, concerned: list[Question], told: Mapping[str, object]) -> set[str]:
        asked: set[str] = set()
        known: dict[str, object] = {}
        for question in concerned:
            if evaluate(question.conditions, known).holds is not True:
                continue
            asked.add(question.code)
            own = {question.code, *question.feeds}
            known |= {fact: value for fact, value in told.items() if sources(fact) & own}
        return asked

    def _values(self, fact: str) -> list[object]:
        """The values that make a difference: those named, those around a bound, another one, and not known."""
        found: list[object] = [None]
        for condition in self.named[fact]:
            bound = condition.bound
            if isinstance(bound, tuple):
                found += bound
            elif isinstance(bound, Decimal):
                found += [str(bound - 1), str(bound), str(bound + 1)]
            elif isinstance(bound, date):
                found += [bound - timedelta(1), bound, bound + timedelta(1)]
        found += self._options(fact)
        return list(dict.fromkeys(found))

    def _options(self, fact: str) -> list[object]:
        """Every code that an answer may give of a fact; a value nobody named when there is none."""
        declared = facts_declared().get(fact)
        codes: list[object] = list(declared.values) if declared else []
        code, _, part = fact.partition(".")
        for question in self.procedure.questions:
            for each in question.parts:
                if (question.code, each.code) == (code, part) or fact in each.feeds:
                    codes += [str(option.gives.get(fact, option.code)) for option in each.options]
        return codes or ["?"]

"""What a partner, or the holder, reads of a case: the summary or all the answers, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from toile.pathway.models import Holder, Referral, ReferralState, Sharing
from toile.pathway.queries.orientation import answers_of
from toile.pathway.queries.procedures import procedure_in
from toile.pathway.rules.facts import lexicon
from toile.pathway.rules.matrix import matrix
from toile.pathway.rules.procedure import Procedure
from toile.pathway.rules.qualifying import qualify


@dataclass(frozen=True, slots=True)
class Told:
    """A project in words. lines: label, words. answers: the same of every answer, empty for a summary. people: name,
    phone and e-mail of who carries it, once the partner accepted."""

    lines: Sequence[tuple[str, str]]
    answers: Sequence[tuple[str, str]]
    people: Sequence[Holder]


def told_to(referral: Referral, sharing: Sharing, on: date) -> Told:
    """What this partner may read of the case today, as the holder agreed. 2 queries, 3 once it accepted."""
    case = referral.case
    procedure, answers = procedure_in(case.procedure), answers_of(case)
    qualified = qualify(procedure, answers, on)
    declared = matrix()
    needs = [declared.needs[need.code].title for need in qualified.needs if need.code in declared.needs]
    lines = [
        ("Commune", case.commune.name if case.commune else ""),
        ("Étape", declared.titles.get(qualified.stage, "")),
        ("Besoin auquel le projet répond", str(qualified.facts.get("need_told") or "")),
        ("Ce qu’il propose", str(qualified.facts.get("solution_told") or "")),
        ("Ce dont il a besoin", ", ".join(needs)),
    ]
    whole = sharing.what == Sharing.What.ANSWERS
    people = list(Holder.objects.filter(case=case).order_by("-is_main", "added_at")) if is_accepted(referral) else []
    return Told(lines, _answers(procedure, answers) if whole else (), people)


def is_accepted(referral: Referral) -> bool:
    """Whether the partner took the project up."""
    return referral.state == ReferralState.ACCEPTED


def _answers(procedure: Procedure, answers: Mapping[str, object]) -> list[tuple[str, str]]:
    """Every answer in words, question by question; « ne sait pas » is told as such."""
    words, found = lexicon(procedure), []
    for question in procedure.questions:
        if question.code not in answers:
            continue
        value = answers[question.code]
        if question.has_parts and isinstance(value, Mapping):
            parts = [
                f"{procedure.said(part.wording)} : {words.value(f'{question.code}.{part.code}', value.get(part.code))}"
                for part in question.parts
                if part.code in value
            ]
            told = " ; ".join(parts)
        else:
            told = words.value(question.code, value)
        found.append((procedure.said(question.short or question.wording), told))
    return found

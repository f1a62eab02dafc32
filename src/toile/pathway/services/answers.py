"""Keeping answers: two people in one file never overwrite each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from toile.kernel.acts import Actor, act
from toile.pathway.models import Answer, AnswerBy, Case
from toile.pathway.queries.communes import commune_called
from toile.pathway.queries.procedures import procedure_in
from toile.pathway.rules.answers import MISSING, Conflict, merge
from toile.pathway.rules.facts import Answers
from toile.pathway.rules.procedure import Procedure
from toile.pathway.rules.qualifying import qualify
from toile.pathway.services.cases import touch


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of answers sent together. answers: all those kept now; conflicts: the questions to settle."""

    answers: dict[str, object]
    conflicts: tuple[Conflict, ...]


def save_answers(actor: Actor, case: Case, base: Answers, mine: Answers, *, by: AnswerBy, person: UUID | None) -> Saved:
    """Keep answers to some questions, merged with what another kept since. Who calls has checked who may.

    base: what was read of these questions when the page was drawn; mine: what is sent (a missing one is taken away).
    A question that two people answered otherwise keeps the first kept, and comes back in `conflicts` with both.
    """
    with act(actor):
        # The case's row is the lock: two hands follow each other, and each then sees what the other kept.
        locked = Case.objects.select_for_update(of=("self",)).select_related("procedure").get(pk=case.pk)
        rows = {row.code: row for row in Answer.objects.filter(case=case)}
        asked = {code: rows[code].value for code in (set(base) | set(mine)) & set(rows)}
        mended = {code: _read_by_me(rows.get(code), base.get(code, MISSING), by, person) for code in {*base, *mine}}
        told = {code: value for code, value in mended.items() if value is not MISSING}
        merged = merge(told, mine, asked)
        kept = {code: row.value for code, row in rows.items() if code not in asked} | merged.answers
        if _write(case, rows, asked, merged.answers, by, person):
            touch(case)
            _requalify(locked, kept)
    return Saved(kept, merged.conflicts)


def _read_by_me(row: Answer | None, read: object, by: AnswerBy, person: UUID | None) -> object:
    """What I had read of an answer: what I wrote myself since, from another page of mine, was read by me too."""
    is_mine = row is not None and person is not None and (row.by, row.person) == (by, person)
    return row.value if is_mine and row is not None else read


def _write(
    case: Case,
    rows: Mapping[str, Answer],
    before: Mapping[str, object],
    after: Mapping[str, object],
    by: AnswerBy,
    person: UUID | None,
) -> bool:
    """Whether anything changed."""
    gone = [code for code in before if code not in after]
    changed = [code for code in after if code not in before or before[code] != after[code]]
    Answer.objects.filter(case=case, code__in=gone).delete()
    now = timezone.now()
    for code in changed:
        said: dict[str, Any] = {"value": after[code], "by": by, "person": person, "at": now}
        if code in rows:
            Answer.objects.filter(pk=rows[code].pk).update(version=rows[code].version + 1, **said)
        else:
            Answer.objects.create(case=case, code=code, **said)
    return bool(gone or changed)


def _requalify(case: Case, answers: Answers) -> None:
    """What the case itself says of its answers; once its reception is concluded, people decide its path and stage."""
    Case.objects.filter(pk=case.pk).update(**said_of(case, procedure_in(case.procedure), answers))


def said_of(case: Case, procedure: Procedure, answers: Answers) -> dict[str, Any]:
    """The columns of a case that follow from its answers."""
    found = qualify(procedure, answers, timezone.localdate())
    deadline, commune = found.facts.get("deadline"), commune_called(found.facts.get("commune"))
    said: dict[str, Any] = {
        "nature": found.nature[:20],
        "urgent_on": date.fromisoformat(deadline) if isinstance(deadline, str) else None,
        "commune": commune or case.commune_id,
    }
    if case.concluded_at is None:
        said |= {"path": found.path, "stage": found.stage, "needs": [need.code for need in found.needs]}
    return said

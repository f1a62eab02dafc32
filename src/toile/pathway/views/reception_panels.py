"""What the reception shows on a case's first page, and who reads its answers."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from toile.kernel.readers import Reader
from toile.pathway.models import Case, CaseState, Sharing
from toile.pathway.queries.cases import works_here
from toile.pathway.queries.people import is_holder
from toile.pathway.queries.reception import interview_of, twins_of
from toile.pathway.services.links import token_of


def reads_answers(reader: Reader, case: Case) -> bool:
    """Whether the reader finds the summary: the door, the holder, and a partner while a sharing lives. 2 queries."""
    if works_here(reader, case) or is_holder(reader, case):
        return True
    living = Sharing.objects.living(timezone.now())
    return bool(reader.organisations) and living.filter(case=case, partner__in=reader.organisations).exists()


def reception(reader: Reader, case: Case) -> dict[str, Any] | None:
    """How far the interview is, and what to do next, for the door and for its holder. 2 queries."""
    here = works_here(reader, case)
    if case.state not in (CaseState.BEGUN, *CaseState.living()) or not (here or is_holder(reader, case)):
        return None
    now = interview_of(case, timezone.localdate())
    return {
        "progress": now.progress,
        "contradictions": now.contradictions,
        "is_sent": case.state == CaseState.SENT,
        "token": "" if here else token_of(case),
    }


def twins(reader: Reader, case: Case) -> dict[str, Any] | None:
    """The cases that may be this one too, without a word of them. 2 queries."""
    if not works_here(reader, case) or case.state not in CaseState.living():
        return None
    found = twins_of(case)
    return {"twins": found} if found else None

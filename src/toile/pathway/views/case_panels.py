"""What the first page of a case shows: the next step, who carries it, who follows it, what was noted, its thread."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel.readers import Reader
from toile.pathway.forms.cases import CloseForm, HandOverForm, NextStepForm, NoteForm
from toile.pathway.models import Case, CaseState, Holder, Note
from toile.pathway.queries.cases import works_here
from toile.pathway.queries.people import is_holder, names_of, reads_as_partner, who_may_act
from toile.thread.queries import timeline

MOST_NOTES = 20
MOST_FACTS = 12


def next_step(reader: Reader, case: Case) -> dict[str, Any] | None:
    """What comes next, when and by whom; for the people of the door, the form that says it. 3 queries at most.

    Not for a partner: nobody agreed to share it.
    """
    if case.state not in CaseState.living() or reads_as_partner(reader, case):
        return None
    choices = who_may_act(case) if works_here(reader, case) else []
    who = (
        names_of([case.next_step_by])[case.next_step_by] if case.next_step_by else _("la personne qui porte le projet")
    )
    return {
        "words": case.next_step,
        "on": case.next_step_on,
        "is_late": bool(case.next_step_on and case.next_step_on < timezone.localdate()),
        "who": who,
        "form": NextStepForm(initial=step_of(case), advisers=choices, auto_id="suite_%s") if choices else None,
    }


def step_of(case: Case) -> dict[str, Any]:
    """The next step as its form holds it."""
    on: date | None = case.next_step_on
    return {
        "words": case.next_step,
        "before": case.next_step,
        "on": on,
        "by": str(case.next_step_by or "") if case.next_step else str(case.adviser or ""),
    }


def following(reader: Reader, case: Case) -> dict[str, Any] | None:
    """Who follows the case; for the people of the door, taking it or handing it over. 3 queries at most."""
    if case.door is None or case.state not in CaseState.living():
        return None
    here = works_here(reader, case)
    others = [one for one in who_may_act(case) if one[0] != case.adviser] if here and case.adviser else []
    return {
        "name": names_of([case.adviser])[case.adviser] if case.adviser else "",
        "is_me": case.adviser is not None and case.adviser == reader.person,
        "here": here,
        "form": HandOverForm(others=others, auto_id="relais_%s") if others else None,
        "close": CloseForm(auto_id="fin_%s") if here and case.state == CaseState.OPEN else None,
    }


def carried_by(reader: Reader, case: Case) -> dict[str, Any] | None:
    """Who carries the project, and how to reach them: the people of the door, and themselves. 1 query."""
    several = list(Holder.objects.filter(case=case).order_by("-is_main", "added_at", "pk"))
    here = works_here(reader, case)
    if not here and not (reader.is_signed_in and reader.person in {one.person for one in several}):
        return None
    return {"holders": several, "here": here}


def noted(reader: Reader, case: Case) -> dict[str, Any] | None:
    """What the people of the door wrote, the latest first; its holder is told how many there are. 3 queries."""
    if works_here(reader, case):
        several = list(Note.objects.filter(case=case)[: MOST_NOTES + 1])
        names = names_of({note.written_by for note in several if note.written_by})
        return {
            "notes": [
                (note, names.get(note.written_by, _("une personne")) if note.written_by else _("une personne"))
                for note in several[:MOST_NOTES]
            ],
            "more": len(several) > MOST_NOTES,
            "count": 0,
            "form": NoteForm(auto_id="note_%s") if case.state in CaseState.living() else None,
        }
    if is_holder(reader, case) and (count := Note.objects.filter(case=case).count()):
        return {"count": count, "notes": [], "more": False, "form": None}
    return None


def told(reader: Reader, case: Case) -> dict[str, Any] | None:
    """The newest facts of the project that this reader may read. 2 queries and 1 for each naming room."""
    if case.organisation is None:
        return None
    entries = timeline(reader, [case.organisation.pk], limit=MOST_FACTS)
    opened = case.organisation.get_absolute_url() if entries else ""
    return {"entries": entries, "url": opened} if entries else None

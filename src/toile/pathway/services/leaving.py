"""An adviser leaves a door: what they follow is handed over, all or some, with a note; nothing is lost."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.kernel.errors import UserError
from toile.kernel.readers import Reader
from toile.pathway.models import Availability, Case, CaseState, Door, Followed, Visit
from toile.pathway.queries.cases import advisers_of
from toile.pathway.queries.leaving import followed_cases, followed_firms, leads_taken
from toile.pathway.services.cases import hand_over
from toile.pathway.services.doors import require_at

TOGETHER: Final = 50
"""Files in one act: each has its note and its fact, and another writer waits for less than a second."""


class HandedOver(NamedTuple):
    """How many files and firms changed hands."""

    cases: int
    firms: int


def hand_all(
    actor: Actor,
    reader: Reader,
    door: Door,
    person: UUID,
    to: UUID,
    words: str,
    *,
    cases: Collection[UUID] | None = None,
    firms: Collection[UUID] | None = None,
) -> HandedOver:
    """Give to another adviser of the door what somebody follows, with a note on each file.

    cases, firms: those chosen; None for all of them. Steps to come of these files, calls begun and visits fixed go with
    them. Safe twice: what was given is no longer theirs. Raises `UserError` for a person who does not receive here.
    """
    require_at(reader, door)
    team = advisers_of(door)
    if to not in team or to == person:
        raise UserError(_("Choisissez quelqu’un d’autre, qui reçoit à cette porte."))
    if not words.strip():
        raise UserError(_("Dites en une phrase ce qu’il faut savoir : c’est ce que lira la personne qui reprend."))
    theirs = followed_cases(door, person).select_related("door")
    given = list(theirs if cases is None else theirs.filter(pk__in=cases))
    for start in range(0, len(given), TOGETHER):
        _give(actor, reader, given[start : start + TOGETHER], person, to, team, words)
    with act(actor):
        rows = followed_firms(door, person)
        chosen = [firm.pk for firm in (rows if firms is None else rows.filter(pk__in=firms))]
        Followed.objects.filter(pk__in=chosen).update(adviser=to)
        to_come = Visit.objects.filter(followed__in=chosen, adviser=person, done_at__isnull=True, dropped=False)
        to_come.filter(fixed=True).update(adviser=to)
        to_come.filter(fixed=False).delete()
        if cases is None:
            leads_taken(door, person).update(taken_by=to)
        if person not in team:
            Availability.objects.filter(door=door, person=person).delete()
    return HandedOver(len(given), len(chosen))


def _give(
    actor: Actor, reader: Reader, cases: Sequence[Case], person: UUID, to: UUID, team: Sequence[UUID], words: str
) -> None:
    """Some files: living ones with their note and their fact, ended ones without waking them."""
    living = [case for case in cases if case.state in CaseState.living()]
    ended = [case.pk for case in cases if case.state not in CaseState.living()]
    with act(actor):
        hand_over(actor, reader, living, to, team, words)
        Case.objects.filter(pk__in=[case.pk for case in living], next_step_by=person).update(next_step_by=to)
        Case.objects.filter(pk__in=ended).update(adviser=to)

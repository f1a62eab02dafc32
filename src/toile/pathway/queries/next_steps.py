"""Whether something is planned in each file: read for many files at once, with what the parts of the room add."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from toile.kernel.readers import Reader
from toile.pathway.models import Case, CaseState, Referral, ReferralState
from toile.pathway.models.cases import Cases
from toile.pathway.rules.delays import call_by, delays
from toile.pathway.rules.next_step import Pending, Step, next_step

MOST: Final = 5_000
Source = Callable[[Sequence[UUID]], Mapping[UUID, Sequence[Pending]]]

SOURCES: list[Source] = []
"""Other parts of the room append theirs: cases → what is to happen in each, in a number of queries that does not depend
on how many they are."""


def steps_of(cases: Sequence[Case], on: date) -> dict[UUID, Step | None]:
    """The next step of each case, None when there is none. 1 query, and those of SOURCES."""
    keys = [case.pk for case in cases]
    pending: dict[UUID, list[Pending]] = {case.pk: _own(case) for case in cases}
    for key, found in _of_referrals(keys, on).items():
        pending[key] += found
    for source in SOURCES:
        for key, more in source(keys).items():
            if key in pending:
                pending[key] += more
    return {key: next_step(found, on) for key, found in pending.items()}


def without_next_step(reader: Reader, on: date) -> list[Case]:
    """The living files of the reader's doors where nothing is planned, the longest without contact first. 2 queries."""
    rows = _living(Case.objects.filter(door__organisation__in=reader.organisations))
    cases = list(rows.select_related("door", "organisation", "commune").order_by("last_contact_at", "pk")[:MOST])
    steps = steps_of(cases, on)
    return [case for case in cases if steps[case.pk] is None]


def count_without_next_step(on: date) -> tuple[int, int]:
    """Of all the doors, for the team: how many living files have no next step, and how many there are. 2 queries."""
    cases = list(_living(Case.objects.all()).order_by("pk")[:MOST])
    steps = steps_of(cases, on)
    return sum(step is None for step in steps.values()), len(cases)


def _living(rows: Cases) -> Cases:
    return rows.filter(state__in=CaseState.living())


def _own(case: Case) -> list[Pending]:
    """What the case itself says: a step written by hand; sent, its door is to receive it."""
    found = []
    if case.state == CaseState.SENT and case.sent_at is not None:
        days = case.door.callback_days if case.door else delays().callback
        found.append(Pending("call", _("la porte reçoit la personne"), call_by(case.sent_at, days)))
    if case.next_step:
        found.append(Pending("planned", case.next_step, case.next_step_on))
    return found


def _of_referrals(keys: Sequence[UUID], on: date) -> dict[UUID, list[Pending]]:
    """An answer awaited from a partner, a question to reply to, a meeting to come with one that accepted."""
    waiting = Q(state__in=ReferralState.waiting()) | Q(state=ReferralState.ACCEPTED, meeting_on__gte=on)
    rows = Referral.objects.filter(waiting, case__in=keys).order_by("due_on", "pk")
    found: dict[UUID, list[Pending]] = {}
    for case, state, name, due, meeting in rows.values_list(
        "case", "state", "partner__canonical__name", "due_on", "meeting_on"
    ):
        words = {"name": name}
        if state == ReferralState.ACCEPTED:
            one = Pending("meeting", _("rendez-vous avec %(name)s") % words, meeting)
        elif state == ReferralState.ASKED:
            one = Pending("question", _("la porte répond à la question de %(name)s") % words, due)
        else:
            one = Pending("referral", _("%(name)s répond à la demande") % words, due)
        found.setdefault(case, []).append(one)
    return found

"""Calculations kept with a case: their inputs only, checked by the rules; two people never overwrite each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, UserError
from toile.kernel.readers import Reader
from toile.pathway.facts.stages import WORKSHEET_KEPT, WORKSHEET_REMOVED, KeptFact
from toile.pathway.models import Case, Worksheet
from toile.pathway.rules.finance import refuse_unbalanced
from toile.pathway.rules.finance_case import read_activity, read_plan, write_activity, write_plan
from toile.pathway.rules.takeover_case import read_calendar, solve_calendar, write_calendar
from toile.pathway.services.cases import about, touch
from toile.pathway.services.stages import require_walking
from toile.thread.services import record

MOST: Final = 50


def _finance(data: Mapping[str, Any]) -> dict[str, Any]:
    plan = read_plan(data)
    refuse_unbalanced(plan)
    return write_plan(plan)


def _takeover(data: Mapping[str, Any]) -> dict[str, Any]:
    calendar = read_calendar(data)
    # A date that no rule knows is refused now, not when somebody opens the page.
    solve_calendar(calendar, timezone.localdate())
    return write_calendar(calendar)


CHECKED: Final[Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]]] = {
    Worksheet.Kind.FINANCE: _finance,
    Worksheet.Kind.ACTIVITY: lambda data: write_activity(read_activity(data)),
    Worksheet.Kind.TAKEOVER: _takeover,
}
"""The inputs of each kind in their one form. Raise `BadCase`, `Unbalanced`, `TooOld`."""


def keep(
    actor: Actor,
    reader: Reader,
    case: Case,
    kind: str,
    title: str,
    data: Mapping[str, Any],
    *,
    over: Worksheet | None = None,
) -> Worksheet:
    """Keep a calculation with a case. over: the one that the person had opened, at its revision.

    Raises `Conflict` when another wrote since, and what the rules refuse: an opening plan that is not balanced.
    """
    require_walking(reader, case)
    checked = CHECKED[kind](data)
    now = timezone.now()
    with act(actor):
        if over is None:
            if Worksheet.objects.filter(case=case).count() >= MOST:
                raise UserError(_("Ce dossier a déjà 50 calculs : retirez ceux qui ne servent plus."))
            kept = Worksheet.objects.create(
                case=case, kind=kind, title=title.strip(), data=checked, changed_by=reader.person
            )
        else:
            written = Worksheet.objects.filter(pk=over.pk, case=case, kind=kind, revision=over.revision).update(
                title=title.strip(), data=checked, changed_at=now, changed_by=reader.person, revision=over.revision + 1
            )
            if not written:
                raise Conflict(_("Une autre personne a gardé ce calcul depuis que vous l’avez ouvert : comparez."))
            kept = Worksheet.objects.get(pk=over.pk)
        touch(case)
        record(WORKSHEET_KEPT, about=about(case), data=KeptFact(str(case.pk), str(kept.pk)))
    return kept


def remove_worksheet(actor: Actor, reader: Reader, worksheet: Worksheet) -> None:
    """Take a calculation away."""
    case = worksheet.case
    require_walking(reader, case)
    with act(actor):
        record(WORKSHEET_REMOVED, about=about(case), data=KeptFact(str(case.pk), str(worksheet.pk)))
        worksheet.delete()
        touch(case)

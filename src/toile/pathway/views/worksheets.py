"""The calculations of a case: financing plan, activity model, takeover calendar; computed at once, kept if asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, NotVisible, UserError
from toile.pathway.forms.activity import ActivityForm
from toile.pathway.forms.finance import FinanceForm
from toile.pathway.forms.takeover import TakeoverForm
from toile.pathway.models import Case, Worksheet
from toile.pathway.queries.people import names_of
from toile.pathway.queries.stages import worksheets_of
from toile.pathway.rules.activity import model
from toile.pathway.rules.finance import compute
from toile.pathway.rules.finance_case import read_activity, read_plan
from toile.pathway.rules.finance_lines import KIND_WORDS, finance_lines
from toile.pathway.rules.legal_dates import cooperative_law
from toile.pathway.rules.takeover_case import read_calendar, solve_calendar
from toile.pathway.rules.takeover_law import takeover_law
from toile.pathway.services import worksheets as services
from toile.pathway.views.cases import TRAIL, shown
from toile.pathway.views.stages import walked


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of calculation: its form, its page, and what the page shows of a case."""

    form: Any
    template: str
    results: Callable[[Mapping[str, Any]], dict[str, Any]]
    kept: Any


def _finance(case: Mapping[str, Any]) -> dict[str, Any]:
    known = finance_lines()
    plan = read_plan(case)
    result = compute(plan)
    names = {code: _(line.label_fr) for code, line in known.resources.items()}
    lines = [(line.label or names[line.code], line.amount, None) for line in plan.resources]
    lines += [(loan.label or names[loan.code], loan.amount, loan) for loan in plan.loans if not loan.year]
    return {
        "result": result,
        "needs": [(line.label or _(known.needs[line.code].label_fr), line.amount) for line in plan.needs],
        "resources": lines,
        "kinds": [(_(KIND_WORDS[kind]), amount) for kind, amount in result.opening.by_kind.items()],
        "thresholds": known.thresholds,
        "stress_percent": int(known.thresholds.stress * 100),
        "schedules": [(names[loan.code], loan, instalments) for loan, instalments in result.schedules],
    }


def _activity(case: Mapping[str, Any]) -> dict[str, Any]:
    return {"years": model(read_activity(case))}


def _takeover(case: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "solved": solve_calendar(read_calendar(case), timezone.localdate()),
        "law": takeover_law(),
        "today": timezone.localdate(),
        "cooperative": cooperative_law(),
    }


KINDS: Final[Mapping[str, Kind]] = {
    Worksheet.Kind.FINANCE: Kind(
        FinanceForm, "pathway/stages/finance.html", _finance, gettext_lazy("Le plan est gardé : il est équilibré.")
    ),
    Worksheet.Kind.ACTIVITY: Kind(
        ActivityForm, "pathway/stages/activity.html", _activity, gettext_lazy("Le modèle est gardé.")
    ),
    Worksheet.Kind.TAKEOVER: Kind(
        TakeoverForm, "pathway/stages/takeover.html", _takeover, gettext_lazy("Le calendrier est gardé.")
    ),
}


def worksheets(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/dossiers/<id>/calculs/`: those kept with the case, and the three that can be begun."""
    case = walked(request, pk)
    kept = worksheets_of(case)
    names = names_of({one.changed_by for one in kept if one.changed_by})
    context = shown(request.reader, case, "pathway:worksheets") | {
        "trail": [*TRAIL, (str(case), reverse("pathway:case", args=[case.pk]))],
        "worksheets": [(one, names.get(one.changed_by, "")) for one in kept],
        "is_open": case.state == "open",
    }
    return render(request, "pathway/stages/worksheets.html", context)


def worksheet_new(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """`/parcours/dossiers/<id>/calculs/nouveau/<kind>/`: begun here, kept when it is asked."""
    case = walked(request, pk)
    if kind not in KINDS:
        raise NotVisible(_("Ce calcul n’existe pas."))
    return _page(request, case, kind, None)


def worksheet(request: HttpRequest, pk: UUID, worksheet: UUID) -> HttpResponse:
    """`/parcours/dossiers/<id>/calculs/<id>/`: kept, shown with its results, changed."""
    case = walked(request, pk)
    found = _of(case, worksheet)
    return _page(request, case, found.kind, found)


@require_POST
def worksheet_remove(request: HttpRequest, pk: UUID, worksheet: UUID) -> HttpResponse:
    """`/parcours/dossiers/<id>/calculs/<id>/retirer/`."""
    case = walked(request, pk)
    services.remove_worksheet(Actor.of(request.reader), request.reader, _of(case, worksheet))
    messages.success(request, _("Le calcul est retiré du dossier."))
    return redirect("pathway:worksheets", pk=case.pk)


def _page(request: HttpRequest, case: Case, kind: str, kept: Worksheet | None) -> HttpResponse:
    """The form and its results. « Calculer » keeps nothing; « Garder » keeps or says why not; nothing typed is lost."""
    of_kind = KINDS[kind]
    initial = of_kind.form.initial_of(kept.title, kept.data, kept.revision) if kept else None
    form = of_kind.form(request.POST or None, initial=initial)
    data, status = (kept.data if kept else None), 200
    if request.method == "POST":
        data = form.case() if form.is_valid() else None
        status = 200 if form.is_valid() else 422
        if data is not None and request.POST.get("act") == "keep":
            try:
                done = _keep(request, case, kind, kept, form, data)
            except UserError as refused:
                form.add_error(None, refused.message)
                status = 409 if isinstance(refused, Conflict) else 422
            else:
                messages.success(request, str(of_kind.kept))
                return redirect("pathway:worksheet", pk=case.pk, worksheet=done.pk)
    results: dict[str, Any] = {}
    if data is not None:
        try:
            results = of_kind.results(data)
        except UserError as refused:
            form.add_error(None, refused.message)
            status = 422
    context = shown(request.reader, case, "pathway:worksheets") | {
        "trail": [
            *TRAIL,
            (str(case), reverse("pathway:case", args=[case.pk])),
            (_("Calculs"), reverse("pathway:worksheets", args=[case.pk])),
        ],
        "heading": kept.title if kept else str(Worksheet.Kind(kind).label).capitalize(),
        "worksheet": kept,
        "form": form,
        "has_results": bool(results),
        "is_open": case.state == "open",
    }
    return render(request, of_kind.template, context | results, status=status)


def _keep(
    request: HttpRequest, case: Case, kind: str, kept: Worksheet | None, form: Any, data: Mapping[str, Any]
) -> Worksheet:
    if kept is not None:
        # The revision that the person had under their eyes, not the one read now.
        kept.revision = form.cleaned_data.get("revision") or 0
    title = form.cleaned_data["title"]
    return services.keep(Actor.of(request.reader), request.reader, case, kind, title, data, over=kept)


def _of(case: Case, worksheet: UUID) -> Worksheet:
    found = Worksheet.objects.filter(case=case, pk=worksheet).first()
    if found is None:
        raise NotVisible(_("Ce calcul n’est pas, ou plus, dans ce dossier."))
    found.case = case
    return found

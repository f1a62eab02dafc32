"""The officer's workbench: editions begun, computed, read again, published, corrected; panoramas of others kept."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from toile.kernel.acts import Actor
from toile.kernel.errors import UserError
from toile.kernel.permissions import get_for
from toile.panorama.forms import ErratumForm, TerritoryForm, territory_initial
from toile.panorama.forms_theirs import TheirsForm
from toile.panorama.models import Edition, EditionState
from toile.panorama.permissions import BUILD, PUBLISH
from toile.panorama.queries import workbench as queries
from toile.panorama.queries.naming import territory_names
from toile.panorama.queries.reviewing import review_of
from toile.panorama.services import building, editions, publishing, theirs
from toile.panorama.services.editions import YearTaken
from toile.panorama.services.publishing import CorrectionUnderWay
from toile.panorama.views.workbench_shown import changed, to_look_at
from toile.territory.queries import commune_names

Trail = list[tuple[str, str]]
SHEET: Final = "a4:"
"""How the keys of the communes' A4 begin."""
MOST_OUTPUTS: Final = 500


def trail_to(edition: Edition | None = None) -> Trail:
    """The path to a page of the workbench, or of one edition in it."""
    trail: Trail = [(_("Préparer le panorama"), reverse("panorama:workbench"))]
    if edition is not None:
        trail.append((edition.title, reverse("panorama:edition_work", args=[edition.pk])))
    return trail


def edition_of(request: HttpRequest, pk: UUID, *, to: str = BUILD.code) -> Edition:
    """The edition of this address, for who may do `to`."""
    found: Edition = get_for(request.reader, Edition.objects.select_related("replaces"), to=to, pk=pk)
    return found


def workbench(request: HttpRequest) -> HttpResponse:
    """`/panorama/atelier/`: what is being prepared, what is published, the files at hand."""
    context = {"work": queries.work_of(request.reader), "trail": None, "here": _("Préparer le panorama")}
    return render(request, "panorama/workbench/workbench.html", context)


def edition_new(request: HttpRequest) -> HttpResponse:
    """`/panorama/atelier/nouvelle/`: of what, when, beside what; nothing is computed yet."""
    form = _territory_form(request, None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = editions.prepare(
                Actor.of(request.reader),
                request.reader,
                perimeter=said["perimeter"],
                year=said["year"],
                compared=form.codes,
            )
        except YearTaken as taken:
            messages.warning(request, taken.message)
            return redirect("panorama:edition_work", pk=taken.edition)
        except UserError as refused:
            form.add_error(None, refused.message)
        else:
            return redirect("panorama:edition_sources", pk=made.pk)
    context = {"form": form, "edition": None, "trail": trail_to(), "here": _("Nouvelle édition")}
    return render(request, "panorama/workbench/territory.html", context, status=422 if form.errors else 200)


def edition_territory(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/panorama/atelier/<id>/territoire/`: the same, for an edition in preparation."""
    edition = edition_of(request, pk)
    form = _territory_form(request, edition)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actor = Actor.of(request.reader)
        try:
            editions.set_up(
                actor,
                request.reader,
                edition,
                perimeter=said["perimeter"],
                year=said["year"],
                compared=form.codes,
            )
        except UserError as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("C’est enregistré. Si des chiffres étaient calculés, ils sont à refaire."))
            return redirect("panorama:edition_work", pk=edition.pk)
    context = {"form": form, "edition": edition, "trail": trail_to(edition), "here": _("Territoire et année")}
    return render(request, "panorama/workbench/territory.html", context, status=422 if form.errors else 200)


def _territory_form(request: HttpRequest, edition: Edition | None) -> TerritoryForm:
    perimeters, beside = queries.perimeter_choices(), queries.comparison_choices()
    if edition is not None and edition.perimeter not in {code for _group, rows in perimeters for code, _name in rows}:
        perimeters.append(("perimeters", [(edition.perimeter, edition.perimeter_name)]))
    first = perimeters[0][1][0][0] if perimeters and perimeters[0][1] else ""
    known = [code for code, _name in beside]
    initial = territory_initial(edition, first, queries.compared_last(first), known)
    return TerritoryForm(request.POST or None, perimeters=perimeters, beside=beside, initial=initial)


def edition_work(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/panorama/atelier/<id>/`: where an edition is: its sources, its computing, what is left to do."""
    edition = edition_of(request, pk)
    if edition.kind == Edition.Kind.THEIRS:
        return redirect("panorama:edition", pk=edition.pk)
    sources = list(edition.sources.order_by("kind", "title", "id"))
    computing = queries.computing_of(edition)
    context = {
        "edition": edition,
        "sources": sources,
        "impossible": queries.impossible_from(sources),
        "is_reading": queries.is_reading(sources),
        "computing": computing,
        "is_mine": computing.job is not None and computing.job.actor == request.reader.person,
        "is_public": edition.state in EditionState.public(),
        "compared": list(territory_names(edition.compared).values()),
        "notes_count": edition.notes.count(),
        "trail": trail_to(),
        "here": edition.title,
    }
    return render(request, "panorama/workbench/edition.html", context)


@require_POST
def edition_build(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/panorama/atelier/<id>/calculer/`: have a job compute the figures; its page follows it."""
    edition = edition_of(request, pk)
    try:
        building.build(Actor.of(request.reader), request.reader, edition)
    except UserError as refused:
        messages.error(request, refused.message)
    return redirect("panorama:edition_work", pk=edition.pk)


def edition_review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/panorama/atelier/<id>/relire/`: what changed, what jumped, what is hidden, before it is published."""
    edition = edition_of(request, pk)
    if edition.state != EditionState.BUILT:
        return redirect("panorama:edition_work", pk=edition.pk)
    found = review_of(edition)
    communes = commune_names({warning.where.commune for warning in found.warnings})
    outputs = list(edition.outputs.all()[:MOST_OUTPUTS])
    context = {
        "edition": edition,
        "review": found,
        "warnings": [to_look_at(warning, edition, communes) for warning in found.warnings],
        "changes": [changed(change) for change in found.changes],
        "notes": queries.notes_of(edition),
        "outputs": [one for one in outputs if not one.key.startswith(SHEET)],
        "sheets": [one for one in outputs if one.key.startswith(SHEET)],
        "trail": trail_to(edition),
        "here": _("Relire"),
    }
    return render(request, "panorama/workbench/review.html", context)


def edition_publish(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/panorama/atelier/<id>/publier/`: what publishing does, then does it."""
    edition = edition_of(request, pk, to=PUBLISH.code)
    refused = ""
    if request.method == "POST":
        revision = request.POST.get("revision", "")
        try:
            publishing.publish(
                Actor.of(request.reader),
                request.reader,
                edition,
                revision=int(revision) if revision.isdecimal() else None,
            )
        except UserError as error:
            refused = error.message
            edition.refresh_from_db()
        else:
            messages.success(request, _("C’est publié. Les documents à imprimer sont prêts dans quelques minutes."))
            return redirect("panorama:edition", pk=edition.pk)
    elif edition.state != EditionState.BUILT:
        return redirect("panorama:edition_work", pk=edition.pk)
    context: dict[str, Any] = {"edition": edition, "refused": refused, "trail": trail_to(edition), "here": _("Publier")}
    return render(request, "panorama/workbench/publish.html", context, status=409 if refused else 200)


def edition_correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/panorama/atelier/<id>/corriger/`: why, then another version is begun; readers see nothing of it yet."""
    edition = edition_of(request, pk)
    form = ErratumForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor = Actor.of(request.reader)
        try:
            made = publishing.correct(actor, request.reader, edition, erratum=form.cleaned_data["erratum"])
        except CorrectionUnderWay as under_way:
            messages.warning(request, under_way.message)
            return redirect("panorama:edition_work", pk=under_way.edition.pk)
        except UserError as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("La correction est commencée. L’édition en ligne ne change pas encore."))
            return redirect("panorama:edition_work", pk=made.pk)
    context = {"form": form, "edition": edition, "trail": trail_to(edition), "here": _("Corriger")}
    return render(request, "panorama/workbench/correct.html", context, status=422 if form.errors else 200)


@require_POST
def edition_abandon(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/panorama/atelier/<id>/abandonner/`: the edition in preparation is deleted; its sources stay."""
    edition = edition_of(request, pk)
    try:
        editions.abandon(Actor.of(request.reader), request.reader, edition)
    except UserError as refused:
        messages.error(request, refused.message)
        return redirect("panorama:edition_work", pk=edition.pk)
    messages.success(request, _("L’édition est abandonnée. Les fichiers reçus restent."))
    return redirect("panorama:workbench")


def theirs_new(request: HttpRequest) -> HttpResponse:
    """`/panorama/atelier/publie/`: a panorama that others published, copied as they said it."""
    return _theirs_written(request, None)


def theirs_correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/panorama/atelier/<id>/recopier/`: copied again, with an erratum; the wrong copy stays readable."""
    return _theirs_written(request, edition_of(request, pk, to=PUBLISH.code))


def _theirs_written(request: HttpRequest, wrong: Edition | None) -> HttpResponse:
    initial = _theirs_initial(wrong) if wrong else {}
    form = TheirsForm(request.POST or None, initial=initial)
    erratum = ErratumForm(request.POST or None) if wrong else None
    is_whole = request.method == "POST" and form.is_valid() and (erratum is None or erratum.is_valid())
    if is_whole:
        why = erratum.cleaned_data["erratum"] if erratum else ""
        try:
            kept = theirs.keep(Actor.of(request.reader), request.reader, form.theirs, replaces=wrong, erratum=why)
        except UserError as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("Ces chiffres sont gardés comme ils ont été publiés, et chacun peut les lire."))
            return redirect("panorama:edition", pk=kept.pk)
    here = _("Recopier un panorama publié") if wrong else _("Ajouter un panorama publié")
    context = {"form": form, "erratum": erratum, "wrong": wrong, "trail": trail_to(), "here": here}
    is_refused = form.errors or (erratum is not None and erratum.errors)
    return render(request, "panorama/workbench/theirs.html", context, status=422 if is_refused else 200)


def _theirs_initial(wrong: Edition) -> dict[str, Any]:
    said = {name: getattr(wrong, name, "") for name in TheirsForm.base_fields}
    said["contradictions"] = "\n".join(wrong.contradictions)
    said["licence"] = wrong.said_of_sources[0]["licence"] if wrong.said_of_sources else ""
    for indicator, value in wrong.values.filter(commune="", family="", sector="", size="").values_list(
        "indicator", "value"
    ):
        said[indicator] = "" if value is None else f"{value.normalize():f}".replace(".", ",")
    return said

"""The pages of the territory: its communes, its perimeters, and the form that draws one."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict
from toile.kernel.permissions import get_for, holds
from toile.thread.queries import timeline

from . import queries
from .forms import PerimeterForm
from .geometry import BadPolygon
from .models import Commune, Perimeter
from .permissions import SAVE_PERIMETER
from .services import save_perimeter
from .services.perimeters import PerimeterRefused


@dataclass(frozen=True, slots=True)
class Line:
    """A commune in the list: what is counted there, and the page that lists it."""

    commune: Commune
    count: int | None
    url: str | None


def communes(request: HttpRequest) -> HttpResponse:
    """The communes of the territory, on a map and in a table."""
    home = queries.home()
    found = queries.communes_of_home() if home else []
    counter = queries.commune_counter()
    counts = counter.count(request.reader, [commune.code for commune in found]) if counter else {}
    url = counter.url if counter else None
    lines = [
        Line(commune, counts.get(commune.code, 0), url(commune.code) if url and counts.get(commune.code) else None)
        for commune in found
    ]
    context = {
        "home": home,
        "communes": found,
        "lines": lines,
        "counter": counter,
        "map": queries.commune_map(counts if counter else None, communes=found, url=url, table=False)
        if found
        else None,
        "perimeters": queries.perimeters() if home else [],
        "vintage": home.epci.vintage if home else "",
    }
    return render(request, "territory/communes.html", context)


def perimeters(request: HttpRequest) -> HttpResponse:
    """All the perimeters, their other names, and what they are made of."""
    context = {
        "perimeters": queries.perimeters(),
        "may_save": holds(request.reader, SAVE_PERIMETER.code),
        "trail": _trail(),
    }
    return render(request, "territory/perimeters.html", context)


def perimeter(request: HttpRequest, code: str) -> HttpResponse:
    """One perimeter: its outline, its communes, what is sure of it and what is not."""
    found = get_for(request.reader, Perimeter.objects.prefetch_related("communes", "names"), to="public", code=code)
    members = list(found.communes.all())
    context = {
        "perimeter": found,
        "communes": members,
        "map": queries.perimeter_map(found, members),
        "may_save": holds(request.reader, SAVE_PERIMETER.code),
        "entries": timeline(request.reader, [found.subject], limit=6),
        "trail": [*_trail(), (_("Périmètres"), reverse("territory:perimeters"))],
    }
    return render(request, "territory/perimeter.html", context)


def perimeter_new(request: HttpRequest) -> HttpResponse:
    """Draw a perimeter that does not exist yet."""
    form = PerimeterForm(request.POST) if request.method == "POST" else PerimeterForm(initial={"version": 0})
    return _saved(request, form, "") or _form(request, form, _("Tracer un périmètre"))


def perimeter_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Correct a perimeter; what somebody else saved meanwhile is never overwritten unseen."""
    found = get_for(
        request.reader, Perimeter.objects.prefetch_related("communes", "names"), to=SAVE_PERIMETER.code, code=code
    )
    form = (
        PerimeterForm(request.POST)
        if request.method == "POST"
        else PerimeterForm(initial=PerimeterForm.values_of(found))
    )
    form.allow_kind(found.kind)
    return _saved(request, form, code) or _form(request, form, _("Corriger le périmètre"))


def _saved(request: HttpRequest, form: PerimeterForm, code: str) -> HttpResponse | None:
    """The answer to a form that could be saved; None when it is to be shown, with what is to be mended."""
    if request.method != "POST" or not form.is_valid():
        return None
    given = form.cleaned_data
    version = given.pop("version")
    try:
        saved = save_perimeter(
            Actor.of(request.reader), code=code, expected_version=version, reader=request.reader, **given
        )
    except PerimeterRefused as error:
        form.add_error(error.field, error.message)
    except BadPolygon as error:
        form.add_error("polygon", error.message)
    except Conflict as error:
        form.add_error(None, error.message)
    else:
        messages.success(request, _("Le périmètre « %(name)s » est enregistré.") % {"name": saved.perimeter.name})
        return redirect("territory:perimeter", code=saved.perimeter.code)
    return None


def _form(request: HttpRequest, form: PerimeterForm, heading: str) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "cancel_url": reverse("territory:perimeters"),
        "trail": [*_trail(), (_("Périmètres"), reverse("territory:perimeters"))],
    }
    return render(request, "territory/perimeter_form.html", context, status=422 if form.is_bound else 200)


def _trail() -> list[tuple[str, str]]:
    return [(_("Le territoire"), reverse("territory:communes"))]

"""« Mon compte », and the people and roles of the platform."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from toile.kernel.acts import Actor
from toile.kernel.errors import NotVisible, UserError
from toile.kernel.readers import Role
from toile.kernel.seen import seen

from . import proconnect, queries, services
from .forms import NameForm, PeopleForm
from .models import Person
from .permissions import PEOPLE
from .roles import ROLES, abilities

PAGE = 30


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """« Mon compte »: name, address, what protects it, sessions, roles in words."""
    person = request.user
    held = [
        (ROLES[grant.role], grant.since, abilities(grant.role))
        for grant in queries.history(person.pk)
        if not grant.until
    ]
    protection = queries.protection(person)
    waiting = [ROLES[Role(role)] for role in protection.waiting]
    context = {"person": person, "protection": protection, "held": held, "waiting": waiting}
    return render(request, "accounts/mine.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest) -> HttpResponse:
    """The name shown to others."""
    person = request.user
    form = NameForm(request.POST if request.method == "POST" else None, initial={"display_name": person.display_name})
    if form.is_valid():
        services.rename(Actor.of(request.reader), person, form.cleaned_data["display_name"])
        messages.success(request, _("Votre nom a été changé."))
        return redirect("accounts:mine")
    return render(request, "accounts/rename.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
def close_sessions(request: HttpRequest) -> HttpResponse:
    """Close every session but this one."""
    services.close_other_sessions(request, request.user)
    messages.success(request, _("Vos autres sessions sont fermées. Celle-ci reste ouverte."))
    return redirect("accounts:mine")


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """People and their roles, searched by address or name, a page at a time."""
    form = PeopleForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    page = Paginator(queries.people(words), PAGE).get_page(request.GET.get("page"))
    rows = [(person, [ROLES[Role(grant.role)] for grant in person.current_grants]) for person in page]
    return render(request, "accounts/people.html", {"form": form, "page": page, "rows": rows, "words": words})


def _person(pk: UUID) -> Person:
    found = Person.objects.filter(pk=pk).first()
    if found is None:
        raise NotVisible(_("Ce compte n’existe pas, ou n’existe plus."))
    return found


def _role(code: str) -> Role:
    if code not in set(Role):
        raise NotVisible(_("Ce rôle n’existe pas."))
    return Role(code)


@require_safe
def person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One person's roles, now and before."""
    found = _person(pk)
    seen(request.reader, found.pk, PEOPLE.code)
    grants = queries.history(pk)
    current = {grant.role for grant in grants if grant.until is None}
    context = {
        "person": found,
        "current": [(grant, ROLES[Role(grant.role)]) for grant in grants if grant.until is None],
        "ended": [(grant, ROLES[Role(grant.role)]) for grant in grants if grant.until is not None],
        "others": [(role.value, label) for role, label in ROLES.items() if role.value not in current],
        "waiting": [ROLES[Role(role)] for role in queries.roles_waiting(pk)],
    }
    return render(request, "accounts/person.html", context)


def _decide(request: HttpRequest, pk: UUID, code: str, *, giving: bool) -> HttpResponse:
    found, role = _person(pk), _role(code)
    context = {"person": found, "role": ROLES[role], "abilities": abilities(role), "giving": giving, "problem": ""}
    if request.method == "POST":
        try:
            change = services.grant_role if giving else services.take_back_role
            change(Actor.of(request.reader), request.reader, found.pk, role)
        except UserError as error:
            return render(request, "accounts/decide.html", context | {"problem": error.message}, status=422)
        done = _("Le rôle est donné.") if giving else _("Le rôle est repris.")
        messages.success(request, done)
        return redirect("accounts:person", pk)
    return render(request, "accounts/decide.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def grant_role(request: HttpRequest, pk: UUID, role: str) -> HttpResponse:
    """Say what the role allows, then give it."""
    return _decide(request, pk, role, giving=True)


@require_http_methods(["GET", "HEAD", "POST"])
def take_back_role(request: HttpRequest, pk: UUID, role: str) -> HttpResponse:
    """Say what the person will no longer be able to do, then take the role back."""
    return _decide(request, pk, role, giving=False)


@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """Where the identity provider sends a person back after signing them out."""
    if proconnect.came_back_from_logout(request):
        messages.success(request, _("Votre session est fermée, ici et chez votre fournisseur d’identité."))
    return redirect("home")

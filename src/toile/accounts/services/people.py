"""Writing people and roles: each change in an act, with its fact."""

from __future__ import annotations

from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import login, update_session_auth_hash
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.kernel.errors import UserError
from toile.kernel.permissions import require
from toile.kernel.readers import Reader, Role
from toile.thread.services import record

from ..facts import (
    PERSON_SIGNED_IN,
    PERSON_SIGNED_UP,
    ROLE_GRANTED,
    ROLE_TAKEN_BACK,
    SESSIONS_CLOSED,
    RoleData,
    SignInData,
)
from ..models import Person, RoleGrant, new_seed
from ..permissions import GRANT
from ..roles import ROLES
from .closing import reopen
from .erasure import LastAdministrator

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class RoleAlreadyHeld(UserError):
    """The person has this role already."""


class RoleNotHeld(UserError):
    """The person does not have this role (any more)."""


class NotADemo(RuntimeError):
    """Somebody was to be signed in without proof outside the demo: a programming error."""


def open_account(actor: Actor, email: str, display_name: str = "", password: str | None = None) -> Person:
    """The person of this address, made if there is none, their address held for verified; for commands and the demo.

    The address is lower-cased. An existing person is returned unchanged.
    """
    with act(actor):
        address = email.strip().lower()
        known = Person.objects.filter(email=address).first()
        if known is not None:
            return known
        person = Person.objects.create_user(address, password, display_name=display_name or name_from(address))
        EmailAddress.objects.create(user=person, email=address, primary=True, verified=True)
        record(PERSON_SIGNED_UP, about=[person.pk])
        return person


def name_from(address: str) -> str:
    """The name shown of a person who gave none: what stands before the @ of their address."""
    return address.partition("@")[0][:120]


def rename(actor: Actor, person: Person, display_name: str) -> None:
    """Change the name shown; no fact, since names are not kept in the thread."""
    with act(actor):
        person.display_name = display_name
        person.save(update_fields=["display_name"])


def grant_role(actor: Actor, reader: Reader | None, person: UUID, role: Role) -> None:
    """Give a role to a person, from now.

    reader: who gives it, who must hold `accounts.role.grant`; None for a command, whose actor is nobody.
    Raises `Forbidden`, `RoleAlreadyHeld`.
    """
    _authorise(actor, reader)
    with act(actor):
        held = Person.objects.select_for_update().get(pk=person)
        if RoleGrant.objects.filter(person=held, role=role, until__isnull=True).exists():
            raise RoleAlreadyHeld(_("%(who)s a déjà le rôle « %(role)s ».") % {"who": held, "role": ROLES[role]})
        RoleGrant.objects.create(person=held, role=role, granted_by=actor.person)
        record(ROLE_GRANTED, about=[held.pk], data=RoleData(role.value))


def take_back_role(actor: Actor, reader: Reader | None, person: UUID, role: Role) -> None:
    """End a role now; the grant stays, with its dates.

    reader: as for `grant_role`. Raises `Forbidden`, `RoleNotHeld`, `LastAdministrator`.
    """
    _authorise(actor, reader)
    with act(actor):
        # All holders of the role are locked, so that two administrators cannot each dismiss the other.
        current = list(RoleGrant.objects.select_for_update().filter(role=role, until__isnull=True).order_by("pk"))
        mine = next((grant for grant in current if grant.person_id == person), None)
        if mine is None:
            raise RoleNotHeld(_("Cette personne n’a pas le rôle « %(role)s ».") % {"role": ROLES[role]})
        if role == Role.ADMINISTRATOR and len(current) == 1:
            raise LastAdministrator(
                _("C’est la dernière personne qui administre la plateforme. Donnez d’abord ce rôle à une autre.")
            )
        mine.until = timezone.now()
        mine.save(update_fields=["until"])
        record(ROLE_TAKEN_BACK, about=[person], data=RoleData(role.value))


def close_other_sessions(request: HttpRequest, person: Person) -> None:
    """Close every session of this person but the one of `request`."""
    with act(Actor(person.pk, "web")):
        person.session_seed = new_seed()
        person.save(update_fields=["session_seed"])
        record(SESSIONS_CLOSED, about=[person.pk])
    update_session_auth_hash(request, person)


def note_sign_up(person: UUID) -> None:
    """Write in the person's thread that they opened an account."""
    with act(Actor(person, "web")):
        record(PERSON_SIGNED_UP, about=[person])


def note_sign_in(person: UUID, way: str, *, second_factor: bool = False) -> None:
    """Write in the audit that a person signed in; way: a key of `facts.WAYS`. Neither address nor machine is kept."""
    with act(Actor(person, "web")):
        record(PERSON_SIGNED_IN, about=[person], data=SignInData(way, second_factor))


def sign_in_as(request: HttpRequest, person: Person) -> None:
    """Sign a visitor in as a persona of the demo, without proof; anybody signed in before is signed out."""
    if not settings.DEMO:
        raise NotADemo("sign_in_as is for the demo's personas")
    request.session.flush()
    login(request, person, backend=BACKEND)
    reopen(person.pk)
    note_sign_in(person.pk, "demo")


def _authorise(actor: Actor, reader: Reader | None) -> None:
    if reader is None and actor.person is None:
        return
    require(reader or Reader(), GRANT.code)

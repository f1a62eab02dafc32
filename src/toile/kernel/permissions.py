"""The one declared table of permissions: who may do what, in which state, and which route needs which permission."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .errors import Forbidden, NotVisible
from .readers import Reader, Role


class Who(StrEnum):
    """The kinds of people a permission can name, besides the platform roles."""

    ANYONE = "anyone"
    SIGNED_IN = "signed_in"
    MEMBER = "member"
    SELF = "self"


@dataclass(frozen=True, slots=True)
class Permission:
    """One line of the table.

    code: `room.noun.verb`. who: platform roles and `Who`. states: the object's states in which it may be done, empty
    for all. label: what it lets one do, in French, shown when it is refused.
    """

    code: str
    who: frozenset[str]
    label: str | Promise
    states: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Route:
    """What a route needs: a permission's code; `writes_on_get` names why a reading view must write, else empty."""

    permission: str
    writes_on_get: str = ""


def permission(code: str, *who: str, label: str | Promise, states: Iterable[str] = ()) -> Permission:
    """Declare one line of the table: `permission("directory.organisation.edit", Who.MEMBER, Role.OFFICER, …)`."""
    return Permission(code, frozenset(who), label, frozenset(states))


PUBLIC = permission("public", Who.ANYONE, label=_("lire les pages publiques"))
SIGNED_IN = permission("signed_in", Who.SIGNED_IN, label=_("se connecter"))
TECHNICAL = permission("kernel.technical.read", Role.ADMINISTRATOR, label=_("voir les pages techniques"))

JOB_READ = permission("kernel.job.read", Who.SELF, Role.ADMINISTRATOR, label=_("suivre un travail"))
JOB_CANCEL = permission("kernel.job.cancel", Who.SELF, Role.ADMINISTRATOR, label=_("arrêter un travail"))
JOB_AGAIN = permission("kernel.job.run_again", Role.ADMINISTRATOR, label=_("relancer un travail"))
# Whoever may treat one kind of work at least: a test holds the kinds' own permissions within these roles.
WORK = permission("kernel.work.treat", Role.OFFICER, Role.ADMINISTRATOR, label=_("traiter ce qui attend l’équipe"))

PERMISSIONS = [PUBLIC, SIGNED_IN, TECHNICAL, JOB_READ, JOB_CANCEL, JOB_AGAIN, WORK]
ROUTES = {
    "home": PUBLIC.code,
    "list_file": PUBLIC.code,  # the view asks for the permission of the list's own page
    "reuse": PUBLIC.code,
    "api:openapi-json": PUBLIC.code,
    "api:api-root": PUBLIC.code,
    "kernel:components": PUBLIC.code,
    "kernel:empty": PUBLIC.code,
    "kernel:health": PUBLIC.code,
    "kernel:ready": PUBLIC.code,
    "kernel:accessibility": PUBLIC.code,
    "kernel:privacy": PUBLIC.code,
    "kernel:legal": PUBLIC.code,
    "kernel:treatments": PUBLIC.code,
    "kernel:retention": TECHNICAL.code,
    "kernel:picture": PUBLIC.code,  # whoever was shown its address: a picture is public through what shows it
    "kernel:jobs": TECHNICAL.code,
    "kernel:job": JOB_READ.code,
    "kernel:job_cancel": JOB_CANCEL.code,
    "kernel:job_again": JOB_AGAIN.code,
    "kernel:work": WORK.code,
}


class Table:
    """All permissions and routes, read once from the `permissions.py` of each installed room."""

    def __init__(self) -> None:
        self.permissions: dict[str, Permission] = {}
        self.routes: dict[str, Route] = {}

    def load(self) -> None:
        """Read each room's table; a code or a route declared twice, or an unknown code, stops the start."""
        for config in apps.get_app_configs():
            if not config.name.startswith("toile.") or find_spec(f"{config.name}.permissions") is None:
                continue
            module = import_module(f"{config.name}.permissions")
            for line in getattr(module, "PERMISSIONS", ()):
                if self.permissions.setdefault(line.code, line) is not line:
                    raise ImproperlyConfigured(f"permission {line.code} is declared twice")
            for name, needs in getattr(module, "ROUTES", {}).items():
                route = needs if isinstance(needs, Route) else Route(needs)
                if self.routes.setdefault(name, route) != route:
                    raise ImproperlyConfigured(f"route {name} is declared twice")
        for name, route in self.routes.items():
            if route.permission not in self.permissions:
                raise ImproperlyConfigured(f"route {name} needs the unknown permission {route.permission}")


table = Table()


def holds(reader: Reader, code: str, *, owners: Collection[UUID] | None = None, state: str | None = None) -> bool:
    """Whether `reader` may do `code` to an object owned by `owners` in `state`.

    Without owners (None) the question is about the page itself: a permission that only the members of an object hold is
    then open to any signed-in person, and the object decides afterwards. An object that nobody owns (an empty
    collection) has no members: only roles may act on it.
    """
    line = table.permissions[code]
    if state is not None and line.states and state not in line.states:
        return False
    if Who.ANYONE in line.who:
        return True
    if not reader.is_signed_in:
        return False
    if Who.SIGNED_IN in line.who or not reader.roles.isdisjoint(line.who):
        return True
    if Who.MEMBER in line.who and (owners is None or not reader.organisations.isdisjoint(owners)):
        return True
    return Who.SELF in line.who and (owners is None or reader.person in owners)


def require(reader: Reader, code: str, *, owners: Collection[UUID] | None = None, state: str | None = None) -> None:
    """Raise `Forbidden` with a sentence when `reader` does not hold `code`; services call it first."""
    if not holds(reader, code, owners=owners, state=state):
        raise Forbidden(gettext("Vous ne pouvez pas %(act)s ici.") % {"act": table.permissions[code].label})


def get_for(reader: Reader, queryset: Any, *, to: str, **lookup: Any) -> Any:
    """The one object of `queryset` that matches, fetched and authorised in the first line of a view.

    `queryset.visible_to(reader)` decides what exists for this reader (else `NotVisible`, 404); then `to` is required on
    the object's `owners()` and `state` (else `Forbidden`, 403).
    """
    found = queryset.visible_to(reader).filter(**lookup).first()
    if found is None:
        raise NotVisible(gettext("Cette page n’existe pas, ou n’est pas ouverte à tous."))
    require(reader, to, owners=found.owners(), state=getattr(found, "state", None))
    return found

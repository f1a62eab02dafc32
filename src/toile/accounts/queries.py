"""Reading people and their roles."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from .models import Person, RoleGrant

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def _roles_held(people: Collection[UUID]) -> dict[UUID, tuple[set[str], bool]]:
    """Roles granted and not taken back, and whether there is a second factor, for who has any role. 1 query."""
    factor = Authenticator.objects.filter(user=OuterRef("person"), type__in=SECOND_FACTORS)
    rows = RoleGrant.objects.filter(person__in=people, until__isnull=True)
    held: dict[UUID, tuple[set[str], bool]] = {}
    for person, role, has_factor in rows.values_list("person", "role", Exists(factor)):
        held.setdefault(person, (set(), has_factor))[0].add(role)
    return held


def roles_in_force(people: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    """The roles that people may use now: without a second factor, those of TOILE_MFA_ROLES wait. 1 query."""
    return {
        person: frozenset(roles if has_factor else roles - settings.TOILE_MFA_ROLES)
        for person, (roles, has_factor) in _roles_held(people).items()
    }


def roles_waiting(person: UUID) -> frozenset[str]:
    """The roles a person was given and cannot use before having a second factor. 1 query."""
    held, has_factor = _roles_held([person]).get(person, (set(), False))
    return frozenset() if has_factor else frozenset(held & settings.TOILE_MFA_ROLES)


def people(words: str = "") -> QuerySet[Person]:
    """People whose address or name contains `words`, by address, with their roles in `.current_grants`. 2 queries."""
    current = RoleGrant.objects.filter(until__isnull=True).order_by("role")
    found = Person.objects.prefetch_related(Prefetch("role_grants", current, to_attr="current_grants"))
    if words:
        found = found.filter(Q(email__icontains=words) | Q(display_name__icontains=words))
    return found.order_by("email")


def display_names(*among: QuerySet[Any]) -> dict[UUID, str]:
    """The names shown of the people whose numbers these querysets give; who shows none is left out. 1 query."""
    if not among:
        return {}
    wanted = reduce(or_, (Q(pk__in=people) for people in among))
    found = Person.objects.filter(wanted, is_active=True).exclude(display_name="")
    return dict(found.values_list("pk", "display_name"))


def history(person: UUID) -> list[RoleGrant]:
    """Every role given to a person, in force first, then the latest. 1 query."""
    grants = RoleGrant.objects.filter(person=person).order_by("-since", "-pk")
    return sorted(grants, key=lambda grant: grant.until is not None)


@dataclass(frozen=True, slots=True)
class Protection:
    """How an account is protected: verified address, password, authenticator app, recovery codes left."""

    address_verified: bool
    password: bool
    app: bool
    recovery_codes: int
    waiting: Collection[str]


def protection(person: Person) -> Protection:
    """What protects this account. 3 queries."""
    factors = {factor.type: factor for factor in Authenticator.objects.filter(user=person)}
    codes = factors.get(Authenticator.Type.RECOVERY_CODES)
    return Protection(
        address_verified=EmailAddress.objects.filter(user=person, email=person.email, verified=True).exists(),
        password=person.has_usable_password(),
        app=Authenticator.Type.TOTP in factors,
        recovery_codes=len(codes.wrap().get_unused_codes()) if codes else 0,
        waiting=roles_waiting(person.pk),
    )

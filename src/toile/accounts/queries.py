"""Reading people and their roles."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from .models import Person, RoleGrant

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def _roles_held(person: UUID) -> tuple[frozenset[str], bool]:
    """Roles granted and not taken back, and whether the person has a second factor. 1 query."""
    factor = Authenticator.objects.filter(user=OuterRef("person"), type__in=SECOND_FACTORS)
    rows = RoleGrant.objects.filter(person=person, until__isnull=True).values_list("role", Exists(factor))
    held = list(rows)
    return frozenset(role for role, _ in held), any(has_factor for _, has_factor in held)


def roles_in_force(person: UUID) -> frozenset[str]:
    """The roles a person may use now: without a second factor, those of TOILE_MFA_ROLES wait. 1 query."""
    held, has_factor = _roles_held(person)
    return held if has_factor else held - settings.TOILE_MFA_ROLES


def roles_waiting(person: UUID) -> frozenset[str]:
    """The roles a person was given and cannot use before having a second factor. 1 query."""
    held, has_factor = _roles_held(person)
    return frozenset() if has_factor else held & settings.TOILE_MFA_ROLES


def people(words: str = "") -> QuerySet[Person]:
    """People whose address or name contains `words`, by address, with their roles in `.current_grants`. 2 queries."""
    current = RoleGrant.objects.filter(until__isnull=True).order_by("role")
    found = Person.objects.prefetch_related(Prefetch("role_grants", current, to_attr="current_grants"))
    if words:
        found = found.filter(Q(email__icontains=words) | Q(display_name__icontains=words))
    return found.order_by("email")


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

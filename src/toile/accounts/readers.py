"""What this room tells the others of a person: roles, the name to those who may read it, where messages go."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from allauth.account.models import EmailAddress
from django.urls import reverse

from toile.kernel.readers import Contribution, Reader, Role, contributes_to_readers
from toile.thread.concerned import Concern, concerns_people
from toile.thread.delivery import Address, delivers_to
from toile.thread.names import Named, names_subjects

from .models import Person
from .queries import roles_in_force


@contributes_to_readers
def roles(people: Collection[UUID]) -> Mapping[UUID, Contribution]:
    """The roles in force: one that asks for a second factor counts only once there is one. 1 query."""
    return {person: Contribution(roles=held) for person, held in roles_in_force(people).items()}


@names_subjects
def people(reader: Reader, subjects: Collection[UUID]) -> Mapping[UUID, Named]:
    """Names of people: all of them to administrators, one's own to everyone, none to others. At most 1 query."""
    if not reader.is_signed_in:
        return {}
    if not reader.has_role(Role.ADMINISTRATOR):
        mine = reader.person in subjects and reader.person
        return {mine: Named(reader.name, reverse("accounts:mine"))} if mine else {}
    found = Person.objects.filter(pk__in=subjects)
    return {person.pk: Named(str(person), reverse("accounts:person", args=[person.pk])) for person in found}


@delivers_to
def addresses(people: Collection[UUID]) -> Mapping[UUID, Address]:
    """The main addresses of open accounts, once proved; nobody else is written to. 1 query."""
    proved = EmailAddress.objects.filter(user__in=people, user__is_active=True, primary=True, verified=True)
    proved = proved.filter(user__closing__closed_at__isnull=True)
    rows = proved.values_list("user", "email", "user__display_name")
    return {person: Address(email, name) for person, email, name in rows}


@concerns_people
def oneself(subjects: Collection[UUID], after: UUID | None, most: int) -> Sequence[Concern]:
    """Those of `subjects` that are people, concerned by themselves. 1 query."""
    rows = Person.objects.filter(pk__in=subjects, is_active=True)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return [Concern(pk, pk, joined) for pk, joined in rows.order_by("pk").values_list("pk", "joined_at")[:most]]

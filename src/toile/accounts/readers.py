"""What this room tells the others of a person: roles, the name to those who may read it, where messages go."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from allauth.account.models import EmailAddress
from django.urls import reverse

from toile.kernel.readers import Contribution, Reader, Role, contributes_to_readers
from toile.thread.delivery import Address, delivers_to
from toile.thread.names import Named, names_subjects

from .models import Person
from .queries import roles_in_force


@contributes_to_readers
def roles(person: UUID) -> Contribution:
    """The roles in force: one that asks for a second factor counts only once there is one. 1 query."""
    return Contribution(roles=roles_in_force(person))


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
def address(person: UUID) -> Address | None:
    """The main address of an open account, once proved; nobody else is written to. 1 query."""
    proved = EmailAddress.objects.filter(user=person, user__is_active=True, primary=True, verified=True)
    found = proved.values_list("email", "user__display_name").first()
    return Address(*found) if found else None

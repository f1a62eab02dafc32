"""Reading one case: who may, and what the head of its pages shows."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from toile.accounts.models import RoleGrant
from toile.directory.models import Membership
from toile.kernel.errors import NotVisible
from toile.kernel.readers import Reader, Role
from toile.pathway.models import Case, Door


def case_for(reader: Reader, pk: UUID) -> Case:
    """The case, with its door, organisation, procedure and commune; `NotVisible` without a reason. 1 query."""
    found = (
        Case.objects.visible_to(reader)
        .select_related("door", "organisation", "procedure", "commune")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotVisible(_("Ce dossier n’existe pas, ou n’est pas ouvert à vous."))
    return found


def doors_of(reader: Reader) -> list[Door]:
    """The doors where this reader receives. 1 query, none for who is no adviser."""
    if not reader.has_role(Role.ADVISER):
        return []
    return list(Door.objects.active().held_by(reader.organisations))


def advisers_of(door: Door) -> list[UUID]:
    """Who receives at a door today: they represent its organisation and hold the role of adviser. 1 query."""
    grants = RoleGrant.objects.filter(role=Role.ADVISER, until__isnull=True).values("person")
    rows = Membership.objects.filter(organisation=door.organisation_id, until__isnull=True, person__in=grants)
    return [person for person in rows.order_by("person").values_list("person", flat=True).distinct() if person]


def works_here(reader: Reader, case: Case) -> bool:
    """Whether the reader receives at the door of this case: else they read it as its holder or as a partner."""
    at_the_door = case.door is not None and case.door.organisation_id in reader.organisations
    return at_the_door and reader.has_role(Role.ADVISER)

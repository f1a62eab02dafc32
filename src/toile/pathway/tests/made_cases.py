"""Doors, people and cases that the tests of the path share."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from django.utils import timezone

from toile.accounts.services import grant_role, open_account
from toile.directory import contexts
from toile.directory.models import Organisation
from toile.directory.models.organisations import Openness, Stage
from toile.directory.services import add_records, appoint
from toile.kernel.acts import Actor, act
from toile.kernel.readers import Reader, Role, reader_of
from toile.pathway.models import Case, CaseState, Door, Holder, Offer, ProcedureVersion
from toile.pathway.rules.procedure import default_procedure

ACTOR = Actor.system("essai")


def structure(name: str, **defaults: Any) -> Organisation:
    """A structure of that name; the same one when asked again. defaults: openness, stage."""
    pk = uuid5(NAMESPACE_URL, name)
    stage = defaults.pop("stage", None)
    with act(ACTOR):
        payload = {"name": name, "whereabouts": "inside"} | ({"stage": stage} if stage else {})
        add_records(contexts.current(), [(pk, "own", str(pk), payload)], defaults={pk: defaults})
    return Organisation.objects.get(pk=pk)


def door(name: str = "MIFE") -> Door:
    """A door of that name."""
    organisation = structure(name)
    found = Door.objects.filter(organisation=organisation).first()
    return found or Door.objects.create(organisation=organisation, code=name.lower(), name=name)


def adviser(at: Door, name: str = "Conseillère") -> UUID:
    """Somebody who receives at a door."""
    person = open_account(ACTOR, f"{uuid4().hex[:12]}@example.org", name)
    grant_role(ACTOR, None, person.pk, Role.ADVISER)
    appoint(ACTOR, None, person=person.pk, organisation=at.organisation)
    return person.pk


def member(of: Organisation, name: str = "Partenaire") -> UUID:
    """Somebody who represents a structure, without any role."""
    person = open_account(ACTOR, f"{uuid4().hex[:12]}@example.org", name)
    appoint(ACTOR, None, person=person.pk, organisation=of)
    return person.pk


def reader(person: UUID) -> Reader:
    """The reader that a request of this person carries."""
    return reader_of(person)


def procedure() -> ProcedureVersion:
    """The procedure that ships with the platform, in force."""
    ours = default_procedure()
    return ProcedureVersion.objects.get_or_create(
        code=ours.code,
        version=ours.version,
        defaults={
            "title": ours.said(ours.title),
            "text": ours.text,
            "checksum": "0" * 64,
            "ours": True,
            "state": ProcedureVersion.State.IN_FORCE,
            "in_force_at": timezone.now(),
        },
    )[0]


def case(at: Door | None = None, **given: Any) -> Case:
    """A case open at a door, about a private project, without holder; `given` wins."""
    values: dict[str, Any] = {
        "procedure": procedure(),
        "title": "Atelier de réparation",
        "state": CaseState.OPEN,
        "received_at": timezone.now() - timedelta(days=40),
        "sent_at": timezone.now() - timedelta(days=41),
        "path": "creation",
        "stage": "ideation",
        "concluded_at": timezone.now() - timedelta(days=40),
    } | given
    if values["state"] in CaseState.at_a_door():
        values.setdefault("door", at or door())
    if values["state"] == CaseState.OPEN and "organisation" not in values:
        values["organisation"] = structure(f"Projet {uuid4().hex[:8]}", openness=Openness.MEMBERS, stage=Stage.PROJECT)
    return Case.objects.create(**values)


def holder(of: Case, name: str = "Camille", person: UUID | None = None, **more: Any) -> Holder:
    """Somebody who carries it."""
    first = not of.holders.exists()
    return Holder.objects.create(
        case=of,
        name=name,
        email=f"{name.lower()}@example.org",
        phone="04 77 00 00 00",
        person=person,
        is_main=first,
        **more,
    )


def offer(partner: Organisation, title: str = "Conseil") -> Offer:
    """A published offer of a partner."""
    return Offer.objects.create(partner=partner, title=title, state=Offer.State.PUBLISHED, needs=["valider_besoin"])


def at(year: int, month: int, day: int, hour: int = 12) -> datetime:
    """A moment in Paris."""
    return timezone.make_aware(datetime(year, month, day, hour))  # noqa: DTZ001

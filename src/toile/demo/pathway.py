"""The demo's path: three doors, what nine helpers offer, then cases, what is signalled, young firms and a survey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from toile.accounts.services import grant_role, open_account
from toile.demo.pathway_cases import load_cases, load_leads
from toile.demo.pathway_firms import load_firms, load_survey
from toile.demo.pathway_told import ACTOR, MAIL, address_of, ago, ahead, numbered, person_called, told
from toile.demo.payloads import identity
from toile.demo.personas import personas
from toile.directory.models import Organisation
from toile.directory.services import appoint
from toile.kernel.acts import act
from toile.kernel.readers import Role
from toile.pathway.facts.cases import DOOR_OPENED
from toile.pathway.facts.orientation import OFFER_PUBLISHED, OfferFact
from toile.pathway.models import Availability, Door, Initiation, Offer, ProcedureVersion
from toile.pathway.queries.procedures import procedure_in
from toile.pathway.services.procedures import current
from toile.thread.services import record

OPENED_DAYS: Final = 420
"""Days since the doors opened and the helpers said what they offer."""


def load_path() -> tuple[int, int]:
    """All of it, each part once: whatever people changed since stays. How many rows, and invented firms, were added."""
    rows = _doors() + _offers() + load_cases() + load_leads()
    firms = load_firms()
    return rows + load_survey(), firms


def _doors() -> int:
    """The doors, who receives there, and their usual weeks; the procedure in force."""
    if Door.objects.exists():
        return 0
    rows: Sequence[Mapping[str, Any]] = told()["door"]
    with act(ACTOR):
        version = current()
        for row in rows:
            organisation = Organisation.objects.get(pk=identity("seeds", row["organisation"]))
            door = Door.objects.create(
                id=numbered("door", row["code"]),
                organisation=organisation,
                code=row["code"],
                name=row["name"],
                explanation=row["explanation"],
                email=MAIL.format(f"porte-{row['code']}"),
                order=row["order"],
            )
            record(DOOR_OPENED, about=[organisation.pk], happened_at=ago(OPENED_DAYS))
            for name, days in zip(row["advisers"], row["days"], strict=True):
                person = _receives(name, organisation)
                Availability.objects.create(door=door, person=person, days=Decimal(days))
        _initiated(version)
    return len(rows)


def _receives(name: str, organisation: Organisation) -> UUID:
    """The account of who receives, made unless it is a persona's."""
    if name in personas():
        return person_called(name)
    person = open_account(ACTOR, address_of(name), name)
    grant_role(ACTOR, None, person.pk, Role.ADVISER)
    appoint(ACTOR, None, person=person.pk, organisation=organisation)
    return person.pk


def _initiated(version: ProcedureVersion) -> None:
    """The receivers who read the teaching notes, whole or half."""
    notes = [question.code for question in procedure_in(version).questions if question.note]
    several = told()["initiated"]
    for name in (*several["whole"], *several["begun"]):
        whole = name in several["whole"]
        Initiation.objects.create(
            person=person_called(name),
            procedure=version,
            notes=notes if whole else notes[: len(notes) // 2],
            started_at=ago(OPENED_DAYS - 10),
            completed_at=ago(OPENED_DAYS - 12) if whole else None,
        )


def _offers() -> int:
    """What the helpers publish. Who is « rôle à confirmer » in the documents has not said it itself."""
    if Offer.objects.exists():
        return 0
    rows = [_offer(row) for row in told()["offer"]]
    with act(ACTOR):
        Offer.objects.bulk_create(rows)
        for row in rows:
            record(OFFER_PUBLISHED, about=[row.partner_id], data=OfferFact(str(row.pk)), happened_at=row.made_at)
    return len(rows)


def _offer(row: Mapping[str, Any]) -> Offer:
    plain = ("title", "description", "kind", "needs", "natures", "publics", "helper", "cost", "is_free", "delay_days")
    training = ("level", "body", "places", "confirmed")
    made = ago(OPENED_DAYS - 20)
    return Offer(
        id=numbered("offer", row["code"]),
        partner_id=identity("seeds", row["partner"]),
        **{name: row[name] for name in (*plain, *training) if name in row},
        starts_on=ahead(row.get("starts_in")),
        email=MAIL.format(f"demandes-{row['partner']}"),
        state=Offer.State.PUBLISHED,
        made_at=made,
        changed_at=made,
        valid_from=made.date(),
    )

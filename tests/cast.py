"""The cast: the ten personas of the demo as people of a test, with their roles and the organisations they act for."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.test import Client

import toile.demo
from toile.accounts.models import Person
from toile.accounts.services import grant_role, open_account
from toile.directory import contexts
from toile.directory.models import Organisation
from toile.directory.models.organisations import Invention
from toile.directory.services import add_records, appoint
from toile.kernel.acts import Actor, act
from toile.kernel.readers import VISITOR, Reader, Role, reader_of

ANONYMOUS = "anonymous"
PERSONAS: list[dict[str, Any]] = tomllib.loads((Path(toile.demo.__file__).parent / "personas.toml").read_text())[
    "persona"
]
KEYS = [persona["key"] for persona in PERSONAS]
STANDINGS = [ANONYMOUS, *KEYS]


@dataclass
class Cast:
    """`people`: persona key → person. `organisations`: persona key → the structure that they act for."""

    people: dict[str, Person] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)

    def reader(self, key: str) -> Reader:
        """The reader that a request of this persona carries; a visitor for `anonymous`."""
        return VISITOR if key == ANONYMOUS else reader_of(self.people[key].pk, self.people[key].display_name)

    def enter(self, client: Client, key: str) -> Client:
        """The same client, signed in as this persona (or nobody)."""
        client.logout()
        if key != ANONYMOUS:
            client.force_login(self.people[key])
        return client


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody, once; those whose role asks for a second factor have one."""
    made, actor = Cast(), Actor.system("test")
    structures = {persona["organisation"] for persona in PERSONAS if "organisation" in persona}
    held = {key: structure(actor, key) for key in sorted(structures)}
    for persona in PERSONAS:
        person = open_account(actor, persona["email"], persona["display_name"])
        made.people[persona["key"]] = person
        for role in persona["roles"]:
            grant_role(actor, None, person.pk, Role(role))
        if settings.TOILE_MFA_ROLES.intersection(persona["roles"]):
            TOTP.activate(person, generate_totp_secret())
        if "organisation" in persona:
            made.organisations[persona["key"]] = held[persona["organisation"]]
            appoint(actor, None, person=person.pk, organisation=held[persona["organisation"]])
    return made


def structure(actor: Actor, key: str) -> Organisation:
    """A public, invented structure of the territory."""
    pk = uuid5(NAMESPACE_URL, key)
    payload = {"name": key.replace("-", " ").capitalize(), "whereabouts": "inside"}
    with act(actor):
        add_records(
            contexts.current(), [(pk, "fiction", key, payload)], defaults={pk: {"invention": Invention.FICTIONAL}}
        )
    return Organisation.objects.get(pk=pk)

"""The cast: the ten personas of the demo as people of a test, with their roles and the organisations they act for."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.test import Client

import toile.demo
from toile.accounts.models import Person
from toile.accounts.services import grant_role, open_account
from toile.kernel.acts import Actor
from toile.kernel.readers import VISITOR, Reader, Role, reader_of

ANONYMOUS = "anonymous"
PERSONAS: list[dict[str, Any]] = tomllib.loads((Path(toile.demo.__file__).parent / "personas.toml").read_text())[
    "persona"
]
KEYS = [persona["key"] for persona in PERSONAS]
STANDINGS = [ANONYMOUS, *KEYS]


@dataclass
class Cast:
    """`people`: persona key → person. `organisations`: key of personas.toml → what that persona acts for."""

    people: dict[str, Person] = field(default_factory=dict)
    organisations: dict[str, Any] = field(default_factory=dict)

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
def cast(db: None) -> Iterator[Cast]:
    """Everybody, once; those whose role asks for a second factor have one."""
    made, actor = Cast(), Actor.system("test")
    for persona in PERSONAS:
        person = open_account(actor, persona["email"], persona["display_name"])
        for role in persona["roles"]:
            grant_role(actor, None, person.pk, Role(role))
        if settings.TOILE_MFA_ROLES.intersection(persona["roles"]):
            TOTP.activate(person, generate_totp_secret())
        made.people[persona["key"]] = person
    return made

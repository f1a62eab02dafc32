"""What the directory's tests share: a small country, the whole of France once a module, files of rows, people."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.db import transaction
from django.test import Client

from toile.accounts.models import Person
from toile.accounts.services import grant_role, open_account
from toile.directory.models import Membership, Organisation
from toile.kernel.acts import Actor
from toile.kernel.readers import Reader, Role
from toile.territory.services import init_territory

from .structures import make

SEM = "244200770"
ACTOR = Actor.system("essai")


@pytest.fixture
def actor() -> Actor:
    return ACTOR


@pytest.fixture(scope="session")
def small_cog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten communes of the Loire and the Rhône under their real codes, two EPCI, an associated and an old commune."""

    def commune(code: str, name: str, *postal: str, **more: Any) -> dict[str, Any]:
        base = {"code": code, "nom": name, "type": "commune-actuelle", "departement": code[:2], "region": "84"}
        return base | {"codesPostaux": list(postal), "population": 1000, "siren": f"21{code}0001"[:9]} | more

    def part(code: str, name: str, parent: str, kind: str) -> dict[str, Any]:
        return {"code": code, "nom": name, "type": kind, "chefLieu": parent, "departement": code[:2], "region": "84"}

    communes = [
        commune("42218", "Saint-Étienne", "42000", "42100", "42230"),
        commune("42189", "Roche-la-Molière", "42230"),
        commune("42207", "Saint-Chamond", "42400"),
        commune("42095", "Firminy", "42700"),
        commune("42225", "La Talaudière", "42350"),
        commune("42147", "Montbrison", "42600", anciensCodes=["42299"]),
        commune("69123", "Lyon", "69001", "69002"),
        part("42190", "Rochetaillée", "42218", "commune-associee"),
        part("69381", "Lyon 1er Arrondissement", "69123", "arrondissement-municipal"),
    ]
    members = ("42218", "42189", "42207", "42095", "42225")
    epcis = [
        {"code": SEM, "nom": "Saint-Étienne Métropole", "type": "METRO", "populationTotale": 5000,
         "membres": [{"code": code} for code in members]},
        {"code": "200065886", "nom": "Loire Forez Agglomération", "type": "CA", "populationTotale": 1000,
         "membres": [{"code": "42147"}]},
    ]  # fmt: skip
    departments = [{"code": "42", "nom": "Loire"}, {"code": "69", "nom": "Rhône"}]
    folder = tmp_path_factory.mktemp("cog")
    for name, content in (("communes", communes), ("epci", epcis), ("departements", departments)):
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


@pytest.fixture
def home(db: None, small_cog: Path) -> None:
    """The small country imported, Saint-Étienne Métropole at home."""
    init_territory(ACTOR, SEM, cog=small_cog, vintage="2026")


@pytest.fixture(scope="module")
def france(django_db_setup: None, django_db_blocker: Any, shared_data: Any) -> Iterator[None]:
    """The real official code of the whole country, loaded once for a module and taken back after it."""
    folder = (shared_data / "territory/communes.json").parent
    with django_db_blocker.unblock():
        loaded = transaction.atomic()
        loaded._from_testcase = True  # acts are durable: only a test's own transaction may hold them
        loaded.__enter__()
        init_territory(ACTOR, SEM, cog=folder, vintage="2026")
    yield
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        loaded.__exit__(None, None, None)


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """`table("name.csv", rows)` writes dicts as a CSV; the columns are those of all the rows, in order."""

    def write(name: str, rows: Sequence[Mapping[str, Any]], *, separator: str = ",", encoding: str = "utf-8") -> Path:
        columns = list(dict.fromkeys(column for row in rows for column in row))
        path = tmp_path / name
        with path.open("w", newline="", encoding=encoding) as out:
            writer = csv.DictWriter(out, columns, delimiter=separator)
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


@pytest.fixture
def siae_file(table: Callable[..., Path]) -> Callable[..., Path]:
    """`siae_file({"siret": …}, …)` is a list of inclusion structures with these rows; what is not said is plausible."""

    def write(*rows: Mapping[str, Any], name: str = "siaes.csv") -> Path:
        return table(name, [siae_row(number, **row) for number, row in enumerate(rows, start=1)])

    return write


def siae_row(number: int, **said: Any) -> dict[str, Any]:
    """One row of the list of inclusion structures, at Saint-Étienne unless said otherwise."""
    base = {
        "pk": number, "siret": siret_of(number), "kind": "EI", "name": f"STRUCTURE {number}", "brand": "",
        "naf": "8899B", "address": f"{number} rue des Essais", "post_code": "42000", "city": "Saint-Étienne",
        "lon": "4.39", "lat": "45.44", "website": "", "description": "",
    }  # fmt: skip
    return base | said


def siren_of(number: int) -> str:
    """An invented SIREN that passes Luhn, one for each number."""
    body = f"{80_000_000 + number:08d}"
    return body + _luhn_key(body)


def siret_of(number: int, nic: int = 1) -> str:
    """An invented SIRET of the unit `siren_of(number)`."""
    body = siren_of(number) + f"{nic:04d}"
    return body + _luhn_key(body)


def _luhn_key(body: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def reader_with(*roles: Role, organisations: Sequence[Organisation] = ()) -> Reader:
    """A signed-in reader with these roles, acting for these organisations."""
    return Reader(
        person=uuid4(), name="Une personne", organisations=frozenset(o.pk for o in organisations),
        roles=frozenset(roles),
    )  # fmt: skip


@pytest.fixture
def officer() -> Reader:
    return reader_with(Role.OFFICER)


@pytest.fixture
def person(db: None) -> Callable[..., Person]:
    """`person(Role.OFFICER)` opens an account with these roles, and the second factor that they ask for."""
    opened: list[Person] = []

    def make(*roles: Role) -> Person:
        someone = open_account(ACTOR, f"personne{len(opened)}@exemple.fr", f"Personne {len(opened)}")
        for role in roles:
            grant_role(ACTOR, None, someone.pk, role)
        if settings.TOILE_MFA_ROLES.intersection(roles):
            TOTP.activate(someone, generate_totp_secret())
        opened.append(someone)
        return someone

    return make


@pytest.fixture
def as_officer(client: Client, person: Callable[..., Person]) -> Client:
    """The test client, signed in as an officer."""
    client.force_login(person(Role.OFFICER))
    return client


@pytest.fixture
def structure() -> Organisation:
    return make("La structure", description="Avant", website="https://avant.fr", address="1 rue A")


@pytest.fixture
def member(structure: Organisation) -> Reader:
    return reader_with(organisations=[structure])


@pytest.fixture
def enter(structure: Organisation, person: Any) -> Any:
    """`enter()`: a client signed in as a new member of the structure."""

    def entered(*roles: Role) -> Client:
        someone, client = person(*roles), Client()
        if not roles:
            Membership.objects.create(person=someone.pk, organisation=structure)
        client.force_login(someone)
        return client

    return entered

"""One person, marked, written everywhere: a copy holds all of it, and once they are erased nothing of it is left."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from toile.accounts import services
from toile.accounts.models import Person
from toile.accounts.services.export import copy_of
from toile.directory.facts import ORGANISATION_CORRECTED
from toile.directory.models import ImportRun, Organisation
from toile.directory.services.corrections import say
from toile.kernel.acts import Actor, act
from toile.kernel.personal import holdings
from toile.kernel.readers import VISITOR
from toile.kernel.search import IndexUnavailable, Query, collections, find

from ..cast import structure
from .seeding import Seeds

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MARK = "zqmarqueuse"
ADDRESS = "zqmarqueuse@example.org"
SYSTEM = Actor.system("test")

# A number that names nobody any more stays in what is never rewritten, and in what other people may still ask.
NUMBER_STAYS = {"thread_fact.actor", "thread_factabout.subject", "kernel_seen.reader"}
# Seeded through services and pages below: what a bare row cannot be.
BY_SERVICES = {
    "accounts.person",
    "accounts.sessions",
    "kernel.counts",
    "kernel.letters",
    "directory.contact",
    "directory.record",
}


@pytest.fixture(autouse=True)
def a_place_of_its_own(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"


@pytest.fixture
def marked(client: Any, settings: Any, tmp_path: Path) -> Person:
    """The person, with something in every table that holds people, and in files."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    person = services.open_account(SYSTEM, ADDRESS, f"{MARK} Ortie", "ortie-cardon-bourrache-42")
    structures = [structure(SYSTEM, f"structure-{number}") for number in range(3)]
    seeds = Seeds(person, MARK, structures)
    for holding in sorted(holdings.values(), key=lambda holding: (-holding.order, holding.code)):
        if holding.code not in BY_SERVICES:
            assert seeds.rows_of(holding), f"{holding.code} has no column that takes a person: seed it here"

    client.force_login(person)
    client.get("/")
    type(client)().post("/compte/login/code/", {"email": ADDRESS})
    (tmp_path / "media" / "imports").mkdir(parents=True)
    (tmp_path / "media" / "imports" / "tableur").write_text(f"{MARK};{ADDRESS}")
    ImportRun.objects.filter(asked_by=person.pk).update(stored_as="tableur")
    cache.set(f"mfa.totp.used?user={person.pk}", "y", 300)
    with act(Actor(person.pk, "web")):
        own = Organisation.objects.get(pk=structures[0].pk)
        say(own, "own", {"contact_email": ADDRESS.title()}, version=own.version, fact=ORGANISATION_CORRECTED)
    return person


def every_cell() -> Iterator[tuple[str, str]]:
    """`table.column` and the text of each cell of the database."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    if isinstance(value, (bytes, memoryview)):
                        value = bytes(value).decode("utf-8", "replace")
                    yield f"{table}.{column}", str(value).lower()


def cells_with(*words: str) -> set[str]:
    return {place for place, text in every_cell() if any(word in text for word in words)}


def files_with(folder: Path, *words: str) -> set[str]:
    return {
        path.name
        for path in folder.rglob("*")
        if path.is_file() and any(word.encode() in path.read_bytes().lower() for word in words)
    }


def numbers(person: UUID) -> tuple[str, str]:
    return str(person), person.hex


def test_a_marked_person_is_whole_in_their_copy_and_nowhere_once_erased(
    marked: Person, indexed: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    person = marked.pk
    indexed()
    before = cells_with(MARK)
    assert len(before) > 20, "the mark is written in many places"
    assert len(files_with(tmp_path, MARK)) > 1

    copy = copy_of(person, timezone.now())
    empty = {one["code"] for one in copy["held"] if not one["rows"]}
    assert empty == set(), "each holding gives what was seeded of it"
    assert MARK in str(copy).lower()

    services.erase(SYSTEM, None, person)
    indexed()
    assert cells_with(MARK) == set()
    assert cells_with(*numbers(person)) <= NUMBER_STAYS
    assert files_with(tmp_path, MARK) == set(), "what was sent, the index, letters that no server takes"
    for code in collections:
        try:
            assert find(code, VISITOR, Query(words=MARK)).count == 0
        except IndexUnavailable:
            continue
    assert MARK not in caplog.text.lower()
    assert services.replay_erasures() == 0

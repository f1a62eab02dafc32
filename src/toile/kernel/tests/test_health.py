"""What is said of the installation to who watches it: ready, late, old, down."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from toile.kernel import health
from toile.kernel.models import Job, SearchChange
from toile.kernel.search import IndexUnavailable
from toile.kernel.search.reading import Position

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_collection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing to search, but what a test declares."""
    monkeypatch.setattr(health, "collections", {})


def test_a_site_whose_tables_are_of_this_version_is_ready(client: Client) -> None:
    answer = client.get("/-/pret")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "work": "ok", "search": "ok"})


def test_a_migration_that_is_missing_or_a_database_that_is_silent_refuses_pages(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    MigrationRecorder(connection).record_unapplied(*max(health._known()))
    answer = client.get("/-/pret")
    assert (answer.status_code, answer.json()["database"]) == (503, "old")

    def silent() -> str:
        raise DatabaseError

    monkeypatch.setattr(health, "_database", silent)
    answer = client.get("/-/pret")
    assert (answer.status_code, answer.json()) == (503, {"database": "down"})


def test_work_that_nobody_does_is_late_and_pages_are_served_all_the_same(client: Client) -> None:
    due = timezone.now() - health.LATE
    job = Job.objects.create(kind="tests.late", not_before=due + timedelta(minutes=1))
    assert client.get("/-/pret").json()["work"] == "ok"
    Job.objects.filter(pk=job.pk).update(not_before=due - timedelta(seconds=1))
    answer = client.get("/-/pret")
    assert (answer.status_code, answer.json()["work"]) == (200, "late")
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, lease=uuid4(), lease_until=timezone.now())
    assert client.get("/-/pret").json()["work"] == "ok"


def test_an_index_that_does_not_follow_is_late(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(code: str) -> Position:
        raise IndexUnavailable

    monkeypatch.setattr(health, "collections", {"things": None})
    monkeypatch.setattr(health, "position", missing)
    assert client.get("/-/pret").json()["search"] == "late", "there is none"

    change = SearchChange.objects.create(collection="things", ids=[])
    monkeypatch.setattr(health, "position", lambda code: Position(change.pk - 1))
    assert client.get("/-/pret").json()["search"] == "ok", "it has just been noted"
    SearchChange.objects.filter(pk=change.pk).update(noted_at=timezone.now() - health.LATE)
    assert client.get("/-/pret").json()["search"] == "late"

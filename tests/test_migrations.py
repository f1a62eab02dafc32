"""Migrations: none is forgotten, and they go forwards from nothing, and over data, on this database."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from toile.demo.services import load_demo
from toile.directory.models import Organisation
from toile.thread.models import Fact
from toile.thread.triggers import missing


@pytest.mark.django_db
def test_no_migration_is_forgotten() -> None:
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_migrating_again_over_the_demonstration_keeps_every_row_and_every_trigger(settings: Any) -> None:
    settings.DEMO = True
    load_demo()
    before = (Organisation.objects.count(), Fact.objects.count())
    assert before[0] > 400

    call_command("migrate", verbosity=0)

    assert (Organisation.objects.count(), Fact.objects.count()) == before
    assert missing() == []
    assert MigrationExecutor(connection).migration_plan(MigrationExecutor(connection).loader.graph.leaf_nodes()) == []

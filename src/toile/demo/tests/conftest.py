"""The demo, loaded, and its ten personas, for this room's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction

from toile.demo.personas import personas
from toile.demo.services import DemoReport, load_demo

PERSONAS = list(personas())
SIGNED_IN = [key for key, persona in personas().items() if persona.signs_in]

Enter = Callable[[str], Any]


@pytest.fixture
def demo_mode(settings: Any) -> None:
    """What TOILE_DEMO=1 sets: the demo, and no role that waits for a second factor."""
    settings.DEMO = True
    settings.TOILE_MFA_ROLES = frozenset()


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[DemoReport]:
    """The demo, loaded once for a module and taken back after it."""
    with django_db_blocker.unblock():
        held = transaction.atomic()
        held._from_testcase = True  # acts are durable: only a test's own transaction may hold them
        held.__enter__()
        report = load_demo()
    yield report
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        held.__exit__(None, None, None)


@pytest.fixture
def enter(loaded: DemoReport, demo_mode: None, db: Any, client: Any) -> Enter:
    """`enter("porteur")` is the client, once the button of that persona was pressed."""

    def press(key: str) -> Any:
        response = client.post(f"/demo/entrer/{key}/")
        assert (response.status_code, response.headers["Location"]) == (302, "/")
        return client

    return press

"""The demo, loaded, and its ten personas, for this room's tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

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


@pytest.fixture
def loaded(demo_mode: None, db: Any) -> DemoReport:
    return load_demo()


@pytest.fixture
def enter(loaded: DemoReport, client: Any) -> Enter:
    """`enter("porteur")` is the client, once the button of that persona was pressed."""

    def press(key: str) -> Any:
        response = client.post(f"/demo/entrer/{key}/")
        assert (response.status_code, response.headers["Location"]) == (302, "/")
        return client

    return press

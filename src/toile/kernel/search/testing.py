"""What tests share: no index but the test's own, built and brought up to date when the test says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session", autouse=True)
def no_index_of_the_installation(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A test that asks for no index finds none, whatever this machine serves."""
    from django.conf import settings  # noqa: PLC0415 -- once Django is configured

    settings.TOILE_SEARCH = tmp_path_factory.mktemp("search")


@pytest.fixture
def indexed(settings: Any, tmp_path: Path) -> Callable[[], int]:
    """Empty indexes of this test's own; `indexed()` brings all up to date, and says how many objects were read."""
    from .declaring import collections  # noqa: PLC0415 -- once Django is configured
    from .indexer import catch_up  # noqa: PLC0415 -- once Django is configured

    settings.TOILE_SEARCH = tmp_path / "search"

    def follow() -> int:
        return sum(catch_up(code) for code in collections)

    return follow

"""The one place where the thread's triggers are lifted: the flush after a transactional test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="session", autouse=True)
def flush_may_empty_the_thread() -> Iterator[None]:
    """Django's `TransactionTestCase` flushes all tables; only there, and only meanwhile, facts may be deleted."""
    from django.test import TransactionTestCase  # noqa: PLC0415 -- once Django is configured

    from . import triggers  # noqa: PLC0415 -- once Django is configured

    flush = TransactionTestCase._fixture_teardown

    def lifting(self: Any) -> None:
        with triggers.lifted():
            flush(self)

    TransactionTestCase._fixture_teardown = lifting  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = flush  # type: ignore[method-assign]

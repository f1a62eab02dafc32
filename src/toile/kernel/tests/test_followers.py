"""Followers: short steps that a worker takes between two jobs, until none has more to read."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from unittest.mock import patch

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

from toile.kernel.jobs import followers as module
from toile.kernel.jobs import run_worker
from toile.kernel.jobs.followers import PAUSE_AFTER_ERROR, follow, follows


@pytest.fixture(autouse=True)
def nobody_else() -> Iterator[None]:
    with patch.dict(module.followers, clear=True), patch.dict(module._paused_until, clear=True):
        yield


def test_each_is_followed_until_it_has_no_more_to_read() -> None:
    left = {"one": 3, "two": 1}
    taken: list[str] = []

    def step(name: str) -> bool:
        taken.append(name)
        left[name] -= 1
        return left[name] > 0

    follows("one")(lambda: step("one"))
    follows("two")(lambda: step("two"))
    follow()
    assert taken == ["one", "one", "one", "two"]


def test_one_that_breaks_pauses_and_holds_up_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    taken: list[str] = []
    now = [1000.0]
    monkeypatch.setattr(module, "monotonic", lambda: now[0])

    def broken() -> bool:
        taken.append("broken")
        raise ValueError("jeanne@exemple.fr")

    follows("broken")(broken)
    follows("sound")(lambda: taken.append("sound") or False)  # type: ignore[func-returns-value]
    follow()
    follow()
    assert taken == ["broken", "sound", "sound"]
    assert "follower broken broke" in caplog.text
    now[0] += PAUSE_AFTER_ERROR
    follow()
    assert taken[-2:] == ["broken", "sound"]


def test_a_database_that_does_not_answer_is_for_the_worker_to_wait_for() -> None:
    def away() -> bool:
        raise OperationalError("away")

    follows("away")(away)
    with pytest.raises(OperationalError):
        follow()


def test_one_that_never_ends_stops_with_the_worker() -> None:
    stop, taken = Event(), []

    def endless() -> bool:
        taken.append(1)
        if len(taken) == 5:
            stop.set()
        return True

    follows("endless")(endless)
    follow(stop)
    assert len(taken) == 5


@pytest.mark.django_db
def test_the_worker_follows_before_its_jobs() -> None:
    stop, taken = Event(), []
    follows("once")(lambda: taken.append(1) or stop.set() or False)  # type: ignore[func-returns-value]
    with patch("toile.kernel.jobs.worker.connection.close"):
        run_worker(stop, poll=0)
    assert taken == [1]


def test_two_followers_cannot_have_one_name() -> None:
    follows("name")(lambda: False)
    with pytest.raises(ImproperlyConfigured, match="name"):
        follows("name")(lambda: False)

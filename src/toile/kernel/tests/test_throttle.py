"""How often something may be done, and who counts as one."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from toile.kernel.throttle import Pace, may, network_of


@pytest.mark.django_db
def test_places_are_taken_one_by_one_and_told_apart() -> None:
    paces = [Pace(2, 60)]
    assert [may("essai", "a", paces) for _ in range(3)] == [True, True, False]
    assert may("essai", "b", paces) and may("autre", "a", paces)
    cache.clear()
    assert may("essai", "a", paces), "a place frees itself with its line in the cache"


@pytest.mark.django_db
def test_the_narrowest_pace_decides() -> None:
    paces = [Pace(5, 60), Pace(1, 3600)]
    assert [may("essai", "a", paces) for _ in range(2)] == [True, False]


def test_a_home_counts_once() -> None:
    assert network_of("2001:db8:1:2:3::4") == network_of("2001:db8:1:2::9") != network_of("2001:db8:1:3::9")
    assert (network_of("192.0.2.1"), network_of("")) == ("192.0.2.1", "")

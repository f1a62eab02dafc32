"""How often something may be done: places taken in the database cache, hence counted for all processes together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


@dataclass(frozen=True, slots=True)
class Pace:
    """At most `most` times in any `seconds`."""

    most: int
    seconds: int


def may(what: str, who: str, paces: Iterable[Pace]) -> bool:
    """Take one place of each pace for `who` to do `what`; False when one of them has none left.

    A place frees itself once its seconds have passed. `who` (an address, a person) is kept as a hash only. One
    statement or two a place looked at: keep `most` small.
    """
    name = salted_hmac("toile.kernel.throttle", f"{what} {who}", algorithm="sha256").hexdigest()[:40]
    return all(
        any(cache.add(f"pace:{name}:{pace.seconds}:{place}", 1, pace.seconds) for place in range(pace.most))
        for pace in paces
    )


def network_of(address: str) -> str:
    """Who shares an internet address: itself in IPv4, its /64 in IPv6, which one home holds whole; empty for none."""
    try:
        found = ip_address(address)
    except ValueError:  # a local socket
        return ""
    return str(found) if found.version == 4 else str(ip_network(f"{found}/64", strict=False))


def who_asks(request: HttpRequest) -> str:
    """The network that a request comes from; empty for what has no internet address (a local socket)."""
    try:
        return network_of(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return ""

"""Where a webhook may lead: public addresses, over HTTPS. Pure; asked when it is written and at each sending."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

LONGEST = 500
HTTPS_PORT = 443
FIRST_FREE_PORT = 1024
"""Below it, but for HTTPS, live other services (mail, SSH, databases' doors): nothing that listens to webhooks."""


class Wrong(StrEnum):
    """Why an address is refused."""

    UNREADABLE = "unreadable"
    NOT_HTTPS = "not_https"
    CREDENTIALS = "credentials"
    PORT = "port"
    NUMBER = "number"
    PRIVATE = "private"


class AddressRefused(ValueError):
    """An address that a webhook may not lead to."""

    def __init__(self, wrong: Wrong) -> None:
        super().__init__(wrong.value)
        self.wrong = wrong


@dataclass(frozen=True, slots=True)
class Target:
    """What to ask for: `host` as a name or a number written the usual way, `path` with its query."""

    is_tls: bool
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The header « Host »."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = HTTPS_PORT if self.is_tls else 80
        return host if self.port == usual else f"{host}:{self.port}"


_READABLE = re.compile(r"[!-~]+")
_NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))+")
# What a resolver, or the WHATWG's reading of addresses, may take for a number: 127.1, 0x7f.1, 2130706433, 0177.0.0.1.
_NUMBER = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)")
_NEVER_PUBLIC = ("localhost", "local", "internal", "intranet", "lan", "home.arpa", "test", "invalid", "onion")
"""Names of one machine or one network (RFC 6761, 6762, 8375), whatever they lead to."""


def target(url: str, *, loopback: bool = False) -> Target:
    """Read an address. Raises `AddressRefused`.

    loopback: also take `http://` to this very machine, for the tests and for who develops; nothing else changes.
    """
    if len(url) > LONGEST or not _READABLE.fullmatch(url):
        raise AddressRefused(Wrong.UNREADABLE)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise AddressRefused(Wrong.UNREADABLE) from None
    if parts.username is not None or parts.password is not None:
        raise AddressRefused(Wrong.CREDENTIALS)
    host = _host(parts.hostname or "", loopback)
    is_tls = parts.scheme == "https"
    if not is_tls and not (loopback and parts.scheme == "http" and _is_loopback(host)):
        raise AddressRefused(Wrong.NOT_HTTPS)
    port = port if port is not None else (HTTPS_PORT if is_tls else 80)
    if port != HTTPS_PORT and port < FIRST_FREE_PORT:
        raise AddressRefused(Wrong.PORT)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(is_tls, host, port, path)


def _host(host: str, loopback: bool) -> str:
    name = host.lower().removesuffix(".")
    number = _number(name)
    if number is not None:
        if not may_reach(number, loopback=loopback):
            raise AddressRefused(Wrong.PRIVATE)
        return str(number)
    if _NUMBER.fullmatch(name) or ":" in name:
        raise AddressRefused(Wrong.NUMBER)
    if any(name == end or name.endswith(f".{end}") for end in _NEVER_PUBLIC):
        raise AddressRefused(Wrong.PRIVATE)
    if not _NAME.fullmatch(name):
        raise AddressRefused(Wrong.UNREADABLE)
    return name


def _number(text: str) -> IPv4Address | IPv6Address | None:
    """The address that this text writes the usual way; one with a zone (fe80::1%eth0) is none."""
    if "%" in text:
        return None
    try:
        return ip_address(text)
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    number = _number(host)
    return number is not None and number.is_loopback


_ALSO_REFUSED = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "100.64.0.0/10",  # shared by a provider's customers (RFC 6598)
            "192.0.0.0/24",
            "192.88.99.0/24",  # relays of 6to4
            "198.18.0.0/15",  # benches
            "2001::/23",  # protocols, Teredo among them
            "fec0::/10",  # the private networks of old
        ),
    )
)
_CARRIERS = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"), ip_network("::/96"))
"""IPv6 networks whose last 32 bits are an IPv4 address (NAT64, RFC 6052; « compatible » addresses)."""


def may_reach(address: IPv4Address | IPv6Address, *, loopback: bool = False) -> bool:
    """Whether a webhook may be sent to this very address: one of the public internet, and no way around to another."""
    if loopback and address.is_loopback:
        return True
    if isinstance(address, IPv6Address):
        carried = _carried(address)
        if carried is not None:
            return may_reach(carried)
    if any(address in network for network in _ALSO_REFUSED if network.version == address.version):
        return False
    return address.is_global and not (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
    )


def _carried(address: IPv6Address) -> IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if any(address in network for network in _CARRIERS):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None

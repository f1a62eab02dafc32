"""One POST to one address that was just checked: bounded in time, no redirection followed, no answer read.

Why not a library: it would resolve the name again after our check. Here the socket goes to the very address that was
checked, and the certificate is still verified for the name.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Address, IPv6Address, ip_address
from threading import Timer

from .addresses import AddressRefused, Target, Wrong, may_reach

CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 3.0, 5.0, 10.0
MOST_ADDRESSES = 2

Address = IPv4Address | IPv6Address
Lookup = Callable[[str, int], Iterable[str]]


class NotFound(Exception):
    """The name leads to no address, or the resolver does not answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a POST. code: the HTTP status, None without one. problem: a code, empty when it was taken (2xx)."""

    code: int | None
    problem: str

    @property
    def is_taken(self) -> bool:
        return not self.problem

    @property
    def is_alive(self) -> bool:
        """Whether the other side answered and could take the next delivery: a refusal of this one only."""
        return self.code is not None and self.code < 500 and self.code != 429


def _system_lookup(host: str, port: int) -> Iterable[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return dict.fromkeys(str(line[4][0]) for line in found)


def addresses_of(target: Target, *, loopback: bool = False, lookup: Lookup = _system_lookup) -> list[Address]:
    """The addresses of this host, at most two. Raises `AddressRefused` if any of all is not public, `NotFound`.

    The system's resolver has no timeout: it is asked in a thread, and left there when it is too slow.
    """
    asking = ThreadPoolExecutor(1, thread_name_prefix="webhook-name")
    try:
        written = list(asking.submit(lookup, target.host, target.port).result(CONNECT_SECONDS))
    except (OSError, UnicodeError) as error:
        raise NotFound(target.host) from error
    finally:
        asking.shutdown(wait=False, cancel_futures=True)
    found = [ip_address(text.partition("%")[0]) for text in written]
    if not found:
        raise NotFound(target.host)
    if not all(may_reach(address, loopback=loopback) for address in found):
        raise AddressRefused(Wrong.PRIVATE)
    return found[:MOST_ADDRESSES]


class ToAddress(HTTPConnection):
    """A connection to an address already checked; the certificate is verified for the host's name."""

    def __init__(self, target: Target, address: Address, context: ssl.SSLContext | None) -> None:
        super().__init__(target.host, target.port, timeout=READ_SECONDS)
        self.target, self.address, self.context = target, address, context
        self.was_cut = False

    def connect(self) -> None:
        plain = socket.create_connection((str(self.address), self.target.port), CONNECT_SECONDS)
        self.sock = plain
        if self.target.is_tls:
            context = self.context or ssl.create_default_context()
            wrapped = context.wrap_socket(plain, server_hostname=self.target.host, do_handshake_on_connect=False)
            self.sock = wrapped
            wrapped.do_handshake()
        self.sock.settimeout(READ_SECONDS)

    def cut(self) -> None:
        """End it from another thread: who answers a letter at a time would hold it for hours."""
        self.was_cut = True
        if self.sock is not None:
            try:
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
            except OSError:
                return


def post(
    target: Target,
    headers: dict[str, str],
    body: bytes,
    *,
    loopback: bool = False,
    lookup: Lookup = _system_lookup,
    context: ssl.SSLContext | None = None,
) -> Answer:
    """Send `body`; ten seconds at most for each of two addresses. Never raises for what the other side does."""
    try:
        addresses = addresses_of(target, loopback=loopback, lookup=lookup)
    except NotFound:
        return Answer(None, "not_found")
    except AddressRefused:
        return Answer(None, "private")
    answer = Answer(None, "connection")
    for address in addresses:
        answer = _post_to(ToAddress(target, address, context), target, headers, body)
        if answer.code is not None or answer.problem != "connection":
            break
    return answer


def _post_to(connection: ToAddress, target: Target, headers: dict[str, str], body: bytes) -> Answer:
    cutting = Timer(WHOLE_SECONDS, connection.cut)
    cutting.daemon = True
    cutting.start()
    try:
        connection.request("POST", target.path, body, {**headers, "Host": target.authority, "Connection": "close"})
        code = connection.getresponse().status
    except ssl.SSLError:
        return Answer(None, "silent" if connection.was_cut else "tls")
    except TimeoutError:
        return Answer(None, "silent")
    except (OSError, HTTPException):
        return Answer(None, "silent" if connection.was_cut else "connection")
    finally:
        cutting.cancel()
        connection.close()
    if 200 <= code < 300:
        return Answer(code, "")
    return Answer(code, "redirected" if 300 <= code < 400 else "refused")

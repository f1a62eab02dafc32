"""Where a webhook may lead, when it is tried again, how it is signed: rules without database nor network."""

from __future__ import annotations

import hashlib
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.thread.webhooks import signing, verify_example
from toile.thread.webhooks.addresses import AddressRefused, Target, Wrong, may_reach, target
from toile.thread.webhooks.schedule import LASTS, next_try

# fmt: off
PRIVATE = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.254", "127.0.0.1", "127.1.2.3",
    "169.254.169.254", "169.254.0.1", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1",
    "192.168.0.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1",
    "255.255.255.255",
    "::", "::1", "fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "2001::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::",
]
PUBLIC = [
    "1.1.1.1", "9.9.9.9", "80.67.169.12", "172.15.0.1", "172.32.0.1", "192.167.1.1", "2606:4700::1111",
    "::ffff:1.1.1.1",
]
# fmt: on


@pytest.mark.parametrize("text", PRIVATE)
def test_no_address_of_a_private_network_may_be_reached(text: str) -> None:
    assert not may_reach(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_the_public_internet_may_be_reached(text: str) -> None:
    assert may_reach(ip_address(text))


def test_this_machine_may_be_reached_only_where_it_is_said_and_nothing_else_then() -> None:
    assert may_reach(ip_address("127.0.0.1"), loopback=True)
    assert may_reach(ip_address("::1"), loopback=True)
    assert not any(may_reach(ip_address(text), loopback=True) for text in ("10.0.0.1", "169.254.169.254", "0.0.0.0"))


REFUSED = {
    "": Wrong.UNREADABLE,
    "exemple.org/reception": Wrong.UNREADABLE,
    "https://": Wrong.UNREADABLE,
    "https:///chemin": Wrong.UNREADABLE,
    "https://exemple.org/ espace": Wrong.UNREADABLE,
    "https://exemple.org/\r\nHost: autre": Wrong.UNREADABLE,
    "https://éxemple.org/": Wrong.UNREADABLE,
    "https://[::1": Wrong.UNREADABLE,
    "https://exemple.org:99999/": Wrong.UNREADABLE,
    "https://serveur/": Wrong.UNREADABLE,
    "https://exemple_org.fr/": Wrong.UNREADABLE,
    "https://exemple.org/" + 500 * "a": Wrong.UNREADABLE,
    "http://exemple.org/": Wrong.NOT_HTTPS,
    "ftp://exemple.org/": Wrong.NOT_HTTPS,
    "https://moi:secret@exemple.org/": Wrong.CREDENTIALS,
    "https://exemple.org@10.0.0.1/": Wrong.CREDENTIALS,
    "https://exemple.org:25/": Wrong.PORT,
    "https://exemple.org:80/": Wrong.PORT,
    "https://127.0.0.1/": Wrong.PRIVATE,
    "https://10.1.2.3/": Wrong.PRIVATE,
    "https://169.254.169.254/latest/meta-data/": Wrong.PRIVATE,
    "https://0.0.0.0/": Wrong.PRIVATE,
    "https://[::1]/": Wrong.PRIVATE,
    "https://[fc00::1]/": Wrong.PRIVATE,
    "https://[::ffff:127.0.0.1]/": Wrong.PRIVATE,
    "https://localhost/": Wrong.PRIVATE,
    "https://localhost./": Wrong.PRIVATE,
    "https://LOCALHOST:8443/": Wrong.PRIVATE,
    "https://x.localhost/": Wrong.PRIVATE,
    "https://imprimante.local/": Wrong.PRIVATE,
    "https://base.internal/": Wrong.PRIVATE,
    "https://intranet/": Wrong.PRIVATE,
    "https://2130706433/": Wrong.NUMBER,
    "https://0x7f000001/": Wrong.NUMBER,
    "https://0x7f.1/": Wrong.NUMBER,
    "https://0177.0.0.1/": Wrong.NUMBER,
    "https://127.1/": Wrong.NUMBER,
    "https://127.0.0.1.2/": Wrong.NUMBER,
    "https://[fe80::1%25eth0]/": Wrong.NUMBER,
}


@pytest.mark.parametrize("url", REFUSED)
def test_what_is_no_public_https_address_is_refused_with_its_reason(url: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        target(url)
    assert refused.value.wrong == REFUSED[url]


def test_an_address_is_read_as_it_will_be_asked_for() -> None:
    assert target("https://Exemple.ORG./a/b?c=d#e") == Target(True, "exemple.org", 443, "/a/b?c=d")
    assert target("https://exemple.org:8443").authority == "exemple.org:8443"
    assert target("https://[2606:4700::1111]/x").authority == "[2606:4700::1111]"
    assert target("http://127.0.0.1:9000/x", loopback=True) == Target(False, "127.0.0.1", 9000, "/x")
    with pytest.raises(AddressRefused):
        target("http://exemple.org/x", loopback=True)


@given(st.integers(0, 2**32 - 1))
def test_every_writing_of_a_number_leads_where_the_number_does(number: int) -> None:
    usual = str(ip_address(number))
    for text in (usual, f"[::ffff:{usual}]"):
        assert _is_taken(f"https://{text}/") == may_reach(ip_address(number))
    assert not any(_is_taken(f"https://{text}/") for text in (str(number), hex(number), f"0{number:o}"))


def _is_taken(url: str) -> bool:
    try:
        target(url)
    except AddressRefused:
        return False
    return True


# --- When ------------------------------------------------------------------------------------------------------------


def test_a_delivery_is_tried_eight_times_in_twenty_four_hours_and_no_more() -> None:
    first = now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    waited = []
    for tries in range(1, 10):
        again = next_try(first, tries, now)
        if again is None:
            break
        waited.append(again - first)
        now = again
    hours = [round(wait.total_seconds() / 3600, 2) for wait in waited]
    assert hours == [0.02, 0.1, 0.6, 2.6, 8.6, 20.6, 24]
    assert next_try(first, 3, first + LASTS) is None


def test_a_worker_that_comes_late_still_gives_up_at_the_end() -> None:
    first = datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert next_try(first, 2, first + timedelta(hours=23, minutes=58)) == first + LASTS
    assert next_try(first, 2, first + timedelta(days=3)) is None


# --- Signed ----------------------------------------------------------------------------------------------------------


def hmac_by_hand(key: bytes, message: bytes) -> str:
    """RFC 2104, written from its text."""
    key = hashlib.sha256(key).digest() if len(key) > 64 else key
    key = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key) + message).digest()
    return hashlib.sha256(bytes(byte ^ 0x5C for byte in key) + inner).hexdigest()


@given(st.text(st.characters(codec="ascii"), min_size=1, max_size=90), st.binary(max_size=200))
def test_the_signature_is_that_of_the_rfc(secret: str, body: bytes) -> None:
    assert signing.signature(secret, 1790000000, body) == f"v1={hmac_by_hand(secret.encode(), b'1790000000.' + body)}"


def test_the_example_of_the_guide_takes_what_is_ours_and_refuses_the_rest() -> None:
    now, body = int(time.time()), '{"fact":"à l’été"}'.encode()
    sent = signing.headers("secret", "id", now, body)
    assert verify_example.is_from_toile("secret", sent, body)
    assert not verify_example.is_from_toile("autre", sent, body)
    assert not verify_example.is_from_toile("secret", sent, body + b" ")
    assert not verify_example.is_from_toile("secret", sent | {"Toile-Timestamp": str(now + 1)}, body)
    assert not verify_example.is_from_toile("secret", {}, body)
    old = signing.headers("secret", "id", now - 301, body)
    assert not verify_example.is_from_toile("secret", old, body)

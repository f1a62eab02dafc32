"""One POST, whatever the other side does: no redirection, no waiting, no second resolution of the name."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from toile.thread.webhooks import sending
from toile.thread.webhooks.addresses import AddressRefused, Target, target
from toile.thread.webhooks.sending import Answer, NotFound, addresses_of, post

from .receiving import Receiver, receiver


@pytest.fixture
def other() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


def sent(other: Receiver) -> Answer:
    return post(target(other.url, loopback=True), {"X-Ours": "1"}, b"{}", loopback=True)


def test_a_delivery_is_a_post_with_its_body_and_its_headers(other):
    assert sent(other) == Answer(204, "")
    (request,) = other.requests
    assert request.line == "POST /reception HTTP/1.1"
    assert (request.body, request.headers["x-ours"]) == (b"{}", "1")
    assert request.headers["host"] == f"127.0.0.1:{other.port}"


def test_a_redirection_is_not_followed(other):
    with receiver() as elsewhere:
        other.answers("302 Found", f"Location: {elsewhere.url}")
        assert sent(other) == Answer(302, "redirected")
        assert elsewhere.requests == []


def test_a_refusal_is_told_with_its_code(other):
    other.answers("500 Oops")
    assert sent(other) == Answer(500, "refused")
    assert not sent(other).is_alive
    other.answers("422 Non")
    assert sent(other).is_alive


def test_who_never_answers_is_left(other, monkeypatch):
    monkeypatch.setattr(sending, "READ_SECONDS", 0.2)
    other.answer = None
    start = time.monotonic()
    assert sent(other) == Answer(None, "silent")
    assert time.monotonic() - start < 2


def test_who_answers_a_letter_at_a_time_is_left_too(other, monkeypatch):
    monkeypatch.setattr(sending, "WHOLE_SECONDS", 0.4)
    other.answer, other.drip = b"HTTP/1.1 200 OK\r\nX: " + b"y" * 500, 0.05
    start = time.monotonic()
    assert sent(other) == Answer(None, "silent")
    assert time.monotonic() - start < 2


def test_a_long_answer_is_not_read(other):
    other.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n" + b"z" * 5000
    start = time.monotonic()
    assert sent(other) == Answer(200, "")
    assert time.monotonic() - start < 2


def test_what_is_no_http_and_a_closed_door_are_told(other):
    other.answer = b"bonjour\r\n\r\n"
    assert sent(other).problem == "connection"
    closed = Target(False, "127.0.0.1", 1, "/")
    assert post(closed, {}, b"", loopback=True) == Answer(None, "connection")


def test_the_name_is_resolved_once_and_each_of_its_addresses_must_be_public(other):
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["1.1.1.1"] if len(asked) > 1 else ["127.0.0.1"]

    to = Target(False, "exemple.org", other.port, "/reception")
    assert post(to, {}, b"{}", loopback=True, lookup=rebinding) == Answer(204, "")
    assert asked == ["exemple.org"]
    assert other.requests[0].headers["host"] == f"exemple.org:{other.port}"
    for private in ("127.0.0.1", "10.0.0.1", "::ffff:10.0.0.1", "fe80::1%eth0"):
        with pytest.raises(AddressRefused):
            addresses_of(to, lookup=lambda host, port, private=private: ["1.1.1.1", private])
        assert post(to, {}, b"{}", lookup=lambda host, port, private=private: [private]) == Answer(None, "private")
    assert len(other.requests) == 1


def test_a_resolver_that_does_not_answer_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(sending, "CONNECT_SECONDS", 0.1)
    to = Target(True, "exemple.org", 443, "/")
    with pytest.raises(NotFound):
        addresses_of(to, lookup=lambda host, port: time.sleep(1) or [])

    def unknown(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    assert post(to, {}, b"", lookup=unknown) == Answer(None, "not_found")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for recepteur.example, that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "recepteur.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("recepteur.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_the_certificate_must_be_that_of_the_name_though_we_go_to_a_number(certificate):
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate)
    trusting = ssl.create_default_context(cafile=str(certificate))
    with receiver(serving) as other:

        def reach(host: str, context: ssl.SSLContext | None) -> Answer:
            to = Target(True, host, other.port, "/")
            return post(to, {}, b"{}", loopback=True, lookup=lambda *_: ["127.0.0.1"], context=context)

        assert reach("recepteur.example", trusting) == Answer(204, "")
        assert reach("autre.example", trusting) == Answer(None, "tls")
        assert reach("recepteur.example", None) == Answer(None, "tls")
        assert len(other.requests) == 1

"""The signature of a delivery: HMAC-SHA256 over the moment and the body (domain L10). Pure."""

from __future__ import annotations

import hashlib
import hmac

SIGNATURE, TIMESTAMP, IDENTIFIER = "Toile-Signature", "Toile-Timestamp", "Toile-Id"
VERSION = "v1"


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """`v1=` and the digest, in hexadecimal, of « timestamp.body »."""
    signed = f"{timestamp}.".encode() + body
    return f"{VERSION}={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


def headers(secret: str, identifier: str, timestamp: int, body: bytes) -> dict[str, str]:
    """What a delivery carries: what it is, when it was signed, and the proof that we wrote it."""
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Toile-Webhook/1",
        IDENTIFIER: identifier,
        TIMESTAMP: str(timestamp),
        SIGNATURE: signature(secret, timestamp, body),
    }

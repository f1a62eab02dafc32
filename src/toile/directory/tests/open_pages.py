"""Sending a form that anybody may send, as a browser does once the page was read."""

from __future__ import annotations

from typing import Any

from django.core.signing import TimestampSigner, b62_encode
from django.utils import timezone

HERE = "192.0.2.1"


class _Then(TimestampSigner):
    """A stamp of the past."""

    seconds_ago = 0

    def timestamp(self) -> str:
        return b62_encode(int(timezone.now().timestamp()) - self.seconds_ago)


def stamp(purpose: str, seconds_ago: int) -> str:
    """What the page of `purpose` carried when it was drawn that long ago."""
    signer = _Then(salt=f"toile.open_form.{purpose}")
    signer.seconds_ago = seconds_ago
    return signer.sign("now")


def send(
    client: Any, url: str, purpose: str, *, seconds_ago: int = 60, address: str = "192.0.2.1", **given: str
) -> Any:
    """Post the form of `purpose` to `url`, its page having been open `seconds_ago`."""
    return client.post(url, {"drawn": stamp(purpose, seconds_ago)} | given, REMOTE_ADDR=address)

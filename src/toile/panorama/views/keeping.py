"""Published pages kept as they were written: an edition is frozen, so its page is made once for everybody."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final

from django.core.cache import cache
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from toile.panorama.models import Edition, EditionState
from toile.panorama.queries.editions import stamp

SECONDS: Final = 600
"""What a page says that no edition holds (the name of a commune) is this late at most."""


def kept(edition: Edition, write: Callable[[], str]) -> SafeString:
    """What `write` gives for a published edition, kept until one is published, replaced or printed. 2 statements.

    What the team alone reads is written anew each time.
    """
    if edition.state not in EditionState.public():
        return SafeString(write())
    said = f"{edition.pk} {edition.state} {edition.checksum} {stamp()} {get_language()}"
    key = f"panorama:{hashlib.sha256(said.encode()).hexdigest()[:40]}"
    body = cache.get(key)
    if body is None:
        body = str(write())
        cache.set(key, body, SECONDS)
    # Safe: a template wrote it.
    return SafeString(body)

"""The words of the stream (text/event-stream): facts as this reader's page shows them, and what keeps it alive."""

from __future__ import annotations

import json
from collections.abc import Sequence
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.translation import override

from toile.kernel.readers import Reader
from toile.thread.queries import Entry, entries

from .queries import Happened

RELOAD = b"event: reload\ndata: {}\n\n"
"""Too much was missed to be told one by one, or the reader is no longer who they were: load the page again."""


def opening(milliseconds: int) -> bytes:
    """The first words: how long to wait before coming back after a cut."""
    return b"retry: %d\n\n" % milliseconds


def beat(cursor: int) -> bytes:
    """Nothing new: keeps relays from closing, and moves the browser's own place in the log without an event."""
    return b": \nid: %d\n\n" % cursor


def told(reader: Reader, happened: Sequence[Happened], followed: frozenset[UUID], language: str) -> dict[int, bytes]:
    """Each fact as one event, by number, for who holds them visible. 1 query a naming room.

    The subjects that are followed are left out of the sentences, as their own page does.
    """
    facts = [one.fact for one in happened]
    about = {one.fact.pk: one.about for one in happened}
    with override(language):
        return {entry.id: _event(entry) for entry in entries(reader, facts, about, own=followed)}


def _event(entry: Entry) -> bytes:
    data = {
        "id": entry.id,
        "kind": entry.kind,
        "happened_at": entry.happened_at.isoformat(),
        "sentence": entry.text,
        "html": render_to_string("thread/entry.html", {"entry": entry}).strip(),
    }
    # JSON on one line: an event's data may hold no line break.
    return f"id: {entry.id}\nevent: fact\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()

"""News written for a test, through the services that people use."""

from __future__ import annotations

from typing import Any

from toile.directory.models import News, Organisation
from toile.directory.rules.news import Kind
from toile.directory.services.news import Told, draft, publish
from toile.kernel.acts import Actor
from toile.kernel.readers import Reader

from .conftest import reader_with
from .structures import make


def drafted(organisation: Organisation | None = None, reader: Reader | None = None, **said: Any) -> News:
    """A draft of a structure, written by one of its people."""
    about = organisation or make("La structure qui parle")
    writer = reader or reader_with(organisations=[about])
    told = Told(**{"kind": Kind.NEWS, "title": "Un titre", "text": "Un texte."} | said)
    return draft(Actor.of(writer), writer, about, told)


def published(organisation: Organisation | None = None, reader: Reader | None = None, **said: Any) -> News:
    """The same, published."""
    made = drafted(organisation, reader, **said)
    writer = reader or reader_with(organisations=[made.organisation])
    publish(Actor.of(writer), writer, made)
    return News.objects.get(pk=made.pk)

"""Structures made for a test, through the service that stores what one source tells whole."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from toile.directory import contexts
from toile.directory.models import Organisation
from toile.directory.models.organisations import Openness
from toile.directory.services import add_records
from toile.kernel.acts import Actor, act

BASE = {
    "name": "Sans nom", "postal_code": "42000", "city": "Saint-Étienne", "file": "essai.txt", "words": "ses mots",
}  # fmt: skip


def make_all(*several: dict[str, Any], source: str = "document", **defaults: Any) -> list[Organisation]:
    """Organisations that `source` tells with these payloads (fields of `rules.reading.read_fields`), in order."""
    ids = [uuid4() for _ in several]
    rows: list[tuple[UUID, str, str, dict[str, Any]]] = [
        (pk, source, f"essai-{pk}", BASE | payload) for pk, payload in zip(ids, several, strict=True)
    ]
    with act(Actor.system("essai")):
        add_records(contexts.current(), rows, defaults=dict.fromkeys(ids, defaults) if defaults else {})
    found = Organisation.objects.in_bulk(ids)
    return [found[pk] for pk in ids]


def make(name: str = "La structure", **payload: Any) -> Organisation:
    """One public organisation at Saint-Étienne, unless said otherwise."""
    return make_all({"name": name} | payload)[0]


def make_private(name: str = "Le projet", **payload: Any) -> Organisation:
    """A project that only its members see."""
    return make_all({"name": name, "stage": "project"} | payload, openness=Openness.MEMBERS)[0]

"""Organisations that one source tells whole: the demo, a project's holder, a person of the team."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone

from toile.directory import contexts
from toile.directory.facts import ORGANISATION_ADDED
from toile.directory.imports.rows import NewRecord
from toile.directory.models import Organisation, SourceRecord
from toile.directory.permissions import ADD
from toile.directory.portraits import Context, save_portraits
from toile.kernel.acts import Actor, act
from toile.kernel.permissions import require
from toile.kernel.readers import Reader
from toile.thread.services import record


def add_records(
    context: Context,
    rows: Iterable[tuple[UUID, str, str, Mapping[str, Any]]],
    *,
    defaults: Mapping[UUID, Mapping[str, Any]],
) -> int:
    """Store organisations that one source tells whole: (id, source, external id, payload). Inside an act; safe twice.

    Used where identity is known beforehand (the demo, a project that its holder tells). Returns how many are new.
    """
    several = list(rows)
    have = set(
        SourceRecord.objects.filter(external_id__in=[row[2] for row in several]).values_list("source", "external_id")
    )
    created, touched, read = [], {}, {}
    for pk, source, external_id, payload in several:
        if (source, external_id) in have:
            continue
        new = NewRecord.of(source, external_id, payload)
        read[source, external_id] = new.said
        touched[pk] = True
        created.append(
            SourceRecord(
                source=source,
                external_id=external_id,
                organisation_id=pk,
                payload=dict(payload),
                establishment_id=uuid.uuid5(pk, "place") if new.said.establishment else None,
                checksum=new.checksum,
                said_on=new.said.said_on,
            )
        )
    return save_portraits(context, touched=touched, created=created, read=read, defaults=defaults).created


def add(actor: Actor, reader: Reader, values: Mapping[str, Any]) -> Organisation:
    """Add a structure that no source names yet, told by a person of the team; its page is public at once.

    values: fields of `rules.reading.read_fields`, a name at least; empty ones are left out.
    """
    require(reader, ADD.code)
    pk = uuid.uuid4()
    payload = {name: value for name, value in values.items() if value not in (None, "", [])}
    payload["said_on"] = timezone.localdate().isoformat()
    with act(actor):
        add_records(contexts.current(), [(pk, "moderator", str(pk), payload)], defaults={})
        record(ORGANISATION_ADDED, about=[pk])
    return Organisation.objects.get(pk=pk)

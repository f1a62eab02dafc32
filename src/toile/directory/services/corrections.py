"""What a structure's own people, or the team, say of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from toile.directory import contexts
from toile.directory.facts import MEMBERSHIP_DECIDED, ORGANISATION_CORRECTED, Changed
from toile.directory.imports.rows import NewRecord
from toile.directory.models import Organisation, SourceRecord
from toile.directory.permissions import CORRECT, DECIDE
from toile.directory.portraits import Saved, save_portraits
from toile.directory.rules.preferring import FOLLOWED_BY
from toile.directory.rules.reading import read
from toile.directory.rules.undoing import PEOPLE, words_between
from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict
from toile.kernel.permissions import require
from toile.kernel.readers import Reader
from toile.thread.kinds import Kind
from toile.thread.services import record


def correct(
    actor: Actor, reader: Reader, organisation: Organisation, values: Mapping[str, Any], *, version: int
) -> None:
    """Write what the structure's own people (or a moderator) say of it: it wins over every import.

    values: fields of `rules.reading.read_fields`; an empty value withdraws the correction of that field; without any,
    nothing is written. version: that of the page the person saw; raises `Conflict` when somebody saved since.
    """
    require(reader, CORRECT.code, owners=organisation.owners(), state=organisation.state)
    source = "own" if organisation.pk in reader.organisations else "moderator"
    with act(actor):
        say(organisation, source, values, version=version, fact=ORGANISATION_CORRECTED)


def decide(
    actor: Actor, reader: Reader, organisation: Organisation, *, is_ess: bool | None, reason: str, version: int
) -> None:
    """Say, as a person of the team, whether a structure is of the ESS, and why; None leaves it to the rules again.

    It is the first rule of the verdict (domain A9). Raises `Conflict` when the page was saved since `version`.
    """
    require(reader, DECIDE.code)
    author = gettext_noop("Une personne de l’équipe") if is_ess is not None else None
    values = {"correction": is_ess, "decided_because": reason, "decided_by": author}
    with act(actor):
        if not say(organisation, "moderator", values, version=version, fact=MEMBERSHIP_DECIDED):
            # The verdict was already so: that somebody confirms it is told all the same.
            record(MEMBERSHIP_DECIDED, about=[organisation.pk], data=Changed(["ess_verdict"], "moderator"))


def say(organisation: Organisation, source: str, values: Mapping[str, Any], *, version: int, fact: Kind) -> bool:
    """Write what people say of a structure in their own record; whether a fact told a visible change.

    What they write of a field takes back the preference that anybody had for another source's value of it.
    """
    records = said_by_people(organisation, version=version)
    if not values:
        return False
    payloads = {
        writer: payload | {"prefer": prefer}
        for writer, payload in records.items()
        if (prefer := _still_preferred(payload, values)) != payload.get("prefer", {})
    }
    said = payloads.get(source) or records.get(source) or {}
    payloads[source] = {**said, **values, "said_on": timezone.localdate().isoformat()}
    saved = write_said(organisation, payloads, source=source, fact=fact)
    return organisation.pk in saved.changed


def said_by_people(organisation: Organisation, *, version: int) -> dict[str, dict[str, Any]]:
    """The payload of each record that people wrote of an organisation, by source; the organisation stays locked.

    Raises `Conflict` when the page was saved since `version`. 2 statements.
    """
    now = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if now.version != version:
        raise Conflict(
            _("Quelqu’un a enregistré cette fiche depuis que vous l’avez ouverte : comparez, puis recommencez.")
        )
    written = SourceRecord.objects.filter(source__in=PEOPLE, external_id=str(organisation.pk)).order_by("source")
    return {stored.source: stored.payload for stored in written}


def named_besides(organisation: UUID, *, writer: str) -> bool:
    """Whether another source names a structure than what this writer says of it. 1 statement."""
    own = Q(source=writer, external_id=str(organisation))
    others = SourceRecord.objects.filter(organisation=organisation).exclude(own).order_by("pk")
    return any(read(other.source, other.payload).organisation.get("name") for other in others)


def write_said(
    organisation: Organisation, payloads: Mapping[str, Mapping[str, Any]], *, source: str, fact: Kind | None
) -> Saved:
    """Store what people say of an organisation, by source, and assemble it again; what is empty is no longer said.

    fact: the kind that tells a visible change, with `source`; None when the caller tells it in its own words.
    """
    rows = SourceRecord.objects.filter(source__in=payloads, external_id=str(organisation.pk)).order_by("source")
    before = {stored.source: stored for stored in rows}
    words = words_between({writer: stored.payload for writer, stored in before.items()}, payloads)
    created: list[SourceRecord] = []
    changed: list[SourceRecord] = []
    for writer, said in payloads.items():
        payload = {name: value for name, value in said.items() if value not in (None, "", [], {})}
        new = NewRecord.of(writer, str(organisation.pk), payload)
        old = before.get(writer)
        (changed if old else created).append(
            SourceRecord(
                pk=old.pk if old else None,
                source=writer,
                external_id=new.external_id,
                organisation=organisation,
                establishment_id=(old.establishment_id if old else None) or _place_of(organisation, new),
                payload=payload,
                checksum=new.checksum,
                said_on=new.said.said_on,
            )
        )
    return save_portraits(
        contexts.current(),
        touched={organisation.pk: False},
        source=source,
        created=created,
        changed=changed,
        words={organisation.pk: words},
        **({"fact": fact} if fact else {"quiet": (organisation.pk,)}),
    )


def _still_preferred(payload: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The preferences of a record that a correction of these fields leaves."""
    return {
        field: choice
        for field, choice in payload.get("prefer", {}).items()
        if not {field, *FOLLOWED_BY[field]} & values.keys()
    }


def _place_of(organisation: Organisation, new: NewRecord) -> UUID | None:
    """The establishment a correction of the address is about: the one shown, or a new one."""
    if not new.said.establishment:
        return organisation.main_id
    return organisation.main_id or uuid.uuid4()

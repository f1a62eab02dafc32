"""Which of the values that sources gave a person prefers for a field, and why."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from toile.directory.facts import FIELD_PREFERRED, Preferred
from toile.directory.models import Organisation
from toile.directory.models.organisations import Openness
from toile.directory.permissions import PREFER
from toile.directory.rules.assembly import Statement
from toile.directory.rules.preferring import FOLLOWED_BY, letters
from toile.directory.services.corrections import said_by_people, write_said
from toile.kernel.acts import Actor, act
from toile.kernel.errors import UserError
from toile.kernel.permissions import require
from toile.kernel.readers import Reader
from toile.thread.kinds import Visibility
from toile.thread.services import record


class NotPreferable(UserError):
    """A field between whose values nobody chooses: an identifier, or what is computed."""


def prefer(
    actor: Actor,
    reader: Reader,
    organisation: Organisation,
    field: str,
    chosen: Statement | None,
    *,
    because: str,
    version: int,
) -> None:
    """Show the value that one record gave to `field`, whatever the rule would choose; None leaves it to the rule.

    because: the reason, shown on the page. The preference holds as long as that record says the same. Raises `Conflict`
    when the page was saved since `version`, `NotPreferable` for a field without choice.
    """
    require(reader, PREFER.code, owners=organisation.owners(), state=organisation.state)
    if field not in FOLLOWED_BY:
        raise NotPreferable(_("Ce champ ne se choisit pas : il dit de quelle structure il s’agit."))
    writer = "own" if organisation.pk in reader.organisations else "moderator"
    with act(actor):
        records = said_by_people(organisation, version=version)
        # One preference a field: the last person's, whoever had said otherwise.
        payloads = {source: _without(payload, field) for source, payload in records.items() if _prefers(payload, field)}
        if chosen is None and not payloads:
            return
        if chosen is not None:
            source, _colon, external_id = chosen.record.partition(":")
            said = payloads.get(writer) or records.get(writer) or {"said_on": timezone.localdate().isoformat()}
            choice = {
                "source": source,
                "external_id": external_id,
                "said": letters(chosen.value),
                "because": because,
            }
            payloads[writer] = said | {"prefer": said.get("prefer", {}) | {field: choice}}
        write_said(organisation, payloads, source=writer, fact=None)
        # Whoever has the page open must see it, even where the value shown stays the same.
        if not Organisation.objects.filter(pk=organisation.pk, version__gt=version).exists():
            Organisation.objects.filter(pk=organisation.pk).update(version=version + 1)
        narrowed = None if organisation.openness == Openness.PUBLIC else Visibility.MEMBERS
        told = Preferred(field, chosen.source if chosen else "")
        record(FIELD_PREFERRED, about=[organisation.pk], data=told, visibility=narrowed)


def _prefers(payload: dict[str, Any], field: str) -> bool:
    return field in payload.get("prefer", {})


def _without(payload: dict[str, Any], field: str) -> dict[str, Any]:
    kept = {name: choice for name, choice in payload["prefer"].items() if name != field}
    return payload | {"prefer": kept}

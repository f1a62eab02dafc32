"""What was written for a structure since a merge, and giving it to the other one at the split."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from toile.directory.belongings import AtSplit, Belonging, Written, belongings, declare
from toile.directory.clusters import ages, sides_of
from toile.directory.facts import FIELD_LABELS, MEMBER_LEFT, ORGANISATION_CORRECTED
from toile.directory.models import Confirmation, Judgement, Membership, Organisation, Photo, SourceRecord
from toile.directory.models.memberships import MemberRole
from toile.directory.rules.undoing import PEOPLE, TOGETHER, WITH
from toile.directory.services.corrections import named_besides, say
from toile.directory.services.members import begin
from toile.directory.services.photos import give_photos
from toile.kernel.typography import french_number
from toile.thread.queries import count_about
from toile.thread.services import record

LABELS: Final[Mapping[str, str | Promise]] = {
    **FIELD_LABELS,
    "correction": gettext_lazy("son appartenance à l’ESS, décidée par une personne"),
}
MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing written since the merge: whose it is today, to whom it would go."""

    belonging: Belonging
    written: Written
    to: UUID

    @property
    def key(self) -> str:
        return f"{self.belonging.code} {self.written.key}"


def written_since(judgement: Judgement) -> list[Asked]:
    """What a person is asked about before this judgement is taken back; nothing when it parts nobody.

    The statements of `sides_of`, one more, then those of each belonging.
    """
    sides = sides_of(judgement)
    if sides is None:
        return []
    everybody = sides[0] | sides[1]
    known = ages(everybody)
    shown = [min(side, key=known.__getitem__) for side in sides]
    other = {pk: shown[1 - number] for number, side in enumerate(sides) for pk in side}
    return [
        Asked(belonging, one, other[one.organisation])
        for belonging in belongings.values()
        if belonging.at_split
        for one in belonging.at_split.written(everybody, judgement.made_at)
    ]


def give(chosen: Sequence[Asked]) -> None:
    """Give each of these to the other structure, inside the act that parts the two."""
    for belonging, to in dict.fromkeys((one.belonging, one.to) for one in chosen):
        assert belonging.at_split is not None
        keys = [one.written.key for one in chosen if (one.belonging, one.to) == (belonging, to)]
        belonging.at_split.move(keys, to)


# --- What people wrote on the page -----------------------------------------------------------------------------------


def _said_since(organisations: Collection[UUID], since: datetime) -> list[Written]:
    """Each field shown that a person wrote of these structures in a record that was saved since. 1 statement."""
    return [
        Written(
            f"{stored.pk} {name} {stored.checksum}",
            _("ce qu’une personne a écrit : %(field)s") % {"field": LABELS[name]},
            stored.organisation_id,
            value=value if isinstance(value := stored.payload.get(name), str) else "",
        )
        for stored in _spoken(organisation__in=organisations, last_seen__gt=since)[:MOST]
        for name in dict.fromkeys(WITH.get(name, name) for name in stored.payload)
        if name in LABELS
    ]


def _spoken(**lookup: Any) -> Any:
    return SourceRecord.objects.filter(source__in=PEOPLE, **lookup).order_by("organisation", "source", "pk")


def _say_again(keys: Sequence[str], to: UUID) -> None:
    """Have these fields said of the other organisation, and no longer of the first."""
    fields: dict[str, list[str]] = {}
    for key in keys:
        stored, name, _checksum = key.split(" ")
        fields.setdefault(stored, []).extend(TOGETHER.get(name, (name,)))
    for stored in _spoken(pk__in=fields):
        moved = {name: stored.payload[name] for name in fields[str(stored.pk)] if name in stored.payload}
        _say(to, stored.source, moved)
        _say(stored.organisation_id, stored.source, dict.fromkeys(_removable(stored, moved)))


def _say(pk: UUID, source: str, values: Mapping[str, Any]) -> None:
    organisation = Organisation.objects.get(pk=pk)
    say(organisation, source, values, version=organisation.version, fact=ORGANISATION_CORRECTED)


def _removable(stored: SourceRecord, moved: Mapping[str, Any]) -> list[str]:
    """The fields that may leave a structure: its only name may not."""
    if "name" not in moved:
        return list(moved)
    is_named = named_besides(stored.organisation_id, writer=stored.source)
    return [name for name in moved if name != "name" or is_named]


# --- Who represents it -----------------------------------------------------------------------------------------------


def _joined_since(organisations: Collection[UUID], since: datetime) -> list[Written]:
    """Who came to represent these structures since. 1 statement."""
    came = Membership.objects.filter(organisation__in=organisations, since__gt=since, until__isnull=True)
    return [
        Written(str(one.pk), _("une personne qui la représente"), one.organisation_id, person=one.person)
        for one in came.order_by("since", "pk")[:MOST]
    ]


def _represent_again(keys: Sequence[str], to: UUID) -> None:
    """End these memberships, and begin them again for the other structure."""
    for one in Membership.objects.filter(pk__in=keys, until__isnull=True).order_by("pk"):
        Membership.objects.filter(pk=one.pk).update(until=timezone.now())
        record(MEMBER_LEFT, about=[one.organisation_id])
        assert one.person is not None, "a constraint: who goes on is somebody"
        begin(one.person, to, MemberRole(one.role))


# --- Its photos -------------------------------------------------------------------------------------------------------


def _photographed_since(organisations: Collection[UUID], since: datetime) -> list[Written]:
    """The photos put on these structures' pages since. 1 statement."""
    came = Photo.objects.filter(organisation__in=organisations, at__gt=since).select_related("picture")
    return [
        Written(str(one.pk), _("une photo"), one.organisation_id, value=one.picture.alt, person=one.added_by)
        for one in came.order_by("at", "pk")[:MOST]
    ]


# --- What the directory keeps for structures -------------------------------------------------------------------------


def _count_rows(model: Any, **lookup: Any) -> Callable[[Collection[UUID]], dict[UUID, int]]:
    def count(organisations: Collection[UUID]) -> dict[UUID, int]:
        rows = model.objects.filter(organisation__in=organisations, **lookup).order_by()
        return dict(rows.values_list("organisation").annotate(n=Count("pk")))

    return count


declare(
    Belonging(
        "records",
        lambda n: ngettext("%(n)s ligne de source", "%(n)s lignes de sources", n) % {"n": french_number(n)},
        _count_rows(SourceRecord),
        AtSplit(_said_since, _say_again),
    )
)
declare(
    Belonging(
        "members",
        lambda n: ngettext("%(n)s personne", "%(n)s personnes", n) % {"n": french_number(n)},
        _count_rows(Membership, until__isnull=True),
        AtSplit(_joined_since, _represent_again),
    )
)
declare(
    Belonging(
        "facts",
        lambda n: ngettext("%(n)s fait sur son fil", "%(n)s faits sur son fil", n) % {"n": french_number(n)},
        count_about,
    )
)
declare(
    Belonging(
        "confirmations",
        lambda n: (
            ngettext("%(n)s réponse à une campagne", "%(n)s réponses à des campagnes", n) % {"n": french_number(n)}
        ),
        _count_rows(Confirmation),
    )
)
declare(
    Belonging(
        "photos",
        lambda n: ngettext("%(n)s photo", "%(n)s photos", n) % {"n": french_number(n)},
        _count_rows(Photo),
        AtSplit(_photographed_since, give_photos),
    )
)

"""The page of one structure: what it is, why it is of the ESS or not, and where each field comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.directory.models import Approval, Establishment, Organisation, SourceRecord
from toile.directory.rules.approvals import ApprovalKind, approval_kind
from toile.directory.rules.assembly import Chosen
from toile.directory.rules.display import BY_GLYPH, DisplayClass
from toile.directory.rules.ess import EssVerdict
from toile.directory.rules.ess_parameters import ess_parameters
from toile.directory.rules.gazetteer import Gazetteer
from toile.directory.rules.hours import hours_fr
from toile.directory.rules.portrait import Heard, choices, choices_of_place, portrait
from toile.directory.rules.reading import read
from toile.directory.rules.sources import SOURCES
from toile.directory.rules.staff import staff_label
from toile.kernel.identifiers import format_siren, format_siret
from toile.kernel.readers import Reader
from toile.kernel.typography import short_date
from toile.thread.queries import Entry, timeline

SHOWN_FIELDS: Final = {
    "name": gettext_lazy("Nom d’usage"),
    "legal_name": gettext_lazy("Dénomination"),
    "acronym": gettext_lazy("Sigle"),
    "siren": gettext_lazy("SIREN"),
    "rna": gettext_lazy("Numéro RNA"),
    "legal_category": gettext_lazy("Catégorie juridique"),
    "legal_form": gettext_lazy("Forme juridique"),
    "naf": gettext_lazy("Code d’activité (NAF)"),
    "staff_band": gettext_lazy("Salariés"),
    "created_on": gettext_lazy("Création"),
    "website": gettext_lazy("Site"),
    "description": gettext_lazy("Description"),
}
SHOWN_OF_PLACE: Final = {
    "siret": gettext_lazy("SIRET"),
    "address": gettext_lazy("Adresse"),
    "postal_code": gettext_lazy("Code postal"),
    "city": gettext_lazy("Commune"),
    "opening_hours": gettext_lazy("Horaires"),
}


@dataclass(frozen=True, slots=True)
class Provenance:
    """One line of « D’où vient chaque information »; `value` empty means unknown, never zero."""

    label: str
    value: str
    source: str
    on: date | None
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """All that the page shows."""

    organisation: Organisation
    shown_as: DisplayClass
    verdict: EssVerdict
    decided_because: str
    place: Establishment | None
    other_places: Sequence[Establishment]
    approvals: Sequence[tuple[ApprovalKind, Approval]]
    activities: Sequence[str]
    provenance: Sequence[Provenance]
    document: Mapping[str, Any] | None
    thread: Sequence[Entry]
    joined: Sequence[Organisation]


def organisation_page(reader: Reader, organisation: Organisation, *, before: int | None = None) -> OrganisationPage:
    """The page of a canonical organisation: 6 statements, 3 more for its thread, whatever it holds."""
    members = list(Organisation.objects.filter(canonical=organisation.pk).order_by("known_since", "pk"))
    places = list(
        Establishment.objects.filter(organisation__canonical=organisation.pk)
        .select_related("commune")
        .order_by("-is_open", "-is_seat", "siret", "pk")[:50]
    )
    records = list(SourceRecord.objects.filter(organisation__canonical=organisation.pk).order_by("source", "pk")[:200])
    heard = [
        Heard(
            f"{r.source}:{r.external_id}",
            r.source,
            read(r.source, r.payload),
            r.establishment_id,
            is_own=r.organisation_id == organisation.pk,
        )
        for r in records
    ]
    drawn = portrait(heard, gazetteer=Gazetteer(), parameters=ess_parameters(timezone.localdate()))
    place = next((one for one in places if one.pk == organisation.main_id), None)
    approvals = [(approval_kind(row.kind), row) for row in organisation.approvals.order_by("kind", "source")]
    subjects: list[UUID] = [member.pk for member in members]
    return OrganisationPage(
        organisation=organisation,
        shown_as=BY_GLYPH[organisation.display_class],
        verdict=drawn.verdict,
        decided_because=_reason(choices(heard)) if drawn.verdict.rule == "correction" else "",
        place=place,
        other_places=[one for one in places if one is not place],
        approvals=approvals,
        activities=list(organisation.activities.order_by("pk").values_list("code", flat=True)),
        provenance=[
            *_provenance(choices(heard), SHOWN_FIELDS),
            *_provenance(choices_of_place(heard, organisation.main_id), SHOWN_OF_PLACE),
        ],
        document=next((r.payload for r in records if r.source == "document"), None),
        thread=timeline(reader, subjects, before=before),
        joined=[member for member in members if member.pk != organisation.pk],
    )


def _reason(chosen: Mapping[str, Chosen]) -> str:
    pick = chosen.get("decided_because")
    return str(pick.value) if pick else ""


def _provenance(chosen: Mapping[str, Chosen], shown: Mapping[str, Promise]) -> list[Provenance]:
    lines = []
    for name, label in shown.items():
        pick = chosen.get(name)
        if pick is None:
            lines.append(Provenance(str(label), "", "", None))
            continue
        others = {
            _("Autre valeur : %(value)s (%(source)s)")
            % {"value": _written(name, o.value), "source": SOURCES[o.source].label}
            for o in pick.others
            if _written(name, o.value) not in ("", _written(name, pick.value))
        }
        lines.append(
            Provenance(
                str(label),
                _written(name, pick.value),
                SOURCES[pick.statement.source].label,
                pick.statement.said_on,
                tuple(sorted(others)),
            )
        )
    return lines


def _written(name: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if name == "staff_band":
        return staff_label(value)
    if name == "siren":
        return format_siren(value)
    if name == "siret":
        return format_siret(value)
    if name == "opening_hours":
        return " ; ".join(hours_fr(value))
    return short_date(value) if isinstance(value, date) else str(value)

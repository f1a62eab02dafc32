"""Where each field of a structure comes from: its source, its date, the other values, and what a person preferred."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.directory.models import Organisation, SourceRecord
from toile.directory.rules.accessibility import ANSWERS, FEATURES
from toile.directory.rules.activities import taxonomy
from toile.directory.rules.approvals import approval_kind
from toile.directory.rules.assembly import Chosen, Statement, says_something
from toile.directory.rules.hours import hours_fr
from toile.directory.rules.portrait import Heard, choices, choices_of_place
from toile.directory.rules.preferring import FOLLOWED_BY, OF_PLACE, Preference, preferences_of
from toile.directory.rules.reading import read
from toile.directory.rules.sources import SOURCES
from toile.directory.rules.staff import staff_label
from toile.kernel.identifiers import format_siren, format_siret
from toile.kernel.typography import short_date

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
MOST_RECORDS: Final = 200


@dataclass(frozen=True, slots=True)
class SaidBy:
    """A value that another source gave, its source and its day."""

    value: str
    source: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Provenance:
    """One line of « D’où vient chaque information »; `value` empty means unknown, never zero.

    field: its code where one may prefer another value, else empty. preferred_by, because: who prefers this one, and
    why. lapsed: the value that was preferred and that its source no longer says.
    """

    label: str
    value: str
    source: str
    on: date | None
    others: tuple[SaidBy, ...] = ()
    field: str = ""
    preferred_by: str = ""
    because: str = ""
    lapsed: str = ""


@dataclass(frozen=True, slots=True)
class FieldSaid:
    """All that was said of one field: what a person chooses among.

    options: (record, the value with its source and day). preferred_record: the one preferred, empty when the rule
    chooses. lapsed: as in `Provenance`.
    """

    label: str
    options: Sequence[tuple[str, str]]
    statements: Mapping[str, Statement]
    preferred_record: str
    because: str
    lapsed: str


def heard_of(organisation: Organisation) -> tuple[list[Heard], list[SourceRecord]]:
    """What was said of a canonical organisation and of those joined to it, read, and as it was said. 1 statement."""
    rows = SourceRecord.objects.filter(organisation__canonical=organisation.pk).order_by("source", "pk")
    records = list(rows[:MOST_RECORDS])
    heard = [
        Heard(
            f"{one.source}:{one.external_id}",
            one.source,
            read(one.source, one.payload),
            one.establishment_id,
            is_own=one.organisation_id == organisation.pk,
        )
        for one in records
    ]
    return heard, records


def provenance(organisation: Organisation, heard: Sequence[Heard]) -> list[Provenance]:
    """Every line of the table, those of the main place after those of the structure. No statement."""
    preferences = preferences_of(heard)
    of_structure, of_place = choices(heard), choices_of_place(heard, organisation.main_id)
    told = {code: feature.question for code, feature in FEATURES.items() if code in of_place}
    return [
        *_lines(of_structure, SHOWN_FIELDS, preferences),
        *_activities(of_structure),
        *_approvals(heard),
        *_lines(of_place, {**SHOWN_OF_PLACE, **told}, preferences),
    ]


def field_said(organisation: Organisation, field: str) -> FieldSaid | None:
    """What was said of one field of a canonical organisation; None where nothing was, or nobody may choose.

    1 statement.
    """
    if field not in FOLLOWED_BY:
        return None
    heard, _records = heard_of(organisation)
    chosen = (choices_of_place(heard, organisation.main_id) if field in OF_PLACE else choices(heard)).get(field)
    if chosen is None:
        return None
    options: dict[str, tuple[str, str]] = {}
    statements = {}
    for one in sorted((chosen.statement, *chosen.others), key=lambda one: one != chosen.statement):
        value = written(field, one.value)
        if says_something(one.value) and value not in options:
            options[value] = (one.record, _with_source(field, one))
            statements[one.record] = one
    preference = preferences_of(heard).get(field)
    holds = preference is not None and preference.holds
    return FieldSaid(
        str({**SHOWN_FIELDS, **SHOWN_OF_PLACE}[field]),
        list(options.values()),
        statements,
        chosen.statement.record if holds else "",
        preference.because if preference else "",
        preference.said if preference and not holds else "",
    )


def written(name: str, value: Any) -> str:
    """A value as the table shows it; empty where there is none."""
    if value in (None, ""):
        return ""
    match name:
        case "staff_band":
            return staff_label(value)
        case "siren":
            return format_siren(value)
        case "siret":
            return format_siret(value)
        case "opening_hours":
            return " ; ".join(hours_fr(value))
        case _ if name in FEATURES:
            return ANSWERS[value]
    return short_date(value) if isinstance(value, date) else str(value)


def _lines(
    chosen: Mapping[str, Chosen], shown: Mapping[str, Promise | str], preferences: Mapping[str, Preference]
) -> list[Provenance]:
    return [_line(name, str(label), chosen.get(name), preferences.get(name)) for name, label in shown.items()]


def _line(name: str, label: str, pick: Chosen | None, preference: Preference | None) -> Provenance:
    if pick is None:
        return Provenance(label, "", "", None)
    value = written(name, pick.value)
    others: dict[str, SaidBy] = {}
    for other in pick.others:
        said = written(name, other.value)
        if says_something(other.value) and said != value:
            others.setdefault(said, SaidBy(said, SOURCES[other.source].label, other.said_on))
    holds = preference is not None and preference.holds
    return Provenance(
        label,
        value,
        SOURCES[pick.statement.source].label,
        pick.statement.said_on,
        tuple(others.values()),
        name if name in FOLLOWED_BY and (others or preference) else "",
        SOURCES[preference.by].label if preference and holds else "",
        preference.because if preference and holds else "",
        preference.said if preference and not holds else "",
    )


def _with_source(field: str, one: Statement) -> str:
    said = {"value": written(field, one.value), "source": SOURCES[one.source].label}
    if one.said_on:
        return _("%(value)s (%(source)s, %(day)s)") % {**said, "day": short_date(one.said_on)}
    return _("%(value)s (%(source)s, sans date)") % said


def _activities(chosen: Mapping[str, Chosen]) -> list[Provenance]:
    """The activities that a source tells; those deduced from the code or the name say so beside each."""
    pick = chosen.get("activities")
    known = taxonomy().activities
    if pick is None:
        return []
    labels = [_(known[code].label_fr) for code in pick.value if code in known]
    source = SOURCES[pick.statement.source].label
    return [Provenance(_("Activités"), get_text_list(labels, _("et")), source, pick.statement.said_on)]


def _approvals(heard: Sequence[Heard]) -> list[Provenance]:
    lines = {}
    for one in heard:
        for kind, _since, until in one.said.organisation.get("approvals", ()):
            value = _("jusqu’au %(day)s") % {"day": short_date(until)} if until else _("oui, fin inconnue")
            label = _("Agrément %(kind)s") % {"kind": approval_kind(kind).short}
            lines[kind, one.source] = Provenance(label, value, SOURCES[one.source].label, one.said.said_on)
    return [lines[key] for key in sorted(lines)]

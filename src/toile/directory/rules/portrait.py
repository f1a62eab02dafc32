"""The assembly of one structure: from all that was said of it to its visible fields, its places and its verdict."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from toile.directory.rules.accessibility import accessibility_of
from toile.directory.rules.activities import activities_of
from toile.directory.rules.assembly import Chosen, Statement, assemble, says_something
from toile.directory.rules.display import display_class
from toile.directory.rules.ess import EssFacts, EssVerdict, ess_membership
from toile.directory.rules.ess_parameters import EssParameters
from toile.directory.rules.gazetteer import Gazetteer
from toile.directory.rules.preferring import chosen_records, preferences_of
from toile.directory.rules.reading import Said
from toile.directory.rules.sources import SOURCES
from toile.kernel.fold import fold, fold_place
from toile.territory.rules.coordinates import Place as Point
from toile.territory.rules.coordinates import judge

TEXT_FIELDS: Final = (
    "name",
    "legal_name",
    "acronym",
    "rna",
    "legal_category",
    "legal_form",
    "naf",
    "naf_nomenclature",
    "staff_band",
    "website",
    "contact_email",
    "description",
)
OTHER_FIELDS: Final = ("siren", "staff_year", "created_on", "ceased_on")
LONGEST: Final = MappingProxyType({"acronym": 60, "legal_form": 120, "description": 4000})
"""What a page can show of a text; the record keeps the whole."""
IDENTIFIERS: Final = frozenset({"siren", "rna"})
"""These tell one organisation: they do not pass to another that is judged the same."""
TOLD: Final = frozenset({"own", "document", "fiction"})
LONGEST_IN_PLACE: Final = MappingProxyType({"brand": 300, "address": 300, "city": 120, "opening_hours": 300})
LOCATED_BY: Final = MappingProxyType(
    {
        "commune_code": ("postal_code", "city"),
        "lon": ("address", "postal_code", "city"),
        "lat": ("address", "postal_code", "city"),
    }
)
"""What a place's commune and point were told from: they go when a better source says it otherwise."""
PLACE_FIELDS: Final = ("brand", "address", "postal_code", "city", "naf", "staff_band", "opening_hours")


@dataclass(frozen=True, slots=True)
class Heard:
    """One record, read: who said it, and of which establishment (any hashable key, None for the whole structure).

    is_own: False for what was said of another organisation joined to this one.
    """

    record: str
    source: str
    said: Said
    establishment: Hashable | None = None
    is_own: bool = True


@dataclass(slots=True)
class Portrait:
    """What the structure's row, its establishments' rows and its page are made of."""

    fields: dict[str, Any]
    establishments: dict[Hashable, dict[str, Any]]
    main: Hashable | None
    activities: dict[str, str]
    approvals: dict[tuple[str, str], tuple[Any, Any]]
    verdict: EssVerdict


def choices(heard: Iterable[Heard]) -> dict[str, Chosen]:
    """For each field of the structure, the statement that gave its value, and the others: what a page's lines say."""
    everything = list(heard)
    preferred = chosen_records(preferences_of(everything), of_place=False)
    return assemble(_statements((one, one.said.organisation) for one in everything), preferred)


def choices_of_place(heard: Iterable[Heard], place: Hashable) -> dict[str, Chosen]:
    """The same for the fields of one establishment: its address, its hours."""
    everything = list(heard)
    preferred = chosen_records(preferences_of(everything), of_place=True)
    about = ((one, one.said.establishment) for one in everything if one.establishment == place)
    return assemble(_statements(about), preferred)


def _values(said: Sequence[tuple[Heard, Mapping[str, Any]]], preferences: Mapping[str, str] | None) -> dict[str, Any]:
    """The value of each field. What all agree on, or one record alone says, needs no choosing: nearly everything."""
    values: dict[str, Any] = {}
    contested = set()
    for one, fields in said:
        for name, value in fields.items():
            if not says_something(value) or (name in IDENTIFIERS and not one.is_own):
                continue
            if values.setdefault(name, value) != value:
                contested.add(name)
    if contested:
        disputed = ((one, {name: fields[name] for name in contested & fields.keys()}) for one, fields in said)
        values |= {name: pick.value for name, pick in assemble(_statements(disputed), preferences).items()}
    return values


def _statements(heard: Iterable[tuple[Heard, Mapping[str, Any]]]) -> list[Statement]:
    return [
        Statement(name, value, "", one.record, one.source, SOURCES[one.source].rank, one.said.said_on, one.is_own)
        for one, values in heard
        for name, value in values.items()
        if one.is_own or name not in IDENTIFIERS
    ]


def portrait(
    heard: Iterable[Heard],
    *,
    gazetteer: Gazetteer,
    parameters: EssParameters,
    supports: bool = False,
) -> Portrait:
    """Assemble one structure.

    heard: everything that was said of it and of its establishments, what its people prefer included. supports: it
    declared a role of support to the ESS. Raises ValueError when nothing gives it a name.
    """
    everything = list(heard)
    preferences = preferences_of(everything)
    said = [(one, one.said.organisation) for one in everything]
    value = _values(said, chosen_records(preferences, of_place=False))
    if "name" not in value:
        raise ValueError("nothing names this structure")
    places = _places(everything, gazetteer, chosen_records(preferences, of_place=True))
    verdict = ess_membership(
        EssFacts(
            name=f"{value['name']} {value.get('legal_name', '')}",
            legal_category=value.get("legal_category"),
            naf=value.get("naf"),
            naf_nomenclature=value.get("naf_nomenclature"),
            sirene_flag=value.get("sirene_flag"),
            in_ess_list=value.get("in_ess_list"),
            list_family=value.get("list_family"),
            correction=value.get("correction"),
            correction_author=value.get("decided_by", ""),
        ),
        parameters,
    )
    activities = {
        match.code: match.why for match in activities_of(value.get("naf"), value["name"], value.get("activities") or ())
    }
    main = _main(places, gazetteer)
    fields: dict[str, Any] = {name: str(value.get(name, ""))[: LONGEST.get(name)] for name in TEXT_FIELDS}
    fields.update({name: value.get(name) for name in OTHER_FIELDS})
    fields["stage"] = value.get("stage") or "active"
    fields["ess_verdict"], fields["ess_family"], fields["ess_rule"] = (
        verdict.verdict,
        verdict.family or "",
        verdict.rule,
    )
    helps = supports or bool(value.get("supports"))
    fields["display_class"] = display_class(verdict.verdict, verdict.family, value.get("legal_category"), helps).glyph
    fields["listed"] = _is_listed(verdict, everything)
    fields["whereabouts"] = _whereabouts(places, gazetteer, value.get("whereabouts") or "unknown")
    fields["folded"] = _searchable(fields, everything, places, gazetteer)
    fields["sort_name"] = fold(fields["name"])[:300]
    return Portrait(fields, places, main, activities, _approvals(everything), verdict)


def _places(
    heard: Iterable[Heard], gazetteer: Gazetteer, preferred: Mapping[str, str]
) -> dict[Hashable, dict[str, Any]]:
    """The establishments' visible fields, each assembled from the records about it."""
    about: dict[Hashable, list[Heard]] = {}
    for one in heard:
        if one.establishment is not None:
            about.setdefault(one.establishment, []).append(one)
    places = {}
    for key, several in about.items():
        if len(several) == 1:
            said = _values([(several[0], several[0].said.establishment)], None)
        else:
            chosen = assemble(_statements((o, o.said.establishment) for o in several), preferred)
            said = _coherent(chosen, several, preferred)
        found = gazetteer.place(said)
        lon, lat = said.get("lon"), said.get("lat")
        if judge(lon, lat) is not Point.FRANCE:
            lon = lat = None
        place: dict[str, Any] = {name: str(said.get(name) or "") for name in PLACE_FIELDS}
        place["postal_code"] = place["postal_code"].removesuffix(".0")[:5]
        place = {name: text[: LONGEST_IN_PLACE.get(name)] for name, text in place.items()}
        place |= {
            "siret": said.get("siret"),
            "is_seat": bool(said.get("is_seat")),
            "is_open": said.get("is_open", True),
            "opened_on": said.get("opened_on"),
            "lon": lon,
            "lat": lat,
            "commune_id": found.code,
            "commune_is_deduced": found.deduced,
            "accessibility": accessibility_of(said),
        }
        places[key] = place
    return places


def _coherent(chosen: Mapping[str, Chosen], heard: Iterable[Heard], preferred: Mapping[str, str]) -> dict[str, Any]:
    """The values of a place, without the commune or the point of an address that a better source corrected.

    An address that a person preferred is better than any other.
    """
    of_record = {one.record: one.said.establishment for one in heard}

    def is_outdated(name: str) -> bool:
        located = chosen[name].statement
        beside = of_record[located.record]
        return any(
            written in chosen
            and (
                chosen[written].statement.rank > located.rank
                or chosen[written].statement.record == preferred.get(written)
            )
            and _words(chosen[written].value) != _words(beside.get(written))
            for written in LOCATED_BY[name]
        )

    outdated = {name for name in LOCATED_BY if name in chosen and is_outdated(name)}
    return {name: pick.value for name, pick in chosen.items() if name not in outdated}


def _words(text: Any) -> list[str]:
    return re.findall(r"\w+", fold_place(str(text or "")))


def _main(places: Mapping[Hashable, Mapping[str, Any]], gazetteer: Gazetteer) -> Hashable | None:
    """The place a list shows: open first, at home first, the seat first, then by SIRET."""
    if len(places) == 1:
        return next(iter(places))
    ranked = sorted(
        places,
        key=lambda key: (
            not places[key]["is_open"],
            places[key]["commune_id"] not in gazetteer.home,
            not places[key]["is_seat"],
            places[key]["siret"] or "~",
            str(key),
        ),
    )
    return ranked[0] if ranked else None


def _whereabouts(places: Mapping[Hashable, Mapping[str, Any]], gazetteer: Gazetteer, told: str) -> str:
    """Inside as soon as one place is; `told` is what a source says of a structure that has no known place."""
    if any(place["commune_id"] in gazetteer.home for place in places.values()):
        return "inside"
    known = [place for place in places.values() if place["commune_id"] or gazetteer.is_surely_outside(place)]
    return "outside" if known and gazetteer.home else told


def _is_listed(verdict: EssVerdict, heard: Iterable[Heard]) -> bool:
    """Whether the directory shows it by default: of the ESS or perhaps, approved, told by itself or a
    document, or named by the team.

    A register holds everybody: what only SIRENE or a plain spreadsheet names, and no rule says of the ESS, waits behind
    the filter « Appartenance ».
    """
    if verdict.verdict in ("yes", "to_check"):
        return True
    return any(
        one.source in TOLD
        or one.said.organisation.get("approvals")
        or (one.source == "moderator" and "name" in one.said.organisation)
        for one in heard
    )


def _approvals(heard: Iterable[Heard]) -> dict[tuple[str, str], tuple[Any, Any]]:
    """Every agreement any source gave: (kind, source) → (since, until); two sources may disagree on dates."""
    return {
        (kind, one.source): (since, until)
        for one in heard
        for kind, since, until in one.said.organisation.get("approvals", ())
    }


def _searchable(
    fields: Mapping[str, Any],
    heard: Iterable[Heard],
    places: Mapping[Hashable, Mapping[str, Any]],
    gazetteer: Gazetteer,
) -> str:
    """The folded text that a search looks into: every name it was given, communes, then the description shown."""
    shown = (fields["name"], fields["legal_name"], fields["acronym"])
    names = [one.said.organisation.get(name) for one in heard for name in ("name", "legal_name", "acronym")]
    brands = [place["brand"] for place in places.values()]
    towns = [gazetteer.names.get(place["commune_id"] or "", place["city"]) for place in places.values()]
    parts = (*shown, *names, *brands, *towns, fields["description"])
    return " ".join(dict.fromkeys(fold(part) for part in parts if part))

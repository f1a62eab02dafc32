"""What the demo's two sources say, in the directory's own fields: the public documents, and the invented town."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

from toile.demo.town import TODAY, FictionalOrganisation

_NAMESPACE: Final = UUID("6d1c0f4e-6f5a-5d0e-9b43-2a4420077000")
LOADED_KINDS: Final = frozenset({"organisation", "network", "project"})
"""Kinds of entries that are structures or projects; places and programmes wait for the rooms that hold them."""
SUPPORTING: Final = frozenset({"collectivité", "chambre consulaire", "université"})
"""Natures that help the ESS without being of it."""
LEGAL_FORMS: Final[Mapping[str, str]] = {
    "association": "Association",
    "scop": "Scop",
    "cae": "Coopérative d’activités et d’emploi",
}
# A document that calls a structure an association tells its legal form, which the ESS rule reads from this category.
_CATEGORIES: Final[Mapping[str, str]] = {"association": "9220"}


def identity(source: str, key: str) -> UUID:
    """The organisation's UUID, the same at every load. source: `seeds` or `town`."""
    return uuid5(_NAMESPACE, f"{source}:{key}")


@cache
def entries() -> tuple[Mapping[str, Any], ...]:
    """Every entry of `seeds.toml`, in its order."""
    with Path(__file__).with_name("seeds.toml").open("rb") as file:
        return tuple(tomllib.load(file)["entry"])


def structures() -> list[Mapping[str, Any]]:
    """The entries that are organisations, networks or projects."""
    return [entry for entry in entries() if entry["kind"] in LOADED_KINDS]


def of_document(entry: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The payload of one entry; `names` turns the keys of its carriers into names. What is not said stays out."""
    family, nature = entry.get("family", ""), entry["nature"]
    payload = {
        "name": entry["name"],
        "acronym": next((alias for alias in entry.get("aliases", ()) if alias.isupper() and " " not in alias), ""),
        "stage": entry["stage"],
        "description": entry["description"],
        "activities": list(entry["activities"]),
        "legal_category": _CATEGORIES.get(family, ""),
        "legal_form": LEGAL_FORMS.get(nature, ""),
        "supports": nature in SUPPORTING or bool(entry.get("helper") or entry.get("door")),
        "whereabouts": "outside" if entry.get("elsewhere") else "inside",
        "commune_code": entry.get("commune", ""),
        "city": entry.get("locality", "") if entry.get("elsewhere") else "",
        "aliases": list(entry.get("aliases", ())),
        "carriers": [names[key] for key in entry.get("carriers", ())],
        "carriers_note": entry.get("carriers_note", ""),
        "role": entry.get("role", ""),
        "to_confirm": bool(entry.get("to_confirm")),
        "file": entry["file"],
        "words": entry["words"],
        "also": [dict(other) for other in entry.get("also", ())],
    }
    return {name: value for name, value in payload.items() if value not in ("", [], False)}


def of_town(organisation: FictionalOrganisation) -> dict[str, Any]:
    """The payload of an invented organisation; its SIRET is given under `invented_siret`, for it fails its key."""
    insertion = (organisation.insertion_kind or "").lower()
    approvals = (("esus", organisation.esus_until), (insertion, organisation.insertion_until))
    payload = {
        "name": organisation.name,
        "stage": organisation.stage,
        "description": organisation.description,
        "activities": list(organisation.activities),
        "legal_category": organisation.legal_category,
        "naf": organisation.naf,
        "staff_band": organisation.staff_band,
        "created_on": _iso(organisation.created_on),
        "ceased_on": _iso(organisation.ceased_on),
        "in_ess_list": organisation.in_ess_list if organisation.family else None,
        "list_family": organisation.list_family,
        "sirene_flag": organisation.sirene_ess,
        "approvals": [[kind, None, until.isoformat()] for kind, until in approvals if kind and until],
        "invented_siret": organisation.siret,
        "address": organisation.address,
        "postal_code": organisation.postcode,
        "city": organisation.commune_name,
        "commune_code": organisation.commune_code,
        "lon": organisation.lon,
        "lat": organisation.lat,
        "opening_hours": organisation.opening_hours,
        "said_on": TODAY.isoformat(),
    }
    return {name: value for name, value in payload.items() if value not in (None, "", [])}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None

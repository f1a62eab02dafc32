"""The official geographic code, in the three JSON files that the package @etalab/decoupage-administratif publishes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from ..models import CommuneKind
from ..rules.codes import SHAPE
from .report import Refusal
from .source import SourceMissing, SourceRefused, is_address, read_json

KINDS = {
    "commune-actuelle": CommuneKind.COMMUNE,
    "commune-deleguee": CommuneKind.DELEGUEE,
    "commune-associee": CommuneKind.ASSOCIEE,
    "arrondissement-municipal": CommuneKind.ARRONDISSEMENT,
}


@dataclass(frozen=True, slots=True)
class CommuneRow:
    """A commune or a part of one, as the COG gives it. population: municipale. point: its centre, where given."""

    code: str
    name: str
    kind: CommuneKind
    department: str
    region: str
    district: str
    population: int | None
    siren: str
    postal_codes: tuple[str, ...]
    parent: str | None
    epci: str | None = None
    point: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class EpciRow:
    """An EPCI and its members' codes. population: totale, another figure than the communes' municipale."""

    siren: str
    name: str
    kind: str
    population: int | None
    members: tuple[str, ...] = ()


@dataclass(slots=True)
class Cog:
    """One vintage of the code: rows by code, and which present commune took over each old code."""

    communes: dict[str, CommuneRow] = field(default_factory=dict)
    epcis: dict[str, EpciRow] = field(default_factory=dict)
    departments: dict[str, str] = field(default_factory=dict)
    old_codes: list[tuple[str, str]] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    same_code: int = 0
    read: int = 0


def read_cog(reference: str | os.PathLike[str]) -> Cog:
    """Read the three files of a folder, or of the address that ends where their names begin.

    A row that cannot be read is refused with its place; a file of another sort raises `SourceRefused`.
    """
    cog = Cog()
    communes = _listed(reference, "communes.json", ("code", "nom", "type"))
    epcis = _listed(reference, "epci.json", ("code", "nom", "membres"))
    take_each(cog, "epci.json", epcis, _epci)
    take_each(cog, "communes.json", communes, _commune)
    try:
        departments = _listed(reference, "departements.json", ("code", "nom"))
    except SourceMissing:
        departments = []
    cog.departments = {str(item["code"]): str(item["nom"]) for item in departments if "code" in item and "nom" in item}
    attach_members(cog)
    return cog


def _listed(reference: str | os.PathLike[str], name: str, keys: Iterable[str]) -> list[Any]:
    """The list of objects in one file; the first one is looked at to know whether it is the right file."""
    text = os.fspath(reference)
    place = f"{text.rstrip('/')}/{name}" if is_address(text) else str(Path(text) / name)
    found = read_json(place)
    if not (isinstance(found, list) and found and isinstance(found[0], dict) and set(keys) <= found[0].keys()):
        raise SourceRefused(
            _("« %(place)s » n’est pas le fichier officiel attendu (une liste d’objets : %(keys)s…).")
            % {"place": place, "keys": ", ".join(keys)}
        )
    return found


def take_each(cog: Cog, name: str, items: list[Any], take: Callable[[Cog, Mapping[str, Any]], None]) -> None:
    for line, item in enumerate(items, 1):
        cog.read += 1
        try:
            take(cog, item)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            cog.refused.append(Refusal(line, name, str(error)[:200] or type(error).__name__))


def _epci(cog: Cog, item: Mapping[str, Any]) -> None:
    siren = str(item["code"])
    if not (len(siren) == 9 and siren.isdecimal()):
        raise ValueError(f"« {siren[:20]} » n’est pas un SIREN")
    members = tuple(str(member["code"]) for member in item["membres"])
    cog.epcis[siren] = EpciRow(
        siren, text(item["nom"], 200), str(item["type"])[:8], count(item.get("populationTotale")), members
    )


def _commune(cog: Cog, item: Mapping[str, Any]) -> None:
    code, kind = str(item["code"]), KINDS[item["type"]]
    if not SHAPE.fullmatch(code):
        raise ValueError(f"« {code[:20]} » n’est pas un code de commune")
    parent = item.get("chefLieu") or item.get("commune") if kind != CommuneKind.COMMUNE else None
    row = CommuneRow(
        code=code,
        name=text(item["nom"], 120),
        kind=kind,
        department=str(item["departement"])[:3],
        region=str(item["region"])[:3],
        district=str(item.get("arrondissement", ""))[:4],
        population=count(item.get("population")),
        siren=str(item.get("siren", ""))[:9],
        postal_codes=tuple(sorted(map(str, item.get("codesPostaux", ())))),
        parent=parent,
    )
    add(cog, row, item.get("anciensCodes", ()))


def add(cog: Cog, row: CommuneRow, old_codes: Iterable[Any] = ()) -> None:
    """Take one commune in; a part that keeps its commune's own code adds nothing that the commune does not say."""
    if row.kind != CommuneKind.COMMUNE and (row.parent == row.code or row.code in cog.communes):
        cog.same_code += 1
        return
    if row.kind != CommuneKind.COMMUNE and not row.parent:
        raise ValueError("une partie de commune sans commune")
    cog.communes[row.code] = row
    cog.old_codes.extend((str(old), row.code) for old in old_codes if SHAPE.fullmatch(str(old)))


def attach_members(cog: Cog) -> None:
    """Give each present commune its EPCI, from the lists of members; parts whose commune is unknown are refused."""
    home = {code: epci.siren for epci in cog.epcis.values() for code in epci.members}
    for code, row in list(cog.communes.items()):
        if row.parent and row.parent not in cog.communes:
            del cog.communes[code]
            cog.refused.append(Refusal(0, "communes.json", f"{code} : sa commune {row.parent} est inconnue"))
        elif row.kind == CommuneKind.COMMUNE and code in home:
            cog.communes[code] = replace(row, epci=home[code])


def text(value: Any, most: int) -> str:
    """A name, trimmed; ValueError when it is empty or too long."""
    name = str(value).strip().replace("'", "’")
    if not 0 < len(name) <= most:
        raise ValueError("un nom vide ou trop long")
    return name


def count(value: Any) -> int | None:
    """A number of inhabitants, or None where the source gives none."""
    return int(value) if value is not None and int(value) >= 0 else None

"""The same code read from the State's « API Découpage administratif », which also gives the communes' centres."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from ..models import CommuneKind
from ..rules.codes import SHAPE
from ..rules.coordinates import Place, judge
from .cog import KINDS, Cog, CommuneRow, EpciRow, add, attach_members, count, take_each, text
from .source import SourceMissing, SourceRefused, read_json

COMMUNES = "communes?fields=nom,code,population,codesPostaux,siren,codeEpci,codeDepartement,codeRegion,centre"
PARTS = "communes_associees_deleguees?fields=nom,code,type,chefLieu,codeDepartement,codeRegion"
DISTRICTS = (
    "communes?type=arrondissement-municipal&fields=nom,code,population,codesPostaux,commune,codeDepartement,codeRegion"
)
EPCIS = "epcis?fields=nom,code,type,population"
DEPARTMENTS = "departements?zone=metro,drom,com&fields=nom,code"


def read_api(base: str) -> Cog:
    """Read all communes and EPCI of France from the API at `base` (an http or https address).

    The API gives no code history: see `import_code_history`. Raises `SourceRefused`.
    """
    cog = Cog()
    take_each(cog, "epcis", _asked(base, EPCIS), _epci)
    take_each(cog, "communes", _asked(base, COMMUNES), _commune)
    for path in (PARTS, DISTRICTS):
        try:
            take_each(cog, path.partition("?")[0], _asked(base, path), _commune)
        except SourceMissing:
            continue
    cog.departments = {str(item["code"]): str(item["nom"]) for item in _asked(base, DEPARTMENTS)}
    attach_members(cog)
    return cog


def _asked(base: str, path: str) -> list[Any]:
    found = read_json(f"{base.rstrip('/')}/{path}")
    if not isinstance(found, list) or not all(isinstance(item, dict) and "code" in item for item in found):
        raise SourceRefused(_("L’API « %(base)s » ne répond pas comme attendu.") % {"base": base})
    return found


def _epci(cog: Cog, item: Mapping[str, Any]) -> None:
    siren = str(item["code"])
    if not (len(siren) == 9 and siren.isdecimal()):
        raise ValueError(f"« {siren[:20]} » n’est pas un SIREN")
    cog.epcis[siren] = EpciRow(
        siren, text(item["nom"], 200), str(item.get("type", ""))[:8], count(item.get("population"))
    )


def _commune(cog: Cog, item: Mapping[str, Any]) -> None:
    code = str(item["code"])
    if not SHAPE.fullmatch(code):
        raise ValueError(f"« {code[:20]} » n’est pas un code de commune")
    parent = item.get("chefLieu") or item.get("commune")
    kind = KINDS[item.get("type") or ("arrondissement-municipal" if parent else "commune-actuelle")]
    whole = kind == CommuneKind.COMMUNE
    epci = item.get("codeEpci") if whole else None
    row = CommuneRow(
        code=code,
        name=text(item["nom"], 120),
        kind=kind,
        department=str(item.get("codeDepartement") or code[:2])[:3],
        region=str(item.get("codeRegion") or "")[:3],
        district="",
        population=count(item.get("population")),
        siren=str(item.get("siren") or "")[:9],
        postal_codes=tuple(sorted(map(str, item.get("codesPostaux") or ()))),
        parent=None if whole else parent,
        epci=epci if epci in cog.epcis else None,
        point=point_of(item.get("centre")),
    )
    add(cog, row)


def point_of(geometry: Any) -> tuple[float, float] | None:
    """The (longitude, latitude) of a GeoJSON Point; None for anything else, (0, 0) included."""
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return None
    lon, lat = (float(value) for value in geometry["coordinates"][:2])
    return None if judge(lon, lat) == Place.MISSING else (round(lon, 5), round(lat, 5))

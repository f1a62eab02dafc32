"""Importing where communes lie: their contours, their centres, and the nine-column table of a territory."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.thread.services import record

from ..facts import CENTRES_IMPORTED, CONTOURS_IMPORTED, CentresImported, ContoursImported
from ..geometry import digest, inner_point, union
from ..imports.api_geo import point_of
from ..imports.cog import EpciRow, count
from ..imports.contours import read_contours
from ..imports.report import Refusal, Report
from ..imports.source import SourceRefused, local_copy, read_json
from ..models import Commune, CommuneKind, Contour, Epci
from ..queries.codes import code_resolver
from ..rules.codes import clean_code
from ..rules.coordinates import Place, judge
from ..rules.names import place_key
from ..subjects import commune_subject, epci_subject
from .batches import Progress, Writing, batches, write_changed

CONTOUR_BATCH = 50
COLUMNS = ("code_insee", "nom", "population", "codes_postaux", "siren", "lat", "lon")


def import_contours(
    actor: Actor,
    reference: str | os.PathLike[str],
    *,
    vintage: str = "",
    source: str = "",
    licence: str = "",
    progress: Progress | None = None,
) -> Report:
    """Keep the contours of a GeoJSON file or address; a newer import replaces an older one.

    The contour of a commune that has merged since joins its heir's; a code that leads to no present commune is
    outside. A commune without a centre takes a point inside its contour.
    """
    read = read_contours(reference)
    report = Report(read=read.read, refused=list(read.refused))
    resolve = code_resolver()
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for code, polygon in read.polygons.items():
        present = resolve(code).code
        if present is None:
            report.outside += 1
        else:
            grouped.setdefault(present, []).append(polygon)
    grounds = {code: union(polygons) for code, polygons in sorted(grouped.items())}
    named = source or _name(reference)
    rows = {
        code: {
            "geometry": geometry,
            "digest": digest(geometry),
            "vintage": vintage,
            "source": named,
            "licence": licence,
        }
        for code, geometry in grounds.items()
    }
    merged = sum(map(len, grouped.values())) - len(rows)
    fields = ("geometry", "digest", "vintage", "source", "licence")
    write_changed(actor, Writing(Contour, fields, CONTOUR_BATCH), rows, report, progress)
    report.outside += merged
    if report.changes:
        _fill_centres(actor, grounds)
        with act(actor):
            record(CONTOURS_IMPORTED, about=[], data=ContoursImported(report.changes, vintage))
    return report


def _name(reference: str | os.PathLike[str]) -> str:
    """The last word of a path or address: no folder of this machine is kept."""
    return os.fspath(reference).partition("?")[0].rstrip("/").rpartition("/")[2][:300]


def _fill_centres(actor: Actor, grounds: Mapping[str, Mapping[str, Any]]) -> None:
    """Give a point inside its contour to the communes that have none."""
    missing = Commune.objects.filter(code__in=grounds, lon__isnull=True)
    _move(actor, {commune: inner_point(grounds[commune.code]) for commune in missing})


def _move(actor: Actor, places: Mapping[Commune, tuple[float, float]]) -> int:
    for batch in batches(places.items()):
        with act(actor):
            for commune, (lon, lat) in batch:
                commune.lon, commune.lat = lon, lat
            Commune.objects.bulk_update([commune for commune, _point in batch], ["lon", "lat"])
    return len(places)


def import_centres(actor: Actor, reference: str | os.PathLike[str]) -> Report:
    """Give communes the centres of a file or address: the API's list (`code`, `centre`) or GeoJSON points.

    A point outside France's boxes is kept to be checked, not written (domain L5).
    """
    found = read_json(reference)
    items = found.get("features") if isinstance(found, dict) else found
    if not isinstance(items, list):
        raise SourceRefused(_("Ce fichier n’est ni une liste de communes ni une FeatureCollection GeoJSON."))
    report = Report(read=len(items))
    communes = {commune.code: commune for commune in Commune.objects.filter(kind=CommuneKind.COMMUNE)}
    moved: dict[Commune, tuple[float, float]] = {}
    for line, item in enumerate(items, 1):
        try:
            code, point = (
                str((item.get("properties") or item)["code"]),
                point_of(item.get("centre") or item.get("geometry")),
            )
        except (AttributeError, KeyError, TypeError, ValueError):
            code, point = "", None
        if not code or point is None:
            report.refused.append(Refusal(line, "centre", _("sans code ou sans point")))
        elif judge(*point) == Place.SUSPICIOUS:
            report.to_check += 1
        elif code not in communes:
            report.outside += 1
        elif (communes[code].lon, communes[code].lat) == point:
            report.unchanged += 1
        else:
            moved[communes[code]] = point
    report.updated = _move(actor, moved)
    if moved:
        with act(actor):
            record(CENTRES_IMPORTED, about=[], data=CentresImported(len(moved)))
    return report


def load_communes_csv(actor: Actor, path: str | os.PathLike[str], epci: EpciRow) -> Report:
    """Load one EPCI's communes from a table `code_insee,nom,population,codes_postaux,siren,zone,lat,lon,point`.

    For a demo without the country's files: communes the official code already brought keep its values and only take
    the table's centre. codes_postaux are joined by `|`.
    """
    report = Report()
    rows: dict[str, dict[str, Any]] = {}
    for line, cells in enumerate(_table(path), 2):
        report.read += 1
        try:
            code, values = _row(cells, epci.siren)
        except (KeyError, ValueError, TypeError) as error:
            report.refused.append(Refusal(line, "", str(error)[:200]))
        else:
            rows[code] = values
    held = {
        row["code"]: row
        for row in Commune.objects.filter(code__in=rows, epci_id=epci.siren).values("code", *_FROM_CODE)
    }
    for code, row in held.items():
        rows[code].update({name: row[name] for name in _FROM_CODE})
    with act(actor):
        defaults = {"name": epci.name, "folded": place_key(epci.name), "kind": epci.kind, "population": epci.population}
        Epci.objects.get_or_create(siren=epci.siren, defaults={**defaults, "subject": epci_subject(epci.siren)})
    write_changed(actor, Writing(Commune, (*_FROM_CODE, "lon", "lat")), rows, report)
    return report


_FROM_CODE = (
    "subject", "name", "folded", "department", "region", "district", "population", "siren", "postal_codes", "kind",
    "parent_id", "epci_id", "vintage",
)  # fmt: skip


def _table(path: str | os.PathLike[str]) -> Iterator[dict[str, str]]:
    with local_copy(path) as copy, copy.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        if not set(COLUMNS) <= set(reader.fieldnames or ()):
            raise SourceRefused(_("Il manque des colonnes : %(columns)s.") % {"columns": ", ".join(COLUMNS)})
        yield from reader


def _row(cells: Mapping[str, str], epci: str) -> tuple[str, dict[str, Any]]:
    code = clean_code(cells["code_insee"])
    if code is None:
        raise ValueError(f"« {cells['code_insee'][:20]} » n’est pas un code de commune")
    lon, lat = round(float(cells["lon"]), 5), round(float(cells["lat"]), 5)
    if judge(lon, lat) != Place.FRANCE:
        raise ValueError("le point n’est pas en France")
    name = cells["nom"].strip().replace("'", "’")
    return code, {
        "subject": commune_subject(code), "name": name, "folded": place_key(name),
        "department": code[:3] if code.startswith("97") else code[:2], "region": "", "district": "",
        "population": count(cells["population"] or None), "siren": cells["siren"],
        "postal_codes": sorted(cells["codes_postaux"].split("|")), "kind": CommuneKind.COMMUNE, "parent_id": None,
        "epci_id": epci, "vintage": "", "lon": lon, "lat": lat,
    }  # fmt: skip

"""Geometry with shapely and pyproj: points in polygons, unions of contours, Lambert-93 to WGS84."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import shapely
from django.utils.translation import gettext as _
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from toile.kernel.errors import UserError

if TYPE_CHECKING:
    from pyproj import Transformer

DECIMALS = 5
"""Coordinates are kept to the fifth decimal, about one metre."""


class BadPolygon(UserError):
    """What was given is not a polygon on Earth."""


@lru_cache(maxsize=1)
def _to_wgs84() -> Transformer:
    from pyproj import Transformer  # noqa: PLC0415 -- slow to read, and only SIRENE's imports need it

    return Transformer.from_crs("EPSG:2154", "EPSG:4326", always_xy=True)


def lambert93_to_wgs84(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude (degrees) of a Lambert-93 point (metres, EPSG:2154), as SIRENE gives them (domain L5)."""
    lon, lat = _to_wgs84().transform(x, y)
    return float(lon), float(lat)


def read_polygon(geojson: Any) -> dict[str, Any]:
    """A valid Polygon or MultiPolygon from a GeoJSON geometry, Feature or FeatureCollection (RFC 7946).

    Crossed outlines are mended. Raises `BadPolygon` with a sentence for anything else, or a place not on Earth.
    """
    try:
        parts = [shape(geometry) for geometry in _geometries(geojson)]
        merged = shapely.make_valid(shapely.union_all(parts)) if parts else None
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise BadPolygon(_("Ce contour n’est pas un polygone GeoJSON lisible.")) from error
    surface = _surface(merged)
    if surface is None:
        raise BadPolygon(_("Ce contour n’a pas de surface : donnez un « Polygon » ou un « MultiPolygon » GeoJSON."))
    west, south, east, north = surface.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise BadPolygon(
            _("Ce contour sort du globe : les coordonnées sont attendues en longitude puis latitude (WGS84).")
        )
    return _plain(surface)


def _geometries(geojson: Any) -> list[Any]:
    if geojson["type"] == "FeatureCollection":
        return [feature["geometry"] for feature in geojson["features"]]
    return [geojson["geometry"] if geojson["type"] == "Feature" else geojson]


def _surface(geometry: BaseGeometry | None) -> BaseGeometry | None:
    """The polygons of a geometry, leaving out what mending made of lines and points; None without surface."""
    if geometry is None:
        return None
    polygons = [part for part in getattr(geometry, "geoms", [geometry]) if part.area > 0]
    return shapely.union_all(polygons) if polygons else None


def _plain(geometry: BaseGeometry) -> dict[str, Any]:
    rounded = shapely.make_valid(shapely.set_precision(geometry, 10**-DECIMALS))
    return _lists(mapping(_surface(rounded) or geometry))


def _lists(value: Any) -> Any:
    """Tuples as lists, so that what is stored equals what is read back; no digit beyond the precision."""
    if isinstance(value, Mapping):
        return {key: _lists(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_lists(item) for item in value]
    return round(value, DECIMALS) if isinstance(value, float) else value


def union(geometries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """One polygon made of several (the contours of communes that have merged since)."""
    found = list(geometries)
    if len(found) == 1:
        return _lists(found[0])
    return _plain(shapely.union_all([shapely.make_valid(shape(geometry)) for geometry in found]))


def digest(geometry: Mapping[str, Any]) -> str:
    """A short name for exactly this geometry."""
    return hashlib.sha256(json.dumps(geometry).encode()).hexdigest()[:32]


def bounds(geometry: Mapping[str, Any]) -> tuple[float, float, float, float]:
    """The smallest rectangle around a geometry, in degrees: west, south, east, north."""
    west, south, east, north = shape(geometry).bounds
    return west, south, east, north


def cut(geometry: Mapping[str, Any], west: float, south: float, east: float, north: float) -> dict[str, Any] | None:
    """What a polygon has inside a rectangle of degrees; None where it has no surface there."""
    surface = _surface(shapely.clip_by_rect(shape(geometry), west, south, east, north))
    return _lists(mapping(surface)) if surface is not None else None


def contains(geometry: Mapping[str, Any], lon: float, lat: float) -> bool:
    """Whether a polygon holds a point; its border counts."""
    return bool(shapely.intersects_xy(shape(geometry), lon, lat))


def inner_point(geometry: Mapping[str, Any]) -> tuple[float, float]:
    """A point certain to be inside a polygon, near its middle."""
    point = shape(geometry).representative_point()
    return round(point.x, DECIMALS), round(point.y, DECIMALS)

"""Every read of the territory, with its number of SQL statements known."""

from .codes import (
    code_resolver,
    commune_names,
    communes_by_name,
    communes_by_postal,
    present_commune,
    resolve_code,
    rolled_up_codes,
)
from .counters import CommuneCounter, commune_counter, register_commune_counter
from .figure_maps import figure_map
from .home import communes_of, communes_of_home, home, home_name
from .list_maps import Links, ListMap, list_map
from .map_words import Legend
from .maps import MapDrawing, Pin, PlacedPin, Shape, commune_map
from .near import communes_around
from .perimeter_maps import perimeter_map
from .perimeters import Scope, perimeter_called, perimeters, perimeters_of_point, perimeters_of_points, scope

__all__ = [
    "CommuneCounter",
    "Legend",
    "Links",
    "ListMap",
    "MapDrawing",
    "Pin",
    "PlacedPin",
    "Scope",
    "Shape",
    "code_resolver",
    "commune_counter",
    "commune_map",
    "commune_names",
    "communes_around",
    "communes_by_name",
    "communes_by_postal",
    "communes_of",
    "communes_of_home",
    "figure_map",
    "home",
    "home_name",
    "list_map",
    "perimeter_called",
    "perimeter_map",
    "perimeters",
    "perimeters_of_point",
    "perimeters_of_points",
    "present_commune",
    "register_commune_counter",
    "resolve_code",
    "rolled_up_codes",
    "scope",
]

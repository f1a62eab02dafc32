"""Every write of the territory; each is an act, can be run again, and changes nothing the second time."""

from .addresses import locate
from .cog import import_cog
from .grounds import import_centres, import_contours, load_communes_csv
from .history import import_code_history
from .home import Setup, init_territory, set_home
from .perimeters import save_perimeter

__all__ = [
    "Setup",
    "import_centres",
    "import_code_history",
    "import_cog",
    "import_contours",
    "init_territory",
    "load_communes_csv",
    "locate",
    "save_perimeter",
    "set_home",
]

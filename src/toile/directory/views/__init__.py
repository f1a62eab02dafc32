"""The directory's pages."""

from .correction import correct, decide
from .importing import import_mapping, import_new, import_report, import_report_json, imports
from .listing import listing_page
from .organisation import mine, organisation

__all__ = [
    "correct",
    "decide",
    "import_mapping",
    "import_new",
    "import_report",
    "import_report_json",
    "imports",
    "listing_page",
    "mine",
    "organisation",
]

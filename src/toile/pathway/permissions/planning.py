"""Who may do what in the team's time, its list of cases and what comes in by spreadsheet."""

from __future__ import annotations

from toile.kernel.permissions import Permission
from toile.pathway.permissions.cases import ACCOMPANY

# The door decides on each case, each firm and each week (`services.doors.require_at`).
PERMISSIONS: list[Permission] = []
ROUTES: dict[str, str] = {
    "pathway:day": ACCOMPANY.code,
    "pathway:cases": ACCOMPANY.code,
    "pathway:week": ACCOMPANY.code,
    "pathway:week_of": ACCOMPANY.code,
    "pathway:week_compute": ACCOMPANY.code,
    "pathway:week_firm": ACCOMPANY.code,
    "pathway:availability": ACCOMPANY.code,
    "pathway:leaving": ACCOMPANY.code,
    "pathway:leaving_person": ACCOMPANY.code,
    "pathway:case_imports": ACCOMPANY.code,
    "pathway:case_import_new": ACCOMPANY.code,
    "pathway:case_import_columns": ACCOMPANY.code,
    "pathway:case_import": ACCOMPANY.code,
}

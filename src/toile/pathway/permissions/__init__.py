"""Who may do what in the path: one module for each part of the room, put together here."""

from __future__ import annotations

from . import cases, followup, orientation, planning, reception, stages

PARTS = (cases, reception, orientation, stages, followup, planning)
PERMISSIONS = [line for part in PARTS for line in part.PERMISSIONS]
ROUTES = {name: code for part in PARTS for name, code in part.ROUTES.items()}

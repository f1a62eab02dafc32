"""What the path holds about people: one module for each part of the room."""

from . import cases, followup, orientation, planning, reception, stages

__all__ = ["cases", "followup", "orientation", "planning", "reception", "stages"]

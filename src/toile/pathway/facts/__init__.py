"""What the path writes on the thread: one module for each part of the room."""

from . import cases, followup, orientation, planning, reception, stages

__all__ = ["cases", "followup", "orientation", "planning", "reception", "stages"]

"""What an edition shows as pictures: which chart or map for which figures, under which finding."""

from .drawn import charts, draw

__all__ = ["charts", "draw"]

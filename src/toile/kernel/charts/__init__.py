"""Charts drawn by the server from figures: a finding, a drawing for each medium and width, and the table behind it."""

from .bars import Bars, Reference
from .chart import Chart, Line, Links, Words
from .curves import Curves, Multiples
from .paints import Target, finished
from .parts import Parts
from .series import Series
from .told import told

__all__ = [
    "Bars",
    "Chart",
    "Curves",
    "Line",
    "Links",
    "Multiples",
    "Parts",
    "Reference",
    "Series",
    "Target",
    "Words",
    "finished",
    "told",
]

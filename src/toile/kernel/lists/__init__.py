"""The one list page of the site: what a room declares of a list, what a reader asked of it, what was found."""

from .asked import Asked, Box, Group, Near
from .asking import asked_from
from .declaring import Column, Entry, FacetShown, Flag, Found, ListPage, Sort, Spot, declare, lists

__all__ = [
    "Asked",
    "Box",
    "Column",
    "Entry",
    "FacetShown",
    "Flag",
    "Found",
    "Group",
    "ListPage",
    "Near",
    "Sort",
    "Spot",
    "asked_from",
    "declare",
    "lists",
]

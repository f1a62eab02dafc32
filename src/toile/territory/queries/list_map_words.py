"""The words of a list's map: what each mark and each control says, and the sentence under it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from toile.kernel.lists import Group
from toile.kernel.typography import french_number

from ..models import Commune
from ..rules.drawing import STEP, Frame, distance
from .map_words import side_of
from .maps import Pin

ROUND_ABOUT = 900.0
"""A group is said north or east of a commune's centre beyond this many metres."""


def control_labels() -> dict[str, tuple[str, str]]:
    """Each way to move the map: its sign on the button, and its name."""
    return {
        "in": ("+", _("Agrandir la carte")),
        "out": ("−", _("Réduire la carte")),
        "west": ("←", _("Aller vers l’ouest")),
        "north": ("↑", _("Aller vers le nord")),
        "south": ("↓", _("Aller vers le sud")),
        "east": ("→", _("Aller vers l’est")),
    }


def where_of(group: Group, communes: Sequence[Commune]) -> str:
    """Where a group is: « vers Firminy », « vers Firminy (nord-est) »; empty where no commune has a centre."""
    here = (group.lon, group.lat)
    shrunk = math.cos(math.radians(group.lat)) ** 2
    near = (
        ((c.lon - group.lon) ** 2 * shrunk + (c.lat - group.lat) ** 2, c.code, c, (c.lon, c.lat))
        for c in communes
        if c.lon is not None and c.lat is not None
    )
    nearest = min(near, default=None)
    if nearest is None:
        return ""
    _away, _code, commune, centre = nearest
    if distance(here, centre) < ROUND_ABOUT:
        return _("vers %(commune)s") % {"commune": commune.name}
    ways = (_("est"), _("nord-est"), _("nord"), _("nord-ouest"), _("ouest"), _("sud-ouest"), _("sud"), _("sud-est"))
    east = (here[0] - centre[0]) * math.cos(math.radians(centre[1]))
    way = ways[round(math.atan2(here[1] - centre[1], east) / (math.pi / 4)) % 8]
    return _("vers %(commune)s (%(way)s)") % {"commune": commune.name, "way": way}


def group_label(words: str, where: str, numbers: Sequence[int], *, closest: bool) -> str:
    """What a group's link says: « 34 structures vers Firminy, dont les lignes 2 et 5 : agrandir »; words: its count."""
    said = f"{words} {where}" if where else words
    if numbers:
        held = ngettext("dont la ligne %(lines)s", "dont les lignes %(lines)s", len(numbers))
        said = f"{said}, {held % {'lines': _and(numbers)}}"
    act = _("voir la liste") if closest else _("agrandir")
    return _("%(what)s : %(act)s") % {"what": said, "act": act}


def pin_label(pin: Pin) -> str:
    """What a pin's link says: « Ligne 3 : Ressourcerie du Gier »."""
    line = _("Ligne %(number)s") % {"number": pin.number}
    return _("%(line)s : %(name)s") % {"line": line, "name": pin.name} if pin.name else line


def _and(numbers: Sequence[int]) -> str:
    *firsts, last = [french_number(number) for number in numbers]
    return _("%(some)s et %(last)s") % {"some": ", ".join(firsts), "last": last} if firsts else last


def caption_of(kind: str, frame: Frame, source: str) -> str:
    """What the ground is, the side of a square, and what the marks are (style.md, section 4)."""
    square = {"side": side_of(frame.scale * STEP), "source": source}
    ground = {
        "contours": _("Contours des communes (%(source)s). Un carreau ≈ %(side)s."),
        "cells": _("Carte schématique, contours non officiels : un carreau ≈ %(side)s."),
    }.get(kind, _("Sans contours ni centres de communes : seuls les lieux sont placés. Un carreau ≈ %(side)s."))
    marks = _("Un carré double rassemble des lieux proches ; un repère porte le numéro de sa ligne.")
    return f"{ground % square} {marks}"

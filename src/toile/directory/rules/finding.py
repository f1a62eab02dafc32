"""The finding that titles a chart of classes: « Sept structures de l’annuaire sur dix sont des associations »."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from toile.directory.rules.ess import Sentence

MANY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "association": "des associations",
        "cooperative": "des coopératives",
        "mutuelle": "des mutuelles",
        "fondation": "des fondations",
        "societe": "des sociétés commerciales de l’ESS",
        "autre": "d’autres organismes non lucratifs",
        "appui": "des acteurs d’appui, hors ESS",
        "averifier": "à vérifier",
    }
)
NUMBERS: Final = ("", "Une", "Deux", "Trois", "Quatre", "Cinq", "Six", "Sept", "Huit", "Neuf", "Dix")
FINDINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "few": "%(count)s structures de l’annuaire sur %(total)s sont %(what)s",
        "tenths": "%(number)s structures de l’annuaire sur dix sont %(what)s",
        "nearly_all": "Presque toutes les structures de l’annuaire sont %(what)s",
        "all": "Toutes les structures de l’annuaire sont %(what)s",
        "spread": "Aucune famille ne domine l’annuaire",
    }
)
SMALLEST: Final = 20
"""Below this total, a share said in tenths would say more than is known."""


def finding(counts: Mapping[str, int]) -> Sentence:
    """What the counts of a chart show first: the largest class, its share rounded to the tenth.

    counts: glyph of a display class → structures, at least one. A class below 25 % dominates nothing.
    """
    total = sum(counts.values())
    glyph, count = max(counts.items(), key=lambda item: (item[1], item[0]))
    what = MANY[glyph]
    if count == total:
        return Sentence(FINDINGS["all"], {"what": what})
    if 4 * count < total:
        return Sentence(FINDINGS["spread"], {})
    if total < SMALLEST:
        return Sentence(FINDINGS["few"], {"count": str(count), "total": str(total), "what": what})
    tenths = (20 * count + total) // (2 * total)
    if tenths == 10:
        return Sentence(FINDINGS["nearly_all"], {"what": what})
    return Sentence(FINDINGS["tenths"], {"number": NUMBERS[tenths], "what": what})

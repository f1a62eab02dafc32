"""A declared condition in French, without anybody's answers: what « Comment ça marche » prints."""

from __future__ import annotations

from typing import Final

from toile.pathway.rules.conditions import Condition, Lexicon

_LIMITS: Final = {"at_least": "au moins", "at_most": "au plus", "under": "moins de", "over": "plus de"}


def said(condition: Condition, lexicon: Lexicon) -> str:
    """« Âge : moins de 18 ans ou de 18 à 25 ans », « Argent qui manque : plus de 0 », « … (ou pas encore su) »."""
    name, bound = lexicon.fact(condition.fact), condition.bound
    if condition.test == "known":
        words = "connu" if bound else "pas encore connu"
    elif isinstance(bound, tuple):
        words = " ou ".join(lexicon.value(condition.fact, one) for one in bound)
    else:
        words = f"{_LIMITS[condition.test]} {lexicon.value('', bound)}"
    unless = " (ou pas encore su)" if condition.or_unknown else ""
    return f"{name}\u00a0: {words}{unless}"

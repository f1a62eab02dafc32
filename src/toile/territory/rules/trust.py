"""When an answer of the geocoder may be trusted, and when a person must look (domain L6)."""

from __future__ import annotations

from enum import StrEnum

LOWEST_SCORE = 0.5


class Doubt(StrEnum):
    """Why a located address is to be checked by a person."""

    NONE = ""
    NOT_FOUND = "not_found"
    LOW_SCORE = "low_score"
    OTHER_COMMUNE = "other_commune"
    SUSPICIOUS = "suspicious"


def doubt(score: float | None, found_commune: str, stated_commune: str, plausible: bool = True) -> Doubt:
    """The first reason to doubt an answer: none found, outside France, a score below 0.5, another commune than stated.

    Both communes are present ones (see `codes.resolve`): an arrondissement is not another commune than its town.
    """
    if score is None:
        return Doubt.NOT_FOUND
    if not plausible:
        return Doubt.SUSPICIOUS
    if score < LOWEST_SCORE:
        return Doubt.LOW_SCORE
    if stated_commune and found_commune and found_commune != stated_commune:
        return Doubt.OTHER_COMMUNE
    return Doubt.NONE

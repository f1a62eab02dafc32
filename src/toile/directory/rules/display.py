"""The eight classes under which a page shows organisations: a colour and a glyph each, told from the verdict."""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from toile.directory.rules.ess import Family, Verdict

Colour = Literal["f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8"]


class DisplayClass(NamedTuple):
    """A class of the visual language: colour code, glyph code, French label."""

    colour: Colour
    glyph: str
    label_fr: str


DISPLAY_CLASSES: Final[Mapping[str, DisplayClass]] = {
    "association": DisplayClass("f1", "association", "Association"),
    "cooperative": DisplayClass("f2", "cooperative", "Coopérative"),
    "mutuelle": DisplayClass("f3", "mutuelle", "Mutuelle"),
    "fondation": DisplayClass("f4", "fondation", "Fondation"),
    "societe_commerciale_ess": DisplayClass("f5", "societe", "Société commerciale de l’ESS"),
    "autre": DisplayClass("f6", "autre", "Autre organisme non lucratif"),
    "appui": DisplayClass("f7", "appui", "Acteur d’appui, hors ESS"),
    "averifier": DisplayClass("f8", "averifier", "À vérifier"),
}
BY_GLYPH: Final[Mapping[str, DisplayClass]] = {shown.glyph: shown for shown in DISPLAY_CLASSES.values()}
"""The same classes by the code that an organisation's row keeps."""


def display_class(
    verdict: Verdict, family: Family | None = None, legal_category: str | None = None, supports: bool = False
) -> DisplayClass:
    """The class a page shows: the family of an ESS structure, else what is known of the others.

    `supports` says that the organisation declared a role of support (chamber, funder, adviser).
    Display classes are not families: nothing is counted by them (domain A9).
    """
    if verdict == "yes":
        return DISPLAY_CLASSES[family or "autre"]
    if supports:
        return DISPLAY_CLASSES["appui"]
    if verdict == "no":
        # Legal categories in 8 and 9 are bodies of private law without profit.
        return DISPLAY_CLASSES["autre" if (legal_category or "").startswith(("8", "9")) else "appui"]
    return DISPLAY_CLASSES["averifier"]

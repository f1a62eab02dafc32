"""What may be shown of a unit that asked SIRENE not to spread its data."""

from typing import Final, NamedTuple

FULL: Final = "O"
PARTIAL: Final = "P"


class Diffusion(NamedTuple):
    """What a page, an export and the search index may hold of a unit; it is counted in every case."""

    name: bool
    street: bool
    """Street and number, and the point on the map: the commune is always shown."""
    note_fr: str | None = None


_OPEN: Final = Diffusion(True, True)
_PERSON: Final = Diffusion(
    False, False, "Cette personne a demandé que son nom et son adresse ne soient pas diffusés (SIRENE)."
)
_BODY: Final = Diffusion(True, False, "Cette structure a demandé que son adresse ne soit pas diffusée (SIRENE).")


def diffusion(status: str | None, legal_category: str | None) -> Diffusion:
    """Say what may be shown, from statutDiffusion (O, P; N of old files counts as P) and the legal category.

    A source that has no such status (a curated list) spreads what it says: no status is full
    diffusion. Any other status is treated as P. A natural person (category 1000, or unknown under P)
    hides both name and street; a legal person hides its street only. Source: domain A17.
    """
    if not status or status == FULL:
        return _OPEN
    if not legal_category or legal_category.startswith("1"):
        return _PERSON
    return _BODY

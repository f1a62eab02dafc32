"""The declared table of sources: who speaks, with what rank, under which licence."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Source:
    """A source of records.

    rank: the greater wins a field (own correction > curated list > public document > SIRENE > scraped). label: how
    pages name it, in French. licence: what it states of itself.
    """

    code: str
    label: str
    rank: int
    licence: str = ""


_TABLE = (
    Source("own", "la structure", 100, "Licence Ouverte 2.0"),
    Source("moderator", "une personne de l’équipe", 90, "Licence Ouverte 2.0"),
    Source("ess_list", "liste ESS (France)", 62, "MIT, données Licence Ouverte"),
    Source("siae_list", "liste des SIAE (marché de l’inclusion)", 60, "Licence Ouverte"),
    Source("spreadsheet", "tableur importé", 55),
    Source("fiction", "inventé pour la démonstration", 50, "CC0 1.0"),
    Source("document", "document public", 45),
    Source("sirene_unit", "SIRENE, unité légale", 30, "Licence Ouverte (INSEE)"),
    Source("sirene_establishment", "SIRENE, établissement", 30, "Licence Ouverte (INSEE)"),
)
SOURCES = MappingProxyType({source.code: source for source in _TABLE})

"""Agreements and kinds of insertion structures: their names, and which of them the law counts as SIAE."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple


class ApprovalKind(NamedTuple):
    """An agreement or a kind: short name, full name, and whether code du travail L5132-4 lists it (domain E2)."""

    short: str
    full: str
    is_siae: bool = False


APPROVALS: Final[Mapping[str, ApprovalKind]] = MappingProxyType(
    {
        "esus": ApprovalKind("ESUS", "Entreprise solidaire d’utilité sociale"),
        "ei": ApprovalKind("EI", "Entreprise d’insertion", True),
        "etti": ApprovalKind("ETTI", "Entreprise de travail temporaire d’insertion", True),
        "ai": ApprovalKind("AI", "Association intermédiaire", True),
        "aci": ApprovalKind("ACI", "Atelier et chantier d’insertion", True),
        "eiti": ApprovalKind("EITI", "Entreprise d’insertion par le travail indépendant"),
        "ea": ApprovalKind("EA", "Entreprise adaptée"),
        "eatt": ApprovalKind("EATT", "Entreprise adaptée de travail temporaire"),
        "esat": ApprovalKind("ESAT", "Établissement et service d’accompagnement par le travail"),
        "geiq": ApprovalKind("GEIQ", "Groupement d’employeurs pour l’insertion et la qualification"),
    }
)


def approval_kind(code: str) -> ApprovalKind:
    """The kind of a code; one that is not declared shows its own code."""
    return APPROVALS.get(code) or ApprovalKind(code.upper(), code.upper())

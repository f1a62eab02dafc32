"""The UUIDs under which facts speak of communes, EPCI and perimeters: computed from their codes."""

from __future__ import annotations

from uuid import UUID, uuid5

NAMESPACE = UUID("5c1a4b0e-6b52-5d0f-9a53-1c0de7e44170")


def commune_subject(code: str) -> UUID:
    """The UUID of the commune of this COG code."""
    return uuid5(NAMESPACE, f"commune:{code}")


def epci_subject(siren: str) -> UUID:
    """The UUID of the EPCI of this SIREN."""
    return uuid5(NAMESPACE, f"epci:{siren}")


def perimeter_subject(code: str) -> UUID:
    """The UUID of the perimeter of this code."""
    return uuid5(NAMESPACE, f"perimeter:{code}")

"""Reading the territory of this installation and its communes."""

from __future__ import annotations

from toile.kernel.fold import sort_key

from ..models import Commune, CommuneKind, Home


def home() -> Home | None:
    """The territory, with its EPCI; None before `toile init`. 1 query."""
    return Home.objects.select_related("epci").first()


def home_name() -> str:
    """How the territory calls itself, empty before `toile init`. 1 query."""
    return Home.objects.values_list("name", flat=True).first() or ""


def communes_of(epci_code: str) -> list[Commune]:
    """The present communes of an EPCI, in the French order of names. 1 query."""
    found = Commune.objects.filter(epci_id=epci_code, kind=CommuneKind.COMMUNE)
    return sorted(found, key=lambda commune: (sort_key(commune.name), commune.code))


def communes_of_home() -> list[Commune]:
    """The present communes of the territory, in the French order of names; none before `toile init`. 1 query."""
    found = Commune.objects.filter(epci__home__id=1, kind=CommuneKind.COMMUNE)
    return sorted(found, key=lambda commune: (sort_key(commune.name), commune.code))

"""The territories that an edition tells of: their codes checked and named, and what its form proposes."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from toile.kernel.errors import UserError
from toile.panorama.models import Edition
from toile.panorama.rules.quotients import EVERYWHERE
from toile.territory.models import Commune, CommuneKind, Epci, Perimeter
from toile.territory.queries import scope
from toile.territory.subjects import commune_subject, epci_subject, perimeter_subject

MOST_COMPARED = 8


class TerritoryRefused(UserError):
    """A code that no figures can be computed for."""


def perimeter_named(code: str) -> tuple[str, str]:
    """The code and the name of a perimeter whose figures may be computed.

    Raises `UnknownPerimeter`, `TerritoryRefused` for one without any whole commune. 8 statements at most.
    """
    found = scope(code.strip().removeprefix("dep:"))
    if not found.communes:
        raise TerritoryRefused(
            _("« %(name)s » ne contient aucune commune entière : ses chiffres ne peuvent pas être calculés.")
            % {"name": found.name}
        )
    is_department = len(found.code) <= 3 and not Perimeter.objects.filter(code=found.code).exists()
    return (f"dep:{found.code}" if is_department else found.code), found.name


def compared_named(codes: Iterable[str]) -> dict[str, str]:
    """The territories set beside, code → name, each once, in order. Raises `UserError` for one that is unknown."""
    named: dict[str, str] = {}
    for code in dict.fromkeys(one.strip() for one in codes if one.strip()):
        named[code] = compared_name(code)
    if len(named) > MOST_COMPARED:
        raise TerritoryRefused(_("Comparez à %(most)s territoires au plus.") % {"most": MOST_COMPARED})
    return named


def compared_name(code: str) -> str:
    """The name of « france », « reg:84 », « dep:42 », an EPCI or a perimeter. Raises `UserError` for another."""
    if code == EVERYWHERE:
        return _("France")
    kind, _colon, number = code.partition(":")
    if kind == "reg" and Commune.objects.filter(region=number).exists():
        return _("région %(code)s") % {"code": number}
    if kind == "reg":
        raise TerritoryRefused(_("Aucune région n’a le code « %(code)s ».") % {"code": number[:20]})
    return perimeter_named(code)[1]


def communes_of(code: str) -> frozenset[str] | None:
    """The present communes of a perimeter, a department, a region; None for France: all of them. 8 statements."""
    if code == EVERYWHERE:
        return None
    kind, _colon, number = code.partition(":")
    if kind == "reg":
        present = Commune.objects.filter(kind=CommuneKind.COMMUNE, region=number)
        return frozenset(present.order_by().values_list("code", flat=True))
    return scope(code.removeprefix("dep:")).communes


def reference_of(edition: Edition) -> str:
    """What quotients are told against: France, else the widest territory set beside, else the edition's own."""
    if EVERYWHERE in edition.compared or not edition.compared:
        return EVERYWHERE
    return max(edition.compared, key=lambda code: len(communes_of(code) or ()))


def subject_of(code: str) -> UUID:
    """The subject under which the thread speaks of a perimeter. 2 statements."""
    if Epci.objects.filter(siren=code).exists():
        return epci_subject(code)
    if Perimeter.objects.filter(code=code).exists():
        return perimeter_subject(code)
    return commune_subject(code)

"""A structure in the vocabulary of schema.org, for whoever reads pages by program."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, NamedTuple

from toile.directory.rules.hours import Week

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY_LONG: Final = 24 * 60
NON_PROFIT: Final = frozenset({"association", "fondation", "mutuelle", "autre"})
"""The display classes that schema.org calls NGO."""
BUSINESSES: Final = frozenset({"cooperative", "societe"})
"""Those that are businesses of their place, once it is known."""


class Known(NamedTuple):
    """What is said of a structure: texts empty and numbers None where unknown; point is (longitude, latitude)."""

    url: str
    name: str
    legal_name: str = ""
    acronym: str = ""
    description: str = ""
    website: str = ""
    image: str = ""
    siren: str = ""
    shown_as: str = ""
    created_on: date | None = None
    street: str = ""
    postal_code: str = ""
    town: str = ""
    point: tuple[float, float] | None = None
    week: Week | None = None
    is_invented: bool = False


def structured_data(known: Known) -> dict[str, Any]:
    """The JSON-LD of a structure: an NGO, a LocalBusiness or an Organization, with its place and hours where known.

    Source: https://schema.org/Organization, /NGO, /LocalBusiness, /OpeningHoursSpecification.
    """
    place = _place(known)
    is_business = known.shown_as in BUSINESSES and "address" in place
    kind = "NGO" if known.shown_as in NON_PROFIT else "LocalBusiness" if is_business else "Organization"
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": kind,
        "@id": known.url,
        "url": known.url,
        "name": known.name,
        "legalName": known.legal_name,
        "alternateName": known.acronym,
        "description": known.description,
        "sameAs": known.website,
        "image": known.image,
        "foundingDate": known.created_on.isoformat() if known.created_on else "",
        "disambiguatingDescription": "Structure inventée pour une démonstration." if known.is_invented else "",
    }
    if known.siren:
        told["identifier"] = {"@type": "PropertyValue", "propertyID": "SIREN", "value": known.siren}
    if place:
        told |= place if is_business else {"location": {"@type": "Place", **place}}
    return {name: value for name, value in told.items() if value}


def _place(known: Known) -> dict[str, Any]:
    place: dict[str, Any] = {}
    address = {"streetAddress": known.street, "postalCode": known.postal_code, "addressLocality": known.town}
    if any(address.values()):
        said = {name: value for name, value in address.items() if value}
        place["address"] = {"@type": "PostalAddress", **said, "addressCountry": "FR"}
    if known.point:
        longitude, latitude = known.point
        place["geo"] = {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude}
    if known.week and not known.week.unsure:
        place["openingHoursSpecification"] = _hours(known.week)
    return place


def _hours(week: Week) -> list[dict[str, Any]]:
    """One specification for each span, with the days that share it; a span past midnight closes the next day."""
    days: dict[tuple[int, int], list[str]] = {}
    for number, spans in enumerate(week.days):
        for span in spans:
            days.setdefault(span, []).append(_DAYS[number])
    for span in week.holidays or ():
        days.setdefault(span, []).append("PublicHolidays")
    return [
        {"@type": "OpeningHoursSpecification", "dayOfWeek": names, "opens": _clock(span[0]), "closes": _clock(span[1])}
        for span, names in days.items()
    ]


def _clock(minute: int) -> str:
    # Midnight that ends a day is its last minute: « 00:00 » would be its first.
    if minute == _DAY_LONG:
        return "23:59"
    hour, minutes = divmod(minute % _DAY_LONG, 60)
    return f"{hour:02d}:{minutes:02d}"

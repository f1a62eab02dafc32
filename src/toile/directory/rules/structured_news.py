"""A news item in the vocabulary of schema.org, for whoever reads pages by program."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple


class KnownNews(NamedTuple):
    """What is said of an item: texts empty and dates None where unknown; point is (longitude, latitude)."""

    url: str
    title: str
    text: str
    publisher: str
    publisher_url: str
    published: datetime
    changed: datetime
    picture: str = ""
    on: date | None = None
    until: date | None = None
    place: str = ""
    town: str = ""
    point: tuple[float, float] | None = None
    is_meeting: bool = False
    is_invented: bool = False


def structured_news(known: KnownNews) -> dict[str, Any]:
    """The JSON-LD of an item: a NewsArticle; what it invites to is its subject, an Event.

    Source: https://schema.org/NewsArticle, /Event.
    """
    place = _place(known)
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": known.url,
        "url": known.url,
        "headline": known.title,
        "articleBody": known.text,
        "inLanguage": "fr",
        "datePublished": known.published.isoformat(),
        "dateModified": known.changed.isoformat(),
        "publisher": {"@type": "Organization", "name": known.publisher, "url": known.publisher_url},
        "image": known.picture,
        "contentLocation": place,
        "disambiguatingDescription": "Actualité inventée pour une démonstration." if known.is_invented else "",
    }
    if known.is_meeting and known.on:
        told["about"] = {
            "@type": "Event",
            "name": known.title,
            "startDate": known.on.isoformat(),
            "endDate": (known.until or known.on).isoformat(),
            **({"location": place} if place else {}),
        }
    return {name: value for name, value in told.items() if value}


def _place(known: KnownNews) -> dict[str, Any]:
    if not (known.place or known.town):
        return {}
    place: dict[str, Any] = {"@type": "Place", "name": known.place or known.town}
    if known.town:
        place["address"] = {"@type": "PostalAddress", "addressLocality": known.town, "addressCountry": "FR"}
    if known.point:
        place["geo"] = {"@type": "GeoCoordinates", "longitude": known.point[0], "latitude": known.point[1]}
    return place

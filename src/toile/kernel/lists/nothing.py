"""No result: why, and what to try, each try with the number it would find."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from toile.kernel.readers import Reader

from .asked import Asked
from .asking import RADII, address, asked_from
from .choices import Facet
from .declaring import Found, ListPage

MOST_TRIES: Final = 8
"""So many questions at most are asked for an empty page, counts only."""
WORDS_ALONE: Final = 3
NO_FILTER: Final = frozenset({"q", "vue", "tri", "page"})


@dataclass(frozen=True, slots=True)
class Try:
    """A question near the one that found nothing. blames: what stands in the way, when this one finds something."""

    label: str
    url: str
    count: int = 0
    blames: str = ""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Why nothing was found, and what does find something."""

    heading: str
    why: str
    tries: tuple[Try, ...] = ()


def nothing_found(
    page: ListPage[Any], reader: Reader, query: QueryDict, asked: Asked, found: Found[Any], facets: list[Facet]
) -> Nothing:
    """What to say of an empty list: the statements of `page.spot`, and of `page.find` for each of 8 tries at most."""
    if not query:
        return Nothing(_("Cette liste est encore vide"), str(page.nothing_yet))
    place = query.get("ou", "")
    if asked.place and page.spot and not page.spot(place).known:
        heading = _("« %(place)s » n’est pas un lieu que nous connaissons") % {"place": place}
        elsewhere = _find(page, reader, [Try(_("Sans ce lieu"), address(query, {"ou": None, "rayon": None}))])
        return Nothing(heading, str(page.hint), elsewhere)
    tries = _find(page, reader, list(_tries(page, query, asked, found, facets))[:MOST_TRIES])
    together = _("Ce que vous demandez ensemble ne laisse rien : retirez un filtre.")
    blamed = next((one.blames for one in tries if one.blames), together)
    return Nothing(_("Rien ne correspond à votre recherche"), blamed, tries)


def _find(page: ListPage[Any], reader: Reader, tries: list[Try]) -> tuple[Try, ...]:
    """The tries that find something, with how much."""
    counted = []
    for one in tries:
        asked, _left = asked_from(page, QueryDict(one.url.removeprefix("?")))
        count = page.find(reader, asked, 0, 0).count
        if count:
            counted.append(Try(one.label, one.url, count, one.blames))
    return tuple(counted)


def _tries(
    page: ListPage[Any], query: QueryDict, asked: Asked, found: Found[Any], facets: list[Facet]
) -> Iterator[Try]:
    """From the most telling to the least."""
    yield from _without_facets(query, found, facets)
    yield from _farther(query, asked)
    for flag in page.flags:
        if flag.name not in asked.flags:
            yield Try(str(flag.label), address(query, {flag.parameter: "1"}))
    for (parameter, value), label in page.wider.items():
        if parameter not in query:
            yield Try(str(label), address(query, {parameter: value}))
    yield from _other_words(query, asked)


def _without_facets(query: QueryDict, found: Found[Any], facets: list[Facet]) -> Iterator[Try]:
    """A facet whose own counts say that without it something stays."""
    for facet in facets:
        chosen = [choice for choice in facet.choices if choice.chosen]
        if chosen and any(found.facets.get(facet.name, {}).values()):
            told = {"title": facet.title, "values": ", ".join(choice.label for choice in chosen)}
            yield Try(
                _("Sans le filtre « %(title)s : %(values)s »") % told,
                address(query, {facet.parameter: None}),
                blames=_("C’est le filtre « %(title)s : %(values)s » qui ne laisse rien.") % told,
            )


def _farther(query: QueryDict, asked: Asked) -> Iterator[Try]:
    if asked.near:
        asked_km = round(asked.near.metres / 1000)
        wider = [km for km in RADII if km > asked_km]
        for km in wider[1::2] or wider:
            yield Try(
                _("À moins de %(km)s km") % {"km": km},
                address(query, {"rayon": str(km)}),
                blames=_("Rien n’est connu à moins de %(km)s km.") % {"km": asked_km},
            )
    if asked.box:
        yield Try(_("Sur toute la carte"), address(query, {"boite": None}), blames=_("Ce cadre de la carte est vide."))
    if "ou" in query:
        told = _("Sans le lieu « %(place)s »") % {"place": query["ou"]}
        yield Try(told, address(query, {"ou": None, "rayon": None}))


def _other_words(query: QueryDict, asked: Asked) -> Iterator[Try]:
    if not asked.words:
        return
    filters = [name for name in query if name not in NO_FILTER]
    if len(filters) > 1:
        yield Try(_("Les mots seuls, sans filtre"), address(query, dict.fromkeys(filters)))
    words = sorted(asked.words.split(), key=len, reverse=True)
    for word in words[:WORDS_ALONE] if len(words) > 1 else ():
        yield Try(_("Seulement « %(word)s »") % {"word": word}, address(query, {"q": word}))
    told = _("Aucune fiche ne contient « %(words)s ». Essayez un mot plus court ou plus courant.")
    yield Try(_("Sans les mots cherchés"), address(query, {"q": None}), blames=told % {"words": asked.words})

"""What other sources say of the invented town: structures told twice under another form, and fields told otherwise."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

from toile.demo.lexicon import lexicon
from toile.demo.placement import near
from toile.demo.town import TODAY, Commune, FictionalOrganisation, Town
from toile.kernel.fold import fold

Voice = tuple[str, dict[str, Any]]
"""A source, and the payload in which it tells something of a structure that another source told."""

SMALL_WORDS: Final = frozenset({"de", "du", "des", "la", "le", "les", "l", "d", "et", "en", "a", "au", "un", "une"})
OTHER_SAID_ON: Final = TODAY.replace(year=TODAY.year - 1).isoformat()
OLD_SAID_ON: Final = TODAY.replace(year=TODAY.year - 2).isoformat()
"""So long ago that nobody holds it for true any more."""


@dataclass(frozen=True, slots=True)
class Retelling:
    """A structure that another source tells again, as if it were another one. of: the key of the first; form: why they
    do not look the same, a key of `FORMS`."""

    key: str
    of: str
    form: str
    payload: Mapping[str, Any]


def _fits(name: str, form: str, words: int) -> bool:
    """Whether a name can take a form: enough telling words; to lose its first one, « de » must follow it."""
    follows = name.removeprefix("Les ").removeprefix("La ").partition(" ")[2]
    return len(_telling(name)) >= words and (form != "reworded" or follows.startswith(("de ", "du ", "des ")))


def _registered(name: str) -> str:
    return f"ASS {fold(name).upper()}"


def _misspelt(name: str) -> str:
    """Two letters of the longest word change places."""
    word = max(name.replace("’", " ").replace(",", " ").split(), key=len)
    middle = len(word) // 2
    return name.replace(word, word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :], 1)


def _initials(name: str) -> str:
    return "".join(word[0] for word in _telling(name)).upper()


def _reworded(name: str) -> str:
    """Its first word left for one that says nothing more: « Menuiserie du Galon », « Collectif du Galon »."""
    _first, _space, rest = name.removeprefix("Les ").removeprefix("La ").partition(" ")
    return f"Collectif {rest}"


def _shortened(name: str) -> str:
    return f"{' '.join(_telling(name)).capitalize()} – association"


def _telling(name: str) -> list[str]:
    words = fold(name).replace("’", " ").replace("'", " ").replace(",", " ").replace("-", " ").split()
    return [word for word in words if word not in SMALL_WORDS]


FORMS: Final[Mapping[str, tuple[int, Callable[[str], str], int]]] = {
    "registered": (4, _registered, 1),
    "misspelt": (4, _misspelt, 1),
    "initials": (3, _initials, 3),
    "reworded": (10, _reworded, 2),
    "shortened": (3, _shortened, 2),
    "unplaced": (7, str, 2),
    "moved": (5, str, 2),
}
"""For each form: how many structures, how their name is told, the least number of telling words in it.

unplaced: a list without any address. moved: the same name in another commune.
"""


@cache
def lived() -> Mapping[str, Any]:
    """The tables of `lived.toml`."""
    with Path(__file__).with_name("lived.toml").open("rb") as file:
        return tomllib.load(file)


def retellings(seed: int, town: Town, communes: Sequence[Commune]) -> list[Retelling]:
    """Some structures of the town told a second time by a spreadsheet; the same for the same seed."""
    rng = _rng(seed, "retellings")
    waiting = _told_of(rng, town)
    chosen = []
    for form, (number, rename, words) in FORMS.items():
        fit = [one for one in waiting if _fits(one.name, form, words)][:number]
        for one in fit:
            waiting.remove(one)
            payload = {"name": rename(one.name), "legal_category": one.legal_category, "said_on": OTHER_SAID_ON}
            payload |= _place(rng, one, form, communes)
            chosen.append(Retelling(f"{one.key}-{form}", one.key, form, payload))
    return chosen


def look_alikes(seed: int, communes: Sequence[Commune]) -> list[tuple[str, str, dict[str, Any]]]:
    """The structures of `lived.toml`, as (key, source, payload)."""
    by_code = {commune.code: commune for commune in communes}
    return [
        _look_alike(_rng(seed, row["key"]), row, by_code) for row in lived()["structure"] if row["commune"] in by_code
    ]


def voices(
    seed: int, town: Town, told_twice: Sequence[Retelling], represented: frozenset[str]
) -> dict[str, list[Voice]]:
    """What else is said of structures, by their key: their own words (`own`), and a list that differs (`spreadsheet`).

    represented: keys of the structures that a persona represents; she receives their messages herself.
    """
    rng = _rng(seed, "voices")
    said: dict[str, list[Voice]] = {}
    for one in town.organisations:
        if one.stage == "active" and one.key not in represented:
            said[one.key] = [("own", _own(rng, one))]
    happened = {happening.organisation for happening in town.happenings}
    twice = {one.of for one in told_twice}
    quiet = [one for one in town.organisations if one.trade and one.key in said and one.key not in happened | twice]
    for one, voice in _differing(rng, quiet):
        said[one.key].append(("spreadsheet", {**voice, "said_on": OTHER_SAID_ON}))
    return said


def _own(rng: Random, one: FictionalOrganisation) -> dict[str, Any]:
    payload: dict[str, Any] = {"contact_email": f"contact.{one.key[:48]}@example.org", "said_on": TODAY.isoformat()}
    sites = {row["organisation"]: row["website"] for row in lived()["site"]}
    if one.key in sites:
        payload["website"] = sites[one.key]
    if one.address and rng.random() < 0.3:
        payload["wheelchair"] = rng.choice(("yes", "yes", "limited", "no"))
        payload["hearing_loop"] = rng.choice(("yes", "no", "no"))
        payload["adapted_toilets"] = "yes" if payload["wheelchair"] == "yes" else "no"
    return payload


def _differing(
    rng: Random, quiet: Sequence[FictionalOrganisation]
) -> Iterator[tuple[FictionalOrganisation, dict[str, Any]]]:
    """A structure and what a list says otherwise: five by hours, four by address, three by name, six by agreement."""
    with_hours = [one for one in quiet if one.opening_hours]
    without = [one for one in quiet if not one.opening_hours and one.family == "association" and not one.esus_until]
    for one in with_hours[:5]:
        yield one, {"opening_hours": rng.choice(("Mo-Fr 10:00-16:00; PH off", "Tu,Th 14:00-18:00; Sa 09:30-12:30"))}
    for one in without[:4]:
        yield one, _at(rng, one)
    for one in without[4:7]:
        yield one, {"name": f"Association {one.name}"}
    for one, (since, until) in zip(without[7:13], _AGREEMENTS, strict=False):
        yield one, {"approvals": [["esus", since, until]]}


_AGREEMENTS: Final = (
    ("2021-04-01", "2026-03-31"),
    ("2021-07-01", "2026-06-30"),
    ("2020-10-01", "2025-09-30"),
    ("2024-01-01", "2028-12-31"),
    ("2023-04-01", "2028-03-31"),
    ("2025-01-01", "2029-12-31"),
)
"""Three agreements that are over, three that run: first and last day."""


def _told_of(rng: Random, town: Town) -> list[FictionalOrganisation]:
    """Active associations of which the town tells an address, in an order drawn at random."""
    drawn = [
        one
        for one in town.organisations
        if one.trade and one.stage == "active" and one.family == "association" and one.address
    ]
    return rng.sample(drawn, len(drawn))


def _place(rng: Random, one: FictionalOrganisation, form: str, communes: Sequence[Commune]) -> dict[str, Any]:
    if form == "unplaced":
        return {"whereabouts": "inside"}
    if form == "moved":
        other = rng.choice([commune for commune in communes if commune.code != one.commune_code])
        lon, lat = near(rng, other)
        where = {"postal_code": other.postcodes[0], "city": other.name, "commune_code": other.code}
        return where | {"lon": lon, "lat": lat}
    if rng.random() < 0.5:
        return _at(rng, one) | {"address": one.address, "lon": one.lon, "lat": one.lat}
    return _at(rng, one)


def _at(rng: Random, one: FictionalOrganisation) -> dict[str, Any]:
    """Another address of the same commune, told with its point: the middle of the street is not far."""
    return {
        "address": f"{rng.randint(1, 96)}, {rng.choice(lexicon().streets)} (adresse inventée)",
        "postal_code": one.postcode,
        "city": one.commune_name,
        "commune_code": one.commune_code,
        "lon": round(one.lon + 0.001, 5),
        "lat": round(one.lat + 0.001, 5),
    }


def _look_alike(
    rng: Random, row: Mapping[str, Any], communes: Mapping[str, Commune]
) -> tuple[str, str, dict[str, Any]]:
    commune = communes[row["commune"]]
    lon, lat = near(rng, commune)
    payload = {
        "name": row["name"],
        "legal_category": "9220",
        "activities": ["solidarity"],
        "postal_code": commune.postcodes[0],
        "city": commune.name,
        "commune_code": commune.code,
        "lon": lon,
        "lat": lat,
        "said_on": OLD_SAID_ON,
    }
    return row["key"], "spreadsheet" if "same_as" in row else "fiction", payload


def _rng(seed: int, purpose: str) -> Random:
    return Random(f"{seed}:{purpose}")  # noqa: S311 — a demo, not a secret

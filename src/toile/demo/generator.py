"""The invented organisations of the demo: names, places, sizes and identifiers drawn from a seed number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain
from random import Random
from typing import Any, Final, TypeVar

from stdnum import luhn

from toile.demo.happenings import a_year_of_happenings
from toile.demo.lexicon import Activity, Lexicon, compose, describe, lexicon, slug
from toile.demo.placement import home, near, places
from toile.demo.town import TODAY, Commune, FictionalOrganisation, Town
from toile.kernel.fold import fold

Drawn = TypeVar("Drawn")

FAMILY_SHARES: Final[Mapping[str, float]] = {
    "association": 297,
    "cooperative": 52,
    "societe_commerciale_ess": 23,
    "averifier": 15,
    "mutuelle": 14,
    "autre": 6,
    "fondation": 5,
}
"""Organisations of each class among 412, the shares of the visual model."""

# For each class: (legal category, in the list of ESS France, field of SIRENE), with its weight. The directory reaches
# the same class from these: a SAS is a co-operative only because the list names it (domain A7, A9).
_LEGAL: Final[Mapping[str, Sequence[tuple[tuple[str, bool, str], int]]]] = {
    "association": [(("9220", False, ""), 90), (("9220", True, "O"), 8), (("9230", True, "O"), 2)],
    "cooperative": [
        (("5458", True, "O"), 38),
        (("5558", True, ""), 6),
        (("5710", True, ""), 34),
        (("5460", False, ""), 18),
        (("5560", False, ""), 4),
    ],
    "societe_commerciale_ess": [(("5710", False, "O"), 55), (("5499", False, "O"), 30), (("5710", True, "O"), 15)],
    "averifier": [(("5499", False, ""), 55), (("5710", False, ""), 45)],
    "mutuelle": [(("8210", True, "O"), 80), (("6411", False, ""), 20)],
    "autre": [(("9900", False, "O"), 60), (("9970", False, "O"), 40)],
    "fondation": [(("9300", True, "O"), 100)],
}

# Weights of the INSEE size bands; None = unknown.
_BANDS: Final[Sequence[str | None]] = ("NN", "00", "01", "02", "03", "11", "12", "21", "22", None)
_SIZES: Final[Mapping[str, Sequence[int]]] = {
    "association": (52, 3, 15, 9, 6, 6, 4, 1, 0, 4),
    "cooperative": (10, 2, 22, 24, 18, 13, 6, 1, 0, 4),
    "societe_commerciale_ess": (14, 2, 26, 26, 16, 8, 4, 0, 0, 4),
    "averifier": (24, 0, 26, 10, 0, 0, 0, 0, 0, 40),
    "mutuelle": (8, 0, 10, 18, 22, 18, 14, 6, 4, 0),
    "autre": (10, 0, 10, 20, 20, 20, 20, 0, 0, 0),
    "fondation": (10, 0, 20, 20, 20, 10, 10, 10, 0, 0),
}
_INSERTION_FORMS: Final = {"AI": "9222"}  # the others declare the insertion of their object, 9221
_INSERTION_BANDS: Final = (("03", 2), ("11", 5), ("12", 6), ("21", 2))
_ESUS_SHARE: Final[Mapping[str, float]] = {
    "association": 0.05,
    "cooperative": 0.22,
    "societe_commerciale_ess": 0.5,
    "fondation": 0.2,
}
_FIRST_YEAR: Final[Mapping[str, tuple[int, int, float]]] = {  # earliest, latest, most likely
    "association": (1952, 2025, 2008),
    "cooperative": (1978, 2025, 2015),
    "societe_commerciale_ess": (2014, 2025, 2020),
    "averifier": (2008, 2025, 2019),
    "mutuelle": (1952, 1998, 1965),
    "autre": (1975, 2020, 2004),
    "fondation": (1985, 2022, 2010),
}


@dataclass(frozen=True, slots=True)
class _Draft:
    """What is decided first: a class, an activity, a commune."""

    family: str
    activity: Activity
    commune: Commune


def generate(seed: int, count: int = 400, communes: Sequence[Commune] = ()) -> Town:
    """An invented town: `count` organisations and the projects of `names.toml`, with a year of happenings behind them.

    The same seed, count and communes give the same town, to the byte. No name, person or number is real: the SIREN and
    the SIRET fail the Luhn key on purpose.
    """
    if not communes:
        raise ValueError("a town needs at least one commune")
    lex = lexicon()
    fixed = [_fixed(row, communes, _rng(seed, row["key"])) for row in lex.fixed][:count]
    taken = {fold(row["name"]) for row in chain(lex.fixed, lex.projects)}
    drafts = _drafts(seed, count, communes, lex, fixed)
    names = _names(_rng(seed, "names"), drafts, lex, taken)
    drawn = [
        _organisation(_rng(seed, f"organisation {name}"), draft, name)
        for draft, name in zip(drafts, names, strict=True)
    ]
    organisations = _numbered(_rng(seed, "numbers"), [*fixed, *drawn])
    projects = tuple(_project(row, communes, _rng(seed, row["key"])) for row in lex.projects)
    organisations, happenings = a_year_of_happenings(_rng(seed, "happenings"), organisations, projects)
    return Town(organisations=organisations, projects=projects, happenings=happenings)


def shared_out(total: int, weights: Mapping[str, float]) -> dict[str, int]:
    """`total` things shared in proportion to weights, by the largest remainder; the parts add up to `total`."""
    whole = sum(weights.values())
    exact = {key: total * weight / whole for key, weight in weights.items()}
    parts = {key: int(value) for key, value in exact.items()}
    by_remainder = sorted(exact, key=lambda key: (parts[key] - exact[key], key))
    for key in by_remainder[: total - sum(parts.values())]:
        parts[key] += 1
    return parts


def _rng(seed: int, purpose: str) -> Random:
    """A generator of its own for each purpose: a word added to one list does not change everything else."""
    return Random(f"{seed}:{purpose}")  # noqa: S311 — a demo, not a secret


def _drafts(
    seed: int, count: int, communes: Sequence[Commune], lex: Lexicon, fixed: Sequence[FictionalOrganisation]
) -> list[_Draft]:
    rng = _rng(seed, "drafts")
    wanted = shared_out(count, FAMILY_SHARES)
    for organisation in fixed:
        wanted[organisation.family or ""] = max(0, wanted.get(organisation.family or "", 0) - 1)
    families = [family for family, number in wanted.items() for _ in range(number)][: count - len(fixed)]
    rng.shuffle(families)
    towns = places(rng, len(families), communes)
    by_family: dict[str, list[Activity]] = {family: [] for family in FAMILY_SHARES}
    for activity in lex.activities.values():
        for family in activity.families:
            by_family[family].append(activity)
    # A doubtful name is found among commercial companies: they do what those do.
    by_family["averifier"] = by_family["societe_commerciale_ess"]
    return [
        _Draft(family, rng.choices(by_family[family], weights=[a.weight for a in by_family[family]])[0], commune)
        for family, commune in zip(families, towns, strict=True)
    ]


def _names(rng: Random, drafts: Sequence[_Draft], lex: Lexicon, taken: Iterable[str]) -> list[str]:
    """One name for each draft, all different once folded."""
    used = set(taken)
    single = {code: rng.sample(activity.names, len(activity.names)) for code, activity in lex.activities.items()}
    names = []
    for draft in drafts:
        candidates = _candidates(rng, draft, lex, single[draft.activity.code])
        name = next(candidate for candidate in candidates if fold(candidate) not in used)
        used.add(fold(name))
        names.append(name)
    return names


def _candidates(rng: Random, draft: _Draft, lex: Lexicon, single: list[str]) -> Iterator[str]:
    """Names to try, without end: one that stands alone while any is left (one time in two), else a pattern."""
    patterns = lex.family_patterns.get(draft.family)
    if patterns is None and single and rng.random() < 0.5:
        yield single.pop()
    while True:
        yield compose(rng.choice(patterns or draft.activity.patterns), rng.choice(lex.words))


def _organisation(rng: Random, draft: _Draft, name: str) -> FictionalOrganisation:
    activity, family, commune = draft.activity, draft.family, draft.commune
    insertion = _insertion(rng, draft)
    category, in_list, field_ess = _drawn(rng, _LEGAL[family])
    if family == "association" and insertion:
        category = _INSERTION_FORMS.get(insertion, "9221")
    lon, lat = near(rng, commune)
    earliest, latest, likely = _FIRST_YEAR[family]
    year = int(rng.triangular(earliest, latest + 0.99, likely))
    employer_band = _drawn(rng, _INSERTION_BANDS) if insertion else None
    return FictionalOrganisation(
        key=slug(name),
        name=name,
        stage="active",
        family=family,
        legal_category=category,
        naf="78.20Z" if insertion == "ETTI" else rng.choice([n for n in activity.naf if n != "78.20Z"]),
        activities=_activities(rng, activity, insertion),
        trade=activity.code,
        description=describe(activity, name, commune.name, rng),
        commune_code=commune.code,
        commune_name=commune.name,
        postcode=rng.choice(commune.postcodes[:2]) if commune.postcodes else "",
        address=f"{rng.randint(1, 96)}, {rng.choice(lexicon().streets)} (adresse inventée)",
        lon=lon,
        lat=lat,
        staff_band=employer_band or rng.choices(_BANDS, weights=_SIZES[family])[0],
        created_on=date(year, 1, 1) + timedelta(days=rng.randrange(320)),
        esus_until=_end(rng, 2027, 2031) if rng.random() < _ESUS_SHARE.get(family, 0) else None,
        insertion_kind=insertion,
        insertion_until=date(rng.choice((2026, 2026, 2027, 2028)), 12, 31) if insertion else None,
        opening_hours=rng.choice(activity.hours) if activity.hours and rng.random() < 0.55 else None,
        in_ess_list=in_list,
        list_family=family if in_list else None,
        sirene_ess=field_ess,
    )


def _drawn(rng: Random, weighted: Sequence[tuple[Drawn, int]]) -> Drawn:
    return rng.choices([value for value, _weight in weighted], weights=[weight for _value, weight in weighted])[0]


def _insertion(rng: Random, draft: _Draft) -> str | None:
    """The kind of insertion structure, if it is one: AI and, here, ACI are associations only."""
    if not draft.activity.siae or draft.family in ("averifier", "mutuelle", "autre", "fondation"):
        return None
    # Insertion is the whole trade of some, one way of working for others.
    if rng.random() > (0.8 if draft.activity.code == "insertion" else 0.14):
        return None
    refused = set() if draft.family == "association" else {"ACI", "AI"}
    kinds = [kind for kind in draft.activity.siae if kind not in refused]
    return rng.choice(kinds) if kinds else None


def _activities(rng: Random, activity: Activity, insertion: str | None) -> tuple[str, ...]:
    first, *others = activity.activities
    chosen = [first, *(code for code in others if rng.random() < 0.4)]
    return tuple(chosen) if not insertion or "insertion" in chosen else (*chosen, "insertion")


def _end(rng: Random, first: int, last: int) -> date:
    return rng.choice(
        [date(year, month, day) for year in range(first, last + 1) for month, day in ((3, 31), (6, 30), (12, 31))]
    )


def _placed(row: Mapping[str, Any], communes: Sequence[Commune], rng: Random) -> dict[str, Any]:
    commune = home(row, communes, rng)
    lon, lat = near(rng, commune)
    is_home = commune.code == row.get("commune")
    return {
        "commune_code": commune.code,
        "commune_name": commune.name,
        "postcode": commune.postcodes[0] if commune.postcodes else "",
        "lon": row["lon"] if is_home and "lon" in row else lon,
        "lat": row["lat"] if is_home and "lat" in row else lat,
    }


def _fixed(row: Mapping[str, Any], communes: Sequence[Commune], rng: Random) -> FictionalOrganisation:
    own = {name: value for name, value in row.items() if name not in ("commune", "lon", "lat", "activities")}
    own["list_family"] = row["family"] if row.get("in_ess_list") else None
    return FictionalOrganisation(
        **own, **_placed(row, communes, rng), stage="active", activities=tuple(row["activities"])
    )


def _project(row: Mapping[str, Any], communes: Sequence[Commune], rng: Random) -> FictionalOrganisation:
    """A project has no legal form, no number and no address; it is seen by its carriers unless it says otherwise."""
    return FictionalOrganisation(
        key=row["key"],
        name=row["name"],
        stage=row["stage"],
        activities=tuple(row["activities"]),
        description=row["description"],
        public=row.get("public", False),
        created_on=TODAY - timedelta(days=rng.randint(40, 330)),
        **_placed(row, communes, rng),
    )


def _numbered(rng: Random, organisations: Sequence[FictionalOrganisation]) -> tuple[FictionalOrganisation, ...]:
    """Each organisation with a SIREN 999… and a SIRET whose keys are both wrong."""
    bodies = rng.sample(range(100_000), len(organisations))
    return tuple(
        replace(organisation, siren=siren, siret=f"{siren}{nic}")
        for organisation, (siren, nic) in zip(organisations, map(_wrong_numbers, bodies), strict=True)
    )


def _wrong_numbers(body: int) -> tuple[str, str]:
    """A SIREN and a NIC made of five digits, neither of which passes Luhn (domain L1)."""
    siren = next(number for last in range(10) if not luhn.is_valid(number := f"999{body:05d}{last}"))
    nic = next(number for last in range(10) if not luhn.is_valid(siren + (number := f"0001{last}")))
    return siren, nic

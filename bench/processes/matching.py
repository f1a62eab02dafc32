"""What `bench/matching.py` runs: trade names against legal names, real lists against damaged copies, a large corpus."""

from __future__ import annotations

import csv
import hashlib
import json
import random
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import django

django.setup()

from damage import damaged  # noqa: E402
from rapidfuzz import fuzz  # noqa: E402

from toile.directory.commands import import_ess, import_siae  # noqa: E402
from toile.directory.matching import read_profiles  # noqa: E402
from toile.directory.rules.matching.pairing import Found, pair_up  # noqa: E402
from toile.directory.rules.matching.preparing import Profile, Spot  # noqa: E402
from toile.kernel.acts import Actor  # noqa: E402
from toile.kernel.fold import fold, fold_place  # noqa: E402
from toile.territory.services import init_territory  # noqa: E402

METROPOLE = "244200770"
PLAIN_RATIO = 80
ESS = (
    "x_consolidated", "x_enriched", "x_label_studio", "x_consolidated_tessstcsv", "01_ess_numerique", "02_cate_x_naf",
    "02_ess_numerique_cate_juridique", "03_tiers_lieux", "04_ess_flag_insee",
)  # fmt: skip
SHORT = {
    "association": "asso", "societe": "ste", "centre": "ctre", "comite": "cte", "developpement": "dev",
    "federation": "fed", "informatique": "info", "insertion": "insert", "intermediaire": "inter", "services": "serv",
    "solidarite": "solid", "saint": "st", "sainte": "ste", "groupe": "gpe", "regie": "reg",
}  # fmt: skip
GIVEN = "lumière navette horizon passerelle fabrique tisserands récolte colline châtaignier boussole rivière étincelle"
TRADES = "emploi insertion services recyclerie épicerie jardins atelier couture vélo menuiserie formation numérique"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the list of inclusion structures, as far as this measure needs it."""

    trade: str
    legal: str
    city: str
    siren: str


def trade_names(shared: str) -> dict[str, Any]:
    """Which legal name of its commune each trade name is matched with, where the two differ; names only."""
    with Path(shared, "siae/siaes.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [Row(r["brand"].strip(), r["name"].strip(), r["city"], r["siret"][:9]) for r in csv.DictReader(file)]
    asked = [row for row in rows if row.trade and row.trade != row.legal]
    units: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        units[fold_place(row.city), row.legal].add(row.siren)
    legal = list(units)
    trades = [Profile(f"t{at}", (row.trade,), spots=(_spot(row.city),)) for at, row in enumerate(asked)]
    held = [Profile(f"l{at}", (name,), spots=(_spot(city),)) for at, (city, name) in enumerate(legal)]
    found = pair_up([*trades, *held], may_pair=lambda one, other: one.id[0] != other.id[0])
    outcomes: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for pair in found.pairs:
        place, number = int(pair.first[1:]), int(pair.second[1:])
        is_right = asked[number].siren in units[legal[place]]
        outcomes[pair.second].append((pair.comparison.certainty, is_right))
    halves: dict[str, list[int]] = {"all": [], "first": [], "second": []}
    for at, row in enumerate(asked):
        halves["all"].append(at)
        halves["first" if _half(row.city) else "second"].append(at)
    told: dict[str, Any] = {name: _rates([outcomes[f"t{at}"] for at in several]) for name, several in halves.items()}
    told["differ"] = _rates([outcomes[f"t{at}"] for at, row in enumerate(asked) if fold(row.trade) != fold(row.legal)])
    return told | {"baseline": _plain(asked, legal, units)}


def _spot(city: str) -> Spot:
    return Spot(fold_place(city), city)


def _half(city: str) -> bool:
    """In which half of the communes, by a digest of their names: two looks at one list, neither was held out."""
    return hashlib.sha256(fold_place(city).encode()).digest()[0] % 2 == 0


def _rates(outcomes: Iterable[list[tuple[str, bool]]]) -> dict[str, float]:
    several = list(outcomes)
    sure = [is_right for one in several for certainty, is_right in one if certainty == "sure"]
    found = sum(any(is_right for certainty, is_right in one if certainty == "sure") for one in several)
    proposed = sum(any(is_right for _certainty, is_right in one) for one in several)
    to_check = sum(certainty == "check" for one in several for certainty, _is_right in one)
    return {
        "rows": len(several),
        "precision": sum(sure) / len(sure) if sure else 1.0,
        "recall": found / len(several),
        "proposed": proposed / len(several),
        "to_check": to_check,
    }


def _plain(asked: list[Row], legal: list[tuple[str, str]], units: dict[tuple[str, str], set[str]]) -> dict[str, float]:
    """The same with a token-set ratio: the best legal name of the commune, if it is like enough."""
    names: dict[str, list[str]] = defaultdict(list)
    for city, name in legal:
        names[city].append(name)
    told = []
    for row in asked:
        city = fold_place(row.city)
        score, best = max((fuzz.token_set_ratio(fold(row.trade), fold(name)), name) for name in names[city])
        told.append([("sure", row.siren in units[city, best])] if score >= PLAIN_RATIO else [])
    return _rates(told)


def copies(shared: str, *seeds: str) -> dict[str, dict[str, float]]:
    """The real lists imported, then for each seed: against damaged copies, and one half of them against the other."""
    folder = Path(shared)
    init_territory(Actor.system("bench"), METROPOLE, cog=folder / "territory", vintage="2026")
    import_siae(folder / "siae/siaes.csv")
    for name in ESS:
        import_ess(folder / f"ess/{name}.csv")
    originals, _openness = read_profiles()
    originals.sort(key=lambda one: (one.names, sorted(one.sirens), str(one.id)))
    return {seed: _against_copies(originals, int(seed)) | _against_others(originals, int(seed)) for seed in seeds}


def _against_copies(originals: list[Profile], seed: int) -> dict[str, float]:
    """Each structure against a copy of it with a damaged name and no identifier."""
    chance = random.Random(seed)
    damaged_ones = [_copy(one, chance) for one in originals]
    found, seconds = _timed([*originals, *damaged_ones], across=True)
    right = {(str(one.id), f"~{one.id}") for one in originals}
    sure = {(str(pair.first), str(pair.second)) for pair in found.pairs if pair.comparison.certainty == "sure"}
    check = {(str(pair.first), str(pair.second)) for pair in found.pairs if pair.comparison.certainty == "check"}
    if "-v" in sys.argv:
        _tell(originals, damaged_ones, found)
    return {
        "records": len(originals),
        "precision": len(sure & right) / len(sure),
        "recall": len(sure & right) / len(right),
        "proposed": len((sure | check) & right) / len(right),
        "proposed_precision": len((sure | check) & right) / len(sure | check),
        "to_check": len(check),
        "compared": found.compared,
        "seconds": seconds,
    }


def _against_others(originals: list[Profile], seed: int) -> dict[str, float]:
    """The control: one half against the other without its numbers. No two have one SIREN: what is sure is false,

    but for the real duplicates that the lists hold under two numbers, which nobody counted.
    """
    chance = random.Random(seed)
    halves: tuple[list[Profile], list[Profile]] = ([], [])
    for one in originals:
        halves[chance.randrange(2)].append(one)
    bare = [
        replace(one, id=f"~{one.id}", sirens=frozenset(), rnas=frozenset(), sirets=frozenset()) for one in halves[1]
    ]
    found, _seconds = _timed([*halves[0], *bare], across=True)
    return {
        "strangers": len(bare),
        "false_sure": found.count("sure"),
        "false_to_check": found.count("check"),
    }


def _copy(one: Profile, chance: random.Random) -> Profile:
    """What somebody else's list might say of it: another spelling, the commune and the activity, no identifier."""
    name = damaged(chance.choice(one.names), chance)
    if chance.random() < 0.2:
        name = " ".join(SHORT.get(fold(word), word) for word in name.split())
    spots = tuple(replace(spot, point=None) for spot in one.spots[:1])
    return Profile(f"~{one.id}", (name,), spots=spots, activities=one.activities)


def _timed(profiles: list[Profile], *, across: bool) -> tuple[Found, float]:
    def is_copy(one: Profile) -> bool:
        return str(one.id).startswith("~")

    start = time.perf_counter()
    found = pair_up(profiles, may_pair=(lambda a, b: is_copy(a) != is_copy(b)) if across else None)
    return found, time.perf_counter() - start


def large(shared: str, count: str, seed: str) -> dict[str, float]:
    """So many invented structures in the real communes, one in twenty written twice: how long, and how much memory."""
    chance, communes = random.Random(int(seed)), _communes(Path(shared))
    words = [*GIVEN.split(), *_syllables(chance)]
    profiles: list[Profile] = []
    while len(profiles) < int(count):
        number = len(profiles)
        twice = number % 20 == 19
        profiles.append(
            _copy(profiles[chance.randrange(number)], chance) if twice else _invented(number, words, communes, chance)
        )
    profiles = [replace(one, id=at) for at, one in enumerate(profiles)]
    spent = time.process_time()
    found, seconds = _timed(profiles, across=False)
    return {
        "records": len(profiles),
        "compared": found.compared,
        "sure": found.count("sure"),
        "to_check": found.count("check"),
        "oversized": len(found.oversized),
        "seconds": seconds,
        "processor": time.process_time() - spent,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


def _communes(shared: Path) -> list[tuple[str, str, str, int]]:
    """Code, name, postal code and population of the communes, so that towns hold as many structures as they do."""
    told = json.loads((shared / "territory/communes.json").read_text(encoding="utf-8"))
    return [
        (one["code"], one["nom"], one["codesPostaux"][0], one.get("population") or 1)
        for one in told
        if one["type"] == "commune-actuelle" and one.get("codesPostaux")
    ]


def _syllables(chance: random.Random) -> list[str]:
    """Invented proper names, as many as a large country's structures have."""
    parts = [
        "ba",
        "bel",
        "cor",
        "da",
        "dri",
        "fan",
        "ga",
        "lin",
        "lor",
        "ma",
        "mon",
        "na",
        "nor",
        "pa",
        "ral",
        "ro",
        "sa",
        "ser",
        "ta",
        "tol",
        "va",
        "vel",
        "zan",
    ]
    return ["".join(chance.choices(parts, k=chance.choice((2, 3, 3)))) for _ in range(9000)]


def _invented(
    number: int, words: list[str], communes: list[tuple[str, str, str, int]], chance: random.Random
) -> Profile:
    code, name, postal, _population = chance.choices(communes, cum_weights=_cumulated(communes))[0]
    form = chance.choice(["Association", "Assoc", "SCOP", "SARL", "", ""])
    parts = [form, chance.choice(TRADES.split()), chance.choice(words), chance.choice(words)]
    if chance.random() < 0.3:
        parts.append(name)
    siren = frozenset({f"{100_000_000 + number}"}) if chance.random() < 0.7 else frozenset()
    activity = frozenset({chance.choice(["88.99B", "94.99Z", "81.21Z", "38.32Z", "85.59A"])})
    shown = " ".join(part for part in parts if part)
    return Profile(number, (shown, shown.upper()), (), siren, spots=(Spot(code, name, postal),), activities=activity)


_CUMULATED: list[int] = []


def _cumulated(communes: list[tuple[str, str, str, int]]) -> list[int]:
    if not _CUMULATED:
        total = 0
        for *_told, population in communes:
            total += population
            _CUMULATED.append(total)
    return _CUMULATED


def _tell(originals: list[Profile], damaged_ones: list[Profile], found: Found) -> None:
    """What was missed and what was wrong, for whoever mends the rules."""
    by_id = {str(one.id): one for one in (*originals, *damaged_ones)}
    proposed = defaultdict(list)
    for pair in found.pairs:
        first, second = str(pair.first), str(pair.second)
        proposed[second].append(pair)
        if pair.comparison.certainty == "sure" and second != f"~{first}":
            print("FAUX", by_id[first].names, "|", by_id[second].names, pair.comparison.rule, file=sys.stderr)
    for one, copy in zip(originals, damaged_ones, strict=True):
        kept = [pair for pair in proposed[str(copy.id)] if str(pair.first) == str(one.id)]
        if not kept:
            print("MANQUÉ", one.names, "|", copy.names, [spot.commune for spot in one.spots][:2], file=sys.stderr)
        elif kept[0].comparison.certainty == "check":
            names = kept[0].comparison.names
            print("DOUTE", one.names, "|", copy.names, names.level, round(names.score, 2), round(names.strength, 2),
                  kept[0].comparison.found, len(proposed[str(copy.id)]), file=sys.stderr)  # fmt: skip


if __name__ == "__main__":
    arguments = [one for one in sys.argv[2:] if one != "-v"]
    print(json.dumps({"trade_names": trade_names, "copies": copies, "large": large}[sys.argv[1]](*arguments)))

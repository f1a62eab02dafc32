"""Two records compared: what agrees, what does not, what is not known, and what the declared rules decide of it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, Literal
from urllib.parse import urlsplit
from uuid import UUID

from rapidfuzz.distance import OSA

from toile.directory.rules.matching.names import Likeness, closeness, likeness
from toile.directory.rules.matching.parameters import Certainty, parameters
from toile.directory.rules.matching.reasons import Reason
from toile.directory.rules.matching.words import Corpus, Name, read_name, words_of
from toile.kernel.fold import fold
from toile.kernel.identifiers import department_of
from toile.kernel.sphere import RADIUS

Agreement = Literal["same", "other", "unknown"]
MOST_NAMES: Final = 6


@dataclass(frozen=True, slots=True)
class Spot:
    """One place of a structure; what is not known is empty. commune: its code. point: (longitude, latitude)."""

    commune: str = ""
    commune_name: str = ""
    postal_code: str = ""
    point: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """What is compared of one structure; what is empty is not known, and is no evidence.

    names: the usual one, the legal one, the trade names. acronyms: those that a source gives. sirens, rnas: of all that
    was joined into it. activities: NAF codes, dotted. website: any address of the site.
    """

    id: UUID | int | str
    names: tuple[str, ...]
    acronyms: tuple[str, ...] = ()
    sirens: frozenset[str] = frozenset()
    rnas: frozenset[str] = frozenset()
    sirets: frozenset[str] = frozenset()
    spots: tuple[Spot, ...] = ()
    activities: frozenset[str] = frozenset()
    website: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A profile read once: what its comparisons with many others share."""

    profile: Profile
    names: tuple[Name, ...]
    sirens: frozenset[str]
    communes: frozenset[str]
    postal_codes: frozenset[str]
    points: tuple[tuple[float, float], ...]
    domain: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outcome: score 0 to 1, certainty, the code of the rule that decided, and every reason with its weight."""

    score: float
    certainty: Certainty
    rule: str
    reasons: tuple[Reason, ...]
    names: Likeness
    found: dict[str, Any]


@lru_cache(maxsize=4096)
def domain_of(website: str) -> str:
    """The domain that a site tells a structure by; empty for one that many share."""
    try:
        host = urlsplit(website if "//" in website else f"//{website}").hostname or ""
    except ValueError:
        return ""
    host = host.removeprefix("www.")
    hosted = any(host == shared or host.endswith(f".{shared}") for shared in parameters().shared_domains)
    return "" if hosted or "." not in host else host


def prepare(profile: Profile, known: Corpus) -> Prepared:
    """Read a profile's names and identifiers; `known` weighs the words."""
    own = {word for spot in profile.spots for word in _place_words(spot.commune_name, spot.commune)}
    read = [read_name(text, frozenset(own), known) for text in _spellings(profile.names)]
    names = list({(name.words, name.acronyms): name for name in reversed(read)}.values())[::-1]
    given = frozenset(fold(short).replace(".", "").replace(" ", "") for short in profile.acronyms if short.strip())
    if given and names:
        names[0] = replace(names[0], acronyms=names[0].acronyms | given)
    return Prepared(
        profile,
        tuple(names[:MOST_NAMES]),
        profile.sirens | {siret[:9] for siret in profile.sirets},
        frozenset(spot.commune for spot in profile.spots if spot.commune),
        frozenset(spot.postal_code for spot in profile.spots if spot.postal_code),
        tuple(spot.point for spot in profile.spots if spot.point is not None),
        domain_of(profile.website),
    )


_PARENTHESIS: Final = re.compile(r"\([^()]*\)?")


def _spellings(names: Iterable[str]) -> Iterable[str]:
    """The names, each once, and what is left of them without what they hold in parentheses."""
    for name in dict.fromkeys(names):
        if name.strip():
            yield name
            outside = _PARENTHESIS.sub(" ", name) if "(" in name else ""
            if outside.strip():
                yield outside


@lru_cache(maxsize=4096)
def _place_words(name: str, code: str) -> frozenset[str]:
    words = {*words_of(name)}
    if code:
        words.add(department_of(code).lower())
    return frozenset(words)


def compare(first: Profile, second: Profile, known: Corpus) -> Comparison:
    """Compare two structures; the order does not count. Scores are 0 to 1; certainty is what the rules decide."""
    return compare_prepared(prepare(first, known), prepare(second, known), known)


def compare_names(typed: str, existing: str, known: Corpus | None = None, commune: str = "") -> Comparison:
    """Compare a name being typed with one that exists, in the same commune if one is given (its name)."""
    spots = (Spot(commune, commune),) if commune else ()
    first, second = Profile("typed", (typed,), spots=spots), Profile("held", (existing,), spots=spots)
    return compare(first, second, known or Corpus())


def hopeless(first: Prepared, second: Prepared) -> bool:
    """Whether two records are two by their numbers alone: nothing else needs to be compared."""
    siren, rna = _agree(first.sirens, second.sirens), _agree(first.profile.rnas, second.profile.rnas)
    return (siren == "other" and rna != "same") or (rna == "other" and siren != "same")


def compare_prepared(first: Prepared, second: Prepared, known: Corpus) -> Comparison:
    """The same, of profiles already read."""
    return _compare(first, second, _best_names(first, second, known), known)


def compare_if_likely(first: Prepared, second: Prepared, known: Corpus) -> Comparison | None:
    """The same, or nothing, at less cost, where neither the numbers nor the names may make one structure of two."""
    if hopeless(first, second):
        return None
    names = _best_names(first, second, known)
    numbered = first.sirens & second.sirens or first.profile.rnas & second.profile.rnas
    if not numbered and not names.clash and names.score < known.parameters.likeness["enough_alone"]:
        return None
    compared = _compare(first, second, names, known)
    return compared if may_be_alone(compared, known) else None


def _compare(first: Prepared, second: Prepared, names: Likeness, known: Corpus) -> Comparison:
    siren = _agree(first.sirens, second.sirens)
    rna = _agree(first.profile.rnas, second.profile.rnas)
    found = {
        "siren": siren,
        "rna": rna,
        "name": names.level,
        "place": _place(first, second, known),
        "activity": _agree(first.profile.activities, second.profile.activities),
        "site": _agree({first.domain} - {""}, {second.domain} - {""}),
        "only": False,
        "best": False,
        "close": "little",
        "left": "no",
        "telling": _telling(names.strength, known),
        "clash": names.clash or "no",
    }
    reasons = [
        *_of_identifiers(first, second, found),
        *_of_names(names, known),
        *_of_places(first, second, found, known),
        *_of_the_rest(first, second, found, known),
    ]
    return decide(found, names, reasons, known)


def decide(found: dict[str, Any], names: Likeness, reasons: Iterable[Reason], known: Corpus) -> Comparison:
    """What the declared rules make of the evidence: the first that holds; names too unlike are not proposed."""
    several = tuple(reasons)
    score = _score(found, several)
    rule = next((rule for rule in known.parameters.rules if rule.holds(found)), None)
    certainty: Certainty = rule.certainty if rule else "none"
    enough = known.parameters.likeness["enough_alone" if found["only"] else "enough"]
    if certainty == "check" and found["rna"] != "same" and names.score < enough:
        certainty = "none"
    return Comparison(score, certainty, rule.code if rule else "", several, names, found)


def may_be_alone(comparison: Comparison, known: Corpus) -> bool:
    """Whether a pair is worth keeping until it is known what else is in the commune."""
    found = comparison.found
    if comparison.certainty != "none":
        return True
    enough = known.parameters.likeness["enough_alone"] <= comparison.names.score
    return comparison.rule == "alike_here" and enough and found["telling"] != "little"


def closest(first: Prepared, second: Prepared, known: Corpus) -> float:
    """How near the nearest two names of two records are written, 0 to 1."""
    return max((closeness(one, other, known) for one in first.names for other in second.names), default=0.0)


def beside(comparison: Comparison, known: Corpus, *, only: bool, best: bool, close: float) -> Comparison:
    """The same comparison decided again, now that it is known what else is in the place.

    only: no other name is as like. best: each is the nearest written to the other, clear of the second.
    close: `closest`.
    """
    if not only and not best:
        return comparison
    told, weights = known.parameters.likeness, known.parameters.weights
    level = "much" if close >= told["very_close"] else "enough" if close >= told["close"] else "little"
    reasons = list(comparison.reasons)
    reasons += [Reason("only_one", {}, weights["only_one"])] if only else []
    reasons += [Reason("best_of_both", {}, weights["best_of_both"])] if best and level != "little" else []
    found = {**comparison.found, "only": only, "best": best, "close": level, "left": _left(comparison.names, known)}
    return decide(found, comparison.names, reasons, known)


def _left(names: Likeness, known: Corpus) -> str:
    """Whether each name has words that the other has not, and whether these are written nearly the same."""
    one, other = ("".join(words) for words in names.left)
    if not one or not other:
        return "no"
    return "near" if OSA.normalized_similarity(one, other) >= known.parameters.likeness["left_near"] else "other"


def _telling(strength: float, known: Corpus) -> str:
    told = known.parameters.likeness
    return "much" if strength >= told["very_telling"] else "enough" if strength >= told["telling"] else "little"


def _score(found: dict[str, Any], reasons: tuple[Reason, ...]) -> float:
    if found["siren"] == "same" or found["rna"] == "same":
        return 1.0
    if found["siren"] == "other" or found["rna"] == "other":
        return 0.0
    return min(1.0, max(0.0, sum(reason.weight for reason in reasons)))


def _best_names(first: Prepared, second: Prepared, known: Corpus) -> Likeness:
    best: Likeness | None = None
    for one in first.names:
        for other in second.names:
            tried = likeness(one, other, known)
            if best is None or tried.rank > best.rank:
                best = tried
            if tried.level == "same":
                return best
    return best or Likeness("none", 0.0, 0.0, _NAMELESS, _NAMELESS)


_NAMELESS: Final = Name("", (), frozenset(), frozenset(), frozenset())


def _agree(first: Iterable[str], second: Iterable[str]) -> Agreement:
    """Missing on either side is no evidence."""
    one, other = frozenset(first), frozenset(second)
    if not one or not other:
        return "unknown"
    return "same" if one & other else "other"


def _place(first: Prepared, second: Prepared, known: Corpus) -> str:
    if first.communes & second.communes or (
        first.postal_codes & second.postal_codes and not (first.communes and second.communes)
    ):
        return "same"
    metres = _metres(first, second)
    if metres is not None and metres <= known.parameters.likeness["metres"]:
        return "near"
    if first.communes and second.communes:
        return "other"
    return "other" if first.postal_codes and second.postal_codes else "unknown"


def _metres(first: Prepared, second: Prepared) -> float | None:
    return min((_distance(one, other) for one in first.points for other in second.points), default=None)


def _distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two points (longitude, latitude): equirectangular, exact enough within a country."""
    x = math.radians(other[0] - one[0]) * math.cos(math.radians(one[1] + other[1]) / 2)
    return math.hypot(x, math.radians(other[1] - one[1])) * RADIUS


def _of_identifiers(first: Prepared, second: Prepared, found: dict[str, Any]) -> Iterable[Reason]:
    if found["siren"] == "same":
        yield Reason("same_siren", {"siren": min(first.sirens & second.sirens)}, 1.0)
    elif found["siren"] == "other":
        yield Reason("other_siren", {"first": min(first.sirens), "second": min(second.sirens)}, -1.0)
    if found["rna"] == "same":
        yield Reason("same_rna", {"rna": min(first.profile.rnas & second.profile.rnas)}, 1.0)
    elif found["rna"] == "other":
        yield Reason("other_rna", {"first": min(first.profile.rnas), "second": min(second.profile.rnas)}, -1.0)


def _of_names(names: Likeness, known: Corpus) -> Iterable[Reason]:
    """The reasons that the names give; the score of the names is shared out among those that speak for."""
    weights = known.parameters.weights
    told: list[tuple[str, dict[str, str]]] = []
    if names.level == "acronym":
        told.append(("acronym", {"acronym": names.acronym[0].upper(), "name": names.acronym[1]}))
    elif names.level == "same":
        same_text = fold(names.first.text) == fold(names.second.text)
        told.append(("same_name", {"name": names.first.text}) if same_text else ("same_words", _listed(names.common)))
    else:
        rare = tuple(word for word in names.common if known.weight(word) >= known.parameters.words["rare"])
        usual = tuple(word for word in names.common if word not in rare)
        told += [("rare_words", _listed(rare))] if rare else []
        told += [("common_words", _listed(usual))] if usual else []
        told += [
            ("glued" if a.replace(" ", "") == b.replace(" ", "") else "misspelt", {"first": a, "second": b})
            for a, b in names.misspelt
        ]
    share = weights["name"] * names.score / len(told) if told else 0.0
    for code, values in told:
        yield Reason(code, values, share)
    left, right = names.left
    if names.clash in ("places", "numbers"):
        yield Reason(f"other_{names.clash}", _both(left, right), weights[f"other_{names.clash}"])
    elif left and right and told and names.level != "acronym":
        yield Reason("other_words", _both(left, right), weights["other_words"])
    elif (left or right) and names.level == "contained":
        yield Reason("contained", _listed(left or right))


def _listed(words: Iterable[str]) -> dict[str, str]:
    return {"words": ", ".join(words)}


def _both(left: Iterable[str], right: Iterable[str]) -> dict[str, str]:
    return {"first": " ".join(left), "second": " ".join(right)}


def _of_places(first: Prepared, second: Prepared, found: dict[str, Any], known: Corpus) -> Iterable[Reason]:
    weights, metres = known.parameters.weights, _metres(first, second)
    shared = first.communes & second.communes
    if shared:
        yield Reason("same_commune", {"commune": _commune(first, shared)}, weights["same_commune"])
    elif first.postal_codes & second.postal_codes:
        code = min(first.postal_codes & second.postal_codes)
        yield Reason("same_postal_code", {"postal_code": code}, weights["same_postal_code"])
    elif found["place"] == "near" and metres is not None:
        yield Reason("near", {"metres": str(round(metres))}, weights["near"])
    elif first.communes and second.communes:
        both = {"first": _commune(first, first.communes), "second": _commune(second, second.communes)}
        yield Reason("other_commune", both, weights["other_commune"])
    if metres is not None and metres > 1000 * known.parameters.likeness["kilometres"] and not shared:
        yield Reason("far", {"kilometres": str(round(metres / 1000))}, weights["far"])


def _commune(one: Prepared, codes: frozenset[str]) -> str:
    wanted = min(codes)
    return next((spot.commune_name or wanted for spot in one.profile.spots if spot.commune == wanted), wanted)


def _of_the_rest(first: Prepared, second: Prepared, found: dict[str, Any], known: Corpus) -> Iterable[Reason]:
    weights = known.parameters.weights
    if found["site"] == "same":
        yield Reason("same_website", {"domain": first.domain}, weights["same_website"])
    if found["activity"] == "same":
        naf = min(first.profile.activities & second.profile.activities)
        yield Reason("same_activity", {"naf": naf}, weights["same_activity"])
    elif found["activity"] == "other":
        both = {"first": min(first.profile.activities), "second": min(second.profile.activities)}
        yield Reason("other_activity", both)

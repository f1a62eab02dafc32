"""Two records compared: what agrees, what does not, what is not known, and what the declared rules decide of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

from rapidfuzz.distance import OSA

from toile.directory.rules.matching.explaining import metres_apart, reasons_of
from toile.directory.rules.matching.names import Likeness, closeness, likeness
from toile.directory.rules.matching.parameters import Certainty
from toile.directory.rules.matching.preparing import Prepared, Profile, Spot, prepare
from toile.directory.rules.matching.reasons import Reason
from toile.directory.rules.matching.words import Corpus, Name

Agreement = Literal["same", "other", "unknown"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outcome: score 0 to 1, certainty, the code of the rule that decided, and every reason with its weight."""

    score: float
    certainty: Certainty
    rule: str
    reasons: tuple[Reason, ...]
    names: Likeness
    found: dict[str, Any]


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
    return decide(found, names, reasons_of(first, second, names, found, known), known)


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
    metres = metres_apart(first, second)
    if metres is not None and metres <= known.parameters.likeness["metres"]:
        return "near"
    if first.communes and second.communes:
        return "other"
    return "other" if first.postal_codes and second.postal_codes else "unknown"

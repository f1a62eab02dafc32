"""Why two records are proposed as one structure: the evidence as reasons, which `reasons` says in French."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from toile.directory.rules.matching.names import Likeness
from toile.directory.rules.matching.preparing import Prepared
from toile.directory.rules.matching.reasons import Reason
from toile.directory.rules.matching.words import Corpus
from toile.kernel.fold import fold
from toile.kernel.sphere import RADIUS


def metres_apart(first: Prepared, second: Prepared) -> float | None:
    """Metres between the nearest places of two structures; None where one has no point."""
    return min((_distance(one, other) for one in first.points for other in second.points), default=None)


def _distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two points (longitude, latitude): equirectangular, exact enough within a country."""
    x = math.radians(other[0] - one[0]) * math.cos(math.radians(one[1] + other[1]) / 2)
    return math.hypot(x, math.radians(other[1] - one[1])) * RADIUS


def reasons_of(
    first: Prepared, second: Prepared, names: Likeness, found: Mapping[str, Any], known: Corpus
) -> Iterator[Reason]:
    """Why two records are, or are not, one structure: each with its values and its weight, identifiers first."""
    yield from _of_identifiers(first, second, found)
    yield from _of_names(names, known)
    yield from _of_places(first, second, found, known)
    yield from _of_the_rest(first, second, found, known)


def _of_identifiers(first: Prepared, second: Prepared, found: Mapping[str, Any]) -> Iterable[Reason]:
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


def _of_places(first: Prepared, second: Prepared, found: Mapping[str, Any], known: Corpus) -> Iterable[Reason]:
    weights, metres = known.parameters.weights, metres_apart(first, second)
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


def _of_the_rest(first: Prepared, second: Prepared, found: Mapping[str, Any], known: Corpus) -> Iterable[Reason]:
    weights = known.parameters.weights
    if found["site"] == "same":
        yield Reason("same_website", {"domain": first.domain}, weights["same_website"])
    if found["activity"] == "same":
        naf = min(first.profile.activities & second.profile.activities)
        yield Reason("same_activity", {"naf": naf}, weights["same_activity"])
    elif found["activity"] == "other":
        both = {"first": min(first.profile.activities), "second": min(second.profile.activities)}
        yield Reason("other_activity", both)

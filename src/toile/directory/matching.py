"""Telling apart: structures compared with those that resemble them, and the candidates that people are asked about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from toile.directory.facts import MATCHING_FINISHED, Matched
from toile.directory.models import Candidate, Establishment, Judgement, Organisation
from toile.directory.models.records import Verdict
from toile.directory.rules.matching.comparing import Comparison
from toile.directory.rules.matching.pairing import Found, Pair, pair_up
from toile.directory.rules.matching.preparing import Profile, Spot
from toile.directory.rules.matching.reasons import sentence
from toile.kernel.acts import Actor, act
from toile.thread.services import record

BATCH = 500
MOST_PLACES = 30
Progress = Callable[[int, int | None], None]


class Stopped(Exception):
    """Raised by `progress`: the run was asked to stop; nothing was written."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run found, and how long it took. found: every pair, the surest first."""

    found: Found
    seconds: float

    def as_json(self, names: dict[UUID, str]) -> dict[str, Any]:
        """The report: counts, blocks left out, and each pair with its reasons in words. names: organisation → name."""
        return {
            "records": self.found.records,
            "compared": self.found.compared,
            "sure": self.found.count("sure"),
            "to_check": self.found.count("check"),
            "seconds": round(self.seconds, 2),
            "oversized_blocks": self.found.oversized,
            "pairs": [
                {
                    "first": {"id": str(pair.first), "name": names.get(pair.first, "")},
                    "second": {"id": str(pair.second), "name": names.get(pair.second, "")},
                    "certainty": pair.comparison.certainty,
                    "score": round(pair.comparison.score, 3),
                    "rule": pair.comparison.rule,
                    "reasons": [str(sentence(reason)) for reason in pair.comparison.reasons],
                }
                for pair in self.found.pairs
            ],
        }


def match(actor: Actor, *, dry_run: bool = False, progress: Progress | None = None) -> Run:
    """Compare all structures and replace the candidates, unless `dry_run`. Safe twice: the same data, the same rows.

    A pair that a person judged (the same, different, cannot tell), directly or by the structures joined since, is not
    proposed; nor are a public structure and a private one. progress: told the pairs compared, and their total at the
    end.
    """
    began = monotonic()
    profiles, openness = read_profiles()
    judged = judged_pairs()

    def may_pair(one: Profile, other: Profile) -> bool:
        return openness[one.id] == openness[other.id] and _ordered(one.id, other.id) not in judged

    found = pair_up(
        profiles, may_pair=may_pair, progress=(lambda done: progress(done, None)) if progress is not None else None
    )
    if not dry_run:
        _store(actor, found)
    if progress is not None:
        progress(found.compared, found.compared)
    return Run(found, monotonic() - began)


def read_profiles() -> tuple[list[Profile], dict[UUID, str]]:
    """Every structure as it is compared, with what is joined to it, and its openness. 2 statements."""
    told: dict[UUID, dict[str, Any]] = defaultdict(lambda: defaultdict(list))
    openness: dict[UUID, str] = {}
    columns = ("pk", "canonical_id", "name", "legal_name", "acronym", "siren", "rna", "naf", "website", "openness")
    rows = Organisation.objects.order_by("canonical_id", "pk").values_list(*columns)
    for pk, canonical, name, legal_name, acronym, siren, rna, naf, website, seen in rows.iterator(2000):
        one = told[canonical]
        one["names"] += [name, legal_name]
        for key, value in (("acronyms", acronym), ("sirens", siren), ("rnas", rna), ("naf", naf), ("sites", website)):
            if value:
                one[key].append(value)
        if pk == canonical:
            openness[pk] = seen
    _add_places(told)
    return [_profile(pk, one) for pk, one in told.items()], openness


def _add_places(told: dict[UUID, dict[str, Any]]) -> None:
    columns = ("siret", "brand", "naf", "commune_id", "commune__name", "postal_code", "city", "lon", "lat")
    rows = Establishment.objects.order_by("-is_seat", "-is_open", "pk").annotate(structure=F("organisation__canonical"))
    for structure, siret, brand, naf, commune, commune_name, postal, city, lon, lat in rows.values_list(
        "structure", *columns
    ).iterator(2000):
        one = told[structure]
        if brand:
            one["names"].append(brand)
        if siret:
            one["sirets"].append(siret)
        if naf:
            one["naf"].append(naf)
        if len(one["spots"]) < MOST_PLACES and (commune or postal or lon is not None):
            point = (lon, lat) if lon is not None else None
            one["spots"].append(Spot(commune or "", commune_name or city or "", postal or "", point))


def _profile(pk: UUID, one: dict[str, Any]) -> Profile:
    return Profile(
        id=pk,
        names=tuple(dict.fromkeys(name for name in one["names"] if name)),
        acronyms=tuple(dict.fromkeys(one["acronyms"])),
        sirens=frozenset(one["sirens"]),
        rnas=frozenset(one["rnas"]),
        sirets=frozenset(one["sirets"]),
        spots=tuple(dict.fromkeys(one["spots"])),
        activities=frozenset(one["naf"]),
        website=one["sites"][0] if one["sites"] else "",
    )


def judged_pairs() -> set[tuple[UUID, UUID]]:
    """The pairs of structures of which a judgement in force speaks, told by those that show them now. 1 statement.

    So a refusal holds for all that is joined: A is not B, B is C, then A and C are not asked about.
    """
    held = Judgement.objects.filter(withdrawn_at__isnull=True).exclude(verdict=Verdict.SAME)
    pairs = held.values_list("first__canonical", "second__canonical")
    return {_ordered(first, second) for first, second in pairs}


def _ordered(first: UUID, second: UUID) -> tuple[UUID, UUID]:
    return (first, second) if first < second else (second, first)


def _store(actor: Actor, found: Found) -> None:
    """Replace the candidates in one act; those that did not change keep their row, those judged meanwhile are left out.

    1 statement to read the judgements, 1 the structures, 1 the candidates, then one a batch of `BATCH`.
    """
    with act(actor):
        judged = judged_pairs()
        standing = set(Organisation.objects.structures().values_list("pk", flat=True).iterator(2000))
        wanted = {
            (pair.first, pair.second): pair
            for pair in found.pairs
            if (pair.first, pair.second) not in judged and {pair.first, pair.second} <= standing
        }
        held = {(row.first_id, row.second_id): row for row in Candidate.objects.order_by("pk").iterator(2000)}
        _delete([row.pk for key, row in held.items() if key not in wanted])
        changed = [row for key, row in held.items() if key in wanted and _redrawn(row, wanted[key].comparison)]
        Candidate.objects.bulk_update(changed, ["certainty", "score", "reasons", "found_at"], batch_size=BATCH)
        added = [_row(pair) for key, pair in wanted.items() if key not in held]
        Candidate.objects.bulk_create(added, batch_size=BATCH)
        if added or changed or len(held) != len(wanted):
            sure = sum(pair.comparison.certainty == "sure" for pair in wanted.values())
            counts = Matched(found.records, found.compared, sure, len(wanted) - sure, len(added))
            record(MATCHING_FINISHED, about=[], data=counts)


def _delete(gone: list[int]) -> None:
    for start in range(0, len(gone), BATCH):
        Candidate.objects.filter(pk__in=gone[start : start + BATCH]).delete()


def _row(pair: Pair) -> Candidate:
    row = Candidate(first_id=pair.first, second_id=pair.second)
    _redrawn(row, pair.comparison)
    return row


def _redrawn(row: Candidate, comparison: Comparison) -> bool:
    """Bring a row up to what was found; whether that changed it."""
    fresh = (comparison.certainty, round(comparison.score, 4), [reason.as_json() for reason in comparison.reasons])
    if (row.certainty, row.score, row.reasons) == fresh:
        return False
    row.certainty, row.score, row.reasons = fresh
    row.found_at = timezone.now()
    return True


def names_of(found: Found) -> dict[UUID, str]:
    """The name of each organisation of the pairs, for a report; a statement for each `BATCH` of them."""
    wanted = sorted({pk for pair in found.pairs for pk in (pair.first, pair.second)})
    return dict(_named(wanted))


def _named(wanted: list[UUID]) -> Iterator[tuple[UUID, str]]:
    for start in range(0, len(wanted), BATCH):
        several = Organisation.objects.filter(pk__in=wanted[start : start + BATCH])
        yield from several.order_by("pk").values_list("pk", "name")

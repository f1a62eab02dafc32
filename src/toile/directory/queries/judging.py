"""Two structures side by side: what differs, why they are compared, and what a judgement would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.directory.belongings import belongings
from toile.directory.models import Candidate, Organisation, OrganisationActivity, SourceRecord
from toile.directory.models.records import Verdict
from toile.directory.queries.judgements import Told, Why, standing, why
from toile.directory.queries.provenance import SHOWN_FIELDS, SHOWN_OF_PLACE
from toile.directory.rules.activities import taxonomy
from toile.directory.rules.display import BY_GLYPH
from toile.directory.rules.sources import SOURCES
from toile.kernel.fold import fold
from toile.kernel.identifiers import format_siren
from toile.kernel.readers import Reader
from toile.kernel.typography import short_date

MOST_RECORDS: Final = 100
COMPARED: Final[Mapping[str, str | Promise]] = {
    **{name: SHOWN_FIELDS[name] for name in ("name", "legal_name", "acronym", "siren", "rna")},
    "address": SHOWN_OF_PLACE["address"],
    "city": SHOWN_OF_PLACE["city"],
    "family": gettext_lazy("Famille"),
    "activities": gettext_lazy("Activités"),
    **{name: SHOWN_FIELDS[name] for name in ("website", "created_on")},
    "stage": gettext_lazy("Étape de vie"),
    "description": SHOWN_FIELDS["description"],
}
OUTCOMES: Final = {
    "same": gettext_lazy("pareil"),
    "different": gettext_lazy("différent"),
    "one": gettext_lazy("d’un seul côté"),
}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two structures. asked: the organisation judged; shown: the one whose page shows it."""

    asked: Organisation
    shown: Organisation
    also: Sequence[str]
    sources: Sequence[str]
    keeps: Sequence[str]
    people: int


@dataclass(frozen=True, slots=True)
class Line:
    """One field of both, and whether they agree, in a word."""

    label: str
    first: str
    second: str
    outcome: str

    @property
    def word(self) -> str:
        return str(OUTCOMES[self.outcome])


@dataclass(frozen=True, slots=True)
class Pair:
    """Two structures compared. standing: the judgement in force between them; kept: the side whose page would stay."""

    first: Side
    second: Side
    lines: Sequence[Line]
    unknown: Sequence[str]
    reasons: Sequence[Why]
    certainty: str
    kept: Side
    other: Side
    standing: Told | None
    is_one: bool
    is_half_open: bool
    two_sirens: bool

    @property
    def can_be_asked(self) -> bool:
        """Nothing was said of them, or that one cannot tell."""
        return not self.is_one and (self.standing is None or self.standing.judgement.verdict == Verdict.UNSURE)


def pair(reader: Reader, first: Organisation, second: Organisation) -> Pair:
    """Two organisations compared: 5 statements and one for each belonging, 2 more when the pair was judged.

    Both come with `canonical__main__commune`.
    """
    shown = [first.canonical, second.canonical]
    everybody = Organisation.objects.filter(canonical__in=shown).order_by("known_since", "pk")
    members: dict[UUID, list[Organisation]] = {one.pk: [] for one in shown}
    for member in everybody.only("name", "canonical", "known_since"):
        members[member.canonical_id].append(member)
    kept_by = members[shown[0].pk] + members[shown[1].pk]
    oldest = min(kept_by, key=lambda one: (one.known_since, one.pk)).canonical_id
    counted = {code: one.count([member.pk for member in kept_by]) for code, one in belongings.items()}
    sources = _sources(shown)
    sides = [
        _side(asked, one, members[one.pk], sources.get(one.pk, ()), counted)
        for asked, one in zip((first, second), shown, strict=True)
    ]
    lines, unknown = _compared(shown)
    found = _candidate(shown)
    held = standing(reader, first, second)
    kept, other = sides if oldest == shown[0].pk else reversed(sides)
    return Pair(
        first=sides[0],
        second=sides[1],
        lines=lines,
        unknown=unknown,
        reasons=why(found.reasons) if found else [],
        certainty=found.get_certainty_display() if found else "",
        kept=kept,
        other=other,
        standing=held,
        is_one=shown[0].pk == shown[1].pk,
        is_half_open=first.openness != second.openness,
        two_sirens=bool(shown[0].siren and shown[1].siren),
    )


def reasons_of(first: Organisation, second: Organisation) -> list[Any]:
    """What the rules say of two organisations, as a judgement keeps it. 1 statement."""
    found = _candidate([first.canonical, second.canonical])
    return list(found.reasons) if found else []


def _candidate(shown: Sequence[Organisation]) -> Candidate | None:
    between = Candidate.objects.filter(first__canonical__in=shown, second__canonical__in=shown)
    return between.exclude(first__canonical=F("second__canonical")).order_by("-certainty", "-score", "pk").first()


def _side(
    asked: Organisation,
    shown: Organisation,
    members: Sequence[Organisation],
    sources: Sequence[str],
    counted: Mapping[str, Mapping[UUID, int]],
) -> Side:
    totals = {code: sum(found.get(member.pk, 0) for member in members) for code, found in counted.items()}
    return Side(
        asked=asked,
        shown=shown,
        also=[member.name for member in members if member.pk != shown.pk],
        sources=sources,
        keeps=[belongings[code].counted(total) for code, total in totals.items() if total],
        people=totals["members"],
    )


def _sources(shown: Sequence[Organisation]) -> dict[UUID, list[str]]:
    """Who said something of each, and when: « liste ESS (France), 3 sept. 2026 ». 1 statement."""
    rows = SourceRecord.objects.filter(organisation__canonical__in=shown).order_by("source", "-last_seen", "pk")
    latest: dict[tuple[UUID, str], str] = {}
    for pk, source, said_on, seen in rows.values_list(
        "organisation__canonical", "source", "said_on", "last_seen__date"
    )[:MOST_RECORDS]:
        latest.setdefault((pk, source), f"{SOURCES[source].label}, {short_date(said_on or seen)}")
    found: dict[UUID, list[str]] = {}
    for (pk, _source), words in latest.items():
        found.setdefault(pk, []).append(words)
    return found


def _compared(shown: Sequence[Organisation]) -> tuple[list[Line], list[str]]:
    """Each field that one of the two gives, and the labels of those that neither does. 1 statement."""
    known = taxonomy().activities
    activities: dict[UUID, list[str]] = {one.pk: [] for one in shown}
    rows = OrganisationActivity.objects.filter(organisation__in=shown).order_by("organisation", "pk")
    for pk, code in rows.values_list("organisation", "code"):
        activities[pk].append(_(known[code].label_fr) if code in known else code)
    both = [_values(one, activities[one.pk]) for one in shown]
    lines, unknown = [], []
    for name, label in COMPARED.items():
        first, second = both[0][name], both[1][name]
        if not first and not second:
            unknown.append(str(label))
            continue
        outcome = "one" if not (first and second) else "same" if fold(first) == fold(second) else "different"
        lines.append(Line(str(label), first, second, outcome))
    return lines, unknown


def _values(one: Organisation, activities: Sequence[str]) -> dict[str, str]:
    place = one.main
    return {
        "name": one.name,
        "legal_name": one.legal_name,
        "acronym": one.acronym,
        "siren": format_siren(one.siren) if one.siren else "",
        "rna": one.rna,
        "address": place.address if place else "",
        "city": (place.commune.name if place.commune else place.city) if place else "",
        "family": _(BY_GLYPH[one.display_class].label_fr),
        "activities": ", ".join(sorted(activities)),
        "website": one.website,
        "created_on": short_date(one.created_on) if one.created_on else "",
        "stage": str(one.get_stage_display()),
        "description": one.description,
    }

"""Saving portraits: the visible fields that `rules.portrait` computes from records, and the facts of a change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model
from django.utils import timezone

from toile.directory.facts import FIELD_LABELS, ORGANISATION_UPDATED, Changed
from toile.directory.models import Approval, Establishment, Organisation, OrganisationActivity, SourceRecord
from toile.directory.models.organisations import Openness
from toile.directory.revising import History
from toile.directory.rules.ess_parameters import EssParameters
from toile.directory.rules.gazetteer import Gazetteer
from toile.directory.rules.portrait import OTHER_FIELDS, TEXT_FIELDS, Heard, Portrait, portrait
from toile.directory.rules.reading import Said, read
from toile.directory.rules.undoing import Words
from toile.kernel import search
from toile.thread.kinds import Kind, Visibility
from toile.thread.services import record

Row = TypeVar("Row", bound=Model)
COMPUTED = (
    "stage",
    "whereabouts",
    "listed",
    *TEXT_FIELDS,
    *OTHER_FIELDS,
    "folded",
    "sort_name",
    "ess_verdict",
    "ess_family",
    "ess_rule",
    "display_class",
)
PLACED = (
    "siret",
    "is_seat",
    "is_open",
    "brand",
    "address",
    "postal_code",
    "city",
    "commune_id",
    "commune_is_deduced",
    "lon",
    "lat",
    "naf",
    "staff_band",
    "opened_on",
    "opening_hours",
    "accessibility",
)
RECORD_FIELDS = ("payload", "checksum", "doubt", "said_on", "last_seen", "establishment")


@dataclass(frozen=True, slots=True)
class Context:
    """What assembling needs besides the records: the gazetteer and the ESS parameters of today."""

    gazetteer: Gazetteer
    parameters: EssParameters


@dataclass(frozen=True, slots=True)
class Saved:
    """How many structures appeared, and which changed visibly."""

    created: int
    changed: frozenset[UUID]


@dataclass(slots=True)
class _Rows:
    """Rows to write, in the order of their foreign keys."""

    organisations: list[Organisation] = field(default_factory=list)
    changed_organisations: list[Organisation] = field(default_factory=list)
    establishments: list[Establishment] = field(default_factory=list)
    changed_establishments: list[Establishment] = field(default_factory=list)
    activities: list[OrganisationActivity] = field(default_factory=list)
    approvals: list[Approval] = field(default_factory=list)
    replaced: list[UUID] = field(default_factory=list)
    held: dict[UUID, str | None] = field(default_factory=dict)
    """The SIREN or the SIRET that each changed row had."""


def save_portraits(
    context: Context,
    *,
    touched: Mapping[UUID, bool],
    created: Sequence[SourceRecord] = (),
    changed: Sequence[SourceRecord] = (),
    read: Mapping[tuple[str, str], Said] | None = None,
    source: str = "",
    fact: Kind = ORGANISATION_UPDATED,
    defaults: Mapping[UUID, Mapping[str, Any]] | None = None,
    quiet: Collection[UUID] = (),
    free: Set[str] = frozenset(),
    words: Mapping[UUID, Words] | None = None,
) -> Saved:
    """Assemble the touched structures again and save what differs, with one fact for each visible change.

    touched: organisation → whether it is new. created, changed: records not saved yet; they are saved here, after the
    organisations they point to. read: what those records say, already read. defaults: fields of new organisations that
    no source says (openness, invention). quiet: those whose changes are no news, because they were just created. free:
    the SIREN and SIRET that the caller has just looked up in vain. words: what people wrote, for the history. Runs
    inside the caller's act: a known number of statements, whatever the rows.
    """
    pending = {(stored.source, stored.external_id): stored for stored in (*created, *changed)}
    present = _present([pk for pk, is_new in touched.items() if not is_new])
    heard = _heard(present, pending, read or {})
    existing = _establishments(present)
    history = History.begin(present, existing)
    owners = {stored.establishment_id: stored.organisation_id for stored in pending.values()}
    rows = _Rows()
    visible = set()
    for pk in {**touched, **present}:
        drawn = portrait(heard[pk], gazetteer=context.gazetteer, parameters=context.parameters)
        if pk in present:
            rows.establishments += [
                Establishment(id=key, organisation_id=pk, **place)
                for key, place in drawn.establishments.items()
                if key not in existing and owners.get(key) == pk
            ]
            activities = history.compare(pk, drawn).keys() & {"activities"}
            shown = _redraw(present[pk], drawn, existing, rows, activities)
            if shown and pk not in quiet:
                visible.add(pk)
                narrowed = None if present[pk].openness == Openness.PUBLIC else Visibility.MEMBERS
                record(fact, about=[pk], data=Changed(shown, source), visibility=narrowed)
        else:
            _draw(pk, drawn, rows, (defaults or {}).get(pk, {}))
    _free_taken_identifiers(rows, free)
    _write(rows, created, changed)
    history.keep(source, words=words or {}, quiet=quiet)
    search.note("organisations", {**touched, **present})
    return Saved(len(rows.organisations), frozenset(visible))


def new_row(model: type[Row], values: Mapping[str, Any]) -> Row:
    """A row not saved yet, `values` by column name: matching keywords, as Django does, costs more than writing it."""
    return model(*[values[name] if name in values else default() for name, default in _columns(model)])


@cache
def _columns(model: type[Model]) -> tuple[tuple[str, Callable[[], Any]], ...]:
    """Each column of a table in its order, and what makes its default."""
    return tuple((column.attname, column.get_default) for column in model._meta.concrete_fields)


def _present(touched: Iterable[UUID]) -> dict[UUID, Organisation]:
    """The touched organisations that exist, and those whose page shows them, locked in order: 0 to 2 queries.

    Of two writers of one structure (a correction, an import) the second hears what the first stored.
    """
    locked = Organisation.objects.select_for_update().order_by("pk")
    found = locked.in_bulk(list(touched))
    shown = {organisation.canonical_id for organisation in found.values()} - set(found)
    return found | (locked.in_bulk(list(shown)) if shown else {})


def _heard(
    present: Mapping[UUID, Organisation],
    pending: Mapping[tuple[str, str], SourceRecord],
    read_already: Mapping[tuple[str, str], Said],
) -> dict[UUID, list[Heard]]:
    """Every record of each structure, read: a canonical organisation hears those of its whole cluster."""
    heard: dict[UUID, list[Heard]] = defaultdict(list)

    def hear(stored: SourceRecord, canonical: UUID) -> None:
        key = (stored.source, stored.external_id)
        one = Heard(
            f"{key[0]}:{key[1]}",
            stored.source,
            read_already.get(key) or read(stored.source, stored.payload),
            stored.establishment_id,
        )
        heard[stored.organisation_id].append(one)
        if canonical != stored.organisation_id:
            heard[canonical].append(replace(one, is_own=False))

    canonical_of = {pk: organisation.canonical_id for pk, organisation in present.items()}
    if present:
        stored_already = SourceRecord.objects.filter(organisation__canonical__in=set(canonical_of.values()))
        for stored in stored_already.select_related("organisation").order_by("pk"):
            if (stored.source, stored.external_id) not in pending:
                hear(stored, stored.organisation.canonical_id)
    for stored in pending.values():
        hear(stored, canonical_of.get(stored.organisation_id, stored.organisation_id))
    return heard


def _establishments(present: Mapping[UUID, Organisation]) -> dict[UUID, Establishment]:
    """Every establishment of the structures, those of the organisations joined to them included: 0 or 1 query."""
    shown = {organisation.canonical_id for organisation in present.values()}
    return {row.pk: row for row in Establishment.objects.filter(organisation__canonical__in=shown)} if shown else {}


def _draw(pk: UUID, drawn: Portrait, rows: _Rows, defaults: Mapping[str, Any]) -> None:
    own = {"id": pk, "canonical_id": pk, "main_id": drawn.main}
    rows.organisations.append(new_row(Organisation, {**drawn.fields, **own, **defaults}))
    rows.establishments += [
        new_row(Establishment, {**place, "id": key, "organisation_id": pk})
        for key, place in drawn.establishments.items()
    ]
    _add_labels(pk, drawn, rows)


def _add_labels(pk: UUID, drawn: Portrait, rows: _Rows) -> None:
    rows.activities += [
        new_row(OrganisationActivity, {"organisation_id": pk, "code": code, "why": why})
        for code, why in drawn.activities.items()
    ]
    rows.approvals += [
        Approval(organisation_id=pk, kind=kind, source=source, since=since or None, until=until or None)
        for (kind, source), (since, until) in drawn.approvals.items()
    ]


def _redraw(
    organisation: Organisation,
    drawn: Portrait,
    existing: Mapping[UUID, Establishment],
    rows: _Rows,
    more: Collection[str],
) -> list[str]:
    """Bring an existing organisation up to its portrait; the visible fields that changed, and `more` of them."""
    rows.held[organisation.pk] = organisation.siren
    differing = [name for name in COMPUTED if getattr(organisation, name) != drawn.fields[name]]
    for name in differing:
        setattr(organisation, name, drawn.fields[name])
    for key, place in drawn.establishments.items():
        row = existing.get(key)  # type: ignore[call-overload]
        if row is None or row.organisation_id != organisation.pk:
            continue
        rows.held[row.pk] = row.siret
        moved = [name for name in PLACED if getattr(row, name) != place[name]]
        for name in moved:
            setattr(row, name, place[name])
        if moved:
            rows.changed_establishments.append(row)
            differing += [name for name in moved if name in FIELD_LABELS]
    if organisation.main_id != drawn.main:
        organisation.main_id = drawn.main
        differing.append("main")
    differing += more
    rows.replaced.append(organisation.pk)
    _add_labels(organisation.pk, drawn, rows)
    shown = [name for name in dict.fromkeys(differing) if name in FIELD_LABELS]
    if shown:
        organisation.changed_at = timezone.now()
    if differing:
        organisation.version += 1
        rows.changed_organisations.append(organisation)
    return shown


def _free_taken_identifiers(rows: _Rows, free: Set[str]) -> None:
    """An identifier that another row holds, or claimed first, is left to it: a person will judge. 0 to 2 queries."""
    organisations = [o for o in (*rows.changed_organisations, *rows.organisations) if o.siren]
    sirens = {o.siren for o in organisations if o.siren != rows.held.get(o.pk)} - free
    holders = dict(Organisation.objects.filter(siren__in=sirens).values_list("siren", "pk")) if sirens else {}
    for organisation in organisations:
        if holders.setdefault(organisation.siren, organisation.pk) != organisation.pk:
            organisation.siren = rows.held.get(organisation.pk)
    places = [e for e in (*rows.changed_establishments, *rows.establishments) if e.siret]
    sirets = {e.siret for e in places if e.siret != rows.held.get(e.pk)} - free
    takers = dict(Establishment.objects.filter(siret__in=sirets).values_list("siret", "pk")) if sirets else {}
    for place in places:
        if takers.setdefault(place.siret, place.pk) != place.pk:
            place.siret = rows.held.get(place.pk)


def _write(rows: _Rows, created: Sequence[SourceRecord], changed: Sequence[SourceRecord]) -> None:
    if rows.replaced:
        OrganisationActivity.objects.filter(organisation__in=rows.replaced).delete()
        Approval.objects.filter(organisation__in=rows.replaced).delete()
    Organisation.objects.bulk_create(rows.organisations)
    Establishment.objects.bulk_create(rows.establishments)
    SourceRecord.objects.bulk_create(created)
    OrganisationActivity.objects.bulk_create(rows.activities)
    Approval.objects.bulk_create(rows.approvals)
    if changed:
        SourceRecord.objects.bulk_update(changed, RECORD_FIELDS)
    if rows.changed_organisations:
        Organisation.objects.bulk_update(rows.changed_organisations, [*COMPUTED, "main", "version", "changed_at"])
    if rows.changed_establishments:
        Establishment.objects.bulk_update(
            rows.changed_establishments, [name.removesuffix("_id") if name == "commune_id" else name for name in PLACED]
        )

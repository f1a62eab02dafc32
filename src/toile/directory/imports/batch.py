"""One batch of an import: who each row is, what changes, and the rows written, inside the caller's transaction."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from toile.directory.imports.report import Report
from toile.directory.imports.rows import NewRecord, Prepared
from toile.directory.models import Establishment, Organisation, SourceRecord
from toile.directory.portraits import Context, new_row, save_portraits
from toile.directory.rules.reading import Said


@dataclass(slots=True)
class Known:
    """A record as the database has it."""

    id: int
    checksum: str
    organisation: UUID
    establishment: UUID | None


@dataclass(slots=True)
class Memory:
    """What one import remembers from batch to batch: the structures it made and changed.

    In a dry run, where nothing is kept, also how to find again what the batches before would have written.
    """

    born: set[UUID] = field(default_factory=set)
    changed: set[UUID] = field(default_factory=set)
    known: dict[tuple[str, str], Known] = field(default_factory=dict)
    by_siret: dict[str, tuple[UUID, UUID]] = field(default_factory=dict)
    by_siren: dict[str, UUID] = field(default_factory=dict)
    by_rna: dict[str, UUID] = field(default_factory=dict)
    places: dict[UUID, list[UUID]] = field(default_factory=dict)


@dataclass(slots=True)
class Batch:
    """The state of one batch; `store` is its one use."""

    context: Context
    report: Report
    memory: Memory = field(default_factory=Memory)
    now: datetime = field(default_factory=timezone.now)
    known: dict[tuple[str, str], Known] = field(default_factory=dict)
    by_siret: dict[str, tuple[UUID, UUID]] = field(default_factory=dict)
    by_siren: dict[str, UUID] = field(default_factory=dict)
    by_rna: dict[str, UUID] = field(default_factory=dict)
    places: dict[UUID, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    new_organisations: set[UUID] = field(default_factory=set)
    created: list[SourceRecord] = field(default_factory=list)
    changed: list[SourceRecord] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)
    free: set[str] = field(default_factory=set)
    read: dict[tuple[str, str], Said] = field(default_factory=dict)

    def store(self, rows: Sequence[Prepared]) -> None:
        """Attach each row by its exact identifiers, write what is new or different, count every row once."""
        self._look_up(rows)
        touched: set[UUID] = set()
        for row in rows:
            outcome, organisation = self._attach(row)
            if outcome != "unchanged":
                touched.add(organisation)
            if row.doubts:
                self.report.doubt(row.line, " ; ".join(row.doubts))
            else:
                setattr(self.report, outcome, getattr(self.report, outcome) + 1)
        if self.seen:
            SourceRecord.objects.filter(pk__in=self.seen).update(last_seen=self.now)
        self._write(touched)
        if self.report.dry_run:
            self._remember()

    def _look_up(self, rows: Sequence[Prepared]) -> None:
        """Everything the rows may already be: at most one query by source, and one each for SIRET, SIREN and RNA."""
        by_source: dict[str, set[str]] = defaultdict(set)
        sirets, sirens, rnas = set(), set(), set()
        for row in rows:
            for new in row.records:
                by_source[new.source].add(new.external_id)
                sirets.add(new.said.establishment.get("siret"))
                sirens.add(new.said.organisation.get("siren"))
                rnas.add(new.said.organisation.get("rna"))
        for source, ids in by_source.items():
            found = SourceRecord.objects.filter(source=source, external_id__in=ids)
            for pk, external_id, checksum, organisation, establishment in found.values_list(
                "pk", "external_id", "checksum", "organisation_id", "establishment_id"
            ):
                self.known[source, external_id] = Known(pk, checksum, organisation, establishment)
        self._index(Establishment.objects.filter(siret__in=sirets - {None}))
        self.by_siren = dict(Organisation.objects.filter(siren__in=sirens - {None}).values_list("siren", "pk"))
        if rnas - {None}:
            # Several may hold one number: the oldest, read last, is the one.
            oldest_last = Organisation.objects.filter(rna__in=rnas - {None}).order_by("-known_since", "-pk")
            self.by_rna = dict(oldest_last.values_list("rna", "pk"))
        self.free = {*sirets, *sirens} - {None} - self.by_siret.keys() - self.by_siren.keys()
        placeless = {known.organisation for known in self.known.values() if known.establishment is None}
        held = {*self.by_siren.values(), *self.by_rna.values(), *placeless}
        if held:
            self._index(Establishment.objects.filter(organisation__in=held))
        if self.report.dry_run:
            self._recall(by_source)

    def _recall(self, by_source: dict[str, set[str]]) -> None:
        """Add what the batches before would have written."""
        asked = {(source, external_id) for source, ids in by_source.items() for external_id in ids}
        self.known |= {key: self.memory.known[key] for key in asked & self.memory.known.keys()}
        self.by_siret = self.memory.by_siret | self.by_siret
        self.by_siren = self.memory.by_siren | self.by_siren
        self.by_rna = self.memory.by_rna | self.by_rna
        for organisation, places in self.memory.places.items():
            self.places[organisation] = places

    def _remember(self) -> None:
        written = {(stored.source, stored.external_id) for stored in (*self.created, *self.changed)}
        self.memory.known |= {key: self.known[key] for key in written}
        self.memory.by_siret, self.memory.by_siren = self.by_siret, self.by_siren
        self.memory.by_rna, self.memory.places = self.by_rna, self.places

    def _index(self, establishments: QuerySet[Establishment]) -> None:
        for pk, siret, organisation in establishments.values_list("pk", "siret", "organisation_id"):
            if siret:
                self.by_siret[siret] = (pk, organisation)
            if pk not in self.places[organisation]:
                self.places[organisation].append(pk)

    def _attach(self, row: Prepared) -> tuple[str, UUID]:
        """Give each record of the row its organisation; `created`, `updated` or `unchanged` is the first record's."""
        organisation = self._organisation_of(row)
        outcomes = [self._keep(new, organisation, row) for new in row.records]
        if outcomes[0] == "unchanged" and any(outcome != "unchanged" for outcome in outcomes):
            return "updated", organisation
        return outcomes[0], organisation

    def _organisation_of(self, row: Prepared) -> UUID:
        """The organisation of a row: where its record already is, then by SIRET, SIREN, RNA; else a new one.

        An identifier that another organisation holds is a doubt: the two are perhaps one, a person will judge.
        """
        said = [new.said for new in row.records]
        siret = next((one.establishment["siret"] for one in said if "siret" in one.establishment), "")
        siren = next((one.organisation["siren"] for one in said if "siren" in one.organisation), "")
        rna = next((one.organisation["rna"] for one in said if "rna" in one.organisation), "")
        at_siret = self.by_siret[siret][1] if siret in self.by_siret else None
        known = (self.known.get((new.source, new.external_id)) for new in row.records)
        organisation = next((one.organisation for one in known if one), None) or at_siret or self.by_siren.get(siren)
        if organisation is None and not siren:
            organisation = self.by_rna.get(rna)
        if organisation is None:
            organisation = uuid.uuid4()
            self.new_organisations.add(organisation)
        holders = {
            f"SIRET {siret}": at_siret,
            f"SIREN {siren}": self.by_siren.setdefault(siren, organisation) if siren else None,
            f"RNA {rna}": self.by_rna.setdefault(rna, organisation) if rna else None,
        }
        row.doubts += [
            f"Le {number} est déjà celui d’une autre structure : elles sont peut-être la même"
            for number, holder in holders.items()
            if holder not in (None, organisation)
        ]
        return organisation

    def _keep(self, new: NewRecord, organisation: UUID, row: Prepared) -> str:
        known = self.known.get((new.source, new.external_id))
        doubt = " ; ".join(row.doubts)[:300]
        self.read[new.source, new.external_id] = new.said
        if known is None:
            place = self._establishment_of(new, organisation)
            self.known[new.source, new.external_id] = Known(0, new.checksum, organisation, place)
            self.created.append(
                new_row(
                    SourceRecord,
                    {
                        "source": new.source,
                        "external_id": new.external_id,
                        "organisation_id": organisation,
                        "establishment_id": place,
                        "payload": dict(new.payload),
                        "checksum": new.checksum,
                        "doubt": doubt,
                        "said_on": new.said.said_on,
                        "first_seen": self.now,
                        "last_seen": self.now,
                    },
                )
            )
            return "created"
        if known.checksum == new.checksum:
            if known.id:
                self.seen.append(known.id)
            return "unchanged"
        known.checksum = new.checksum
        self.changed.append(
            SourceRecord(
                pk=known.id,
                source=new.source,
                external_id=new.external_id,
                organisation_id=known.organisation,
                establishment_id=known.establishment or self._establishment_of(new, organisation),
                payload=dict(new.payload),
                checksum=new.checksum,
                doubt=doubt,
                said_on=new.said.said_on,
                last_seen=self.now,
            )
        )
        return "updated"

    def _establishment_of(self, new: NewRecord, organisation: UUID) -> UUID | None:
        """The establishment a record is about: by SIRET; without one, the only place known, or a new place.

        A SIRET that another organisation holds stays its own: the record is then about a new place without SIRET.
        """
        siret = new.said.establishment.get("siret")
        if siret in self.by_siret and self.by_siret[siret][1] == organisation:
            return self.by_siret[siret][0]
        if not new.said.establishment:
            return None
        places = self.places[organisation]
        if siret is None and places:
            return places[0] if len(places) == 1 else None
        place = uuid.uuid4()
        places.append(place)
        if siret:
            self.by_siret.setdefault(siret, (place, organisation))
        return place

    def _write(self, touched: Iterable[UUID]) -> None:
        """Assemble and save the touched structures, then their records."""
        # In a dry run, what this import made before is not in the database: it cannot be drawn again.
        absent = self.memory.born if self.report.dry_run else frozenset[UUID]()
        result = save_portraits(
            self.context,
            touched={pk: pk in self.new_organisations for pk in touched if pk not in absent},
            created=[stored for stored in self.created if stored.organisation_id not in absent],
            changed=[stored for stored in self.changed if stored.organisation_id not in absent],
            read=self.read,
            source=self.report.source,
            quiet=self.memory.born,
            free=self.free,
        )
        self.memory.born |= self.new_organisations
        self.memory.changed |= result.changed - self.memory.born
        self.report.structures_created = len(self.memory.born)
        self.report.structures_changed = len(self.memory.changed)

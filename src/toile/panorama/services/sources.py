"""The official files: received, fetched, taken from the directory, described, chosen for an edition, removed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, UserError
from toile.kernel.fold import fold
from toile.kernel.jobs import enqueue
from toile.kernel.readers import Reader
from toile.panorama.facts import SOURCE_RECEIVED, SOURCE_REMOVED, SourceFact
from toile.panorama.models import Edition, EditionState, Source, SourceKind
from toile.panorama.queries.from_directory import APPROVAL_COLUMNS, ESS_COLUMNS, approval_rows, ess_rows, invented
from toile.panorama.services.arriving import Arrived, Arriving, on_disk
from toile.panorama.services.changing import changing, may, stale
from toile.panorama.services.fetching import check_address, name_of
from toile.thread.services import record

UNDERSTAND: Final = "panorama.source.understand"
FETCH: Final = "panorama.source.fetch"
CUT_AFTER: Final = timedelta(days=1)
"""A file that no source names after so long is what is left of an upload or of a fetch that was cut."""
# What a file's name says that it is, before it is read; in this order.
_NAMES: Final = (
    ("historique", SourceKind.HISTORY),
    ("unitelegale", SourceKind.STOCK_UNITS),
    ("etablissement", SourceKind.STOCK_PLACES),
    ("population", SourceKind.POPULATION),
    ("ess", SourceKind.ESS_LIST),
)


class SourceInUse(UserError):
    """A published edition rests on it."""


@dataclass(frozen=True, slots=True)
class Described:
    """What a person says of a source, so that its figures are defended: who publishes it, of when, which licence."""

    kind: str
    title: str
    publisher: str
    vintage: str
    year: int | None
    licence: str
    simulated: bool = False


def receive(actor: Actor, reader: Reader | None, arrived: Arrived, *, edition: Edition | None = None) -> Source:
    """Keep a file that arrived and have it read by a job; one received before, byte for byte, is that same source.

    edition: also chosen for it. Raises `Forbidden`, `Frozen`.
    """
    may(reader)
    with act(actor):
        same = Source.objects.exclude(state=Source.State.REFUSED).filter(checksum=arrived.checksum).first()
        source = same or _kept(actor, Source(filename=arrived.name, title=arrived.name), arrived)
        if edition is not None:
            _choose(edition, source)
    if same is not None:
        on_disk(arrived.path).unlink(missing_ok=True)
    return source


def fetch_later(actor: Actor, reader: Reader | None, url: str, *, edition: Edition | None = None) -> Source:
    """Have a job fetch a file; asked twice for one address while it waits, it is fetched once.

    Raises `FetchRefused` for an address that is not public.
    """
    may(reader)
    check_address(url)
    with act(actor):
        waiting = Source.objects.filter(url=url, state=Source.State.RECEIVED, path="").first()
        name = name_of(url) or "fichier"
        source = waiting or Source(kind=kind_named(name), filename=name, title=name, url=url, received_by=actor.person)
        if waiting is None:
            source.save()
        source.job = enqueue(actor, FETCH, key=str(source.pk), source=str(source.pk)).pk
        source.save(update_fields=["job"])
        if edition is not None:
            _choose(edition, source)
    return source


def arrived_for(actor: Actor, source: Source, arrived: Arrived) -> None:
    """What a fetched source's file is, once it is there; then it is read. For the job of `fetch_later`.

    A source removed meanwhile stays removed, and its file goes.
    """
    with act(actor):
        now = Source.objects.select_for_update().filter(pk=source.pk).first()
        if now is not None:
            _kept(actor, now, arrived)
    if now is None:
        on_disk(arrived.path).unlink(missing_ok=True)


def take_from_directory(
    actor: Actor, reader: Reader | None, *, edition: Edition | None = None, today: datetime | None = None
) -> list[Source]:
    """Keep the list of ESS enterprises and the approvals as the directory holds them today, each as a file.

    Raises `UserError` when the directory holds neither.
    """
    may(reader)
    day = timezone.localtime(today).date()
    is_invented = invented()
    said = (
        (SourceKind.ESS_LIST, _("Liste des entreprises de l’ESS, tenue dans l’annuaire"), ESS_COLUMNS, ess_rows()),
        (SourceKind.APPROVALS, _("Agréments tenus dans l’annuaire"), APPROVAL_COLUMNS, approval_rows(day)),
    )
    taken = []
    for kind, title, columns, rows in said:
        arrived, count = _written(f"annuaire-{kind}-{day.isoformat()}.csv", columns, rows)
        if not count:
            on_disk(arrived.path).unlink(missing_ok=True)
            continue
        source = receive(actor, reader, arrived, edition=edition)
        if source.kind != kind or not source.publisher:
            vintage = _("au %(day)s") % {"day": day.isoformat()}
            words = Described(
                kind, title, _("annuaire de ce site"), vintage, day.year, "Licence Ouverte 2.0", is_invented
            )
            source = describe(actor, reader, source, words)
        taken.append(source)
    if not taken:
        raise UserError(_("L’annuaire ne tient ni liste de l’ESS ni agrément : importez-les d’abord."))
    return taken


def describe(actor: Actor, reader: Reader | None, source: Source, words: Described) -> Source:
    """Write what a person says of a source. Raises `SourceInUse` once an edition resting on it is published."""
    may(reader)
    with act(actor):
        now = Source.objects.select_for_update().get(pk=source.pk)
        _refuse_in_use(now)
        was = (now.kind, now.simulated)
        now.kind, now.title, now.publisher = words.kind, words.title, words.publisher
        now.vintage, now.year, now.licence, now.simulated = words.vintage, words.year, words.licence, words.simulated
        if was[0] != now.kind and now.path:
            _read_later(actor, now)
        now.save()
        if was != (now.kind, now.simulated):
            _make_stale(now)
        else:
            _tell_again(now)
    return now


def read_again(actor: Actor, reader: Reader | None, source: Source) -> None:
    """Have a source fetched or read anew, after an error. Raises `SourceInUse`."""
    may(reader)
    with act(actor):
        now = Source.objects.select_for_update().get(pk=source.pk)
        _refuse_in_use(now)
        if now.path:
            _read_later(actor, now)
        else:
            now.job = enqueue(actor, FETCH, key=str(now.pk), source=str(now.pk)).pk
        now.state, now.refusal = Source.State.RECEIVED, ""
        now.save()


def choose(actor: Actor, reader: Reader | None, edition: Edition, sources: Iterable[Source]) -> None:
    """Say on which sources an edition rests; its figures are to be computed again. Raises `Frozen`, `Building`."""
    may(reader)
    with act(actor):
        now = changing(edition.pk)
        chosen = {source.pk for source in sources}
        if chosen != set(now.sources.values_list("pk", flat=True)):
            now.sources.set(Source.objects.filter(pk__in=chosen))
            stale(now)
            now.save()


def remove(actor: Actor, reader: Reader | None, source: Source) -> None:
    """Delete a source and its file; drafts that had it lose it. Raises `SourceInUse`, `Conflict` while it is used."""
    may(reader)
    with act(actor):
        now = Source.objects.select_for_update().get(pk=source.pk)
        _refuse_in_use(now)
        if now.editions.filter(state=EditionState.BUILDING).exists():
            raise Conflict(_("Un calcul se sert de cette source : attendez sa fin, ou arrêtez-le."))
        _make_stale(now)
        record(SOURCE_REMOVED, about=[], data=SourceFact(str(now.pk), now.kind))
        now.delete()
    _unlink(source.path)


def forget_unused(actor: Actor, before: datetime) -> int:
    """Delete the sources received before a moment on which no edition rests, and files left by a cut upload."""
    unused = list(unused_sources(before).values_list("pk", "path"))
    with act(actor):
        Source.objects.filter(pk__in=[pk for pk, _path in unused]).delete()
    for _pk, path in unused:
        _unlink(path)
    _sweep(timezone.now() - CUT_AFTER)
    return len(unused)


def unused_sources(before: datetime) -> QuerySet[Source]:
    """The sources received before a moment, on which no edition rests."""
    return Source.objects.filter(received_at__lt=before, editions__isnull=True)


def kind_named(filename: str) -> str:
    """What a file is likely to be, by its name: its reading decides."""
    bare = "".join(filter(str.isalnum, fold(Path(filename).stem)))
    return next((kind.value for name, kind in _NAMES if name in bare), SourceKind.TABLE.value)


def _kept(actor: Actor, source: Source, arrived: Arrived) -> Source:
    source.kind = kind_named(arrived.name)
    source.filename, source.path = arrived.name, arrived.path
    source.size, source.checksum = arrived.size, arrived.checksum
    source.received_by, source.state = source.received_by or actor.person, Source.State.RECEIVED
    source.simulated = settings.DEMO  # nothing real is expected there: a person says otherwise
    source.save()
    _read_later(actor, source)
    source.save(update_fields=["job"])
    record(SOURCE_RECEIVED, about=[], data=SourceFact(str(source.pk), source.kind))
    return source


def _read_later(actor: Actor, source: Source) -> None:
    source.job = enqueue(actor, UNDERSTAND, key=str(source.pk), source=str(source.pk)).pk


def _choose(edition: Edition, source: Source) -> None:
    now = changing(edition.pk)
    if not now.sources.filter(pk=source.pk).exists():
        now.sources.add(source)
        stale(now)
        now.save()


def _make_stale(source: Source) -> None:
    for edition in source.editions.filter(state__in=EditionState.changeable()):
        now = changing(edition.pk)
        stale(now)
        now.save()


def _tell_again(source: Source) -> None:
    """The figures computed already say of their source what is now said of it."""
    said = asdict(source.as_figure_source())
    for edition in source.editions.filter(state__in=EditionState.changeable()):
        now = changing(edition.pk)
        now.said_of_sources = [said if one["code"] == said["code"] else one for one in now.said_of_sources]
        now.save()


def _refuse_in_use(source: Source) -> None:
    if source.editions.filter(state__in=EditionState.public()).exists():
        raise SourceInUse(_("Une édition publiée repose sur cette source : elle reste comme elle est."))


def _written(name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> tuple[Arrived, int]:
    """A CSV file of these rows, kept; how many there are."""
    arriving, count = Arriving(name), 0
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(row)
        count += 1
        if text.tell() > 1 << 20:
            arriving.write(text.getvalue().encode())
            text.seek(0)
            text.truncate()
    if text.tell():
        arriving.write(text.getvalue().encode())
    return arriving.finish(), count


def _unlink(path: str) -> None:
    if path:
        on_disk(path).unlink(missing_ok=True)


def _sweep(before: datetime) -> None:
    """Remove the files older than a moment that no source names."""
    held = set(Source.objects.exclude(path="").values_list("path", flat=True))
    for file in on_disk("sources").iterdir():
        if f"sources/{file.name}" not in held and file.stat().st_mtime < before.timestamp():
            file.unlink(missing_ok=True)

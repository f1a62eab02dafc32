"""An edition computed by a job: figures written at once, then its pages' drawings and its documents; restartable."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.kernel.errors import UserError
from toile.kernel.figures import Figure
from toile.kernel.jobs import RunningJob, enqueue
from toile.kernel.readers import Reader
from toile.panorama.facts import EDITION_BUILT, EditionBuilt
from toile.panorama.models import Edition, EditionState, Source, SourceKind
from toile.panorama.queries.reviewing import as_kept, review_of
from toile.panorama.rules.deriving import Derived, derive
from toile.panorama.rules.merging import Merged, PublishedTwice, merge, mixes
from toile.panorama.rules.reviewing import review
from toile.panorama.services import dressing
from toile.panorama.services.changing import Building, is_computing, locked, may, refuse_frozen
from toile.panorama.services.figures import read_figures, write_figures
from toile.panorama.services.outputs import keep_files, place_fragments
from toile.panorama.services.tables import READ_AS_TABLES, figures_of_approvals, figures_of_table
from toile.panorama.services.territories import communes_of, reference_of, subject_of
from toile.thread.services import record

BUILD_JOB: Final = "panorama.edition.build"
WRITTEN: Final = "figures"
"""The cursor once the figures are in their table: the work goes on from them."""
MOST_ESTIMATES: Final = 2000
STEPS: Final = 100
"""The progress is told in hundredths: computing to 60, writing to 70, drawing and printing to 100."""
COMPUTED, STORED = 60, 70


class SourcesRefused(UserError):
    """The chosen sources cannot make an edition."""


class Stopped(Exception):
    """The work ends here; what is written stays."""


def build(actor: Actor, reader: Reader | None, edition: Edition) -> Edition:
    """Have a job compute an edition from its sources. Raises `Building` while one does, `Frozen`, `SourcesRefused`."""
    may(reader)
    with act(actor):
        now = locked(edition.pk)
        refuse_frozen(now)
        if now.state == EditionState.BUILDING and is_computing(now):
            raise Building(_("Le calcul est déjà en cours : cette page le suit."))
        refuse_sources(list(now.sources.all()), now.year)
        now.job = enqueue(actor, BUILD_JOB, key=str(now.pk), edition=str(now.pk)).pk
        now.state, now.report = EditionState.BUILDING, {}
        now.save()
    return now


def refuse_sources(sources: Sequence[Source], year: int | None) -> None:
    """Raise `SourcesRefused` for sources that are none, not read, refused, twice the same, or real beside invented.

    year: of the edition; a stock tells of the last 31 December before it was written, and of no other.
    """
    if not sources:
        raise SourcesRefused(_("Choisissez d’abord les fichiers d’où viendront les chiffres."))
    for source in sources:
        if source.state == Source.State.RECEIVED:
            raise SourcesRefused(
                _("« %(title)s » est en train d’être lue : attendez un instant.") % {"title": source.title}
            )
        if source.state == Source.State.REFUSED:
            raise SourcesRefused(
                _("« %(title)s » ne peut pas servir : retirez-la de l’édition.") % {"title": source.title}
            )
    if mixes(source.as_figure_source() for source in sources):
        raise SourcesRefused(
            _("Cette édition mêlerait des données inventées et des données réelles : gardez les unes ou les autres.")
        )
    _refuse_twice(sources)
    _refuse_years(sources, year)


def _refuse_twice(sources: Sequence[Source]) -> None:
    held: dict[str, Source] = {}
    for source in sources:
        if source.kind in READ_AS_TABLES:
            continue
        other = held.setdefault(source.kind, source)
        if other is not source:
            raise SourcesRefused(
                _("« %(one)s » et « %(other)s » sont deux fichiers de la même sorte : gardez-en un.")
                % {"one": other.title, "other": source.title}
            )


def _refuse_years(sources: Sequence[Source], year: int | None) -> None:
    years = {
        source.year
        for source in sources
        if source.kind in (SourceKind.STOCK_UNITS, SourceKind.STOCK_PLACES) and source.year is not None
    }
    if len(years) > 1:
        raise SourcesRefused(
            _("Les deux fichiers du stock ne sont pas de la même année (%(years)s) : prenez-les du même mois.")
            % {"years": ", ".join(map(str, sorted(years)))}
        )
    if years and year not in years:
        raise SourcesRefused(
            _(
                "Ces fichiers disent le territoire au 31 décembre %(known)s, et l’édition est de %(year)s : "
                "changez l’un ou l’autre."
            )
            % {"known": years.pop(), "year": year}
        )


def execute(running: RunningJob, edition_id: UUID) -> None:
    """The job's work. Killed at any point and taken up again, it ends the same; stopped, the edition is to compute."""
    running.set_result(reverse("panorama:edition_work", args=[edition_id]))
    edition = Edition.objects.filter(pk=edition_id).first()
    if edition is None or edition.state != EditionState.BUILDING or edition.job != running.id:
        return
    try:
        if running.cursor != WRITTEN:
            _compute(running, edition)
        _dress(running, edition)
    except Stopped:
        if running.told_to_stop == "person":
            _end(running.actor, edition, EditionState.DRAFT, "")
    except UserError as refused:
        _end(running.actor, edition, EditionState.FAILED, refused.message)
        raise


def print_documents(running: RunningJob, edition_id: UUID) -> None:
    """Write the documents of an edition as it is now, published or built; twice, they are the same."""
    edition = Edition.objects.filter(pk=edition_id).first()
    if edition is None or not edition.values.exists():
        return
    try:
        files = dressing.files_of(edition, _teller(running, 0, STEPS))
    except Stopped:
        return
    with act(running.actor):
        keep_files(locked(edition.pk), files)


def _compute(running: RunningJob, edition: Edition) -> None:
    from toile.panorama.services.computing import computed_of  # noqa: PLC0415 -- Ibis and Arrow are for the job only

    tell = _teller(running, 0, COMPUTED)
    sources = list(edition.sources.order_by("kind", "id"))
    refuse_sources(sources, edition.year)
    found = computed_of(edition, sources, tell)
    merged, derived = _merged(edition, found.figures, sources)
    tell(1, 1, _("écriture des chiffres"))
    before = _before(edition)
    read = review(
        derived.figures,
        read_figures(before) if before else [],
        perimeter=edition.perimeter,
        year=edition.year or 0,
        year_before=(before.year or 0) if before else 0,
    )
    with act(running.actor):
        now = locked(edition.pk)
        if now.state != EditionState.BUILDING or now.job != running.id:
            raise Stopped
        write_figures(now, derived.figures)
        now.queries = {**found.queries, **derived.queries}
        now.report = {
            "review": as_kept(read),
            "before": str(before.pk) if before else "",
            "understood": list(found.understood),
            "estimates": [_estimate(figure) for figure in merged.estimates[:MOST_ESTIMATES]],
        }
        now.save()
        running.save_cursor(WRITTEN)


def _dress(running: RunningJob, edition: Edition) -> None:
    edition.refresh_from_db()
    tell = _teller(running, STORED, STEPS)
    fragments = dressing.fragments_of(edition, tell)
    files = dressing.files_of(edition, tell)
    with act(running.actor):
        now = locked(edition.pk)
        if now.state != EditionState.BUILDING or now.job != running.id:
            raise Stopped
        place_fragments(now, fragments)
        keep_files(now, files)
        now.state, now.built_at = EditionState.BUILT, timezone.now()
        now.save()
        read = review_of(now)
        built = EditionBuilt(str(now.pk), read.told, read.hidden, read.unknown)
        record(EDITION_BUILT, about=[subject_of(now.perimeter), now.pk], data=built)
    running.progress(STEPS, STEPS)


def _merged(edition: Edition, computed: Sequence[Figure], sources: Sequence[Source]) -> tuple[Merged, Derived]:
    """The figures computed and those published, then what these allow to derive.

    The approvals of the directory fill what the files do not tell.
    """
    year = edition.year or 0
    published: list[Figure] = []
    for source in sources:
        if source.kind in READ_AS_TABLES:
            published += figures_of_table(source, perimeter=edition.perimeter, year=year)
    known = {(figure.indicator, figure.cell) for figure in computed if figure.value is not None}
    communes = communes_of(edition.perimeter) or frozenset()
    for source in sources:
        if source.kind == SourceKind.APPROVALS:
            counted = figures_of_approvals(source, perimeter=edition.perimeter, communes=communes, year=year)
            published += [figure for figure in counted if (figure.indicator, figure.cell) not in known]
    try:
        merged = merge(computed, published)
    except PublishedTwice as twice:
        raise SourcesRefused(
            _("Deux tableaux publiés se contredisent sur « %(name)s » (%(one)s et %(other)s) : gardez-en un.")
            % {"name": twice.one.indicator, "one": twice.one.value, "other": twice.other.value}
        ) from None
    return merged, derive(merged.figures, published, reference_of(edition), year)


def _before(edition: Edition) -> Edition | None:
    """The last edition published of the same perimeter, of an earlier year, or the one that this one corrects."""
    if edition.replaces_id is not None:
        return edition.replaces
    own = Edition.objects.filter(kind=Edition.Kind.OWN, state=EditionState.PUBLISHED, perimeter=edition.perimeter)
    return own.filter(year__lt=edition.year).order_by("-year", "-version").first()


def _estimate(figure: Figure) -> list[str | list[str | int]]:
    return [figure.indicator, list(figure.cell), str(figure.low), str(figure.value), str(figure.high)]


def _end(actor: Actor, edition: Edition, state: EditionState, failure: str) -> None:
    with act(actor):
        Edition.objects.filter(pk=edition.pk, state=EditionState.BUILDING).update(
            state=state, report={"failure": failure} if failure else {}
        )


def _teller(running: RunningJob, start: int, end: int) -> Callable[[int, int | None, str], None]:
    """What tells the progress of a part of the work, between two hundredths, and stops it when asked."""

    def tell(done: int, total: int | None, message: str = "") -> None:
        if running.cancelled:
            raise Stopped
        part = (end - start) * done // total if total else 0
        running.progress(start + min(part, end - start), STEPS, message)

    return tell

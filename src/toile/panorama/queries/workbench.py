"""What the officer's workbench reads: editions in preparation, sources and what they allow, how far a computing is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from toile.kernel.fold import sort_key
from toile.kernel.models import ACTIVE, Job
from toile.kernel.readers import Reader
from toile.panorama.models import Edition, EditionState, Note, Source, SourceKind
from toile.panorama.queries.naming import territory_names
from toile.panorama.rules.indicators import Indicator, impossible_with, indicators
from toile.territory.models import Commune, Epci, Perimeter
from toile.territory.queries import commune_names, home

MOST: Final = 60
IN_PREPARATION: Final = (EditionState.DRAFT, EditionState.BUILDING, EditionState.BUILT, EditionState.FAILED)
SIRENE: Final = (SourceKind.STOCK_UNITS, SourceKind.STOCK_PLACES)


@dataclass(frozen=True, slots=True)
class Work:
    """All that is being prepared, what is published, and the files at hand."""

    drafts: Sequence[Edition]
    published: Sequence[Edition]
    theirs: Sequence[Edition]
    sources: Sequence[Source]


def work_of(reader: Reader) -> Work:
    """The workbench's first page, at most 60 of each. 4 statements."""
    editions = Edition.objects.visible_to(reader).select_related("replaces")
    own = editions.filter(kind=Edition.Kind.OWN)
    theirs = editions.filter(kind=Edition.Kind.THEIRS, state=EditionState.PUBLISHED)
    return Work(
        list(own.filter(state__in=IN_PREPARATION).order_by("-made_at", "id")[:MOST]),
        list(own.filter(state__in=EditionState.public()).order_by("-year", "-version", "id")[:MOST]),
        list(theirs.order_by("-year", "title", "id")[:MOST]),
        list(known_sources()[:MOST]),
    )


def known_sources() -> QuerySet[Source]:
    """Every source with the number of editions that rest on it, the last received first."""
    return Source.objects.annotate(used=Count("editions")).order_by("-received_at", "id")


def to_read(reader: Reader) -> QuerySet[Edition]:
    """The editions that wait for somebody: to be read again and published, or whose computing ended without figures."""
    at_work = Job.objects.filter(state__in=ACTIVE).values("pk")
    stopped = Q(state=EditionState.BUILDING) & ~Q(job__in=at_work)
    waiting = Q(state__in=(EditionState.BUILT, EditionState.FAILED)) | stopped
    return Edition.objects.visible_to(reader).filter(waiting).order_by("made_at", "id")


@dataclass(frozen=True, slots=True)
class Computing:
    """How far the computing of an edition is. job: None before the first. stopped: why it ended without figures."""

    job: Job | None
    is_running: bool
    stopped: str


def computing_of(edition: Edition) -> Computing:
    """Its job, whether it waits or runs, and the sentence of its failure. 1 statement at most."""
    if edition.state in EditionState.public():
        return Computing(None, False, "")
    job = Job.objects.filter(pk=edition.job).first() if edition.job else None
    error = job.error if job else ""
    if edition.state == EditionState.FAILED:
        return Computing(job, False, edition.report.get("failure", "") or error)
    if edition.state != EditionState.BUILDING:
        return Computing(job, False, "")
    is_running = job is not None and job.is_active
    return Computing(job, is_running, "" if is_running else error)


def impossible_from(sources: Iterable[Source]) -> list[Indicator]:
    """The indicators that these sources cannot give together, in their order; those not understood count for nothing.

    What one file lacks forbids an indicator unless a published table may give it.
    """
    held = [source for source in sources if source.state == Source.State.UNDERSTOOD]
    kinds = {source.kind for source in held}
    forbidden = set(impossible_with(kinds))
    for source in held:
        if source.kind in SIRENE:
            forbidden.update(source.forbids)
    told = {code for source in held if source.kind not in SIRENE for code in source.understood.get("indicators", ())}
    return [indicator for code, indicator in indicators().items() if code in forbidden - told]


def is_reading(sources: Iterable[Source]) -> bool:
    """Whether one of them is still being fetched or read."""
    return any(source.state == Source.State.RECEIVED for source in sources)


def notes_of(edition: Edition) -> list[tuple[str, str, Note]]:
    """The notes with the name of their indicator and commune, empty for none. 2 statements."""
    notes = list(edition.notes.all())
    names = commune_names(sorted({note.commune for note in notes if note.commune}))
    known = indicators()
    return [
        (known[note.indicator].name_fr if note.indicator in known else "", names.get(note.commune, ""), note)
        for note in notes
    ]


def perimeter_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """What an edition may be of: the territory's EPCI, its perimeters of whole communes, its communes. 4 statements."""
    here = home()
    if here is None:
        return []
    named = Perimeter.objects.filter(communes__isnull=False).distinct()
    own = Commune.objects.filter(epci=here.epci, kind="commune")
    return [
        ("epci", [(here.epci_id, here.epci.name)]),
        ("perimeters", sorted(((one.code, one.name) for one in named), key=lambda one: sort_key(one[1]))),
        ("communes", sorted(((one.code, one.name) for one in own), key=lambda one: sort_key(one[1]))),
    ]


def comparison_choices() -> list[tuple[str, str]]:
    """What may stand beside: the department and region of the territory, France, the EPCI around. 6 statements."""
    here = home()
    if here is None:
        return [("france", _("France"))]
    own = Commune.objects.filter(epci=here.epci, kind="commune")
    around = own.order_by("department").values_list("department", "region").distinct()
    departments = dict(around)
    codes = [f"dep:{code}" for code in departments] + [f"reg:{code}" for code in sorted({*departments.values()} - {""})]
    wide = list(territory_names([*codes, "france"]).items())
    near = Epci.objects.filter(communes__department__in=departments).exclude(pk=here.epci_id).distinct()
    beside = sorted(((one.siren, one.name) for one in near), key=lambda one: sort_key(one[1]))
    return [*wide, *beside]


def compared_last(perimeter: str) -> list[str]:
    """What stood beside this perimeter in its last edition; else its widest surroundings. 1 statement."""
    last = Edition.objects.filter(kind=Edition.Kind.OWN, perimeter=perimeter).order_by("-year", "-version").first()
    return list(last.compared) if last is not None else []

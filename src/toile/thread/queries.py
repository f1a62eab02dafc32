"""Reading the thread: timelines, the audit, what a cursor has not read yet; and the searches that people keep."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from html import unescape
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Subquery
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from toile.kernel.readers import Reader

from . import searches
from .kinds import Kind, Visibility, data_of, kinds
from .models import Fact, FactAbout, Facts, SavedSearch
from .names import Named, name_all

PAGE = 30
AUDIT_PAGE = 50
DUE_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact as a page shows it. newest: the number of the last fact of all when it was read: what is live goes on
    from there. url: the page of what it is about, or of the other thing that its sentence names, for this reader."""

    id: int
    happened_at: datetime
    recorded_at: datetime
    is_backdated: bool
    label: str
    axis: str
    key: bool
    sentence: SafeString
    is_fictional: bool
    visibility: Visibility
    act: UUID
    actor: Named | None
    via: str
    kind: str
    newest: int
    url: str

    @property
    def text(self) -> str:
        """The sentence without markup, for what is not a page."""
        return unescape(strip_tags(self.sentence))


def timeline(
    reader: Reader, subjects: Collection[UUID], *, limit: int = PAGE, before: int | None = None
) -> list[Entry]:
    """The newest facts about any of `subjects`, subject left out of the sentences. 2 queries + 1 per naming room.

    before: the number of the last fact of the page before.
    """
    about = FactAbout.objects.filter(subject__in=list(subjects)).values("fact")
    rows = Fact.objects.visible_to(reader).filter(pk__in=about).before(before)
    return _entries(reader, rows.order_by("-happened_at", "-id")[:limit], own=frozenset(subjects))


def territory_thread(reader: Reader, *, limit: int = PAGE, before: int | None = None) -> list[Entry]:
    """The newest facts of the territory for this reader, each sentence with its subject. 2 queries + 1 per room."""
    rows = Fact.objects.visible_to(reader).before(before)
    return _entries(reader, rows.order_by("-happened_at", "-id")[:limit])


def audit(
    reader: Reader,
    *,
    kind: str = "",
    actor: UUID | None = None,
    act: UUID | None = None,
    limit: int = AUDIT_PAGE,
    before: int | None = None,
) -> list[Entry]:
    """Every fact, newest first, for who holds `thread.audit.read` (the caller checks). 2 queries + 1 per room."""
    rows = Fact.objects.order_by("-id")
    for name, value in {"kind": kind, "actor": actor, "act": act}.items():
        if value:
            rows = rows.filter(**{name: value})
    if before is not None:
        rows = rows.filter(id__lt=before)
    return _entries(reader, rows[:limit], with_actor=True)


def count_about(subjects: Collection[UUID]) -> dict[UUID, int]:
    """How many facts are about each of `subjects`; one without any is left out. 1 query."""
    rows = FactAbout.objects.filter(subject__in=list(subjects)).order_by()
    return dict(rows.values_list("subject").annotate(n=Count("pk")))


def facts_after(cursor: int, *, limit: int = 500) -> Sequence[Fact]:
    """Facts numbered after `cursor`, in order: what a reader with its own cursor has not read yet. 1 query."""
    return list(Fact.objects.filter(id__gt=cursor).order_by("id")[:limit])


def kept_searches(reader: Reader) -> QuerySet[SavedSearch]:
    """The searches that this reader keeps, the latest first. 1 query."""
    return SavedSearch.objects.visible_to(reader).order_by("-made_at", "id")


@dataclass(frozen=True, slots=True)
class KeptSearch:
    """A kept search as its person's page shows it; empty where its list is gone.

    words: what it asks, where its name does not say just that. found: how many things, in words.
    """

    row: SavedSearch
    words: str = ""
    found: str = ""
    url: str = ""
    sheet: str = ""
    feed: str = ""


def counted_now(reader: Reader, search: SavedSearch) -> KeptSearch:
    """The search and how much it finds now for this reader: the statements of its list's `find`, without any row."""
    page = searches.page_of(search)
    if page is None:
        return KeptSearch(search)
    now = page.find(reader, searches.asked(page, search.query), 0, 0)
    words = searches.words(page, search.query)
    return KeptSearch(
        search,
        words="" if search.name == searches.suggested_name(page, words) else words,
        found=page.found(now.count, now.total),
        url=searches.address(page, search.query),
        sheet=searches.address(page, search.query, ".xlsx"),
        feed=searches.address(page, search.query, ".atom"),
    )


def search_to_stop(secret: UUID) -> SavedSearch | None:
    """The search whose messages this secret link ends; None if it is kept no more. 1 query."""
    return SavedSearch.objects.filter(stop=secret).first()


def due_searches(cadence: str, until: datetime, *, after: UUID | None = None) -> Sequence[UUID]:
    """Kept searches of this rhythm not told until `until`, by number after `after`, at most 100. 1 query."""
    return list(_due(cadence, until, after).order_by("id").values_list("pk", flat=True)[:DUE_AT_ONCE])


def count_due(cadence: str, until: datetime, *, after: UUID | None = None) -> int:
    """How many searches `due_searches` would give, batch after batch. 1 query."""
    return _due(cadence, until, after).count()


def due_search(pk: UUID, cadence: str, until: datetime) -> SavedSearch | None:
    """This search, if it is still due: its person may have stopped it a moment ago. 1 query."""
    return _due(cadence, until).filter(pk=pk).first()


def _due(cadence: str, until: datetime, after: UUID | None = None) -> QuerySet[SavedSearch]:
    due = SavedSearch.objects.filter(cadence=cadence, told_until__lt=until)
    return due if after is None else due.filter(pk__gt=after)


def _entries(
    reader: Reader, rows: Facts, *, own: frozenset[UUID] = frozenset(), with_actor: bool = False
) -> list[Entry]:
    facts = list(rows.annotate(newest=Subquery(Fact.objects.order_by("-id").values("pk")[:1])))
    return entries(reader, facts, subjects_of(facts), own=own, with_actor=with_actor)


def subjects_of(facts: Iterable[Fact]) -> dict[int, list[UUID]]:
    """What each fact is about, in the order of its sentence, by its number. 1 query."""
    subjects: dict[int, list[UUID]] = {fact.pk: [] for fact in facts}
    abouts = FactAbout.objects.filter(fact__in=list(subjects)).order_by("fact", "place")
    for fact_id, subject in abouts.values_list("fact_id", "subject"):
        subjects[fact_id].append(subject)
    return subjects


def entries(
    reader: Reader,
    facts: Sequence[Fact],
    subjects: Mapping[int, Sequence[UUID]],
    *,
    own: frozenset[UUID] = frozenset(),
    with_actor: bool = False,
) -> list[Entry]:
    """Facts as this reader's page shows them: the caller holds them visible. `own` is left out of the sentences.

    1 query a naming room.
    """
    wanted = {subject for fact in facts for subject in subjects[fact.pk]}
    if with_actor:
        wanted |= {fact.actor for fact in facts if fact.actor}
    named = name_all(reader, wanted)
    return [_entry(fact, subjects[fact.pk], named, own, with_actor) for fact in facts]


def _entry(
    fact: Fact, about: Sequence[UUID], named: dict[UUID, Named], own: frozenset[UUID], with_actor: bool
) -> Entry:
    kind = kinds[fact.kind, fact.version]
    return Entry(
        id=fact.pk,
        happened_at=fact.happened_at,
        recorded_at=fact.recorded_at,
        is_backdated=fact.is_backdated,
        label=_(kind.label),
        axis=kind.axis,
        key=kind.key,
        sentence=_sentence(kind, fact.data, about, named, own),
        is_fictional=any(named[subject].is_fictional for subject in about if subject in named),
        visibility=Visibility(fact.visibility),
        act=fact.act,
        actor=named.get(fact.actor) if with_actor and fact.actor else None,
        via=fact.via,
        kind=fact.kind,
        newest=getattr(fact, "newest", fact.pk),
        url=_page(kind, about, named),
    )


def _page(kind: Kind, about: Sequence[UUID], named: Mapping[UUID, Named]) -> str:
    """What to open to read more: what the sentence ends on, else its subject; empty when neither has a page."""
    first = [*about[1:2], *about[:1]] if "{other}" in str(kind.sentence) else about
    return next((named[subject].url for subject in first if subject in named and named[subject].url), "")


def _shown(named: dict[UUID, Named], subject: UUID | None) -> str | SafeString:
    name = named.get(subject) if subject else None
    if name is None:
        return _("une personne ou une structure dont le nom n’est pas public")
    return format_html('<a href="{}">{}</a>', name.url, name.label) if name.url else name.label


def _sentence(
    kind: Kind, stored: dict[str, Any], about: Sequence[UUID], named: dict[UUID, Named], own: frozenset[UUID]
) -> SafeString:
    data = data_of(kind, stored)
    values = data.phrases() if hasattr(data, "phrases") else asdict(data)
    subject, other = [*about, None, None][:2]
    predicate = format_html(_(kind.sentence), other=_shown(named, other), **values)
    if kind.impersonal:
        return predicate
    sentence = predicate if subject in own else format_html("{} {}", _shown(named, subject), predicate)
    return SafeString(sentence[:1].upper() + sentence[1:])

"""What a structure tells: written, shown to itself first, published, corrected, taken back by its people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.directory.facts_news import NEWS_CHANGED, NEWS_PUBLISHED, NEWS_WITHDRAWN, NewsTold
from toile.directory.models import News, Organisation
from toile.directory.models.news import TITLE_LENGTH
from toile.directory.models.organisations import Openness
from toile.directory.permissions import NEWS_WRITE
from toile.directory.rules.news import WRITABLE, Kind, Side, State, after, ends_at, faults
from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, UserError
from toile.kernel.fold import fold
from toile.kernel.permissions import require
from toile.kernel.pictures import keep, redescribe
from toile.kernel.readers import Reader
from toile.territory.models import Commune
from toile.thread.kinds import Kind as FactKind
from toile.thread.kinds import Visibility
from toile.thread.services import record

if TYPE_CHECKING:
    from toile.kernel.pictures.drawing import Drawing

FAULTS: Final = {
    "no_day": gettext_lazy("Un rendez-vous a un jour : donnez sa date."),
    "ends_before": gettext_lazy("La fin vient avant le jour : corrigez l’une des deux dates."),
    "too_far": gettext_lazy("Cette date est à plus de trois ans d’aujourd’hui : relisez l’année."),
    "over": gettext_lazy("Cette date est passée : une annonce parle de ce qui vient."),
}


@dataclass(frozen=True, slots=True)
class Told:
    """The words of an item, as its form gives them. commune: where it takes place, None for the structure's own."""

    kind: Kind
    title: str
    text: str
    commune: Commune | None = None
    place: str = ""
    on: date | None = None
    until: date | None = None
    comments_open: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """What becomes of its picture. drawing: a new one. alt: what it shows. removed: the one it has goes."""

    drawing: Drawing | None = None
    alt: str = ""
    removed: bool = False


class SavedSince(Conflict):
    """Somebody saved the item since it was opened."""


def draft(actor: Actor, reader: Reader, organisation: Organisation, told: Told, shown: Shown = Shown()) -> News:
    """Write an item that its people and the team alone see, until it is published. Raises `UserError` for its dates."""
    require(reader, NEWS_WRITE.code, owners=organisation.owners())
    _refuse(faults(told.kind, on=told.on, until=told.until, today=timezone.localdate()))
    with act(actor):
        news = News(organisation=organisation, author=actor.person)
        _write(news, organisation, told, shown)
        news.save()
    return news


def change(actor: Actor, reader: Reader, news: News, told: Told, shown: Shown = Shown(), *, version: int) -> News:
    """Write an item otherwise; online, the change is seen at once. version: that of the item as it was opened.

    Raises `SavedSince` when somebody saved it meanwhile, `UserError` for its dates or once it is withdrawn.
    """
    require(reader, NEWS_WRITE.code, owners=news.owners())
    with act(actor):
        now = locked(news.pk)
        if now.version != version:
            raise SavedSince(
                _("Quelqu’un a enregistré cette actualité depuis que vous l’avez ouverte : comparez, puis recommencez.")
            )
        if now.state not in WRITABLE:
            raise UserError(_("Cette actualité est retirée : ses mots ne changent plus."))
        _refuse(_new_faults(now, told))
        _write(now, now.organisation, told, shown)
        now.changed_at = timezone.now()
        if now.published_at is not None:
            now.ends_at = ends_at(told.kind, on=told.on, until=told.until, published=now.published_at)
        now.version += 1
        now.save()
        if now.state == State.PUBLISHED:
            tell(NEWS_CHANGED, now)
    return now


def publish(actor: Actor, reader: Reader, news: News, *, at: datetime | None = None) -> None:
    """Show an item to whoever sees its structure. at: when it happened, for what is told afterwards.

    Raises `Conflict` when it is no draft any more, `UserError` when its dates are past.
    """
    require(reader, NEWS_WRITE.code, owners=news.owners())
    moment = at or timezone.now()
    with act(actor):
        now = moved(news.pk, "publish", Side.PEOPLE)
        day = timezone.localtime(moment).date()
        _refuse(faults(Kind(now.kind), on=now.on, until=now.until, today=day))
        now.published_at = now.changed_at = moment
        now.ends_at = ends_at(Kind(now.kind), on=now.on, until=now.until, published=moment)
        now.save()
        tell(NEWS_PUBLISHED, now, happened_at=at)


def withdraw(actor: Actor, reader: Reader, news: News) -> None:
    """Take an item back for ever: its page says that it is gone; a draft leaves without a trace on the thread."""
    require(reader, NEWS_WRITE.code, owners=news.owners())
    with act(actor):
        now = moved(news.pk, "withdraw", Side.PEOPLE)
        # Nothing shows the picture any more: it is swept.
        now.picture = None
        now.save()
        if now.published_at is not None:
            tell(NEWS_WITHDRAWN, now)


def locked(pk: UUID) -> News:
    """The item as it is stored now, with its structure and its place, kept from other writers until the act ends."""
    return News.objects.select_for_update(of=("self",)).select_related("organisation", "commune").get(pk=pk)


def moved(pk: UUID, move: str, side: Side) -> News:
    """The item locked, in the state that this move leads to, not saved yet. Raises `Conflict` when it may not be."""
    now = locked(pk)
    new = after(State(now.state), move, side)
    if new is None:
        told = _("Cette actualité est maintenant « %(state)s » : rechargez la page pour voir ce qui peut se faire.")
        raise Conflict(told % {"state": now.get_state_display()})
    now.state = new
    now.version += 1
    return now


def tell(kind: FactKind, news: News, *, data: object = None, happened_at: datetime | None = None) -> None:
    """Record a fact about an item: its structure, itself, and the commune where it takes place."""
    about = [news.organisation_id, news.pk, *([news.commune.subject] if news.commune else [])]
    private = news.organisation.openness != Openness.PUBLIC
    narrowed = Visibility.MEMBERS if private and kind.visibility is Visibility.PUBLIC else None
    record(
        kind,
        about=about,
        data=data or NewsTold(str(news.pk), news.kind),
        visibility=narrowed,
        happened_at=happened_at,
    )


def _write(news: News, organisation: Organisation, told: Told, shown: Shown) -> None:
    """Put the words, the place and the picture of an item in its row."""
    main = organisation.main
    commune = told.commune or (main.commune if main else None)
    at_home = main is not None and commune is not None and main.commune_id == commune.pk and not told.place
    point = (main.lon, main.lat) if main and at_home else (commune.lon, commune.lat) if commune else (None, None)
    news.lon, news.lat = point if None not in point else (None, None)
    news.commune = commune
    news.kind, news.title, news.text = told.kind.value, told.title, told.text
    news.place, news.on, news.until = told.place, told.on, told.until
    news.comments_open = told.comments_open
    named = (told.title, told.text, told.place, commune.name if commune else "")
    news.folded = fold(" ".join(named))
    news.sort_name = fold(told.title)[:TITLE_LENGTH]
    _show(news, shown)


def _show(news: News, shown: Shown) -> None:
    if shown.drawing is not None:
        news.picture = keep(shown.drawing, alt=shown.alt)
    elif shown.removed:
        news.picture = None
    elif news.picture is not None and news.picture.alt != shown.alt:
        redescribe(news.picture, alt=shown.alt)


def _new_faults(now: News, told: Told) -> Sequence[str]:
    """What is wrong with the dates as they were changed: those that only passed since they were written stay."""
    if (told.kind, told.on, told.until) == (now.kind, now.on, now.until):
        return ()
    return faults(told.kind, on=told.on, until=told.until, today=timezone.localdate())


def _refuse(found: Sequence[str]) -> None:
    if found:
        raise UserError(str(FAULTS[found[0]]))

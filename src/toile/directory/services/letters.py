"""The monthly letter: begun, written, put in order, tried on oneself, sent once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from toile.directory.facts_letters import LETTER_SENT, LetterLeft
from toile.directory.models import Letter, LetterItem
from toile.directory.models.letters import LetterState
from toile.directory.permissions import LETTER
from toile.directory.queries.letters import MOST_ITEMS, may_hold, next_number, shown_in
from toile.directory.rules.letter import month_of
from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, UserError
from toile.kernel.jobs import enqueue
from toile.kernel.models import Job
from toile.kernel.permissions import require
from toile.kernel.readers import Reader
from toile.kernel.typography import MONTHS
from toile.thread.delivery import address_of
from toile.thread.services import record

SEND: Final = "directory.letter.send"
TRY: Final = "directory.letter.try"


@dataclass(frozen=True, slots=True)
class OwnWords:
    """One thing that the team says itself."""

    title: str
    words: str = ""
    url: str = ""


class SavedSince(Conflict):
    """Somebody saved the letter since it was opened."""


def begin(actor: Actor, reader: Reader, month: date) -> Letter:
    """A new draft about the news of a month (any day of it)."""
    require(reader, LETTER.code)
    first = month_of(month)
    month_name = MONTHS[first.month - 1]
    told = _("La lettre d’%(month)s %(year)s") if month_name[0] in "ao" else _("La lettre de %(month)s %(year)s")
    title = told % {"month": month_name, "year": first.year}
    with act(actor):
        return Letter.objects.create(month=first, title=title, made_by=actor.person)


def write(
    actor: Actor,
    reader: Reader,
    letter: Letter,
    *,
    title: str,
    introduction: str,
    keys: Sequence[str],
    own: OwnWords | None = None,
    version: int,
) -> Letter:
    """Save a draft: its words, and what it holds in this order, then `own` if there is some.

    keys: the id of a news item that anybody may read, or of a thing that the letter holds already; others are left out,
    and what the letter held and is not named goes. Raises `SavedSince`, `Conflict` once it left, `UserError` beyond 60.
    """
    require(reader, LETTER.code)
    with act(actor):
        now = _draft(letter.pk)
        if now.version != version:
            raise SavedSince(
                _("Quelqu’un a enregistré cette lettre depuis que vous l’avez ouverte : comparez, puis recommencez.")
            )
        held = {item.key: item for item in LetterItem.objects.filter(letter=now).order_by("place", "pk")}
        asked = list(dict.fromkeys(keys))
        allowed = may_hold({pk for key in asked if key not in held and (pk := _identity(key))})
        items = [
            held.get(key) or LetterItem(letter=now, news_id=UUID(key))
            for key in asked
            if key in held or _identity(key) in allowed
        ]
        if own is not None:
            items.append(LetterItem(letter=now, title=own.title, words=own.words, url=own.url))
        if len(items) > MOST_ITEMS:
            raise UserError(_("Une lettre tient en %(most)s nouvelles : retirez-en.") % {"most": MOST_ITEMS})
        LetterItem.objects.filter(letter=now).exclude(pk__in=[item.pk for item in items]).delete()
        for place, item in enumerate(items, start=1):
            item.place = place
        known = {item.pk for item in held.values()}
        LetterItem.objects.bulk_update([item for item in items if item.pk in known], ["place"])
        LetterItem.objects.bulk_create([item for item in items if item.pk not in known])
        now.title, now.introduction, now.version = title, introduction, now.version + 1
        now.save(update_fields=["title", "introduction", "version"])
    return now


def remove(actor: Actor, reader: Reader, letter: Letter) -> None:
    """Delete a draft, which nobody was shown. Raises `Conflict` once it left."""
    require(reader, LETTER.code)
    with act(actor):
        _draft(letter.pk).delete()


def try_on_oneself(actor: Actor, reader: Reader, letter: Letter) -> Job:
    """Send the letter as it is to who asks, and to nobody else. Raises `UserError` for who cannot be written to."""
    require(reader, LETTER.code)
    if reader.person is None or address_of(reader.person) is None:
        raise UserError(_("Votre compte n’a pas d’adresse confirmée : confirmez-la, puis recommencez."))
    return enqueue(actor, TRY, letter=str(letter.pk), person=str(reader.person))


def send_to_all(actor: Actor, reader: Reader, letter: Letter, *, version: int, at: datetime | None = None) -> Letter:
    """Give the letter its number and have it sent to all who receive it; its web version opens at once.

    at: when it left, for one that is told afterwards and that nobody is sent.
    Raises `SavedSince` when it is not what was shown before sending, `Conflict` once it left, `UserError` when nothing
    of it can be read.
    """
    require(reader, LETTER.code)
    with act(actor):
        now = _draft(letter.pk)
        if now.version != version:
            raise SavedSince(_("La lettre a changé depuis que vous l’avez relue : relisez-la, puis envoyez-la."))
        if not shown_in(now):
            raise UserError(_("Cette lettre est vide : choisissez au moins une nouvelle, puis envoyez-la."))
        now.number, now.sent_at, now.state = next_number(), at or timezone.now(), LetterState.SENT
        if at is None:
            now.job = enqueue(actor, SEND, key=str(now.pk), letter=str(now.pk)).pk
        now.save(update_fields=["number", "sent_at", "state", "job"])
        record(LETTER_SENT, about=[], data=LetterLeft(now.number), happened_at=at)
    return now


def note_sent(actor: Actor, letter: Letter, *, delivered: int, refused: int) -> None:
    """Keep what became of a sending, once it ended."""
    with act(actor):
        Letter.objects.filter(pk=letter.pk).update(delivered=delivered, refused=refused)


def _draft(pk: UUID) -> Letter:
    """The draft as it is stored now, kept from other writers until the act ends. Raises `Conflict` once it left."""
    now = Letter.objects.select_for_update().filter(pk=pk, state=LetterState.DRAFT).first()
    if now is None:
        raise Conflict(_("Cette lettre est partie, ou supprimée : elle ne change plus."))
    return now


def _identity(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None

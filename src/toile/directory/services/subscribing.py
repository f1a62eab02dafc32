"""Receiving the letter: asked by anybody, proved by a link, stopped in one click, asked again after three years."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.directory.models import Subscriber
from toile.directory.models.letters import Stopped, Subscribers
from toile.kernel.acts import Actor, act
from toile.kernel.durations import Duration
from toile.kernel.errors import Gone, NotVisible
from toile.kernel.jobs import enqueue
from toile.kernel.links import read, sign
from toile.kernel.readers import Reader
from toile.thread.delivery import address_of

ANSWER: Final = "directory.letter.answer"
PURPOSE: Final = "directory.letter.confirm"
WORDS: Final[Mapping[str, str | Promise]] = {
    "2026-11": gettext_lazy(
        "Je demande à recevoir la lettre du mois à cette adresse. Je peux l’arrêter à tout moment, en un clic."
    )
}
"""The sentences agreed to, by their version: a new sentence is a new version, and the old ones stay."""
VERSION: Final = "2026-11"
LINK_LASTS: Final = timedelta(days=7)
RENEWED_AFTER: Final = Duration(years=3)
"""How long a word given holds (domain K3)."""
RENEWAL_LASTS: Final = timedelta(days=30)
STOPPED_KEPT: Final = timedelta(days=30)
MOST_REFUSALS: Final = 3


def subscribe(actor: Actor, reader: Reader, email: str) -> None:
    """Ask for the letter: whatever the address, a message goes to it and says what is to be done, if anything.

    Nobody learns here whether an address receives the letter: the answer, and what is done, are the same.
    """
    address = email.strip().lower()
    theirs = address_of(reader.person) if reader.person else None
    person = reader.person if theirs and theirs.email.lower() == address else None
    with act(actor):
        found, _is_new = Subscriber.objects.select_for_update().get_or_create(
            email=address, defaults={"words": VERSION, "person": person}
        )
        if not found.is_receiving:
            found.asked_at, found.confirmed_at, found.words = timezone.now(), None, VERSION
            found.stopped_at, found.stopped_because, found.refusals = None, "", 0
        found.person = person or found.person
        found.save()
        enqueue(actor, ANSWER, key=str(found.pk), subscriber=str(found.pk))


def token_for(subscriber: Subscriber) -> str:
    """What the link of a message holds: this address, and this request; an older one does not prove a newer."""
    return sign(PURPOSE, f"{subscriber.pk} {subscriber.asked_at.isoformat()}")


def asked_by(token: str) -> Subscriber:
    """Whom a link is about. Raises `NotVisible`, or `Gone` when it is too old or was followed by another request."""
    pk, _space, asked_at = read(PURPOSE, token, lasts=RENEWAL_LASTS).partition(" ")
    found = Subscriber.objects.filter(pk=UUID(pk)).first()
    if found is None:
        raise NotVisible(_("Cette adresse n’est pas dans la liste : elle ne reçoit rien. Il n’y a rien à faire."))
    is_new = found.confirmed_at is None
    if found.asked_at.isoformat() != asked_at or found.stopped_at is not None:
        raise Gone(_("Ce lien n’est plus le bon : demandez la lettre de nouveau, un autre vous sera envoyé."))
    if is_new and found.asked_at < timezone.now() - LINK_LASTS:
        raise Gone(_("Ce lien a expiré : demandez la lettre de nouveau, un autre vous sera envoyé."))
    return found


def confirm(subscriber: Subscriber) -> None:
    """Take the word of whoever holds the link; given twice, it stands as it was first given."""
    with act(Actor.system("mail: confirm")):
        waiting = Q(confirmed_at__isnull=True) | Q(confirmed_at__lt=F("asked_at"))
        Subscriber.objects.filter(waiting, pk=subscriber.pk, stopped_at__isnull=True).update(
            confirmed_at=timezone.now(), words=VERSION
        )


def stop(subscriber: Subscriber) -> None:
    """End the letter for whoever holds the secret link. Twice does no more than once."""
    _stop(Actor.system("mail: stop"), Subscriber.objects.filter(pk=subscriber.pk), Stopped.ASKED)


def note_delivery(actor: Actor, subscriber: Subscriber, *, refused: bool) -> None:
    """Remember that an address took a letter or refused it; three refused in a row stop it."""
    if not refused and not subscriber.refusals:
        return
    with act(actor):
        rows = Subscriber.objects.filter(pk=subscriber.pk)
        rows.update(refusals=F("refusals") + 1 if refused else 0)
        _stop(actor, rows.filter(refusals__gte=MOST_REFUSALS), Stopped.REFUSED)


def ask_again(actor: Actor, subscriber: Subscriber) -> None:
    """Ask an address whether it still wants the letter, its last word being three years old."""
    with act(actor):
        Subscriber.objects.filter(pk=subscriber.pk).update(asked_at=timezone.now())
        enqueue(actor, ANSWER, key=str(subscriber.pk), subscriber=str(subscriber.pk))


def tidy(actor: Actor, *, now: datetime) -> dict[str, int]:
    """Stop who did not answer in a month; remove what was never proved in a week, and what stopped a month ago."""
    with act(actor):
        silent, never, gone = (Subscriber.objects.filter(one) for one in _over(now))
        return {
            "stopped": _stop(actor, silent, Stopped.SILENT, at=now),
            "never": never.delete()[0],
            "gone": gone.delete()[0],
        }


def count_over(now: datetime) -> int:
    """How many addresses `tidy` would stop or remove. 1 statement."""
    silent, never, gone = _over(now)
    return Subscriber.objects.filter(silent | never | gone).count()


def _over(now: datetime) -> tuple[Q, Q, Q]:
    """Who did not answer in a month; who never proved in a week; who stopped a month ago."""
    asked_again = Q(confirmed_at__lt=F("asked_at"), asked_at__lte=now - RENEWAL_LASTS, stopped_at__isnull=True)
    never = Q(confirmed_at__isnull=True, asked_at__lt=now - LINK_LASTS)
    return asked_again, never, Q(stopped_at__lt=now - STOPPED_KEPT)


def _stop(actor: Actor, rows: Subscribers, why: Stopped, *, at: datetime | None = None) -> int:
    with act(actor):
        return rows.filter(stopped_at__isnull=True).update(stopped_at=at or timezone.now(), stopped_because=why)

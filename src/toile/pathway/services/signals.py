"""The signals of a followed firm: noted by a person, closed, contested by the firm, decided by a person; and calls."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, UserError
from toile.kernel.readers import Reader
from toile.pathway.facts.followup import FIRM_CALLED, SIGNAL_CONTESTED, SIGNAL_DECIDED, FollowedFact
from toile.pathway.models import Call, Followed, Signal
from toile.pathway.rules.signals import Level, weights
from toile.pathway.services.doors import require_at
from toile.pathway.services.following import about
from toile.thread.services import record

BY_HAND: Final = (Signal.Source.EVENT, Signal.Source.ADVISER, Signal.Source.ACCOUNTS, Signal.Source.DIRECTORY)
"""What a person may note; what a firm answers comes by its own link."""


def note(
    actor: Actor, reader: Reader, followed: Followed, *, level: str, on: date, source: str, words: str = ""
) -> Signal:
    """Note something of a firm: a level of the scale, the day it was true, whence it is known.

    Raises `UserError` for a level that this source cannot say, a day to come, or a firm that is no longer followed.
    """
    require_at(reader, followed.door)
    found = weights().level(level)
    _check(followed, found, on, source)
    with act(actor):
        return Signal.objects.create(
            followed=followed,
            family=found.family,
            level=found.code,
            seen_on=on,
            source=source,
            words=words.strip(),
            noted_by=reader.person,
        )


def _check(followed: Followed, level: Level, on: date, source: str) -> None:
    if followed.left_on is not None:
        raise Conflict(_("Cette structure n’est plus suivie : rien ne s’y ajoute."))
    if source not in level.sources:
        told = ", ".join(str(Signal.Source(one).label) for one in level.sources if one in BY_HAND)
        raise UserError(_("Cela se sait autrement : choisissez « %(sources)s ».") % {"sources": told})
    if on > timezone.localdate():
        raise UserError(_("Cette date n’est pas encore venue : donnez le jour où cela s’est passé."))


def close(actor: Actor, reader: Reader, signal: Signal, *, why: str, mistaken: bool = False) -> None:
    """Say that a signal is over from today on, or that it was an error from the first day, and why."""
    require_at(reader, signal.followed.door)
    if not why.strip():
        raise UserError(_("Dites pourquoi ce signal est clos : la structure le lira aussi."))
    until = signal.seen_on if mistaken else max(timezone.localdate(), signal.seen_on)
    with act(actor):
        _closed(signal, until, why)


def contest(actor: Actor, signal: Signal, words: str) -> None:
    """The firm says that a signal is wrong: it counts for nothing until a person answers (RGPD art. 16 and 18)."""
    if not words.strip():
        raise UserError(_("Dites en quelques mots ce qui est inexact : une personne vous répondra."))
    with act(actor):
        contested = Signal.objects.filter(pk=signal.pk, contested_at__isnull=True, closed_on__isnull=True).update(
            contested_at=timezone.now(), contested=words.strip()
        )
        if not contested:
            raise Conflict(_("Ce signal est déjà contesté, ou clos."))
        record(SIGNAL_CONTESTED, about=about(signal.followed), data=FollowedFact(str(signal.followed_id)))


def decide(actor: Actor, reader: Reader, signal: Signal, *, keeps: bool, why: str) -> None:
    """Answer the firm: the signal is kept and counts again, or it is taken away as an error; in both cases why."""
    require_at(reader, signal.followed.door)
    if not why.strip():
        raise UserError(_("Dites pourquoi : la structure lira votre réponse."))
    with act(actor):
        waiting = Signal.objects.filter(pk=signal.pk, contested_at__isnull=False, decided_at__isnull=True)
        if not waiting.update(decided_at=timezone.now(), decided_by=reader.person, decided_why=why.strip()[:200]):
            raise Conflict(_("Quelqu’un a déjà répondu."))
        if not keeps:
            _closed(signal, signal.seen_on, why)
        record(SIGNAL_DECIDED, about=about(signal.followed), data=FollowedFact(str(signal.followed_id)))


def _closed(signal: Signal, until: date, why: str) -> None:
    if not Signal.objects.filter(pk=signal.pk, closed_on__isnull=True).update(
        closed_on=until, closed_why=why.strip()[:200]
    ):
        raise Conflict(_("Ce signal est déjà clos."))


def note_call(
    actor: Actor, reader: Reader, followed: Followed, *, reached: bool, words: str = "", next_on: date | None = None
) -> Call:
    """Note that the firm was called or visited, or that nobody answered; next_on: when to call again."""
    require_at(reader, followed.door)
    with act(actor):
        call = Call.objects.create(
            followed=followed, by=reader.person, reached=reached, words=words.strip(), next_on=next_on
        )
        record(FIRM_CALLED, about=about(followed), data=FollowedFact(str(followed.pk)))
    return call

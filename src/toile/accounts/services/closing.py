"""Accounts that nobody uses: warned twice by e-mail, closed, had back by signing in, erased (domain K3)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.kernel.typography import long_date
from toile.thread.delivery import Refused, address_of, send
from toile.thread.services import record

from ..facts import ACCOUNT_CLOSED, ACCOUNT_REOPENED
from ..models import Closing, Person, new_seed
from ..rules.retention import UNUSED, WARNED, Step, Use, closes_on, step
from .erasure import LastAdministrator, erase

logger = logging.getLogger(__name__)
BATCH = 500


def accounts_over(now: datetime) -> int:
    """How many accounts are to be warned, closed or erased now; nothing is written."""
    return sum(1 for _person in _due(now))


def close_unused(actor: Actor, now: datetime) -> int:
    """Do what is due to each account, one act each; of how many. Killed, it goes on from where it was.

    A warning leaves before it is noted: killed between the two, it is sent again rather than never. The last person who
    administers the platform is not erased: nobody could give the role again.
    """
    done = 0
    for person, use in _due(now):
        match step(use, now):
            case Step.WARN:
                _warn(person, use, now)
                with act(actor):
                    Closing.objects.get_or_create(person=person, defaults={"warned_at": now})
            case Step.WARN_AGAIN:
                _warn(person, use, now)
                with act(actor):
                    Closing.objects.filter(person=person, warned_again_at=None).update(warned_again_at=now)
            case Step.CLOSE:
                _close(actor, person, now)
            case _:
                try:
                    erase(actor, None, person.pk)
                except LastAdministrator:
                    logger.warning("the account of the last administrator is unused, and kept")
                    continue
        done += 1
    return done


def reopen(person: UUID) -> bool:
    """Somebody signed in: their account is used again; whether it had been closed."""
    with act(Actor(person, "web")):
        mine = Closing.objects.filter(person=person)
        was_closed = mine.filter(closed_at__isnull=False).exists()
        mine.delete()
        if was_closed:
            record(ACCOUNT_REOPENED, about=[person])
    return was_closed


def _due(now: datetime) -> Iterator[tuple[Person, Use]]:
    """Accounts with something to do now, each once, by number; read in batches, so that memory stays bounded."""
    unused = Person.objects.annotate(last=Coalesce("last_login", F("joined_at"))).select_related("closing")
    # Two days more than the rule asks, which decides: a cutoff is never too early.
    soon = UNUSED.cutoff(now + WARNED + timedelta(days=2))
    found = unused.filter(Q(last__lt=soon) | Q(closing__isnull=False)).order_by("pk")
    after: UUID | None = None
    while batch := list((found.filter(pk__gt=after) if after else found)[:BATCH]):
        for person in batch:
            use = _use(person)
            if step(use, now) != Step.NOTHING:
                yield person, use
        after = batch[-1].pk


def _use(person: Person) -> Use:
    last = person.last_login or person.joined_at
    row = getattr(person, "closing", None)
    return Use(last, row.warned_at, row.warned_again_at, row.closed_at) if row else Use(last)


def _close(actor: Actor, person: Person, now: datetime) -> None:
    with act(actor):
        # Whoever signed in meanwhile has no such row any more.
        if Closing.objects.filter(person=person, closed_at=None).update(closed_at=now):
            Person.objects.filter(pk=person.pk).update(session_seed=new_seed())
            record(ACCOUNT_CLOSED, about=[person.pk])


def _warn(person: Person, use: Use, now: datetime) -> None:
    address = address_of(person.pk)
    if address is None:
        return
    told = Use(use.last, use.warned or now, now if use.warned else None)
    last_day = closes_on(told)
    words = {
        "site": settings.TOILE_SITE_NAME,
        "day": long_date(last_day),
        "url": settings.TOILE_URL + reverse("account_login"),
        "data": settings.TOILE_URL + reverse("accounts:own_data"),
    }
    subject = _("Votre compte sera fermé le %(day)s") % words
    body = _(
        "Bonjour,\n\nPersonne ne s’est connecté à votre compte sur %(site)s depuis près de trois ans. Nous ne gardons "
        "pas ce qui ne sert plus : il sera fermé après le %(day)s, et effacé une semaine plus tard.\n\n"
        "Pour le garder, connectez-vous une fois : %(url)s\n"
        "Pour prendre une copie de vos données, ou les effacer tout de suite : %(data)s\n\n"
        "Si vous n’en avez plus besoin, vous n’avez rien à faire.\n"
    )
    try:
        send(EmailMessage(f"[{settings.TOILE_SITE_NAME}] {subject}", body % words, to=[address.email]))
    except Refused as refused:
        # An address that no server takes any more does not keep the account for ever.
        logger.warning("the warning of an unused account was refused (%s)", refused)

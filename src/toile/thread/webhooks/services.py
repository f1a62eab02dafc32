"""Every write about webhooks: adding, pausing, renewing; planning what is due, and noting what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, UserError
from toile.kernel.jobs import enqueue
from toile.kernel.permissions import require
from toile.kernel.readers import Reader
from toile.thread.facts import (
    WEBHOOK_ADDED,
    WEBHOOK_PAUSED,
    WEBHOOK_REMOVED,
    WEBHOOK_RENEWED,
    WEBHOOK_RESUMED,
    PauseData,
)
from toile.thread.live.queries import newest
from toile.thread.models_webhooks import Delivery, Paused, Webhook, new_secret
from toile.thread.permissions import MANAGE_WEBHOOKS
from toile.thread.services import record

from . import queries
from .addresses import AddressRefused, target
from .schedule import next_try
from .sending import Answer, NotFound, addresses_of
from .wording import WRONG

SENDING = "thread.webhook"
MOST = 50
GONE = 410


class TooMany(UserError):
    """There are as many webhooks as a site may have."""


class BadAddress(UserError):
    """An address that a webhook may not lead to; the sentence goes beside its field."""


class SameAddress(BadAddress):
    """Another webhook leads there already."""


# --- By people -------------------------------------------------------------------------------------------------------


def add(reader: Reader, name: str, url: str, kinds: Sequence[str] = (), subject: UUID | None = None) -> Webhook:
    """Add a webhook that is told of what happens from now on. Asks the network where the address leads (3 seconds).

    Raises `BadAddress` when it is no address, leads nowhere, or to a private network; `SameAddress`; `TooMany`.
    """
    require(reader, MANAGE_WEBHOOKS.code)
    _check_address(url)
    try:
        with act(Actor.of(reader)):
            if Webhook.objects.count() >= MOST:
                raise TooMany(_("Il y a déjà %(most)s webhooks : supprimez-en un.") % {"most": MOST})
            made = Webhook(name=name, url=url, kinds=list(kinds), subject=subject, made_by=reader.person)
            made.cursor = newest()
            with transaction.atomic():
                made.save(force_insert=True)
            record(WEBHOOK_ADDED, about=[made.pk])
    except IntegrityError:
        raise SameAddress(_("Un autre webhook mène déjà à cette adresse.")) from None
    return made


def _check_address(url: str) -> None:
    loopback = settings.TOILE_WEBHOOKS_LOOPBACK
    try:
        addresses_of(target(url, loopback=loopback), loopback=loopback)
    except AddressRefused as refused:
        raise BadAddress(str(WRONG[refused.wrong])) from None
    except NotFound:
        raise BadAddress(
            _("Ce nom ne mène à aucune adresse. Vérifiez-le, ou réessayez dans quelques minutes.")
        ) from None


def pause(reader: Reader, webhook: Webhook) -> None:
    """Send nothing more until somebody resumes it; what happens meanwhile waits. Twice does no more than once."""
    require(reader, MANAGE_WEBHOOKS.code)
    with act(Actor.of(reader)):
        _pause(webhook.pk, Paused.PERSON)


def resume(reader: Reader, webhook: Webhook) -> None:
    """Send again, first what waited or was given up in the last thirty days, each with its own 24 hours anew."""
    require(reader, MANAGE_WEBHOOKS.code)
    with act(Actor.of(reader)):
        if not Webhook.objects.filter(pk=webhook.pk, paused_at__isnull=False).update(paused_at=None, paused_because=""):
            return
        Delivery.objects.filter(webhook=webhook, fact__isnull=False).exclude(state=Delivery.State.DELIVERED).update(
            state=Delivery.State.WAITING, tries=0, first_at=None, ended_at=None, next_at=timezone.now()
        )
        record(WEBHOOK_RESUMED, about=[webhook.pk])


def renew_secret(reader: Reader, webhook: Webhook) -> str:
    """Replace the secret, from the next sending on; the new one, to be shown this once."""
    require(reader, MANAGE_WEBHOOKS.code)
    fresh = new_secret()
    with act(Actor.of(reader)):
        Webhook.objects.filter(pk=webhook.pk).update(secret=fresh)
        record(WEBHOOK_RENEWED, about=[webhook.pk])
    return fresh


def remove(reader: Reader, webhook: Webhook) -> None:
    """Delete a webhook and what it was sent; what is being sent at this very moment may still arrive."""
    require(reader, MANAGE_WEBHOOKS.code)
    with act(Actor.of(reader)):
        if Webhook.objects.filter(pk=webhook.pk).delete()[0]:
            record(WEBHOOK_REMOVED, about=[webhook.pk])


def try_out(reader: Reader, webhook: Webhook) -> None:
    """Have one delivery without a fact sent, once. Raises `Conflict` while one waits."""
    require(reader, MANAGE_WEBHOOKS.code)
    try:
        with act(Actor.of(reader)) as under_way:
            with transaction.atomic():
                Delivery.objects.create(webhook=webhook)
            enqueue(under_way.actor, SENDING, key=str(webhook.pk), webhook=str(webhook.pk))
    except IntegrityError:
        raise Conflict(_("Un essai est déjà en route : son résultat paraîtra ici.")) from None


# --- By the work -----------------------------------------------------------------------------------------------------


def plan(actor: Actor, now: datetime) -> bool:
    """Give every active webhook its deliveries of what is new; whether there is more than was read.

    The deliveries and the cursor are written in one act: killed anywhere, each fact is planned once for each webhook.
    2 queries when nothing is new.
    """
    behind = list(Webhook.objects.active().filter(cursor__lt=newest()).order_by("pk").values_list("pk", flat=True))
    there_is_more = False
    for pk in behind:
        there_is_more = _plan_one(actor, pk, now) or there_is_more
    return there_is_more


def _plan_one(actor: Actor, pk: UUID, now: datetime) -> bool:
    with act(actor):
        webhook = Webhook.objects.active().select_for_update().filter(pk=pk).first()
        if webhook is None:
            return False
        until = newest()
        facts = queries.wanted(webhook, until, now - queries.KEPT)
        there_is_more = len(facts) == queries.AT_ONCE
        Delivery.objects.bulk_create(
            [Delivery(webhook=webhook, fact=number, made_at=now, next_at=now) for number in facts],
            ignore_conflicts=True,
        )
        Webhook.objects.filter(pk=pk).update(cursor=facts[-1] if there_is_more else until)
    return there_is_more


def note(actor: Actor, delivery: Delivery, answer: Answer, now: datetime) -> None:
    """Keep what became of one try: taken, to be tried again, or given up, which pauses the webhook.

    A side that does not answer at all is not asked for the next facts either before this one's next try.
    """
    with act(actor):
        kept = Delivery.objects.select_for_update().filter(pk=delivery.pk, state=Delivery.State.WAITING).first()
        if kept is None:
            return
        kept.tries += 1
        kept.first_at = kept.first_at or now
        kept.code, kept.problem = answer.code, answer.problem
        again = None if kept.fact is None else next_try(kept.first_at, kept.tries, now)
        if answer.is_taken:
            kept.state, kept.ended_at = Delivery.State.DELIVERED, now
        elif again is None:
            kept.state, kept.ended_at = Delivery.State.GIVEN_UP, now
        else:
            kept.next_at = again
        kept.save()
        if kept.fact is not None and not answer.is_taken:
            _after_a_failure(kept, answer, again)


def _after_a_failure(kept: Delivery, answer: Answer, again: datetime | None) -> None:
    reason = {GONE: Paused.GONE}.get(answer.code or 0)
    if answer.problem == "private":
        reason = Paused.PRIVATE
    elif again is None:
        reason = reason or Paused.SILENT
    if reason is not None:
        _pause(kept.webhook_id, reason)
    elif again is not None and not answer.is_alive:
        others = Delivery.objects.filter(webhook=kept.webhook_id, state=Delivery.State.WAITING, fact__isnull=False)
        others.filter(next_at__lt=again).update(next_at=again)


def _pause(pk: UUID, because: Paused) -> None:
    active = Webhook.objects.active().filter(pk=pk)
    if active.update(paused_at=timezone.now(), paused_because=because):
        record(WEBHOOK_PAUSED, about=[pk], data=PauseData(because.value))


def forget(actor: Actor, before: datetime) -> int:
    """Delete what was sent or given up before this moment; how many. What still waits is kept."""
    with act(actor):
        old = Delivery.objects.filter(made_at__lt=before).exclude(state=Delivery.State.WAITING)
        return old.delete()[0]


def forget_person(person: UUID) -> None:
    """Keep no trace of who added a webhook: it is the team's, and goes on. Inside an act."""
    Webhook.objects.filter(made_by=person).update(made_by=None)

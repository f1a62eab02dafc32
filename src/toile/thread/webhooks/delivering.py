"""Sending what is due: the worker plans about once a second, and each webhook has a work of its own."""

from __future__ import annotations

import time
from time import monotonic
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from toile.kernel.acts import Actor
from toile.kernel.jobs import RunningJob, enqueue
from toile.thread.models_webhooks import Delivery

from . import queries, services
from .addresses import AddressRefused, target
from .sending import Answer, post
from .signing import headers

ACTOR = Actor.system("follower: webhooks")
TURN = 20.0
"""Seconds that one webhook may take before the others have their turn."""


def step() -> bool:
    """Plan what is new, and ask for a work for each webhook that has something due; whether there is more to plan.

    3 queries when there is nothing to do.
    """
    now = timezone.now()
    there_is_more = services.plan(ACTOR, now)
    for webhook in queries.with_something_due(now):
        enqueue(ACTOR, services.SENDING, key=str(webhook), webhook=str(webhook))
    return there_is_more


def send_due(running: RunningJob, webhook: UUID) -> None:
    """Send what is due to one webhook, in order, for twenty seconds at most; a side that does not answer ends the turn.

    What is left is due again at the next step. Sent, then noted: killed between the two, the worker sends it again
    under the same id, by which the other side knows it. No transaction is open meanwhile.
    """
    until = monotonic() + TURN
    while monotonic() < until and (due := queries.next_due(webhook, timezone.now())) is not None:
        answer = send(due)
        services.note(running.actor, due, answer, timezone.now())
        if not answer.is_alive or running.cancelled:
            return


def send(delivery: Delivery) -> Answer:
    """One try. Never raises for what the other side does."""
    webhook, loopback = delivery.webhook, settings.TOILE_WEBHOOKS_LOOPBACK
    body = queries.body_of(delivery)
    signed = headers(webhook.secret, str(delivery.pk), int(time.time()), body)
    try:
        to = target(webhook.url, loopback=loopback)
    except AddressRefused:
        return Answer(None, "private")
    return post(to, signed, body, loopback=loopback)

"""The letter's long and timed work: sending it, trying it, answering an address, asking again after three years."""

from __future__ import annotations

import logging
from uuid import UUID

from django.core.mail import get_connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from toile.directory import letter_mail
from toile.directory.models import Letter, Subscriber
from toile.directory.queries.letters import AT_ONCE, receiving, renewal_due
from toile.directory.services.letters import SEND, TRY, note_sent
from toile.directory.services.subscribing import ANSWER, RENEWED_AFTER, ask_again, note_delivery, tidy
from toile.kernel.jobs import At, RunningJob, job, timed
from toile.thread.delivery import Refused, address_of, send
from toile.thread.digest import full_address

logger = logging.getLogger(__name__)
LOOK_UP = 10
"""Messages between two looks at whether somebody stopped the sending."""


@job(SEND, label=gettext_lazy("Envoi de la lettre du mois"), retries=6)
def send_letter(running: RunningJob, *, letter: str) -> None:
    """Send a letter to each of those who receive it, fifty over one connection to the mail server.

    A message leaves before it is noted: a worker killed between the two sends it again, under the same Message-ID, by
    which mail servers recognise it. An address that refuses is counted, and does not hold up the others; a server that
    does not answer stops the work, which is tried again from there.
    """
    found = Letter.objects.get(pk=letter)
    running.set_result(found.get_absolute_url())
    kept = running.cursor or {"delivered": 0, "refused": 0}
    after = UUID(kept["after"]) if "after" in kept else None
    total = kept["delivered"] + kept["refused"] + receiving(found, after).count()
    while batch := list(receiving(found, after)[:AT_ONCE]):
        composed = letter_mail.compose(found)
        with get_connection() as connection:
            for subscriber in batch:
                message = composed.to(subscriber.email, letter_mail.stop_address(subscriber), name=subscriber.pk.hex)
                message.connection = connection
                refused = False
                try:
                    send(message)
                except Refused as error:
                    refused = True
                    logger.warning("letter %s was refused for subscriber %s: %s", found.pk, subscriber.pk, error)
                note_delivery(running.actor, subscriber, refused=refused)
                after = subscriber.pk
                kept["refused" if refused else "delivered"] += 1
                running.save_cursor(kept | {"after": str(after)})
                done = kept["delivered"] + kept["refused"]
                told = gettext("Messages envoyés : %(sent)s") % {"sent": kept["delivered"]}
                running.progress(done, max(done, total), told)
                if done % LOOK_UP == 0 and running.cancelled:
                    return
    note_sent(running.actor, found, delivered=kept["delivered"], refused=kept["refused"])


@job(TRY, label=gettext_lazy("Essai de la lettre du mois"), retries=3)
def try_letter(running: RunningJob, *, letter: str, person: str) -> None:
    """Send a letter to the person who makes it, as everybody would receive it."""
    found, address = Letter.objects.get(pk=letter), address_of(UUID(person))
    if address is not None:
        stop = full_address(reverse("letters:archive"))
        send(letter_mail.compose(found).to(address.email, stop, name=f"essai.{running.id.hex}"))


@job(ANSWER, label=gettext_lazy("Réponse à qui demande la lettre"), retries=6)
def answer_subscriber(running: RunningJob, *, subscriber: str) -> None:
    """Write to an address that asks for the letter; nothing once it is gone."""
    found = Subscriber.objects.filter(pk=subscriber, stopped_at__isnull=True).first()
    if found is not None:
        send(letter_mail.answer(found))


@job("directory.letter.renew", label=gettext_lazy("Lettre : redemander après trois ans, ménage des adresses"))
def renew(running: RunningJob) -> None:
    """Ask those whose last word is three years old, stop who did not answer, remove who never proved or who left."""
    now = timezone.now()
    while due := renewal_due(RENEWED_AFTER.cutoff(now)):
        for subscriber in due:
            ask_again(running.actor, subscriber)
        if running.cancelled:
            return
    tidy(running.actor, now=now)


timed("directory.letter.renew", At("04:05"))

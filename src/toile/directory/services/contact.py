"""Messages carried to a structure: its address is never shown, and nothing of them stays once they are sent."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from toile.directory.facts import MESSAGE_SENT
from toile.directory.models import Membership, Organisation
from toile.kernel.acts import Actor, act
from toile.kernel.errors import UserError
from toile.kernel.jobs import RunningJob, enqueue
from toile.kernel.models import ACTIVE, Job
from toile.kernel.permissions import require
from toile.kernel.readers import Reader
from toile.thread.delivery import address_of, send
from toile.thread.services import record

CARRY = "directory.message.carry"
MOST_RECIPIENTS = 10
WAY = "page: écrire"


class NobodyReceives(UserError):
    """Nobody receives the messages of this structure."""


def recipients(organisation: Organisation) -> list[str]:
    """Where the messages of a structure go: the address its people gave, else those they sign in with.

    One statement for each member, ten members at most, one more to know them; none where an address was given.
    """
    if organisation.contact_email:
        return [organisation.contact_email]
    members = Membership.objects.filter(organisation__canonical=organisation.canonical_id, until__isnull=True)
    people = members.order_by("since", "pk").values_list("person", flat=True)[:MOST_RECIPIENTS]
    found = (address_of(person) for person in dict.fromkeys(people) if person)
    return list(dict.fromkeys(address.email for address in found if address))


def write_to(reader: Reader, organisation: Organisation, *, name: str, email: str, message: str, url: str) -> None:
    """Have a message carried to a structure. url: its page, written in the letter.

    Raises `NobodyReceives`. Who writes is not recorded, signed in or not: the letter alone says it.
    """
    require(reader, "directory.organisation.read", owners=organisation.owners())
    if not recipients(organisation):
        raise NobodyReceives(_("Personne ne reçoit encore les messages de cette structure."))
    letter = {"organisation": str(organisation.pk), "name": name, "email": email, "message": message, "url": url}
    # Two clicks are one letter.
    key = salted_hmac("toile.directory.contact", repr(sorted(letter.items())), algorithm="sha256").hexdigest()
    enqueue(Actor.system(WAY), CARRY, key=key, **letter)


def carry(running: RunningJob, organisation: Organisation, *, name: str, email: str, message: str, url: str) -> None:
    """Send the letter to each recipient, once each, then forget it: one fact without a name stays, to be counted."""
    already = running.cursor or 0
    addresses = recipients(organisation)
    for number, address in enumerate(addresses[already:], start=already + 1):
        send(_letter(organisation, address, name, email, message, url))
        running.save_cursor(number)
    with act(Actor.system(WAY)):
        record(MESSAGE_SENT, about=[organisation.pk])
        running.forget_arguments()


def forget_unsent(actor: Actor, *, before: datetime) -> int:
    """Empty the messages whose sending was given up before then; how many."""
    with act(actor):
        given_up = Job.objects.filter(kind=CARRY, ended_at__lt=before).exclude(state__in=ACTIVE).exclude(args={})
        return given_up.update(args={})


def _letter(organisation: Organisation, address: str, name: str, email: str, message: str, url: str) -> EmailMessage:
    words = {
        "name": name,
        "structure": organisation.name,
        "site": settings.TOILE_SITE_NAME,
        "message": message,
        "email": email,
        "url": url,
    }
    subject = _("Un message pour %(structure)s") % words
    body = _(
        "%(name)s vous écrit par la fiche de « %(structure)s » :\n\n%(message)s\n\n"
        "Répondez à ce courriel : votre réponse part à %(email)s. Votre adresse n’a pas été montrée.\n"
        "%(site)s ne garde pas ce message. La fiche : %(url)s\n"
    )
    return EmailMessage(
        f"[{settings.TOILE_SITE_NAME}] {' '.join(subject.split())}"[:200], body % words, to=[address], reply_to=[email]
    )

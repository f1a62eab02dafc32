"""Erasing a person: everything that rooms declared to hold of them, in one act, and again wherever it comes back."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.kernel.errors import NotVisible, UserError
from toile.kernel.jobs import enqueue
from toile.kernel.links import read, sign
from toile.kernel.permissions import require
from toile.kernel.personal import Someone, in_order
from toile.kernel.readers import Reader, Role
from toile.thread.delivery import address_of, send
from toile.thread.models import Fact
from toile.thread.services import record

from ..facts import PERSON_ERASED
from ..jobs import ERASE_LETTER
from ..models import Person, RoleGrant
from ..permissions import OWN_DATA

logger = logging.getLogger(__name__)


class LastAdministrator(UserError):
    """Without this person nobody could give a role again."""


class AddressNotRepeated(UserError):
    """The address typed to confirm is not the account's."""


def someone(person: Person) -> Someone:
    """A person as rooms look for them: by UUID, and by the addresses proved to be theirs. 1 query."""
    proved = EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True)
    return Someone(person.pk, frozenset(address.lower() for address in proved))


def erase(actor: Actor, reader: Reader | None, person: UUID, *, repeated: str | None = None) -> None:
    """Erase an account and all that is held of its person, at once and for good (domain K4).

    Holdings go in their declared order: work under way is stopped first, the account goes last, its sessions with it.
    The thread keeps a number that names nobody. reader: the person themself; None for a command or a timed work.
    repeated: the address typed to confirm. Raises `Forbidden`, `NotVisible`, `LastAdministrator`, `AddressNotRepeated`.
    """
    if reader is not None:
        require(reader, OWN_DATA.code, owners={person})
    # Nobody acts: what rooms write while they erase would name the person again.
    with act(Actor.system(actor.via)):
        # Foreign keys to them may still be written: the erasure waits for the work that does so, not the reverse.
        found = Person.objects.select_for_update(no_key=True).filter(pk=person).first()
        if found is None:
            raise NotVisible(_("Ce compte n’existe pas, ou n’existe plus."))
        if repeated is not None and repeated.strip().lower() != found.email:
            raise AddressNotRepeated(_("Écrivez l’adresse de votre compte, telle qu’elle est écrite ci-dessus."))
        _others_administer(person)
        _erase_account(found)
    note_erasures()


PURPOSE = "accounts.data.erase"
LINK_LASTS = timedelta(minutes=30)


def ask_for_link(reader: Reader) -> None:
    """Have the reader written a link that proves the address is theirs: for who has no password nor second factor."""
    require(reader, OWN_DATA.code, owners={reader.person} if reader.person else ())
    enqueue(Actor.of(reader), ERASE_LETTER, key=str(reader.person))


def send_link(person: UUID) -> None:
    """Write the link to somebody, if they may be written to."""
    address = address_of(person)
    if address is None:
        return
    url = settings.TOILE_URL + reverse("accounts:erase_now") + "?cle=" + sign(PURPOSE, str(person))
    words = {"site": settings.TOILE_SITE_NAME, "url": url}
    body = _(
        "Bonjour,\n\nVous avez demandé à effacer votre compte sur %(site)s. Ouvrez ce lien dans le navigateur où vous "
        "êtes connectée ou connecté ; il sert pendant 30 minutes, et une page vous demandera une dernière fois si "
        "c’est bien ce que vous voulez :\n\n%(url)s\n\n"
        "Si ce n’est pas vous, ne faites rien : rien n’est effacé.\n"
    )
    subject = _("Effacer votre compte")
    send(EmailMessage(f"[{settings.TOILE_SITE_NAME}] {subject}", body % words, to=[address.email]))


def link_is_of(person: UUID, token: str) -> bool:
    """Whether this link was written to this person. Raises `NotVisible` (forged) or `Gone` (too old)."""
    return read(PURPOSE, token, lasts=LINK_LASTS) == str(person)


def _others_administer(person: UUID) -> None:
    held = RoleGrant.objects.select_for_update().filter(role=Role.ADMINISTRATOR, until__isnull=True).order_by("pk")
    if {grant.person_id for grant in held} == {person}:
        raise LastAdministrator(
            _("Vous êtes la dernière personne qui administre la plateforme. Donnez d’abord ce rôle à une autre.")
        )


def _erase_account(person: Person) -> None:
    number = person.pk
    _erase_everywhere(someone(person))
    record(PERSON_ERASED, about=[number])


def _erase_everywhere(one: Someone) -> None:
    for holding in in_order():
        holding.erase(one)


# --- What comes back: a backup put in place, a work that was writing -------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mark:
    """Somebody was erased: a number that names nobody any more, and when."""

    person: UUID
    at: datetime


def marks_path() -> Path:
    """Where erasures are kept beside the database: a backup put back in its place does not forget them."""
    return Path(settings.VAR) / "erasures.jsonl"


def marks() -> Iterator[Mark]:
    """The erasures noted beside the database, the oldest first; a line cut short by a crash is passed over."""
    path = marks_path()
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            read = json.loads(line)
            yield Mark(UUID(read["person"]), datetime.fromisoformat(read["at"]))
        except (ValueError, KeyError, TypeError):
            logger.warning("a line of %s cannot be read", path.name)


def note_erasures() -> int:
    """Note beside the database the erasures that its thread tells and that are not there yet; how many. 1 query."""
    known = {mark.person for mark in marks()}
    told = Fact.objects.filter(kind=PERSON_ERASED.code).order_by("id").values_list("abouts__subject", "happened_at")
    new = {person: at for person, at in told if person not in known}
    if new:
        lines = [json.dumps({"person": str(person), "at": at.isoformat()}) for person, at in new.items()]
        with marks_path().open("a", encoding="utf-8") as file:
            # A crash may have left the last line without its end.
            file.write("\n" + "\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())
    return len(new)


def replay_erasures() -> int:
    """Erase again whoever was erased and is here: after a backup older than their erasure was put back; how many.

    Whoever was the last to administer at the time of that backup goes too: they had handed over before they left.
    """
    back = list(Person.objects.filter(pk__in={mark.person for mark in marks()}).order_by("pk"))
    for person in back:
        with act(Actor.system("erasures")):
            _erase_account(person)
    return len(back)


def erase_leftovers(actor: Actor, since: datetime) -> None:
    """Erase again what a request or a work that was under way wrote of people erased since this moment."""
    note_erasures()
    for mark in marks():
        if mark.at >= since:
            with act(actor):
                _erase_everywhere(Someone(mark.person))

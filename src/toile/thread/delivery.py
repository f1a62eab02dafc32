"""Writing to people: the port that gives addresses, which accounts fills, and the sending of one message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from smtplib import SMTPDataError, SMTPRecipientsRefused
from uuid import UUID

from django.core.mail import EmailMessage


@dataclass(frozen=True, slots=True)
class Address:
    """Where to write to a person: an address proved to be theirs, and the name that they show."""

    email: str
    name: str = ""


Postman = Callable[[UUID], Address | None]
_postmen: list[Postman] = []


def delivers_to(postman: Postman) -> Postman:
    """Register the function that gives a person's address (one query), or None: erased, closed, not proved."""
    if postman not in _postmen:
        _postmen.append(postman)
    return postman


def address_of(person: UUID) -> Address | None:
    """Where to write to this person now; None when they are not to be written to."""
    return next((address for postman in _postmen if (address := postman(person)) is not None), None)


class Refused(RuntimeError):
    """The mail server refused this message alone; told by its kind: the server's words hold the address."""


def send(message: EmailMessage) -> None:
    """Send one message. Raises `Refused`; a server that does not answer raises what Django's backend does."""
    try:
        message.send()
    except (SMTPRecipientsRefused, SMTPDataError) as refused:
        raise Refused(type(refused).__name__) from None

"""Writing to people: the port that gives addresses, which accounts fills, and the sending of one message."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from queue import SimpleQueue
from smtplib import SMTPDataError, SMTPRecipientsRefused
from uuid import UUID

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend


@dataclass(frozen=True, slots=True)
class Address:
    """Where to write to a person: an address proved to be theirs, and the name that they show."""

    email: str
    name: str = ""


Postman = Callable[[Collection[UUID]], Mapping[UUID, Address]]
_postmen: list[Postman] = []


def delivers_to(postman: Postman) -> Postman:
    """Register the function that gives people's addresses (one query); left out: erased, closed, not proved."""
    if postman not in _postmen:
        _postmen.append(postman)
    return postman


def address_of(person: UUID) -> Address | None:
    """Where to write to this person now; None when they are not to be written to."""
    return addresses_of([person]).get(person)


def addresses_of(people: Collection[UUID]) -> dict[UUID, Address]:
    """Where to write to each of these people now; who is not to be written to is left out. 1 query."""
    return {person: address for postman in _postmen for person, address in postman(people).items()}


class Refused(RuntimeError):
    """The mail server refused this message alone; told by its kind: the server's words hold the address."""


def send(message: EmailMessage, connection: BaseEmailBackend | None = None) -> None:
    """Send one message, by an open connection if one is given (`django.core.mail.get_connection`, for many of them).

    Raises `Refused`; a server that does not answer raises what Django's backend does.
    """
    message.connection = connection or message.connection
    try:
        message.send()
    except (SMTPRecipientsRefused, SMTPDataError) as refused:
        raise Refused(type(refused).__name__) from None


SIDE_BY_SIDE = 4
"""Messages on their way at once: what a mail server answers slowly is waited for together."""
Post = Callable[[Sequence[EmailMessage]], list[BaseException | None]]


@contextmanager
def post_office() -> Iterator[Post]:
    """Connections kept open for many messages: a function that sends some, and says of each what stopped it, or None.

    What stops one does not stop the others; `Refused` is of this message alone.
    """
    connections: SimpleQueue[BaseEmailBackend] = SimpleQueue()
    for _ in range(SIDE_BY_SIDE):
        connections.put(get_connection())

    def one(message: EmailMessage) -> None:
        connection = connections.get()
        try:
            connection.open()
            send(message, connection)
        finally:
            connections.put(connection)

    with ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="mail") as pool:
        try:
            yield lambda messages: [sent.exception() for sent in [pool.submit(one, message) for message in messages]]
        finally:
            while not connections.empty():
                connections.get().close()

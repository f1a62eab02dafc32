"""Mail servers for the tests: two that fail, each in its way, and one that says each message it takes."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Sequence
from pathlib import Path
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend


class RefusesOne(EmailBackend):
    """Refuses the address that begins with « refus »."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        for message in messages:
            if message.to[0].startswith("refus"):
                raise SMTPRecipientsRefused({message.to[0]: (550, b"unknown")})
        return super().send_messages(messages)


class Silent(EmailBackend):
    """Does not answer."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        raise ConnectionRefusedError(111, "silent")


class Telling(BaseEmailBackend):
    """Keeps each message in a file of its own, then says so on a line."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(exist_ok=True)
        for message in messages:
            unfinished = folder / f"{uuid.uuid4()}.part"
            unfinished.write_bytes(message.message().as_bytes())
            unfinished.rename(unfinished.with_suffix(".eml"))  # a server that is killed took a message whole, or not
            sys.stdout.write("one\n")
            sys.stdout.flush()
        return len(messages)

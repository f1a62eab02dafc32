"""The letter's messages: the letter itself, the proof asked of an address, and what is said to one that has it already.

Text first, then simple HTML: no style at all, so that each reader's own program sets type and colours, dark ones too;
no picture, nothing fetched, nothing that tells who read. One click stops the letter (RFC 2369, RFC 8058).
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import fill
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from toile.directory.models import Letter, Subscriber
from toile.directory.queries.letters import Shown, next_number, shown_in
from toile.directory.services.subscribing import WORDS, token_for
from toile.thread.digest import full_address
from toile.thread.searches import one_line

MOST_WORDS: Final = 400
"""Signs of a news item that the message gives; its page has the rest."""
STOP: Final = "[adresse qui arrête]"
"""What stands in a letter for the address that stops it, which is each one's own."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter written out once for all who receive it; `STOP` stands where each one's own address goes."""

    key: str
    subject: str
    text: str
    html: str

    def to(self, email: str, stop: str, *, name: str) -> EmailMultiAlternatives:
        """The message for one address. name: with the letter, what makes its Message-ID: sent twice, it is the same."""
        host = urlsplit(settings.TOILE_URL).hostname or "localhost"
        message = EmailMultiAlternatives(
            subject=self.subject,
            body=self.text.replace(STOP, stop),
            to=[email],
            headers={
                "Message-ID": f"<{self.key}.{name}@{host}>",
                "List-Unsubscribe": f"<{stop}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated",
            },
        )
        message.attach_alternative(self.html.replace(STOP, stop), "text/html")
        return message


def stop_address(subscriber: Subscriber) -> str:
    """The address that stops the letter for one who receives it."""
    return full_address(reverse("letters:stop", args=[subscriber.secret]))


def compose(letter: Letter) -> Composed:
    """The letter as it leaves, or would leave now. 2 statements, 1 more for a draft."""
    context = {
        "letter": letter,
        "items": [_told(shown) for shown in shown_in(letter)],
        "web_url": full_address(reverse("letters:letter", args=[letter.number or next_number()])),
        "stop_url": STOP,
        "site_name": settings.TOILE_SITE_NAME,
    }
    return Composed(
        letter.pk.hex,
        one_line(letter.title),
        render_to_string("directory/letter_mail.txt", context),
        render_to_string("directory/letter_mail.html", context),
    )


def _told(shown: Shown) -> dict[str, Any]:
    words = one_line(shown.words)
    words = words if len(words) <= MOST_WORDS else f"{words[: MOST_WORDS - 1].rstrip()}…"
    structure = shown.news.organisation.canonical if shown.news else None
    return {
        "title": one_line(shown.title),
        "words": words,
        "lines": fill(words, 76, initial_indent="  ", subsequent_indent="  "),
        "url": full_address(shown.url) if shown.url else "",
        "structure": structure,
        "invention": structure.get_invention_display() if structure and structure.invention else "",
        "news": shown.news,
    }


def answer(subscriber: Subscriber) -> EmailMultiAlternatives:
    """What an address is told when somebody asks the letter for it, or after three years: by where it stands now."""
    what = "again" if subscriber.is_receiving and subscriber.is_asked else "known" if subscriber.is_receiving else "new"
    subject = {
        "new": _("Confirmez que vous voulez la lettre"),
        "known": _("Vous recevez déjà la lettre"),
        "again": _("Voulez-vous encore la lettre ?"),
    }[what]
    stop = stop_address(subscriber)
    context = {
        "what": what,
        "site_name": settings.TOILE_SITE_NAME,
        "words": WORDS[subscriber.words],
        "confirm_url": full_address(reverse("letters:confirm", args=[token_for(subscriber)])),
        "stop_url": stop,
    }
    body = render_to_string("directory/letter_answer.txt", context)
    headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return EmailMultiAlternatives(
        f"[{settings.TOILE_SITE_NAME}] {subject}",
        body,
        to=[subscriber.email],
        headers=headers | {"Auto-Submitted": "auto-replied"},
    )

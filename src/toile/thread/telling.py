"""The message that gathers a person's notices of one rhythm: what they may read now, in words, one click to stop."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from html import unescape
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import DatabaseError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from toile.kernel.readers import Reader, readers_of

from .delivery import Address, addresses_of
from .digest import full_address
from .kinds import OPENS_TO, Visibility
from .models import Fact, Preference
from .notices import MOST_TOLD, Due, due_messages, preferences_of
from .queries import Entry, entries, subjects_of
from .rules.telling import Rhythm
from .searches import one_line

logger = logging.getLogger(__name__)

LONGEST_SUBJECT = 120


@dataclass(frozen=True, slots=True)
class Told:
    """One notice in a message: its sentence on one line, its date, its full address."""

    sentence: str
    when: datetime
    url: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A message due to a person. address: None when they are not to be written to. told: what they may read now."""

    due: Due
    preference: Preference
    address: Address | None
    told: Sequence[Told]

    @property
    def has_more(self) -> bool:
        """Whether it gathers more than it writes out."""
        return self.due.count > MOST_TOLD


def letters(people: Sequence[UUID], until: datetime) -> list[Letter]:
    """The messages due to these people: 8 statements for two contributing rooms, and the names by way of reading.

    People who see the same things (no role, the same structures) are named things together.
    """
    due = due_messages(people, until)
    readers, preferences, addresses = readers_of(people), preferences_of(people), addresses_of(people)
    subjects = subjects_of({fact.pk: fact for one in due for fact in one.latest}.values())
    told = _told(due, readers, subjects)
    return [
        Letter(
            one,
            preferences.get(one.person) or Preference(person=one.person),
            addresses.get(one.person),
            told[one.person, one.rhythm],
        )
        for one in due
    ]


def _told(
    due: Iterable[Due], readers: Mapping[UUID, Reader], subjects: Mapping[int, Sequence[UUID]]
) -> dict[tuple[UUID, str], list[Told]]:
    """For each message, what its person may read now, the latest first."""
    visible = {
        (one.person, one.rhythm): [
            fact
            for fact in one.latest
            if OPENS_TO[Visibility(fact.visibility)].lets(readers[one.person], subjects[fact.pk])
        ]
        for one in due
    }
    together: dict[object, list[tuple[UUID, str]]] = {}
    for (person, rhythm), facts in visible.items():
        about_them = any(person in subjects[fact.pk] for fact in facts)
        together.setdefault(_way_of_reading(readers[person], about_them), []).append((person, rhythm))
    found: dict[tuple[UUID, str], list[Told]] = {}
    for way, ones in together.items():
        facts = {fact.pk: fact for one in ones for fact in visible[one]}
        own = frozenset({way.person} if way.person else ())
        written = {entry.id: _in_words(entry) for entry in _said(way, list(facts.values()), subjects, own)}
        found |= {one: [written[fact.pk] for fact in visible[one] if fact.pk in written] for one in ones}
    return found


def _said(
    way: Reader, facts: Sequence[Fact], subjects: Mapping[int, Sequence[UUID]], own: frozenset[UUID]
) -> Sequence[Entry]:
    """The facts in words; one that cannot be said is left out, and does not silence the others."""
    try:
        return entries(way, facts, subjects, own=own)
    except DatabaseError:
        raise
    except Exception:
        if len(facts) == 1:
            logger.exception("fact %s could not be told", facts[0].pk)
            return []
        return [entry for fact in facts for entry in _said(way, [fact], subjects, own)]


def _way_of_reading(reader: Reader, about_them: bool) -> Reader:
    """Who the names are asked for: nobody in particular when the person has no role and no fact is about them."""
    if reader.roles or about_them:
        return reader
    return Reader(organisations=reader.organisations, reasons=reader.reasons)


def _in_words(entry: Entry) -> Told:
    sentence = one_line(unescape(strip_tags(entry.sentence)))
    if entry.is_fictional:
        sentence = _("%(sentence)s (fictif)") % {"sentence": sentence}
    return Told(sentence, entry.happened_at, full_address(entry.url or reverse("thread:notices")))


def message(letter: Letter) -> EmailMultiAlternatives:
    """The message: text, simple HTML, nothing that watches the reader, one click to stop (RFC 2369, RFC 8058).

    Its Message-ID is made of the person and of the last notice that it gathers: sent twice, it is the same message.
    """
    assert letter.address is not None
    rhythm = Rhythm(letter.due.rhythm)
    stop = full_address(reverse("thread:notices_stop", args=[letter.preference.stop, rhythm.value]))
    context = {
        "heading": _heading(letter),
        "listed_text": _listed("thread/told_list.txt", tuple(letter.told), get_language()),
        "listed_html": _listed("thread/told_list.html", tuple(letter.told), get_language()),
        "more": letter.has_more,
        "name": letter.address.name,
        "site_name": settings.TOILE_SITE_NAME,
        "all_url": full_address(reverse("thread:notices")),
        "mine_url": full_address(reverse("thread:subscriptions")),
        "stop_url": stop,
    }
    host = urlsplit(settings.TOILE_URL).hostname or "localhost"
    composed = EmailMultiAlternatives(
        subject=_subject(letter),
        body=render_to_string("thread/told.txt", context),
        to=[letter.address.email],
        headers={
            "Message-ID": f"<{letter.due.person.hex}.{rhythm.value}.{letter.due.last}@{host}>",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    composed.attach_alternative(render_to_string("thread/told.html", context), "text/html")
    return composed


@lru_cache(maxsize=64)
def _listed(template: str, told: tuple[Told, ...], language: str | None) -> str:
    """The list of what is told, written once for all who are told the same: half of the time of a message."""
    return render_to_string(template, {"told": told})


def _heading(letter: Letter) -> str:
    if letter.has_more:
        return _("Plus de %(count)s avis") % {"count": MOST_TOLD}
    count = {"count": len(letter.told)}
    match letter.due.rhythm:
        case Rhythm.DAILY:
            return ngettext("%(count)s avis de la journée", "%(count)s avis de la journée", count["count"]) % count
        case Rhythm.WEEKLY:
            return ngettext("%(count)s avis de la semaine", "%(count)s avis de la semaine", count["count"]) % count
        case _:
            return ngettext("%(count)s avis", "%(count)s avis", count["count"]) % count


def _subject(letter: Letter) -> str:
    """What happened, when it is one thing; how many things otherwise, and the latest of them."""
    latest = letter.told[0].sentence
    alone = len(letter.told) == 1 and not letter.has_more
    subject = latest if alone else f"{_heading(letter)} : {latest}"
    return subject if len(subject) <= LONGEST_SUBJECT else subject[: LONGEST_SUBJECT - 1] + "…"

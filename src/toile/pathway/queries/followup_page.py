"""What the page of a followed firm shows: its scores explained, its signals, check-ins and calls, what is expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from toile.kernel.typography import long_date
from toile.pathway.models import Call, CheckIn, Followed, Signal
from toile.pathway.queries.followed import as_rule, known_signals, score_of
from toile.pathway.queries.people import names_of
from toile.pathway.rules.accounts import filing, first_closing
from toile.pathway.rules.checkin import Sent, checkin, is_unanswered, next_on
from toile.pathway.rules.scoring import Score, score
from toile.pathway.rules.signals import Level, weights

MOST: Final = 200
"""Signals, check-ins or calls of one firm that its page shows."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A signal with what it says, who said it and where it stands.

    counts: it weighs in a score today. state: `live`, `replaced` by a later answer, `over`, `mistaken`, `contested`.
    """

    signal: Signal
    level: Level
    author: str
    state: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A check-in with its answers in words."""

    check_in: CheckIn
    answers: Sequence[tuple[str, str]]
    unanswered: bool


@dataclass(frozen=True, slots=True)
class Page:
    """All that one firm's page tells. score: None when it refuses to be scored."""

    score: Score | None
    shown: Sequence[Shown]
    check_ins: Sequence[Asked]
    calls: Sequence[tuple[Call, str]]
    next_on: date
    adviser: str
    accounts: str

    @property
    def live(self) -> list[Shown]:
        """What is known today: what counts, what is contested, and the answers that weigh nothing."""
        return [one for one in self.shown if one.state in ("live", "contested")]

    @property
    def past(self) -> list[Shown]:
        """What no longer counts."""
        return [one for one in self.shown if one.state not in ("live", "contested")]


def page_of(firm: Followed, on: date, *, names: bool) -> Page:
    """The page of a firm on a day. names: of the people of the door; the firm reads « la porte ». 5 queries at most."""
    signals = list(Signal.objects.filter(followed=firm).order_by("-seen_on", "-noted_at", "pk")[:MOST])
    check_ins = list(CheckIn.objects.filter(followed=firm).order_by("-due_on", "pk")[:MOST])
    calls = list(Call.objects.filter(followed=firm).order_by("-at", "pk")[:MOST]) if names else []
    people = {one for row in signals for one in (row.noted_by, row.decided_by) if one} | {
        row.by for row in calls if row.by
    }
    known = names_of(people | ({firm.adviser} if firm.adviser else set())) if names else {}
    told = score_of(firm, signals, on)
    return Page(
        told,
        _shown(firm, signals, on, known),
        [_asked(row, on) for row in check_ins],
        [(row, _author(firm, row.by, known)) for row in calls],
        next_on(firm.entered_on, [Sent(row.due_on, None) for row in check_ins]),
        known.get(firm.adviser, "") if firm.adviser else "",
        accounts_fr(firm, on),
    )


def _shown(firm: Followed, rows: Sequence[Signal], on: date, known: Mapping[UUID, str]) -> list[Shown]:
    """Each signal of the scale with its state; which ones are the latest of their family is the score's own word."""
    levels = weights().levels
    pairs = [(row, as_rule(row)) for row in known_signals(rows)]
    told = score((rule for _row, rule in pairs), on)
    counting = {id(one.signal) for one in told.contributions}
    live = counting | {id(signal) for signal in told.known}

    def state(row: Signal, key: int) -> str:
        if row.closed_on is not None:
            return "mistaken" if row.closed_on <= row.seen_on else "over"
        if row.contested_at is not None and row.decided_at is None:
            return "contested"
        return "live" if key in live else "replaced"

    shown = [
        Shown(row, levels[row.level], _author(firm, row.noted_by, known), state(row, id(rule)), id(rule) in counting)
        for row, rule in pairs
    ]
    return shown[::-1]


def _author(firm: Followed, person: UUID | None, known: Mapping[UUID, str]) -> str:
    """Who noted it: a name for the door's people, the door for the firm; nobody when the firm said it itself."""
    return known.get(person, firm.door.name) if person else ""


def _asked(row: CheckIn, on: date) -> Asked:
    """A check-in with the words of its answers; what a later version of the questions dropped is left out."""
    answers = []
    for question in checkin().questions:
        if question.code not in row.answers:
            continue
        given: Any = row.answers[question.code]
        codes = [] if given is None else [given] if isinstance(given, str) else given
        words = [_(option.wording) for option in question.options if option.code in codes]
        answers.append((_(question.wording), ", ".join(words) or _("ne sait pas")))
    waits = row.answered_at is None and row.sent_at is not None
    return Asked(row, answers, waits and is_unanswered(Sent(row.due_on, None), on))


def accounts_fr(firm: Followed, on: date) -> str:
    """When the accounts are due, as far as the form and the month of closing tell; empty when they do not."""
    category = firm.organisation.canonical.legal_category
    if not category or (firm.files_accounts and (firm.born_on is None or firm.closing_month is None)):
        return ""
    first = first_closing(firm.born_on, firm.closing_month) if firm.born_on and firm.closing_month else None
    found = filing(category, first, None, on)
    days = {"closing": long_date(found.closing or first or on), "late": long_date(found.late_from or on)}
    if found.state == "no_duty":
        return _("Cette forme ne dépose pas ses comptes au greffe, ou pas toujours.")
    if found.closing is None:
        return _("Premiers comptes clos au plus tôt le %(closing)s.") % days
    if found.state == "late":
        return (
            _("Des comptes clos le %(closing)s seraient en retard depuis le %(late)s : à vérifier au registre.") % days
        )
    return _("Comptes clos le %(closing)s : en retard à partir du %(late)s.") % days

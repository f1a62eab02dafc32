"""Check-ins: the links that open them, the answers and what they say, asking for one ahead of the calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel import links
from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, Gone, UserError
from toile.kernel.jobs import enqueue
from toile.kernel.readers import Reader
from toile.pathway.facts.followup import FIRM_ANSWERED, FollowedFact
from toile.pathway.models import CheckIn, Followed, Signal
from toile.pathway.rules.checkin import checkin, faults, signals_of
from toile.pathway.rules.signals import weights
from toile.pathway.services.doors import require_at
from toile.pathway.services.following import about
from toile.thread.services import record

SEND: Final = "pathway.check_in.send"
ANSWER, OWN = "pathway.check_in.answer", "pathway.followed.own"
OWN_LASTS: Final = timedelta(days=730)
"""Of the link to a firm's own page: as long as what it shows is kept, unless a newer link replaces it."""


class WrongAnswers(UserError):
    """Answers that contradict each other or do not exist. faults: the question's code → the sentence that asks back."""

    def __init__(self, found: Mapping[str, str]) -> None:
        super().__init__(_("Rien n’est perdu : une réponse est à revoir."))
        self.faults = dict(found)


# --- Links -----------------------------------------------------------------------------------------------------------


def answer_token(check_in: CheckIn) -> str:
    """The token of the link by which a check-in is answered."""
    return links.sign(ANSWER, str(check_in.pk))


def check_in_of(token: str) -> CheckIn:
    """The check-in that a link opens, answered or not. 1 query.

    Raises `NotVisible` (forged or cut), `Gone` (expired, or the firm is no longer followed).
    """
    pk = links.read(ANSWER, token, lasts=timedelta(days=checkin().calendar.link_days))
    rows = CheckIn.objects.select_related("followed__organisation__canonical", "followed__door")
    found = rows.filter(pk=UUID(pk)).first()
    if found is None or found.followed.left_on is not None:
        raise Gone(_("Votre structure n’est plus suivie par cette porte : il n’y a plus rien à répondre."))
    return found


def own_token(followed: Followed) -> str:
    """The token of the link to the firm's own page, good until `Followed.link` is raised."""
    return links.sign(OWN, f"{followed.pk}:{followed.link}")


def own_of(token: str) -> Followed:
    """The following that the firm's own link opens; it reads it for as long as it is kept. 1 query."""
    pk, _colon, link = links.read(OWN, token, lasts=OWN_LASTS).partition(":")
    rows = Followed.objects.select_related("organisation__canonical", "door")
    found = rows.filter(pk=UUID(pk)).first()
    if found is None or str(found.link) != link:
        raise Gone(_("Ce lien a été remplacé par un plus récent : cherchez le dernier dans vos courriels."))
    return found


# --- Answers ---------------------------------------------------------------------------------------------------------


def answer(actor: Actor, check_in: CheckIn, answers: Mapping[str, Any]) -> None:
    """Keep the answers to the five questions, and what they say as signals, by the firm itself.

    Raises `WrongAnswers` when they contradict each other, `Conflict` when it was answered already.
    """
    found = faults(answers)
    if found:
        raise WrongAnswers({fault.question: fault.sentence for fault in found})
    now, today, followed = timezone.now(), timezone.localdate(), check_in.followed
    with act(actor):
        unused = CheckIn.objects.filter(pk=check_in.pk, answered_at__isnull=True)
        if not unused.update(answered_at=now, closed_at=now, answers=dict(answers)):
            raise Conflict(_("Ce point a déjà une réponse : elle est gardée telle quelle."))
        levels = [weights().level(code) for code in signals_of(answers)]
        Signal.objects.bulk_create(
            Signal(
                followed=followed,
                family=level.family,
                level=level.code,
                seen_on=today,
                source=Signal.Source.CHECK_IN,
                check_in=check_in,
                noted_at=now,
            )
            for level in levels
        )
        record(FIRM_ANSWERED, about=about(followed), data=FollowedFact(str(followed.pk)))


def answer_now(actor: Actor, followed: Followed, answers: Mapping[str, Any]) -> None:
    """The firm answers without being asked: the check-in that waits, if there is one, else one of today."""
    if followed.left_on is not None:
        raise Conflict(_("Votre structure n’est plus suivie par cette porte."))
    with act(actor):
        answer(actor, open_check_in(followed, timezone.localdate()), answers)


def address_of(followed: Followed) -> str:
    """Where its check-ins go: the address given for this, else the directory's; empty when none is known."""
    return followed.email or followed.organisation.canonical.contact_email


def ask_now(actor: Actor, reader: Reader, followed: Followed) -> CheckIn:
    """Have a check-in sent to a firm ahead of the calendar. Raises `UserError` when nobody can be written to."""
    require_at(reader, followed.door)
    if not address_of(followed):
        raise UserError(_("Aucune adresse n’est connue : donnez-en une, puis envoyez le point."))
    if followed.left_on is not None:
        raise Conflict(_("Cette structure n’est plus suivie."))
    with act(actor):
        found = open_check_in(followed, timezone.localdate())
        if found.answered_at is not None:
            raise Conflict(_("Cette structure a déjà répondu aujourd’hui : ses réponses sont sur sa page."))
        enqueue(actor, SEND, key=str(followed.pk), followed=str(followed.pk))
    return found


def open_check_in(followed: Followed, on: date) -> CheckIn:
    """The check-in that waits for an answer, else that of the day: one a day is enough."""
    waiting = CheckIn.objects.filter(followed=followed, answered_at__isnull=True, closed_at__isnull=True).first()
    return waiting or CheckIn.objects.get_or_create(followed=followed, due_on=on)[0]

"""What the holder agrees that a partner reads: given, noted when told to who receives, withdrawn at once.

A view that calls `give` or `withdraw` has shown that the holder is there: by their link, or by their own account.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.directory.models import Organisation
from toile.kernel.acts import Actor, act
from toile.kernel.durations import PARIS, Duration
from toile.kernel.errors import Conflict, NotVisible, UserError
from toile.kernel.readers import Reader
from toile.pathway.facts.cases import SHARING_GIVEN, SHARING_WITHDRAWN, CaseFact
from toile.pathway.models import Case, CaseState, Referral, ReferralState, Sharing
from toile.pathway.rules import sharing as rules
from toile.pathway.services.cases import require_here, touch
from toile.thread.kinds import Kind
from toile.thread.services import record

LONGEST: Final = 24
"""Months that an agreement lasts at most: a case is not kept longer without contact (domain K3)."""


def shared_with(case: Case, partner: UUID, purpose: str | None = None) -> Sharing | None:
    """What this partner may read of the case now, the widest first; None: nothing. 1 query."""
    living = Sharing.objects.living(timezone.now()).filter(case=case, partner=partner)
    if purpose is not None:
        living = living.filter(purpose=purpose)
    return min(living, key=lambda one: one.what != Sharing.What.ANSWERS, default=None)


def give(
    actor: Actor,
    case: Case,
    partner: Organisation,
    what: str,
    purpose: str = "orientation",
    *,
    months: int | None = None,
) -> Sharing:
    """The holder agrees, by their own hand. The same again changes nothing; wider or narrower replaces it.

    months: how long, when the holder said so; else what the purpose declares.
    """
    return _given(actor, case, partner, what, purpose, Sharing.Way.LINK, None, months)


def note_given(
    actor: Actor,
    reader: Reader,
    case: Case,
    partner: Organisation,
    what: str,
    purpose: str = "orientation",
    *,
    months: int | None = None,
) -> Sharing:
    """The holder said yes to who receives, who notes it; the holder sees it on their page and may withdraw it."""
    require_here(reader, case)
    return _given(actor, case, partner, what, purpose, Sharing.Way.TOLD, reader.person, months)


def withdraw(actor: Actor, case: Case, sharing: UUID) -> None:
    """The holder takes an agreement back: the partner reads nothing from now on, and is asked nothing more."""
    _withdrawn(actor, case, sharing)


def note_withdrawn(actor: Actor, reader: Reader, case: Case, sharing: UUID) -> None:
    """The holder said no to who receives, who notes it."""
    require_here(reader, case)
    _withdrawn(actor, case, sharing)


def end_of(purpose: str, since: datetime, months: int | None = None) -> datetime:
    """When an agreement given at `since` ends: the last day of its months, whole, in Paris; two years at most.

    Raises `UserError` when nobody declared this purpose.
    """
    declared = rules.declared().purposes.get(purpose)
    if declared is None:
        raise UserError(_("Ce partage n’a pas de but connu : choisissez-en un dans la liste."))
    last = Duration(months=min(months or declared.months, LONGEST)).last_day(since)
    return datetime.combine(last + timedelta(days=1), time.min, PARIS)


def _given(
    actor: Actor,
    case: Case,
    partner: Organisation,
    what: str,
    purpose: str,
    way: str,
    noted_by: UUID | None,
    months: int | None,
) -> Sharing:
    now = timezone.now()
    if case.state not in CaseState.living():
        raise Conflict(_("Ce dossier n’est pas suivi en ce moment : il n’y a rien à partager."))
    if what not in Sharing.What.values:
        raise UserError(_("Choisissez ce qui est partagé : le résumé ou toutes les réponses."))
    until, version = end_of(purpose, now, months), rules.declared().version
    with act(actor):
        # The case's row first: two hands that agree at once follow each other.
        Case.objects.select_for_update().get(pk=case.pk)
        held = Sharing.objects.filter(case=case, partner=partner, purpose=purpose, withdrawn_at__isnull=True).first()
        if held is not None:
            if held.until > now and (held.what, held.version) == (what, version):
                return held
            held.withdrawn_at = min(held.until, now)
            held.save(update_fields=["withdrawn_at"])
        given = Sharing.objects.create(
            case=case,
            partner=partner,
            what=what,
            purpose=purpose,
            way=way,
            version=version,
            given_at=now,
            noted_by=noted_by,
            until=until,
        )
        touch(case)
        _tell(SHARING_GIVEN, case, partner.pk)
    return given


def _withdrawn(actor: Actor, case: Case, sharing: UUID) -> None:
    now = timezone.now()
    with act(actor):
        held = Sharing.objects.select_for_update().filter(case=case, pk=sharing).first()
        if held is None:
            raise NotVisible(_("Ce partage n’existe pas, ou n’est pas de ce dossier."))
        if held.withdrawn_at is not None:
            return
        held.withdrawn_at = now
        held.save(update_fields=["withdrawn_at"])
        if shared_with(case, held.partner_id) is None:
            waiting = Referral.objects.filter(case=case, partner=held.partner_id, state__in=ReferralState.waiting())
            waiting.update(state=ReferralState.WITHDRAWN, link=F("link") + 1)
        touch(case)
        _tell(SHARING_WITHDRAWN, case, held.partner_id)


def _tell(kind: Kind, case: Case, partner: UUID) -> None:
    """A fact about the project; one not received yet has no identity to tell it about: its row is the proof."""
    if case.organisation_id is None:
        return
    door = [case.door.organisation_id] if case.door else []
    record(kind, about=[case.organisation_id, partner, *door], data=CaseFact(str(case.pk)))

"""Following young firms: entering the cohort, what is kept to reach them, leaving it, refusing the score."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from toile.directory.models import Organisation
from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, UserError
from toile.kernel.readers import Reader
from toile.kernel.typography import french_number, long_date
from toile.pathway.facts.followup import FIRM_ENTERED, FIRM_LEFT, FollowedFact
from toile.pathway.models import Case, CheckIn, Door, Followed, FollowedSource
from toile.pathway.rules.accounts import files_accounts
from toile.pathway.rules.cohort import is_young
from toile.pathway.services.doors import require_at
from toile.thread.services import record


class NotYoung(UserError):
    """A firm that is three years old or more, or not born yet."""


class AlreadyFollowed(Conflict):
    """A firm that a door follows already."""


def about(followed: Followed) -> list[UUID]:
    """What a fact of the follow-up is about: the firm first, then the door."""
    return [followed.organisation_id, followed.door.organisation_id]


def enter(
    actor: Actor,
    reader: Reader,
    door: Door,
    organisation: Organisation,
    *,
    source: FollowedSource,
    born_on: date | None,
    contact: str = "",
    email: str = "",
    closing_month: int | None = None,
    adviser: UUID | None = None,
    case: Case | None = None,
) -> Followed:
    """Begin to follow a firm from today. Raises `NotYoung`, `AlreadyFollowed`, `Forbidden`.

    born_on: None when nobody knows it. email: where check-ins go; without it, the address of the directory, which is
    never shown. adviser: who calls it.
    """
    require_at(reader, door)
    today, firm = timezone.localdate(), organisation.canonical
    if born_on is not None and not is_young(born_on, today):
        raise NotYoung(_("Le suivi va de la création aux trois ans : vérifiez la date de création."))
    try:
        with act(actor), transaction.atomic():
            followed = Followed.objects.create(
                organisation=firm,
                case=case,
                door=door,
                adviser=adviser,
                source=source,
                born_on=born_on,
                closing_month=closing_month,
                files_accounts=files_accounts(firm.legal_category) if firm.legal_category else None,
                contact=contact.strip(),
                email=email.strip(),
                entered_on=today,
                entered_by=reader.person,
                simulated=bool(firm.is_fictional),
            )
            record(FIRM_ENTERED, about=about(followed), data=FollowedFact(str(followed.pk)))
    except IntegrityError:
        raise AlreadyFollowed(_("Cette structure est déjà suivie : une seule porte la suit à la fois.")) from None
    return followed


def enter_from_sirene(
    actor: Actor, reader: Reader, door: Door, chosen: Sequence[Organisation], adviser: UUID | None
) -> tuple[int, list[str]]:
    """Begin to follow several firms of the directory by their date of creation there.

    How many entered, and for the others a sentence each: nothing of the lot is lost because of one.
    """
    require_at(reader, door)
    entered, refused = 0, []
    for firm in chosen:
        if firm.created_on is None:
            refused.append(_("%(name)s : date de création inconnue.") % {"name": firm.name})
            continue
        try:
            enter(
                actor,
                reader,
                door,
                firm,
                source=FollowedSource.SIRENE,
                born_on=firm.created_on,
                adviser=adviser,
            )
        except UserError as error:
            refused.append(_("%(name)s : %(why)s") % {"name": firm.name, "why": error.message})
        else:
            entered += 1
    return entered, refused


def change(
    actor: Actor,
    reader: Reader,
    followed: Followed,
    *,
    contact: str,
    email: str,
    closing_month: int | None,
    adviser: UUID | None,
    advisers: Collection[UUID],
) -> None:
    """Say who calls the firm, and how it is reached. advisers: who advises at this door today."""
    require_at(reader, followed.door)
    if adviser is not None and adviser not in advisers:
        raise UserError(_("Cette personne ne reçoit pas à cette porte : choisissez-en une autre."))
    with act(actor):
        Followed.objects.filter(pk=followed.pk).update(
            contact=contact.strip(), email=email.strip(), closing_month=closing_month, adviser=adviser
        )


def leave(actor: Actor, reader: Reader, followed: Followed, why: str, on: date) -> None:
    """End the following of a firm, on a day and for a reason; what was noted stays, for two years.

    Raises `Conflict` when it had ended already, `UserError` for a day before it began or after today.
    """
    require_at(reader, followed.door)
    if not followed.entered_on <= on <= timezone.localdate():
        began = long_date(followed.entered_on)
        raise UserError(_("Le suivi a commencé le %(day)s : la fin est entre ce jour et aujourd’hui.") % {"day": began})
    with act(actor):
        if not Followed.objects.filter(pk=followed.pk, left_on__isnull=True).update(left_on=on, left_why=why):
            raise Conflict(_("Le suivi de cette structure est déjà terminé."))
        waiting = CheckIn.objects.filter(followed=followed, answered_at__isnull=True, closed_at__isnull=True)
        waiting.update(closed_at=timezone.now())
        record(FIRM_LEFT, about=about(followed), data=FollowedFact(str(followed.pk)))


def refuse_score(actor: Actor, followed: Followed, *, refuses: bool) -> None:
    """The firm refuses the score, or allows it again; calls and check-ins go on (domain H8, RGPD art. 21)."""
    with act(actor):
        Followed.objects.filter(pk=followed.pk).update(objected_at=timezone.now() if refuses else None)


def told(entered: int) -> str:
    """« 3 structures entrent dans le suivi. »"""
    said = ngettext("%(n)s structure entre dans le suivi.", "%(n)s structures entrent dans le suivi.", entered)
    return said % {"n": french_number(entered)}

"""What the directory holds of people who represent structures, ask to, or are invited to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.directory.facts import MEMBER_LEFT
from toile.directory.models import Claim, Invitation, Membership
from toile.directory.models.claims import InvitationState
from toile.directory.models.memberships import MemberRole
from toile.directory.rules.claiming import OPEN, ClaimState
from toile.kernel.personal import Basis, Holding, Someone, declare
from toile.thread.services import record


def _day(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def export_memberships(someone: Someone) -> Iterable[Mapping[str, Any]]:
    """The structures one represents or represented, and those whose people one ended."""
    rows = Membership.objects.filter(Q(person=someone.person) | Q(ended_by=someone.person))
    for row in rows.select_related("organisation").order_by("since", "pk"):
        mine = row.person == someone.person
        yield {
            _("Structure"): row.organisation.name,
            _("Ce que c’est"): _("vous la représentez") if mine else _("une fin que vous avez décidée"),
            _("Rôle"): str(row.get_role_display()),
            _("Depuis"): _day(row.since),
            _("Jusqu’à"): _day(row.until),
            _("Pourquoi"): row.because,
        }


def erase_memberships(someone: Someone) -> None:
    """End those that go on, then take the person out: that the structure had people stays."""
    going_on = Membership.objects.in_force().filter(person=someone.person)
    for organisation in going_on.order_by("pk").values_list("organisation", flat=True):
        record(MEMBER_LEFT, about=[organisation])
    going_on.update(until=timezone.now())
    Membership.objects.filter(person=someone.person).update(person=None, because="")
    Membership.objects.filter(ended_by=someone.person).update(ended_by=None)


def warn_of_memberships(someone: Someone) -> Iterable[str]:
    """What becomes of the structures that one represents, where nobody else leads or represents them. 2 statements."""
    mine = list(Membership.objects.in_force().filter(person=someone.person).select_related("organisation"))
    structures = {row.organisation.canonical_id: row for row in mine}
    others = Membership.objects.in_force().filter(organisation__canonical__in=structures)
    roles: dict[UUID, set[str]] = {}
    for canonical, role in others.exclude(person=someone.person).values_list("organisation__canonical", "role"):
        roles.setdefault(canonical, set()).add(role)
    for canonical, row in structures.items():
        if canonical not in roles:
            yield _(
                "Personne d’autre ne représente %(name)s : sa fiche reste publique, et l’équipe saura qu’elle n’a plus "
                "personne. Invitez quelqu’un avant de partir si vous le pouvez."
            ) % {"name": row.organisation.name}
        elif row.role == MemberRole.LEAD and MemberRole.LEAD not in roles[canonical]:
            yield _(
                "%(name)s n’aura plus de responsable : confiez d’abord ce rôle à une autre personne de la structure."
            ) % {"name": row.organisation.name}


def _claims(someone: Someone) -> Q:
    return Q(person=someone.person) | Q(decided_by=someone.person) | Q(email__in=someone.emails)


def export_claims(someone: Someone) -> Iterable[Mapping[str, Any]]:
    """What one asked and was answered; of the claims that one decided, one's own words only."""
    for row in Claim.objects.filter(_claims(someone)).select_related("organisation").order_by("made_at", "pk"):
        mine = row.person == someone.person
        yield {
            _("Structure"): row.organisation.name,
            _("Ce que c’est"): _("votre demande") if mine else _("la demande d’une autre personne"),
            _("Demandé le"): _day(row.made_at),
            _("Adresse"): row.email if mine or row.email in someone.emails else "",
            _("Vos mots"): row.words if mine else "",
            _("État"): str(row.get_state_display()),
            _("Réponse"): row.reason,
            _("Répondu le"): _day(row.decided_at),
        }


def erase_claims(someone: Someone) -> None:
    """Delete one's claims; of the others, forget who decided, and close those that await one's address."""
    Claim.objects.filter(person=someone.person).delete()
    Claim.objects.filter(decided_by=someone.person).update(decided_by=None)
    waiting = Claim.objects.filter(email__in=someone.emails)
    waiting.filter(state=ClaimState.WAITING_PROOF).update(state=ClaimState.EXPIRED, email="", decided_at=timezone.now())
    waiting.filter(state__in=OPEN).update(email="")


def _invitations(someone: Someone) -> Q:
    by, to = Q(invited_by=someone.person), Q(accepted_by=someone.person) | Q(email__in=someone.emails)
    return by | to


def export_invitations(someone: Someone) -> Iterable[Mapping[str, Any]]:
    """The invitations one sent, without the addresses of others, and those one received."""
    rows = Invitation.objects.filter(_invitations(someone)).select_related("organisation").order_by("made_at", "pk")
    for row in rows:
        sent = row.invited_by == someone.person
        yield {
            _("Structure"): row.organisation.name,
            _("Ce que c’est"): _("une invitation que vous avez envoyée") if sent else _("une invitation reçue"),
            _("Adresse"): row.email if row.email in someone.emails else "",
            _("Rôle"): str(row.get_role_display()),
            _("Le"): _day(row.made_at),
            _("État"): str(row.get_state_display()),
        }


def erase_invitations(someone: Someone) -> None:
    """Close the invitations sent to one's address; forget who sent and who accepted."""
    Invitation.objects.filter(email__in=someone.emails).update(
        state=InvitationState.WITHDRAWN, email="", ended_at=timezone.now()
    )
    Invitation.objects.filter(invited_by=someone.person).update(invited_by=None)
    Invitation.objects.filter(accepted_by=someone.person).update(accepted_by=None)


declare(
    Holding(
        code="directory.membership",
        model="directory.Membership",
        columns=("person", "ended_by"),
        label=gettext_lazy("Structures que vous représentez"),
        purpose=gettext_lazy("Savoir qui parle pour une structure, et depuis quand"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=gettext_lazy("les personnes de la structure, l’équipe"),
        kept=gettext_lazy(
            "tant que votre compte existe ; ensuite les dates seules, sans vous ; le motif d’une fin, un an"
        ),
        export=export_memberships,
        erase=erase_memberships,
        warns=warn_of_memberships,
    )
)
declare(
    Holding(
        code="directory.claim",
        model="directory.Claim",
        columns=("person", "decided_by", "email"),
        label=gettext_lazy("Demandes de représenter une structure"),
        purpose=gettext_lazy("Décider si une personne parle pour une structure"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=gettext_lazy("les personnes de la structure tant que la demande attend, l’équipe"),
        kept=gettext_lazy(
            "l’adresse jusqu’à la réponse ; les mots et le motif, 90 jours après ; une demande non acceptée, un an"
        ),
        export=export_claims,
        erase=erase_claims,
    )
)
declare(
    Holding(
        code="directory.invitation",
        model="directory.Invitation",
        columns=("email", "invited_by", "accepted_by"),
        label=gettext_lazy("Invitations à représenter une structure"),
        purpose=gettext_lazy("Inviter quelqu’un à parler pour une structure"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=gettext_lazy("les personnes de la structure, l’équipe"),
        kept=gettext_lazy("l’adresse jusqu’à la réponse, quatorze jours au plus ; l’invitation, un an après"),
        export=export_invitations,
        erase=erase_invitations,
    )
)

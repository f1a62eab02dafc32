"""The letters about representing a structure: what proves an address, what waits, what was decided, who is invited."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _

from toile.directory.models import Claim, Invitation, Membership
from toile.directory.models.claims import InvitationState
from toile.directory.models.memberships import MemberRole
from toile.directory.rules.claiming import ClaimState
from toile.directory.services.claims import PROVE
from toile.directory.services.invitations import INVITE
from toile.kernel import links
from toile.kernel.jobs import RunningJob
from toile.thread.delivery import address_of, send
from toile.thread.digest import full_address

MOST_TOLD = 10


def send_link(claim: Claim) -> None:
    """The link that proves the address of a claim; nothing once the claim has moved on."""
    if claim.state != ClaimState.WAITING_PROOF:
        return
    words = _about(claim, reverse("directory:claim_prove", args=[links.sign(PROVE, str(claim.pk))]))
    body = _(
        "Une personne demande à représenter « %(structure)s » sur %(site)s et donne cette adresse.\n\n"
        "Si c’est vous, ouvrez ce lien, avec le compte qui a fait la demande, avant trois jours :\n%(url)s\n\n"
        "Si ce n’est pas vous, ne faites rien : la demande s’effacera d’elle-même.\n"
    )
    send(_letter(_("Confirmer votre adresse pour %(structure)s"), body, words, claim.email))


def tell_leads(running: RunningJob, claim: Claim) -> None:
    """Write to those who lead the structure that somebody asks to join it, once each, ten at most."""
    if claim.state != ClaimState.WAITING_DECISION:
        return
    canonical = claim.organisation.canonical_id
    roles = Membership.objects.in_force().of_structure(canonical).roles()
    leads = [person for person, role in roles.items() if role == MemberRole.LEAD][:MOST_TOLD]
    words = _about(claim, reverse("directory:claim", args=[claim.pk]))
    body = _(
        "Quelqu’un demande à représenter « %(structure)s », dont vous êtes responsable.\n\n"
        "Lisez sa demande, puis acceptez-la ou refusez-la :\n%(url)s\n\n"
        "Tant que personne n’a répondu, rien ne change pour votre structure.\n"
    )
    already = running.cursor or 0
    for number, person in enumerate(leads[already:], start=already + 1):
        _write_to(person, _("Une demande pour %(structure)s"), body, words)
        running.save_cursor(number)


def send_decision(claim: Claim) -> None:
    """What was decided of a claim, to its person; by whom is not told, why is."""
    words = _about(claim, claim.organisation.get_absolute_url()) | {"reason": claim.reason or "—"}
    if claim.state == ClaimState.ACCEPTED:
        subject, body = (
            _("Vous représentez %(structure)s"),
            _("Votre demande est acceptée : vous représentez « %(structure)s ».\n\n%(reason)s\n\nSa fiche : %(url)s\n"),
        )
    else:
        subject, body = (
            _("Votre demande pour %(structure)s"),
            _(
                "Votre demande de représenter « %(structure)s » n’est pas acceptée. Voici pourquoi :\n\n%(reason)s\n\n"
                "Vous pouvez demander de nouveau, avec ce qui manquait, depuis la fiche : %(url)s\n"
            ),
        )
    _write_to(claim.person, subject, body, words)


def send_invitation(invitation: Invitation) -> None:
    """The letter of an invitation, with the link that answers it; nothing once it has its answer."""
    if invitation.state != InvitationState.SENT:
        return
    token = links.sign(INVITE, str(invitation.pk))
    words = _about(invitation, reverse("directory:invitation", args=[token]))
    host = address_of(invitation.invited_by) if invitation.invited_by else None
    words["who"] = host.name if host and host.name else _("Une personne de la structure ou de l’équipe")
    words["role"] = invitation.get_role_display()
    body = _(
        "%(who)s vous invite à représenter « %(structure)s » sur %(site)s (rôle : %(role)s).\n\n"
        "Pour répondre, ouvrez ce lien avant quatorze jours :\n%(url)s\n\n"
        "Il vaut pour qui le tient : ne le transmettez pas. Sans réponse, l’invitation s’efface.\n"
    )
    send(_letter(_("Invitation à représenter %(structure)s"), body, words, invitation.email))


def send_dismissal(membership: Membership) -> None:
    """Why somebody no longer represents a structure, to them; nothing once the words were emptied."""
    if membership.person is None or not membership.because:
        return
    words = _about(membership, membership.organisation.get_absolute_url()) | {"reason": membership.because}
    body = _(
        "Vous ne représentez plus « %(structure)s » sur %(site)s. Voici pourquoi :\n\n%(reason)s\n\n"
        "Si vous le contestez, répondez à l’équipe du site, ou demandez de nouveau depuis la fiche : %(url)s\n"
    )
    _write_to(membership.person, _("Vous ne représentez plus %(structure)s"), body, words)


def _about(row: Claim | Invitation | Membership, path: str) -> dict[str, object]:
    structure = row.organisation.canonical.name
    return {"structure": structure, "site": settings.TOILE_SITE_NAME, "url": full_address(path)}


def _write_to(person: UUID, subject: str, body: str, words: Mapping[str, object]) -> None:
    address = address_of(person)
    if address is not None:
        send(_letter(subject, body, words, address.email))


def _letter(subject: str, body: str, words: Mapping[str, object], to: str) -> EmailMessage:
    title = " ".join((subject % words).split())
    return EmailMessage(
        f"[{settings.TOILE_SITE_NAME}] {title}"[:200],
        body % words,
        to=[to],
        headers={"Auto-Submitted": "auto-generated"},
    )

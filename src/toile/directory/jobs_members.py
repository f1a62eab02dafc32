"""The long work about who represents a structure: its letters, and what is forgotten in time."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toile.directory.models import Claim, Invitation, Membership
from toile.directory.services import claims, invitations, member_letters
from toile.directory.services.members import DISMISSED
from toile.kernel.jobs import At, RunningJob, job, timed

ABOUT = "organisation__canonical"


@job(claims.LINK, label=_("Lien qui confirme une adresse"), retries=6)
def send_link(running: RunningJob, *, claim: str) -> None:
    """Mail the link that proves the address of a claim."""
    for found in Claim.objects.select_related(ABOUT).filter(pk=claim):
        member_letters.send_link(found)


@job(claims.TELL, label=_("Demande de représentation : prévenir la structure"), retries=6)
def tell_leads(running: RunningJob, *, claim: str) -> None:
    """Tell those who lead the structure that somebody asks to represent it."""
    for found in Claim.objects.select_related(ABOUT).filter(pk=claim):
        member_letters.tell_leads(running, found)


@job(claims.ANSWER, label=_("Demande de représentation : la réponse"), retries=6)
def send_decision(running: RunningJob, *, claim: str) -> None:
    """Mail what was decided to who asked."""
    for found in Claim.objects.select_related(ABOUT).filter(pk=claim):
        member_letters.send_decision(found)


@job(invitations.LETTER, label=_("Invitation à représenter une structure"), retries=6)
def send_invitation(running: RunningJob, *, invitation: str) -> None:
    """Mail an invitation."""
    for found in Invitation.objects.select_related(ABOUT).filter(pk=invitation):
        member_letters.send_invitation(found)


@job(DISMISSED, label=_("Fin de représentation : prévenir la personne"), retries=6)
def send_dismissal(running: RunningJob, *, membership: int) -> None:
    """Mail why somebody no longer represents a structure."""
    for found in Membership.objects.select_related(ABOUT).filter(pk=membership):
        member_letters.send_dismissal(found)


@job("directory.claim.forget", label=_("Ménage : demandes et invitations passées"))
def forget(running: RunningJob) -> None:
    """Close what was not answered in time, and forget what has no more use."""
    now = timezone.now()
    claims.forget_claims(running.actor, now=now)
    invitations.forget_invitations(running.actor, now=now)


timed("directory.claim.forget", At("03:57"))

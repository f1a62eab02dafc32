"""Asking to represent a structure: by an address at its domain, or by a decision with its reason."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.directory.facts import PAGE_CLAIMED
from toile.directory.facts_members import CLAIM_ACCEPTED, CLAIM_RECEIVED, CLAIM_REFUSED, Claimed
from toile.directory.models import Claim, Membership, Organisation
from toile.directory.models.claims import Way
from toile.directory.models.memberships import MemberRole
from toile.directory.models.organisations import Openness
from toile.directory.permissions import CLAIM, CLAIM_DECIDE, CLAIM_WITHDRAW
from toile.directory.rules.claiming import (
    ClaimState,
    Standing,
    asked,
    comes_as_lead,
    owes_a_reason,
    proved,
    standing,
)
from toile.directory.services.members import People, begin, give_role, is_of_the_team, people_held
from toile.kernel import links
from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, Forbidden, Gone, NotVisible, UserError
from toile.kernel.jobs import enqueue
from toile.kernel.permissions import require
from toile.kernel.readers import Reader
from toile.kernel.throttle import Pace, may
from toile.thread.kinds import Visibility
from toile.thread.services import record

PROVE: Final = "directory.claim.prove"
LINK, TELL, ANSWER = "directory.claim.link", "directory.claim.tell", "directory.claim.answer"
PROOF_LASTS: Final = timedelta(days=3)
WORDS_KEPT, UNACCEPTED_KEPT = timedelta(days=90), timedelta(days=365)
PACES: Final = (Pace(5, 600), Pace(15, 24 * 3600))
SAYS_NOTHING: Final = {
    Standing.NO_SITE: gettext_lazy(
        "La fiche ne donne pas de site : une adresse ne prouve rien ici. Demandez plutôt une décision."
    ),
    Standing.SHARED_SITE: gettext_lazy(
        "Le site de la structure est hébergé avec beaucoup d’autres : une adresse ne prouve rien ici. "
        "Demandez plutôt une décision."
    ),
    Standing.PUBLIC_MAIL: gettext_lazy(
        "Tout le monde peut ouvrir une adresse chez ce fournisseur. Donnez une adresse au nom de la structure, "
        "ou demandez une décision."
    ),
    Standing.ELSEWHERE: gettext_lazy(
        "Cette adresse n’est pas au nom de domaine du site de la structure. Vérifiez-la, ou demandez une décision."
    ),
}


class NotAProof(UserError):
    """This address proves nothing about this structure."""


class TooOften(UserError):
    """Asked too many times in a short while."""


class AlreadyThere(UserError):
    """The person already represents this structure."""


class ReasonOwed(UserError):
    """This decision is explained, or it is not made."""


def ask(
    actor: Actor, reader: Reader, organisation: Organisation, *, role: MemberRole, way: Way, email: str, words: str
) -> Claim:
    """Ask to represent a structure; another claim of the same person on it that was still open is withdrawn.

    email: the address at the structure's domain, where a link goes; empty for a decision. Sent twice, it is one claim,
    and the link goes again. Raises `AlreadyThere`, `NotAProof`, `TooOften`.
    """
    require(reader, CLAIM.code)
    assert reader.person is not None
    shown = Organisation.objects.get(pk=organisation.canonical_id)
    if Membership.objects.in_force().of_structure(shown.pk).filter(person=reader.person).exists():
        raise AlreadyThere(_("Vous représentez déjà cette structure."))
    address = email.strip().lower() if way == Way.DOMAIN else ""
    if way == Way.DOMAIN and (says := standing(address, shown.website)) is not Standing.PROVES:
        raise NotAProof(str(SAYS_NOTHING[says]))
    if not all(may(LINK, who, PACES) for who in filter(None, (str(reader.person), address))):
        raise TooOften(_("Plusieurs demandes viennent de partir : attendez une heure, puis recommencez."))
    said: dict[str, Any] = {"role": role, "way": way, "email": address, "words": words.strip()}
    with act(actor):
        mine = Claim.objects.of_structure(shown.pk).still_open().filter(person=reader.person)
        same = mine.filter(organisation=shown, **said).first()
        if same is None:
            _end(mine, ClaimState.WITHDRAWN)
            state = asked(by_domain=way == Way.DOMAIN)
            same = Claim.objects.create(person=reader.person, organisation=shown, state=state, **said)
            if state == ClaimState.WAITING_DECISION:
                _tell(actor, same)
        elif same.state == ClaimState.WAITING_PROOF:
            Claim.objects.filter(pk=same.pk).update(made_at=timezone.now())
        if same.state == ClaimState.WAITING_PROOF:
            enqueue(actor, LINK, key=str(same.pk), claim=str(same.pk))
    return same


def claim_of(reader: Reader, token: str) -> Claim:
    """The claim that a link proves, for the person who made it. 1 statement.

    Raises `NotVisible` (forged, or somebody else's), `Gone` (too old, already used, withdrawn).
    """
    key = links.read(PROVE, token, lasts=PROOF_LASTS)
    claim = Claim.objects.select_related("organisation").filter(pk=key).first()
    if claim is None or claim.person != reader.person:
        raise NotVisible(_("Ce lien s’ouvre avec le compte qui a fait la demande. Connectez-vous avec celui-là."))
    if claim.state != ClaimState.WAITING_PROOF:
        raise Gone(
            _("Ce lien a déjà servi, ou votre demande a changé depuis. Vos demandes sont dans « Mes structures ».")
        )
    return claim


def prove(actor: Actor, reader: Reader, token: str) -> Claim:
    """Confirm the address of a claim: in where nobody leads the structure, else those who lead decide.

    Raises what `claim_of` does. A site that changed since the claim was made proves nothing any more: somebody decides.
    """
    require(reader, CLAIM.code)
    claim = claim_of(reader, token)
    with act(actor):
        people = people_held(claim.organisation.canonical_id)
        shown = Organisation.objects.get(pk=claim.organisation.canonical_id)
        still = standing(claim.email, shown.website) is Standing.PROVES
        to = proved(has_lead=_is_led(people) or not still)
        done = {"decided_at": timezone.now(), "email": ""} if to == ClaimState.ACCEPTED else {}
        waiting = Claim.objects.filter(pk=claim.pk, state=ClaimState.WAITING_PROOF)
        if not waiting.update(state=to, proved_at=timezone.now() if still else None, **done):
            raise Gone(_("Ce lien a déjà servi."))
        if to == ClaimState.ACCEPTED:
            _let_in(claim, people)
        else:
            _tell(actor, claim)
    claim.refresh_from_db()
    return claim


def may_settle(reader: Reader, claim: Claim, *, leads: bool) -> bool:
    """Whether this reader, who leads the structure or not, may answer a claim: nobody answers their own."""
    return claim.person != reader.person and (leads or is_of_the_team(reader))


def settle_claim(actor: Actor, reader: Reader, claim: Claim, *, accepts: bool, reason: str) -> None:
    """Accept or refuse a claim, for who leads the structure or for the team; its person is written to.

    Raises `Forbidden` (nobody answers their own claim), `ReasonOwed`, `Conflict` when somebody answered meanwhile.
    """
    require(reader, CLAIM_DECIDE.code, owners=claim.owners())
    with act(actor):
        people = people_held(claim.organisation.canonical_id)
        leads = reader.person is not None and people.get(reader.person) == MemberRole.LEAD
        if not may_settle(reader, claim, leads=leads):
            raise Forbidden(
                _("Les responsables de la structure répondent, ou l’équipe ; personne à sa propre demande.")
            )
        if owes_a_reason(accepts=accepts, is_proved=claim.proved_at is not None, leads=leads) and not reason.strip():
            raise ReasonOwed(
                _("Dites pourquoi vous acceptez sans preuve.") if accepts else _("Dites pourquoi vous refusez.")
            )
        waiting = Claim.objects.filter(pk=claim.pk, state=ClaimState.WAITING_DECISION)
        to = ClaimState.ACCEPTED if accepts else ClaimState.REFUSED
        if not _end(waiting, to, decided_by=reader.person, reason=reason.strip()):
            raise Conflict(_("Une autre personne vient de répondre à cette demande : voici ce qu’elle a décidé."))
        if accepts:
            _let_in(claim, people)
        else:
            record(CLAIM_REFUSED, about=[claim.organisation_id, claim.person], data=Claimed(str(claim.pk)))
        enqueue(actor, ANSWER, key=str(claim.pk), claim=str(claim.pk))


def withdraw_claim(actor: Actor, reader: Reader, claim: Claim) -> None:
    """Take one's own claim back. Raises `Forbidden`, `Conflict` when it has ended meanwhile."""
    require(reader, CLAIM_WITHDRAW.code, owners=(claim.person,))
    with act(actor):
        if not _end(Claim.objects.filter(pk=claim.pk).still_open(), ClaimState.WITHDRAWN):
            raise Conflict(_("Cette demande n’attend plus rien : elle est déjà close."))


def forget_claims(actor: Actor, *, now: datetime) -> tuple[int, int, int]:
    """Close the claims whose address was not confirmed in time, empty the words of the old, delete the unaccepted.

    Returns how many of each.
    """
    with act(actor):
        late = Claim.objects.filter(state=ClaimState.WAITING_PROOF, made_at__lt=now - PROOF_LASTS)
        expired = _end(late, ClaimState.EXPIRED)
        old = Claim.objects.filter(decided_at__lt=now - WORDS_KEPT).exclude(words="", reason="")
        emptied = old.update(words="", reason="")
        refused = Claim.objects.filter(decided_at__lt=now - UNACCEPTED_KEPT).exclude(state=ClaimState.ACCEPTED)
        deleted, _by_table = refused.delete()
        Membership.objects.filter(until__lt=now - UNACCEPTED_KEPT).exclude(because="").update(because="")
    return expired, emptied, deleted


def opens(organisation: UUID, people: People) -> None:
    """Tell that a structure keeps its own page from now on, inside an act, when nobody represented it."""
    if people:
        return
    private = Organisation.objects.filter(pk=organisation).exclude(openness=Openness.PUBLIC).exists()
    record(PAGE_CLAIMED, about=[organisation], visibility=Visibility.MEMBERS if private else None)


def welcome(canonical: UUID, people: People, person: UUID, *, asks_to_lead: bool) -> None:
    """Have a person represent a structure, inside an act, as its lead when they ask for it or nobody else is.

    Their other claims on it have nothing left to ask.
    """
    lead = comes_as_lead(asks_to_lead=asks_to_lead, has_lead=_is_led(people))
    role = MemberRole.LEAD if lead else MemberRole.CONTRIBUTOR
    if person not in people:
        begin(person, canonical, role)
    elif lead:
        give_role(canonical, people, person, role)
    _end(Claim.objects.of_structure(canonical).still_open().filter(person=person), ClaimState.WITHDRAWN)
    opens(canonical, people)


def _let_in(claim: Claim, people: People) -> None:
    record(CLAIM_ACCEPTED, about=[claim.organisation_id], data=Claimed(str(claim.pk)))
    canonical = claim.organisation.canonical_id
    welcome(canonical, people, claim.person, asks_to_lead=claim.role == MemberRole.LEAD)


def _is_led(people: People) -> bool:
    return MemberRole.LEAD in people.values()


def _tell(actor: Actor, claim: Claim) -> None:
    """Say to the structure's people that somebody asks to join them."""
    record(CLAIM_RECEIVED, about=[claim.organisation_id], data=Claimed(str(claim.pk)))
    enqueue(actor, TELL, key=str(claim.pk), claim=str(claim.pk))


def _end(claims: Any, state: ClaimState, **how: Any) -> int:
    """End these open claims; how many."""
    still = Q(state__in=[ClaimState.WAITING_PROOF, ClaimState.WAITING_DECISION])
    return int(claims.filter(still).update(state=state, decided_at=timezone.now(), email="", **how))

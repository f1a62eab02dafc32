"""What a structure answers from the link of a letter, without an account; and what the team then does of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from toile.directory.facts import ORGANISATION_CLOSED, ORGANISATION_CORRECTED
from toile.directory.facts_campaigns import CLOSURE_REPORTED, PAGE_CHECKED, PAGE_CONFIRMED
from toile.directory.models import Confirmation, Organisation
from toile.directory.models.campaigns import CampaignState, ConfirmationState, Outcome, Pending
from toile.directory.models.organisations import Openness
from toile.directory.permissions import CAMPAIGN
from toile.directory.queries.shown import shown_of
from toile.directory.rules.freshness import Answer, pending_after
from toile.directory.services.campaign_letters import PURPOSE
from toile.directory.services.corrections import said_by_people, say, write_said
from toile.kernel import links
from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, Gone, NotVisible
from toile.kernel.permissions import require
from toile.kernel.readers import Reader
from toile.thread.kinds import Kind, Visibility
from toile.thread.services import record

WAY: Final = Actor.system("lien: campagne")
LONGEST: Final = timedelta(days=400)
"""No link is older than that; within it, the campaign's last day decides."""
STATES: Final[Mapping[Answer, ConfirmationState]] = {
    Answer.RIGHT: ConfirmationState.CONFIRMED,
    Answer.CORRECTED: ConfirmationState.CORRECTED,
    Answer.CLOSED: ConfirmationState.CLOSED,
    Answer.REFUSED: ConfirmationState.REFUSED,
}
TOLD: Final[Mapping[Answer, Kind]] = {Answer.RIGHT: PAGE_CONFIRMED, Answer.CLOSED: CLOSURE_REPORTED}
"""The answers that the thread tells as such; a correction is told by its fields, a refusal of letters by nobody."""


class Over(Gone):
    """The campaign is over: its link takes no answer any more. `organisation`: the page to go to instead."""

    def __init__(self, organisation: Organisation) -> None:
        super().__init__(
            _("Ce lien ne sert plus : la campagne est finie. Pour changer la fiche, signalez une erreur sur sa page.")
        )
        self.organisation = organisation


def confirmation_of(token: str) -> Confirmation:
    """What the link of a letter is about, its structure's page loaded. 1 statement.

    Raises `NotVisible` for what is no link of ours, `Gone` for a very old one, `Over` once the campaign ended.
    """
    key = links.read(PURPOSE, token, lasts=LONGEST)
    rows = Confirmation.objects.select_related("campaign", "organisation__canonical__main__commune")
    found = rows.filter(pk=key).first()
    if found is None:
        raise NotVisible(_("Ce lien n’est pas complet, ou n’est pas de nous. Copiez-le en entier depuis le courriel."))
    _must_be_open(found)
    return found


def _must_be_open(found: Confirmation) -> None:
    campaign = found.campaign
    is_over = campaign.last_day is None or campaign.last_day < timezone.localdate()
    if is_over or campaign.state != CampaignState.RUNNING:
        raise Over(found.organisation.canonical)


def answer(confirmation: Confirmation, given: Answer) -> None:
    """Note what a structure answers from its link; the same again changes nothing, another replaces it until the end.

    Raises `Over`, `Conflict` once the team confirmed that the structure closed.
    """
    with act(WAY):
        now = _locked(confirmation)
        if now.state == STATES[given]:
            return
        structure = now.organisation.canonical
        _note(now, given)
        if given in TOLD:
            narrowed = None if structure.openness == Openness.PUBLIC else Visibility.MEMBERS
            record(TOLD[given], about=[structure.pk], visibility=narrowed)


def correct_by_link(confirmation: Confirmation, values: Mapping[str, Any], *, version: int) -> None:
    """Write what a structure corrects from its link, as its own word; without any change, it says that it is right.

    The letter went to the address where the structure receives its messages, given by its people or by the team, or
    proved by a member: who answers from there speaks for it, as who has its keys does. A link may be forwarded, so the
    team is shown each correction of this kind, with what was there before, and takes it back in one gesture.
    Raises `Conflict` when somebody saved the page since `version`.
    """
    if not values:
        answer(confirmation, Answer.RIGHT)
        return
    with act(WAY):
        now = _locked(confirmation)
        structure = Organisation.objects.select_related("main").get(pk=now.organisation.canonical_id)
        own = said_by_people(structure, version=version).get("own", {})
        shown = shown_of(structure)
        say(structure, "own", values, version=version, fact=ORGANISATION_CORRECTED)
        before = now.changed if now.pending == Pending.CORRECTION else {}
        now.changed = {**before, **_changes(values, own, shown, before)}
        _note(now, Answer.CORRECTED)


def _changes(
    values: Mapping[str, Any], own: Mapping[str, Any], shown: Mapping[str, Any], before: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """Each field as the team is shown it; of the address for messages, only that it changed: it is not copied."""
    return {
        name: {}
        if name == "contact_email"
        else {
            "said": said,
            "own": before.get(name, {}).get("own", own.get(name)),
            "shown": before.get(name, {}).get("shown", shown.get(name)),
        }
        for name, said in values.items()
    }


def _locked(confirmation: Confirmation) -> Confirmation:
    """The row as it is now, no other answer being written meanwhile."""
    rows = Confirmation.objects.select_for_update(of=("self",)).select_related("campaign", "organisation__canonical")
    now = rows.get(pk=confirmation.pk)
    _must_be_open(now)
    if now.state == ConfirmationState.CLOSED and now.outcome == Outcome.KEPT:
        raise Conflict(
            _("L’équipe a déjà noté que la structure a fermé. Si c’est une erreur, signalez-le sur sa page.")
        )
    return now


def _note(now: Confirmation, given: Answer) -> None:
    pending = pending_after(given, pending=now.pending)
    now.outcome, now.treated_by, now.treated_at = Outcome.NONE, None, None
    now.state, now.answered_at, now.pending = STATES[given], timezone.now(), pending
    now.save(update_fields=["state", "answered_at", "pending", "changed", "outcome", "treated_by", "treated_at"])


# --- What the team does of it ----------------------------------------------------------------------------------------


def treat(actor: Actor, reader: Reader, confirmation: Confirmation, *, pending: Pending, keep: bool) -> None:
    """Say what becomes of a correction or of a closure; `keep`: it stands, else it is taken back or set aside.

    A closure kept ends the structure's activity on its page. Raises `Conflict` when the structure or the team answered
    meanwhile.
    """
    require(reader, CAMPAIGN.code)
    with act(actor):
        rows = Confirmation.objects.select_for_update(of=("self",)).select_related("organisation")
        now = rows.filter(pk=confirmation.pk, pending=pending).first()
        if now is None or not pending:
            raise Conflict(_("C’est déjà traité, ou la structure vient de changer sa réponse."))
        structure = Organisation.objects.get(pk=now.organisation.canonical_id)
        if pending == Pending.CLOSURE and keep:
            _cease(structure, now)
        elif pending == Pending.CORRECTION and not keep:
            _take_back(structure, now.changed)
        left = Pending.CORRECTION if pending == Pending.CLOSURE and not keep and now.changed else Pending.NOTHING
        outcome = Outcome.KEPT if keep else Outcome.UNDONE
        if pending == Pending.CORRECTION:
            now.changed = {}
        now.pending, now.outcome = left, outcome
        now.treated_by, now.treated_at = actor.person, timezone.now()
        now.save(update_fields=["pending", "outcome", "treated_by", "treated_at", "changed"])


def _cease(structure: Organisation, now: Confirmation) -> None:
    own = said_by_people(structure, version=structure.version).get("own", {})
    on = timezone.localdate(now.answered_at)
    payload = {**own, "stage": "ceased", "ceased_on": on.isoformat(), "said_on": on.isoformat()}
    write_said(structure, {"own": payload}, source="own", fact=None)
    narrowed = None if structure.openness == Openness.PUBLIC else Visibility.MEMBERS
    record(ORGANISATION_CLOSED, about=[structure.pk], visibility=narrowed)


def _take_back(structure: Organisation, changed: Mapping[str, Mapping[str, Any]]) -> None:
    """Say again what the structure said before, of the fields that nobody wrote since."""
    own = said_by_people(structure, version=structure.version).get("own", {})
    values = {
        name: one.get("own")
        for name, one in changed.items()
        if name == "contact_email" or (own.get(name) or None) == (one["said"] or None)
    }
    say(structure, "own", values, version=structure.version, fact=ORGANISATION_CORRECTED)


def vouch(actor: Actor, reader: Reader, organisation: Organisation) -> None:
    """Say, as a person of the team who checked, that an entry is right today; nothing of it changes."""
    require(reader, CAMPAIGN.code)
    with act(actor):
        structure = Organisation.objects.get(pk=organisation.canonical_id)
        said = said_by_people(structure, version=structure.version).get("moderator", {})
        payload = {**said, "said_on": timezone.localdate().isoformat()}
        write_said(structure, {"moderator": payload}, source="moderator", fact=None)
        record(PAGE_CHECKED, about=[structure.pk])

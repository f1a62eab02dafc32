"""A second reception noticed, and joined to the first when its holder agrees; nothing is shown of one to the other."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel import links
from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, Gone, NotVisible, UserError
from toile.kernel.jobs import enqueue
from toile.kernel.readers import Reader
from toile.pathway.facts.cases import CaseFact
from toile.pathway.facts.reception import CASES_JOINED
from toile.pathway.models import Answer, Case, CaseState, Holder, Note, Twin
from toile.pathway.queries.procedures import procedure_in
from toile.pathway.queries.summaries import told_answer
from toile.pathway.rules.answers import merge
from toile.pathway.rules.twins import Trace, alike, phone_key
from toile.pathway.rules.upgrading import carry
from toile.pathway.services.cases import about, require_here, touch
from toile.thread.services import record

ASK: Final = "pathway.twin.ask"
ANSWER: Final = "pathway.twin.answer"
LASTS: Final = timedelta(days=30)
MOST: Final = 5
"""Cases that one case may be the double of."""
MOST_READ: Final = 500
State = Twin.State


def notice_twins(case: Case) -> list[Twin]:
    """Inside an act: note the cases that may be the same project; an older one that is being followed comes first.

    Those already noted stay as they are. 4 statements.
    """
    mine = trace_of(case, list(Holder.objects.filter(case=case)))
    others = list(_candidates(case, mine))
    held: dict[UUID, list[Holder]] = {}
    for holder in Holder.objects.filter(case__in=others):
        held.setdefault(holder.case_id, []).append(holder)
    found: list[Twin] = []
    for other in others:
        reasons = alike(mine, trace_of(other, held.get(other.pk, [])))
        if reasons and len(found) < MOST:
            older, younger = sorted((other, case), key=lambda one: (one.begun_at, one.pk))
            twin, _new = Twin.objects.get_or_create(older=older, younger=younger, defaults={"reasons": list(reasons)})
            found.append(twin)
    return found


def trace_of(case: Case, holders: list[Holder]) -> Trace:
    """What a case may be recognised by."""
    emails, phones = [one.email for one in holders], [one.phone for one in holders]
    return Trace(case.title, case.commune_id or "", emails, phones)


def _candidates(case: Case, mine: Trace) -> list[Case]:
    wanted = Q()
    for email in {one.strip() for one in mine.emails} - {""}:
        wanted |= Q(holders__email__iexact=email)
    for phone in {phone_key(one) for one in mine.phones} - {""}:
        wanted |= Q(holders__phone__endswith=phone[-2:])
    if case.title and mine.commune:
        wanted |= Q(commune=mine.commune) & ~Q(title="")
    if not wanted:
        return []
    rows = Case.objects.filter(wanted, state__in=CaseState.living()).exclude(pk=case.pk)
    return list(rows.distinct().order_by("-last_contact_at", "pk")[:MOST_READ])


def ask(actor: Actor, reader: Reader, twin: Twin) -> None:
    """Write to the holder of the older case, whose content it is, to ask whether the two are one.

    Whoever follows either case may ask. Raises `UserError` when the older case has no address to write to.
    """
    _require_either(reader, twin)
    if not address_of(twin):
        raise UserError(_("Le premier dossier n’a pas d’adresse où demander : l’autre porte peut noter la réponse."))
    with act(actor):
        asked = Twin.objects.filter(pk=twin.pk, state__in=[State.NOTICED, State.ASKED])
        if not asked.update(state=State.ASKED, asked_at=timezone.now(), link=F("link") + 1):
            raise Conflict(_("La réponse est déjà venue : rechargez la page."))
        enqueue(actor, ASK, twin=str(twin.pk))


def token_of(twin: Twin) -> str:
    """The token of the link by which the holder of the older case answers."""
    return links.sign(ANSWER, f"{twin.pk}:{twin.link}")


def twin_of(token: str) -> Twin:
    """The question that a link asks. Raises `NotVisible` (forged), `Gone` (too old, replaced, answered). 1 query."""
    pk, _colon, link = links.read(ANSWER, token, lasts=LASTS).partition(":")
    found = _whole().filter(pk=UUID(pk)).first()
    if found is None or str(found.link) != link:
        raise Gone(_("Ce lien a été remplacé par un plus récent, ou le dossier n’existe plus."))
    if found.state in (State.JOINED, State.REFUSED):
        raise Gone(_("Vous avez déjà répondu. Pour changer d’avis, parlez-en à la porte qui vous reçoit."))
    return found


def answer(actor: Actor, twin: Twin, *, agrees: bool, keep: Case) -> None:
    """The holder of the older case answers: one case with both answers at the door that they keep, or two as before.

    keep: the case whose door goes on. Raises `Conflict` when it was answered meanwhile.
    """
    with act(actor):
        still = Twin.objects.filter(pk=twin.pk, state__in=[State.NOTICED, State.ASKED])
        state = State.JOINED if agrees else State.REFUSED
        if not still.update(state=state, answered_at=timezone.now(), link=F("link") + 1):
            raise Conflict(_("La réponse est déjà venue : rechargez la page."))
        if agrees:
            _join(twin, keep)


def note_answer(actor: Actor, reader: Reader, twin: Twin, *, agrees: bool) -> None:
    """Who follows the older case notes what its holder told them."""
    require_here(reader, twin.older)
    answer(actor, twin, agrees=agrees, keep=twin.older)


def _join(twin: Twin, keep: Case) -> None:
    """Inside an act: the older case goes on with both answers; the younger is closed, and says why."""
    locked = {one.pk: one for one in Case.objects.select_for_update(of=("self",)).filter(
        pk__in=[twin.older_id, twin.younger_id]).select_related("door", "procedure")}  # fmt: skip
    older, younger = locked[twin.older_id], locked[twin.younger_id]
    if {older.state, younger.state} - set(CaseState.living()):
        raise Conflict(_("L’un des deux dossiers vient d’être terminé : rechargez la page."))
    _bring_answers(older, younger)
    _bring_holders(older, younger)
    moved = {} if keep.pk == older.pk else {"door": younger.door, "adviser": younger.adviser}
    state = {} if older.state == CaseState.OPEN or not younger.organisation_id else {
        "state": CaseState.OPEN, "organisation": younger.organisation, "received_at": younger.received_at,
        "received_by": younger.received_by, "title": older.title or younger.title,
        "concluded_at": younger.concluded_at,
    }  # fmt: skip
    Case.objects.filter(pk=older.pk).update(**moved, **state)
    Case.objects.filter(pk=younger.pk).update(
        state=CaseState.CLOSED,
        closed_at=timezone.now(),
        closed_why=_("Réuni avec un dossier plus ancien, à la demande de la personne."),
        next_step="",
        next_step_on=None,
        link=F("link") + 1,
    )
    touch(older)
    touch(younger)
    older.refresh_from_db()
    for one in (older, younger):
        record(CASES_JOINED, about=about(one), data=CaseFact(str(older.pk)))


def _bring_answers(older: Case, younger: Case) -> None:
    """What only the younger one said is added; where they differ, the older stays and a note keeps the other words."""
    new = procedure_in(older.procedure)
    rows = {row.code: row for row in Answer.objects.filter(case=younger)}
    theirs = dict(Answer.objects.filter(case=older).values_list("code", "value"))
    carried = carry({code: row.value for code, row in rows.items()}, procedure_in(younger.procedure), new)
    merged = merge({}, carried.kept, theirs)
    for code, value in merged.answers.items():
        if code not in theirs:
            Answer.objects.create(case=older, code=code, value=value, by=rows[code].by, person=rows[code].person)
    told = [told_answer(new, conflict.question, conflict.mine) for conflict in merged.conflicts]
    if told:
        words = _("Réponses de l’autre accueil, réuni à celui-ci :") + "\n" + "\n".join(told)
        Note.objects.create(case=older, kind=Note.Kind.VIEW, words=words[:4000])
    Note.objects.filter(case=younger).update(case=older)


def _bring_holders(older: Case, younger: Case) -> None:
    known = {one.email.lower() for one in Holder.objects.filter(case=older) if one.email}
    people = set(Holder.objects.filter(case=older, person__isnull=False).values_list("person", flat=True))
    for holder in Holder.objects.filter(case=younger):
        is_new = (holder.email and holder.email.lower() not in known) or (holder.person and holder.person not in people)
        if is_new:
            Holder.objects.filter(pk=holder.pk).update(case=older, is_main=False)


def address_of(twin: Twin) -> str:
    """Where the holder of the older case is written to; empty when they left no address. 1 query."""
    rows = Holder.objects.filter(case=twin.older_id).exclude(email="").order_by("-is_main", "added_at")
    return rows.values_list("email", flat=True).first() or ""


def twin_for(reader: Reader, pk: UUID) -> Twin:
    """A question between two cases, for who follows either. Raises `NotVisible`. 2 queries."""
    found = _whole().filter(pk=pk).first()
    if found is None or not Case.objects.visible_to(reader).filter(pk__in=[found.older_id, found.younger_id]).exists():
        raise NotVisible(_("Cette question n’existe pas, ou n’est pas ouverte à vous."))
    return found


def _whole() -> QuerySet[Twin]:
    return Twin.objects.select_related("older__door", "younger__door", "older__procedure", "younger__procedure")


def _require_either(reader: Reader, twin: Twin) -> None:
    here = [one for one in (twin.younger, twin.older) if one.door and one.door.organisation_id in reader.organisations]
    require_here(reader, here[0] if here else twin.younger)

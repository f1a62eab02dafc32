"""A reception: begun alone or at a door, sent to one, opened with the project's identity, concluded by a person."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from typing import Final

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.directory import contexts
from toile.directory.models import Organisation
from toile.directory.models.organisations import Invention, Openness, Stage
from toile.directory.services.records import add_records
from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, UserError
from toile.kernel.jobs import enqueue
from toile.kernel.readers import Reader
from toile.pathway.facts.cases import CASE_OPENED, CaseFact
from toile.pathway.facts.reception import CASE_SENT, RECEPTION_CONCLUDED
from toile.pathway.models import Case, CaseState, Door, Holder, Note, Passage
from toile.pathway.queries.orientation import answers_of
from toile.pathway.queries.procedures import procedure_in
from toile.pathway.rules.matrix import matrix
from toile.pathway.services.answers import said_of
from toile.pathway.services.cases import about, require_here, touch
from toile.pathway.services.doors import require_at
from toile.pathway.services.procedures import current
from toile.pathway.services.twins import notice_twins
from toile.thread.services import record

LINK_LETTER: Final = "pathway.case.link"
DOOR_LETTER: Final = "pathway.case.door"
LONGEST_TITLE: Final = 160


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach who carries a project: an e-mail or a telephone at least, to be called back."""

    name: str = ""
    email: str = ""
    phone: str = ""

    def is_enough(self) -> bool:
        """Whether somebody can be reached."""
        return bool(self.email.strip() or self.phone.strip())


def begin(actor: Actor) -> Case:
    """A holder begins alone: nothing is asked of them, not even a name. Deleted 30 days after they last came.

    Signed in, they find it from their account too.
    """
    with act(actor):
        case = Case.objects.create(procedure=current())
        if actor.person is not None:
            Holder.objects.create(case=case, person=actor.person)
    return case


def keep_address(actor: Actor, case: Case, email: str) -> None:
    """Send the holder's link to an address, kept as theirs while the case has none."""
    with act(actor):
        locked = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        if not Holder.objects.filter(case=locked).exclude(email="").exists():
            _hold(locked, Contact(email=email))
        touch(case)
        enqueue(actor, LINK_LETTER, case=str(case.pk), email=email.strip())


def send_to_door(actor: Actor, case: Case, door: Door, contact: Contact, title: str) -> None:
    """The holder asks a door to receive them, and agrees that it reads the answers.

    Raises `UserError` (no way to reach them, the door receives no more), `Conflict` (already sent).
    """
    if not contact.is_enough():
        raise UserError(_("Laissez un courriel ou un téléphone : sans cela, la porte ne peut pas vous rappeler."))
    if not door.is_active:
        raise UserError(_("Cette porte ne reçoit plus : choisissez-en une autre."))
    now = timezone.now()
    with act(actor):
        begun = Case.objects.filter(pk=case.pk, state=CaseState.BEGUN)
        if not begun.update(state=CaseState.SENT, sent_at=now, door=door, title=title.strip()[:LONGEST_TITLE]):
            raise Conflict(_("Votre demande est déjà partie : la porte vous rappelle."))
        _hold(case, contact)
        touch(case)
        case.refresh_from_db()
        notice_twins(case)
        record(CASE_SENT, about=about(case), data=CaseFact(str(case.pk)))
        enqueue(actor, DOOR_LETTER, key=str(case.pk), case=str(case.pk))
        if contact.email.strip():
            enqueue(actor, LINK_LETTER, case=str(case.pk), email=contact.email.strip())


def receive(actor: Actor, reader: Reader, door: Door, contact: Contact, title: str) -> Case:
    """Somebody stands at the door: their case is opened at once, with its identity. `title`: even a working one."""
    require_at(reader, door)
    _titled(title)
    with act(actor):
        case = Case.objects.create(
            procedure=current(), door=door, title=title.strip()[:LONGEST_TITLE], state=CaseState.SENT
        )
        _hold(case, contact)
        _open(reader, case)
        notice_twins(case)
    return case


def take_in(actor: Actor, reader: Reader, case: Case, title: str = "") -> None:
    """Receive somebody who wrote to the door: the case opens. Raises `Conflict` when somebody else just did."""
    require_here(reader, case)
    title = title.strip() or case.title
    _titled(title)
    with act(actor):
        locked = Case.objects.select_for_update(of=("self",)).select_related("door", "procedure").get(pk=case.pk)
        if locked.state != CaseState.SENT:
            raise Conflict(_("Cette personne vient d’être reçue : rechargez la page."))
        locked.title = title[:LONGEST_TITLE]
        _open(reader, locked)
    case.refresh_from_db()


def conclude(actor: Actor, reader: Reader, case: Case, stage: str, reason: str) -> None:
    """End the first reception: a person says the stage, and why when it is not what the answers say (domain H4).

    stage: its code; empty to keep the one that the answers say at this moment.

    Raises `UserError` when the stage is unknown, or another one is chosen without a reason.
    """
    require_here(reader, case)
    if stage and stage not in matrix().titles:
        raise UserError(_("Choisissez une étape dans la liste."))
    with act(actor):
        locked = Case.objects.select_for_update(of=("self",)).select_related("procedure").get(pk=case.pk)
        if locked.state != CaseState.OPEN:
            raise Conflict(_("Ce dossier n’est pas en cours d’accueil : rechargez la page."))
        if Passage.objects.filter(case=locked).exists():
            raise Conflict(_("Une étape a déjà été franchie : la suite se décide sur la page du parcours."))
        locked.concluded_at = None  # what the answers alone say
        said = said_of(locked, procedure_in(locked.procedure), answers_of(locked))
        decided = stage or said["stage"]
        if said["stage"] != decided and not reason.strip():
            raise UserError(_("Vous retenez une autre étape que celle des réponses : dites pourquoi en une phrase."))
        if reason.strip():
            words = _("Étape retenue : %(stage)s. %(reason)s") % {
                "stage": matrix().titles[decided],
                "reason": reason.strip(),
            }
            Note.objects.create(case=case, kind=Note.Kind.VIEW, words=words[:4000], written_by=reader.person)
        Case.objects.filter(pk=case.pk).update(**said | {"stage": decided}, concluded_at=timezone.now())
        touch(case)
        record(RECEPTION_CONCLUDED, about=about(case), data=CaseFact(str(case.pk)))


def _titled(title: str) -> None:
    if not title.strip():
        raise UserError(_("Donnez un nom au projet, même provisoire : c’est sous ce nom qu’on le retrouve."))


def _hold(case: Case, contact: Contact) -> None:
    """Who carries it: the address left to keep the link becomes theirs, completed."""
    said = {name: value.strip() for name, value in asdict(contact).items()}
    main = Holder.objects.filter(case=case, is_main=True).first()
    if main is None:
        if any(said.values()):
            Holder.objects.create(case=case, **said)
        return
    for name, value in said.items():
        setattr(main, name, value or getattr(main, name))
    main.save(update_fields=list(said))


def _open(reader: Reader, case: Case) -> None:
    """Inside an act: the project gets its identity, private to its people, and the case a person who follows it.

    A structure that asked for a path of its own already has one.
    """
    case.organisation = case.organisation or project_called(case.title, simulated=case.simulated)
    now = timezone.now()
    Case.objects.filter(pk=case.pk).update(
        state=CaseState.OPEN,
        organisation=case.organisation,
        title=case.title,
        adviser=reader.person,
        received_at=now,
        received_by=reader.person,
        revision=F("revision") + 1,
    )
    touch(case)
    case.refresh_from_db()
    record(CASE_OPENED, about=about(case), data=CaseFact(str(case.pk)))


def project_called(name: str, *, simulated: bool) -> Organisation:
    """Inside an act: a project in the directory, known to its people only until they open it (design, section 3)."""
    pk = uuid.uuid4()
    payload = {"name": name, "stage": Stage.PROJECT.value, "said_on": timezone.localdate().isoformat()}
    invention = Invention.FICTIONAL if simulated else Invention.NONE
    defaults = {pk: {"openness": Openness.MEMBERS, "invention": invention}}
    add_records(contexts.current(), [(pk, "own", str(pk), payload)], defaults=defaults)
    return Organisation.objects.get(pk=pk)

"""What the path holds about people in a case: who carries it, who follows it, who wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.kernel.personal import Basis, Holding, Someone, declare
from toile.pathway.models import Answer, Case, CaseState, Door, Holder, Note, Sharing
from toile.pathway.queries.procedures import procedure_in
from toile.pathway.services.anonymising import empty
from toile.pathway.services.copies import answer_row, case_row, holder_row, note_row, sharing_row

Rows = Iterable[Mapping[str, Any]]
KEPT = gettext_lazy("deux ans après le dernier contact, puis anonymisé ; à votre départ, le dossier reste, sans vous")
THE_DOOR = gettext_lazy("les personnes de la porte, et les partenaires que la personne a choisis")


def _theirs(someone: Someone) -> Q:
    """The rows of `Holder` that are somebody: by their account, or by an address proved to be theirs."""
    return Q(person=someone.person) | Q(lower__in=someone.emails)


def _held(someone: Someone) -> Any:
    return Holder.objects.annotate(lower=Lower("email")).filter(_theirs(someone))


def _carried(someone: Someone) -> Any:
    return Case.objects.filter(pk__in=_held(someone).values("case"))


def export_cases(someone: Someone) -> Rows:
    """The cases one carries, whole; those that one follows or received, without those who carry them."""
    carried = set(_carried(someone).values_list("pk", flat=True))
    followed = Q(adviser=someone.person) | Q(received_by=someone.person) | Q(next_step_by=someone.person)
    rows = Case.objects.filter(Q(pk__in=carried) | followed).select_related("door", "commune")
    for case in rows.order_by("begun_at", "pk").iterator(500):
        if case.pk in carried:
            yield {_("Ce que c’est"): _("un projet que vous portez")} | dict(case_row(case))
        else:
            yield {
                _("Ce que c’est"): _("un dossier que vous suivez ou avez reçu"),
                _("Porte"): case.door.name if case.door else "",
                _("État"): str(case.get_state_display()),
            }


def erase_cases(someone: Someone) -> None:
    """Leave the cases that one follows: somebody else of the door takes them up."""
    Case.objects.filter(adviser=someone.person).update(adviser=None)
    Case.objects.filter(received_by=someone.person).update(received_by=None)
    Case.objects.filter(next_step_by=someone.person).update(next_step_by=None)


def warn_of_cases(someone: Someone) -> Iterator[str]:
    """What becomes of the cases that one follows, and of those that one carries alone. 2 statements."""
    following = Case.objects.filter(adviser=someone.person, state__in=CaseState.living()).count()
    if following:
        yield _(
            "Vous suivez %(n)s dossiers en cours : passez d’abord le relais, sinon ils attendront quelqu’un d’autre."
        ) % {"n": following}
    alone = _carried(someone).exclude(pk__in=Holder.objects.exclude(pk__in=_held(someone).values("pk")).values("case"))
    if alone.exists():
        yield _("Le projet que vous portez seul ou seule est anonymisé : votre porte ne pourra plus vous joindre.")


def export_holders(someone: Someone) -> Rows:
    """How one may be reached for each project."""
    for holder in _held(someone).order_by("added_at", "pk"):
        yield holder_row(holder)


def erase_holders(someone: Someone) -> None:
    """Take one out of one's projects; those that nobody else carries are emptied as an old case is."""
    mine = list(_held(someone).select_related("case").order_by("added_at", "pk"))
    for holder in mine:
        case = holder.case
        holder.delete()
        others = Holder.objects.filter(case=case).order_by("added_at", "pk")
        first = others.first()
        if first is None:
            _end(case)
        elif holder.is_main:
            others.filter(pk=first.pk).update(is_main=True)


def _end(case: Case) -> None:
    """A draft goes; what was received is counted, without anybody."""
    if case.state == CaseState.BEGUN:
        case.delete()
    else:
        empty(case)


def export_answers(someone: Someone) -> Rows:
    """The answers of one's own projects, and those that one wrote for others, without what they say."""
    mine = Q(case__in=_carried(someone)) | Q(person=someone.person)
    carried = set(_carried(someone).values_list("pk", flat=True))
    rows = Answer.objects.filter(mine).select_related("case__procedure").order_by("case", "code")
    for answer in rows.iterator(500):
        if answer.case_id in carried:
            yield answer_row(procedure_in(answer.case.procedure), answer)
        else:
            yield {_("Question"): answer.code, _("Écrite le"): answer.at.isoformat(), _("Par vous"): True}


def erase_answers(someone: Someone) -> None:
    """Forget whose hand wrote them; what they say goes with the case."""
    Answer.objects.filter(person=someone.person).update(person=None)


def export_notes(someone: Someone) -> Rows:
    """What was noted of one's own projects, and what one wrote."""
    mine = Q(case__in=_carried(someone)) | Q(written_by=someone.person)
    for note in Note.objects.filter(mine).order_by("at", "pk").iterator(500):
        yield note_row(note)


def erase_notes(someone: Someone) -> None:
    """The words stay with the case, without who wrote them."""
    Note.objects.filter(written_by=someone.person).update(written_by=None)


def export_sharings(someone: Someone) -> Rows:
    """What one agreed to, and the agreements that one noted."""
    mine = Q(case__in=_carried(someone)) | Q(noted_by=someone.person)
    for sharing in Sharing.objects.filter(mine).select_related("partner").order_by("given_at", "pk").iterator(500):
        yield sharing_row(sharing)


def erase_sharings(someone: Someone) -> None:
    """The agreement stays, without who noted it."""
    Sharing.objects.filter(noted_by=someone.person).update(noted_by=None)


def export_doors(someone: Someone) -> Rows:
    """The doors whose requests go to one's address."""
    for door in Door.objects.annotate(lower=Lower("email")).filter(lower__in=someone.emails).order_by("code"):
        yield {_("Porte"): door.name, _("Adresse des demandes"): door.email}


def erase_doors(someone: Someone) -> None:
    """Requests go to one's address no more."""
    Door.objects.annotate(lower=Lower("email")).filter(lower__in=someone.emails).update(email="")


declare(
    Holding(
        code="pathway.case",
        model="pathway.Case",
        columns=("adviser", "received_by", "next_step_by", "title", "closed_why"),
        label=gettext_lazy("projets que vous portez, dossiers que vous suivez"),
        purpose=gettext_lazy("recevoir une seule fois, orienter et accompagner un projet"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=THE_DOOR,
        kept=KEPT,
        export=export_cases,
        erase=erase_cases,
        warns=warn_of_cases,
    )
)
declare(
    Holding(
        code="pathway.holder",
        model="pathway.Holder",
        columns=("person", "name", "email", "phone"),
        label=gettext_lazy("de quoi vous joindre pour vos projets"),
        purpose=gettext_lazy("joindre qui porte un projet"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=gettext_lazy("les personnes de la porte ; jamais exporté"),
        kept=KEPT,
        export=export_holders,
        erase=erase_holders,
        order=60,  # after answers and notes: the last one to leave empties the case
    )
)
declare(
    Holding(
        code="pathway.answer",
        model="pathway.Answer",
        columns=("person",),
        label=gettext_lazy("réponses au premier accueil"),
        purpose=gettext_lazy("qualifier et orienter le projet"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=THE_DOOR,
        kept=KEPT,
        export=export_answers,
        erase=erase_answers,
    )
)
declare(
    Holding(
        code="pathway.note",
        model="pathway.Note",
        columns=("written_by",),
        label=gettext_lazy("échanges notés dans un dossier"),
        purpose=gettext_lazy("accompagner un projet à plusieurs, et se souvenir de ce qui a été dit"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=gettext_lazy("les personnes de la porte ; la personne, dans la copie de son dossier"),
        kept=KEPT,
        export=export_notes,
        erase=erase_notes,
    )
)
declare(
    Holding(
        code="pathway.sharing",
        model="pathway.Sharing",
        columns=("noted_by",),
        label=gettext_lazy("accords de partage d’un dossier"),
        purpose=gettext_lazy("montrer un dossier à un partenaire choisi, et pouvoir prouver l’accord"),
        basis=Basis.CONSENT,
        seen_by=gettext_lazy("la personne, les personnes de la porte, le partenaire"),
        kept=KEPT,
        export=export_sharings,
        erase=erase_sharings,
    )
)
declare(
    Holding(
        code="pathway.door",
        model="pathway.Door",
        columns=("email",),
        label=gettext_lazy("adresse où une porte reçoit les demandes"),
        purpose=gettext_lazy("prévenir une porte de ce qui attend une réponse"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=gettext_lazy("l’équipe ; jamais montrée ni exportée"),
        kept=gettext_lazy("tant que la porte reçoit"),
        export=export_doors,
        erase=erase_doors,
    )
)

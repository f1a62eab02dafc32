"""Reading a reception for its pages: what is asked, answered, to settle; who waits at the doors; two cases alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toile.kernel.readers import Reader
from toile.pathway.models import Answer, Case, CaseState, Door, Holder, Initiation, ProcedureVersion, Sharing, Twin
from toile.pathway.queries.cases import works_here
from toile.pathway.queries.outside import known_outside
from toile.pathway.queries.people import is_holder, names_of
from toile.pathway.queries.procedures import procedure_in
from toile.pathway.rules.answers import Contradiction, Progress, contradictions, progress, reachable
from toile.pathway.rules.delays import call_by
from toile.pathway.rules.procedure import Procedure, Question

MOST = 100


@dataclass(frozen=True, slots=True)
class Interview:
    """Where a reception is: what its procedure asks of these answers, how far they are, what they contradict.

    rows: question → its answer's row, with who wrote it and when.
    """

    procedure: Procedure
    rows: Mapping[str, Answer]
    asked: tuple[Question, ...]
    progress: Progress
    contradictions: tuple[Contradiction, ...]

    @property
    def answers(self) -> dict[str, object]:
        """Question → value."""
        return {code: row.value for code, row in self.rows.items()}

    def after(self, code: str) -> Question | None:
        """The first question owed and not answered that follows this one, else the first before it; None at the end."""
        codes = [question.code for question in self.asked]
        place = codes.index(code) + 1 if code in codes else 0
        ahead = [question for question in self.asked[place:] if question.code not in self.rows]
        behind = [q for q in self.asked[:place] if q.code not in self.rows and not q.optional]
        return next(iter(ahead + behind), None)

    def before(self, code: str) -> Question | None:
        """The question asked before this one."""
        codes = [question.code for question in self.asked]
        place = codes.index(code) if code in codes else 0
        return self.asked[place - 1] if place else None

    def place(self, code: str) -> int:
        """The rank of a question among those asked, from 1."""
        return next((n for n, question in enumerate(self.asked, 1) if question.code == code), 0)

    def against(self, code: str) -> tuple[Contradiction, ...]:
        """The contradictions that this question is part of."""
        return tuple(one for one in self.contradictions if code in one.questions)


def interview_of(case: Case, on: date) -> Interview:
    """The interview of a case, by the procedure it was begun under. 1 query, 2 when a SIREN was given."""
    procedure = procedure_in(case.procedure)
    rows = {row.code: row for row in Answer.objects.filter(case=case)}
    answers = {code: row.value for code, row in rows.items()}
    return Interview(
        procedure,
        rows,
        reachable(procedure, answers, on),
        progress(procedure, answers, on),
        contradictions(procedure, answers, on, known_outside(procedure, answers, on)),
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who asks a door to receive them. call_by: the last working day on which it calls back."""

    case: Case
    holder: Holder | None
    call_by: date
    is_late: bool


def waiting_at(doors: list[Door]) -> list[Waiting]:
    """Who asks to be received at these doors, the oldest first; 100 at most. 2 queries."""
    rows = list(
        Case.objects.filter(door__in=doors, state=CaseState.SENT)
        .select_related("door", "commune")
        .order_by("sent_at", "pk")[:MOST]
    )
    held = {one.case_id: one for one in Holder.objects.filter(case__in=rows, is_main=True)}
    today = timezone.localdate()
    found = []
    for case in rows:
        last = call_by(case.sent_at or case.begun_at, case.door.callback_days if case.door else 0)
        found.append(Waiting(case, held.get(case.pk), last, last < today))
    return found


def lately_received(doors: list[Door]) -> list[Case]:
    """The cases last touched at these doors; 20 at most. 1 query."""
    rows = Case.objects.filter(door__in=doors, state=CaseState.OPEN).select_related("door", "organisation")
    return list(rows.order_by("-last_contact_at", "pk")[:20])


@dataclass(frozen=True, slots=True)
class Initiated:
    """How far a receiver is in the teaching notes of a version: question and note, whether it was read."""

    notes: tuple[tuple[Question, bool], ...]
    completed: bool

    @property
    def read(self) -> int:
        """How many were read."""
        return sum(is_read for _question, is_read in self.notes)


def initiated(reader: Reader, version: ProcedureVersion) -> Initiated:
    """What this receiver read of a version's notes. 1 query."""
    mine = Initiation.objects.filter(person__in=[reader.person] if reader.person else [])
    row = mine.filter(procedure=version).first()
    read = set(row.notes) if row else set()
    notes = tuple((q, q.code in read) for q in procedure_in(version).questions if q.note)
    return Initiated(notes, all(is_read for _question, is_read in notes))


def initiations(version: ProcedureVersion) -> list[tuple[str, int, date | None]]:
    """Who read the notes of a version: name, how many, the day of the last one. 2 queries."""
    rows = list(Initiation.objects.filter(procedure=version).order_by("completed_at", "started_at")[:MOST])
    names = names_of({row.person for row in rows})
    return [
        (names[row.person], len(row.notes), timezone.localdate(row.completed_at) if row.completed_at else None)
        for row in rows
    ]


def reads_every_answer(reader: Reader, case: Case) -> bool:
    """Whether the reader reads each answer: the door, the holder, a partner who was given them all. 2 queries."""
    if works_here(reader, case) or is_holder(reader, case):
        return True
    living = Sharing.objects.living(timezone.now()).filter(case=case, partner__in=reader.organisations)
    return living.filter(what=Sharing.What.ANSWERS).exists()


REASONS = {
    "email": _("la même adresse de courriel"),
    "phone": _("le même téléphone"),
    "name": _("un nom proche, dans la même commune"),
}


@dataclass(frozen=True, slots=True)
class TwinShown:
    """A case that may be another one's double, told without a word of it. mine_is_older: whose holder may answer."""

    twin: Twin
    reasons: tuple[str, ...]
    mine_is_older: bool
    can_write: bool


def twins_of(case: Case) -> list[TwinShown]:
    """The questions still open between this case and others. 2 queries."""
    still = Q(older=case) | Q(younger=case)
    rows = list(Twin.objects.filter(still, state__in=[Twin.State.NOTICED, Twin.State.ASKED])[:5])
    written = set(
        Holder.objects.filter(case__in=[row.older_id for row in rows]).exclude(email="").values_list("case", flat=True)
    )
    return [
        TwinShown(
            row,
            tuple(str(REASONS[code]) for code in row.reasons if code in REASONS),
            row.older_id == case.pk,
            row.older_id in written,
        )
        for row in rows
    ]

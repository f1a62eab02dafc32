"""The demo's cases in every state, with their requests to partners; and what is signalled to the doors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone

from toile.demo.pathway_told import ACTOR, MAIL, ago, ahead, numbered, person_called, told
from toile.demo.payloads import identity
from toile.demo.personas import personas
from toile.directory.models import Organisation
from toile.kernel.acts import act
from toile.kernel.durations import PARIS, Duration
from toile.kernel.fold import fold
from toile.pathway.facts.cases import CASE_CLOSED, CASE_OPENED, SHARING_GIVEN, CaseFact
from toile.pathway.facts.orientation import REFERRAL_ACCEPTED, REFERRAL_DECLINED, REFERRAL_SENT, ReferralFact
from toile.pathway.facts.stages import GATE_PASSED, StageFact
from toile.pathway.models import (
    Answer,
    AnswerBy,
    Case,
    CaseState,
    Deliverable,
    Door,
    Holder,
    Lead,
    LeadState,
    Note,
    Offer,
    Passage,
    ProcedureVersion,
    Referral,
    ReferralState,
    Sharing,
    Twin,
    Worksheet,
)
from toile.pathway.queries.procedures import in_force, procedure_in
from toile.pathway.rules.delays import answer_by, call_by, delays
from toile.pathway.rules.finance_case import read_plan, write_plan
from toile.pathway.rules.qualifying import qualify
from toile.pathway.rules.sharing import declared
from toile.pathway.services.sharings import end_of
from toile.territory.models import Commune
from toile.thread.services import record

BATCH: Final = 12
"""Cases in one act, with their facts."""
Row = Mapping[str, Any]


def load_cases() -> int:
    """The cases, in short acts, or nothing when there are some already."""
    if Case.objects.exists():
        return 0
    version = in_force()
    assert version is not None, "the doors come first"
    doors = {door.code: door for door in Door.objects.all()}
    offers = {offer.pk: offer for offer in Offer.objects.all()}
    rows: Sequence[Row] = told()["case"]
    for first in range(0, len(rows), BATCH):
        with act(ACTOR):
            for number, row in enumerate(rows[first : first + BATCH], start=first):
                _write(number, row, version, doors, offers)
    _twins()
    past = [_past(number, row, version, doors) for number, row in _each_past()]
    with act(ACTOR):
        Case.objects.bulk_create(past)
    return len(rows) + len(past)


def load_leads() -> int:
    """What was signalled to the doors, or nothing when something was already."""
    if Lead.objects.exists():
        return 0
    doors = {door.code: door for door in Door.objects.all()}
    emptied = [
        row | {"teller": "inhabitant", "words": ""} for row in told()["past_lead"] for _nth in range(row["count"])
    ]
    several = [*told()["lead"], *emptied]
    rows = [_lead(number, row, doors[row["door"]]) for number, row in enumerate(several)]
    with act(ACTOR):
        Lead.objects.bulk_create(rows)
    return len(rows)


def answers_of(row: Row, commune: str = "") -> dict[str, Any]:
    """What a holder of the demo answered, as the answers of the procedure."""
    said = dict(told()["profile"][row["profile"]])
    if commune:
        said["Q03"] = commune
    if said["Q02"] == "takeover":
        said["Q23"] = str(ahead(row.get("urgent_in", 90)))
    return said


def _write(
    number: int, row: Row, version: ProcedureVersion, doors: Mapping[str, Door], offers: Mapping[Any, Offer]
) -> None:
    project = _project(row)
    commune = (
        project.main.commune if project and project.main else Commune.objects.filter(code=row.get("commune")).first()
    )
    answers = answers_of(row, commune.name if commune else "")
    found = qualify(procedure_in(version), answers, timezone.localdate())
    state = row.get("state", CaseState.OPEN)
    door = doors.get(row.get("door", ""))
    adviser = _adviser(row) if state in {CaseState.OPEN, CaseState.CLOSED} else None
    received = ago(row["received"]) if "received" in row else None
    begun = ago(row.get("begun", row.get("sent", row.get("received", 0)) + 3), 18)
    step = row.get("step")
    case = Case.objects.create(
        id=numbered("case", number),
        organisation=project,
        procedure=version,
        title=row.get("title") or (project.name if project else ""),
        commune=commune,
        state=state,
        door=door,
        adviser=adviser,
        nature=found.nature,
        path=row.get("path", ""),
        stage=row.get("stage", ""),
        needs=[need.code for need in found.needs],
        urgent_on=ahead(row.get("urgent_in")),
        next_step=step["words"] if step else "",
        next_step_on=ahead(step["in_days"]) if step else None,
        next_step_by=adviser if step and step["by"] == "adviser" else None,
        begun_at=begun,
        sent_at=ago(row["sent"]) if "sent" in row else received and received - timedelta(days=1),
        received_at=received,
        received_by=adviser if received else None,
        concluded_at=received if row.get("stage") else None,
        closed_at=ago(row["closed"]) if "closed" in row else None,
        closed_why=row.get("why", ""),
        last_contact_at=ago(row["contact"]),
        simulated=True,
    )
    if "holder" in row:
        _hold(case, row["holder"])
    _answer(case, answers)
    if "note" in row:
        Note.objects.create(
            case=case, kind=Note.Kind.MEETING, words=row["note"], at=ago(row["contact"]), written_by=adviser
        )
    if project is not None and door is not None and received is not None:
        _record(CASE_OPENED, case, door, CaseFact(str(case.pk)), received)
    _work(case, row, adviser)
    for one in row.get("passages", ()):
        _pass(case, one, adviser)
    for nth, one in enumerate(row.get("referrals", ())):
        _refer(case, f"{number}:{nth}", one, offers[numbered("offer", one["offer"])], adviser)
    if state == CaseState.CLOSED and door is not None and project is not None:
        _record(CASE_CLOSED, case, door, CaseFact(str(case.pk)), ago(row["closed"]))


def _project(row: Row) -> Organisation | None:
    """The private project of the town that a case is about."""
    if "project" not in row:
        return None
    return Organisation.objects.select_related("main__commune").get(pk=identity("town", row["project"]))


def _adviser(row: Row) -> Any:
    door = next(one for one in told()["door"] if one["code"] == row["door"])
    return person_called(row.get("adviser", door["advisers"][0]))


def _hold(case: Case, name: str) -> None:
    known = personas().get(name)
    Holder.objects.create(
        case=case,
        person=person_called(name) if known else None,
        name=known.display_name if known else name,
        email=known.email if known else MAIL.format(f"{fold(name)}.{str(case.pk)[:4]}"),
        phone=_phone(name),
        added_at=case.begun_at,
        proved_at=case.begun_at,
    )


def _phone(name: str) -> str:
    """A number of the range kept for fiction (Arcep, 04 65 71): the same for the same first name."""
    number = int.from_bytes(name.encode()) % 9973
    return f"04 65 71 {number // 100:02d} {number % 100:02d}"


def _answer(case: Case, answers: Mapping[str, Any]) -> None:
    by = AnswerBy.HOLDER
    at = case.begun_at
    Answer.objects.bulk_create(
        Answer(case=case, code=code, value=value, by=by, at=at) for code, value in sorted(answers.items())
    )


def _work(case: Case, row: Row, adviser: Any) -> None:
    """What was done at each stage, and the calculation kept with the case."""
    Deliverable.objects.bulk_create(
        Deliverable(case=case, stage=stage, code=code, words=words, done_on=ago(days).date(), by=adviser, at=ago(days))
        for stage, code, words, days in row.get("done", ())
    )
    if "plan" in row:
        data = dict(told()["plan"][row["plan"]])
        title = data.pop("title")
        Worksheet.objects.create(
            case=case, kind=Worksheet.Kind.FINANCE, title=title, data=write_plan(read_plan(data)), changed_by=adviser
        )


def _pass(case: Case, row: Row, adviser: Any) -> None:
    at = ago(row["days"], 16)
    Passage.objects.create(
        case=case, path=case.path, stage=row["stage"], to_path=case.path, to_stage=row["to"],
        decision=Passage.Decision.PASSED, reason=row["reason"], at=at, by=adviser,
    )  # fmt: skip
    assert case.door is not None
    _record(GATE_PASSED, case, case.door, StageFact(str(case.pk), case.path, row["stage"]), at)


def _refer(case: Case, key: str, row: Row, offer: Offer, adviser: Any) -> None:
    """A request and the agreement it rests on; what the partner said, or its silence."""
    sent, rhythm, sharing = ago(row["days"], 15), delays(), declared()
    state, answered = ReferralState(row["state"]), row.get("answered")
    Sharing.objects.get_or_create(
        case=case,
        partner_id=offer.partner_id,
        purpose="orientation",
        defaults={
            "what": Sharing.What.SUMMARY, "way": Sharing.Way.TOLD, "version": sharing.version, "given_at": sent,
            "noted_by": adviser, "until": end_of("orientation", sent),
        },
    )  # fmt: skip
    asked = Referral.objects.create(
        id=numbered("referral", key),
        case=case,
        offer=offer,
        partner_id=offer.partner_id,
        email=offer.email,
        need=next((need for need in case.needs if need in offer.needs), offer.needs[0]),
        words=row.get("words", ""),
        urgency="urgent" if case.urgent_on else "normal",
        state=state,
        sent_at=sent,
        sent_by=adviser,
        due_on=answer_by(sent, rhythm),
        reminded_at=ago(max(0, row["days"] - 8)) if row.get("reminded") else None,
        escalated_at=ago(row["days"] - 15) if row.get("escalated") else None,
        question=row.get("question", ""),
        answer=row.get("answer", ""),
        answered_at=ago(answered, 11) if answered is not None else None,
        meeting_on=ahead(row.get("meeting_in")),
    )
    assert case.organisation_id is not None and case.door is not None
    about = [case.organisation_id, offer.partner_id, case.door.organisation_id]
    fact = ReferralFact(str(case.pk), str(asked.pk))
    record(SHARING_GIVEN, about=about, data=CaseFact(str(case.pk)), happened_at=sent)
    record(REFERRAL_SENT, about=about, data=fact, happened_at=sent)
    answers = {ReferralState.ACCEPTED: REFERRAL_ACCEPTED, ReferralState.DECLINED: REFERRAL_DECLINED}
    if state in answers and asked.answered_at is not None:
        record(answers[state], about=about, data=fact, happened_at=asked.answered_at)


def _record(kind: Any, case: Case, door: Door, data: Any, at: datetime) -> None:
    assert case.organisation_id is not None
    record(kind, about=[case.organisation_id, door.organisation_id], data=data, happened_at=at)


def _twins() -> None:
    """Two cases noticed as perhaps one: their holders gave the same telephone."""
    row = told()["twin"]
    with act(ACTOR):
        older, younger = (Case.objects.get(title=row[name], simulated=True) for name in ("older", "younger"))
        Twin.objects.create(older=older, younger=younger, reasons=row["reasons"])


def _each_past() -> Iterator[tuple[str, Row]]:
    for number, row in enumerate(told()["past"]):
        for nth in range(row["count"]):
            yield f"{number}:{nth}", row


def _past(key: str, row: Row, version: ProcedureVersion, doors: Mapping[str, Door]) -> Case:
    """A case of more than two years ago: anonymised, it is only counted."""
    day = Duration(months=row["months_ago"]).before(timezone.localdate()).replace(day=1)
    month = datetime(day.year, day.month, 1, tzinfo=PARIS)
    return Case(
        id=numbered("past", key),
        procedure=version,
        commune_id=row["commune"],
        state=CaseState.ANONYMISED,
        door=doors[row["door"]],
        path="creation",
        stage=row["stage"],
        begun_at=month,
        received_at=month,
        closed_at=month,
        last_contact_at=month,
        simulated=True,
    )


def _lead(number: int, row: Row, door: Door) -> Lead:
    state = LeadState(row.get("state", LeadState.WAITING))
    received = ago(row["days"], 9)
    called = state != LeadState.WAITING
    return Lead(
        id=numbered("lead", number),
        **{
            name: row[name]
            for name in ("kind", "teller", "teller_name", "teller_email", "name", "email")
            if name in row
        },
        agreed=row.get("agreed", False),
        words=row["words"],
        door=door,
        state=state,
        received_at=received,
        due_on=call_by(received, door.callback_days),
        called_at=received + timedelta(days=1) if called else None,
        taken_by=_adviser(row) if called else None,
        outcome=row.get("outcome", ""),
        ended_at=received + timedelta(days=2) if state in {LeadState.DROPPED, LeadState.CASE} else None,
    )

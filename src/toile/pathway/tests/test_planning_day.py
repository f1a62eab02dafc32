"""The adviser's day and the list of cases: what is there, what is not, for whom, in how many statements."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from toile.accounts.models import Person
from toile.directory.models import Membership
from toile.kernel.readers import Reader
from toile.pathway.models import (
    Call,
    Case,
    CaseState,
    Deliverable,
    Door,
    Lead,
    Referral,
    ReferralState,
    Sharing,
    Signal,
    Visit,
)
from toile.pathway.queries.day import day_of
from toile.pathway.queries.day_parts import SHOWN
from toile.pathway.rules.stages import path_of
from toile.pathway.rules.team import monday_of

from . import made_cases as made
from . import made_followed as follow
from .made_followed import day, moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def door() -> Door:
    return made.door("MIFE")


@pytest.fixture
def me(door: Door) -> UUID:
    return made.adviser(door, "Andrée Un")


@pytest.fixture
def reader(me: UUID) -> Reader:
    return made.reader(me)


@pytest.fixture
def at_work(client: Client, me: UUID) -> Client:
    client.force_login(Person.objects.get(pk=me))
    return client


def page(client: Client, name: str, *args: object, status: int = 200, **query: str) -> str:
    answer = client.get(reverse(f"pathway:{name}", args=args), query)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def titles(reader: Reader) -> dict[str, list[str]]:
    found = day_of(reader, day())
    return {section: [row.title for row in part.rows] for section, part in found.files.items()}


def asked(of: Case, name: str = "URSCOP", **given: Any) -> Referral:
    values = {"partner": made.structure(name), "due_on": day(-5)} | given
    return Referral.objects.create(case=of, **values)


def test_each_file_is_told_once_where_it_presses_most(door, me, reader):
    mine: dict[str, Any] = {"adviser": me}
    made.case(door, title="Sans suite", **mine)
    made.case(door, title="En retard", next_step="Appeler", next_step_on=day(3), **mine)
    made.case(door, title="Demain", next_step="Rendez-vous", next_step_on=day(-1), **mine)
    made.case(door, title="Plus tard", next_step="Relire", next_step_on=day(-30), **mine)
    made.case(door, title="À recevoir", state=CaseState.SENT, organisation=None)
    made.case(door, title="D’une autre", adviser=made.adviser(door, "Basile"))
    made.case(made.door("CCI"), title="Ailleurs", state=CaseState.SENT, organisation=None)
    made.case(door, title="Fini", state=CaseState.CLOSED, closed_at=timezone.now(), **mine)
    assert titles(reader) == {
        "none": ["Sans suite"], "late": ["En retard"], "soon": ["Demain"], "receive": ["À recevoir"],
    }  # fmt: skip


def test_a_file_whose_partner_is_to_answer_or_to_meet_has_a_next_step(door, me, reader):
    case = made.case(door, title="Attend", adviser=me)
    referral = asked(case)
    assert "none" not in titles(reader)
    Referral.objects.filter(pk=referral.pk).update(
        state=ReferralState.ACCEPTED, answered_at=timezone.now(), meeting_on=day(-2)
    )
    assert "none" not in titles(reader)
    Referral.objects.filter(pk=referral.pk).update(meeting_on=day(2))
    assert titles(reader)["none"] == ["Attend"]


def test_files_of_somebody_who_left_are_shown_to_the_door(door, me, reader):
    gone = made.adviser(door, "Partie")
    made.case(door, title="Sans personne", adviser=gone)
    assert "orphan" not in titles(reader)
    Membership.objects.filter(person=gone).update(until=timezone.now())
    assert titles(reader)["orphan"] == ["Sans personne"]


def test_a_stage_whose_written_pieces_are_there_asks_for_its_gate(door, me, reader):
    case = made.case(door, title="Prête", adviser=me)
    stage = path_of(case.path).stage(case.stage)
    pieces = [one.code for one in stage.questions]
    pieces += [one.code for one in stage.deliverables if not one.optional and not one.tool]
    for code in pieces[:-1]:
        Deliverable.objects.create(case=case, stage=case.stage, code=code, done_on=day())
    assert titles(reader) == {"none": ["Prête"]}
    Deliverable.objects.create(case=case, stage=case.stage, code=pieces[-1], done_on=day())
    assert titles(reader) == {"gate": ["Prête"]}


def test_requests_to_partners_are_told_by_what_is_awaited(door, me, reader):
    case = made.case(door, title="Projet", adviser=me)
    asked(case, "À l’heure")
    asked(case, "En retard", due_on=day(1))
    asked(case, "Question", state=ReferralState.ASKED)
    asked(case, "Rendez-vous", state=ReferralState.ACCEPTED, answered_at=timezone.now(), meeting_on=day(-3))
    asked(case, "Loin", state=ReferralState.ACCEPTED, answered_at=timezone.now(), meeting_on=day(-30))
    asked(made.case(door, adviser=made.adviser(door)), "Pas à moi")
    found = day_of(reader, day()).referrals
    assert {kind: [row.name for row in part.rows] for kind, part in found.items()} == {
        "waiting": ["À l’heure"], "late": ["En retard"], "question": ["Question"], "meeting": ["Rendez-vous"],
    }  # fmt: skip


def test_firms_to_call_are_ranked_and_one_reached_since_is_not_told(door, me, reader):
    firms = {
        name: follow.firm(name, at=door, adviser=me) for name in ("Risque", "Promise", "Appelée", "Calme", "Visite")
    }
    follow.said(firms["Risque"], "liquidation", 2)
    follow.said(firms["Appelée"], "liquidation", 4)
    Call.objects.create(followed=firms["Appelée"], by=me, at=moment(1))
    Call.objects.create(followed=firms["Promise"], by=me, at=moment(9), next_on=day(1))
    Visit.objects.create(followed=firms["Visite"], adviser=me, monday=monday_of(day()))
    follow.said(follow.firm("D’un autre", at=door, adviser=made.adviser(door)), "liquidation", 1)
    found = day_of(reader, day()).calls
    told = [(one.firm.name, one.due.kind) for one in found.rows]
    assert set(told) == {("Risque", "risk"), ("Promise", "promised"), ("Visite", "planned")}
    assert [one.due.on for one in found.rows] == sorted(one.due.on for one in found.rows)


def test_a_contested_signal_calls_nobody(door, me, reader):
    firm = follow.firm(at=door, adviser=me)
    follow.said(firm, "liquidation", 2, contested_at=timezone.now(), contested="C’est faux")
    assert day_of(reader, day()).calls.count == 0


def test_a_check_in_that_says_a_risk_is_read_until_somebody_called(door, me, reader):
    firm = follow.firm("Répond", at=door, adviser=me)
    check_in = follow.asked(firm, 3, answered_at=moment(2))
    follow.said(firm, "morale_low", 2, source=Signal.Source.CHECK_IN, check_in=check_in)
    heard = day_of(reader, day()).heard
    assert [one.firm.name for one in heard.rows] == ["Répond"] and "2 sur 5" in heard.rows[0].heard
    Call.objects.create(followed=firm, by=me)
    assert day_of(reader, day()).heard.count == 0


def test_what_was_signalled_to_the_door_waits_for_its_call(door, me, reader, at_work):
    Lead.objects.create(kind="idea", teller="school", words="Une idée", door=door, due_on=day(1))
    Lead.objects.create(kind="idea", teller="school", words="Ailleurs", door=made.door("CCI"), due_on=day(1))
    assert day_of(reader, day()).leads.count == 1
    assert "À rappeler, signalés à votre porte" in page(at_work, "day")


def test_a_day_without_anything_says_so(at_work):
    assert "Rien ne vous attend aujourd’hui" in page(at_work, "day")


def test_the_day_shows_a_few_of_each_and_counts_the_others(door, me, at_work):
    for number in range(SHOWN + 3):
        made.case(door, title=f"Projet {number}", adviser=me)
    shown = page(at_work, "day")
    assert f"Sans suite ({SHOWN + 3})" in shown and "3 autres dossiers" in shown


def test_the_day_takes_twelve_statements_at_most_whatever_the_files(door, me, at_work):
    def fill(many: int) -> None:
        for number in range(many):
            case = made.case(door, title=f"Projet {number}", adviser=me)
            asked(case, f"Partenaire {number}")
            firm = follow.firm(f"Structure {number} {many}", at=door, adviser=me)
            follow.said(firm, "cash_under_1", 3)

    def statements() -> int:
        page(at_work, "day")
        with CaptureQueriesContext(connection) as run:
            page(at_work, "day")
        return len(run)

    fill(1)
    few = statements()
    fill(12)
    assert statements() == few <= 12


# --- The list of cases -----------------------------------------------------------------------------------------------


def test_the_list_holds_the_cases_of_one_s_doors_and_those_shared_with_one_s_structure(door, me, at_work, client):
    made.case(door, title="Chez nous", adviser=me)
    shared = made.case(made.door("CCI"), title="Partagé")
    made.case(made.door("CCI"), title="Chez eux")
    Sharing.objects.create(
        case=shared, partner=door.organisation, way="told", until=timezone.now() + timedelta(days=30)
    )
    shown = page(at_work, "cases")
    assert "Chez nous" in shown and "Partagé" in shown and "Chez eux" not in shown
    assert "2 dossiers trouvés sur 2" in shown


def test_the_list_is_narrowed_by_what_comes_next_by_person_and_by_place(door, me, at_work):
    other = made.adviser(door, "Basile Deux")
    made.case(door, title="Sans suite", adviser=me)
    made.case(door, title="En retard", adviser=other, next_step="Appeler", next_step_on=day(2))
    made.case(
        door, title="Reprise", adviser=None, path="reprise", stage="reprise", next_step="Lire", next_step_on=day(-9)
    )
    for query, only in (
        ({"suite": "none"}, "Sans suite"),
        ({"suite": "late"}, "En retard"),
        ({"suivi_par": str(other)}, "En retard"),
        ({"suivi_par": "nobody"}, "Reprise"),
        ({"parcours": "reprise"}, "Reprise"),
        ({"q": "basile"}, "En retard"),
        ({"etat": "open", "suite": "later"}, "Reprise"),
    ):
        shown = page(at_work, "cases", **query)
        assert "1 dossier trouvé sur 3" in shown and f">{only}</a>" in shown, query


def test_files_say_the_same_without_holders(door, me, at_work):
    case = made.case(door, title="Atelier", adviser=me)
    made.holder(case, "Camille")
    answer = at_work.get("/parcours/dossiers.csv")
    body = (
        b"".join(answer.streaming_content).decode("utf-8-sig")
        if answer.streaming
        else answer.content.decode("utf-8-sig")
    )
    assert "Atelier" in body and "Camille" not in body
    assert at_work.get("/parcours/dossiers.xlsx").status_code == 200


def test_the_list_takes_as_many_statements_for_many_cases(door, me, at_work):
    def statements() -> int:
        page(at_work, "cases")
        with CaptureQueriesContext(connection) as run:
            page(at_work, "cases")
        return len(run)

    made.case(door, adviser=me)
    few = statements()
    for number in range(30):
        made.case(door, title=f"N° {number}", adviser=me)
    assert statements() == few <= 14


def test_who_advises_at_no_door_reads_neither(client):
    from toile.accounts.services import open_account

    client.force_login(Person.objects.get(pk=open_account(made.ACTOR, "x@example.org", "X").pk))
    for name in ("day", "cases", "week", "leaving"):
        page(client, name, status=403)

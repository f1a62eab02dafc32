"""The team's week: computed, explained, settled by hand and kept; who may, what is refused, in how many statements."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
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
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, Forbidden, UserError
from toile.kernel.jobs import enqueue, run_waiting
from toile.kernel.readers import Reader
from toile.pathway.models import Availability, Call, Door, Followed, Visit, WeekPlan
from toile.pathway.queries.week import team_case
from toile.pathway.queries.week_page import team_week
from toile.pathway.rules.team import WEEK, first_monday, monday_of
from toile.pathway.services import planning
from toile.pathway.services.planning import Elsewhere
from toile.thread.models import Fact

from . import made_cases as made
from . import made_followed as follow
from .made_cases import ACTOR

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
HALF = Decimal("0.5")


@pytest.fixture
def door() -> Door:
    return made.door("MIFE")


@pytest.fixture
def one(door: Door) -> UUID:
    return made.adviser(door, "Andrée Un")


@pytest.fixture
def other(door: Door) -> UUID:
    return made.adviser(door, "Basile Deux")


@pytest.fixture
def reader(one: UUID) -> Reader:
    return made.reader(one)


def works(door: Door, person: UUID, days: Decimal = HALF, **more: Any) -> Availability:
    return Availability.objects.create(door=door, person=person, days=days, **more)


def risky(name: str, door: Door, level: str = "cash_under_1", **more: Any) -> Followed:
    firm = follow.firm(name, at=door, **more)
    follow.said(firm, level)
    return firm


def planned(door: Door) -> dict[str, tuple[UUID | None, date]]:
    rows = Visit.objects.filter(followed__door=door, dropped=False).select_related("followed__organisation")
    return {row.followed.organisation.name: (row.adviser, row.monday) for row in rows}


def compute(door: Door) -> WeekPlan:
    return planning.compute(ACTOR, door, TODAY())


def test_the_firm_most_at_risk_is_seen_first_and_the_plan_says_why(door, one):
    works(door, one)
    calm, risk = risky("Calme", door, "morale_low"), risky("Risque", door)
    plan = compute(door)
    first = first_monday(TODAY())
    assert planned(door) == {"Risque": (one, first), "Calme": (one, first + WEEK)}
    said = {visit["firm"]: visit for visit in plan.result["visits"]}
    assert str(risk.pk) in said[str(calm.pk)]["why_week"]
    told = "1 jour à passer, 6 jours de temps libre : le temps suffit"
    assert plan.result["days"] == {"needed": 1.0, "available": 6.0, "short": 0.0, "told": told}


def test_a_plan_keeps_ids_and_no_name_and_is_noted_for_the_audit(door, one):
    works(door, one)
    risky("La Ressourcerie", door)
    plan = compute(door)
    assert "Ressourcerie" not in str(plan.result) and "Andrée" not in str(plan.result)
    fact = Fact.objects.get(kind="pathway.week.planned")
    assert fact.data == {"plan": str(plan.pk)}


def test_more_firms_than_days_wait_and_the_days_short_are_said(door, one):
    works(door, one, weeks={(first_monday(TODAY()) + week * WEEK).isoformat(): "0" for week in range(1, 12)})
    risky("A", door), risky("B", door, "cash_1_2")
    plan = compute(door)
    assert set(planned(door)) == {"A"}
    assert plan.result["waiting"][0]["why"].endswith("il faudrait ½ jour de plus")
    assert plan.result["days"]["short"] == 0.5


def test_what_a_person_fixed_is_kept_by_the_next_computation(door, one, other, reader):
    works(door, one), works(door, other)
    firm = risky("Fixée", door)
    risky("Autre", door)
    compute(door)
    third = first_monday(TODAY()) + 2 * WEEK
    planning.fix(ACTOR, reader, firm, other, third, "Elle préfère cette semaine")
    compute(door)
    assert planned(door)["Fixée"] == (other, third)
    assert Visit.objects.get(followed=firm).why == "Elle préfère cette semaine"


def test_a_visit_fixed_for_somebody_who_left_is_planned_again(door, one, other, reader):
    works(door, one), works(door, other)
    firm = risky("Fixée", door)
    planning.fix(ACTOR, reader, firm, other, first_monday(TODAY()), "")
    Membership.objects.filter(person=other).update(until=timezone.now())
    compute(door)
    assert planned(door)["Fixée"] == (one, first_monday(TODAY()))


def test_a_firm_taken_off_a_week_does_not_come_back_there(door, one, reader):
    works(door, one)
    firm = risky("Retirée", door)
    compute(door)
    first = first_monday(TODAY())
    planning.take_off(ACTOR, reader, firm, first, "En congés")
    compute(door)
    assert planned(door) == {"Retirée": (one, first + WEEK)}


def test_what_was_settled_by_hand_is_forgotten_when_it_is_left_to_the_plan_again(door, one, reader):
    works(door, one)
    firm = risky("Fixée", door)
    planning.fix(ACTOR, reader, firm, one, first_monday(TODAY()) + 3 * WEEK, "")
    planning.release(ACTOR, reader, firm)
    compute(door)
    assert planned(door)["Fixée"] == (one, first_monday(TODAY()))


def test_a_rank_given_by_hand_moves_a_firm_up_with_its_reason(door, one, reader):
    works(door, one)
    risky("Risque", door, "cash_1_2")
    calm = risky("Calme", door, "morale_low")
    planning.rank(ACTOR, reader, calm, 1, "Elle a appelé hier")
    compute(door)
    first = first_monday(TODAY())
    assert planned(door)["Calme"] == (one, first)
    calm.refresh_from_db()
    assert (calm.adjusted, calm.adjusted_why) == (1, "Elle a appelé hier")
    planning.rank(ACTOR, reader, calm, None, "")
    compute(door)
    assert planned(door)["Risque"] == (one, first)


def test_a_tie_of_interest_keeps_an_adviser_away(door, one, other, reader):
    works(door, one), works(door, other)
    firm = risky("Amie", door, adviser=one)
    planning.say_conflict(ACTOR, reader, firm, one, has=True)
    compute(door)
    assert planned(door)["Amie"][0] == other
    planning.say_conflict(ACTOR, reader, firm, one, has=False)
    compute(door)
    assert planned(door)["Amie"][0] == one


def test_the_heaviest_signal_asks_for_somebody_with_the_skill(door, one, other):
    works(door, one, skills=["humain"]), works(door, other, skills=["finances"])
    risky("Trésorerie", door, "cash_1_2"), risky("Moral", door, "morale_low")
    compute(door)
    assert {name: adviser for name, (adviser, _monday) in planned(door).items()} == {"Trésorerie": other, "Moral": one}


def test_a_firm_reached_lately_or_that_refuses_the_score_is_left_out_and_said(door, one):
    works(door, one)
    called, refuses = risky("Appelée", door), risky("Refuse", door, objected_at=timezone.now())
    Call.objects.create(followed=called, by=one)
    plan = compute(door)
    assert planned(door) == {}
    said = {row["firm"]: row["why"] for row in plan.result["aside"]}
    assert said[str(called.pk)].startswith("appelée le") and "refuse le score" in said[str(refuses.pk)]


def test_a_visit_whose_firm_was_reached_in_its_week_is_done_and_stays(door, one):
    firm = risky("Vue", door)
    monday = monday_of(TODAY())
    visit = Visit.objects.create(followed=firm, adviser=one, monday=monday)
    works(door, one)
    Call.objects.create(followed=firm, by=one)
    compute(door)
    visit.refresh_from_db()
    assert visit.done_at is not None


def test_time_is_said_by_who_receives_at_the_door_and_never_over_what_another_wrote(door, one, reader):
    said = {"days": HALF, "skills": [], "communes": [], "weeks": {}}
    planning.say_availability(ACTOR, reader, door, one, **said, revision=0)
    with pytest.raises(Conflict):
        planning.say_availability(ACTOR, reader, door, one, **said, revision=0)
    planning.say_availability(ACTOR, reader, door, one, **said | {"days": Decimal(1)}, revision=1)
    with pytest.raises(Conflict):
        planning.say_availability(ACTOR, reader, door, one, **said, revision=1)
    assert Availability.objects.get().days == 1
    with pytest.raises(Elsewhere):
        planning.say_availability(ACTOR, reader, door, made.adviser(made.door("CCI")), **said, revision=0)


def test_another_door_settles_nothing(door, one):
    stranger = made.reader(made.adviser(made.door("CCI")))
    firm = risky("Ici", door)
    for act in (
        lambda: planning.fix(ACTOR, stranger, firm, one, first_monday(TODAY()), ""),
        lambda: planning.take_off(ACTOR, stranger, firm, first_monday(TODAY()), "non"),
        lambda: planning.release(ACTOR, stranger, firm),
        lambda: planning.rank(ACTOR, stranger, firm, 1, "non"),
        lambda: planning.say_conflict(ACTOR, stranger, firm, one, has=True),
        lambda: planning.ask_plan(ACTOR, stranger, door),
    ):
        with pytest.raises(Forbidden):
            act()
    assert not Visit.objects.exists()


def test_what_makes_no_sense_is_refused_with_a_sentence(door, one, reader):
    firm, gone = risky("Ici", door), risky("Partie", door, left_on=TODAY(), left_why="ceased")
    first = first_monday(TODAY())
    for act in (
        lambda: planning.fix(ACTOR, reader, firm, one, first + timedelta(days=1), ""),
        lambda: planning.fix(ACTOR, reader, firm, one, first - 5 * WEEK, ""),
        lambda: planning.fix(ACTOR, reader, firm, made.adviser(made.door("CCI")), first, ""),
        lambda: planning.fix(ACTOR, reader, gone, one, first, ""),
        lambda: planning.take_off(ACTOR, reader, firm, first, " "),
        lambda: planning.rank(ACTOR, reader, firm, 1, " "),
    ):
        with pytest.raises(UserError):
            act()


def test_two_people_never_settle_over_each_other(door, one, other, reader):
    firm = risky("Ici", door)
    first = first_monday(TODAY())
    planning.fix(ACTOR, reader, firm, one, first, "", before="")
    with pytest.raises(Conflict):
        planning.fix(ACTOR, reader, firm, other, first, "", before="")
    assert Visit.objects.get().adviser == one


def test_each_monday_the_teams_that_said_their_time_have_a_plan(door, one):
    works(door, one)
    made.door("CCI")
    risky("Ici", door)
    enqueue(ACTOR, "pathway.week.every")
    run_waiting()
    assert WeekPlan.objects.get().door == door


# --- Pages -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def team(client: Client, one: UUID) -> Client:
    client.force_login(Person.objects.get(pk=one))
    return client


def page(client: Client, name: str, *args: object, status: int = 200, **query: str) -> str:
    answer = client.get(reverse(f"pathway:{name}", args=args), query)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def send(client: Client, name: str, *args: object, status: int = 302, **form: Any) -> str:
    answer = client.post(reverse(f"pathway:{name}", args=args), form)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer.content.decode()


def test_the_week_is_computed_from_its_page_by_a_job_and_read_with_names(team, door, one):
    works(door, one)
    risky("La Ressourcerie", door), risky("Le Fournil", door, "morale_low")
    assert "Aucun plan n’est encore calculé" in page(team, "week")
    send(team, "week_compute", door.pk)
    run_waiting()
    shown = page(team, "week")
    assert "La Ressourcerie" in shown and "Andrée" in shown and "le temps suffit" in shown
    after = page(team, "week_of", door.pk, lundi=(first_monday(TODAY()) + WEEK).isoformat())
    assert "avant, Andrée" in after and "voit La Ressourcerie" in after


def test_a_week_before_any_plan_or_a_day_that_is_none_is_no_error(team, door):
    for asked in ("hier", "2026-13-45", "0001-01-01", "9999-12-31", "2026-11-25"):
        page(team, "week_of", door.pk, lundi=asked)


def test_the_days_short_and_who_waits_are_on_the_page(team, door, one):
    works(door, one, weeks={(first_monday(TODAY()) + week * WEEK).isoformat(): "0" for week in range(1, 12)})
    risky("Première", door), risky("Attend", door, "cash_1_2")
    compute(door)
    shown = page(team, "week")
    assert "il manque ½ jour" in shown
    assert "Première (" in shown and "il faudrait ½ jour de plus" in shown


def test_a_firm_is_fixed_moved_removed_ranked_and_left_again_from_its_page(team, door, one, other):
    works(door, one), works(door, other)
    firm = risky("Ici", door)
    compute(door)
    first = first_monday(TODAY())
    before = planning.seen_as(Visit.objects.get(followed=firm))
    assert before in page(team, "week_firm", firm.pk)
    fix = {"act": "fix", "adviser": str(other), "monday": (first + WEEK).isoformat(), "why": "Marché le lundi"}
    send(team, "week_firm", firm.pk, **fix, before=before)
    assert planned(door)["Ici"] == (other, first + WEEK)
    assert "Marché le lundi" in page(team, "week_firm", firm.pk)
    send(team, "week_firm", firm.pk, status=409, **fix, before=before)
    send(team, "week_firm", firm.pk, status=422, act="take_off", monday=first.isoformat(), why="")
    send(team, "week_firm", firm.pk, act="rank", place="1", why="Elle appelle souvent")
    send(team, "week_firm", firm.pk, act="tie", adviser=str(one), has="1")
    send(team, "week_firm", firm.pk, act="release")
    assert planned(door) == {}
    send(team, "week_firm", firm.pk, status=404, act="autre")


def test_somebody_says_their_time_with_a_week_of_absence(team, door, one):
    monday = first_monday(TODAY()) + WEEK
    number = (monday - monday_of(TODAY())).days // 7
    form = {"days": "1,5", "skills": ["finances"], "revision": "0", f"week_{number}": "0"}
    send(team, "availability", door.pk, one, **form)
    row = Availability.objects.get()
    assert (row.days, row.skills, row.weeks) == (Decimal("1.5"), ["finances"], {monday.isoformat(): "0"})
    send(team, "availability", door.pk, one, status=409, **form)
    told = send(team, "availability", door.pk, one, status=422, days="six", revision="1")
    assert "Écrivez un nombre de jours" in told
    assert "Une semaine a cinq jours" in send(team, "availability", door.pk, one, status=422, days="9", revision="1")


def test_the_week_of_another_door_is_not_to_be_found(team, door):
    elsewhere = made.door("CCI")
    stranger = made.adviser(elsewhere)
    page(team, "week_of", elsewhere.pk, status=404)
    page(team, "availability", elsewhere.pk, stranger, status=404)
    send(team, "week_compute", elsewhere.pk, status=404)
    page(team, "week_firm", risky("Là-bas", elsewhere).pk, status=404)


def test_the_statements_of_the_week_do_not_depend_on_how_many_firms_there_are(door, one):
    works(door, one)

    def statements() -> int:
        compute(door)
        with CaptureQueriesContext(connection) as asked:
            team_week(door, first_monday(TODAY()), TODAY())
        return len(asked)

    risky("Une", door)
    few = statements()
    for number in range(20):
        risky(f"N° {number}", door)
    assert statements() == few <= 9


def test_a_case_is_read_in_ten_statements_whatever_the_firms(door, one):
    works(door, one)
    for number in range(12):
        risky(f"N° {number}", door)
    with CaptureQueriesContext(connection) as asked:
        team_case(door, first_monday(TODAY()), TODAY())
    assert len(asked) <= 10


def test_what_somebody_wrote_meanwhile_is_planned_with(door, one, reader, monkeypatch):
    works(door, one)
    firm = risky("Ici", door)
    third = first_monday(TODAY()) + 2 * WEEK
    turns = []

    def read_then_settled(*args: Any) -> Any:
        found = team_case(*args)
        if not turns:
            planning.fix(Actor.of(reader), reader, firm, one, third, "")
        turns.append(1)
        return found

    monkeypatch.setattr(planning, "team_case", read_then_settled)
    compute(door)
    assert len(turns) == 2 and planned(door)["Ici"] == (one, third)

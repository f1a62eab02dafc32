"""What the team's time holds about people: copied, forgotten when they leave, thrown away at its end."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from toile.kernel.personal import Someone, holdings
from toile.kernel.retention import retentions
from toile.pathway.models import Availability, CaseImport, Door, Visit, WeekPlan
from toile.pathway.queries.week_page import team_week
from toile.pathway.rules.team import first_monday
from toile.pathway.services import planning

from . import made_cases as made
from . import made_followed as follow
from .made_cases import ACTOR
from .made_followed import day

pytestmark = pytest.mark.django_db

OURS = ("pathway.week_plan", "pathway.availability", "pathway.visit", "pathway.case_import")


@pytest.fixture
def door() -> Door:
    return made.door("MIFE")


@pytest.fixture
def me(door: Door) -> UUID:
    return made.adviser(door, "Andrée Un")


@pytest.fixture
def someone(door: Door, me: UUID) -> Someone:
    """An adviser with time, a plan, a visit and a file."""
    Availability.objects.create(door=door, person=me, days=1, weeks={"2026-12-21": "0"})
    firm = follow.firm(at=door, adviser=me)
    follow.said(firm, "cash_under_1")
    planning.compute(ACTOR, door, day())
    WeekPlan.objects.update(computed_by=me)
    CaseImport.objects.create(door=door, filename="Dossiers d’Andrée.csv", checksum="0" * 64, received_by=me)
    return Someone(person=me, emails=frozenset())


def test_one_takes_away_a_copy_of_all_of_it(someone):
    for code in OURS:
        assert list(holdings[code].export(someone)), code


def test_once_erased_one_stands_nowhere_and_the_page_still_reads(door, me, someone):
    for code in sorted(OURS, key=lambda code: holdings[code].order):
        holdings[code].erase(someone)
    assert not Availability.objects.exists() and not Visit.objects.exists()
    plan, given = WeekPlan.objects.get(), CaseImport.objects.get()
    assert str(me) not in str(plan.result) and plan.computed_by is None
    assert (given.received_by, given.filename) == (None, "")
    assert team_week(door, first_monday(day()), day()).plan == plan


def test_plans_visits_and_reports_end_when_it_is_said(door, someone):
    now = timezone.now()
    for code, days in (("pathway.plans", 366), ("pathway.visits", 760), ("pathway.imports", 740)):
        rule = retentions[code]
        assert rule.due(now) == 0
        later = now + timedelta(days=days)
        assert rule.due(later) == 1, code
        assert rule.apply(ACTOR, later) == 1
        assert rule.due(later) == 0

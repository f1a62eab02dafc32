"""A case of planning read from plain data: the example, and every fault told at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from toile.pathway.rules.case_reading import BadCase
from toile.pathway.rules.planning import plan
from toile.pathway.rules.planning_case import read_case, told
from toile.pathway.tests.test_rules_planning import EXAMPLE

FILE = Path(__file__).parents[4] / "docs/exemples/appels.json"


def test_the_example_of_the_documents_is_that_of_the_domain():
    assert read_case(json.loads(FILE.read_text(encoding="utf-8"))) == EXAMPLE


def test_a_plan_is_told_with_its_reasons_as_plain_data():
    answer = told(plan(EXAMPLE))
    assert json.loads(json.dumps(answer)) == answer
    assert (answer["points"], answer["proven"]) == (125.4, True)
    assert all(visit["why_adviser"] and visit["why_week"] for visit in answer["visits"])
    assert [one["firm"] for one in answer["waiting"]] == ["F5"]
    assert answer["days"]["short"] == 0.5


def test_one_number_of_days_stands_for_every_week():
    case = read_case({"weeks": 3, "firms": [], "advisers": [{"code": "A", "days": 0.5}]})
    assert [case.advisers[0].days_in(week) for week in (1, 2, 3)] == [0.5, 0.5, 0.5]


def test_what_was_done_by_hand_is_read():
    case = read_case(
        {
            "weeks": 1,
            "firms": [{"code": "F", "score": 10}, {"code": "G", "score": 10, "must_by": 1}],
            "advisers": [{"code": "A", "days": 1, "leave": [1]}],
            "fixed": [{"firm": "F", "adviser": "A", "week": 1}],
            "aside": [{"firm": "G", "reason": "fermée"}],
        }
    )
    assert (case.fixed, case.aside) == ((("F", "A", 1),), {"G": "fermée"})
    assert case.firms[1].deadline == 1


def test_every_fault_is_told_at_once_with_its_place():
    with pytest.raises(BadCase) as refused:
        read_case(
            {
                "weeks": 2,
                "firms": [{"score": 101}, {"code": "F", "score": "beaucoup", "days": 0.33, "skills": "finance"}],
                "advisers": [{"code": "A", "days": [1], "leave": [3], "travel": [2]}],
                "fixed": [{"firm": "F", "adviser": "A", "week": 3}],
            }
        )
    assert [fault.where for fault in refused.value.faults] == [
        "firms 1, code", "firms 1, score", "firms 2, score", "firms 2, days", "firms 2, skills",
        "advisers 1, travel", "advisers 1, days", "advisers 1, leave", "fixed 1, week",
    ]  # fmt: skip


@pytest.mark.parametrize("given", [[], "cas", {}, {"weeks": 54}, {"weeks": 1, "firms": [1]}, {"weeks": 1.5}])
def test_what_is_no_case_is_refused(given: object):
    with pytest.raises(BadCase):
        read_case(given)

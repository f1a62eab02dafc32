"""What is told of counts of people: nothing under five, nothing that a subtraction finds (domain K13)."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from toile.pathway.models import CaseState
from toile.pathway.queries.figures import counts
from toile.pathway.rules.figures import LEAST, WHOLE, withheld
from toile.pathway.services import anonymising

from . import made_cases as made
from .made_cases import ACTOR

TABLES = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 30), min_size=1, max_size=8)


def test_four_are_hidden_and_the_next_smallest_with_them_since_the_total_is_told():
    hidden = withheld({"doors": {"CCI": 20, "CMA": 11, "MIFE": 4}})
    assert ("doors", "MIFE") in hidden and ("doors", "CMA") in hidden
    assert ("doors", "CCI") not in hidden and ("doors", WHOLE) not in hidden


def test_five_are_told():
    assert withheld({"doors": {"CCI": 5, "CMA": 5}}) == set()


def test_when_all_are_four_nothing_is_told_not_even_the_total():
    assert withheld({"doors": {"CCI": 4}}) == {("doors", "CCI"), ("doors", WHOLE)}


def test_nobody_is_told_as_nobody():
    assert withheld({"doors": {"CCI": 9, "CMA": 0}}) == set()


@given(TABLES)
def test_no_cell_under_five_is_told_and_what_is_hidden_together_holds_five_at_least(table):
    hidden = withheld({"t": table})
    told = {code: n for code, n in table.items() if n and ("t", code) not in hidden}
    assert all(n >= LEAST for n in told.values())
    left = [n for code, n in table.items() if ("t", code) in hidden]
    if left and ("t", WHOLE) not in hidden:
        assert len(left) > 1 and sum(left) >= LEAST, "a subtraction gives no small count"


@given(TABLES, st.integers(1, 5))
def test_two_tables_of_the_same_people_hide_the_same_total(table, parts):
    total = sum(table.values())
    halves = {"x": total // parts, "y": total - total // parts}
    hidden = withheld({"one": table, "two": halves}, {"one": "all", "two": "all"})
    assert (total and total < LEAST) == (("all", WHOLE) in hidden) or total >= LEAST


@pytest.mark.django_db
class TestPages:
    """The page and the file that anybody may read."""

    @pytest.fixture(autouse=True)
    def received(self) -> None:
        before = timezone.now().replace(day=1) - timedelta(days=3)
        for name, how_many in (("MIFE", 12), ("CCI", 9), ("CMA", 2)):
            at = made.door(name)
            for _number in range(how_many):
                made.case(at, received_at=before)
        made.case(made.door("MIFE"), received_at=timezone.now().replace(day=1) + timedelta(seconds=1))
        made.case(state=CaseState.BEGUN, received_at=None)

    def test_small_counts_are_hidden_and_this_month_waits(self, client: Client):
        shown = client.get(reverse("pathway:figures")).content.decode()
        table = next(one for one in counts().tables if one.code == "doors")
        assert {line.label: line.count for line in table.lines} == {"MIFE": 12, "CCI": None, "CMA": None}
        assert table.total == 23 and "secret statistique" in shown

    def test_the_file_says_the_same_as_the_page(self, client: Client):
        answer = client.get(reverse("pathway:figures_file"))
        rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))
        assert ["Par porte", "MIFE", "12"] in [row[:3] for row in rows]
        assert ["Par porte", "CMA", "secret statistique"] in [row[:3] for row in rows]
        assert ["Par porte", "ensemble", "23"] in [row[:3] for row in rows]

    def test_what_is_anonymised_is_still_counted(self):
        before = counts()
        for one in made.Case.objects.filter(state=CaseState.OPEN)[:6]:
            anonymising.anonymise(ACTOR, one)
        after = {table.code: table.total for table in counts().tables}
        assert after["doors"] == next(table.total for table in before.tables if table.code == "doors")

    def test_seven_statements_whatever_the_rows(self, django_assert_max_num_queries):
        with django_assert_max_num_queries(7):
            counts()

"""What a plan says of itself: this adviser, this week, who waits and why, how many days are short."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from toile.pathway.rules.planning import Adviser, Case, Choice, Firm, plan
from toile.pathway.rules.planning_words import Why, Words, days_fr
from toile.pathway.tests.test_rules_planning import EXAMPLE, HALF, ONE

NAMES = {"F1": "La Ressourcerie", "F2": "Le Fournil", "F5": "Le Vélo", "A": "Andrée", "B": "Basile"}


def why(case: Case, firm: str) -> Why:
    found = plan(case)
    return Words(found, NAMES).why(next(visit for visit in found.visits if visit.choice.firm == firm))


def waits(case: Case, firm: str) -> str:
    found = plan(case)
    return Words(found, NAMES).waits(next(one for one in found.waiting if one.code == firm))


def test_the_only_adviser_who_may_is_said_with_what_the_others_lack():
    assert why(EXAMPLE, "F3").adviser_fr.startswith("seul choix possible (Andrée n’a pas la compétence demandée)")


def test_knowing_each_other_is_said_with_its_points():
    assert "connaît déjà la structure (+ 5 points)" in why(EXAMPLE, "F2").adviser_fr


def test_a_later_week_says_who_takes_the_time_before():
    assert why(EXAMPLE, "F3").week_fr == "avant, Basile voit Le Fournil"


def test_a_later_week_says_the_weeks_without_time():
    away = Adviser("A", (HALF, HALF), leave=frozenset({1}))
    assert why(Case((Firm("F", 10),), (away,), 2), "F").week_fr == "sans temps libre en semaine 1"


def test_who_waits_is_said_with_who_is_seen_instead_and_the_time_short():
    said = waits(EXAMPLE, "F5")
    assert said.startswith("Andrée, Basile : le temps va à La Ressourcerie (51 points), Le Fournil (35 points)")
    assert said.endswith("il faudrait ½ jour de plus")


@pytest.mark.parametrize(
    ("firm", "adviser", "said"),
    [
        (Firm("F", 10, skills=frozenset({"ess"})), Adviser("A", (HALF,)), "n’a pas la compétence"),
        (Firm("F", 10, place="42218"), Adviser("A", (HALF,), places=frozenset({"42207"})), "dans cette commune"),
        (Firm("F", 10), Adviser("A", (HALF,), conflicts=frozenset({"F"})), "conflit d’intérêts"),
        (Firm("F", 10, ONE), Adviser("A", (HALF,)), "1 jour libre d’un coup"),
        (Firm("F", 10), Adviser("A", (HALF,), travel={"F": 20}), "le trajet coûte plus"),
        (Firm("F", 10, not_in=frozenset({1})), Adviser("A", (HALF,)), "retirée à la main"),
    ],
)
def test_each_reason_to_wait_has_its_words(firm: Firm, adviser: Adviser, said: str):
    assert said in waits(Case((firm,), (adviser,), 1), "F")


def test_a_deadline_let_go_is_said_with_the_week_that_comes_late():
    found = plan(Case((Firm("U1", 70), Firm("U2", 80)), (Adviser("A", (HALF, HALF)),), 2))
    words = Words(found)
    assert (
        words.owed(found.owed[0]) == "devait être vue au plus tard en semaine 1 : elle le sera en semaine 2, en retard"
    )
    assert words.why(found.visits[0]).warning_fr == "en retard : devait être vue au plus tard en semaine 1"


def test_a_choice_by_hand_says_what_it_goes_against():
    told = why(replace(EXAMPLE, fixed=(Choice("F1", "B", 1),)), "F1")
    assert told.adviser_fr == "choix fait à la main, gardé tel quel"
    assert told.warning_fr == "Basile n’a pas la compétence demandée, ½ jour de plus que le temps libre de la semaine"


def test_the_days_short_are_said():
    assert Words(plan(EXAMPLE)).days() == "3 jours à passer, 2,5 jours de temps libre : il manque ½ jour"
    enough = Words(plan(Case((Firm("F", 10),), (Adviser("A", (ONE,)),), 1)))
    assert enough.days() == "½ jour à passer, 1 jour de temps libre : le temps suffit"
    scattered = Case((Firm("F", 10, ONE),), (Adviser("A", (HALF, HALF)),), 2)
    assert Words(plan(scattered)).days().endswith("le total suffit, mais pas là où il le faudrait")


@pytest.mark.parametrize(
    ("days", "said"), [("0.5", "½ jour"), ("1.50", "1,5 jour"), ("2", "2 jours"), ("10", "10 jours"), ("0", "0 jour")]
)
def test_days_are_said_as_people_say_them(days: str, said: str):
    assert days_fr(Decimal(days)) == said

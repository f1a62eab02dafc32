"""The contribution: four headings, every question answered by an indicator, or by what is missing, never by silence."""

from decimal import Decimal

import pytest

from toile.kernel.figures import Cell, Figure, unknown
from toile.panorama.rules.contribution import contribution, with_figures
from toile.panorama.rules.indicators import indicators
from toile.panorama.rules.sectors import ess_sectors

HERE = Cell("244200770", year=2022)
QUESTIONS = [(heading, question) for heading in contribution().headings for question in heading.questions]


def test_the_four_headings_are_those_that_were_asked():
    assert [heading.label_fr for heading in contribution().headings] == [
        "Emploi", "Financement", "Cohésion sociale", "Attractivité",
    ]  # fmt: skip
    assert contribution().asked.question_fr.startswith("Quelle contribution de l’économie sociale")


@pytest.mark.parametrize(("heading", "question"), QUESTIONS, ids=lambda each: each.code)
def test_a_question_is_answered_or_says_what_is_missing(heading, question):
    assert question.answers or question.missing
    assert question.question_fr.endswith("\u202f?")
    for answer in question.answers:
        assert answer.indicator in indicators()
        assert answer.bears in ("measures", "hints")
        assert not answer.sector or answer.sector in ess_sectors()
        assert not answer.sector or "sector" in indicators()[answer.indicator].axes
        assert answer.how_fr.endswith(".")


def test_every_heading_has_something_that_no_indicator_says():
    assert all(any(question.missing for question in heading.questions) for heading in contribution().headings)


def test_the_indicators_that_bear_on_nothing_are_told():
    left = contribution().not_bearing(indicators())
    assert "population" in left and "jobs" not in left


def test_a_question_without_a_value_is_unknown():
    employment = contribution().headings[0]
    known = Figure("jobs", HERE, "jobs", Decimal(21142))
    told = with_figures(employment, HERE, {("jobs", HERE): known})
    assert [each.question.code for each in told if not each.unknown] == ["how_many"]
    told = with_figures(employment, HERE, {("jobs", HERE): unknown("jobs", HERE, "jobs", "no_source")})
    assert all(each.unknown for each in told)


def test_an_answer_about_a_sector_is_looked_for_in_its_cell():
    cell = HERE._replace(sector="action_sociale")
    figure = Figure("employer_establishments", cell, "establishments", Decimal(310))
    cohesion = contribution().headings[2]
    told = with_figures(cohesion, HERE, {("employer_establishments", cell): figure})
    assert told[0].figures[0][1] is figure
    assert told[0].figures[1][1] is None

"""Late accounts, check-ins and the law of difficulties: the worked examples, then each limit."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.pathway.rules.accounts import files_accounts, filing, first_closing, late_from
from toile.pathway.rules.checkin import (
    Sent,
    checkin,
    faults,
    is_silent,
    is_unanswered,
    next_on,
    reminders_due,
    signals_of,
)
from toile.pathway.rules.cohort import is_young, months_old
from toile.pathway.rules.collective import court_of, helps, last_day_to_declare, open_procedures
from toile.pathway.rules.signals import weights

DAY = timedelta(days=1)
SAS, ASSOCIATION = "5710", "9220"
DECEMBER = date(2025, 12, 31)


# --- Accounts --------------------------------------------------------------------------------------------------------


def test_accounts_closed_in_december_are_late_from_the_first_of_september():
    assert late_from(DECEMBER) == date(2026, 9, 1)
    assert late_from(date(2026, 6, 30)) == date(2027, 3, 1)
    assert late_from(date(2026, 2, 28)) == date(2026, 11, 1)
    assert late_from(date(2026, 9, 15)) == date(2027, 5, 16)


@pytest.mark.parametrize(
    ("on", "filed_for", "state"),
    [
        (DECEMBER, None, "not_yet"),
        (date(2026, 8, 31), None, "not_yet"),
        (date(2026, 9, 1), None, "late"),
        (date(2026, 9, 1), DECEMBER, "filed"),
        # A year later the first accounts are still owed, long before the second ones are late.
        (date(2027, 3, 1), None, "late"),
        (date(2027, 3, 1), DECEMBER, "not_yet"),
        (date(2027, 9, 1), DECEMBER, "late"),
    ],
)
def test_accounts_are_late_only_after_a_closing_and_its_delay(on, filed_for, state):
    assert filing(SAS, DECEMBER, filed_for, on).state == state


def test_a_form_that_does_not_file_is_never_late():
    assert filing(ASSOCIATION, DECEMBER, None, date(2030, 1, 1)).state == "no_duty"
    assert not files_accounts("1000")
    assert filing(SAS, None, None, date(2030, 1, 1)).state == "unknown"


def test_a_year_closed_at_the_end_of_february_closes_at_its_end_each_year():
    assert filing(SAS, date(2024, 2, 29), date(2025, 2, 28), date(2025, 12, 1)).state == "filed"
    assert filing(SAS, date(2024, 2, 29), None, date(2025, 12, 1)).closing == date(2025, 2, 28)


def test_the_first_year_closes_at_the_end_of_its_month():
    assert first_closing(date(2025, 3, 10), 12) == DECEMBER
    assert first_closing(date(2025, 3, 10), 2) == date(2026, 2, 28)
    assert first_closing(date(2024, 2, 29), 2) == date(2024, 2, 29)


@given(st.dates(date(2023, 1, 1), date(2026, 12, 31)), st.dates(date(2023, 1, 1), date(2032, 12, 31)))
def test_nobody_is_late_before_eight_whole_months(closing, on):
    told = filing(SAS, closing, None, on)
    assert told.state in ("late", "not_yet")
    assert (told.state == "late") == (on >= late_from(closing))
    assert late_from(closing) - closing >= timedelta(days=242)


# --- The cohort ------------------------------------------------------------------------------------------------------


def test_a_firm_is_young_until_the_day_of_its_three_years():
    born = date(2024, 2, 29)
    assert is_young(born, born)
    assert is_young(born, date(2027, 2, 27))
    assert not is_young(born, date(2027, 2, 28))
    assert not is_young(born, born - DAY)
    assert (months_old(born, date(2024, 3, 28)), months_old(born, date(2024, 3, 29))) == (0, 1)


# --- Check-in --------------------------------------------------------------------------------------------------------


def test_five_questions_each_with_known_signals():
    assert len(checkin().questions) == 5
    said = {option.signal for question in checkin().questions for option in question.options if option.signal}
    assert said <= set(weights().levels)


def test_answers_give_their_signals():
    answers = {"cash": "from_1", "activity": ["lost", "partners"], "team": ["hired"], "debt": "none", "morale": "2"}
    assert signals_of(answers) == (
        "cash_1_2",
        "client_lost",
        "looks_for_partners",
        "hiring",
        "debt_none",
        "morale_low",
        "answered",
    )
    assert faults(answers) == ()


def test_not_knowing_says_nothing_and_is_an_answer():
    answers = {"cash": None, "activity": None, "team": ["same"], "debt": None}
    assert signals_of(answers) == ("answered",)
    assert faults(answers) == ()


def test_nothing_and_something_together_is_asked_back():
    found = faults({"activity": ["nothing", "won"], "cash": "plenty", "debt": ["none", "declared"]})
    assert [fault.question for fault in found] == ["cash", "activity", "debt"]
    assert "laquelle est juste" in found[1].sentence


def test_a_check_in_is_due_a_quarter_after_the_last_one():
    assert next_on(date(2026, 1, 1), ()) == date(2026, 4, 2)
    assert next_on(date(2026, 1, 1), (Sent(date(2026, 4, 10), None),)) == date(2026, 7, 10)


@pytest.mark.parametrize(("age", "due"), [(0, 0), (4, 0), (5, 1), (11, 1), (12, 2), (20, 2), (21, 0)])
def test_it_is_reminded_twice_then_left(age, due):
    sent = Sent(date(2026, 4, 2), None)
    assert reminders_due(sent, sent.on + age * DAY) == due
    assert reminders_due(sent._replace(answered=sent.on + DAY), sent.on + age * DAY) == 0
    assert is_unanswered(sent, sent.on + age * DAY) == (age >= 21)


def test_two_in_a_row_without_an_answer_are_a_silence():
    first, second, third = Sent(date(2026, 1, 5), None), Sent(date(2026, 4, 5), None), Sent(date(2026, 7, 5), None)
    assert not is_silent((first, second), second.on + 20 * DAY)
    assert is_silent((first, second), second.on + 21 * DAY)
    # One that is still waited for breaks nothing; one that is answered does.
    assert is_silent((second, first, third), third.on + DAY)
    assert not is_silent((first, second, third._replace(answered=third.on + DAY)), third.on + 30 * DAY)
    assert not is_silent((first._replace(answered=first.on), second), second.on + 30 * DAY)


# --- Firms in difficulty ---------------------------------------------------------------------------------------------


def test_a_receivership_is_asked_for_within_forty_five_days():
    assert last_day_to_declare(date(2026, 10, 5)) == date(2026, 11, 19)


def test_before_the_cessation_the_firm_chooses_among_three():
    told = {one.code: one for one in open_procedures(None, date(2026, 10, 5))}
    assert [code for code, one in told.items() if one.may] == ["mandate", "conciliation", "safeguard"]
    assert [code for code, one in told.items() if one.confidential] == ["mandate", "conciliation"]


@pytest.mark.parametrize(
    ("on", "may"),
    [
        (date(2026, 10, 4), ["mandate", "conciliation", "safeguard"]),
        (date(2026, 10, 5), ["conciliation", "receivership", "liquidation"]),
        (date(2026, 11, 19), ["conciliation", "receivership", "liquidation"]),
        (date(2026, 11, 20), ["receivership", "liquidation"]),
    ],
)
def test_after_the_cessation_a_conciliation_is_open_for_forty_five_days(on, may):
    assert [one.code for one in open_procedures(date(2026, 10, 5), on) if one.may] == may


def test_the_court_follows_the_form():
    assert court_of(SAS) == "le tribunal de commerce"
    assert court_of(ASSOCIATION) == "le tribunal judiciaire"
    assert len(helps()) == 4

"""The dates of a takeover: the sale told to employees under each law, the healthy path, the court's limit."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.kernel.durations import Duration
from toile.pathway.rules.takeover import Sale, TooOld, healthy, information, information_rule, observation, offers
from toile.pathway.rules.takeover_law import CERTAINTY_WORDS, takeover_law


def test_a_sale_of_december_2026_is_told_a_month_before_under_the_new_law():
    told = information(Sale(date(2026, 12, 15), employees=12, price=Decimal(240_000)))
    assert told.rule.code == "2026"
    assert (told.tell_by, told.fine) == (date(2026, 11, 15), Decimal("1200.00"))
    assert any("pas de priorité" in reason for reason in told.reasons)


def test_the_same_sale_under_the_older_law_would_cost_four_times_more():
    told = information(Sale(date(2026, 7, 20), employees=12, price=Decimal(240_000)))
    assert (told.rule.code, told.tell_by, told.fine) == ("2015", date(2026, 5, 20), Decimal("4800.00"))


def test_on_the_uncertain_day_the_longer_delay_is_counted_and_the_doubt_said():
    told = information(Sale(date(2026, 7, 26), employees=12))
    assert (told.rule.code, told.tell_by) == ("2015", date(2026, 5, 26))
    assert any("prudence" in doubt for doubt in told.doubts)
    assert information(Sale(date(2026, 7, 27), employees=12)).rule.code == "2026"
    assert not information(Sale(date(2026, 7, 20), employees=12)).doubts


def test_the_first_law_made_the_sale_void_and_had_no_fine():
    told = information(Sale(date(2015, 6, 1), employees=12, price=Decimal(100)))
    assert (told.fine, told.tell_by) == (None, date(2015, 4, 1))
    assert any("nullité" in reason for reason in told.reasons)


def test_a_committee_is_told_too_then_instead_of_employees():
    before = information(Sale(date(2026, 7, 1), employees=80, cse=True))
    after = information(Sale(date(2026, 9, 1), employees=80, cse=True))
    assert (before.whom, before.tell_by) == ("employees_and_cse", date(2026, 5, 1))
    assert (after.whom, after.tell_by, after.earliest) == ("cse", None, None)


@pytest.mark.parametrize("code", sorted(takeover_law().exclusions))
def test_an_excluded_sale_is_told_to_nobody_with_the_reason(code):
    told = information(Sale(date(2026, 12, 15), 12, Decimal(240_000), exclusions=frozenset({code})))
    assert (told.whom, told.tell_by, told.fine) == ("nobody", None, None)
    assert told.reasons == (f"{takeover_law().exclusions[code]}\u00a0: l’information n’est pas due.",)


@pytest.mark.parametrize(
    ("sale", "told"),
    [
        (Sale(date(2026, 12, 15), 0), False),
        (Sale(date(2026, 12, 15), 249), True),
        (Sale(date(2026, 12, 15), 250), False),
        (Sale(date(2026, 12, 15), 12, control=False), False),
        (Sale(date(2026, 12, 15), 12, last_told=date(2025, 12, 15)), False),
        (Sale(date(2026, 12, 15), 12, last_told=date(2025, 12, 14)), True),
    ],
)
def test_the_limits_of_the_duty(sale, told):
    assert (information(sale).whom != "nobody") is told


def test_the_sale_waits_for_the_delay_unless_every_employee_declined():
    sale = Sale(date(2026, 12, 15), 12, told_on=date(2026, 11, 20))
    assert information(sale).earliest == date(2026, 12, 20)
    assert information(sale._replace(all_declined_on=date(2026, 11, 25))).earliest == date(2026, 11, 25)
    assert information(sale._replace(told_on=None)).earliest is None


def test_a_sale_before_the_first_law_is_refused_rather_than_guessed():
    with pytest.raises(TooOld):
        information_rule(date(2014, 10, 31))


@given(st.dates(date(2014, 11, 1), date(2040, 1, 1)))
def test_every_day_falls_under_one_law_and_one_only(day):
    rules = [rule for rule in takeover_law().information if rule.start <= day and (not rule.end or day <= rule.end)]
    assert rules == [information_rule(day)]


@given(st.dates(date(2016, 1, 1), date(2040, 1, 1)), st.integers(1, 249))
def test_employees_told_on_the_last_day_allow_the_sale_on_its_day_or_a_few_days_before(day, employees):
    told = information(Sale(day, employees))
    earliest = information(Sale(day, employees, told_on=told.tell_by)).earliest
    # A month without the same day ends earlier: 31 March less one month is 28 February.
    assert day - timedelta(days=3) <= earliest <= day


def test_a_healthy_transmission_takes_six_to_eighteen_months_before_the_signature():
    path = healthy(date(2027, 6, 30))
    assert (path.start_at_latest, path.start_at_ease) == (date(2026, 12, 30), date(2025, 12, 30))
    assert path.steps[-1].at_ease == path.steps[-1].at_latest == date(2027, 6, 30)
    assert path.follow_up_until == date(2029, 6, 30)
    assert [step.at_ease for step in path.steps] == sorted(step.at_ease for step in path.steps)


def test_the_retro_plan_of_the_example_counts_from_the_limit_for_offers():
    found = offers(date(2026, 11, 13), today=date(2026, 10, 5), opened=date(2026, 10, 5))
    assert (found.given, found.left) == (39, 39)
    assert [(each.days_before, each.on, each.left) for each in found.retro] == [
        (35, date(2026, 10, 9), 4), (25, date(2026, 10, 19), 14), (15, date(2026, 10, 29), 24),
        (5, date(2026, 11, 8), 34),
    ]  # fmt: skip
    assert found.hearing_from == date(2026, 11, 28)


def test_what_should_be_done_already_has_days_left_below_nothing():
    assert [each.left for each in offers(date(2026, 11, 13), today=date(2026, 11, 1)).retro] == [-23, -13, -3, 7]


def test_the_observation_and_its_renewals():
    opened = date(2026, 10, 5)
    assert observation("redressement", opened).ends == date(2027, 4, 5)
    assert observation("redressement", opened).renewed == (date(2027, 10, 5), date(2028, 4, 5))
    assert observation("sauvegarde", opened).renewed == (date(2027, 10, 5),)
    assert observation("liquidation", opened).renewed == (date(2027, 4, 5),)


def test_every_parameter_says_where_it_comes_from_and_that_it_is_no_advice():
    law = takeover_law()
    sources = [rule.source for rule in law.information] + [court.source for court in law.courts.values()]
    for source in [*sources, law.healthy_source, law.offer_source]:
        assert source.text_fr and source.certainty in CERTAINTY_WORDS and source.checked_on
    assert "ne remplace pas" in law.advice_fr
    assert Duration(months=sum(step.most for step in law.healthy)).months == 18

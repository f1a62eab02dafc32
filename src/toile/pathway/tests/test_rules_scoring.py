"""Signals and scores: the worked example to its digits, and what a score must always be."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.pathway.rules.comparison import auc
from toile.pathway.rules.scoring import score
from toile.pathway.rules.scoring_many import score_many, table
from toile.pathway.rules.signals import Signal, UnknownSignal, weights

TODAY = date(2026, 11, 21)


def said(code: str, age: int, **more: object) -> Signal:
    return Signal(code, TODAY - timedelta(days=age), **more)


EXAMPLE = (said("accounts_late", 90), said("client_lost", 45), said("cash_1_2", 10), said("morale_low", 10))

codes = st.sampled_from(sorted(weights().levels))
days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
signals = st.builds(Signal, codes, days, st.none() | days, st.booleans())


def test_the_worked_example_comes_back_to_its_digits():
    told = score(EXAMPLE, TODAY)
    assert round(told.risk, 6) == 56.332325
    assert (told.risk_band.code, told.risk_band.within_days) == ("call_14", 14)
    assert [(one.level.code, round(one.points, 6)) for one in told.contributions] == [
        ("cash_1_2", 22.272468),
        ("client_lost", 16.817928),
        ("accounts_late", 10.114739),
        ("morale_low", 7.127190),
    ]
    assert told.potential == 0


def test_what_would_change_it_is_told_for_each_risk_the_most_useful_first():
    changes = score(EXAMPLE, TODAY).what_would_change
    assert (changes[0].family.code, round(changes[0].risk, 6), changes[0].band.code) == ("cash", 34.059857, "watch")
    assert changes[0].family.solved == "Une trésorerie d’au moins trois mois est confirmée."
    assert [change.risk for change in changes] == sorted(change.risk for change in changes)
    confirmed = score((*EXAMPLE, said("cash_3_6", 0)), TODAY)
    assert confirmed.risk == pytest.approx(changes[0].risk)


def test_doing_nothing_lowers_the_score_and_is_no_recovery():
    told = score(EXAMPLE, TODAY)
    assert round(told.decay.in_30_days, 6) == 45.326367
    assert (told.decay.under, round(told.decay.days_to_calmer, 1)) == (40, 48.4)
    assert told.decay.in_30_days == pytest.approx(score(EXAMPLE, TODAY + timedelta(days=30)).risk)
    assert "pas parce que la structure va mieux" in weights().fading


def test_potential_is_counted_apart_and_never_netted():
    grows = (said("hiring", 30), said("contract_won", 45))
    told = score((*EXAMPLE, *grows), TODAY)
    assert round(told.potential, 6) == 24.260079
    assert round(told.risk, 6) == 56.332325
    assert told.potential_band.code == "growing"
    assert [round(one.points, 6) for one in told.of("potential")] == [14.169322, 10.090757]


def test_only_the_latest_of_a_family_counts():
    told = score((said("cash_under_1", 40), said("cash_6", 5)), TODAY)
    assert told.risk == 0
    assert [one.level.code for one in told.contributions] == ["cash_6"]
    # Of two said the same day, the one given last.
    assert score((said("cash_6", 5), said("cash_under_1", 5)), TODAY).potential == 0


def test_a_liquidation_does_not_fade_until_it_is_closed():
    old = said("liquidation", 900)
    told = score((old, said("cash_under_1", 0)), TODAY)
    assert (told.risk, told.risk_band.code) == (100, "call_5")
    assert told.decay.days_to_calmer is None
    assert score((old, said("collective_closed", 3)), TODAY).risk == 0


def test_a_signal_that_is_over_or_contested_does_not_count():
    over = said("client_lost", 45, until=TODAY - timedelta(days=1))
    contested = said("cash_under_1", 2, set_aside=True)
    told = score((over, contested, said("cash_3_6", 30)), TODAY)
    assert (told.risk, told.set_aside) == (0, (contested,))
    # While it lasted, it counted; and what replaced an answer is not undone by its end.
    assert score((over,), TODAY - timedelta(days=2)).risk > 0
    assert score((said("cash_1_2", 30), said("cash_under_1", 9, until=TODAY)), TODAY).risk == 0


def test_what_is_not_said_adds_nothing_and_is_printed():
    told = score((), TODAY)
    assert (told.risk, told.potential, told.risk_band.code) == (0, 0, "quiet")
    assert [one.family.code for one in told.missing] == ["cash", "debt", "equity", "accounts", "morale"]
    stale = score((said("cash_3_6", 121), said("debt_none", 180)), TODAY)
    assert [(one.family.code, one.age) for one in stale.missing] == [
        ("cash", 121),
        ("equity", None),
        ("accounts", None),
        ("morale", None),
    ]


def test_the_weights_say_that_nobody_validated_them():
    assert "aucune étude ne les a validés" in score((), TODAY).warning


def test_no_family_tells_of_a_secret_procedure():
    words = " ".join(level.wording.lower() for level in weights().levels.values())
    assert "conciliation" not in words
    assert "mandat" not in words


def test_an_unknown_signal_is_refused_in_words():
    with pytest.raises(UnknownSignal, match="cash_under_1"):
        score((Signal("tresorerie", TODAY),), TODAY)


@pytest.mark.parametrize(
    ("points", "band"),
    [(0, "quiet"), (19.999, "quiet"), (20, "watch"), (40, "call_14"), (59.999, "call_14"), (60, "call_5")],
)
def test_a_band_begins_at_its_number(points, band):
    assert weights().band("risk", points).code == band


def test_scores_rank_who_failed_above_who_did_not():
    assert auc([46, 30, 25, 18, 10], [1, 0, 1, 0, 0]) == pytest.approx(0.833333, abs=1e-6)
    assert auc([1, 1], [True, False]) == 0.5
    assert auc([1, 2], [False, False]) is None


@given(st.lists(signals, max_size=12), days)
def test_a_score_stays_within_its_bounds_and_is_explained_whole(given_signals, on):
    told = score(given_signals, on)
    for side, value in (("risk", told.risk), ("potential", told.potential)):
        assert 0 <= value <= 100
        assert value == pytest.approx(min(100, sum(one.points for one in told.of(side))))
    families = [one.level.family for one in told.contributions]
    assert len(families) == len(set(families))
    assert all(change.risk <= told.risk for change in told.what_would_change)
    assert told.decay.in_30_days <= told.risk + 1e-9


@given(st.lists(signals, max_size=8), days, st.integers(0, 400))
def test_time_alone_never_raises_a_risk_that_nothing_new_feeds(given_signals, on, later):
    known = [one for one in given_signals if one.on <= on]
    # The end of an answer can bring nothing back: what it replaced stays replaced.
    assert score(known, on + timedelta(days=later)).risk <= score(known, on).risk + 1e-9


@given(st.lists(signals, max_size=8), days)
def test_the_day_it_gets_calmer_is_the_day_the_score_crosses(given_signals, on):
    told = score(given_signals, on)
    if told.decay.days_to_calmer is None:
        return
    lasting = [one.signal for one in told.contributions if one.level.side == "risk"]
    lasting = [Signal(one.code, one.on) for one in lasting]
    day = int(told.decay.days_to_calmer)
    assert score(lasting, on + timedelta(days=day)).risk >= told.decay.under - 1e-6
    assert score(lasting, on + timedelta(days=day + 1)).risk < told.decay.under + 1e-6


@given(st.lists(st.tuples(st.integers(0, 4), signals), max_size=30), days)
def test_many_at_once_is_the_same_rule(rows, on):
    scores = score_many(table(rows), 5, on)
    for firm in range(5):
        alone = score([signal for each, signal in rows if each == firm], on)
        assert scores.risk[firm] == pytest.approx(alone.risk, abs=1e-9)
        assert scores.potential[firm] == pytest.approx(alone.potential, abs=1e-9)
    brought = sum(one.points for f in range(5) for one in score([s for e, s in rows if e == f], on).contributions)
    assert scores.points.sum() == pytest.approx(brought, abs=1e-9)

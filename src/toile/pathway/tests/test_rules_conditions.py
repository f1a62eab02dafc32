"""The condition language: what each test says, what is not known, what is refused."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.pathway.rules.conditions import ConditionRefused, Lexicon, conditions_from, evaluate

NB = "\u00a0"

truths = st.sampled_from([True, False, None])


def holds(table: dict[str, object], facts: dict[str, object]) -> bool | None:
    return evaluate(conditions_from(table, "ici"), facts).holds


@pytest.mark.parametrize(
    ("table", "value", "expected"),
    [
        ({"among": ["create"]}, "create", True),
        ({"among": ["create"]}, "grow", False),
        ({"among": ["3"]}, 3, True),
        ({"has": ["shop"]}, ["desk", "shop"], True),
        ({"has": ["shop"]}, [], False),
        ({"at_least": 5}, 5, True),
        ({"over": 5}, 5, False),
        ({"under": Decimal("2.5")}, "2.49", True),
        ({"at_most": 0}, "0.01", False),
        ({"under": date(2026, 12, 1)}, "2026-11-30", True),
        ({"under": date(2026, 12, 1)}, "2026-12-01", False),
        ({"known": True}, 0, True),
        ({"known": False}, 0, False),
        ({"known": False}, None, True),
        ({"at_least": 5}, "beaucoup", None),
        ({"at_least": 5}, ["5"], None),
        ({"among": ["a"]}, None, None),
    ],
)
def test_each_test_says_what_it_says(table, value, expected):
    assert holds({"fact": "F", **table}, {"F": value}) is expected


def test_several_tests_of_one_table_must_all_hold():
    between = {"fact": "F", "at_least": 18, "under": 26}
    assert [holds(between, {"F": age}) for age in (17, 18, 25, 26)] == [False, True, True, False]


def test_what_was_not_asked_is_not_known_and_what_is_not_known_is_not_zero():
    assert holds({"fact": "F", "at_most": 0}, {}) is None
    assert holds({"fact": "F", "at_most": 0}, {"F": None}) is None
    assert holds({"fact": "F", "at_most": 0, "or_unknown": True}, {"F": None}) is True
    assert holds({"fact": "F", "at_most": 0, "or_unknown": True}, {"F": 1}) is False
    assert holds({"fact": "F", "at_most": 0, "or_unknown": True}, {}) is None


@given(st.lists(truths, max_size=5))
def test_all_together_follow_kleene(every):
    conditions = conditions_from([{"fact": f"F{n}", "among": ["yes"]} for n in range(len(every))], "ici")
    facts = {f"F{n}": {True: "yes", False: "no", None: None}[truth] for n, truth in enumerate(every)}
    expected = False if False in every else None if None in every else True
    assert evaluate(conditions, facts).holds is expected


@given(st.lists(truths, min_size=1, max_size=5), st.integers(0, 4))
def test_knowing_more_never_changes_what_was_settled(every, number):
    conditions = conditions_from([{"fact": f"F{n}", "among": ["yes"]} for n in range(len(every))], "ici")
    facts = {f"F{n}": {True: "yes", False: "no", None: None}[truth] for n, truth in enumerate(every)}
    before = evaluate(conditions, facts).holds
    learnt = f"F{number % len(every)}"
    if before is not None and facts[learnt] is None:
        assert {evaluate(conditions, facts | {learnt: one}).holds for one in ("yes", "no")} == {before}


def test_the_reasons_are_those_that_settle_it():
    words = Lexicon({"Q02": "But", "gap": "Argent qui manque"}, {("Q02", "create"): "créer une activité"})
    conditions = conditions_from([{"fact": "Q02", "among": ["create"]}, {"fact": "gap", "over": 0}], "ici")
    both = evaluate(conditions, {"Q02": "create", "gap": Decimal(12500)}, words)
    assert both.reasons == (f"But{NB}: créer une activité", f"Argent qui manque{NB}: 12\u202f500 (plus de 0)")
    one = evaluate(conditions, {"Q02": "create", "gap": Decimal(0)}, words)
    assert (one.holds, one.reasons, one.facts) == (False, (f"Argent qui manque{NB}: 0 (plus de 0)",), ("gap",))
    waiting = evaluate(conditions, {"Q02": "create"}, words)
    assert (waiting.holds, waiting.reasons) == (None, (f"Argent qui manque{NB}: pas encore demandé",))
    silent = evaluate(conditions, {"Q02": None, "gap": Decimal(1)}, words)
    assert silent.reasons == (f"But{NB}: ne sait pas",)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("Q02", "une liste de tables"),
        ({"among": ["a"]}, "nomme son fait"),
        ({"fact": "Q02"}, "n’essaie rien"),
        ({"fact": "Q02", "equals": 3}, "ne comprend pas"),
        ({"fact": "Q02", "among": []}, "une liste de codes"),
        ({"fact": "Q02", "over": "beaucoup"}, "un nombre ou une date"),
        ({"fact": "Q02", "over": True}, "un nombre ou une date"),
        ({"fact": "Q02", "known": "oui"}, "true ou false"),
        ({"fact": "Q02", "known": True, "or_unknown": 1}, "true ou false"),
    ],
)
def test_a_condition_that_cannot_be_read_says_where_and_why(table, said):
    with pytest.raises(ConditionRefused, match="question Q06") as refused:
        conditions_from([table] if isinstance(table, dict) else table, "question Q06")
    assert said in refused.value.message

"""Answers: how each kind is read, which questions they lead to, what contradicts, two people's merged."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.pathway.rules.answers import MISSING, contradictions, merge, progress, reachable
from toile.pathway.rules.procedure import default_procedure
from toile.pathway.rules.reading import read_all, read_form, read_value

TODAY = date(2026, 11, 21)
OURS = default_procedure()

ANY_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.floats(allow_nan=True),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)


def read(code: str, **given_parts: list[str]):
    return read_form(OURS.question(code), {key.removeprefix("_"): texts for key, texts in given_parts.items()})


@pytest.mark.parametrize(
    ("code", "parts", "value"),
    [
        ("Q01", {"_": ["group"]}, "group"),
        ("Q07", {"_": ["2"]}, 2),
        ("Q06", {"_": ["1 200"]}, 1200),
        ("Q12", {"_": ["21/11/2026"]}, "2026-11-21"),
        ("Q12", {"_": ["2026-11-21"]}, "2026-11-21"),
        ("Q19", {"_": ["place", "members"]}, ["members", "place"]),
        ("Q15", {"needed": ["12 500,5 €"], "found": [""]}, {"needed": "12500.50", "found": None}),
        ("Q03", {"_": ["  Firminy \r\n"]}, "Firminy"),
        ("Q20", {"form": ["scic"], "registered": [], "siren": ["732 829 320"]},
         {"form": "scic", "registered": None, "siren": "732829320"}),
    ],
)  # fmt: skip
def test_each_kind_is_read_as_people_write_it(code, parts, value):
    answer = read(code, **parts)
    assert (answer.refusals, answer.is_answered, answer.value) == ((), True, value)


@pytest.mark.parametrize(
    ("code", "parts", "said"),
    [
        ("Q01", {"_": ["nobody"]}, "l’une des réponses proposées"),
        ("Q06", {"_": ["beaucoup"]}, "un nombre entier"),
        ("Q06", {"_": ["-3"]}, "un nombre entier"),
        ("Q06", {"_": ["5001"]}, "de 0 à 5"),
        ("Q12", {"_": ["31/02/2026"]}, "une date"),
        ("Q12", {"_": ["1926-01-01"]}, "de 2000 à 2099"),
        ("Q15", {"needed": ["douze"]}, "une somme en euros"),
        ("Q15", {"needed": ["1.005"]}, "deux chiffres"),
        ("Q15", {"needed": ["99999999999"]}, "de 0 à 50"),
        ("Q19", {"_": ["nobody", "place"]}, "ne va avec aucune autre"),
        ("Q04", {"words": ["x" * 1501]}, "1 signes de trop"),
        ("Q20", {"siren": ["732829321"]}, "neuf chiffres"),
    ],
)
def test_what_cannot_be_kept_says_how_to_mend_it(code, parts, said):
    (refusal,) = read(code, **parts).refusals
    assert said in refusal.sentence


def test_not_to_know_is_an_answer_and_silence_is_none():
    assert (read("Q01", unknown=["1"]).is_answered, read("Q01", unknown=["1"]).value) == (True, None)
    assert read("Q01").is_answered is False
    assert read("Q01", _=["alone"], unknown=["1"]).value == "alone"


@given(st.sampled_from([q.code for q in OURS.questions]), ANY_VALUE)
def test_whatever_is_sent_is_refused_or_read_to_something_that_reads_the_same(code, value):
    answer = read_value(OURS.question(code), value)
    if not answer.refusals:
        assert read_value(OURS.question(code), answer.value) == answer


def test_a_question_that_does_not_exist_is_said():
    kept, refused = read_all(OURS, {"Q01": "alone", "Q99": 3, "Q06": "?"})
    assert kept == {"Q01": "alone"}
    assert set(refused) == {"Q99", "Q06"}


def codes(answers: dict[str, object]) -> list[str]:
    return [question.code for question in reachable(OURS, answers, TODAY)]


def test_only_the_questions_that_the_answers_lead_to_are_asked():
    assert "Q06" not in codes({})  # Q02 is not asked yet: nothing is settled.
    alone = codes({"Q01": "alone", "Q02": "create"})
    assert {"Q06", "Q09", "Q10"} <= set(alone)
    assert not {"Q12", "Q16", "Q22", "Q23", "Q24"} & set(alone)
    assert {"Q22", "Q23"} <= set(codes({"Q01": "group", "Q02": "takeover"}))
    assert "Q24" in codes({"Q01": "existing", "Q02": "grow"})


def test_a_gap_in_the_money_leads_to_the_question_on_loans():
    assert "Q16" in codes({"Q15": {"needed": "10000.00", "found": "2500.00"}})
    assert "Q16" not in codes({"Q15": {"needed": "2500.00", "found": "2500.00"}})
    assert "Q16" not in codes({"Q15": {"needed": "10000.00", "found": None}})


def test_not_to_know_closes_no_branch_about_the_person():
    assert {"Q06", "Q09", "Q10"} <= set(codes({"Q01": None, "Q02": None}))


def test_an_answer_of_a_branch_left_opens_nothing():
    answers = {"Q01": "alone", "Q02": "create", "Q09": "job_seeker"}
    assert "Q12" in codes(answers)
    assert "Q12" not in codes(answers | {"Q01": "existing"})


def test_progress_counts_what_is_not_known_and_leaves_out_what_is_optional():
    before = progress(OURS, {}, TODAY)
    after = progress(OURS, {"Q01": None, "Q11": 10}, TODAY)
    assert before.answered == 0
    assert "Q11" not in before.missing
    assert after.answered == 2
    assert "Q01" not in after.missing
    assert not after.is_complete


SHARES = {"sales": 60, "subsidies": 30, "gifts": 10, "fees": 0}


@pytest.mark.parametrize(
    ("answers", "known", "code", "questions"),
    [
        ({"Q13": SHARES | {"fees": 5}}, {}, "shares", ("Q13",)),
        ({"Q17": "me", "Q20": {"form": "scop", "registered": None, "siren": None}}, {}, "me_and_scop", ("Q17", "Q20")),
        (
            {"Q01": "alone", "Q10": "under_18", "Q15": {"needed": "900.00", "found": "0.00"}, "Q16": "loan"},
            {}, "minor_and_loan", ("Q10", "Q16"),
        ),
        (
            {"Q20": {"form": "scop", "registered": "yes", "siren": "732829320"}},
            {"siren_closed": "yes"}, "closed_siren", ("Q20",),
        ),
    ],
)  # fmt: skip
def test_answers_that_contradict_each_other_are_asked_back(answers, known, code, questions):
    (found,) = contradictions(OURS, answers, TODAY, known)
    assert (found.code, found.questions) == (code, questions)


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"Q13": SHARES},
        {"Q13": SHARES | {"fees": None}},
        {"Q13": None},
        {"Q17": "me", "Q20": {"form": "cae", "registered": None, "siren": None}},
        {"Q01": "alone", "Q10": None, "Q15": {"needed": "9.00", "found": "0.00"}, "Q16": "loan"},
        # Under 18 and a loan, but of a branch that was left: no longer asked, it contradicts nothing.
        {"Q01": "existing", "Q10": "under_18", "Q15": {"needed": "9.00", "found": "0.00"}, "Q16": "loan"},
    ],
)
def test_what_is_not_known_contradicts_nothing(answers):
    assert contradictions(OURS, answers, TODAY) == ()


answers_of_two = st.dictionaries(st.sampled_from("ABCD"), st.sampled_from(["x", "y", None]), max_size=4)


def test_two_people_who_change_two_questions_lose_nothing():
    merged = merge({"A": "x", "B": "x"}, {"A": "mine", "B": "x"}, {"A": "x", "B": "theirs"})
    assert (merged.answers, merged.conflicts) == ({"A": "mine", "B": "theirs"}, ())


def test_two_people_who_change_one_question_see_both_values():
    merged = merge({"A": "x"}, {"A": "mine"}, {"A": "theirs"})
    assert merged.answers == {"A": "theirs"}
    (conflict,) = merged.conflicts
    assert (conflict.base, conflict.mine, conflict.theirs) == ("x", "mine", "theirs")


def test_not_to_know_is_not_to_be_silent():
    (conflict,) = merge({}, {"A": None}, {"A": "x"}).conflicts
    assert (conflict.base, conflict.mine) == (MISSING, None)


@given(answers_of_two, answers_of_two, answers_of_two)
def test_a_merge_keeps_what_either_changed_and_is_the_same_from_both_sides_but_for_conflicts(base, mine, theirs):
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)
    conflicting = {conflict.question for conflict in one.conflicts}
    assert conflicting == {conflict.question for conflict in other.conflicts}
    for code in set(base) | set(mine) | set(theirs) - conflicting:
        if code not in conflicting:
            assert one.answers.get(code, MISSING) == other.answers.get(code, MISSING)
            kept = one.answers.get(code, MISSING)
            changed = [
                side.get(code, MISSING) for side in (mine, theirs) if side.get(code, MISSING) != base.get(code, MISSING)
            ]
            assert kept == (changed[0] if changed else base.get(code, MISSING))

"""Which value of a field is shown, whatever the order in which sources spoke."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from toile.directory.rules.assembly import HIDDEN, Statement, assemble, says_something


def said(value, rank, source="s", *, field="name", record="r", said_on=None):
    return Statement(field, value, str(value), record, source, rank, said_on)


def test_own_correction_wins_over_curated_list_over_sirene_over_scraped():
    statements = [said("scraped", 10), said("sirene", 30), said("curated", 60), said("own", 100)]
    chosen = assemble(statements)["name"]
    assert chosen.value == "own"
    assert [other.value for other in chosen.others] == ["curated", "sirene", "scraped"]


def test_at_equal_rank_the_more_recent_wins_and_a_day_wins_over_no_day():
    old, new, undated = (
        said("old", 60, said_on=date(2019, 1, 1)),
        said("new", 60, said_on=date(2025, 1, 1)),
        said("?", 60),
    )
    chosen = assemble([undated, old, new])["name"]
    assert [chosen.value, *(other.value for other in chosen.others)] == ["new", "old", "?"]


def test_silence_and_hidden_values_are_never_chosen_over_a_value():
    for silent in (None, "", "  ", HIDDEN):
        assert assemble([said(silent, 100), said("value", 10)])["name"].value == "value"
        assert assemble([said(silent, 100)]) == {}
        assert assemble([said(silent, 100), said(None, 10)]) == {}


def test_false_and_zero_are_values():
    assert assemble([said(False, 100), said(True, 10)])["name"].value is False
    assert assemble([said(0, 100), said(3, 10)])["name"].value == 0


def test_the_record_a_person_preferred_wins_for_that_field_only_and_only_when_it_speaks():
    statements = [
        said("a", 100, "own"), said("b", 30, "sirene_unit", record="unit"),
        said("c", 100, "own", field="city"), said("d", 30, "sirene_unit", field="city", record="unit"),
    ]  # fmt: skip
    chosen = assemble(statements, {"name": "unit"})
    assert (chosen["name"].value, chosen["city"].value) == ("b", "c")
    silent = said("", 30, "sirene_unit", record="unit")
    assert assemble([said("a", 100, "own"), silent], {"name": "unit"})["name"].value == "a"


STATEMENTS = st.lists(
    st.builds(
        Statement,
        field=st.sampled_from(["name", "city", "naf"]),
        value=st.sampled_from([None, "", HIDDEN, "a", "b", "c", 0, 1, True]),
        original=st.sampled_from(["", "a", "b"]),
        record=st.sampled_from(["r1", "r2", "r3"]),
        source=st.sampled_from(["own", "siae_list", "sirene_unit"]),
        rank=st.sampled_from([10, 30, 60, 100]),
        said_on=st.sampled_from([None, date(2020, 1, 1), date(2025, 6, 1)]),
    ),
    max_size=12,
    unique_by=lambda s: (s.field, s.source, s.record),
)
PREFERENCES = st.dictionaries(st.sampled_from(["name", "city"]), st.sampled_from(["r1", "r2", "absent"]))


@given(STATEMENTS, PREFERENCES, st.randoms())
def test_the_result_does_not_depend_on_the_order_of_the_statements(statements, preferences, random):
    shuffled = random.sample(statements, len(statements))
    assert assemble(shuffled, preferences) == assemble(statements, preferences)


@given(STATEMENTS)
def test_a_statement_that_speaks_with_a_higher_rank_always_wins(statements):
    for field, chosen in assemble(statements).items():
        ranks = [s.rank for s in statements if s.field == field and says_something(s.value)]
        assert chosen.statement.rank == max(ranks)


@given(STATEMENTS, PREFERENCES)
def test_every_chosen_value_was_said_and_no_statement_is_lost(statements, preferences):
    chosen = assemble(statements, preferences)
    for field, choice in chosen.items():
        assert choice.statement in statements
        assert choice.value is choice.statement.value
        assert says_something(choice.value)
        assert len(choice.others) + 1 == sum(s.field == field for s in statements)
    assert {s.field for s in statements if says_something(s.value)} == set(chosen)

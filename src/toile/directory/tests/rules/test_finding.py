"""The title of the chart of classes says what the counts show, and no more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.directory.rules.display import DISPLAY_CLASSES
from toile.directory.rules.finding import MANY, finding


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        (
            {"association": 297, "cooperative": 52, "societe": 63},
            "Sept structures de l’annuaire sur dix sont des associations",
        ),
        ({"association": 65, "mutuelle": 35}, "Sept structures de l’annuaire sur dix sont des associations"),
        ({"association": 64, "mutuelle": 36}, "Six structures de l’annuaire sur dix sont des associations"),
        ({"cooperative": 96, "mutuelle": 4}, "Presque toutes les structures de l’annuaire sont des coopératives"),
        ({"association": 3}, "Toutes les structures de l’annuaire sont des associations"),
        ({"association": 4, "mutuelle": 2}, "4 structures de l’annuaire sur 6 sont des associations"),
        (dict.fromkeys(MANY, 10), "Aucune famille ne domine l’annuaire"),
    ],
)
def test_the_finding(counts, sentence):
    assert str(finding(counts)) == sentence


def test_every_class_has_its_plural():
    assert set(MANY) == {shown.glyph for shown in DISPLAY_CLASSES.values()}


@given(st.dictionaries(st.sampled_from(sorted(MANY)), st.integers(1, 10**6), min_size=1))
def test_any_counts_have_a_finding(counts):
    assert "%" not in str(finding(counts))

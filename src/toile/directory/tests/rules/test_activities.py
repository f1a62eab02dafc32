"""What organisations do: the list itself, and what tells an activity."""

import csv
import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.directory.rules.activities import activities_of, taxonomy
from toile.kernel.fold import fold
from toile.kernel.identifiers import clean_naf


def codes(*asked):
    return [match.code for match in activities_of(*asked)]


def test_the_list_is_short_grouped_and_labelled_once():
    known = taxonomy()
    assert 35 <= len(known.activities) <= 45
    assert len(known.groups) == 10
    labels = [activity.label_fr for activity in known.activities.values()]
    assert len(set(labels)) == len(labels)
    assert {activity.group for activity in known.activities.values()} == set(known.groups)


def test_the_words_of_the_list_are_written_as_folded_text():
    for activity in taxonomy().activities.values():
        for word in activity.words:
            assert fold(word) == word


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Épicerie sociale et solidaire du Crêt", "grocery"),
        ("VRAC EN VERT", "bulk"),
        ("Supermarché coopératif", "coop_store"),
        ("Café associatif Chez Lulu", "cafe"),
        ("Coopérative d’habitants des Tilleuls", "housing"),
        ("Ressourcerie du Gier", "reuse"),
        ("Atelier vélo du Crêt", "mobility"),
        ("Centrales villageoises du Pilat", "energy"),
        ("CIGALES de la Loire", "finance"),
        ("Radio Dio", "media"),
        ("Crèche Les Petits Pas", "childhood"),
        ("Coopérative d’activité et d’emploi", "business_support"),
        ("Coopérative Jeunesse de Services", "popular_education"),
        ("Artisans du monde", "international"),
    ],
)
def test_the_name_tells_an_activity_and_says_which_word(name, code):
    match = next(match for match in activities_of(None, name) if match.code == code)
    assert match.why.startswith("le nom dit")


@pytest.mark.parametrize(
    ("naf", "code"),
    [
        ("88.91A", "childhood"), ("88.10A", "home_care"), ("88.10C", "disability"), ("93.12Z", "sport"),
        ("01.13Z", "farming"), ("43.34Z", "building"), ("81.30Z", "green_spaces"), ("74.10Z", "design"),
        ("62.01Z", "digital"), ("90.01Z", "culture"), ("64.19Z", "finance"), ("79.90Z", "tourism"),
        ("88.91G", "childhood"), ("74.12Y", "design"), ("95.29G", "mobility"),
    ],
)  # fmt: skip
def test_the_activity_code_tells_an_activity_in_both_nomenclatures(naf, code):
    assert codes(naf, None) == [code]


def test_what_is_given_comes_first_and_an_activity_is_told_once_by_its_best_reason():
    found = activities_of("81.30Z", "Jardin et paysage", ["green_spaces", "nowhere"])
    assert [match.code for match in found] == ["green_spaces", "farming"]
    assert found[0].why.startswith("dit par")


def test_a_word_asked_whole_is_not_found_inside_another():
    assert "culture" not in codes(None, "Artisanat du Gier")
    assert "culture" in codes(None, "Art et partage")


def test_an_association_without_more_has_no_activity_guessed():
    assert codes("94.99Z", "Captain Ludd") == []
    assert codes(None, None) == []


@given(st.one_of(st.none(), st.text()), st.one_of(st.none(), st.text()), st.lists(st.text()))
def test_no_text_raises_and_only_codes_of_the_list_come_out(naf, name, given_codes):
    found = codes(naf, name, given_codes)
    assert set(found) <= set(taxonomy().activities)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(("edition", "field"), [("rev-2", "naf"), ("2025", "naf_2025")])
def test_every_beginning_of_code_exists_in_its_nomenclature(shared_data, edition, field):
    path = shared_data / f"nomenclatures/annuaire-site/codes-naf-{edition}.json"
    listed = tuple(json.loads(path.read_text(encoding="utf-8")))
    for activity in taxonomy().activities.values():
        for beginning in getattr(activity, field):
            assert any(code.startswith(beginning) for code in listed), (activity.code, beginning)


def test_most_structures_of_the_siae_list_get_an_activity(shared_data):
    with (shared_data / "siae/siaes.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    found = [codes(clean_naf(row["naf"]).code, f"{row['name']} {row['brand']}") for row in rows]
    told = sum(bool(one) for one in found)
    assert told / len(rows) > 0.8
    most = [code for code, _ in Counter(code for one in found for code in one).most_common(2)]
    assert most == ["insertion", "solidarity"]

"""Which records are one structure: worked cases of the trade, with invented names, and what holds for any two names."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.directory.rules.matching.blocking import Blocks, blocked_pairs
from toile.directory.rules.matching.comparing import Comparison, beside, compare, compare_names
from toile.directory.rules.matching.pairing import corpus_of, pair_up
from toile.directory.rules.matching.parameters import CONDITIONS, MATCHING_TOML, parameters
from toile.directory.rules.matching.preparing import Profile, Spot, domain_of, prepare
from toile.directory.rules.matching.reasons import FORGOTTEN, SENTENCES, Reason, sentence
from toile.directory.rules.matching.words import Corpus, corpus, words_of

LYON = Spot("69123", "Lyon", "69001")
GRENOBLE = Spot("38185", "Grenoble", "38000")
HERE = Spot("42218", "Saint-Étienne", "42000")
KNOWN = corpus(
    ["Navette Emploi", "Les Jardins de la Navette", "Boussole Services", "Emploi et Services"],
    ["Lyon", "Grenoble", "Saint-Étienne"],
)
SIRENS = ("732829320", "552100554")


def profile(*names: str, spot: Spot | None = HERE, **said: Any) -> Profile:
    return Profile(said.pop("id", names[0] + str(sorted(said))), names, spots=(spot,) if spot else (), **said)


def codes(comparison: Comparison) -> set[str]:
    return {reason.code for reason in comparison.reasons}


SURE_HERE = [
    ("Association La Boussole Solidaire", "LA BOUSSOLE SOLIDAIRE"),
    ("Assoc. Récup’Étoffe", "RECUP ETOFFE"),
    ("Ste-Barbe Recyclerie", "Recyclerie Sainte Barbe"),
    ("Ressourcerie Tisserands", "RESSOURCERIE TISSERNADS"),
    ("Ferme de Châtaignolles SCOP", "Chataignolles (La Ferme de)"),
    ("T.R.A.M.E.", "T R A M E"),
    ("Audiofil", "Audio-Fil"),
    ("Tisserands Saint-Étienne", "Les Tisserands"),
]


@pytest.mark.parametrize(("first", "second"), SURE_HERE)
def test_one_name_written_twice_in_one_commune_is_sure(first: str, second: str) -> None:
    compared = compare(profile(first), profile(second), KNOWN)
    assert (compared.certainty, compared.rule) == ("sure", "one_name_one_place"), compared


NEVER_HERE = [
    ("Emmaboussole Lyon", "Emmaboussole Grenoble"),
    ("Cap Colline 3", "Cap Colline 8"),
    ("La Boussole", "Les Tisserands"),
    ("Navette Emploi", "Boussole Emploi"),
    ("Association", "Association"),
]


@pytest.mark.parametrize(("first", "second"), NEVER_HERE[:3])
def test_other_places_other_numbers_or_other_words_are_two_structures(first: str, second: str) -> None:
    spot = Spot("42207", "Saint-Chamond", "42400")
    assert compare(profile(first, spot=spot), profile(second, spot=spot), KNOWN).certainty == "none"


@pytest.mark.parametrize(("first", "second"), NEVER_HERE)
def test_what_half_of_the_names_say_makes_nothing_sure(first: str, second: str) -> None:
    known = corpus(
        [f"{word} {other}" for word in ("Navette", "Emploi") for other in map(str, range(400))], ["Lyon", "Grenoble"]
    )
    assert compare(profile(first, spot=LYON), profile(second, spot=LYON), known).certainty != "sure"


def test_the_same_name_in_two_communes_is_for_a_person_to_look_at() -> None:
    compared = compare(profile("La Boussole Étoilée", spot=LYON), profile("LA BOUSSOLE ETOILEE", spot=GRENOBLE), KNOWN)
    assert (compared.certainty, compared.rule) == ("check", "one_name_elsewhere")
    assert {"same_name", "other_commune"} <= codes(compared)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("AFRT", "Association pour la Fabrique et la Réparation de Tissus"),
        ("FRT", "Association pour la Fabrique et la Réparation de Tissus"),
        ("FELRDT", "Fabrique et la Réparation de Tissus"),
        ("F.R.T.", "ASSOC FABRIQUE REPARATION TISSUS"),
    ],
)
def test_initials_are_told_with_and_without_small_and_legal_words(short: str, long: str) -> None:
    for pair in ((short, long), (long, short)):
        assert compare(profile(pair[0]), profile(pair[1]), KNOWN).names.level == "acronym"
    assert compare(profile("FXT"), profile(long), KNOWN).names.level == "none"


def test_a_given_acronym_speaks_for_its_structure() -> None:
    compared = compare(profile("Horizon Solidaire", acronyms=("F.R.T.",)), profile("Fabrique Réparation Tissus"), KNOWN)
    assert compared.certainty == "check"
    assert "acronym" in codes(compared)


def test_an_acronym_is_sure_when_it_is_the_only_one_of_the_commune() -> None:
    long, other = profile("Fabrique Réparation Tissus", id=1), profile("Filature des Roches Tendres", id=2)
    found = pair_up([long, profile("FRT", id=3)])
    assert [(pair.first, pair.second, pair.comparison.rule) for pair in found.pairs] == [
        (1, 3, "only_acronym_of_the_commune")
    ]
    both = pair_up([long, other, profile("FRT", id=3)])
    assert {(pair.first, pair.second, pair.comparison.certainty) for pair in both.pairs} == {
        (1, 3, "check"),
        (2, 3, "check"),
    }


def test_a_shorter_name_is_sure_only_where_nothing_else_resembles_it() -> None:
    short, long = profile("Boussole", id=1), profile("Boussole Insertion", id=2)
    assert pair_up([short, long]).pairs[0].comparison.rule == "only_name_of_the_commune"
    three = pair_up([short, long, profile("Boussole Chantiers", id=3)])
    assert three.count("sure") == 0


def test_identifiers_decide_before_names() -> None:
    one = profile("La Boussole", sirens=frozenset({SIRENS[0]}))
    same = profile("Tout Autre Chose", sirets=frozenset({SIRENS[0] + "00074"}), spot=LYON)
    other = profile("La Boussole", sirens=frozenset({SIRENS[1]}))
    assert (compare(one, same, KNOWN).certainty, compare(one, same, KNOWN).score) == ("sure", 1.0)
    refused = compare(one, other, KNOWN)
    assert (refused.certainty, refused.score, "other_siren" in codes(refused)) == ("none", 0.0, True)


def test_two_sirens_and_one_rna_are_looked_at_and_two_rna_are_two_associations() -> None:
    one = profile("La Boussole", sirens=frozenset({SIRENS[0]}), rnas=frozenset({"W421000001"}))
    other = profile("La Boussole", sirens=frozenset({SIRENS[1]}), rnas=frozenset({"W421000001"}))
    assert compare(one, other, KNOWN).certainty == "check"
    two = profile("La Boussole", rnas=frozenset({"W421000002"}))
    assert compare(profile("La Boussole", rnas=frozenset({"W421000001"})), two, KNOWN).certainty == "none"


def test_what_is_missing_is_no_evidence() -> None:
    bare, full = profile("La Boussole", spot=None), profile("La Boussole", activities=frozenset({"88.99B"}))
    compared = compare(bare, full, KNOWN)
    assert not any(reason.speaks_against for reason in compared.reasons)
    assert compared.found["activity"] == compared.found["site"] == "unknown"


def test_two_kinds_of_insertion_structure_under_one_name_are_looked_at() -> None:
    assert compare(profile("Tisserands ACI"), profile("Tisserands AI"), KNOWN).certainty == "check"


def test_a_page_hosted_among_thousands_is_no_site_of_its_own() -> None:
    assert domain_of("https://www.boussole.example/accueil") == "boussole.example"
    assert [domain_of(text) for text in ("https://facebook.com/boussole", "x", "http://[mal", "")] == [""] * 4


def test_a_name_being_typed_is_compared_without_a_corpus() -> None:
    assert compare_names("les tisserans", "Les Tisserands").names.level == "nearly"
    assert compare_names("les tisserans", "Les Tisserands", commune="Lyon").certainty == "sure"
    assert compare_names("", "Les Tisserands").certainty == "none"


def test_every_reason_is_a_sentence_and_survives_its_storage() -> None:
    compared = compare(profile("Boussole Lyon", spot=LYON), profile("Boussole Emploi", spot=GRENOBLE), KNOWN)
    assert compared.reasons
    for reason in beside(compared, KNOWN, only=True, best=True, close=1.0).reasons:
        kept = Reason.of_json(reason.as_json())
        assert (kept.code, kept.values) == (reason.code, reason.values)
        said = str(sentence(kept))
        assert said != FORGOTTEN
        assert said.endswith(".")
        assert "%(" not in said
    assert str(sentence(Reason("disappeared"))) == str(sentence(Reason("same_siren"))) == FORGOTTEN


def test_every_rule_is_cited_and_dated_and_every_reason_is_used() -> None:
    for rule in parameters().rules:
        assert rule.source
        assert rule.checked_on <= date.today()  # noqa: DTZ011 -- a day, of any zone
        assert set(rule.needs) <= set(CONDITIONS)
    code = "".join(path.read_text(encoding="utf-8") for path in MATCHING_TOML.parent.glob("*.py"))
    told = {f"other_{clash}" for clash in ("places", "numbers")}
    assert [name for name in SENTENCES if code.count(f'"{name}"') < 2 and name not in told] == []


# --- For any two names ------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    ["navette", "tisserands", "boussole", "emploi", "services", "lyon", "grenoble", "association", "42", "aci", "fil"]
)
NAMES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join) | st.text(max_size=30)
SPOTS = st.sampled_from([None, LYON, GRENOBLE, HERE])


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    spot = draw(SPOTS)
    return Profile(
        draw(st.integers(0, 10**6)),
        tuple(draw(st.lists(NAMES, min_size=1, max_size=2))),
        sirens=frozenset(draw(st.lists(st.sampled_from(SIRENS), max_size=1))),
        spots=(spot,) if spot else (),
        activities=frozenset(draw(st.lists(st.sampled_from(["88.99B", "94.99Z"]), max_size=1))),
    )


@given(profiles(), profiles())
def test_the_order_does_not_count_and_a_score_is_a_share(one: Profile, other: Profile) -> None:
    there, back = compare(one, other, KNOWN), compare(other, one, KNOWN)
    assert there.score == pytest.approx(back.score)
    assert (there.certainty, there.rule) == (back.certainty, back.rule)
    assert 0 <= there.score <= 1


@given(profiles(), profiles())
def test_two_sirens_are_never_one_structure(one: Profile, other: Profile) -> None:
    first = Profile(one.id, one.names, sirens=frozenset({SIRENS[0]}), spots=one.spots)
    second = Profile(other.id, other.names, sirens=frozenset({SIRENS[1]}), spots=other.spots)
    assert compare(first, second, KNOWN).certainty == "none"


@given(profiles(), profiles())
def test_one_more_thing_in_common_never_lowers_the_score(one: Profile, other: Profile) -> None:
    before = compare(one, other, KNOWN).score
    shared = {"website": "https://commun.example/"}
    first = Profile(one.id, one.names, (), one.sirens, spots=one.spots, activities=one.activities, **shared)
    second = Profile(other.id, other.names, (), other.sirens, spots=other.spots, activities=other.activities, **shared)
    assert compare(first, second, KNOWN).score >= before


@given(NAMES)
def test_a_name_is_itself(name: str) -> None:
    words = words_of(name)
    compared = compare(profile(name, id=1), profile(name, id=2), KNOWN)
    assert compared.names.level == ("same" if words else "none")


@given(st.lists(NAMES, min_size=13, max_size=30))
def test_no_pair_that_is_sure_by_its_names_in_a_commune_is_left_uncompared(names: list[str]) -> None:
    several = [profile(name, id=at) for at, name in enumerate(names)]
    known = corpus_of(several)
    ready = [prepare(one, known) for one in several]
    seen = {tuple(sorted(pair)) for pair in blocked_pairs(ready, known, Blocks())}
    for a, one in enumerate(several):
        for b in range(a):
            if compare(one, several[b], known).certainty == "sure":
                assert (b, a) in seen, (one.names, several[b].names)


def test_a_block_too_large_is_reported_and_not_silently_dropped() -> None:
    several = [profile(f"Tisserands {'abcdefghij'[at % 10]}{at}", id=at) for at in range(400)]
    found = pair_up(several)
    assert found.oversized["42218 tisserands"] == 400
    assert found.compared < 400 * 399 / 2


def test_records_without_a_place_find_those_that_have_one() -> None:
    found = pair_up([profile("Ressourcerie Tisserands", id=1), profile("Ressourcerie Tiserands", spot=None, id=2)])
    assert [(pair.first, pair.second, pair.comparison.certainty) for pair in found.pairs] == [(1, 2, "check")]


def test_the_best_of_both_in_a_commune_is_sure_and_two_as_near_are_not() -> None:
    long, typed = "Ressourcerie Colline Tisserands", "Ressourceire Colinne Tiserrands Pantin"
    (pair,) = pair_up([profile(long, id=1), profile(typed, id=2), profile("Boussole Étoilée", id=3)]).pairs
    assert (pair.first, pair.second, pair.comparison.certainty) == (1, 2, "sure")
    siblings = [profile(f"Boussole Étoilée {word}", id=at) for at, word in enumerate(("Nord", "Sud"))]
    found = pair_up([*siblings, profile("Boussole Étoilée", id=2)])
    assert found.count("sure") == 0


def test_the_only_name_near_another_is_not_sure_when_it_is_far_from_it() -> None:
    found = pair_up([profile("Boussole des Tisserands Réunis", id=1), profile("Boussole Informatique", id=2)])
    assert found.count("sure") == 0


def test_without_a_place_the_best_of_both_needs_one_activity_and_no_other_words() -> None:
    one, other = "Châtaignolles Horizons Réunis", "Chatignoles Horizons"
    same = {"spot": None, "activities": frozenset({"88.99B"})}
    assert pair_up([profile(one, id=1, **same), profile(other, id=2, **same)]).count("sure") == 1
    apart = {"spot": None, "activities": frozenset({"62.01Z"})}
    assert pair_up([profile(one, id=1, **same), profile(other, id=2, **apart)]).count("sure") == 0
    words = [profile("Colline Solutions", id=1, **same), profile("Navette Solutions", id=2, **same)]
    assert pair_up(words).count("sure") == 0


def test_an_empty_corpus_is_no_error() -> None:
    assert pair_up([]).pairs == []
    assert pair_up([Profile(1, ()), Profile(2, ("",))], Corpus()).pairs == []

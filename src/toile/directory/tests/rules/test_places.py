"""The commune of an organisation: what each writing gives, and what stays unknown with its reason."""

import csv
import json
from collections import Counter, defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.directory.rules.places import Place, by_name, resolve_commune

pytestmark = pytest.mark.slow

NAMES = {
    "42218": "Saint-Étienne", "42189": "Roche-la-Molière", "42044": "Le Chambon-Feugerolles", "42207": "Saint-Chamond",
    "42190": "Rochetaillée", "69383": "Lyon 3e Arrondissement", "69123": "Lyon", "42095": "Firminy",
    "42132": "Sainte-Croix-en-Jarez",
}  # fmt: skip
BY_POSTAL = {
    "42000": ["42218"], "42100": ["42218", "42190"], "42230": ["42189", "42218"], "42500": ["42044"],
    "42400": ["42207"], "69003": ["69383"], "42800": ["42132", "42207"],
}  # fmt: skip
ROLLED_UP = {"42190": "42218", "69383": "69123"}
CODES = by_name(NAMES)


def place(code=None, postal=None, city=None):
    return resolve_commune(code, postal, city, BY_POSTAL, NAMES, ROLLED_UP, CODES)


def test_the_commune_code_comes_first():
    assert place("42218", "42000", "anything") == Place("42218")
    assert place("42218.0") == Place("42218")


def test_an_old_or_delegated_commune_rolls_up_to_the_present_one():
    assert place("42190") == Place("42218")
    assert place("69383", "69003", "LYON") == Place("69123")


def test_a_commune_code_against_its_postal_code_is_kept_with_a_doubt():
    found = place("42218", "42500")
    assert found.code == "42218"
    assert "42500" in str(found.doubt)


def test_an_unknown_commune_code_leaves_the_postal_code_to_decide_and_is_told():
    found = place("99999", "42230", "St Étienne")
    assert found.code == "42218"
    assert "99999" in str(found.doubt)


@pytest.mark.parametrize(
    "city",
    ["SAINT ETIENNE", "St-Étienne", "SAINT-ETIENNE CEDEX 1", "42230 ST ETIENNE", "Saint\u00a0Étienne", "ST. ETIENNE"],
)
def test_a_shared_postal_code_is_told_by_the_name_of_the_city(city):
    assert place(None, "42230", city) == Place("42218")


def test_sainte_and_a_missing_article_are_understood():
    assert place(None, "42800", "STE CROIX EN JAREZ") == Place("42132")
    assert place(None, "42500", "CHAMBON FEUGEROLLES (LE)") == Place("42044")


def test_a_district_of_a_large_city_is_the_city():
    for city in ("LYON", "LYON 3EME", "Lyon 3e arrondissement", "LYON 03"):
        assert place(None, "69003", city) == Place("69123")


def test_an_associated_commune_named_by_its_city_is_the_commune_that_holds_it():
    assert place(None, "42100", "Rochetaillée") == Place("42218")


def test_a_postal_code_with_one_commune_deduces_it_and_another_city_makes_a_doubt():
    assert place(None, "42000") == Place("42218", True)
    found = place(None, "42500", "Bellevue")
    assert (found.code, found.deduced) == ("42044", True)
    assert "Bellevue" in str(found.doubt)


def test_a_shared_postal_code_without_a_city_stays_unknown_and_says_why():
    assert place(None, "42230").code is None
    assert "2 communes" in str(place(None, "42230").doubt)
    assert "Bellevue" in str(place(None, "42230", "Bellevue").doubt)


def test_a_cedex_code_is_deduced_from_a_city_alone_of_its_name_in_the_department():
    found = place(None, "42007", "SAINT ETIENNE CEDEX 1")
    assert (found.code, found.deduced) == ("42218", True)
    assert found.doubt
    assert place(None, "63007", "SAINT ETIENNE CEDEX 1").code is None


def test_nothing_said_stays_unknown_with_a_reason():
    for found in (place(), place("", "", ""), place(None, "lala", "Saint-Étienne"), place(None, "75001", "Paris")):
        assert found.code is None
        assert found.doubt


@given(st.text(), st.text(), st.text())
def test_no_text_raises_and_a_commune_is_always_a_known_present_one(code, postal, city):
    found = place(code, postal, city)
    assert found.code is None or found.code in NAMES
    assert found.code not in ROLLED_UP
    assert found.code is not None or found.doubt


@given(st.sampled_from(sorted(BY_POSTAL)), st.sampled_from(sorted(NAMES.values())))
def test_a_code_deduced_or_not_is_one_of_those_of_the_postal_code(postal, city):
    found = place(None, postal, city)
    present = {ROLLED_UP.get(code, code) for code in BY_POSTAL[postal]}
    assert found.code is None or found.code in present


def test_a_name_that_changed_its_end_is_read_as_the_commune_and_told():
    names = {"16206": "Mansle-les-Fontaines", "16001": "Aunac", "62108": "Berck", "62826": "Le Touquet"}
    by_postal = {"16230": ["16206", "16001"], "62600": ["62108", "62826"]}
    found = resolve_commune(None, "16230", "Mansle", by_postal, names)
    assert (found.code, found.deduced) == ("16206", True)
    assert "Mansle-les-Fontaines" in str(found.doubt)
    assert resolve_commune(None, "62600", "BERCK SUR MER", by_postal, names).code == "62108"


def test_a_cedex_code_of_corsica_finds_its_commune():
    names = {"2A004": "Ajaccio"}
    assert resolve_commune(None, "20186", "AJACCIO CEDEX 2", {}, names, None, by_name(names)).code == "2A004"


def communes_of(shared_data):
    """Names (the present commune's where a delegated one shares its code), postal codes and roll-up."""
    communes = json.loads((shared_data / "territory/communes.json").read_text(encoding="utf-8"))
    names, rolled_up, by_postal = {}, {}, defaultdict(list)
    for commune in sorted(communes, key=lambda c: c["type"] != "commune-actuelle"):
        names.setdefault(commune["code"], commune["nom"])
        chief = commune.get("chefLieu") or commune.get("commune") or commune["code"]
        if chief != commune["code"]:
            rolled_up[commune["code"]] = chief
        for postal in commune.get("codesPostaux", ()):
            by_postal[postal].append(commune["code"])
    return by_postal, names, rolled_up, by_name(names)


def test_the_siae_of_the_real_list_find_their_commune(shared_data):
    communes = communes_of(shared_data)
    with (shared_data / "siae/siaes.csv").open(encoding="utf-8", newline="") as lines:
        found = [resolve_commune(None, row["post_code"], row["city"], *communes) for row in csv.DictReader(lines)]
    told = Counter("unknown" if p.code is None else "deduced" if p.deduced else "said" for p in found)
    assert told == {"said": 2651, "deduced": 36, "unknown": 12}
    with (shared_data / "territory/sem_53_communes.csv").open(encoding="utf-8", newline="") as lines:
        members = {row["code_insee"] for row in csv.DictReader(lines)}
    # One more than the list's own count by city and postal code: a CEDEX code.
    assert Counter(p.deduced for p in found if p.code in members) == {False: 18, True: 1}

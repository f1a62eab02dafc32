"""What the public documents name: every quotation is theirs, every trap of the domain is avoided."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

DEMO = Path(__file__).resolve().parents[1]
KINDS = {"organisation", "project", "place", "network", "programme"}
NATURES = {
    "association",
    "scop",
    "cae",
    "company",
    "collectivité",
    "chambre consulaire",
    "université",
    "project",
    "programme",
    "pôle territorial de coopération économique",
    "territoire",
    "quartier",
    "lieu",
    "unknown",
}
STAGES = {"idea", "project", "active", "ceased"}
KEYS = {
    "key",
    "name",
    "aliases",
    "kind",
    "stage",
    "nature",
    "family",
    "commune",
    "perimeter",
    "locality",
    "elsewhere",
    "helper",
    "door",
    "to_confirm",
    "role",
    "activities",
    "description",
    "file",
    "words",
    "also",
    "carriers",
    "carriers_note",
}


def read(name: str) -> dict:
    with (DEMO / name).open("rb") as file:
        return tomllib.load(file)


SEEDS = read("seeds.toml")["entry"]
BY_KEY = {entry["key"]: entry for entry in SEEDS}
PERIMETERS = {perimeter["key"]: perimeter for perimeter in read("perimeters.toml")["perimeter"]}


with (DEMO.parent / "directory/rules/activities.toml").open("rb") as _file:
    ACTIVITIES = {activity["code"] for group in tomllib.load(_file)["group"] for activity in group["activity"]}


def plain(text: str) -> str:
    """Without the marks of layout and with single spaces."""
    return " ".join(re.sub(r"</?i>|\*", "", text).split())


@pytest.fixture(scope="module")
def documents(shared_data) -> dict[str, str]:
    folder = shared_data / "../seeds"
    return {path.name[:3]: plain(path.read_text(encoding="utf-8")) for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("entry", SEEDS, ids=lambda entry: entry["key"])
def test_an_entry_is_well_formed(entry):
    assert set(entry) <= KEYS
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry["key"])
    assert entry["kind"] in KINDS
    assert entry["stage"] in STAGES
    assert entry["nature"] in NATURES
    assert set(entry["activities"]) <= ACTIVITIES
    assert entry["description"].endswith(".")
    assert entry.get("family") in (None, "association", "cooperative")
    assert entry.get("perimeter") is None or entry["perimeter"] in PERIMETERS
    assert all(carrier in BY_KEY for carrier in entry.get("carriers", []))
    for source in (entry, *entry.get("also", [])):
        assert source["file"] in {"000", "001", "002", "003", "004"}
        assert 0 < len(source["words"].split()) <= 15


def test_keys_and_names_are_unique():
    assert len(BY_KEY) == len(SEEDS)
    assert len({entry["name"] for entry in SEEDS}) == len(SEEDS)


@pytest.mark.parametrize("entry", [*SEEDS, *PERIMETERS.values()], ids=lambda entry: entry["key"])
def test_the_words_quoted_are_in_the_document(entry, documents):
    for source in (entry, *entry.get("also", [])):
        assert plain(source["words"]) in documents[source["file"]]


@pytest.mark.parametrize("key", ["ethic-table", "les-voisines", "reve-et-realise", "aquaponie"])
def test_a_project_of_the_documents_is_not_a_company(key):
    entry = BY_KEY[key]
    assert entry["kind"] == "project"
    assert entry["stage"] == "project"
    assert "family" not in entry
    # Its carriers are organisations, or the document does not name them and the entry says so.
    assert entry["carriers"] or entry["carriers_note"]
    assert all(BY_KEY[carrier]["kind"] == "organisation" for carrier in entry["carriers"])


def test_the_house_of_employment_is_not_the_house_of_information():
    house, mife = BY_KEY["maison-de-l-emploi-et-de-la-formation"], BY_KEY["mife"]
    names = [{entry["name"], *entry.get("aliases", [])} for entry in (house, mife)]
    assert not names[0] & names[1]
    assert mife["door"]
    assert "door" not in house
    assert "helper" not in house


def test_there_are_three_doors_and_nine_helpers():
    assert {entry["key"] for entry in SEEDS if entry.get("door")} == {"cci", "cma", "mife"}
    assert {entry["key"] for entry in SEEDS if entry.get("helper")} == {
        "cabestan",
        "cluster-culture-et-cooperation",
        "elo",
        "loire-active",
        "mife",
        "raiso",
        "talents-croises",
        "uasel",
        "urscop",
    }


def test_a_helper_whose_acronym_is_not_explained_has_a_role_to_confirm():
    unsure = {entry["key"] for entry in SEEDS if entry.get("to_confirm") and entry.get("helper")}
    assert unsure == {"raiso", "uasel"}
    assert all(entry["role"] == "rôle à confirmer" for entry in SEEDS if entry.get("to_confirm"))


def test_what_is_in_another_territory_says_so():
    for word in ("Romans", "Fontaine", "Grenoble", "Montréal", "Clermont"):
        named = [entry for entry in SEEDS if word in entry.get("locality", "")]
        assert named, word
        assert all(entry.get("elsewhere") for entry in named)
    assert all("commune" not in entry for entry in SEEDS if entry.get("elsewhere"))
    # Whatever a carrier of Romans, Fontaine or Montréal does is there as well.
    for entry in SEEDS:
        if any(BY_KEY[carrier].get("elsewhere") for carrier in entry.get("carriers", [])):
            assert entry.get("elsewhere") or entry["kind"] == "programme", entry["key"]


def test_the_two_spellings_of_the_hill_are_one_place():
    assert "Crêt de Roch" in BY_KEY["cret-de-roc"]["aliases"]
    assert "Crêt de Roch" in PERIMETERS["cret-de-roc"]["aliases"]


def test_an_outline_is_closed_valid_and_marked_as_indicative():
    for perimeter in PERIMETERS.values():
        assert perimeter["indicative"]
        assert perimeter["note"].endswith(".")
        if perimeter["kind"] == "communes":
            continue
        assert perimeter["label"] == "contour indicatif"
        (ring,) = perimeter["geometry"]["coordinates"]
        assert ring[0] == ring[-1]
        assert len(ring) >= 5
        assert all(4.0 < lon < 4.9 and 45.2 < lat < 45.7 for lon, lat in ring)


def test_loire_sud_is_the_communes_of_the_district_of_saint_etienne(shared_data):
    import csv
    import json

    communes = json.loads((shared_data / "territory/communes.json").read_text(encoding="utf-8"))
    district = {
        row["code"] for row in communes if row.get("arrondissement") == "423" and row["type"] == "commune-actuelle"
    }
    with (DEMO / "sem_53_communes.csv").open(encoding="utf-8", newline="") as file:
        members = {row["code_insee"] for row in csv.DictReader(file)}
    assert len(members) == 53
    assert set(PERIMETERS["loire-sud"]["communes"]) == members & district


def test_the_table_of_communes_is_the_one_of_the_data(shared_data):
    assert (DEMO / "sem_53_communes.csv").read_bytes() == (shared_data / "territory/sem_53_communes.csv").read_bytes()

"""The invented town: the same for the same seed, plausible, and never mistaken for real organisations."""

from __future__ import annotations

import csv
import json
import tomllib
from collections import Counter
from datetime import date
from math import cos, hypot, radians
from pathlib import Path

import pytest

from toile.demo.generator import FAMILY_SHARES, generate, shared_out
from toile.demo.happenings import FIRST_DAY
from toile.demo.lexicon import in_town, lexicon
from toile.demo.town import KINDS, TODAY, Commune, read_communes
from toile.directory.rules.display import DISPLAY_CLASSES, display_class
from toile.directory.rules.ess import EssFacts, ess_membership, sirene_flag
from toile.directory.rules.ess_parameters import ess_parameters
from toile.kernel.fold import fold
from toile.kernel.identifiers import is_siren, is_siret

DEMO = Path(__file__).resolve().parents[1]
COMMUNES = read_communes(DEMO / "sem_53_communes.csv")
TOWN = generate(42, 400, COMMUNES)
SEVERAL_SEEDS = [1, 7, 42, 2026]


def test_the_same_seed_gives_the_same_town():
    assert generate(42, 400, COMMUNES) == TOWN
    assert generate(43, 400, COMMUNES) != TOWN


def test_any_other_territory_has_its_town():
    elsewhere = [
        Commune("69123", "Lyon", 520_000, 45.76, 4.83, ("69001",)),
        Commune("69266", "Villeurbanne", 160_000, 45.77, 4.88),
    ]
    town = generate(5, 60, elsewhere)
    assert len(town.organisations) == 60
    assert {organisation.commune_code for organisation in town.everyone} == {"69123", "69266"}


@pytest.mark.parametrize("seed", SEVERAL_SEEDS)
def test_names_and_keys_are_all_different(seed):
    town = generate(seed, 400, COMMUNES)
    assert len(town.organisations) == 400
    assert len({fold(o.name) for o in town.everyone}) == len(town.everyone)
    assert len({o.key for o in town.everyone}) == len(town.everyone)
    assert len({o.siret for o in town.organisations}) == 400


@pytest.mark.parametrize("seed", SEVERAL_SEEDS)
def test_no_number_could_be_a_real_one(seed):
    for organisation in generate(seed, 400, COMMUNES).organisations:
        assert organisation.siren.startswith("999")
        assert len(organisation.siret) == 14
        assert organisation.siret.startswith(organisation.siren)
        assert not is_siren(organisation.siren)
        assert not is_siret(organisation.siret)


def test_the_families_have_the_shares_of_the_visual_model():
    assert Counter(o.family for o in TOWN.organisations) == shared_out(400, FAMILY_SHARES)


@pytest.mark.parametrize("seed", SEVERAL_SEEDS)
def test_the_directory_finds_each_family_again(seed):
    """Through the legal category, the name, the list and the field of SIRENE only."""
    parameters = ess_parameters(TODAY)
    for o in generate(seed, 400, COMMUNES).organisations:
        facts = EssFacts(
            name=o.name,
            legal_category=o.legal_category,
            naf=o.naf,
            sirene_flag=sirene_flag(o.sirene_ess),
            in_ess_list=o.in_ess_list,
            list_family=o.list_family,
        )
        verdict = ess_membership(facts, parameters)
        shown = display_class(verdict.verdict, verdict.family, o.legal_category)
        assert shown == DISPLAY_CLASSES[o.family], (o.name, verdict.rule)


def test_the_towns_have_organisations_in_proportion_and_some_villages_have_none():
    by_commune = Counter(o.commune_code for o in TOWN.organisations)
    assert 155 <= by_commune["42218"] <= 180
    assert by_commune["42207"] > by_commune["42095"] > by_commune["42330"]
    assert 3 <= 53 - len(by_commune) <= 30


def test_everything_is_within_a_mile_of_the_middle_of_its_commune():
    middle = {commune.code: commune for commune in COMMUNES}
    for o in TOWN.everyone:
        commune = middle[o.commune_code]
        east = (o.lon - commune.lon) * 111_320 * cos(radians(commune.lat))
        assert hypot(east, (o.lat - commune.lat) * 111_320) < 2_000, o.name
        assert o.postcode in commune.postcodes


@pytest.mark.parametrize("seed", SEVERAL_SEEDS)
def test_every_description_is_one_french_sentence(seed):
    for o in generate(seed, 400, COMMUNES).everyone:
        assert o.description.endswith(".")
        assert o.description[0].isupper()
        assert o.description.count(". ") == 0
        assert "{" not in o.description + o.name
        assert "'" not in o.description + o.name
        assert 30 <= len(o.description) <= 200


def test_descriptions_are_varied():
    assert len({o.description for o in TOWN.organisations}) > 0.9 * len(TOWN.organisations)


def test_addresses_are_said_to_be_invented():
    assert all(o.address.endswith("(adresse inventée)") for o in TOWN.organisations)


def test_dates_and_sizes_are_plausible():
    for o in TOWN.organisations:
        assert date(1952, 1, 1) <= o.created_on <= TODAY
        assert o.ceased_on is None or o.created_on < o.ceased_on <= TODAY
        assert (o.ceased_on is not None) == (o.stage == "ceased")
        assert o.esus_until is None or o.esus_until > TODAY
        assert (o.insertion_kind is None) == (o.insertion_until is None)
        assert o.insertion_kind in (None, "ACI", "EI", "AI", "ETTI")
        assert o.insertion_kind != "AI" or o.legal_category == "9222"
        assert o.insertion_kind != "ETTI" or o.naf == "78.20Z"
    assert sum(o.insertion_kind is not None for o in TOWN.organisations) >= 12
    assert sum(o.esus_until is not None for o in TOWN.organisations) >= 20
    assert sum(o.staff_band is None for o in TOWN.organisations) >= 5


def test_projects_are_mostly_private_and_have_no_legal_form():
    assert 22 <= len(TOWN.projects) <= 28
    assert sum(project.public for project in TOWN.projects) == 3
    assert {project.stage for project in TOWN.projects} == {"idea", "project"}
    for project in TOWN.projects:
        assert (project.siret, project.legal_category, project.family, project.address) == (None, None, None, "")


def test_the_year_is_told_in_order_and_agrees_with_the_pages():
    present = {o.key: o for o in TOWN.everyone}
    moments = [happening.at for happening in TOWN.happenings]
    assert moments == sorted(moments)
    assert moments[0].date() >= FIRST_DAY
    assert moments[-1].date() <= TODAY
    assert {happening.kind for happening in TOWN.happenings} == set(KINDS)
    shown = {
        "renamed": lambda o: o.name,
        "moved": lambda o: o.address,
        "hours_corrected": lambda o: o.opening_hours,
        "description_corrected": lambda o: o.description,
        "staff_band_updated": lambda o: o.staff_band,
        "project_advanced": lambda o: o.stage,
        "project_activated": lambda o: o.stage,
    }
    for happening in TOWN.happenings:
        o = present[happening.organisation]
        if happening.kind in shown:
            assert happening.values["after"] == shown[happening.kind](o)
            assert happening.values["before"] != happening.values["after"]
        elif happening.kind == "activity_added":
            assert happening.values["activity"] in o.activities
        elif happening.kind == "closed":
            assert happening.values["on"] == o.ceased_on.isoformat()
        elif happening.kind in ("approval_obtained", "approval_renewed"):
            until = o.esus_until if happening.values["approval"] == "ESUS" else o.insertion_until
            assert happening.values["until"] == until.isoformat()


def test_nothing_happens_before_birth_or_twice():
    born = {h.organisation: h.at for h in TOWN.happenings if h.kind in ("created", "project_received")}
    assert all(h.at >= born[h.organisation] for h in TOWN.happenings if h.organisation in born)
    once = Counter((h.organisation, h.kind) for h in TOWN.happenings)
    assert set(once.values()) == {1}


def test_a_private_project_is_not_told_in_public():
    private = {project.key for project in TOWN.projects if not project.public}
    assert private
    assert all(not h.public for h in TOWN.happenings if h.organisation in private)


@pytest.mark.parametrize(
    ("town", "at"),
    [
        ("Firminy", "à Firminy"),
        ("Le Chambon-Feugerolles", "au Chambon-Feugerolles"),
        ("La Ricamarie", "à La Ricamarie"),
        ("Les Noës", "aux Noës"),
    ],
)
def test_the_name_of_a_town_takes_the_article_of_its_grammar(town, at):
    assert in_town(town) == at


def test_the_activities_are_those_of_the_directory():
    with (DEMO.parent / "directory/rules/activities.toml").open("rb") as file:
        codes = {activity["code"] for group in tomllib.load(file)["group"] for activity in group["activity"]}
    assert {code for trade in lexicon().activities.values() for code in trade.activities} <= codes
    assert {code for organisation in TOWN.everyone for code in organisation.activities} <= codes


def test_each_activity_has_enough_turns_of_sentence():
    for activity in lexicon().activities.values():
        assert len(activity.what) * len(activity.how) >= 6, activity.code
        assert activity.patterns


def test_the_codes_of_the_word_lists_are_official(shared_data):
    naf = json.loads((shared_data / "nomenclatures/annuaire-search-api/codes-NAF.json").read_text(encoding="utf-8"))
    forms = json.loads(
        (shared_data / "nomenclatures/annuaire-search-api/natures-juridiques.json").read_text(encoding="utf-8")
    )
    bands = json.loads(
        (shared_data / "nomenclatures/annuaire-search-api/tranches-effectifs.json").read_text(encoding="utf-8")
    )
    assert {o.naf for o in TOWN.organisations} <= set(naf)
    assert {code for activity in lexicon().activities.values() for code in activity.naf} <= set(naf)
    assert {o.legal_category for o in TOWN.organisations} <= set(forms)
    assert {o.staff_band for o in TOWN.organisations} - {None} <= set(bands)


@pytest.mark.parametrize(
    ("file", "columns"),
    [
        ("siae/siaes.csv", ["name", "brand"]),
        ("ess/x_enriched.csv", ["denomination", "nom_usage", "sigle"]),
        ("sirene/etablissements_saint_etienne_2022.csv", ["denominationUniteLegale"]),
    ],
)
def test_no_invented_name_is_the_name_of_a_real_organisation(file, columns, shared_data):
    with (shared_data / file).open(encoding="utf-8-sig", newline="") as lines:
        real = {fold(row[column]) for row in csv.DictReader(lines) for column in columns if row.get(column)}
    for seed in SEVERAL_SEEDS:
        assert not {fold(o.name) for o in generate(seed, 400, COMMUNES).everyone} & real
    assert not {fold(name) for activity in lexicon().activities.values() for name in activity.names} & real

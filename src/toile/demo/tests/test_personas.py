"""The ten personas: roles that exist, organisations that exist, nobody's name."""

from __future__ import annotations

import tomllib
from pathlib import Path

from toile.demo.generator import generate
from toile.demo.town import read_communes
from toile.kernel.readers import Role

DEMO = Path(__file__).resolve().parents[1]
with (DEMO / "personas.toml").open("rb") as _file:
    PERSONAS = tomllib.load(_file)["persona"]


def test_the_ten_ways_to_enter_are_in_order():
    assert [persona["key"] for persona in PERSONAS] == [
        "visiteuse", "association", "porteur", "conseillere-cci", "conseiller-urscop",
        "facilitatrice", "gestionnaire", "acheteuse", "chargee-de-mission", "administratrice",
    ]  # fmt: skip


def test_roles_are_those_of_the_platform_and_each_is_played():
    played = {role for persona in PERSONAS for role in persona["roles"]}
    assert played == set(Role)


def test_a_persona_bears_the_name_of_its_role_and_an_address_that_reaches_nobody():
    for persona in PERSONAS:
        assert persona["display_name"] == persona["label"]
        assert persona["email"] == f"{persona['key']}@example.org"
        assert persona["sublabel"]


def test_the_organisation_of_a_persona_exists():
    with (DEMO / "seeds.toml").open("rb") as file:
        seeds = {entry["key"] for entry in tomllib.load(file)["entry"]}
    town = {organisation.key for organisation in generate(1, 400, read_communes(DEMO / "sem_53_communes.csv")).everyone}
    for persona in PERSONAS:
        if "organisation" in persona:
            assert persona["organisation"] in {"seeds": seeds, "town": town}[persona["source"]]
    assert [persona["key"] for persona in PERSONAS if "organisation" not in persona] == ["visiteuse"]

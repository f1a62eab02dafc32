"""The home page before anything is there: it works, and says what to do."""

from __future__ import annotations

import pytest

from toile.accounts.services import grant_role, open_account
from toile.kernel.acts import Actor
from toile.kernel.readers import Role
from toile.territory.imports.cog import EpciRow
from toile.territory.services import load_communes_csv, set_home

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


@pytest.fixture
def officer(client):
    person = open_account(SYSTEM, "mission@example.org", "Mission")
    grant_role(SYSTEM, None, person.pk, Role.OFFICER)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def ground(tmp_path):
    table = tmp_path / "communes.csv"
    table.write_text(
        "code_insee,nom,population,codes_postaux,siren,zone,lat,lon,point\n"
        "42218,Saint-Étienne,173136,42000,214202186,metro,45.4347,4.3903,centre\n"
        "42095,Firminy,17060,42700,214200958,metro,45.37875,4.28885,interieur\n",
        encoding="utf-8",
    )
    epci = EpciRow("244200770", "Saint-Étienne Métropole", "METRO", None)
    load_communes_csv(SYSTEM, table, epci)
    set_home(SYSTEM, epci.siren)


def test_without_a_territory_the_page_says_how_to_choose_one(client):
    page = client.get("/").content.decode()
    assert "toile init --epci CODE" in page
    assert "Tissez votre" in page
    assert "L’annuaire en chiffres" not in page


def test_without_a_structure_the_page_says_what_fills_the_directory(client, ground):
    page = client.get("/").content.decode()
    assert "L’annuaire est encore vide" in page
    assert "Importer un tableur" not in page
    assert "L’annuaire en chiffres" not in page


def test_who_may_import_is_led_to_it(officer, ground):
    page = officer.get("/").content.decode()
    assert "Rien ne vous attend" in page
    assert page.count('href="/annuaire/importer/nouveau/"') == 2


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/-/accessibilite/", "Audit non réalisé"),
        ("/-/vie-privee/", "CNIL"),
        ("/-/mentions-legales/", "GNU Affero"),
    ],
)
def test_the_three_pages_owed_to_readers_are_in_the_footer(client, path, words):
    assert f'href="{path}"' in client.get("/").content.decode()
    assert words in client.get(path).content.decode()

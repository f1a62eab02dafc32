"""« Essayer comme… »: each persona enters, sees only what it may, and nobody enters outside the demo."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from toile.demo.checks import demo_is_for_this_machine
from toile.demo.commands import refuse_unsafe
from toile.demo.payloads import identity
from toile.demo.personas import personas
from toile.kernel.errors import UserError

from .conftest import PERSONAS, SIGNED_IN

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PROJECT = f"/annuaire/{identity('town', 'conserverie-de-l-ondaine')}/"
BIKES = f"/annuaire/{identity('town', 'atelier-velo-du-cret')}/corriger/"
# Pages that not everybody may open, and the personas that may; the others get 403 or 404, the visitor signs in first.
RESERVED = {
    "/fil/audit/": {"administratrice"},
    "/compte/personnes/": {"administratrice"},
    "/annuaire/importer/": {"administratrice", "chargee-de-mission"},
    "/annuaire/importer/nouveau/": {"administratrice", "chargee-de-mission"},
    "/territoire/perimetres/nouveau/": {"administratrice", "chargee-de-mission"},
    "/compte/": set(SIGNED_IN),
    BIKES: {"administratrice", "chargee-de-mission", "association"},
    PROJECT: {"porteur", "conseillere-cci"},  # her case: she has a recorded reason to know it
}
OPEN = ["/", "/annuaire/", "/fil/", "/territoire/", "/-/accessibilite/", "/-/vie-privee/", "/-/mentions-legales/"]


@pytest.mark.parametrize("key", SIGNED_IN)
def test_each_persona_enters_and_finds_what_waits(enter, key):
    page = enter(key).get("/").content.decode()
    assert "Ce qui m’attend" in page
    assert personas()[key].display_name in page
    assert page.count("<h1") == 1


@pytest.mark.parametrize("key", PERSONAS)
def test_each_persona_sees_only_what_it_may(enter, key):
    client = enter(key)
    for path in OPEN:
        assert client.get(path).status_code == 200, path
    for path, allowed in RESERVED.items():
        status = client.get(path).status_code
        if key in allowed:
            assert status == 200, path
        elif path == PROJECT:
            assert status == 404
        else:
            assert status == (302 if key == "visiteuse" else 403), path


def test_the_visitor_is_signed_out(enter):
    enter("administratrice")
    client = enter("visiteuse")
    assert client.get("/fil/audit/").status_code == 302
    assert "Se connecter" in client.get("/").content.decode()


def test_a_persona_takes_the_place_of_the_one_before(enter):
    enter("administratrice")
    assert enter("porteur").get("/fil/audit/").status_code == 403


def test_nobody_enters_outside_the_demo(loaded, demo_mode, client, settings):
    settings.DEMO = False
    assert client.post("/demo/entrer/administratrice/").status_code == 404
    assert "/demo/entrer/" not in client.get("/").content.decode()
    assert client.get("/compte/").status_code == 302


def test_nobody_enters_where_strangers_could_come(loaded, demo_mode, client, settings):
    settings.ALLOWED_HOSTS = ["testserver", "toile.example.org"]
    assert client.post("/demo/entrer/administratrice/").status_code == 404


@pytest.mark.parametrize("key", ["personne", "administratrice-2"])
def test_an_unknown_persona_is_not_found(loaded, demo_mode, client, key):
    assert client.post(f"/demo/entrer/{key}/").status_code == 404


def test_a_link_does_not_enter(loaded, demo_mode, client):
    assert client.get("/demo/entrer/administratrice/").status_code == 405


def test_another_site_cannot_make_one_enter(loaded, demo_mode):
    assert Client(enforce_csrf_checks=True).post("/demo/entrer/administratrice/").status_code == 403


@pytest.mark.parametrize("key", ["visiteuse", "association", "conseillere-cci", "chargee-de-mission"])
def test_no_persona_reads_the_address_of_another(enter, key):
    client = enter(key)
    for path in [*OPEN, "/annuaire/?partout=1", f"/annuaire/{identity('seeds', 'saint-etienne-metropole')}/"]:
        addresses = set(re.findall(r"[\w.-]+@example\.org", client.get(path).content.decode()))
        assert addresses <= {personas()[key].email}, path


@pytest.mark.parametrize(
    ("demo", "debug", "hosts", "refused"),
    [
        (True, False, ["127.0.0.1", "localhost", "[::1]", "testserver"], False),
        (True, False, ["127.0.0.1", "toile.example.org"], True),
        (True, False, ["*"], True),
        (True, True, ["toile.example.org"], False),
        (False, False, ["toile.example.org"], False),
    ],
)
def test_the_system_check_refuses_a_demo_on_a_real_host(settings, demo, debug, hosts, refused):
    settings.DEMO, settings.DEBUG, settings.ALLOWED_HOSTS = demo, debug, hosts
    assert [error.id for error in demo_is_for_this_machine(None)] == (["demo.E001"] if refused else [])
    if refused:
        with pytest.raises(UserError, match="sans mot de passe"):
            refuse_unsafe()
    else:
        assert refuse_unsafe() is None

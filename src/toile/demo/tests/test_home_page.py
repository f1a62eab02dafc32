"""The home page of a loaded demo: quick, without a dead end, and honest."""

from __future__ import annotations

import re
from html import unescape
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from toile.demo.services import ACTOR
from toile.directory import contexts
from toile.directory.home import WISHES
from toile.directory.models.organisations import Invention
from toile.directory.queries.home import overview
from toile.directory.services import add_records
from toile.kernel.acts import act
from toile.kernel.readers import VISITOR
from toile.kernel.work import kinds

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MOST_QUERIES = 22


def statements(client) -> int:
    client.get("/")
    with CaptureQueriesContext(connection) as seen:
        assert client.get("/").status_code == 200
    return len(seen)


def add_structures(number: int) -> None:
    rows = [
        (
            UUID(int=n + 1),
            "fiction",
            f"essai-{n}",
            {"name": f"Essai {n}", "legal_category": "9220", "commune_code": "42218", "activities": ["reuse"]},
        )
        for n in range(number)
    ]
    with act(ACTOR):
        add_records(contexts.current(), rows, defaults={row[0]: {"invention": Invention.FICTIONAL} for row in rows})


@pytest.mark.parametrize("key", ["visiteuse", "association", "chargee-de-mission", "administratrice"])
def test_the_home_page_asks_a_constant_number_of_questions(enter, key):
    client = enter(key)
    few = statements(client)
    add_structures(300)
    # The team's queue is counted by kind: a statement for each.
    team = ("chargee-de-mission", "administratrice")
    assert statements(client) == few <= MOST_QUERIES + (len(kinds) if key in team else 0)


@pytest.mark.parametrize("key", ["visiteuse", "association", "porteur", "chargee-de-mission", "administratrice"])
def test_no_link_of_the_home_page_is_a_dead_end(enter, key):
    client = enter(key)
    page = client.get("/").content.decode()
    main = page[page.index("<main") : page.index("</footer>")]
    links = {unescape(link) for link in re.findall(r'href="(/[^"#]*)', main)}
    communes = sorted(link for link in links if link.startswith("/annuaire/?commune="))
    assert len(communes) > 30
    for link in sorted(links - set(communes[3:])):
        assert client.get(link).status_code == 200, link


def test_every_wish_finds_something(enter):
    found = overview(VISITOR).activities
    page = enter("visiteuse").get("/").content.decode()
    shown = re.findall(r'class="chip" href="/annuaire/\?activite=(\w+)"', page)
    assert len(shown) == 4
    assert set(shown) <= {code for _label, code in WISHES}
    assert all(found[code] for code in shown)


def test_the_search_form_leads_to_the_list(enter):
    client = enter("visiteuse")
    assert 'action="/annuaire/" class="search"' in client.get("/").content.decode()
    assert "Atelier vélo du Crêt" in client.get("/annuaire/", {"q": "velo", "ou": "Crêt de Roch"}).content.decode()


def test_the_title_of_the_chart_is_what_it_shows(enter):
    counts = overview(VISITOR).classes
    page = enter("visiteuse").get("/").content.decode()
    assert max(counts, key=counts.get) == "association"
    tenths = {6: "Six", 7: "Sept"}[round(10 * counts["association"] / sum(counts.values()))]
    assert f"{tenths} structures de l’annuaire sur dix sont des associations" in page
    assert f'<text class="b" x="236" y="24">{counts["association"]}</text>' in page
    assert "Voir le tableau" in page


def test_another_commune_is_chosen_and_anything_else_is_ignored(enter):
    client = enter("visiteuse")
    assert '<option value="42095" selected>' in client.get("/", {"commune": "42095"}).content.decode()
    for odd in ("75056", "", "x" * 500, "\x00", "42218' OR 1=1"):
        page = client.get("/", {"commune": odd})
        assert page.status_code == 200
        assert '<option value="42218" selected>' in page.content.decode()


def test_a_commune_without_structures_says_what_to_try(enter):
    found = overview(VISITOR).communes
    page = enter("visiteuse").get("/").content.decode()
    empty = next(code for code in re.findall(r'<option value="(\d+)"', page) if code not in found)
    assert "Aucune structure connue à" in enter("visiteuse").get("/", {"commune": empty}).content.decode()


def test_invented_structures_say_so_on_the_home_page(enter):
    page = enter("visiteuse").get("/").content.decode()
    near = page[page.index('id="pres"') : page.index('id="axes"')]
    assert near.count('<li class="org">') == near.count("tag fictif") == 4


def test_a_member_is_told_what_their_page_lacks(enter):
    assert "il y manque les horaires" in enter("conseillere-cci").get("/").content.decode()
    assert "Conserverie de l’Ondaine" in enter("porteur").get("/").content.decode()


def test_who_runs_the_directory_is_told_what_is_to_check(enter):
    client = enter("chargee-de-mission")
    page = client.get("/").content.decode()
    assert "Tout ce qui est à traiter" in page and "Importer un tableur" in page
    queue = client.get("/a-traiter/").content.decode()
    assert "Structures dont l’ESS est à vérifier" in queue and "?quoi=directory.membership" in queue


def test_the_thread_of_the_home_page_is_the_public_one(enter):
    assert "se connecte" not in enter("administratrice").get("/").content.decode()

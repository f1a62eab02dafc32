"""The structures as files and feeds: all that the reader may see of what was asked, nothing else, at a known price."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

from toile.directory.models import Organisation
from toile.directory.queries.exporting import BATCH, organisations_in_batches
from toile.directory.queries.spots import spot
from toile.kernel.acts import Actor, act
from toile.kernel.lists import Asked
from toile.kernel.lists.files import FORMATS
from toile.kernel.readers import VISITOR
from toile.kernel.search.indexer import catch_up
from toile.territory.services import save_perimeter

from .structures import make, make_all, make_private

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home"), pytest.mark.slow]

SQUARE = {"type": "Polygon", "coordinates": [[[4.38, 45.43], [4.4, 45.43], [4.4, 45.45], [4.38, 45.45], [4.38, 45.43]]]}
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(params=["index", "database"])
def index(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> bool:
    """With the search index, then without."""
    settings.TOILE_SEARCH = tmp_path / "search"
    return request.param == "index"


def body(response: Any) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else response.content


def names(response: Any) -> list[str]:
    return [row["Structure"] for row in csv.DictReader(io.StringIO(body(response).decode()))]


def test_files_hold_what_the_list_finds_in_its_order(client: Any, index: bool) -> None:
    make_all(*[{"name": f"Vélo {n:02}", "staff_band": "01" if n % 2 else ""} for n in range(45)])
    make("Autre chose")
    if index:
        catch_up("organisations")
    asked = "q=velo&taille=1-9&tri=nom"
    shown = [
        row.name for number in (1, 2) for row in client.get(f"/annuaire/?{asked}&page={number}").context["found"].rows
    ]
    assert len(shown) == 22 and shown == sorted(shown)
    assert names(client.get(f"/annuaire.csv?{asked}")) == shown
    assert [row["nom"] for row in client.get(f"/annuaire.json?{asked}").json()["rows"]] == shown
    features = json.loads(body(client.get(f"/annuaire.geojson?{asked}")))["features"]
    assert [feature["properties"]["nom"] for feature in features] == shown


def test_a_file_costs_three_statements_a_batch(
    index: bool, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr("toile.directory.queries.exporting.BATCH", 2)
    approvals = {"approvals": [["esus", None, None]], "activities": ["cafe"]}
    for total in (2, 4, 6):
        make_all({"name": f"Structure {total}"} | approvals, {"name": f"Autre {total}"} | approvals)
        if index:
            catch_up("organisations")
        with django_assert_num_queries(3 * (total // 2) + (not index)):
            batches = list(organisations_in_batches(VISITOR, Asked(), 1000))
            assert [len(batch) for batch in batches] == [2] * (total // 2)
            assert all(row.main.commune.name and row.approvals.all() and row.activities.all() for row in batches[0])
    assert BATCH >= 100
    assert sum(map(len, organisations_in_batches(VISITOR, Asked(), 3))) == 3


def test_nobody_takes_away_what_they_may_not_see_nor_an_address_to_write_to(client: Any, index: bool) -> None:
    private, shown = make_private("Projet secret"), make("Structure publique")
    with act(Actor.system("essai")):
        Organisation.objects.filter(pk=shown.pk).update(contact_email="courriel@exemple.fr")
    if index:
        catch_up("organisations")
    for suffix in FORMATS:
        for asked in ("", "?etape=project&etape=active&partout=1", "?q=secret"):
            written = body(client.get(f"/annuaire.{suffix}{asked}"))
            assert b"secret" not in written or asked == "?q=secret"
            assert b"Projet secret" not in written and str(private.pk).encode() not in written
            assert b"exemple.fr" not in written
    assert names(client.get("/annuaire.csv")) == ["Structure publique"]


def test_the_feed_gives_the_news_first_under_ids_that_stay(client: Any) -> None:
    old, new = make("Ancienne"), make("Nouvelle")
    feed = Xml.fromstring(client.get("/annuaire.atom").content)
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert ids == [new.pk.urn, old.pk.urn]
    links = [entry.find(f"{ATOM}link").get("href") for entry in feed.findall(f"{ATOM}entry")]  # type: ignore[union-attr]
    assert links[0] == f"http://testserver{new.get_absolute_url()}"
    asked = Xml.fromstring(client.get("/annuaire.atom?q=ancienne").content)
    assert asked.findtext(f"{ATOM}title") == "Annuaire de l’ESS\xa0: «\xa0ancienne\xa0»"
    assert len(asked.findall(f"{ATOM}entry")) == 1


def test_a_structure_without_a_point_stays_in_the_geojson_without_geometry(client: Any) -> None:
    make_all({"name": "Placée", "lon": 4.39, "lat": 45.44}, {"name": "Sans lieu précis"})
    found = json.loads(body(client.get("/annuaire.geojson?tri=nom")))
    assert [feature["geometry"] for feature in found["features"]] == [
        {"type": "Point", "coordinates": [4.39, 45.44]},
        None,
    ]
    assert (found["without_point"], found["count"]) == (1, 2)


def test_around_a_point_the_list_says_how_far_and_keeps_to_the_radius(client: Any, index: bool) -> None:
    make_all(
        {"name": "À côté", "lon": 4.391, "lat": 45.44},
        {"name": "Plus loin", "lon": 4.39, "lat": 45.46},
        {"name": "Là-bas", "lon": 4.39, "lat": 45.6},
    )
    if index:
        catch_up("organisations")
    page = client.get("/annuaire/?pres=4.39,45.44&rayon=5&tri=distance")
    assert [row["distance"] for row in page.context["rows"]] == ["à 100\xa0m", "à 2,2\xa0km"]
    assert [row.name for row in page.context["found"].rows] == ["À côté", "Plus loin"]
    assert names(client.get("/annuaire.csv?pres=4.39,45.44&rayon=5&tri=distance")) == ["À côté", "Plus loin"]


def test_the_middle_of_a_place_is_in_it_and_a_radius_goes_around_it(client: Any) -> None:
    save_perimeter(Actor.system("essai"), name="Crêt de Roc", polygon=SQUARE, indicative=True)
    middle = spot("cret de roc").middle
    assert middle is not None and 4.38 <= middle[0] <= 4.4 and 45.43 <= middle[1] <= 45.45
    assert spot("Atlantide").known is spot("").known is False
    make_all({"name": "Dedans", "lon": 4.39, "lat": 45.44}, {"name": "À deux pas", "lon": 4.41, "lat": 45.44})
    assert client.get("/annuaire/?ou=cret de roc").context["found"].count == 1
    assert client.get("/annuaire/?ou=cret de roc&rayon=2").context["found"].count == 2


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "geojson", "json", "atom"])
def test_an_empty_list_is_a_file_too(client: Any, suffix: str) -> None:
    response = client.get(f"/annuaire.{suffix}")
    assert body(response) and response["Content-Type"] == FORMATS[suffix].media

"""The one list page, over a list that no room owns: colours, in memory."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any
from xml.etree import ElementTree as Xml

import openpyxl
import pytest
from django.core.handlers.asgi import ASGIRequest
from django.http import QueryDict
from django.urls import path
from hypothesis import given, settings
from hypothesis import strategies as st

from toile.config.urls import urlpatterns as site
from toile.kernel.lists import (
    Asked,
    Box,
    Column,
    Entry,
    FacetShown,
    Flag,
    Found,
    ListPage,
    Near,
    Sort,
    Spot,
    asked_from,
    declare,
    lists,
)
from toile.kernel.lists.asking import query_of
from toile.kernel.lists.choices import distance_words, in_words
from toile.kernel.lists.files import FORMATS
from toile.kernel.lists.streaming import streamed
from toile.kernel.lists.views import list_view
from toile.kernel.permissions import TECHNICAL, Route, table
from toile.kernel.readers import VISITOR, Reader

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
urlpatterns = [path("couleurs/", list_view("colours"), name="colours"), *site]
HTMX = {"HX-Request": "true", "HX-Target": "resultats"}


@dataclass(frozen=True)
class Colour:
    """One row. hue: its facet; lon: how far it is from zero, a degree a hundred kilometres."""

    pk: int
    name: str
    hue: str
    lon: float | None


NAMES = ["Gaude", "Garance", "Pastel", "Cochenille", "Indigo", "=1+1", "Écru </script><b>&", "Noix"]
COLOURS = [
    Colour(
        n, f"{NAMES[n % 8]} {n}" if n >= 8 else NAMES[n], ["jaune", "rouge", "bleu"][n % 3], n / 10 if n % 2 else None
    )
    for n in range(130)
]


def matching(asked: Asked, without: str = "") -> list[Colour]:
    rows = COLOURS if "all" in asked.flags else COLOURS[:120]
    rows = [row for row in rows if asked.words.lower() in row.name.lower()]
    if asked.place and asked.place != "Ici":
        rows = []
    if asked.near:
        rows = [row for row in rows if row.lon is not None and row.lon * 1000 <= asked.near.metres]
    if asked.box:
        rows = [row for row in rows if row.lon is not None and asked.box.west <= row.lon <= asked.box.east]
    if without != "hues" and asked.chosen("hues"):
        rows = [row for row in rows if row.hue in asked.chosen("hues")]
    return rows


def find(
    reader: Reader, asked: Asked, offset: int, limit: int, /, *, gather: bool = False, whole: bool = False
) -> Found[Colour]:
    rows = matching(asked)
    counts = Counter(row.hue for row in matching(asked, "hues"))
    distances = {row.pk: row.lon * 1000 for row in rows if row.lon is not None} if asked.near else {}
    return Found(rows[offset : offset + limit], len(rows), 120, {"hues": counts}, distances=distances)


def page() -> ListPage[Colour]:
    return ListPage(
        code="colours",
        title="Les teintures",
        route="colours",
        file="teintures",
        columns=[
            Column("nom", "Nom", lambda row: row.name, in_table=True),
            Column("teinte", "Teinte", lambda row: row.hue, in_table=True),
            Column("degres", "Degrés", lambda row: row.lon),
        ],
        facets=[FacetShown("teinte", "hues", "Teinte", lambda values: {v: v.title() for v in values if v in HUES})],
        sorts=[
            Sort("relevance", "pertinence", "pertinence", needs="words"),
            Sort("distance", "distance", "distance", needs="near"),
            Sort("name", "nom", "nom"),
        ],
        flags=[Flag("toutes", "all", "Toutes, même rares", "toutes")],
        find=find,
        newer=lambda reader, asked, since, until, limit: matching(asked)[:limit],
        entry=lambda row: Entry(f"urn:couleur:{row.pk}", row.name, f"/couleurs/{row.pk}/", "Un bain\x0b.", MOMENT),
        found=lambda count, total: f"{count} teintures sur {total}",
        point=lambda row: (row.lon, 0.5) if row.lon is not None else None,
        spot=lambda text: Spot(text == "Ici", (0.0, 0.5) if text == "Ici" else None),
    )


HUES = {"jaune", "rouge", "bleu"}
MOMENT = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def colours(monkeypatch: pytest.MonkeyPatch) -> ListPage[Colour]:
    """The list, declared for one test."""
    declared = page()
    monkeypatch.setitem(lists, "colours", declared)
    monkeypatch.setitem(table.routes, "colours", Route("public"))
    return declared


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


# --- The address -----------------------------------------------------------------------------------------------------


def read(query: str) -> tuple[Asked, tuple[str, ...]]:
    return asked_from(lists["colours"], QueryDict(query))


def test_an_address_is_a_question_and_an_empty_one_asks_nothing() -> None:
    assert read("") == read("q=&ou=&teinte=&tri=&vue=tableau&page=4&inconnu=1") == (Asked(facets={}), ())
    asked, left = read("q=+gau%00de+&teinte=bleu&teinte=rouge&toutes=1&tri=nom&pres=4.39,45.44&rayon=10&boite=1,2,3,4")
    assert asked == Asked(
        words="gau de",
        facets={"hues": frozenset({"bleu", "rouge"})},
        flags=frozenset({"all"}),
        near=Near(4.39, 45.44, 10_000),
        box=Box(1, 2, 3, 4),
        sort="name",
    )
    assert left == ()


@pytest.mark.parametrize(
    "query",
    [
        "pres=0,0", "pres=200,4", "pres=4,91", "pres=nan,inf", "pres=4", "pres=a,b", "pres=1e999,3", "ou=Ici&rayon=3",
        "boite=3,2,1,4", "boite=1,4,3,2", "boite=1,2,3", "boite=-999,2,3,4", "tri=hasard", "ou=Ailleurs&rayon=5",
        "q=" + "a" * 10_000,
    ],
)  # fmt: skip
def test_what_is_not_understood_is_left_out_and_said(query: str, client: Any) -> None:
    asked, left = read(query)
    assert len(left) == 1
    assert asked.near is None and asked.box is None and asked.sort == "" and len(asked.words) <= 200
    assert left[0] in unescape(client.get(f"/couleurs/?{query}").content.decode())


def test_a_radius_goes_beyond_the_place_and_the_order_of_distance_stays_in_it() -> None:
    assert read("ou=Ici&rayon=5")[0] == Asked(near=Near(0.0, 0.5, 5000), facets={})
    asked, left = read("ou=Ici&tri=distance")
    assert (asked.place, asked.near, asked.sort) == ("Ici", Near(0.0, 0.5, 50_000), "distance")
    assert "inconnu" in left[0]


def test_the_same_question_has_one_query_whatever_the_address() -> None:
    one = query_of(lists["colours"], QueryDict("teinte=bleu&q=fil&page=3&x=1&teinte=bleu&ou="))
    assert one.urlencode() == "q=fil&teinte=bleu"


def test_relevance_without_words_and_distance_without_a_point_are_no_order() -> None:
    assert read("tri=pertinence")[0].sort == read("tri=distance")[0].sort == ""


BYTES = st.dictionaries(
    st.sampled_from(["q", "ou", "pres", "rayon", "boite", "teinte", "toutes", "tri", "vue", "page", "tableur"]),
    st.binary(max_size=30),
)


@pytest.mark.slow
@given(raw=BYTES)
@settings(max_examples=60)
def test_no_bytes_are_an_error_in_any_format(client: Any, raw: dict[str, bytes]) -> None:
    query = "&".join(f"{name}=" + "".join(f"%{byte:02x}" for byte in value) for name, value in raw.items())
    for address in ("/couleurs/", *(f"/couleurs.{suffix}" for suffix in FORMATS)):
        response = client.get(f"{address}?{query}")
        assert response.status_code == 200, (address, query)
        body(response)


# --- The page --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query", ["", "teinte=bleu&q=ga", "vue=tableau&page=2", "q=zzz", "ou=Ici&rayon=20&tri=distance"]
)
def test_the_fragment_is_what_a_full_reload_shows(client: Any, query: str) -> None:
    whole = client.get(f"/couleurs/?{query}")
    moved = client.get(f"/couleurs/?{query}", headers=HTMX)
    title, _, fragment = moved.content.decode().partition("</title>")
    assert fragment.strip() in whole.content.decode()
    assert f"{title}</title>" in whole.content.decode()
    assert "<html" not in fragment and len(fragment) > 1000
    assert {"HX-Request", "HX-Target"} <= set(re.split(", *", whole["Vary"]))


def test_everything_asked_is_a_pill_that_takes_it_away(client: Any) -> None:
    query = "q=ga&ou=Ici&rayon=50&boite=0,0,9,9&teinte=jaune&teinte=rouge&toutes=1"
    shown = client.get(f"/couleurs/?{query}").context
    labels = [pill.label.replace("\xa0", " ") for pill in shown["pills"]]
    assert labels == ["« ga »", "à moins de 50 km de Ici", "dans le cadre de la carte", "Jaune", "Rouge", "toutes"]
    for place, pill in enumerate(shown["pills"]):
        left = [p.label.replace("\xa0", " ") for p in client.get(f"/couleurs/{pill.url}").context["pills"]]
        assert left == labels[:place] + labels[place + 1 :]


def test_a_value_that_nothing_is_called_is_shown_and_can_be_taken_away(client: Any) -> None:
    shown = client.get("/couleurs/?teinte=mauve").context
    assert ["mauve" in pill.label for pill in shown["pills"]] == [True]
    assert shown["found"].count == 0


def test_the_question_is_told_in_words() -> None:
    query = QueryDict("q=ga&teinte=bleu&pres=1,2&rayon=2")
    told = in_words(lists["colours"], query, asked_from(lists["colours"], query)[0])
    assert told.replace("\xa0", " ") == "« ga », à moins de 2 km de la position choisie, Bleu"


def test_an_order_is_offered_where_it_means_something(client: Any) -> None:
    def orders(query: str) -> list[tuple[str, bool]]:
        return [(one.value, one.chosen) for one in client.get(f"/couleurs/?{query}").context["orders"]]

    assert orders("") == [("", True)]
    assert orders("q=ga") == [("", True), ("nom", False)]
    assert orders("q=ga&tri=nom") == [("", False), ("nom", True)]
    assert orders("pres=1,1&tri=distance") == [("distance", True), ("", False)]


def test_distances_are_written_as_precisely_as_they_are_known(client: Any) -> None:
    written = [distance_words(metres).replace("\xa0", " ") for metres in (3, 420, 949, 1240, 9940, 11_400)]
    assert written == ["à 50 m", "à 400 m", "à 950 m", "à 1,2 km", "à 9,9 km", "à 11 km"]
    assert "à 100\xa0m" in client.get("/couleurs/?pres=1,1&rayon=1").content.decode()


def test_only_the_bare_list_is_for_search_engines(client: Any) -> None:
    assert "noindex" not in client.get("/couleurs/").content.decode()
    assert 'name="robots" content="noindex"' in client.get("/couleurs/?teinte=bleu").content.decode()
    assert client.get("/couleurs.json")["X-Robots-Tag"] == "noindex"


def test_the_rows_are_told_as_json_ld_that_no_name_can_break_out_of(client: Any) -> None:
    written = client.get("/couleurs/").content.decode()
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', written, re.DOTALL)
    rows, dataset = json.loads(block)["@graph"]
    assert (rows["@type"], rows["numberOfItems"], len(rows["itemListElement"])) == ("ItemList", 120, 20)
    assert rows["itemListElement"][6]["item"]["name"] == NAMES[6]
    assert rows["itemListElement"][0]["item"]["url"] == "http://testserver/couleurs/0/"
    urls = [file["contentUrl"] for file in dataset["distribution"]]
    assert urls == [f"http://testserver/couleurs.{suffix}" for suffix in FORMATS]
    assert all(client.get(url).status_code == 200 for url in urls)


# --- Nothing found ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "blamed", "tries"),
    [
        ("q=gaude&boite=0.05,0,0.35,9&teinte=bleu", "cadre de la carte", 2),
        ("q=pastel+2&teinte=mauve", "Teinte", 1),
        ("q=introuvable", "introuvable", 1),
        ("q=introuvable+gaude", "introuvable", 2),
        ("q=Noix+127", "Noix 127", 3),
        ("pres=1,1&rayon=1&q=Noix+71", "moins de 1\xa0km", 4),
    ],
)
def test_why_nothing_was_found_is_said_and_each_try_finds_what_it_says(
    client: Any, query: str, blamed: str, tries: int
) -> None:
    nothing = client.get(f"/couleurs/?{query}").context["nothing"]
    assert blamed in nothing.why
    assert len(nothing.tries) == tries
    for one in nothing.tries:
        assert client.get(f"/couleurs/{one.url}").context["found"].count == one.count > 0


def test_an_unknown_place_is_said_to_be_unknown(client: Any) -> None:
    nothing = client.get("/couleurs/?ou=Atlantide").context["nothing"]
    assert "n’est pas un lieu" in nothing.heading
    assert [one.count for one in nothing.tries] == [120]


# --- The files -------------------------------------------------------------------------------------------------------


def test_the_csv_holds_every_row_and_runs_no_formula(client: Any) -> None:
    response = client.get("/couleurs.csv?teinte=bleu")
    rows = list(csv.reader(io.StringIO(body(response).decode())))
    assert rows[0] == ["Nom", "Teinte", "Degrés"]
    assert rows[1:3] == [["Pastel", "bleu", ""], ["'=1+1", "bleu", "0.5"]]
    assert (len(rows) - 1, response["Toile-Lignes"]) == (40, "40/40")
    assert re.fullmatch(r'attachment; filename="teintures-\d{4}-\d\d-\d\d\.csv"', response["Content-Disposition"])
    french = body(client.get("/couleurs.csv?teinte=bleu&tableur=1")).decode()
    assert french.startswith("\ufeffNom;Teinte;Degrés\r\n") and "'=1+1;bleu;0,5" in french


def test_the_xlsx_opens_and_has_typed_cells(client: Any) -> None:
    response = client.get("/couleurs.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(body(response))).active
    assert [cell.value for cell in sheet[3]] == ["Garance", "rouge", 0.1]
    assert (sheet.max_row, sheet.title, response["Content-Type"]) == (121, "Les teintures", FORMATS["xlsx"].media)


def test_the_geojson_follows_rfc_7946_and_counts_who_has_no_point(client: Any) -> None:
    response = client.get("/couleurs.geojson")
    found = json.loads(body(response))
    assert (found["type"], len(found["features"]), found["without_point"]) == ("FeatureCollection", 120, 60)
    assert found["features"][0]["geometry"] is None
    assert found["features"][1]["geometry"] == {"type": "Point", "coordinates": [0.1, 0.5]}
    assert found["features"][1]["id"] == "urn:couleur:1"
    assert found["features"][1]["properties"] == {"nom": "Garance", "teinte": "rouge", "degres": 0.1}
    assert (found["count"], found["given"], found["truncated"]) == (120, 120, False)
    assert json.loads(body(client.get("/couleurs.geojson?q=zzz")))["features"] == []


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "geojson"])
def test_a_cut_file_says_so_in_its_name_in_a_header_and_in_its_own_way(
    client: Any, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setattr("toile.kernel.lists.files.MOST_ROWS", 50)
    monkeypatch.setattr("toile.kernel.lists.views.MOST_ROWS", 50)
    response = client.get(f"/couleurs.{suffix}")
    assert response["Toile-Lignes"] == "50/120"
    assert "-partiel." in response["Content-Disposition"]
    written = body(response)
    if suffix == "csv":
        assert len(written.decode().splitlines()) == 51
    elif suffix == "xlsx":
        assert openpyxl.load_workbook(io.BytesIO(written)).active.title == "50 premières sur 120"
    else:
        found = json.loads(written)
        assert (len(found["features"]), found["given"], found["count"], found["truncated"]) == (50, 50, 120, True)
    assert "s’arrêtent à 50\xa0lignes" in client.get("/couleurs/").content.decode().replace(" lignes", "\xa0lignes")


def test_the_json_goes_page_after_page_to_the_last_row_and_its_facets_lead_on(client: Any) -> None:
    first = client.get("/couleurs.json?toutes=1").json()
    assert (first["count"], first["total"], first["page"], first["truncated"]) == (130, 120, 1, False)
    second = client.get(first["next"]).json()
    assert [row["id"] for row in first["rows"] + second["rows"]] == [f"urn:couleur:{n}" for n in range(130)]
    assert second["next"] is None
    told = {"nom": "Garance", "teinte": "rouge", "degres": 0.1}
    assert first["rows"][1] == {"id": "urn:couleur:1", "url": "http://testserver/couleurs/1/"} | told
    (facet,) = first["facets"]
    blue = next(value for value in facet["values"] if value["value"] == "bleu")
    assert (facet["name"], blue["count"], blue["selected"]) == ("teinte", 43, False)
    narrowed = client.get(blue["toggle_url"]).json()
    assert narrowed["count"] == 43
    back = next(value for value in narrowed["facets"][0]["values"] if value["selected"])
    assert client.get(back["toggle_url"]).json()["count"] == 130


def test_the_feed_follows_rfc_4287_and_is_not_sent_twice(client: Any) -> None:
    response = client.get("/couleurs.atom?q=ga&page=3")
    feed = Xml.fromstring(response.content)
    name = "{http://www.w3.org/2005/Atom}"
    assert feed.tag == f"{name}feed"
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", feed.findtext(f"{name}id") or "")
    assert feed.findtext(f"{name}updated") == "2026-11-20T12:00:00+00:00"
    assert feed.findtext(f"{name}author/{name}name") == "testserver"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{name}link")}
    assert links == {"self": "http://testserver/couleurs.atom?q=ga", "alternate": "http://testserver/couleurs/?q=ga"}
    entries = feed.findall(f"{name}entry")
    assert len(entries) == len({entry.findtext(f"{name}id") for entry in entries}) == 30
    assert entries[0].findtext(f"{name}summary") == "Un bain."
    again = client.get("/couleurs.atom?page=1&q=ga")
    assert again.content == response.content and again["ETag"] == response["ETag"]
    for headers in ({"If-None-Match": response["ETag"]}, {"If-Modified-Since": response["Last-Modified"]}):
        assert client.get("/couleurs.atom?q=ga", headers=headers).status_code == 304
    assert (
        client.get("/couleurs.json", headers={"If-None-Match": client.get("/couleurs.json")["ETag"]}).status_code == 304
    )
    assert client.get("/couleurs.atom?q=zzz", headers={"If-None-Match": response["ETag"]}).status_code == 200


def test_a_file_is_for_who_may_see_its_page(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(table.routes, "colours", Route(TECHNICAL.code))
    for suffix in FORMATS:
        assert client.get(f"/couleurs.{suffix}").status_code == 403


def test_what_is_no_list_has_no_files(client: Any) -> None:
    for address in ("/nulle-part.csv", "/-/sante.json", "/couleurs/1.csv", "/.csv", "/couleurs.pdf"):
        assert client.get(address).status_code == 404, address
    assert client.post("/couleurs.csv").status_code == 405
    assert client.head("/couleurs.csv").status_code == 200


def test_under_asgi_a_file_is_sent_as_it_is_written() -> None:
    made = []

    def chunks() -> Iterator[bytes]:
        for number in range(3):
            made.append(number)
            yield b"%d" % number

    async def first() -> tuple[bytes, list[int]]:
        request = ASGIRequest({"type": "http", "method": "GET", "path": "/", "headers": []}, io.BytesIO())
        async for chunk in streamed(request, chunks(), "text/plain"):
            return chunk, list(made)
        raise AssertionError("nothing was sent")

    assert asyncio.run(first()) == (b"0", [0])


def test_a_list_declared_twice_stops_the_start(colours: ListPage[Colour]) -> None:
    with pytest.raises(Exception, match="declared twice"):
        declare(colours)
    assert find(VISITOR, Asked(), 0, 1).count == 120

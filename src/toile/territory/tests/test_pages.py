"""The pages of the territory, as a visitor and as the person who runs the programme."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from toile.kernel.acts import Actor
from toile.territory import queries
from toile.territory.models import Commune, Perimeter
from toile.territory.queries import CommuneCounter, Pin
from toile.territory.queries.counters import _counters
from toile.territory.services import import_contours, save_perimeter

from .conftest import square

pytestmark = pytest.mark.django_db


def text(response: Any) -> str:
    return response.content.decode()


@pytest.fixture
def counted() -> Any:
    queries.register_commune_counter(
        CommuneCounter(
            "structure", "structures", lambda reader, codes: {"42001": 4, "42003": 1}, lambda code: f"/?c={code}"
        )
    )
    yield
    _counters.clear()


def test_before_a_territory_is_chosen_the_page_says_how(client: Any) -> None:
    page = client.get(reverse("territory:communes"))
    assert page.status_code == 200
    assert "toile init --epci" in text(page)


def test_the_communes_are_listed_with_a_map(client: Any, home: Any) -> None:
    page = text(client.get(reverse("territory:communes")))
    assert "<h1>4 communes</h1>" in page
    for name in ("Haute-Rive", "L’Étang", "Saint-Roch", "Vieux-Bourg"):
        assert name in page
    assert "Isolée" not in page
    assert page.count('class="cell') == 4
    assert "Carte schématique" in page
    assert "contours non officiels" in page
    assert "5\u202f000" in page


def test_a_commune_that_counts_something_is_a_link_with_a_full_name(client: Any, home: Any, counted: Any) -> None:
    page = text(client.get(reverse("territory:communes")))
    assert 'aria-label="Haute-Rive\u00a0: 4 structures"' in page
    assert 'href="/?c=42001"' in page
    assert "/?c=42002" not in page
    assert "Saint-Roch\u00a0: 1 structure" in page


def test_zero_is_not_unknown_on_the_map(home: Any) -> None:
    drawing = queries.commune_map({"42001": 7, "42002": None}, url=lambda code: f"/{code}", pins=[Pin(1, 4.39, 45.43)])
    assert drawing is not None
    by_code = {shape.code: shape for shape in drawing.shapes}
    assert (by_code["42003"].css, by_code["42003"].count, by_code["42003"].url) == ("c0", 0, None)
    assert (by_code["42002"].css, by_code["42002"].count) == ("hatch", None)
    assert by_code["42001"].label == "Haute-Rive\u00a0: 7 structures"
    assert drawing.total is None
    assert drawing.zeros == 2
    assert [line.text for line in drawing.legend][-1] == "inconnu"
    html = render_to_string("territory/map.html", {"map": drawing})
    assert 'fill="url(#carte-inconnu)"' in html
    assert re.search(r'<g class="pin"[^>]*translate\(\d+ \d+\)', html)
    assert '<td class="r"><span class="mute">inconnu</span></td>' in html
    assert "style=" not in html


def test_a_map_of_zeros_still_has_its_legend(home: Any) -> None:
    drawing = queries.commune_map({})
    assert drawing is not None
    assert [(line.css, line.text) for line in drawing.legend] == [("c0", "0")]
    assert (drawing.total, drawing.zeros, drawing.rows) == (0, 4, ())


def test_contours_replace_cells_as_soon_as_all_are_imported(home: Any, actor: Actor, tmp_path: Path) -> None:
    def contours(*codes: str) -> None:
        features = [
            {"type": "Feature", "properties": {"code": code}, "geometry": square(4 + n / 20, 45.4)}
            for n, code in enumerate(codes)
        ]
        path = tmp_path / "c.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        import_contours(actor, path, vintage="2018", source="IGN")

    contours("42001", "42002")
    assert getattr(queries.commune_map(), "kind", None) == "cells"
    contours("42001", "42002", "42003", "42005")
    drawing = queries.commune_map()
    assert drawing is not None
    assert drawing.kind == "contours"
    assert "IGN, millésime 2018" in drawing.caption
    assert "non officiels" not in drawing.caption
    with CaptureQueriesContext(connection) as asked:
        queries.commune_map()
    assert len(asked) == 2


def test_without_centres_nor_contours_a_mosaic_says_what_it_is(home: Any) -> None:
    Commune.objects.update(lon=None, lat=None)
    drawing = queries.commune_map({"42001": 3})
    assert drawing is not None
    assert drawing.kind == "mosaic"
    assert "Leur place ne dit rien du terrain" in drawing.caption
    assert len(drawing.shapes) == 4


def test_a_commune_without_centre_is_said_to_be_off_the_map(home: Any) -> None:
    Commune.objects.filter(code="42005").update(lon=None, lat=None)
    drawing = queries.commune_map({"42005": 2})
    assert drawing is not None
    assert len(drawing.shapes) == 3
    assert "hors de la carte\u00a0: 1" in drawing.caption
    assert [row.name for row in drawing.rows] == ["Vieux-Bourg"]


def test_a_perimeter_says_plainly_that_its_outline_is_indicative(client: Any, home: Any, actor: Actor) -> None:
    save_perimeter(
        actor,
        name="Crêt de Roc",
        kind="quartier",
        polygon=square(4.40, 45.42, 0.01),
        aliases=["Crêt de Roch"],
        indicative=True,
    )
    save_perimeter(actor, name="Amont", communes=["42001", "42002"], definition="Le haut.", source="usage")
    hill = text(client.get("/territoire/perimetres/cret-de-roc/"))
    assert "Contour indicatif." in hill
    assert "Aucun texte ne fixe cette limite" in hill
    assert "Crêt de Roch" in hill
    assert "stroke-dasharray" in hill
    up = text(client.get("/territoire/perimetres/amont/"))
    assert "Aucun texte" not in up
    assert up.count('class="cell c2"') == 2
    assert up.count('class="cell c0"') == 2
    listed = text(client.get("/territoire/perimetres/"))
    assert "Crêt de Roch" in listed
    assert "contour indicatif" in listed
    assert "Tracer un périmètre" not in listed, "a visitor is not offered what they may not do"


def test_an_unknown_perimeter_is_not_found(client: Any, home: Any) -> None:
    assert client.get("/territoire/perimetres/atlantide/").status_code == 404


def test_the_pages_ask_the_database_a_known_number_of_times(client: Any, home: Any, actor: Actor, counted: Any) -> None:
    def queries_of(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        return len(asked)

    few = [
        queries_of(path) for path in ("/territoire/", "/territoire/perimetres/", "/territoire/perimetres/val-d-essai/")
    ]
    for n in range(8):
        save_perimeter(actor, name=f"Vallée {n}", communes=["42001", "42002"], aliases=[f"Val {n}"])
    many = [
        queries_of(path) for path in ("/territoire/", "/territoire/perimetres/", "/territoire/perimetres/val-d-essai/")
    ]
    assert many == few
    assert max(few) <= 12


def test_a_visitor_cannot_draw(client: Any, home: Any) -> None:
    for path in ("/territoire/perimetres/nouveau/", "/territoire/perimetres/val-d-essai/corriger/"):
        assert client.get(path).status_code == 302
        assert client.post(path, {"name": "x"}).status_code == 302


def test_someone_without_the_role_cannot_draw(client: Any, home: Any, django_user_model: Any) -> None:
    client.force_login(django_user_model.objects.create(email="autre@exemple.fr"))
    assert client.get("/territoire/perimetres/nouveau/").status_code == 403


FORM = {
    "name": "Crêt de Roc",
    "aliases": "Crêt de Roch\nLe Crêt",
    "kind": "quartier",
    "definition": "",
    "communes": "Haute-Rive\n42002 L’Étang\n42011",
    "polygon": json.dumps(square(4.38, 45.42)),
    "indicative": "on",
    "source": "tracé à la main",
    "version": "0",
}


def test_an_officer_draws_a_perimeter_then_corrects_it(client: Any, home: Any, officer: Any) -> None:
    client.force_login(officer)
    drawn = client.post("/territoire/perimetres/nouveau/", FORM)
    assert drawn.status_code == 302
    assert drawn.headers["Location"] == "/territoire/perimetres/cret-de-roc/"
    found = Perimeter.objects.get(code="cret-de-roc")
    assert {commune.code for commune in found.communes.all()} == {"42001", "42002"}
    assert found.aliases == ["Crêt de Roch", "Le Crêt"]
    page = text(client.get("/territoire/perimetres/cret-de-roc/corriger/"))
    assert "42002 L’Étang" in page
    assert 'name="version" value="1"' in page
    again = FORM | {"name": "Le Crêt de Roc", "aliases": "Crêt de Roc", "version": "1"}
    assert client.post("/territoire/perimetres/cret-de-roc/corriger/", again).status_code == 302
    assert Perimeter.objects.get(code="cret-de-roc").name == "Le Crêt de Roc"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "name"),
        ({"name": "Val d'Essai"}, "name"),
        ({"communes": "Atlantide"}, "Atlantide"),
        ({"communes": "99999"}, "99999"),
        ({"communes": "", "polygon": ""}, "Choisissez des communes"),
        ({"polygon": "{"}, "GeoJSON"),
        ({"polygon": "[" * 5_000}, "GeoJSON"),
        ({"polygon": '{"type":"Point","coordinates":[4,45]}'}, "n’a pas de surface"),
        ({"polygon": "null"}, ""),
        ({"aliases": "x" * 300}, "trop long"),
        ({"aliases": "Val d’Essai"}, "déjà celui"),
        ({"version": "7"}, "entre-temps"),
        ({"kind": "planète"}, "kind"),
        ({"name": "a\x00b"}, "name"),
    ],
)
def test_what_is_wrong_in_the_form_is_named_and_nothing_typed_is_lost(
    client: Any, home: Any, officer: Any, wrong: dict[str, str], said: str
) -> None:
    client.force_login(officer)
    before = Perimeter.objects.count()
    page = client.post("/territoire/perimetres/nouveau/", FORM | {"source": "gardé"} | wrong)
    if wrong == {"polygon": "null"}:
        assert page.status_code == 302
        return
    assert page.status_code == 422
    assert said in text(page)
    assert "gardé" in text(page)
    assert Perimeter.objects.count() == before


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(
    client: Any, home: Any, officer: Any, actor: Actor
) -> None:
    client.force_login(officer)
    save_perimeter(actor, name="Vallée", communes=["42001"])
    form = FORM | {"name": "Vallée", "version": "1", "aliases": ""}
    save_perimeter(actor, code="vallee", name="Vallée", communes=["42003"])
    page = client.post("/territoire/perimetres/vallee/corriger/", form)
    assert page.status_code == 422
    assert "entre-temps" in text(page)
    assert [commune.code for commune in Perimeter.objects.get(code="vallee").communes.all()] == ["42003"]


def test_the_perimeters_thread_tells_its_drawing(client: Any, home: Any, actor: Actor) -> None:
    save_perimeter(actor, name="Vallée", communes=["42001"])
    assert "Périmètre enregistré" in text(client.get("/territoire/perimetres/vallee/"))


def test_every_page_bears_the_territorys_name(client: Any, home: Any) -> None:
    assert "ESS · Val d’Essai" in text(client.get("/territoire/perimetres/"))

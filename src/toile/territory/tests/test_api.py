"""The territory's public API: communes and perimeters, with the bounds of what is known of their ground."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from toile.kernel import api
from toile.territory.models import Commune, Contour
from toile.territory.services import save_perimeter

from .conftest import square

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_lots(home, client):
    """Nobody has asked yet; then one lot is taken, which costs statements of its own."""
    cache.clear()
    api._lots.clear()
    client.get("/api/v1/openapi.json")


def test_the_communes_of_the_territory_are_told_with_their_bounds(client, django_assert_num_queries):
    first, *others = Commune.objects.filter(epci__home__id=1, kind="commune").order_by("code")
    Contour.objects.create(commune=first, geometry=square(4.0, 45.0, 0.5), digest="d")
    with django_assert_num_queries(2):
        told = client.get("/api/v1/communes").json()
    by_code = {commune["code"]: commune for commune in told["items"]}
    assert told["count"] == len(by_code) == 1 + len(others)
    west, south, east, north = by_code[first.code]["bounds"]
    assert west < east and south < north and by_code[first.code]["name"] == first.name
    assert {by_code[other.code]["bounds"] for other in others} == {None}


def test_a_perimeter_has_bounds_only_where_all_its_ground_is_known(client, actor, django_assert_num_queries):
    codes = list(
        Commune.objects.filter(epci__home__id=1, kind="commune").order_by("code").values_list("code", flat=True)
    )
    save_perimeter(actor, name="La colline", communes=codes[:2], aliases=["Le mont"])
    save_perimeter(actor, name="Le carré", communes=[], polygon=square(4.4, 45.4))
    Contour.objects.create(commune_id=codes[0], geometry=square(4.0, 45.0), digest="d")
    with django_assert_num_queries(4):
        told = client.get("/api/v1/perimeters").json()
    hill, carre = (next(p for p in told["items"] if p["name"] == name) for name in ("La colline", "Le carré"))
    assert hill["aliases"] == ["Le mont"] and hill["communes"] == codes[:2] and hill["bounds"] is None
    assert carre["bounds"] is not None
    Contour.objects.create(commune_id=codes[1], geometry=square(5.0, 46.0), digest="e")
    hill = next(p for p in client.get("/api/v1/perimeters").json()["items"] if p["name"] == "La colline")
    assert hill["bounds"][0] < 4.1 and hill["bounds"][2] > 4.9

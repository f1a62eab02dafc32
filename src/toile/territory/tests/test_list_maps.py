"""The map of a list: what it marks, what its links ask, what it says of what it cannot show."""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.template.loader import render_to_string

from toile.kernel.lists import Box, Group
from toile.territory.models import Commune
from toile.territory.queries import Links, ListMap, Pin, communes_of_home, list_map
from toile.territory.queries.list_maps import PHONE, PHONE_PIN, PIN, STACK, _composed
from toile.territory.rules import framing
from toile.territory.rules.grid import groups_of, level_for
from toile.territory.rules.marks import overlap
from toile.territory.services import import_contours

from .conftest import square

pytestmark = pytest.mark.django_db
NAMES = {"box": "boite", "commune": "commune"}
RIVE, ETANG = (4.39, 45.43), (4.45, 45.45)


def address(**asked: str) -> str:
    return "?q=eau&" + "&".join(f"{NAMES[name]}={quote(value)}" for name, value in asked.items())


LINKS = Links("?q=eau", address)


def asked_box(url: str) -> Box:
    return Box(*(float(side) for side in parse_qs(urlsplit(url).query)["boite"][0].split(",")))


def drawn(points: Sequence[tuple[float, float]], box: Box | None = None, pins: int = 0, **more: Any) -> ListMap:
    """A map of points, the first `pins` of them on the page."""
    groups = groups_of(points, level_for(box))
    lines = [Pin(n, *point, f"Structure {n}", f"/s/{n}/") for n, point in enumerate(points[:pins], 1)]
    settings = {"counts": None, "found": len(points)} | more
    settings.setdefault("communes", None)
    settings["communes"] = settings["communes"] or communes_of_home()
    found = list_map(groups, lines, box=box, url=LINKS, title="Ce qui a été trouvé", **settings)
    assert found is not None
    return found


def page(shown: ListMap) -> str:
    return render_to_string("territory/list_map.html", {"map": shown})


def around(point: tuple[float, float], number: int, step: float = 0.002) -> list[tuple[float, float]]:
    return [(point[0] + step * (n % 7) / 7, point[1] + step * (n // 7) / 7) for n in range(number)]


def test_every_mark_and_control_is_a_link_with_a_full_name(home: Any) -> None:
    html = page(drawn([*around(RIVE, 34), ETANG], pins=1, counts={"42001": 34, "42002": 1}))
    links = re.findall(r"<a [^>]*>", html)
    assert len(links) >= 6 + 2 + 2
    for link in links:
        assert "href=" in link or 'aria-disabled="true"' in link
    assert "34 structures vers Haute-Rive, dont la ligne 1\u00a0: agrandir" in html
    assert "1 structure vers L’Étang\u00a0: agrandir" in html
    assert "Haute-Rive\u00a0: 34 structures" in html
    for label in ("Agrandir la carte", "Réduire la carte", "Aller vers le nord", "Aller vers l’ouest"):
        assert f'aria-label="{label}"' in html


def test_a_line_alone_has_its_number_and_leads_to_its_page(home: Any) -> None:
    shown = drawn([RIVE, ETANG], pins=2)
    assert [(mark.text, mark.url, mark.half) for mark in shown.marks] == [("1", "/s/1/", 0), ("2", "/s/2/", 0)]
    assert "Ligne 2\u00a0: Structure 2" in page(shown)
    without = list_map([], [Pin(3, *RIVE)], box=None, communes=communes_of_home(), counts=None, url=LINKS, title="t")
    assert without is not None
    assert without.marks[0].url == "#ligne-3"


def test_a_group_whose_members_are_all_on_the_page_gives_its_lines_back(home: Any) -> None:
    near = [(RIVE[0], RIVE[1]), (RIVE[0] + 0.002, RIVE[1])]
    box = Box(4.388, 45.428, 4.394, 45.432)
    assert [mark.lines for mark in drawn(near, box, pins=2).marks] == ["1", "2"]
    whole = drawn(near, pins=2)
    assert [(mark.count, mark.lines) for mark in whole.marks] == [(2, "1 2")], "too close to be drawn apart from afar"


def test_a_group_leads_closer_until_its_members_are_apart_or_listed(home: Any) -> None:
    points = [*around(RIVE, 30), ETANG]
    box: Box | None = None
    for _step in range(8):
        inside = [p for p in points if box is None or (box.west <= p[0] <= box.east and box.south <= p[1] <= box.north)]
        shown = drawn(inside, box)
        group = max(shown.marks, key=lambda mark: mark.count)
        if group.count == 1 or group.label.endswith("voir la liste"):
            return
        closer = asked_box(group.url)
        held = [p for p in points if closer.west <= p[0] <= closer.east and closer.south <= p[1] <= closer.north]
        assert len(held) >= group.count, "what a group leads to holds all of it"
        box = closer
    pytest.fail("a group never opened")


def test_those_at_one_address_lead_to_their_list(home: Any) -> None:
    same = [RIVE] * 12
    street = framing.box_of(framing.frame_of(Box(*RIVE, *RIVE)))
    shown = drawn(same, street)
    (group,) = shown.marks
    assert "12 structures vers Haute-Rive\u00a0: voir la liste" in page(shown)
    listed = asked_box(group.url)
    assert listed.west < RIVE[0] < listed.east
    assert listed.east - listed.west < 0.001


def test_every_control_stays_in_the_surroundings_and_stops_where_nothing_changes(home: Any) -> None:
    whole = drawn([RIVE, ETANG])
    assert whole.whole_url == ""
    most = framing.surroundings(framing.frame_of(Box(*map(float, whole.box.split(",")))))
    limits = framing.box_of(most)
    seen = {whole.box}
    todo = [whole]
    while todo:
        here = todo.pop()
        for control in here.controls:
            if control.url is None:
                continue
            box = asked_box(control.url)
            assert limits.west - 0.001 <= box.west < box.east <= limits.east + 0.001
            assert limits.south - 0.001 <= box.south < box.north <= limits.north + 0.001
            there = drawn([RIVE, ETANG], box)
            assert there.whole_url.endswith("boite=")
            sides = [float(side) for side in there.box.split(",")]
            asked = [box.west, box.south, box.east, box.north]
            assert sides == pytest.approx(asked, abs=3e-5), "the list is asked what the map shows"
            if len(seen) < 60 and there.box not in seen:
                seen.add(there.box)
                todo.append(there)
    closest = drawn([RIVE], framing.box_of(framing.frame_of(Box(*RIVE, *RIVE))))
    farthest = drawn([RIVE], limits)
    assert {c.code for c in closest.controls if c.url is None} == {"in"}
    assert {c.code for c in farthest.controls if c.url is None} == {"out", "north", "south", "west", "east"}
    assert 'id="carte-in" role="link" aria-disabled="true"' in page(closest)


@pytest.mark.parametrize("lost", [(0.0, 0.0), (-8.0, 46.0), (4.9, 43.0), (2.35, 48.85), (4.39, -45.4)])
def test_a_point_nowhere_at_sea_or_far_away_is_counted_with_those_without_one(home: Any, lost: Any) -> None:
    shown = drawn([RIVE, ETANG, lost], pins=3, found=5)
    assert sum(mark.count for mark in shown.marks) == 2
    assert shown.unplaced == 3
    html = page(shown)
    assert "3 structures sans point sur la carte" in html
    assert "Les voir en liste" not in html
    assert "Les voir en liste" in page(drawn([RIVE, lost], unplaced_url="?place=non"))


def test_all_found_and_placed_says_nothing_more(home: Any) -> None:
    assert "sans point" not in page(drawn([RIVE, ETANG]))


def test_communes_filter_the_list_from_the_whole_map_only(home: Any) -> None:
    counts = {"42001": 30, "42002": 1, "99999": 8}
    whole = drawn([RIVE], counts=counts)
    assert {shape.code: bool(shape.url) for shape in whole.shapes} == {
        "42001": True, "42002": True, "42003": False, "42005": False,
    }  # fmt: skip
    assert "commune=42001" in page(whole)
    assert whole.legend[0].text == "0"
    closer = drawn([RIVE], Box(4.38, 45.42, 4.40, 45.44), counts=counts)
    assert not closer.filters
    assert "Revoir tout le territoire" in page(closer)


@pytest.mark.parametrize(
    "box",
    [Box(5, 45, 4, 46), Box(math.nan, 45, 5, 46), Box(-180, -85, 180, 85), Box(0, 0, 0, 0), Box(2.3, 48.8, 2.4, 48.9)],
)
def test_a_box_of_no_use_still_draws_a_map_of_the_surroundings(home: Any, box: Box) -> None:
    shown = drawn([RIVE, ETANG], box)
    assert len(shown.controls) == 6
    sides = Box(*map(float, shown.box.split(",")))
    assert 3.5 < sides.west < sides.east < 5.3
    page(shown)


def test_contours_are_cut_to_what_is_seen(
    home: Any, actor: Any, tmp_path: Path, django_assert_num_queries: Callable[..., Any]
) -> None:
    codes = {"42001": (4.37, 45.41), "42002": (4.43, 45.43), "42003": (4.33, 45.38), "42005": (4.48, 45.40)}
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": square(*corner)} for code, corner in codes.items()
    ]
    path = tmp_path / "contours.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    import_contours(actor, path, source="Essai", vintage="2026")
    communes = communes_of_home()
    box = Box(4.38, 45.42, 4.39, 45.43)

    def shown(where: Box | None) -> ListMap:
        return drawn([RIVE], where, communes=communes)

    with django_assert_num_queries(2):
        whole = shown(None)
    assert len(whole.shapes) == 4
    with django_assert_num_queries(3):
        closer = shown(box)
    with django_assert_num_queries(2):
        assert shown(box) == closer
    with django_assert_num_queries(1):
        assert shown(None) == whole
    assert [shape.code for shape in closer.shapes] == ["42001"]
    numbers = [int(n) for n in re.findall(r"-?\d+", closer.shapes[0].d)]
    assert max(map(abs, numbers)) < 1000, "nothing is drawn far out of the paper"
    assert "Essai" in page(closer)


def test_a_schematic_map_asks_one_thing_of_the_database(
    home: Any, django_assert_num_queries: Callable[..., Any]
) -> None:
    communes = communes_of_home()
    for points in ([RIVE], [*around(RIVE, 3), ETANG]):
        for box in (None, Box(4.3, 45.4, 4.4, 45.45)):
            with django_assert_num_queries(1):
                drawn(points, box, pins=2, communes=communes)


def test_without_centres_what_was_found_is_placed_without_communes(home: Any) -> None:
    Commune.objects.update(lon=None, lat=None)
    shown = drawn([RIVE, ETANG], pins=2, counts={"42001": 1})
    assert shown.shapes == ()
    assert len(shown.marks) == 2
    assert "Sans contours ni centres" in shown.caption
    group = drawn([RIVE] * 9)
    assert "9 structures\u00a0: voir la liste" in page(group)


def test_nothing_known_at_all_draws_nothing(db: None) -> None:
    assert list_map([], [], box=None, communes=[], counts=None, url=LINKS, title="t") is None


def test_sixty_groups_are_drawn_within_the_weight_and_the_time_of_a_page(home: Any) -> None:
    spread = [(4.23 + 0.043 * (n % 10), 45.36 + 0.027 * (n // 10)) for n in range(60)]
    groups = [Group(1 + 7 * n, *point, (*point, *point)) for n, point in enumerate(spread)]
    pins = [
        Pin(n, *point, f"Structure au nom assez long {n}", f"/structures/{n}/") for n, point in enumerate(spread[:20])
    ]
    communes = communes_of_home()

    def once() -> ListMap | None:
        return list_map(groups, pins, box=None, communes=communes, counts={}, url=LINKS, title="t", found=9000)

    shown = once()
    assert shown is not None
    assert 15 <= len(shown.marks) <= 60
    assert len(page(shown).encode()) <= 40_000
    spent = []
    for _try in range(5):
        _composed.cache_clear()
        start = time.process_time()
        once()
        spent.append(time.process_time() - start)
    assert min(spent) < 0.015, "thrice the time of a quiet machine"


def test_nothing_drawn_covers_anything_in_a_narrow_column(home: Any) -> None:
    spread = [(4.3 + 0.011 * (n % 17), 45.37 + 0.009 * (n // 17)) for n in range(170)]
    shown = drawn(spread, pins=20)
    rooms = []
    for mark in shown.marks:
        left, up, right, down = (side * PHONE_PIN for side in PIN)
        if mark.half:
            left = up = mark.half * PHONE
            right = down = (mark.half + STACK) * PHONE
        rooms.append((mark.x - left + 1, mark.y - up + 1, mark.x + right - 1, mark.y + down - 1))
    assert len(rooms) > 5
    assert not [(a, b) for rank, a in enumerate(rooms) for b in rooms[:rank] if overlap(a, b)]
    assert sum(mark.count for mark in shown.marks) == 170

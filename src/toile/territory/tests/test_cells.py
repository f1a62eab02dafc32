"""The schematic cells, the mosaic and the contours as drawings."""

from __future__ import annotations

import csv
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.territory.rules.cells import cells, path_of
from toile.territory.rules.drawing import STEP, Drawing, distance
from toile.territory.rules.mosaic import mosaic
from toile.territory.rules.outlines import outlines

pytestmark = pytest.mark.slow

points = st.dictionaries(
    st.from_regex(r"[0-9]{5}", fullmatch=True),
    st.tuples(st.floats(-5, 9, allow_nan=False), st.floats(41, 51, allow_nan=False)),
    min_size=1,
    max_size=16,
)


def rings(d: str) -> list[list[tuple[int, int]]]:
    """The corners of each subpath of a path made of M, H, V and z only, the closing one included."""
    assert re.fullmatch(r"(M\d+ \d+([HV]\d+)+z)+", d), d
    found = []
    for part in d.split("z")[:-1]:
        x, y = map(int, re.match(r"M(\d+) (\d+)", part).groups())
        ring = [(x, y)]
        for axis, value in re.findall(r"([HV])(\d+)", part):
            x, y = (int(value), y) if axis == "H" else (x, int(value))
            ring.append((x, y))
        found.append(ring)
    return found


def squares(d: str) -> set[tuple[int, int]]:
    """The squares inside a path, by counting vertical edges to the left of each square's middle."""
    edges = []
    for ring in rings(d):
        for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
            if ax == bx:
                edges.append((ax, min(ay, by), max(ay, by)))
    inside = set()
    for row in range(48):
        y = row * STEP + STEP / 2
        crossing = sorted(x for x, top, bottom in edges if top < y < bottom)
        for left, right in zip(crossing[::2], crossing[1::2], strict=True):
            inside.update((column, row) for column in range(left // STEP, right // STEP))
    return inside


def in_one_piece(own: set[tuple[int, int]]) -> bool:
    reached, front = set(), [min(own)]
    while front:
        i, j = front.pop()
        if (i, j) in own and (i, j) not in reached:
            reached.add((i, j))
            front += [(i + 1, j), (i - 1, j), (i, j + 1), (i, j - 1)]
    return reached == own


@given(points)
def test_every_commune_has_one_cell_and_no_square_has_two(centres: dict[str, tuple[float, float]]) -> None:
    drawing = cells(centres)
    owned = [squares(shape.d) for shape in drawing.shapes]
    assert {shape.code for shape in drawing.shapes} == centres.keys()
    assert all(owned)
    assert sum(map(len, owned)) == len(set().union(*owned))


@given(points)
def test_every_cell_is_in_one_piece_inside_the_paper_cut_along_the_squares(centres: Any) -> None:
    for shape in cells(centres).shapes:
        for ring in rings(shape.d):
            assert ring[-1][0] == ring[0][0] or ring[-1][1] == ring[0][1], "the closing segment is orthogonal"
            assert all(0 <= x <= 830 and 0 <= y <= 480 and x % STEP == y % STEP == 0 for x, y in ring)
        own = squares(shape.d)
        assert in_one_piece(own)
        x, y = shape.anchor
        assert (int(x // STEP), int(y // STEP)) in own, "the name is written inside"


@given(points, st.randoms())
def test_the_order_of_communes_does_not_change_the_drawing(centres: Any, chance: Any) -> None:
    shuffled = list(centres.items())
    chance.shuffle(shuffled)
    assert cells(dict(shuffled)) == cells(centres)


def test_a_square_goes_to_the_nearest_centre_within_reach() -> None:
    drawing = cells({"00001": (4.0, 45.0), "00002": (4.2, 45.0)}, radius=5_000)
    first, second = (squares(shape.d) for shape in drawing.shapes)
    frame = drawing.frame
    assert frame is not None
    for own, (lon, lat), other in ((first, (4.0, 45.0), (4.2, 45.0)), (second, (4.2, 45.0), (4.0, 45.0))):
        x, y = frame.to_view(lon, lat)
        ox, _ = frame.to_view(*other)
        for i, j in own:
            cx, cy = (i + 0.5) * STEP, (j + 0.5) * STEP
            assert ((cx - x) ** 2 + (cy - y) ** 2) ** 0.5 * frame.scale <= 5_000 * 1.001
            assert abs(cx - x) <= abs(cx - ox)
    assert len(first) == pytest.approx(len(second), rel=0.1)


def test_what_cells_enclose_belongs_to_one_of_them() -> None:
    ring = {f"{n:05}": (4 + 0.1 * dx, 45 + 0.07 * dy) for n, (dx, dy) in enumerate(
        [(-2, 0), (-1.5, 1.5), (0, 2), (1.5, 1.5), (2, 0), (1.5, -1.5), (0, -2), (-1.5, -1.5)])}  # fmt: skip
    land = set().union(*(squares(shape.d) for shape in cells(ring, radius=7_000).shapes))
    for j in range(48):
        row = sorted(i for i, y in land if y == j)
        if 12 < j < 36:
            assert row == list(range(row[0], row[-1] + 1)), f"a hole in row {j}"


def test_centres_at_the_same_place_still_have_a_cell_each() -> None:
    drawing = cells({"00001": (4.0, 45.0), "00002": (4.0, 45.0), "00003": (4.0, 45.0)})
    assert len({shape.d for shape in drawing.shapes}) == 3


def test_no_centre_is_refused_rather_than_drawn_empty() -> None:
    with pytest.raises(ValueError):
        cells({})


def test_a_hole_winds_the_other_way() -> None:
    around = {(i, j) for i in range(3) for j in range(3)} - {(1, 1)}
    assert path_of(around) == "M0 0H30V30H0zM10 10V20H20V10z"


def test_cells_that_touch_by_a_corner_are_two_outlines() -> None:
    assert path_of({(0, 0), (1, 1)}) == "M0 0H10V10H0zM10 10H20V20H10z"


def test_the_fifty_three_communes_of_the_metropole_are_drawn_as_in_the_visual_language(shared_data: Any) -> None:
    with (shared_data / "territory/sem_53_communes.csv").open(encoding="utf-8") as lines:
        centres = {row["code_insee"]: (float(row["lon"]), float(row["lat"])) for row in csv.DictReader(lines)}
    drawing = cells(centres)
    assert len(drawing.shapes) == 53
    assert 550 < drawing.metres_per_square < 750
    assert sum(len(shape.d) for shape in drawing.shapes) < 6_000


@given(st.integers(1, 400))
def test_a_mosaic_gives_one_equal_square_to_each(number: int) -> None:
    drawing = mosaic([f"{n:05}" for n in range(number)])
    owned = [squares(shape.d) for shape in drawing.shapes]
    assert len({len(own) for own in owned}) == 1
    assert sum(map(len, owned)) == len(set().union(*owned))
    assert all(x <= 830 and y <= 480 for shape in drawing.shapes for ring in rings(shape.d) for x, y in ring)
    assert drawing.frame is None, "its places say nothing of the ground"


def test_contours_share_their_borders_and_keep_their_smallest_parts() -> None:
    left = {"type": "Polygon", "coordinates": [[[4.0, 45.0], [4.1, 45.0], [4.1, 45.1], [4.0, 45.1], [4.0, 45.0]]]}
    right = {
        "type": "MultiPolygon",
        "coordinates": [
            [[[4.1, 45.0], [4.2, 45.0], [4.2, 45.1], [4.1, 45.1], [4.1, 45.0]]],
            [[[4.3, 45.0], [4.30001, 45.0], [4.30001, 45.00001], [4.3, 45.0]]],
        ],
    }
    tiny = {"type": "Polygon", "coordinates": [[[4.4, 45.0], [4.40001, 45.0], [4.40001, 45.00001], [4.4, 45.0]]]}
    drawing: Drawing = outlines({"00001": left, "00002": right, "00003": tiny})
    assert [shape.code for shape in drawing.shapes] == ["00001", "00002", "00003"]
    assert all(re.fullmatch(r"(M-?\d+ -?\d+[lh][-\d hv]*z)+", shape.d) for shape in drawing.shapes)
    first, second = drawing.shapes[0].anchor, drawing.shapes[1].anchor
    assert drawing.frame is not None
    assert second[0] - first[0] == pytest.approx(distance((4.05, 45.05), (4.15, 45.05)) / drawing.frame.scale, abs=1)


def test_a_line_is_no_contour() -> None:
    with pytest.raises(ValueError):
        outlines({"00001": {"type": "LineString", "coordinates": [[4, 45], [5, 46]]}})

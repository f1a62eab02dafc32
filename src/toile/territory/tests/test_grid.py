"""The squares of the world, the frames of a map and its marks: every point somewhere once, nothing over anything."""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.kernel.lists import Box, Group
from toile.territory.queries.list_maps import MOST, room_of
from toile.territory.rules import framing
from toile.territory.rules.cells import cells
from toile.territory.rules.drawing import HEIGHT, WIDTH, Frame
from toile.territory.rules.grid import LEVELS, bounds, cell, cells_of, groups_of, level_for
from toile.territory.rules.marks import Mark, apart, overlap
from toile.territory.rules.mosaic import mosaic

world = st.tuples(st.floats(-180, 179.999), st.floats(-85, 85))
france = st.tuples(st.floats(-5.3, 9.7), st.floats(41.2, 51.2))
frames = st.builds(Frame, st.floats(-5, 9), st.floats(41, 51), st.floats(1, 500))
ABOUT = 1e-9
"""Degrees lost between a square's number and its corners: a tenth of a millimetre."""


# --- Squares ---------------------------------------------------------------------------------------------------------


@given(world, st.sampled_from(LEVELS))
def test_a_point_is_inside_its_square_and_the_square_is_its_middles_own(point: Any, level: int) -> None:
    square = bounds(cell(*point, level))
    assert square.west - ABOUT <= point[0] <= square.east + ABOUT
    assert square.south - ABOUT <= point[1] <= square.north + ABOUT
    middle = ((square.west + square.east) / 2, (square.south + square.north) / 2)
    assert cell(*middle, level) == cell(*point, level)


@given(france)
def test_a_point_is_in_one_square_per_level_each_inside_the_one_before(point: Any) -> None:
    squares = cells_of(*point)
    assert tuple(squares) == LEVELS
    for wide, narrow in pairwise(LEVELS):
        outer, inner = bounds(squares[wide]), bounds(squares[narrow])
        assert outer.west - ABOUT <= inner.west < inner.east <= outer.east + ABOUT
        assert outer.south - ABOUT <= inner.south < inner.north <= outer.north + ABOUT


@pytest.mark.parametrize("point", [(0, 0), (None, 45.4), (4.39, None), (-30.0, 45.4), (4.39, 0.0), (math.nan, 45.4)])
def test_a_point_that_cannot_be_trusted_is_in_no_square_nor_group(point: Any) -> None:
    assert cells_of(*point) == {}
    if None not in point:
        assert groups_of([point], 13) == []


@given(st.lists(france, max_size=60), st.sampled_from(LEVELS), st.randoms())
def test_groups_count_every_point_once_and_hold_it(points: Any, level: int, chance: Any) -> None:
    groups = groups_of(points, level)
    assert sum(group.count for group in groups) == len(points)
    by_square = Counter(cell(*point, level) for point in points)
    assert sorted(group.count for group in groups) == sorted(by_square.values())
    for lon, lat in points:
        assert any(g.box[0] <= lon <= g.box[2] and g.box[1] <= lat <= g.box[3] for g in groups)
    for group in groups:
        assert group.box[0] - ABOUT <= group.lon <= group.box[2] + ABOUT
        assert group.box[1] - ABOUT <= group.lat <= group.box[3] + ABOUT
    chance.shuffle(points)
    assert groups_of(points, level) == groups


@given(frames)
def test_a_map_shows_some_tens_of_squares_whatever_its_scale(frame: Frame) -> None:
    box = framing.box_of(frame)
    across = (box.east - box.west) / (360 / 2 ** level_for(box))
    assert across <= 2**4.6
    assert across >= 2**2.4 or level_for(box) == LEVELS[-1]


def test_a_box_of_no_use_still_has_a_level() -> None:
    assert level_for(None) == 13
    for box in (Box(4, 45, 4, 45), Box(5, 45, 4, 44), Box(math.nan, 45, 4, 46), Box(-180, -90, 180, 90)):
        assert level_for(box) in LEVELS


# --- Frames ----------------------------------------------------------------------------------------------------------


def close(one: Box, other: Box) -> bool:
    sides = ("west", "south", "east", "north")
    return all(getattr(one, side) == pytest.approx(getattr(other, side), abs=1e-9) for side in sides)


@given(frames)
def test_zooming_in_then_out_gives_the_same_box_and_a_frame_is_its_own_boxs(frame: Frame) -> None:
    there = framing.zoomed(framing.zoomed(frame, 2), 1 / 2)
    assert close(framing.box_of(there), framing.box_of(frame))
    assert close(framing.box_of(framing.frame_of(framing.box_of(frame))), framing.box_of(frame))


@given(frames, st.sampled_from([("north", "south"), ("west", "east")]))
def test_moving_goes_half_a_map_away_and_comes_back(frame: Frame, ways: tuple[str, str]) -> None:
    there = framing.moved(frame, framing.STEPS[ways[0]])
    back = framing.moved(there, framing.STEPS[ways[1]])
    assert back.lat0 == pytest.approx(frame.lat0, abs=1e-9)
    if ways[0] == "west":
        assert close(framing.box_of(back), framing.box_of(frame))
        assert there.to_view(frame.lon0, frame.lat0) == pytest.approx((WIDTH, HEIGHT / 2))
    else:
        assert there.to_view(frame.lon0, frame.lat0)[1] == pytest.approx(HEIGHT)


@given(frames, frames)
def test_a_map_never_leaves_its_surroundings_nor_goes_closer_than_a_street(frame: Frame, home: Frame) -> None:
    limits = framing.surroundings(home)
    kept = framing.within(frame, limits)
    assert kept.scale <= limits.scale + 1e-9
    assert kept.scale >= min(framing.SMALLEST / WIDTH, limits.scale)
    shown, most = framing.box_of(kept), framing.box_of(limits)
    if kept.scale < limits.scale / 1.2:
        assert most.west - ABOUT <= shown.west and shown.east <= most.east + ABOUT
        assert most.south - ABOUT <= shown.south and shown.north <= most.north + ABOUT


@given(st.tuples(france, france))
def test_a_group_that_is_zoomed_to_is_seen_whole(points: Any) -> None:
    (group,) = groups_of(points, 0)
    target = framing.around(Box(*group.box))
    frame = framing.frame_of(target)
    assert all(frame.shows(*point) for point in points)
    west, south, east, north = map(float, framing.written(target).split(","))
    assert all(west <= lon <= east and south <= lat <= north for lon, lat in points), "what is written loses none"


def test_only_a_piece_of_the_earth_can_be_asked() -> None:
    assert framing.readable(Box(4, 45, 5, 46))
    for sides in (
        (5, 45, 4, 46),
        (4, 46, 5, 45),
        (math.nan, 45, 5, 46),
        (4, 45, math.inf, 46),
        (4, -90, 5, 90),
    ):
        assert not framing.readable(Box(*sides))


def test_cells_seen_closer_stay_on_the_paper_and_keep_their_borders() -> None:
    drawing = cells({"00001": (4.0, 45.0), "00002": (4.1, 45.0), "00003": (4.9, 45.4)})
    assert drawing.frame is not None
    assert framing.reframed(drawing, drawing.frame) == drawing.shapes
    close_up = framing.frame_of(Box(4.03, 44.98, 4.07, 45.02))
    seen = framing.reframed(drawing, close_up)
    assert [shape.code for shape in seen] == ["00001", "00002"], "the third is out of sight"
    for shape in seen:
        numbers = [int(number) for number in re.findall(r"-?\d+", shape.d)]
        assert max(numbers) <= WIDTH + framing.OUTSIDE
        assert min(numbers) >= -framing.OUTSIDE
        assert 0 <= shape.anchor[0] <= WIDTH
        assert 0 <= shape.anchor[1] <= HEIGHT
    border = drawing.frame.to_view(4.05, 45.0)[0]
    where = close_up.to_view(4.05, 45.0)[0]
    (left, right) = (shape.anchor[0] for shape in seen)
    assert left < where < right, f"each name is on its side of the border, drawn at {border:.0f}"


def test_a_mosaic_has_no_ground_to_frame() -> None:
    with pytest.raises(ValueError):
        framing.reframed(mosaic(["00001"]), Frame(4, 45, 100))


# --- Marks -----------------------------------------------------------------------------------------------------------


def mark(x: float, y: float, count: int, numbers: tuple[int, ...] = ()) -> Mark:
    return Mark(x, y, Group(count, x / 1000, y / 1000, (x / 1000, y / 1000, x / 1000, y / 1000)), numbers)


spots = st.lists(
    st.tuples(st.floats(0, WIDTH), st.floats(0, HEIGHT), st.sampled_from([1, 2, 9, 30, 120, 4000, 90_000])), max_size=80
)


@given(spots, st.booleans())
def test_no_mark_covers_another_on_a_phone_either_and_none_is_lost(places: Any, numbered: bool) -> None:
    marks = [
        mark(x, y, count, (rank,) if numbered and count == 1 else ()) for rank, (x, y, count) in enumerate(places, 1)
    ]
    kept = apart(marks, lambda one: room_of(one, phone=True), MOST)
    rooms = [room_of(one, phone=True) for one in kept]
    assert not [(a, b) for i, a in enumerate(rooms) for b in rooms[:i] if overlap(a, b)]
    assert sum(one.group.count for one in kept) == sum(one.group.count for one in marks)
    assert sorted(n for one in kept for n in one.numbers) == sorted(n for one in marks for n in one.numbers)
    assert apart(reversed(marks), lambda one: room_of(one, phone=True), MOST) == kept


def test_what_touches_is_joined_where_the_largest_is_around_the_box_of_all() -> None:
    joined, alone = apart([mark(100, 100, 2, (4,)), mark(110, 100, 30), mark(400, 400, 1, (7,))], room_of, MOST)
    assert (joined.x, joined.group.count, joined.numbers) == (110, 32, (4,))
    assert joined.group.lon == pytest.approx((100 * 2 + 110 * 30) / 32 / 1000)
    assert joined.group.box == (0.1, 0.1, 0.11, 0.1)
    assert alone.alone and alone.numbers == (7,)

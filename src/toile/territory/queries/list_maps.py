"""The map of a list: what was found, gathered and numbered, over the communes; every control is a plain link."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language

from toile.kernel.lists import Box, Group
from toile.kernel.typography import french_number

from ..geometry import cut
from ..models import Commune, Contour
from ..rules import framing
from ..rules.classes import classes
from ..rules.coordinates import Place, judge
from ..rules.drawing import STEP, Drawing, Drawn, Frame, frame_around
from ..rules.labels import Label, Name, place_labels
from ..rules.marks import Mark, Room, apart
from ..rules.outlines import middle, path_in
from .list_map_words import caption_of, control_labels, group_label, pin_label, where_of
from .map_words import Legend, legend_of
from .maps import CountLabel, Pin, Shape, draw, shape_of, structures

SIDES = ((10, 40), (100, 46), (1000, 52), (10_000, 60))
"""Below how many structures a group's square has which side, in units of the paper; beyond, `LARGEST`."""
LARGEST = 68
STACK = 6
"""How far the second square of a group shows below the first."""
PIN = (13, 33, 13, 0)
"""The room a pin takes, left, above, right and below the place its point touches."""
PHONE, PHONE_PIN = 1.45, 1.7
"""How much larger groups and pins are in a narrow column (`@container` in the sheet): none covers another there too."""
MOST = LARGEST * PHONE + STACK * PHONE
"""The widest room of all."""
MARGIN = 4
"""Room kept at the edge of the paper."""
ANCHOR = "ligne-"
"""Where a pin without a page of its own leads: the line of its number, on the page."""
CLOSER = 2.0
"""How much closer or farther one step of the zoom goes."""
ROUNDED = 1.02
"""What the written corners of the smallest box may add to its scale."""
SAME = 1e-6
"""A point is in a group when it is in its box, give or take about ten centimetres."""


@dataclass(frozen=True, slots=True)
class Links:
    """Where a map's links lead: the same list, seen through `box` (`w,s,e,n`, or empty), or of one `commune`.

    here: the address of the list as it was asked; two maps of one address have the same links.
    """

    here: str
    make: Callable[..., str] = field(compare=False)

    def __call__(self, **asked: str) -> str:
        return self.make(**asked)


@dataclass(frozen=True, slots=True)
class Control:
    """One way to move the map. code: `in`, `out`, `north`…; url None: nothing more this way."""

    code: str
    sign: str
    label: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """One mark on paper. half: half the side of a group's square, 0 for a pin. lines: the numbers it holds."""

    x: int
    y: int
    half: int
    text: str
    label: str
    where: str
    count: int
    lines: str
    url: str


@dataclass(frozen=True, slots=True)
class ListMap:
    """A map ready for `territory/list_map.html`.

    box: the ground it shows, as the address says it. unplaced: how many found are not marked: their place is unknown,
    not to be trusted, or out of the frame; unplaced_url: the list of those. whole_url: back to the whole territory,
    empty when it is shown.
    """

    title: str
    box: str
    width: int
    height: int
    shapes: tuple[Shape, ...]
    labels: tuple[Label, ...]
    marks: tuple[Shown, ...]
    controls: tuple[Control, ...]
    legend: tuple[Legend, ...]
    caption: str
    unplaced: int
    unplaced_url: str
    whole_url: str

    @property
    def filters(self) -> bool:
        """Whether its communes are links that filter the list."""
        return any(shape.url for shape in self.shapes)


def list_map(
    groups: Sequence[Group],
    pins: Sequence[Pin] = (),
    *,
    box: Box | None,
    communes: Sequence[Commune],
    counts: Mapping[str, int] | None,
    url: Links,
    title: str,
    found: int | None = None,
    unplaced_url: str = "",
    say: CountLabel = structures,
) -> ListMap | None:
    """The map of what was found; None where nothing says where the territory is nor what was found.

    groups: all that was found and has a point, gathered by square (`rules.grid`). pins: the lines of the page that have
    one. box: what the address asked, None for the whole territory. counts: commune → number found there, drawn as
    classes. url: where its links lead. found: how many were found, to say how many are not on the map; unplaced_url:
    the list of those. say: how a count is said, a function of a module. 1 query; with contours 2 for a box, and 1
    more the first time these contours are drawn. The same answer to the same question is composed once by each process.
    """
    kind, drawing, source = draw(communes, None) if communes else ("", None, "")
    digests = _digests(communes) if kind == "contours" and box else ()
    counted = tuple(sorted(counts.items())) if counts is not None else None
    # A commune is equal to itself under another name: what is kept holds the names too.
    named = tuple((commune, commune.name, commune.population) for commune in communes)
    return _composed(
        (kind, drawing, source, digests), named, tuple(groups), tuple(pins), box, counted, url, title, found,
        unplaced_url, get_language(), say,
    )  # fmt: skip


@lru_cache(maxsize=64)
def _composed(
    drawn: tuple[str, Drawing | None, str, tuple[tuple[str, str], ...]],
    named: tuple[tuple[Commune, str, int | None], ...],
    groups: tuple[Group, ...],
    pins: tuple[Pin, ...],
    box: Box | None,
    counted: tuple[tuple[str, int], ...] | None,
    url: Links,
    title: str,
    found: int | None,
    unplaced_url: str,
    language: str | None,
    say: CountLabel,
) -> ListMap | None:
    kind, drawing, source, digests = drawn
    communes = [commune for commune, *_ in named]
    counts = dict(counted) if counted is not None else None
    seen = [group for group in groups if judge(group.lon, group.lat) is Place.FRANCE]
    home = (drawing.frame if drawing else None) or _frame_of(seen, pins)
    if home is None:
        return None
    asked = box if box and framing.readable(box) else None
    frame = framing.within(framing.frame_of(asked), framing.surroundings(home)) if asked else home
    ground = _ground(kind, drawing, digests, frame)
    marks = _marks(frame, seen, pins)
    known = {commune.code: counts.get(commune.code, 0) for commune in communes} if counts is not None else None
    steps = classes(known.values()) if known is not None else ()
    filters: Callable[[str], str] | None = None if asked else lambda code: url(commune=code)
    by_code = {commune.code: commune for commune in communes}
    return ListMap(
        title=title,
        box=framing.written(framing.box_of(frame)),
        width=frame.width,
        height=frame.height,
        shapes=tuple(
            shape_of(by_code[shape.code], ground, known, steps, None, filters, say) for shape in ground.shapes
        ),
        labels=_labels(by_code, ground, marks),
        marks=tuple(_shown(mark, pins, communes, frame, url, say) for mark in marks),
        controls=_controls(frame, home, url),
        legend=legend_of(steps, known, communes, None) if ground.shapes else (),
        caption=caption_of(kind if ground.shapes else "", frame, source),
        unplaced=max(0, found - sum(mark.group.count for mark in marks)) if found is not None else 0,
        unplaced_url=unplaced_url,
        whole_url=url(box="") if box else "",
    )


def _frame_of(groups: Sequence[Group], pins: Sequence[Pin]) -> Frame | None:
    """Where no commune can be drawn: the frame of what was found."""
    points = [point for g in groups for point in ((g.box[0], g.box[1]), (g.box[2], g.box[3]))]
    points += [(pin.lon, pin.lat) for pin in pins if judge(pin.lon, pin.lat) is Place.FRANCE]
    if not points:
        return None
    tight = framing.box_of(frame_around(points))
    return framing.frame_of(framing.around(tight))


def _digests(communes: Sequence[Commune]) -> tuple[tuple[str, str], ...]:
    """What tells these contours from any other. 1 query."""
    found = Contour.objects.filter(commune__in=[commune.code for commune in communes])
    return tuple(found.order_by("commune_id").values_list("commune_id", "digest"))


def _ground(kind: str, drawing: Drawing | None, digests: tuple[tuple[str, str], ...], frame: Frame) -> Drawing:
    """The communes seen through `frame`; none where their places are unknown."""
    shapes: tuple[Drawn, ...] = ()
    if drawing is not None and drawing.frame is not None:
        shapes = drawing.shapes if drawing.frame == frame else ()
        if not shapes:
            shapes = _contours_in(digests, frame) if kind == "contours" else _cells_in(drawing, frame)
    return Drawing(frame, shapes, frame.scale * STEP, frame.width, frame.height)


@lru_cache(maxsize=64)
def _cells_in(drawing: Drawing, frame: Frame) -> tuple[Drawn, ...]:
    return framing.reframed(drawing, frame)


@lru_cache(maxsize=64)
def _contours_in(digests: tuple[tuple[str, str], ...], frame: Frame) -> tuple[Drawn, ...]:
    """The contours of these digests cut to `frame`; the digests make it safe to keep."""
    sight = framing.box_of(framing.zoomed(frame, 0.96))
    shapes = []
    for code, geometry in _geometries(digests).items():
        part = cut(geometry, sight.west, sight.south, sight.east, sight.north)
        if part is not None:
            shapes.append(Drawn(code, path_in(frame, part), middle(frame, part)))
    return tuple(shapes)


@lru_cache(maxsize=4)
def _geometries(digests: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    held = Contour.objects.filter(commune__in=[code for code, _digest in digests]).order_by("commune_id")
    return dict(held.values_list("commune_id", "geometry"))


def _marks(frame: Frame, groups: Sequence[Group], pins: Sequence[Pin]) -> list[Mark]:
    """What is marked in the frame, nothing over anything else: lines first, in their order, then the largest groups.

    A group all of whose members are on the page gives its lines back.
    """
    inside: dict[int, list[Pin]] = {}
    alone = []
    for pin in pins:
        holder = next((place for place, group in enumerate(groups) if _holds(group, pin)), None)
        if holder is not None:
            inside.setdefault(holder, []).append(pin)
        elif judge(pin.lon, pin.lat) is Place.FRANCE:
            alone.append(pin)
    marks = []
    for place, group in enumerate(groups):
        held = inside.get(place, [])
        if len(held) >= group.count:
            alone += held
        elif frame.shows(group.lon, group.lat):
            marks.append(Mark(*frame.to_view(group.lon, group.lat), group, tuple(sorted(p.number for p in held))))
    for pin in alone:
        if frame.shows(pin.lon, pin.lat):
            itself = Group(1, pin.lon, pin.lat, (pin.lon, pin.lat, pin.lon, pin.lat))
            marks.append(Mark(*frame.to_view(pin.lon, pin.lat), itself, (pin.number,)))
    kept = apart((_on_paper(mark, frame) for mark in marks), lambda mark: room_of(mark, phone=True), MOST)
    return sorted(kept, key=lambda mark: (not mark.alone, mark.numbers if mark.alone else (), -mark.group.count))


def _holds(group: Group, pin: Pin) -> bool:
    west, south, east, north = group.box
    return west - SAME <= pin.lon <= east + SAME and south - SAME <= pin.lat <= north + SAME


def half_of(count: int) -> int:
    """Half the side of a group's square."""
    return next((side for below, side in SIDES if count < below), LARGEST) // 2


def room_of(mark: Mark, phone: bool = False) -> Room:
    """What a mark takes on paper."""
    if mark.alone:
        left, up, right, down = (side * PHONE_PIN if phone else side for side in PIN)
    else:
        size = PHONE if phone else 1
        half = half_of(mark.group.count) * size
        left, up, right, down = half, half, half + STACK * size, half + STACK * size
    return mark.x - left, mark.y - up, mark.x + right, mark.y + down


def _on_paper(mark: Mark, frame: Frame) -> Mark:
    """A mark near an edge, pushed back so that it is seen whole."""
    left, top, right, bottom = room_of(mark)
    x = mark.x + max(0, MARGIN - left) - max(0, right - frame.width + MARGIN)
    y = mark.y + max(0, MARGIN - top) - max(0, bottom - frame.height + MARGIN)
    return replace(mark, x=x, y=y)


def _labels(communes: Mapping[str, Commune], ground: Drawing, marks: Sequence[Mark]) -> tuple[Label, ...]:
    """The names of the largest communes in sight, clear of the marks."""
    names = (
        Name(shape.code, communes[shape.code].name, *shape.anchor, float(communes[shape.code].population or 0))
        for shape in ground.shapes
        if 0 <= shape.anchor[0] <= ground.width and 0 <= shape.anchor[1] <= ground.height
    )
    rooms, larger = ([room_of(mark, phone) for mark in marks] for phone in (False, True))
    return place_labels(names, rooms, width=ground.width, height=ground.height, on_phone=larger)


def _shown(
    mark: Mark, pins: Sequence[Pin], communes: Sequence[Commune], frame: Frame, url: Links, say: CountLabel
) -> Shown:
    x, y, count = round(mark.x), round(mark.y), mark.group.count
    lines = " ".join(map(str, mark.numbers))
    if mark.alone:
        pin = next(pin for pin in pins if pin.number == mark.numbers[0])
        label = pin_label(pin)
        return Shown(
            x, y, 0, french_number(pin.number), label, pin.name or label, 1, lines, pin.url or f"#{ANCHOR}{pin.number}"
        )
    where = where_of(mark.group, communes)
    held = framing.around(Box(*mark.group.box))
    closest = frame.scale <= framing.frame_of(held).scale * ROUNDED
    target = held if closest else framing.box_of(framing.frame_of(held))
    label = group_label(say(count), where, mark.numbers, closest=closest)
    return Shown(
        x, y, half_of(count), french_number(count), label, where, count, lines, url(box=framing.written(target))
    )


def _controls(frame: Frame, home: Frame, url: Links) -> tuple[Control, ...]:
    """The six ways to move, each a link unless it would change nothing."""
    limits = framing.surroundings(home)
    ways = {"in": framing.zoomed(frame, CLOSER), "out": framing.zoomed(frame, 1 / CLOSER)}
    ways |= {code: framing.moved(frame, step) for code, step in framing.STEPS.items()}
    here = framing.written(framing.box_of(frame))
    controls = []
    for code, (sign, label) in control_labels().items():
        there = framing.written(framing.box_of(framing.within(ways[code], limits)))
        controls.append(Control(code, sign, label, url(box=there) if there != here else None))
    return tuple(controls)

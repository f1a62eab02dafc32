"""One drawing of curves on one scale, by Altair: Vega sets the axes, the lines and the bands.

What surrounds them (names, values, breaks, what is not told) is placed here, in the units of the data. The drawing
keeps our tokens as its colours, and loses what Vega adds for pages of its own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from toile.kernel.figures import Status
from toile.kernel.typography import NARROW

from . import files
from .lettering import SIZE, width_of
from .series import Frame, Series

INKS = ("var(--ink)", "var(--s4)", "var(--promote)", "var(--emerge)")
DASHES = ([1, 0], [9, 4], [2, 3], [10, 3, 2, 3])
SHAPES = ("square", "circle", "triangle-up", "diamond")
"""A curve is told from another by its thread and its marks, not by its colour alone."""
TOP, FOOT = 60, 28
"""Room above a curve (the break's name) and below (years)."""
SMALL = 150
"""The height of a curve up to which its marks are small."""
FEW = 5
"""A curve of so few points tells each of its values, as far as they do not touch; a longer one, its ends."""


@dataclass(frozen=True, slots=True)
class Panel:
    """The inside of one Vega drawing, and the height it takes."""

    body: str
    height: float


def together(series: Sequence[Series], frame: Frame, width: float, height: float, title: str = "") -> Panel:
    """Curves on one scale, in a drawing of exactly this size."""
    import altair as alt  # noqa: PLC0415 - half a second that pages do not pay

    scale_width = max(width_of(f"{step:,.{_decimals(frame)}f}") for step in frame.steps) + 12
    scale_width += width_of(" %") if frame.unit == "percent" else 0
    names = (
        0.0
        if len(series) == 1
        else 18 + max(width_of(text, bold=True) for s in series for text in (s.label, _last(s, frame)))
    )
    inside = width - scale_width - max(names, _half(series, frame)), height - TOP - FOOT
    years = _years(frame.times, inside[0])
    x = alt.X(
        "at:Q",
        title=None,
        scale=alt.Scale(domain=[frame.times[0], max(frame.times[-1], frame.times[0] + 1)], nice=False, zero=False),
        # Vega leaves out values beyond the count of its own ticks.
        axis=alt.Axis(values=years, tickCount=len(years), format="d", grid=False, tickColor="var(--edge)"),
    )
    y = alt.Y(
        "value:Q",
        title=None,
        scale=alt.Scale(domain=[0, frame.top], nice=False),
        axis=alt.Axis(
            values=list(frame.steps),
            tickCount=len(frame.steps),
            format=f",.{_decimals(frame)}f",
            labelExpr=f"datum.label + '{NARROW}%'" if frame.unit == "percent" else "datum.label",
            domain=False,
            ticks=False,
            labelPadding=8,
        ),
    )
    layers: list[Any] = []
    for place, one in enumerate(series):
        layers += _curve(alt, one, frame, place, x, y, inside)
    layers += _texts(alt, series, frame, x, y, inside, title)
    drawn = (
        alt.layer(*layers)
        .properties(
            width=inside[0],
            height=inside[1],
            padding={"left": scale_width, "right": width - scale_width - inside[0], "top": TOP, "bottom": FOOT},
            autosize="none",
            background="transparent",
        )
        .configure(aria=False, font="sans-serif")
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=SIZE, labelColor="var(--ink)", gridColor="var(--line)", domainColor="var(--ink)",
            labelLimit=0, labelOverlap=False,
            labelFlush=False,
        )
    )  # fmt: skip
    return Panel(stripped(files.vega(drawn.to_dict(validate=False))), height)


def _curve(alt: Any, one: Series, frame: Frame, place: int, x: Any, y: Any, inside: tuple[float, float]) -> list[Any]:
    """The band, the line and the marks of one series, and the hatching where it is not told."""
    ink = INKS[place]
    rows = [
        {"at": at, "value": float(f.value or 0), "low": float(f.low if f.low is not None else f.value or 0),
         "high": float(f.high if f.high is not None else f.value or 0), "part": part}
        for part, segment in enumerate(one.segments(frame.breaks))
        for at, f in segment
    ]  # fmt: skip
    layers: list[Any] = []
    base = alt.Chart(alt.Data(values=rows))
    if any(row["low"] < row["high"] for row in rows):
        low, high = alt.Y("low:Q", title=None), alt.Y2("high:Q")
        layers.append(base.mark_area(fill="var(--s1)", opacity=0.75).encode(x=x, y=low, y2=high, detail="part:N"))
        layers.append(base.mark_rule(stroke="var(--edge)", strokeWidth=1.5).encode(x=x, y=low, y2=high))
    line = base.mark_line(stroke=ink, strokeWidth=3, strokeDash=DASHES[place])
    layers.append(line.encode(x=x, y=y, detail="part:N"))
    layers.append(
        base.mark_point(
            shape=SHAPES[place], size=70 if inside[1] > SMALL else 30, fill=ink, stroke=ink, opacity=1
        ).encode(x=x, y=y)
    )
    for status, paint in ((Status.HIDDEN, "url(#secret)"), (Status.UNKNOWN, "url(#inconnu)")):
        untold = [{"at": at, "value": 0} for at, figure in one.points if figure.status is status]
        if untold:
            marks = alt.Chart(alt.Data(values=untold)).mark_rect(
                fill=paint, stroke="var(--edge)", width=18, height=22, yOffset=-11
            )
            layers.append(marks.encode(x=x, y=y))
    return layers


def _texts(
    alt: Any, series: Sequence[Series], frame: Frame, x: Any, y: Any, inside: tuple[float, float], title: str
) -> list[Any]:
    """Values at the ends of each stretch, names at the end of several curves, breaks, what is not told."""
    layers = []

    def say(rows: list[dict[str, Any]], **mark: Any) -> None:
        if rows:
            text = alt.Chart(alt.Data(values=rows)).mark_text(fontSize=SIZE, fill="var(--ink)", **mark)
            layers.append(text.encode(x=x, y=y, text="said:N"))

    if len(series) == 1:
        ends = _ends(series[0], frame, inside)
        say([row for row in ends if row["first"]], dx=-5, dy=-14, align="left", fontWeight="bold")
        say([row for row in ends if not row["first"]], dy=-14, fontWeight="bold")
    else:
        named = _spread(series, frame, inside[1])
        say([{"at": at, "value": value, "said": s.label} for s, at, value in named], align="left", dx=12, dy=-5)
        said = [{"at": at, "value": value, "said": _last(s, frame)} for s, at, value in named]
        say(said, align="left", dx=12, dy=12, fontWeight="bold")
    if title:
        first = [{"at": frame.times[0], "value": frame.top, "said": title}]
        say(first, align="left", dx=-6, dy=-45, fontWeight="bold")
    rules = [{"at": (a + b) / 2, "value": 0, "to": frame.top} for a, b in frame.gaps]
    if rules:
        rule = alt.Chart(alt.Data(values=rules)).mark_rule(stroke="var(--ink)", strokeWidth=1.5, strokeDash=[4, 4])
        layers.append(rule.encode(x=x, y=y, y2="to:Q"))
        say(_centred([(row["at"], _("rupture de série")) for row in rules], frame.top, frame, inside[0]), dy=-28)
    untold = [said for one in series for said in _untold(one, frame)]
    say(_centred(untold, 0, frame, inside[0]), dy=-31)
    return layers


def _untold(one: Series, frame: Frame) -> Iterator[tuple[int, str]]:
    """Where a series begins not to be told, and what is said there: once for years that follow each other."""
    before = Status.OK
    for at, figure in one.points:
        if figure.status is not Status.OK and figure.status is not before:
            yield at, frame.short(figure)
        before = figure.status


def _centred(said: Sequence[tuple[float, str]], value: float, frame: Frame, across: float) -> list[dict[str, Any]]:
    """Texts over their times, pushed inside the drawing; one that would cover the one before is left out."""
    first, span = frame.times[0], max(frame.times[-1] - frame.times[0], 1)
    kept: list[dict[str, Any]] = []
    end = -math.inf
    for at, text in said:
        half = width_of(text) / 2
        middle = min(max((at - first) / span * across, half - 10), across - half + 20)
        if middle - half > end:
            kept.append({"at": first + middle / across * span, "value": value, "said": text})
            end = middle + half + 6
    return kept


def _ends(one: Series, frame: Frame, inside: tuple[float, float]) -> list[dict[str, Any]]:
    """The values to write on a curve alone: the first and last of each stretch, as far as they do not touch.

    The first is written from its mark to the right, clear of the axis; the last is always written.
    """
    stretches = list(one.segments(frame.breaks))
    few = len(one.points) <= FEW
    ends = [row for held in stretches for row in (held if few else dict.fromkeys((held[0], held[-1])))]
    span = max(frame.times[-1] - frame.times[0], 1)
    rooms = []
    for place, (at, figure) in enumerate(ends):
        middle, wide = (at - frame.times[0]) / span * inside[0], width_of(frame.short(figure), bold=True)
        rooms.append((middle - 5, middle + wide) if place == 0 else (middle - wide / 2, middle + wide / 2))
    kept: list[int] = []
    for place, room in enumerate(rooms):
        clear = not kept or room[0] > rooms[kept[-1]][1] + 6
        if place == len(ends) - 1:
            while kept and room[0] <= rooms[kept[-1]][1] + 6:
                kept.pop()
            kept.append(place)
        elif clear:
            kept.append(place)
    return [
        {"at": at, "value": float(figure.high or figure.value or 0), "said": frame.short(figure), "first": place == 0}
        for place, (at, figure) in enumerate(ends)
        if place in kept
    ]


def _last(one: Series, frame: Frame) -> str:
    """The last value of a curve."""
    return frame.short(one.points[-1][1])


def _half(series: Sequence[Series], frame: Frame) -> float:
    """Room on the right for half of the last value or year."""
    return max([24.0, *(width_of(_last(one, frame), bold=True) / 2 + 4 for one in series)])


def _spread(series: Sequence[Series], frame: Frame, height: float) -> list[tuple[Series, int, float]]:
    """Where the name of each curve stands, at its end, moved apart so that none covers another."""
    room = 40 / height * frame.top
    ends = []
    for one in series:
        known = [(at, float(figure.value)) for at, figure in one.points if figure.value is not None]
        ends.append((one, *(known[-1] if known else (frame.times[-1], 0.0))))
    placed: list[tuple[Series, int, float]] = []
    floor = -math.inf
    for one, _at, value in sorted(ends, key=lambda end: end[2]):
        floor = max(value, floor + room)
        placed.append((one, frame.times[-1], floor))
    over = max(0.0, placed[-1][2] - frame.top)
    return [(one, at, value - over) for one, at, value in placed]


def _years(times: Sequence[int], room: float) -> list[int]:
    """The times written under the axis: the last, then those before it that have room."""
    unit = room / max(times[-1] - times[0], 1)
    kept = [times[-1]]
    for at in reversed(times[:-1]):
        if (kept[-1] - at) * unit >= (width_of(str(at)) + width_of(str(kept[-1]))) / 2 + 10:
            kept.append(at)
    return kept[::-1]


def _decimals(frame: Frame) -> int:
    """Digits after the comma on the scale: none where its steps are whole."""
    return 0 if all(step == int(step) for step in frame.steps) else 1 if frame.top > 1 else 2


_LOST = re.compile(
    r'<path class=.(?:back|fore)ground.[^>]*/>|<rect [^>]*fill="transparent"/>'
    r'|\s(?:class|role|aria-[a-z]+|pointer-events|font-family|stroke-miterlimit)="[^"]*"'
    r'|\s(?:opacity="1"|text-anchor="start")'
)


def stripped(svg: str) -> str:
    """The inside of Vega's drawing without what serves Vega's own page: classes, roles, empty paths."""
    inside = svg[svg.index(">") + 1 : svg.rindex("</svg>")]
    inside = _LOST.sub("", inside)
    while "<g></g>" in inside:
        inside = inside.replace("<g></g>", "")
    return inside

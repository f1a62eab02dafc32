"""Horizontal bars from zero, each with its name, its value at its end, and its interval when it is an estimate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.template.loader import render_to_string

from toile.kernel.figures import Figure, Status

from .chart import SLIM, WIDE, Chart, Line, Row, one_unit
from .lettering import LINE, coordinate, cut, width_of
from .paints import colour, glyphs

BAR, BETWEEN = 26, 14
"""The height of a bar and the room to the next."""
NAMES = 250
"""The most that names take on the left of a wide drawing."""
GLYPH = 25
"""What a family's glyph takes before its name."""
AFTER = 9
"""The room between a bar, or the end of its interval, and its value."""
BLANK = 56
"""The length of the hatching that stands for what is not told: it is no measure, the words beside it say so."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A value that bars are read against: 1 for a quotient, the mean of the country for a share."""

    value: Decimal
    label: str


@dataclass(frozen=True, slots=True)
class Name:
    """One line of a bar's name, with its place."""

    x: str
    y: str
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar as it is drawn. whisker: the path of its interval; glyph: the path and the place of its family's."""

    names: tuple[Name, ...]
    strong: bool
    paint: str
    x: str
    y: str
    width: str
    value: Name
    whisker: str
    glyph: str
    glyph_at: str
    colour: str


@dataclass(frozen=True, kw_only=True)
class Bars(Chart):
    """Bars of figures in one unit, in the order given; those that cannot be told are hatched, without a length."""

    lines: tuple[Line, ...]
    reference: Reference | None = None

    def __post_init__(self) -> None:
        one_unit(self.figures())

    def figures(self) -> Sequence[Figure]:
        return [line.figure for line in self.lines]

    def rows(self) -> tuple[Row, ...]:
        return tuple(map(self.row_of, self.lines))

    def drawn(self, slim: bool) -> str:
        """Names on the left of the bars, above them on a phone."""
        across = SLIM if slim else WIDE
        left = 0.0 if slim else names_width(self.lines)
        scale = scale_of(self.lines, [self.tell(line.figure) for line in self.lines], self.reference, across - left)
        bars, y = [], float(LINE + 6 if self.reference else 0)
        for line in self.lines:
            bar, y = bar_of(line, self.tell(line.figure), left, y, scale, slim)
            bars.append(bar)
        zero = left + scale.zero
        context = {
            "chart": self,
            "slim": slim,
            "width": across,
            "height": coordinate(y - BETWEEN + 4),
            "zero": coordinate(zero),
            "bars": bars,
            "reference": self._reference(zero, scale, across),
        }
        return render_to_string("kernel/charts/bars.html", context).strip()

    def _reference(self, zero: float, scale: Scale, across: float) -> Name | None:
        if self.reference is None:
            return None
        x = zero + float(self.reference.value) * scale.unit
        half = width_of(self.reference.label) / 2
        return Name(coordinate(x), coordinate(min(max(x, half), across - half)), self.reference.label)


@dataclass(frozen=True, slots=True)
class Scale:
    """Where zero is, from the left of the bars, and how long one unit of the figures is."""

    zero: float
    unit: float


def names_width(lines: Sequence[Line]) -> float:
    """What the names take on the left, on as many lines as it needs."""
    glyph = GLYPH if any(line.family for line in lines) else 0
    longest = max((width_of(part, line.ours) for line in lines for part in cut(line.label, NAMES - glyph)), default=0)
    return glyph + min(longest, NAMES - glyph) + 12


def scale_of(lines: Sequence[Line], said: Sequence[str], reference: Reference | None, room: float) -> Scale:
    """The longest scale where each bar, its interval and its value fit in `room`; bars start at zero, always."""
    reach = [(extent(line.figure), AFTER + width_of(text, bold=True)) for line, text in zip(lines, said, strict=True)]
    least = min([0.0, *(low for (low, _high), _text in reach)])
    most = max([0.0, *(high for (_low, high), _text in reach), *([float(reference.value)] if reference else [])])
    if most == least:
        return Scale(0, 0)
    before = 4.0 if least < 0 else 0.0
    unit = min(
        [(room - 2 - before) / (most - least)]
        + [(room - before - text) / (high - least) for (_low, high), text in reach if high > least]
    )
    return Scale(before - least * unit, unit)


def extent(figure: Figure) -> tuple[float, float]:
    """From where to where a figure's bar and interval go; nothing for what is not told."""
    if figure.value is None:
        return 0.0, 0.0
    reached = [0.0, *(float(value) for value in (figure.value, figure.low, figure.high) if value is not None)]
    return min(reached), max(reached)


def bar_of(line: Line, said: str, left: float, y: float, scale: Scale, slim: bool) -> tuple[Bar, float]:
    """A bar, and where the next one starts."""
    glyph = GLYPH if line.family else 0
    parts = cut(line.label, (SLIM if slim else NAMES) - glyph)
    block = len(parts) * LINE
    top = y + block + 3 if slim else y + max(0, (block - BAR) / 2)
    first = y + 14 if slim else top + BAR / 2 - block / 2 + 14
    zero, value = left + scale.zero, float(line.figure.value or 0) * scale.unit
    known = line.figure.status is Status.OK
    length = max(abs(value), 1.5 if value else 0) if known else BLANK
    end = zero + max(extent(line.figure)[1] * scale.unit, 0) if known else zero + BLANK
    bar = Bar(
        names=tuple(
            Name(coordinate(glyph), coordinate(first + LINE * place), part) for place, part in enumerate(parts)
        ),
        strong=line.ours,
        paint=paint_of(line),
        x=coordinate(zero + min(value, 0)),
        y=coordinate(top),
        width=coordinate(length),
        value=Name(coordinate(end + AFTER), coordinate(top + BAR / 2 + 5), said),
        whisker=whisker_of(line.figure, zero, scale.unit, top + BAR / 2),
        glyph=glyphs()[line.family] if line.family else "",
        glyph_at=f"0 {coordinate(first - 13)}",
        colour=colour(line.family) if line.family else "",
    )
    return bar, (top + BAR if slim else max(top + BAR, y + block)) + BETWEEN


def paint_of(line: Line) -> str:
    """A family's pattern, the hatching of what is not told, or the ink of figures that have no family."""
    if line.figure.status is Status.HIDDEN:
        return "url(#secret)"
    if line.figure.status is Status.UNKNOWN:
        return "url(#inconnu)"
    return f"url(#{line.family})" if line.family else "var(--ink)" if line.ours else "var(--s4)"


def whisker_of(figure: Figure, zero: float, unit: float, middle: float) -> str:
    """The path of an interval: a thread from low to high, crossed at both ends."""
    if figure.low is None or figure.high is None:
        return ""
    low, high = (coordinate(zero + float(value) * unit) for value in (figure.low, figure.high))
    at, top, foot = coordinate(middle), coordinate(middle - 6), coordinate(middle + 6)
    return f"M{low} {at}H{high}M{low} {top}V{foot}M{high} {top}V{foot}"

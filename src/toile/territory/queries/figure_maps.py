"""The map of a figure by commune: a share, a quotient, a count; what is not told is hatched, never counted as zero."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from toile.kernel.figures import Figure, Status

from ..models import Commune
from ..rules.classes import Grade, grade_of, grades
from ..rules.drawing import Drawing
from ..rules.labels import Label, Name, place_labels
from .home import communes_of_home
from .map_words import SECRET, UNKNOWN, Legend, caption_of
from .maps import MapDrawing, Shape, draw, labels_in_squares

Say = Callable[[Decimal], str]
"""How a bound or a value is written in its unit: 14.1 -> « 14,1 % »."""


def figure_map(
    figures: Mapping[str, Figure],
    *,
    title: str,
    say: Say,
    told: Callable[[Figure], str],
    at: Sequence[Decimal] = (),
    communes: Sequence[Commune] | None = None,
    url: Callable[[str], str] | None = None,
    map_id: str = "carte",
) -> MapDrawing | None:
    """Draw communes (by default the territory's) in the class of their figure, or None where there is none.

    figures: INSEE code → figure; a commune left out is unknown. say: how the legend writes a bound; told: what a
    commune's link says of its figure, interval included. at: the bounds of the classes, where they are known. url: the
    page of a commune. At most 3 queries (2 once drawn).
    """
    drawn = communes_of_home() if communes is None else list(communes)
    if not drawn:
        return None
    kind, drawing, source = draw(drawn, None)
    values = [figure.value for commune in drawn if (figure := figures.get(commune.code)) and figure.value is not None]
    known = grades(values, at)
    shapes = tuple(
        _shape(commune, drawing, figures.get(commune.code), known, told, url)
        for commune in drawn
        if commune.code in drawing.by_code
    )
    return MapDrawing(
        id=map_id,
        kind=kind,
        view_box=f"0 0 {drawing.width} {drawing.height}",
        title=title,
        unit="",
        shapes=shapes,
        labels=_labels(drawn, drawing),
        pins=(),
        outline="",
        legend=_legend(known, shapes, say),
        caption=caption_of(kind, drawing, len(drawn), source, False),
        rows=(),
        zeros=0,
        total=None,
    )


def _shape(
    commune: Commune,
    drawing: Drawing,
    figure: Figure | None,
    known: Sequence[Grade],
    told: Callable[[Figure], str],
    url: Callable[[str], str] | None,
) -> Shape:
    if figure is not None and figure.value is not None:
        css = grade_of(figure.value, known)
    else:
        css = SECRET if figure is not None and figure.status is Status.HIDDEN else UNKNOWN
    label = _("%(name)s : %(count)s") % {"name": commune.name, "count": told(figure) if figure else _("inconnu")}
    return Shape(
        commune.code,
        commune.name,
        drawing.by_code[commune.code].d,
        css,
        None,
        label,
        url(commune.code) if url else None,
    )


def _labels(communes: Sequence[Commune], drawing: Drawing) -> tuple[Label, ...]:
    """The names of the most populated."""
    names = [
        Name(commune.code, commune.name, *shape.anchor, float(commune.population or 0))
        for commune in communes
        if (shape := drawing.by_code.get(commune.code)) is not None
    ]
    if drawing.frame is None:
        return labels_in_squares(names, drawing)
    return place_labels(names, width=drawing.width, height=drawing.height)


def _legend(known: Sequence[Grade], shapes: Sequence[Shape], say: Say) -> tuple[Legend, ...]:
    """Each class and its bounds in words; the hidden and the unknown have their own lines."""
    lines = [Legend(grade.css, _bounds(grade, say)) for grade in known]
    shown = {shape.css for shape in shapes}
    lines += [
        Legend(css, text) for css, text in ((SECRET, _("secret statistique")), (UNKNOWN, _("inconnu"))) if css in shown
    ]
    return tuple(lines)


def _bounds(grade: Grade, say: Say) -> str:
    if grade.high is None:
        return _("%(low)s et plus") % {"low": say(grade.low)} if grade.low is not None else _("une seule classe")
    if grade.low is None:
        return _("moins de %(high)s") % {"high": say(grade.high)}
    return _("%(low)s à moins de %(high)s") % {"low": say(grade.low), "high": say(grade.high)}

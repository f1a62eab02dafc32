"""Figures as documents tell them: in a table's cell, in large, with their limits, their sources and « simulé »."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from toile.kernel.documents.parts import KeyFigure, Told
from toile.kernel.figures import Figure, FigureSource
from toile.panorama.rules.indicators import Indicator, indicators
from toile.panorama.rules.told import UNKNOWN_FR, tell, why


def simulated_mark() -> str:
    """What stands beside each figure of invented data."""
    return _("simulé")


def said(figure: Figure | None) -> str:
    """« 14,1 % », « aucun », « secret statistique » or « inconnu », without its interval; never empty."""
    return tell(figure, _).partition(" (")[0] if figure is not None else _(UNKNOWN_FR)


def around(figure: Figure | None) -> str:
    """« 35 à 77 »; empty for what is not an estimate, or whose bounds meet."""
    return tell(figure, _).partition(" (")[2].removesuffix(")") if figure is not None else ""


def in_cell(figure: Figure | None, *, marked: bool = False) -> Told:
    """The figure in a table. marked: with « simulé » in place, where the table does not say it of all."""
    is_told = figure is not None and figure.value is not None
    interval = around(figure)
    marks = [simulated_mark()] if marked and figure is not None and figure.simulated else []
    return Told(said(figure), f"({interval})" if interval else "", is_told, marks)


def in_large(code: str, figure: Figure | None, beside: str = "") -> KeyFigure:
    """The figure among key figures: its interval, what it is compared to, why it is not told, its first limit."""
    indicator = indicators()[code]
    is_told = figure is not None and figure.value is not None
    interval = around(figure)
    limit = _(indicator.limits_fr[0]) if indicator.limits_fr else ""
    return KeyFigure(
        _(indicator.short_fr),
        said(figure),
        _("estimé : %(interval)s") % {"interval": interval} if interval else "",
        beside,
        " ".join(words for words in (why(figure, _) if figure is not None else "", limit) if words),
        is_told,
        [simulated_mark()] if figure is not None and figure.simulated else [],
    )


def source_said(source: FigureSource) -> str:
    """« SIRENE, établissements (INSEE, 31 décembre 2024) », « simulé » said."""
    between = ", ".join(words for words in (source.publisher, source.vintage) if words)
    words = f"{source.title} ({between})" if between else source.title
    return _("%(source)s, données simulées") % {"source": words} if source.simulated else words


def sources_said(figures: Iterable[Figure | None]) -> str:
    """« Sources : … » of these figures, each once; empty when none has any."""
    found = dict.fromkeys(source for figure in figures if figure is not None for source in figure.sources)
    if not found:
        return ""
    listed = " ; ".join(source_said(source) for source in found)
    return (_("Source : %(sources)s.") if len(found) == 1 else _("Sources : %(sources)s.")) % {"sources": listed}


def present(figures: Sequence[Figure]) -> list[Indicator]:
    """The indicators that these figures are of, in the order they are declared."""
    codes = {figure.indicator for figure in figures}
    return [indicator for code, indicator in indicators().items() if code in codes]

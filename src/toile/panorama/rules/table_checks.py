"""Whether a published table holds together: doubles, parts that exceed their total, shares that look like fractions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from toile.kernel.figures import Cell, Figure
from toile.kernel.typography import french_number
from toile.panorama.rules.indicators import Axis, indicators
from toile.panorama.rules.sectors import sections
from toile.panorama.rules.table_words import listed, words
from toile.panorama.rules.tables import Problem, PublishedFigure, bounded

AXES: Final[dict[Axis, str]] = {
    "commune": "communes",
    "family": "familles",
    "sector": "secteurs",
    "size": "tailles",
}


class _Parts(NamedTuple):
    """Where parts add up: the whole's cell, the axis, and which list of sectors (sections or sectors of the ESS)."""

    indicator: str
    whole: Cell
    axis: Axis
    of_sections: bool


def check_table(published: Iterable[PublishedFigure]) -> tuple[Problem, ...]:
    """Everything wrong between the figures of a table, in the order of its lines.

    Blocking: one cell told twice with two values; parts whose sum exceeds their total (along each axis, sections and
    sectors of the ESS apart); what is a part of another indicator and exceeds it (ESS jobs above all jobs). Told only:
    a cell repeated alike; percents that are all below 1, and may be fractions. What is secret or not published counts
    for nothing, so that parts may well be less than their total. At most `MAX_PROBLEMS`, and how many more.
    """
    every = list(published)
    kept, problems = _once(every)
    problems += [*_parts_above_totals(kept), *_parts_of_others(kept), *_fractions(kept)]
    return bounded(sorted(problems, key=lambda problem: problem.line))


def _once(published: list[PublishedFigure]) -> tuple[dict[tuple[str, Cell], PublishedFigure], list[Problem]]:
    """The figures by indicator and cell, the first one told; and what is wrong with those told again."""
    kept: dict[tuple[str, Cell], PublishedFigure] = {}
    problems = []
    for each in published:
        key = each.figure.indicator, each.figure.cell
        first = kept.setdefault(key, each)
        if first is each:
            continue
        same = (first.figure.value, first.figure.status) == (each.figure.value, each.figure.status)
        said = "répète" if same else "contredit"
        problems.append(
            Problem(each.line, "", f"La ligne {said} la ligne {first.line} ({_named(each.figure)}).", blocking=not same)
        )
    return kept, problems


def _parts_above_totals(kept: dict[tuple[str, Cell], PublishedFigure]) -> Iterator[Problem]:
    parts: defaultdict[_Parts, list[PublishedFigure]] = defaultdict(list)
    for (code, cell), each in kept.items():
        if each.figure.value is None or not indicators()[code].additive:
            continue
        for axis in AXES:
            value = getattr(cell, axis)
            if value:
                whole = cell._replace(**{axis: ""})  # type: ignore[arg-type]  # an axis of text
                parts[_Parts(code, whole, axis, axis == "sector" and value in sections())].append(each)
    for key, every in parts.items():
        whole_figure = kept.get((key.indicator, key.whole))
        if whole_figure is None or whole_figure.figure.value is None:
            continue
        added = sum((_least(each.figure) for each in every), Decimal(0))
        if added > _most(whole_figure.figure):
            yield Problem(
                whole_figure.line,
                "",
                f"Les {AXES[key.axis]} font {french_number(added)}, plus que leur total "
                f"{french_number(_most(whole_figure.figure))} ({_named(whole_figure.figure)}), "
                f"lignes {listed(str(each.line) for each in every)}.",
            )


def _parts_of_others(kept: dict[tuple[str, Cell], PublishedFigure]) -> Iterator[Problem]:
    for part_code, whole_code in words().part_of:
        for (code, cell), part in kept.items():
            whole = kept.get((whole_code, cell)) if code == part_code else None
            if whole is None or part.figure.value is None or whole.figure.value is None:
                continue
            if _least(part.figure) > _most(whole.figure):
                yield Problem(
                    part.line,
                    "",
                    f"{_named(part.figure)} : {french_number(_least(part.figure))}, plus que "
                    f"« {indicators()[whole_code].short_fr} » ({french_number(_most(whole.figure))}, "
                    f"ligne {whole.line}).",
                )


def _fractions(kept: dict[tuple[str, Cell], PublishedFigure]) -> Iterator[Problem]:
    shares = [each for each in kept.values() if each.figure.unit == "percent" and each.figure.value is not None]
    if shares and all(0 < abs(each.figure.value or Decimal(0)) < 1 for each in shares):
        yield Problem(
            shares[0].line,
            "",
            "Toutes les parts sont inférieures à 1 % : si elles sont écrites comme des fractions (0,141), "
            "multipliez-les par cent.",
            blocking=False,
        )


def _least(figure: Figure) -> Decimal:
    value = figure.value if figure.low is None else figure.low
    assert value is not None
    return value


def _most(figure: Figure) -> Decimal:
    value = figure.value if figure.high is None else figure.high
    assert value is not None
    return value


def _named(figure: Figure) -> str:
    """« Emplois salariés, 244200770, 2015 », with what is filled of its cell."""
    cell = figure.cell
    said = [indicators()[figure.indicator].short_fr, *(str(part) for part in cell if part)]
    return ", ".join(said)

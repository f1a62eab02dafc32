"""The tables of an edition in print: one for each axis, with as many columns as a page holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from toile.directory.rules.staff import SIZE_CLASSES
from toile.kernel.documents.parts import Grid, Text, Told
from toile.kernel.figures import Cell, Figure
from toile.kernel.fold import sort_key
from toile.panorama.rules.indicators import indicators
from toile.panorama.rules.sectors import ess_sectors, sections

from .material import Material
from .telling import in_cell, simulated_mark, sources_said

MOST_COLUMNS: Final = 5
"""Figures across an A4, each with its interval, beside a name."""
OF_A_COMMUNE: Final = (
    "employer_establishments",
    "jobs",
    "share_of_employment",
    "share_of_private_employment",
    "establishments",
    "legal_units",
    "non_employer_associations",
    "births",
    "closures",
    "approved_esus",
)
"""What the table of communes shows, in this order; approvals of insertion are told of the whole."""
FAMILIES: Final = ("association", "cooperative", "mutuelle", "fondation", "societe_commerciale_ess")
"""The families counted (domain A4); the other display classes are not families."""
OF_A_TERRITORY: Final = (
    "employer_establishments",
    "jobs",
    "share_of_employment",
    "share_of_private_employment",
    "location_quotient",
)

Axes = Mapping[str, str | int]
"""Fields of `Cell` and their values: what a row or a column of a table is about."""


def by_axis(material: Material, axis: str, codes: Sequence[str], title: str, first: str) -> Iterator[Grid]:
    """The whole perimeter by family, sector or size: a row for each of `codes` that has a figure, then the total."""
    figures = [figure for figure in material.figures if _split_by(material.whole, figure.cell, axis)]
    present = {getattr(figure.cell, axis) for figure in figures} & set(codes)
    rows = {material.name(axis, code): {axis: code} for code in codes if code in present}
    known = {figure.indicator for figure in figures if getattr(figure.cell, axis) in present}
    yield from _grids(
        material, title, first, [code for code in indicators() if code in known], rows | {_("Ensemble"): {}}
    )


def by_family(material: Material) -> Iterator[Grid]:
    """One row for each family that is there."""
    return by_axis(material, "family", FAMILIES, _("Par famille"), _("Famille"))


def of_families(material: Material, cell: Cell) -> Grid:
    """The employer establishments of one place by family, every family in its row."""
    code = "employer_establishments"
    rows = [(family, material.by_cell.get((code, cell._replace(family=family)))) for family in FAMILIES]
    same = _all_simulated([figure for _family, figure in rows if figure is not None])
    return Grid(
        "",
        [_("Famille"), _(indicators()[code].short_fr)],
        [[material.name("family", family), in_cell(figure, marked=not same)] for family, figure in rows],
        [False, True],
        sources_said(figure for _family, figure in rows),
    )


def by_sector(material: Material) -> Iterator[Grid]:
    """The ESS sectors of French panoramas, then the sections of the NAF."""
    yield from by_axis(material, "sector", list(ess_sectors()), _("Par secteur de l’ESS"), _("Secteur"))
    yield from by_axis(material, "sector", list(sections()), _("Par section de la NAF"), _("Section"))


def by_size(material: Material) -> Iterator[Grid]:
    """One row for each class of staff."""
    return by_axis(material, "size", list(SIZE_CLASSES), _("Par taille"), _("Effectif"))


def by_commune(material: Material) -> Iterator[Grid]:
    """One row for each commune, in the French order of names; then its jobs by family, where secrecy shows."""
    rows = communes(material)
    figures = [figure for figure in material.figures if _split_by(material.whole, figure.cell, "commune")]
    known = {figure.indicator for figure in figures}
    columns = [code for code in OF_A_COMMUNE if code in known]
    title = _("Les communes : %(count)s") % {"count": len(rows)}
    yield from _grids(material, title, _("Commune"), columns, rows | {_("Ensemble"): {}})
    yield from _jobs_by_family(material, rows)


def communes(material: Material) -> dict[str, Axes]:
    """Name of a commune → its axis, in the French order of names."""
    codes = {figure.cell.commune for figure in material.figures} - {""}
    ordered = sorted(codes, key=lambda code: (sort_key(material.name("commune", code)), code))
    return _places(material, "commune", ordered)


def _places(material: Material, axis: str, codes: Sequence[str]) -> dict[str, Axes]:
    """Name → its axis; two places of one name are told apart by their codes."""
    names = {code: material.name(axis, code) for code in codes}
    counts = Counter(names.values())
    return {name if counts[name] == 1 else f"{name} ({code})": {axis: code} for code, name in names.items()}


def _jobs_by_family(material: Material, rows: Mapping[str, Axes]) -> Iterator[Grid]:
    families = [code for code in FAMILIES if any(material.at("jobs", family=code, **axes) for axes in rows.values())]
    if families:
        columns = {material.name("family", code): ("jobs", {"family": code}) for code in families}
        yield _grid(material, _("Emplois salariés par commune et par famille"), _("Commune"), columns, rows)


def by_year(material: Material) -> Iterator[Grid]:
    """The whole perimeter year after year; a year between two others that is not told breaks the series."""
    years: dict[str, set[int]] = {}
    for figure in material.figures:
        if figure.cell._replace(year=0) == material.whole._replace(year=0) and figure.cell.year:
            years.setdefault(figure.indicator, set()).add(figure.cell.year)
    moving = [code for code in indicators() if len(years.get(code, ())) > 1]
    all_years = sorted(set().union(*(years[code] for code in moving)) if moving else ())
    rows = {str(year): {"year": year} for year in all_years}
    yield from _grids(material, _("Année après année"), _("Au 31 décembre"), moving, rows)


def by_territory(material: Material) -> Iterator[Grid]:
    """The perimeter beside those it is compared to, in the edition's order."""
    own = material.edition.perimeter
    codes = [own, *(code for code in material.edition.compared if code != own)]
    rows = _places(material, "perimeter", codes)
    own_cell = material.whole
    known = {
        figure.indicator
        for figure in material.figures
        if figure.cell == own_cell._replace(perimeter=figure.cell.perimeter)
    }
    columns = [code for code in OF_A_TERRITORY if code in known]
    if len(rows) > 1:
        yield from _grids(material, _("Le territoire et ceux auxquels il est comparé"), _("Territoire"), columns, rows)


def of_the_whole(material: Material, codes: Sequence[str], title: str) -> Iterator[Grid]:
    """One row for each of these indicators that the edition has, of the whole perimeter."""
    found = {code: material.at(code) for code in codes}
    kept = {code: figure for code, figure in found.items() if figure is not None}
    if not kept:
        return
    told = list(kept.values())
    same = _all_simulated(told)
    rows: list[list[Text | Told]] = [
        [_(indicators()[code].name_fr), in_cell(figure, marked=not same)] for code, figure in kept.items()
    ]
    yield Grid(
        title,
        [_("Indicateur"), material.edition.perimeter_name],
        rows,
        [False, True],
        sources_said(told),
        [simulated_mark()] if same else [],
    )


def _grids(
    material: Material, title: str, first: str, columns: Sequence[str], rows: Mapping[str, Axes]
) -> Iterator[Grid]:
    """As many tables as the columns need. columns: indicators; rows: name → the axes of its cell."""
    if not columns or len(rows) < 2:
        return
    for start in range(0, len(columns), MOST_COLUMNS):
        some: dict[str, tuple[str, Axes]] = {
            _(indicators()[code].short_fr): (code, {}) for code in columns[start : start + MOST_COLUMNS]
        }
        yield _grid(material, title if start == 0 else _("%(title)s (suite)") % {"title": title}, first, some, rows)


def _grid(
    material: Material, title: str, first: str, columns: Mapping[str, tuple[str, Axes]], rows: Mapping[str, Axes]
) -> Grid:
    """One table. columns: name → indicator and axes added to those of the row."""
    figures = [[material.at(code, **more, **axes) for code, more in columns.values()] for axes in rows.values()]
    flat = [figure for row in figures for figure in row]
    same = _all_simulated([figure for figure in flat if figure is not None])
    return Grid(
        title,
        [first, *columns],
        [
            [name, *(in_cell(figure, marked=not same) for figure in row)]
            for name, row in zip(rows, figures, strict=True)
        ],
        [False, *(True for _column in columns)],
        sources_said(flat),
        [simulated_mark()] if same else [],
    )


def _split_by(whole: Cell, cell: Cell, axis: str) -> bool:
    """Whether a cell is a part of the whole along this axis alone."""
    all_of_it: dict[str, Any] = {axis: ""}
    return getattr(cell, axis) != "" and cell._replace(**all_of_it) == whole


def _all_simulated(figures: Sequence[Figure]) -> bool:
    return bool(figures) and all(figure.simulated for figure in figures)

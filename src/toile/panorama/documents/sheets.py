"""The edition in a spreadsheet: every figure, the communes side by side, the dictionary, the sources; and as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from toile.kernel.exports import Sheet, csv_rows, workbook_bytes
from toile.kernel.figures import Figure
from toile.panorama.queries.figures import sources_of
from toile.panorama.rules.indicators import Indicator, indicators, units
from toile.panorama.rules.reasons import reasons
from toile.panorama.rules.rows import COLUMNS, long_row

from .dictionary import COLUMNS as FIGURE_COLUMNS
from .dictionary import dictionary, heads, statuses
from .edition import dated, warning
from .material import Material
from .tables import communes
from .telling import present, said

MORE: Final = ("year", "because", "simulated")
"""What the edition's CSV adds to the long rows of the command line: an edition tells of several years."""
SOURCE_COLUMNS: Final = (
    gettext_noop("source"),
    gettext_noop("qui la publie"),
    gettext_noop("millésime"),
    gettext_noop("licence"),
    gettext_noop("adresse"),
    gettext_noop("empreinte SHA-256"),
    gettext_noop("simulée"),
)


def workbook(material: Material) -> bytes:
    """The xlsx: numbers are numbers; what is not told says why, in words."""
    sheets = [
        Sheet(_("À lire"), [_("Quoi"), _("Valeur")], _about(material)),
        Sheet(
            _("Chiffres"),
            [_(column.name) for column in FIGURE_COLUMNS],
            (_figure(material, figure) for figure in material.figures),
        ),
        _communes(material),
        Sheet(_("Dictionnaire"), heads(), dictionary(material)),
        Sheet(_("Sources"), [_(name) for name in SOURCE_COLUMNS], _sources(material)),
        Sheet(_("Notes"), [_("Indicateur"), _("Commune"), _("Note")], _notes(material)),
    ]
    return workbook_bytes(sheets, title=material.edition.title, made_on=material.made_on)


def csv(material: Material) -> bytes:
    """Every figure as a long row, for programs: the columns of the command line, then the year, why, and simulated."""
    rows = (
        [*long_row(figure), figure.cell.year or None, figure.because, figure.simulated] for figure in material.figures
    )
    return "".join(csv_rows([*COLUMNS, *MORE], rows)).encode()


def csv_dictionary(material: Material) -> bytes:
    """What the columns, the codes and the indicators of the CSV mean."""
    return "".join(csv_rows(heads(), dictionary(material))).encode()


# --- the sheets ------------------------------------------------------------------------------------------------------


def _about(material: Material) -> Iterator[Sequence[Any]]:
    edition = material.edition
    yield _("Édition"), edition.title
    yield _("Territoire"), edition.perimeter_name
    yield _("Date"), dated(material)
    yield _("Version"), edition.version
    yield _("Publiée le"), timezone.localdate(edition.published_at) if edition.published_at else _("non publiée")
    yield _("Par"), edition.publisher or _("inconnu")
    yield _("Page"), material.address
    yield _("Empreinte (SHA-256)"), edition.checksum or _("aucune : elle est prise à la publication")
    for line in warning(material).splitlines():
        yield _("Attention"), line
    if edition.erratum:
        yield _("Erratum"), edition.erratum


def _figure(material: Material, figure: Figure) -> Sequence[Any]:
    cell = figure.cell
    reason = reasons().get(figure.because)
    indicator = indicators().get(figure.indicator)
    return (
        figure.indicator,
        _(indicator.short_fr) if indicator else figure.indicator,
        cell.perimeter,
        material.name("perimeter", cell.perimeter),
        cell.commune or _("toutes"),
        material.name("commune", cell.commune) if cell.commune else _("toutes"),
        material.name("family", cell.family) if cell.family else _("toutes"),
        material.name("sector", cell.sector) if cell.sector else _("tous"),
        material.name("size", cell.size) if cell.size else _("toutes"),
        cell.year or _("non daté"),
        _(units()[figure.unit].many_fr) if figure.unit in units() else figure.unit,
        figure.low,
        _value(figure),
        figure.high,
        statuses()[figure.status.value],
        _(reason.sentence_fr) if reason else figure.because,
        figure.simulated,
        " ; ".join(source.title for source in figure.sources),
        figure.query,
    )


def _value(figure: Figure | None) -> Any:
    """A number, or the words that stand for it: never empty, never 0."""
    return said(figure) if figure is None or figure.value is None else figure.value


def _communes(material: Material) -> Sheet:
    """One row a commune; an estimate takes three columns."""
    places = {name: str(axes["commune"]) for name, axes in communes(material).items()}
    codes = set(places.values())
    found = [
        figure
        for figure in material.figures
        if figure.cell.commune in codes and figure.cell == material.whole._replace(commune=figure.cell.commune)
    ]
    estimated = {figure.indicator for figure in found if figure.estimated}
    shown = present(found)
    columns = [_("commune"), _("code")]
    for indicator in shown:
        columns += _columns(indicator, indicator.code in estimated)
    return Sheet(_("Communes"), columns, _commune_rows(material, places, shown, estimated))


def _columns(indicator: Indicator, is_estimated: bool) -> list[str]:
    name = _(indicator.short_fr)
    return [name, *(f"{name} ({which})" for which in (_("bas"), _("haut")) if is_estimated)]


def _commune_rows(
    material: Material, places: dict[str, str], shown: Sequence[Indicator], estimated: set[str]
) -> Iterator[list[Any]]:
    for name, code in places.items():
        row: list[Any] = [name, code]
        for indicator in shown:
            figure = material.at(indicator.code, commune=code)
            row.append(_value(figure))
            if indicator.code in estimated:
                row += [figure.low, figure.high] if figure is not None else [None, None]
        yield row


def _sources(material: Material) -> Iterable[Sequence[Any]]:
    for source in sources_of(material.edition):
        known = (source.title, source.publisher, source.vintage, source.licence, source.url, source.checksum)
        yield *(words or _("inconnu") for words in known), source.simulated


def _notes(material: Material) -> Iterable[Sequence[Any]]:
    for note in material.notes:
        about = indicators().get(note.indicator)
        commune = material.name("commune", note.commune) if note.commune else _("toutes")
        yield _(about.short_fr) if about else _("tous"), commune, note.text

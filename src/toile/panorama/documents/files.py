"""All the files of an edition, one after the other: what a job keeps as its `Output`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.text import slugify

from toile.panorama.queries.stories import stories

from .a4 import communes_of_place, one_page
from .edition import edition_pdf
from .material import Material
from .sheets import csv, csv_dictionary, workbook


@dataclass(frozen=True, slots=True)
class Made:
    """A file made. key: of its `Output`: `pdf`, `xlsx`, `csv`, `csv-dictionary`, `a4`, `a4:<code of a commune>`."""

    key: str
    filename: str
    content: bytes


def how_many(material: Material) -> int:
    """How many files `every_file` makes."""
    return 5 + len(communes_of_place(material))


def every_file(material: Material) -> Iterator[Made]:
    """Each file in turn: the edition's own, then an A4 for the whole and one for each commune."""
    edition = material.edition
    stem = slugify(f"panorama ess {edition.perimeter_name} {edition.year or ''} v{edition.version}")[:90]
    yield Made("pdf", f"{stem}.pdf", edition_pdf(material))
    yield Made("xlsx", f"{stem}.xlsx", workbook(material))
    yield Made("csv", f"{stem}.csv", csv(material))
    yield Made("csv-dictionary", f"{stem}-dictionnaire.csv", csv_dictionary(material))
    everywhere = communes_of_place(material)
    yield Made("a4", f"{stem}-a4.pdf", one_page(material, stories=stories(everywhere)))
    for code in everywhere:
        name = f"{stem}-{slugify(material.name('commune', code))[:40]}-{code}.pdf"
        yield Made(f"a4:{code}", name, one_page(material, code, stories=stories([code])))

"""The files made from an edition: the PDF one prints, the A4 of an elected member, the workbook, the CSV."""

from .a4 import one_page
from .drawings import on_paper
from .edition import edition_pdf
from .files import Made, every_file, how_many
from .material import Material, material_of
from .sheets import csv, csv_dictionary, workbook

__all__ = [
    "Made",
    "Material",
    "csv",
    "csv_dictionary",
    "edition_pdf",
    "every_file",
    "how_many",
    "material_of",
    "on_paper",
    "one_page",
    "workbook",
]

"""A file that holds computed figures, with their sources, their queries and what was understood: four formats."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from toile.kernel.errors import UserError
from toile.kernel.figures import Figure, FigureSource
from toile.panorama.rules.rows import COLUMNS, NUMBERS, json_row, long_row


class UnknownFormat(UserError):
    """The name of the file does not say a format that is written."""


class NoFolder(UserError):
    """The folder of the file is not there."""


@dataclass(frozen=True, slots=True)
class Panorama:
    """What a file keeps."""

    perimeter: str
    year: int
    figures: list[Figure]
    sources: tuple[FigureSource, ...]
    queries: Mapping[str, str]
    understood: Mapping[str, Any]

    def beside(self) -> dict[str, Any]:
        """All but the rows, as JSON keeps it."""
        return {
            "perimeter": self.perimeter,
            "year": self.year,
            "sources": [asdict(source) for source in self.sources],
            "queries": dict(self.queries),
            "understood": dict(self.understood),
        }


def refuse(path: Path) -> None:
    """Raise `UnknownFormat` when the suffix is none of those written, `NoFolder` when its folder is not there."""
    if path.suffix.lower() not in WRITERS:
        raise UnknownFormat(f"« {path.name} » ne dit pas son format : donnez un nom en {', '.join(WRITERS)}.")
    if not path.parent.is_dir():
        raise NoFolder(f"Le dossier « {path.parent} » n’existe pas : créez-le d’abord.")


def write(path: Path, panorama: Panorama) -> list[Path]:
    """Write a file in the format of its suffix, and a CSV's sources beside it; returns what was written.

    An interrupted writing leaves no file of that name. Raises what `refuse` raises.
    """
    refuse(path)
    unfinished = path.with_name(path.name + ".part")
    WRITERS[path.suffix.lower()](unfinished, panorama)
    unfinished.replace(path)
    if path.suffix.lower() != ".csv":
        return [path]
    beside = path.with_suffix(".sources.json")
    beside.write_text(_json(panorama.beside()), encoding="utf-8")
    return [path, beside]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _as_json(path: Path, panorama: Panorama) -> None:
    rows = [json_row(figure) for figure in panorama.figures]
    path.write_text(_json({**panorama.beside(), "rows": rows}), encoding="utf-8")


def _as_csv(path: Path, panorama: Panorama) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(map(long_row, panorama.figures))


def _as_parquet(path: Path, panorama: Panorama) -> None:
    """The rows, numbers as numbers; the rest in the metadata of the file, under `panorama`."""
    rows = [json_row(figure) for figure in panorama.figures]
    fields = [(name, pa.float64() if name in NUMBERS else pa.string()) for name in COLUMNS]
    schema = pa.schema(fields, metadata={"panorama": _json(panorama.beside())})
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)


def _as_xlsx(path: Path, panorama: Panorama) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        rows = ([json_row(figure)[name] for name in COLUMNS] for figure in panorama.figures)
        _sheet(book, "Chiffres", COLUMNS, rows)
        _sheet(book, "Sources", list(SOURCE), ([str(v) for v in asdict(one).values()] for one in panorama.sources))
        _sheet(book, "Requêtes", ("nom", "SQL"), ([name, text[:LONGEST]] for name, text in panorama.queries.items()))
        _sheet(book, "Ce qui a été compris", ("JSON",), ([line] for line in _json(panorama.understood).splitlines()))


def _sheet(book: Any, name: str, head: Any, rows: Any) -> None:
    sheet = book.add_worksheet(name)
    sheet.write_row(0, 0, head)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, start=1):
        sheet.write_row(number, 0, row)


LONGEST: Final = 32_767
"""Signs that a cell of a spreadsheet holds."""
SOURCE: Final = tuple(FigureSource.__dataclass_fields__)
WRITERS: Final[Mapping[str, Callable[[Path, Panorama], None]]] = {
    ".json": _as_json,
    ".csv": _as_csv,
    ".xlsx": _as_xlsx,
    ".parquet": _as_parquet,
}

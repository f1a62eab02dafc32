"""A stock file ready to be queried by DuckDB: CSV (also zipped) or Parquet, its columns known and its end checked."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb
from django.utils.translation import gettext as _

from toile.kernel.errors import UserError
from toile.kernel.tabular import Limits, TruncatedTable
from toile.kernel.tabular.archive import SMALL, copy_bounded, open_archive, refuse_foreign, single_member

# StockEtablissement is some 9 GB of CSV; text of this kind shrinks five to ten times.
ZIP_LIMITS = Limits(total=40 * 1024**3, zip_ratio=100)
HEAD = 1 << 20
TAIL = 1 << 16
GZIP = b"\x1f\x8b"


class UnreadableStock(UserError):
    """The file is neither CSV nor Parquet, or DuckDB cannot read it to its end."""


class WrongStock(UserError):
    """The file is a table, but not the stock it is said to be."""


@dataclass(frozen=True, slots=True)
class StockFile:
    """Where a stock is, and how DuckDB reads it: `relation` is what follows FROM, `types` the type by column."""

    path: Path
    kind: Literal["csv", "parquet"]
    relation: str
    types: dict[str, str]


def quoted(text: str) -> str:
    """An SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def name_of(column: str) -> str:
    """An SQL identifier."""
    return '"' + column.replace('"', '""') + '"'


@contextmanager
def told_to_the_person(path: Path) -> Iterator[None]:
    """Turn what DuckDB says of a bad file into an error for the person; a mistake in our SQL stays loud."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise UnreadableStock(
            _("La mémoire accordée ne suffit pas pour lire %(name)s : augmentez-la.") % {"name": path.name}
        ) from error
    except (
        duckdb.InvalidInputException,
        duckdb.IOException,
        duckdb.ConversionException,
        duckdb.SerializationException,
    ) as error:
        raise UnreadableStock(
            _("Le fichier %(name)s est incomplet ou abîmé : téléchargez-le de nouveau. (%(detail)s)")
            % {"name": path.name, "detail": str(error).partition("\n")[0][:200]}
        ) from error


def open_stock_file(base: duckdb.DuckDBPyConnection, path: Path, workplace: Path) -> StockFile:
    """Find out what `path` is; a zip or a gzip is decompressed into `workplace`, which the caller removes."""
    if not path.is_file():
        raise UnreadableStock(_("Le fichier %(name)s n’existe pas.") % {"name": path.name})
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(b"PK\x03\x04"):
        path = _unzip(path, workplace)
    elif head.startswith(GZIP):
        path = _gunzip(path, workplace)
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(b"PAR1"):
        return _parquet(base, path)
    refuse_foreign(head)
    if not head.strip():
        raise UnreadableStock(_("Le fichier %(name)s est vide.") % {"name": path.name})
    return _csv(path)


def _unzip(path: Path, workplace: Path) -> Path:
    with path.open("rb") as stream:
        archive = open_archive(stream, ZIP_LIMITS)
        member = single_member(archive)
        if member.file_size > shutil.disk_usage(workplace).free:
            raise UnreadableStock(
                _("Il manque de la place sur le disque pour décompresser %(name)s (%(size)d Mo).")
                % {"name": path.name, "size": member.file_size >> 20}
            )
        target = workplace / (path.stem + ".extrait")
        try:
            with archive.open(member) as source, target.open("wb") as out:
                copy_bounded(source, out, member.file_size)
        except (OSError, EOFError, NotImplementedError, zipfile.BadZipFile, zlib.error) as error:
            raise TruncatedTable(
                _("L’archive %(name)s est incomplète ou abîmée : téléchargez-la de nouveau.") % {"name": path.name}
            ) from error
    return target


def _gunzip(path: Path, workplace: Path) -> Path:
    target = workplace / (path.stem + ".extrait")
    # Its own header says nothing of the size: what may come out is bounded by the ratio, and by the room there is.
    plausible = max(SMALL, ZIP_LIMITS.zip_ratio * path.stat().st_size)
    bound = min(ZIP_LIMITS.total, plausible, shutil.disk_usage(workplace).free)
    try:
        with gzip.open(path) as source, target.open("wb") as out:
            copy_bounded(source, out, bound)
    except (OSError, EOFError, zlib.error) as error:
        raise TruncatedTable(
            _("L’archive %(name)s est incomplète ou abîmée : téléchargez-la de nouveau.") % {"name": path.name}
        ) from error
    return target


def _parquet(base: duckdb.DuckDBPyConnection, path: Path) -> StockFile:
    relation = f"read_parquet({quoted(str(path))})"
    with told_to_the_person(path):
        described = base.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()  # noqa: S608 -- a quoted path
    return StockFile(path, "parquet", relation, {row[0]: row[1] for row in described})


def _csv(path: Path) -> StockFile:
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    encoding = _encoding(head)
    first = head.decode(encoding, "replace").removeprefix("\ufeff").partition("\n")[0].rstrip("\r")
    separator = max(",;\t|", key=first.count)
    try:
        columns = next(csv.reader([first], delimiter=separator, strict=True), [])
    except csv.Error:
        columns = []
    if len(columns) < 2 or len(set(columns)) != len(columns):
        raise WrongStock(_("L’en-tête de %(name)s n’est pas celui d’un stock SIRENE.") % {"name": path.name})
    _check_end(path, encoding, separator, len(columns))
    typed = ", ".join(f"{quoted(column)}: 'VARCHAR'" for column in columns)
    relation = (
        f"read_csv({quoted(str(path))}, auto_detect = false, header = true, delim = {quoted(separator)}, "
        f"quote = '\"', escape = '\"', encoding = {quoted(encoding)}, store_rejects = true, columns = {{{typed}}})"
    )
    return StockFile(path, "csv", relation, dict.fromkeys(columns, "VARCHAR"))


def _encoding(head: bytes) -> str:
    """UTF-8 as INSEE writes since 2018, or the Latin-1 of older files."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def _check_end(path: Path, encoding: str, separator: str, width: int) -> None:
    """Refuse a file whose last line lacks both its ending and some of its columns: its download was cut short."""
    with path.open("rb") as stream:
        stream.seek(0, io.SEEK_END)
        stream.seek(max(0, stream.tell() - TAIL))
        tail = stream.read()
    if tail.endswith((b"\n", b"\r")):
        return
    last = tail.decode(encoding, "replace").rpartition("\n")[2]
    try:
        cells = next(csv.reader([last], delimiter=separator, strict=True), [])
    except csv.Error:
        cells = []
    if len(cells) < width:
        raise TruncatedTable(
            _("Le fichier %(name)s est tronqué : sa dernière ligne est incomplète. Téléchargez-le de nouveau.")
            % {"name": path.name}
        )

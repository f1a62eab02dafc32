"""Opening of what was dropped: a SIRENE stock, its history, the list of the ESS, as tables of official columns.

Whatever the format, each column is text, trimmed; what is empty, hidden (`[ND]`) or absent is null, but for the names
of a plain Parquet, left as they are written since one only looks for a word in them. Plain Parquet is
read where it is; anything else is written once as Parquet in a workplace: DuckDB and Spark read the very same rows.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import ibis
from ibis.expr import types as ir

from toile.directory.imports import stock_columns as official
from toile.directory.imports.stock_expressions import is_until_2018, required_of
from toile.directory.imports.stock_files import StockFile, open_stock_file
from toile.kernel.errors import UserError

from .layouts import Layout, guess, layout_of
from .plain import FLAG, OF_UNITS, Found, as_plain, is_code

SUFFIXES: Final = frozenset({".csv", ".txt", ".zip", ".gz", ".parquet"})
UNTIL_2018: Final = ("stock_units", "stock_places")
MEMORY: Final = "1GB"


class WrongSources(UserError):
    """The files together are not what a computation needs."""


@dataclass(frozen=True, slots=True)
class Given:
    """A file with what is known of it: the name its person gave it, and its kind when somebody said it."""

    path: Path
    name: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """What was found, as lazy tables of the connection; None where no file gives it.

    units, places: the columns of `UNITE_LEGALE_ASKED` and `ETABLISSEMENT_ASKED`. history: those of its layout, one row
    a period. ess_list: siren, family (null when the list gives none) of what ESS France holds, one row a SIREN.
    approvals: siren, kind (a code of `directory.rules.approvals`), commune, family. listed: every unit that the list
    speaks of (merged lists hold others than those of ESS France), with the columns of `units` that a verdict needs.
    ignored: files that are nothing.
    """

    connection: Any
    units: ir.Table | None
    places: ir.Table | None
    history: ir.Table | None
    ess_list: ir.Table | None
    approvals: ir.Table | None
    listed: ir.Table | None
    found: tuple[Found, ...]
    ignored: tuple[str, ...] = ()

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of source that the files give."""
        return frozenset(one.kind for one in self.found)

    def stock(self) -> tuple[ir.Table, ir.Table]:
        """The units and the places; raises `WrongSources` when one of them is not there."""
        if self.units is None or self.places is None:
            lacking = " et ".join(
                name
                for table, name in ((self.units, "StockUniteLegale"), (self.places, "StockEtablissement"))
                if table is None
            )
            raise WrongSources(f"Parmi les fichiers donnés, il manque {lacking} (stock SIRENE).")
        return self.units, self.places


@contextmanager
def open_files(connection: Any, paths: Path | Given | Sequence[Path | Given]) -> Iterator[Opened]:
    """Open a folder, or files, for an Ibis connection (DuckDB or Spark); what was written aside goes at the end.

    In a folder, what is not recognised is passed over and said; a file given by name must be something. Raises
    `WrongSources`, or what `directory.imports.stock_files` raises of a file that cannot be read, or lacks what it must
    have.
    """
    files, by_name = _files(paths)
    with tempfile.TemporaryDirectory(prefix="toile-panorama-") as folder:
        workplace = Path(folder)
        config = {"memory_limit": MEMORY, "temp_directory": str(workplace / "spill")}
        # Closed before anything is computed: the memory is the engine's then.
        with duckdb.connect(config=config) as base:
            parquets, found, ignored = _read(base, workplace, files, must=by_name)
        if not found:
            raise WrongSources("Aucun de ces fichiers n’est un stock SIRENE, un historique ni une liste de l’ESS.")
        yield _opened(connection, parquets, found, ignored)


def _read(
    base: duckdb.DuckDBPyConnection, workplace: Path, files: Sequence[Given], *, must: bool
) -> tuple[dict[str, Path], list[Found], list[str]]:
    """Where to read each kind from, what was found, and the names of what is nothing."""
    parquets: dict[str, Path] = {}
    found: list[Found] = []
    ignored: list[str] = []
    for number, given in enumerate(files):
        name = given.name or given.path.name
        aside = workplace / str(number)
        aside.mkdir()
        try:
            file = open_stock_file(base, given.path, aside)
        except UserError:
            if must or guess(name, ()) is not None:
                raise
            ignored.append(name)
            continue
        kinds = _kinds(file, given, must=must)
        if not kinds:
            ignored.append(name)
        for layout in kinds:
            _refuse_second(layout.kind, name, found)
            one, parquets[layout.kind] = as_plain(base, file, name, layout, aside)
            found.append(one)
    return parquets, found, ignored


def _files(paths: Path | Given | Sequence[Path | Given]) -> tuple[list[Given], bool]:
    """The files, and whether they were given by name."""
    if isinstance(paths, Path) and paths.is_dir():
        inside = sorted(path for path in paths.iterdir() if path.is_file() and path.suffix.lower() in SUFFIXES)
        if not inside:
            raise WrongSources(f"Le dossier {paths.name} ne contient aucun fichier CSV, zip, gz ou Parquet.")
        return [Given(path) for path in inside], False
    several = [paths] if isinstance(paths, Path | Given) else paths
    return [Given(one) if isinstance(one, Path) else one for one in several], True


def _kinds(file: StockFile, given: Given, *, must: bool) -> list[Layout]:
    """The kinds of data in a file: by its columns, else as its name, or a person, says it should be."""
    if is_until_2018(file):
        return [layout_of(kind) for kind in UNTIL_2018]
    guessed = guess(given.name or given.path.name, file.types, given.kind)
    if guessed is None and {"SIREN", "NIC"} <= set(file.types):
        required_of(file, dict.fromkeys(file.types, ""), official.UNTIL_2018_MARK, ())
    if guessed is None and must:
        raise WrongSources(
            f"Le fichier {given.name or given.path.name} n’est ni un stock SIRENE, ni un historique, ni une liste de "
            "l’ESS : ses colonnes n’en sont pas."
        )
    return [guessed] if guessed else []


def _refuse_second(kind: str, name: str, found: Sequence[Found]) -> None:
    for one in found:
        if one.kind == kind:
            raise WrongSources(f"{one.file} et {name} sont deux fichiers de la même sorte : gardez-en un seul.")


def _opened(connection: Any, parquets: Mapping[str, Path], found: list[Found], ignored: list[str]) -> Opened:
    tables = {kind: connection.read_parquet(str(path), table_name=kind) for kind, path in parquets.items()}
    for kind in ("stock_units", "stock_places", "history"):
        if kind in tables:
            tables[kind] = _as_text(tables[kind], layout_of(kind))
    approvals = tables.get("approvals")
    held = tables.get("ess_list")
    if held is not None and approvals is None:
        esus = held.filter(held.esus)
        approvals = esus.select("siren", kind=ibis.literal("esus"), commune=ibis.null("string"), family=esus.family)
    return Opened(
        connection,
        tables.get("stock_units"),
        tables.get("stock_places"),
        tables.get("history"),
        None if held is None else held.filter(held.in_ess_list).select("siren", "family"),
        approvals,
        None if held is None else _units_of(held),
        tuple(found),
        tuple(ignored),
    )


def _units_of(held: ir.Table) -> ir.Table:
    return held.select("siren", *OF_UNITS, FLAG, nomenclatureActivitePrincipaleUniteLegale=ibis.null("string"))


def _as_text(table: ir.Table, layout: Layout) -> ir.Table:
    """The official columns as text, in the layout's order; codes of a plain file need nothing, and are read faster."""
    present = set(table.columns)
    return table.select(
        **{column: _text_of(table[column]) if column in present else ibis.null("string") for column in layout.columns}
    )


def _text_of(column: ir.Value) -> ir.StringValue:
    if not column.type().is_string():
        return column.cast("string")
    # A name is only searched for a word: as the file writes it, it is not copied for millions of units.
    name = column.get_name()
    return column if is_code(name) or name.startswith("denomination") else column.strip().nullif("").nullif("[ND]")

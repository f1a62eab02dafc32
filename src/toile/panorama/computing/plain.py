"""One file as plain Parquet: official names, columns of text, codes with their zeros, lists by SIREN."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from toile.directory.imports.stock_expressions import cleaned, expressions, is_until_2018, listed, required_of
from toile.directory.imports.stock_files import StockFile, name_of, quoted, told_to_the_person
from toile.directory.rules.reading_values import a_family

from .layouts import Layout, widths

SAMPLE: Final = 20_000
FIRST_LINES: Final = 20
ESS_FRANCE, ESUS = "ess_france", "esus"
FLAG: Final = "economieSocialeSolidaireUniteLegale"
OF_UNITS: Final = (
    "categorieJuridiqueUniteLegale",
    "activitePrincipaleUniteLegale",
    "denominationUniteLegale",
    "denominationUsuelle1UniteLegale",
)
"""What the lists merged with SIRENE repeat of each unit, besides its flag."""
_SIREN: Final = "regexp_full_match(siren, '[0-9]{9}')"


@dataclass(frozen=True, slots=True)
class Found:
    """One kind of data found in one file.

    kind: a value of `SourceKind`. until_2018: the older layout, whose one file gives two kinds. columns: the official
    columns that it gives, missing: those asked that it does not. rows: those that could be cut; bad: those that could
    not, or that name nobody; `where`: the numbers of the first lines that could not.
    """

    file: str
    kind: str
    until_2018: bool
    columns: tuple[str, ...]
    missing: tuple[str, ...]
    rows: int
    bad: int = 0
    where: tuple[int, ...] = ()


def as_plain(
    base: duckdb.DuckDBPyConnection, file: StockFile, name: str, layout: Layout, aside: Path
) -> tuple[Found, Path]:
    """What the file gives of a kind, and the Parquet to read it from: itself when it is plain, else one written aside.

    name: how the person calls the file. Raises `WrongStock`, which names the columns it cannot do without.
    """
    known = _known(file, layout)
    required_of(StockFile(Path(name), file.kind, file.relation, file.types), known, layout.required, layout.other)
    columns = tuple(column for column in layout.columns if column in known)
    missing = tuple(column for column in layout.columns if column not in known)
    with told_to_the_person(Path(name)):
        if layout.kind not in _LISTS and _is_plain(base, file, layout):
            rows = base.execute(f"SELECT count(*) FROM {file.relation}").fetchall()[0][0]  # noqa: S608 -- a quoted path
            return Found(name, layout.kind, False, columns, missing, rows), file.path
        target = aside / f"{layout.kind}.parquet"
        rows = _write(base, _mended(file, layout, known), layout, target)
        bad, where = _bad_lines(base) if file.kind == "csv" else (0, ())
        if layout.kind in _LISTS:
            kept = base.execute(f"SELECT count(*) FROM said WHERE {_SIREN}").fetchall()[0][0]  # noqa: S608
            bad += rows - kept
    return Found(name, layout.kind, is_until_2018(file), columns, missing, rows, bad, where), target


def _known(file: StockFile, layout: Layout) -> dict[str, str]:
    """Each column that the file can give, as SQL."""
    known = expressions(file, layout.columns)
    for column in layout.columns:
        alias = layout.aliases.get(column)
        if column not in known and alias in file.types:
            known[column] = name_of(alias)
    if "siren" in layout.columns and "siren" not in known and "siret" in known:
        known["siren"] = f"{known['siret']}[:9]"
    return known


def is_code(column: str) -> bool:
    """Whether a column holds codes, that a plain file writes bare: no blank around, nothing hidden, null when empty."""
    return column in widths() or column.startswith(_CODES)


_CODES: Final = ("activitePrincipale", "nomenclature", "etatAdministratif", "economieSociale", "statutDiffusion")


def _is_plain(base: duckdb.DuckDBPyConnection, file: StockFile, layout: Layout) -> bool:
    """Whether a Parquet can be read as it is: official names, codes written bare, that kept their zeros.

    What its row groups say of their least and greatest values leaves no room for an empty text, a blank or `[ND]`.
    """
    if file.kind != "parquet" or is_until_2018(file) or not {*layout.required, "siren"} <= set(file.types):
        return False
    codes = [column for column in layout.columns if column in file.types and is_code(column)]
    whole = " AND ".join(
        f"coalesce(length({name_of(c)}::VARCHAR) = {widths()[c]}, true)" for c in codes if c in widths()
    )
    texts = ", ".join(quoted(column) for column in codes if file.types[column] == "VARCHAR") or "NULL"
    sample = f"SELECT * FROM {file.relation} LIMIT {SAMPLE}"  # noqa: S608 -- a quoted path
    least = (
        "SELECT coalesce(bool_and(coalesce(stats_min_value > ' ~' AND stats_max_value < '[', true)), true) "  # noqa: S608
        f"FROM parquet_metadata({quoted(str(file.path))}) WHERE path_in_schema IN ({texts})"
    )
    query = f"SELECT coalesce(bool_and({whole or 'true'}), true) AND ({least}) FROM ({sample})"  # noqa: S608 -- as above
    return bool(base.execute(query).fetchall()[0][0])


def _mended(file: StockFile, layout: Layout, known: dict[str, str]) -> str:
    """The query of the official columns: codes with the zeros that a spreadsheet took, activities dotted."""
    given = []
    for column in layout.columns:
        name, width = name_of(column), widths().get(column)
        if width:
            name = (
                f"CASE WHEN length({name}) = {width} THEN {name} "
                f"WHEN regexp_full_match({name}, '[0-9]{{1,{width}}}([.]0+)?') "
                f"THEN lpad(split_part({name}, '.', 1), {width}, '0') ELSE {name} END AS {name}"
            )
        elif column.startswith("activitePrincipale"):
            name = f"regexp_replace({name}, '^([0-9]{{2}})([0-9]{{2}}[A-Z])$', '\\1.\\2') AS {name}"
        given.append(name)
    raw = f"SELECT {listed(layout.columns, known)} FROM {file.relation}"  # noqa: S608 -- names and a quoted path
    query = f"SELECT {', '.join(given)} FROM (SELECT {cleaned(layout.columns)} FROM ({raw}))"  # noqa: S608
    if is_until_2018(file) and layout.kind == "stock_units":
        # Each establishment repeats its unit there.
        query += " QUALIFY row_number() OVER (PARTITION BY siren ORDER BY dateDernierTraitementUniteLegale) = 1"
    return query


def _write(base: duckdb.DuckDBPyConnection, query: str, layout: Layout, target: Path) -> int:
    """Write the rows as Parquet; returns how many there are. A list stays in `said`, for what it says to be counted."""
    if layout.kind not in _LISTS:
        return int(_copied(base, query, target))
    base.execute(f"CREATE OR REPLACE TEMP TABLE said AS {query}")
    named = base.execute("SELECT DISTINCT famille_ess FROM said WHERE famille_ess IS NOT NULL").fetchall()
    families = ", ".join(f"({quoted(text)}, {quoted(family)})" for (text,) in named if (family := a_family(text)))
    base.execute(
        "CREATE OR REPLACE TEMP VIEW one AS SELECT said.*, family "  # noqa: S608
        f"FROM said LEFT JOIN (VALUES {families or '(NULL, NULL)'}) AS f(text, family) ON famille_ess = text"
    )
    _copied(base, _LISTS[layout.kind], target)
    return int(base.execute("SELECT count(*) FROM said").fetchall()[0][0])


def _copied(base: duckdb.DuckDBPyConnection, query: str, target: Path) -> int:
    return int(base.execute(f"COPY ({query}) TO {quoted(str(target))} (FORMAT parquet)").fetchall()[0][0])


def _says(source: str) -> str:
    return f"list_contains(string_split(replace(lower(sources), ' ', '_'), '|'), {quoted(source)})"


_FLAG: Final = (
    f"CASE WHEN upper({name_of(FLAG)}) IN ('O', 'OUI', 'TRUE') THEN 'O' "
    f"WHEN upper({name_of(FLAG)}) IN ('N', 'NON', 'FALSE') THEN 'N' END"
)
# A list that names no source is that of ESS France itself; a merged one says who listed what.
_LISTS: Final = {
    "ess_list": (
        f"SELECT siren, min(family)::VARCHAR AS family, bool_or(coalesce({_says(ESS_FRANCE)}, true)) AS in_ess_list, "  # noqa: S608
        f"bool_or(coalesce({_says(ESUS)}, false)) AS esus, "
        + ", ".join(f"min({name_of(column)}) AS {name_of(column)}" for column in OF_UNITS)
        + f", min({_FLAG}) AS {name_of(FLAG)} FROM one WHERE {_SIREN} GROUP BY siren"
    ),
    "approvals": (
        'SELECT siren, lower("type") AS kind, commune, min(family)::VARCHAR AS family FROM one '  # noqa: S608
        f'WHERE "type" IS NOT NULL AND (siren IS NULL OR {_SIREN}) GROUP BY ALL'
    ),
}


def _bad_lines(base: duckdb.DuckDBPyConnection) -> tuple[int, tuple[int, ...]]:
    """How many lines DuckDB could not cut, and the first of them."""
    lines = base.execute("SELECT DISTINCT line FROM reject_errors ORDER BY line").fetchall()
    base.execute("DROP TABLE reject_errors")
    base.execute("DROP TABLE reject_scans")
    return len(lines), tuple(int(line) for (line,) in lines[:FIRST_LINES])

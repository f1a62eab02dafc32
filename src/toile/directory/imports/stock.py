"""Reading of the official SIRENE stock: DuckDB keeps the establishments of some communes, with their legal units."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import duckdb
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from . import stock_columns as official
from .stock_expressions import cleaned, expressions, is_until_2018, listed, required_of
from .stock_files import StockFile, WrongStock, name_of, open_stock_file, quoted, told_to_the_person

BATCH = 500

Values = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line of a CSV stock that does not have the columns of its header."""

    file: str
    line: int
    reason: str


class StockReading:
    """The rows kept from a stock, in batches of tuples sorted by SIRET, and what was learnt on the way.

    `columns` gives the order of each tuple: the establishment's official columns, then the unit's (without its SIREN),
    then `commune`, the present code. Values are text as INSEE writes it, or None (empty, hidden `[ND]`, column missing,
    unit missing). `missing` are the official columns asked and not found, by file. `read` counts the rows of the
    establishments file that have the right columns, `kept` those inside, `refused` the lines that could not be cut.
    """

    def __init__(
        self,
        base: duckdb.DuckDBPyConnection,
        columns: tuple[str, ...],
        missing: dict[str, list[str]],
        counts: tuple[int, int, int],
        refused: list[RefusedLine],
        held: ExitStack,
        batch: int,
    ) -> None:
        self._base = base
        self._held = held
        self._batch = batch
        self.columns = columns
        self.missing = missing
        self.read, self.kept, self.without_unit = counts
        self.refused = refused

    def __enter__(self) -> StockReading:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Drop the temporary tables and files."""
        self._held.close()

    def __iter__(self) -> Iterator[list[Values]]:
        unit = self.columns[len(official.ETABLISSEMENT_ASKED) : -1]
        asked = ", ".join(
            [f"kept.{name_of(column)}" for column in official.ETABLISSEMENT_ASKED]
            + [f"unit.{name_of(column)}" for column in unit]
            + ["kept.commune"]
        )
        cursor = self._base.cursor()
        cursor.execute(f"SELECT {asked} FROM kept LEFT JOIN unit USING (siren) ORDER BY kept.siret")  # noqa: S608
        while rows := cursor.fetchmany(self._batch):
            yield rows

    def dicts(self) -> Iterator[dict[str, str | None]]:
        """The same rows one by one, by column name."""
        for rows in self:
            for row in rows:
                yield dict(zip(self.columns, row, strict=True))


def read_stock(
    unites: Path | None,
    etablissements: Path,
    commune_codes: Mapping[str, str] | Iterable[str],
    *,
    batch: int = BATCH,
    memory_limit: str = "512MB",
    threads: int = 2,
) -> StockReading:
    """Filter a stock to some communes, in bounded memory, and join the legal units of what is kept.

    `commune_codes` are the codes looked for; as a mapping, each goes to the present commune it belongs to (old,
    associated and arrondissement codes, domain L3). `unites` is None for the layout used until 2018, where one file
    holds both. The files are official CSV (also zipped) or Parquet (domain L7). Close the reading, or use it in a
    `with`. Raises `WrongStock`, `UnreadableStock` or `TruncatedTable` before anything is given.
    """
    present = dict(commune_codes) if isinstance(commune_codes, Mapping) else {code: code for code in commune_codes}
    with ExitStack() as opened:
        workplace = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="toile-stock-")))
        config = {"memory_limit": memory_limit, "threads": threads, "temp_directory": str(workplace / "spill")}
        base = opened.enter_context(duckdb.connect(config=config))
        base.execute("SET preserve_insertion_order = false")
        reading = _Filtering(base, workplace, present).run(unites, etablissements)
        return StockReading(base, *reading, held=opened.pop_all(), batch=batch)


class _Filtering:
    """The three steps of a reading: keep the establishments, fetch their units, count what happened."""

    def __init__(self, base: duckdb.DuckDBPyConnection, workplace: Path, present: Mapping[str, str]) -> None:
        self.base = base
        self.workplace = workplace
        self.present = present
        self.missing: dict[str, list[str]] = {}
        self.refused: list[RefusedLine] = []

    def run(
        self, unites: Path | None, etablissements: Path
    ) -> tuple[tuple[str, ...], dict[str, list[str]], tuple[int, int, int], list[RefusedLine]]:
        establishment_file = open_stock_file(self.base, etablissements, self.workplace)
        asked = official.ETABLISSEMENT_ASKED
        known = self._known(establishment_file, asked, official.ETABLISSEMENT_REQUIRED, official.UNITE_LEGALE)
        unit_file = establishment_file
        if unites is None and not is_until_2018(establishment_file):
            raise WrongStock(_("Il manque le fichier des unités légales (StockUniteLegale)."))
        if unites is not None:
            unit_file = open_stock_file(self.base, unites, self.workplace)
        unit_asked = official.UNITE_LEGALE_ASKED
        unit_known = self._known(unit_file, unit_asked, official.UNITE_LEGALE_REQUIRED, official.ETABLISSEMENT)
        read = self._keep(establishment_file, known)
        self._fetch_units(unit_file, unit_known)
        kept, alone = self._row("SELECT count(*), count(*) FILTER (siren NOT IN (SELECT siren FROM unit)) FROM kept")
        return (*asked, *unit_asked[1:], "commune"), self.missing, (read, kept, alone), self.refused

    def _known(
        self, file: StockFile, asked: Sequence[str], required: Sequence[str], other: Sequence[str]
    ) -> dict[str, str]:
        """The SQL expression of each column asked that the file has; what it lacks is noted, or refused."""
        known = expressions(file, asked)
        required_of(file, known, required, other)
        self.missing[file.path.name] = self.missing.get(file.path.name, []) + [c for c in asked if c not in known]
        return known

    def _keep(self, file: StockFile, known: Mapping[str, str]) -> int:
        """Put into `kept` the establishments of the communes; returns how many rows the file has."""
        self.base.execute("CREATE TABLE present (code VARCHAR PRIMARY KEY, commune VARCHAR)")
        if self.present:
            self.base.executemany("INSERT INTO present VALUES (?, ?)", [list(pair) for pair in self.present.items()])
        code = known["codeCommuneEtablissement"]
        inside = f"{code} IN ({', '.join(quoted(each) for each in self.present) or 'NULL'})"
        if file.kind == "csv":
            # Every line passes here once: the sequence counts them, where a count apart would read the file twice.
            self.base.execute("CREATE SEQUENCE line_read")
            inside = f"CASE WHEN nextval('line_read') > 0 THEN {inside} END"
        source = f"SELECT {listed(official.ETABLISSEMENT_ASKED, known)} FROM {file.relation} WHERE {inside}"  # noqa: S608
        with told_to_the_person(file.path):
            self.base.execute(f"CREATE TABLE raw AS {source}")
        self.base.execute(
            f"CREATE TABLE kept AS SELECT {cleaned(official.ETABLISSEMENT_ASKED)}, commune "  # noqa: S608
            "FROM raw JOIN present ON code = codeCommuneEtablissement"
        )
        self.base.execute("DROP TABLE raw")
        return self._rows_read(file)

    def _rows_read(self, file: StockFile) -> int:
        if file.kind == "parquet":
            with told_to_the_person(file.path):
                return int(self._row(f"SELECT count(*) FROM {file.relation}")[0])  # noqa: S608 -- from its metadata
        self._collect_refused(file)
        return int(self._row("SELECT nextval('line_read') - 1")[0])

    def _fetch_units(self, file: StockFile, known: Mapping[str, str]) -> None:
        columns = listed(official.UNITE_LEGALE_ASKED, known)
        source = f"SELECT {columns} FROM {file.relation} WHERE {known['siren']} IN (SELECT siren FROM kept)"  # noqa: S608
        with told_to_the_person(file.path):
            self.base.execute(f"CREATE TABLE raw AS {source}")
        self.base.execute(
            f"CREATE TABLE unit AS SELECT {cleaned(official.UNITE_LEGALE_ASKED)} FROM raw "  # noqa: S608
            "QUALIFY row_number() OVER "
            "(PARTITION BY siren ORDER BY dateDernierTraitementUniteLegale DESC NULLS LAST) = 1"
        )
        self.base.execute("DROP TABLE raw")
        if file.kind == "csv":
            self._collect_refused(file)

    def _collect_refused(self, file: StockFile) -> None:
        found = self.base.execute(
            "SELECT line, any_value(error_type) FROM reject_errors GROUP BY line ORDER BY line LIMIT 5000"
        ).fetchall()
        for line, error in found:
            reason = _REASONS.get(str(error), gettext_noop("ligne illisible"))
            self.refused.append(RefusedLine(file.path.name, int(line), _(reason)))
        self.base.execute("DROP TABLE reject_errors")
        self.base.execute("DROP TABLE reject_scans")

    def _row(self, query: str) -> tuple[int, ...]:
        row = self.base.execute(query).fetchone()
        assert row is not None
        return row


_REASONS = {
    "MISSING COLUMNS": gettext_noop("trop peu de colonnes"),
    "TOO MANY COLUMNS": gettext_noop("trop de colonnes"),
    "UNQUOTED VALUE": gettext_noop("guillemet mal placé"),
    "LINE SIZE OVER MAXIMUM": gettext_noop("ligne démesurée"),
    "INVALID ENCODING": gettext_noop("caractères illisibles"),
}

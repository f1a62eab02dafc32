"""A SIRENE stock made up from a seed: official columns, valid identifiers, plausible shares, nothing real.

Every value is computed from `hash(row, question, seed)`, so that the files are the same whatever the number of
threads (DuckDB's `setseed` does not promise it). Employers and jobs are those of published totals (simulation.toml).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, NamedTuple

import duckdb

from toile.kernel.errors import UserError

from .simulate_staff import SLOTS, simulation, staffing
from .simulate_values import ETABLISSEMENT_VALUES, HISTORY_VALUES, MACROS, UNITE_LEGALE_VALUES
from .stock_columns import ETABLISSEMENT, HISTORY, UNITE_LEGALE

LARGEST = 50_000_000
COMMUNES_OF_FRANCE = 35_000


class Commune(NamedTuple):
    """A commune of the stock and its weight (its population will do); what is None is made up.

    profile: the one of simulation.toml whose totals it has, `here` for a territory rich in ESS, or `elsewhere`.
    """

    code: str
    weight: float
    name: str | None = None
    postal_code: str | None = None
    x: float | None = None  # Lambert-93 (EPSG:2154), metres
    y: float | None = None
    profile: str = "here"


@dataclass(frozen=True, slots=True)
class SimulatedStock:
    """The files written, and how many rows each holds; the history when it was asked."""

    unites: Path
    etablissements: Path
    unite_rows: int
    etablissement_rows: int
    history: Path | None = None
    history_rows: int = 0


def simulate_stock(
    directory: Path,
    rows: int,
    seed: int,
    communes: Iterable[Commune | tuple[str, float]] = (),
    format: Literal["parquet", "csv"] = "parquet",  # noqa: A002 -- the word of the command line
    *,
    alone: bool = False,
    history: bool = False,
    threads: int | None = None,
    memory_limit: str = "768MB",
) -> SimulatedStock:
    """Write `StockUniteLegale_utf8` and `StockEtablissement_utf8` with `rows` establishments into `directory`.

    `communes` keep their weights; where together they weigh less than France, made-up communes of other
    départements share the rest, unless they are to be `alone`. `history`: write `StockEtablissementHistorique_utf8`
    too, each period of each establishment. The same arguments give the same rows, in the same order.
    """
    if not 1 <= rows <= LARGEST:
        raise UserError(f"Un stock simulé compte de 1 à {LARGEST} établissements.")
    seed %= 1 << 31
    directory.mkdir(parents=True, exist_ok=True)
    unites = unit_count(rows)
    # The communes share this many slots in proportion to their weights; a small stock does with a coarser share.
    slots = 1 << (20 if rows > 100_000 else 16)
    stock = SimulatedStock(
        directory / f"StockUniteLegale_utf8.{format}",
        directory / f"StockEtablissement_utf8.{format}",
        unites,
        rows,
    )
    with duckdb.connect(config={"memory_limit": memory_limit, "temp_directory": str(directory)}) as base:
        # The communes stay the side that is hashed: the rows then come out in their own order, however many threads.
        base.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
        if threads:
            base.execute(f"SET threads = {int(threads)}")
        _declare(base, rows, unites, seed)
        _load_communes(base, [Commune(*commune) for commune in communes], seed, slots, alone=alone)
        _load_staff(base)
        # The seat of a unit has its number.
        seats, placed = (_placed(slots, count) for count in (unites, rows))
        _write(base, UNITE_LEGALE, UNITE_LEGALE_VALUES, seats, stock.unites, format)
        _write(base, ETABLISSEMENT, ETABLISSEMENT_VALUES, placed, stock.etablissements, format)
        if not history:
            return stock
        periods = directory / f"StockEtablissementHistorique_utf8.{format}"
        count = _write(base, HISTORY, HISTORY_VALUES, _PERIODS.format(placed=placed), periods, format)
        return replace(stock, history=periods, history_rows=count)


def real_size(inhabitants: float) -> int:
    """How many establishments the real stock has for a territory of so many inhabitants, open and shut."""
    known = simulation()
    return max(1, min(LARGEST, round(inhabitants * known.establishments / known.inhabitants)))


def unit_count(rows: int) -> int:
    """How many legal units `rows` establishments belong to: 72 % are seats, one for each unit."""
    return max(1, rows * 72 // 100)


def _declare(base: duckdb.DuckDBPyConnection, rows: int, unites: int, seed: int) -> None:
    """Define the questions asked of each row, for this seed and these sizes.

    The establishments after the seats are secondary ones: half of them alone beside their seat, three tenths by
    three, two tenths by fifty (from the last unit back); the groups share no unit, so that no NIC is given twice.
    """
    others = rows - unites
    alone, by_three = others // 2, others * 3 // 10
    for macro in MACROS:
        base.execute(macro.format(seed=seed, units=unites, alone=alone, by_three=by_three))


def _load_communes(
    base: duckdb.DuckDBPyConnection, communes: Sequence[Commune], seed: int, slots: int, *, alone: bool
) -> None:
    profiles = simulation().profiles
    base.execute(
        "CREATE TEMP TABLE given (code VARCHAR, weight DOUBLE, name VARCHAR, postal VARCHAR, x DOUBLE, y DOUBLE, "
        "profile BIGINT)"
    )
    if communes:
        rows = [(*commune[:-1], profiles.index(commune.profile)) for commune in communes]
        base.executemany("INSERT INTO given VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    rest = simulation().inhabitants - sum(commune.weight for commune in communes)
    if rest > 0 and not (alone and communes):
        elsewhere = profiles.index("elsewhere")
        base.execute(_ELSEWHERE.format(count=COMMUNES_OF_FRANCE, seed=seed, profile=elsewhere), [rest])
    base.execute(_COMMUNES.format(slots=slots))


def _load_staff(base: duckdb.DuckDBPyConnection) -> None:
    """The size class of every slot of every activity, for each profile."""
    activities = len(simulation().activities)
    classes = list(staffing(simulation()))
    columns = [
        [one.profile * activities + one.activity for one in classes],
        [one.code for one in classes],
        [one.first for one in classes],
        [one.after for one in classes],
    ]
    base.execute(_STAFF.format(staff=SLOTS), columns)


# Made-up communes, in the départements that were not given; a few are large, most are small.
_ELSEWHERE = """
INSERT INTO given
WITH department AS (
    SELECT CASE WHEN d = 20 THEN '2A' WHEN d = 96 THEN '2B' ELSE lpad(d::VARCHAR, 2, '0') END AS number
    FROM range(1, 97) AS t(d)
),
candidate AS (
    SELECT number || lpad(n::VARCHAR, 3, '0') AS code, 1 / (0.0004 + (hash(number, n, {seed}) % 10000) / 10000) AS size
    FROM department, range(1, 401) AS t(n)
    WHERE number NOT IN (SELECT left(code, 2) FROM given)
    ORDER BY n, number LIMIT {count}
)
SELECT code, ? * size / sum(size) OVER (), NULL, NULL, NULL, NULL, {profile} FROM candidate
"""

_COMMUNES = """
CREATE TEMP TABLE commune AS
WITH share AS (
    SELECT *, sum(weight) OVER (ORDER BY code) / sum(weight) OVER () AS upto FROM given WHERE weight > 0
),
bounds AS (
    SELECT *, round({slots} * coalesce(lag(upto) OVER (ORDER BY code), 0))::BIGINT AS first,
        round({slots} * upto)::BIGINT AS after
    FROM share
)
SELECT unnest(range(first, after))::UBIGINT AS slot, code,
    coalesce(name, 'COMMUNE ' || code) AS name,
    coalesce(postal, left(code, 2) || lpad(((hash(code) % 90) * 10)::VARCHAR, 3, '0')) AS postal,
    coalesce(x, 200000 + hash(code, 1) % 800000) AS x,
    coalesce(y, 6200000 + hash(code, 2) % 800000) AS y, profile
FROM bounds
"""

_STAFF = """
CREATE TEMP TABLE staff AS
WITH class AS (SELECT unnest(?) AS number, unnest(?) AS band, unnest(?) AS first, unnest(?) AS after)
SELECT (number * {staff} + unnest(range(first, after)))::UBIGINT AS drawn, band FROM class
"""

# Each establishment with its unit, the number behind its NIC, its commune, its size class and the days of its periods.
# The class is drawn from the high bits: the low ones of all questions on a row go together, and they gave the commune.
_PLACED = """
(SELECT place.*, commune.* EXCLUDE (slot),
    (ask(e, 6) >> 44) % {staff} + {staff} * (profile * {activities} + act) AS drawn
FROM (
    SELECT *, CASE WHEN chance(e, 65, 25) AND lived > 400
        THEN opened_on + 100 + ((ask(e, 66) % 1000)::BIGINT * (lived - 200) // 1000)::INTEGER END AS changed_on
    FROM (
        SELECT *, CASE WHEN end_day <= last_day() THEN end_day END AS ended_on,
            least(end_day, last_day()) - opened_on AS lived
        FROM (
            SELECT *, least(unit_end(u), opened_on + 30 + days_lived(e, 21, {years})) AS end_day
            FROM (
                SELECT *, opened(u, e, n) AS opened_on, hides(u, person) AS hidden, unit_end(u) <= last_day() AS ceased,
                    activity(u, kind) AS act, code(act) AS naf
                FROM (
                    SELECT *, form = '1000' AS person, kind_of(u, form) AS kind
                    FROM (SELECT *, category(u) AS form FROM (
                        SELECT e, unit_of(e) AS u, nic_of(e) AS n, ask(e, 20) % {slots} AS slot
                        FROM range({rows}) AS r(e)
                    ))
                )
            )
        )
    )
) AS place
JOIN commune ON place.slot = commune.slot)
JOIN staff USING (drawn)
"""


def _placed(slots: int, rows: int) -> str:
    """The source of `rows` establishments."""
    known = simulation()
    years = known.tables["life"]["place_years"]
    return _PLACED.format(slots=slots, rows=rows, staff=SLOTS, activities=len(known.activities), years=years)


# Each period of each establishment.
_PERIODS = """
(SELECT *, unnest(range(1, last + 1)) AS p FROM (
    SELECT *, len(starts) AS last FROM (
        SELECT *, list_filter([opened_on, changed_on, ended_on], lambda day: day IS NOT NULL) AS starts FROM {placed}
    )
))
"""


def _write(
    base: duckdb.DuckDBPyConnection,
    columns: Sequence[str],
    values: dict[str, str],
    source: str,
    path: Path,
    format: str,  # noqa: A002
) -> int:
    """Write one file, each official column from its expression, empty where none is declared; give its rows."""
    listed = ", ".join(f'{values.get(column, "NULL::VARCHAR")} AS "{column}"' for column in columns)
    options = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880" if format == "parquet" else "FORMAT csv, HEADER"
    target = str(path).replace("'", "''")
    base.execute(f"COPY (SELECT {listed} FROM {source}) TO '{target}' ({options})")  # noqa: S608 -- our own words
    (written,) = base.fetchone() or (0,)
    return int(written)

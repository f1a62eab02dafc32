"""What `bench/panorama.py` runs: a stock made, every EPCI computed by us, and by the best SQL we can write by hand."""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import django

django.setup()

import duckdb  # noqa: E402
import pyarrow as pa  # noqa: E402

from toile.directory.imports.simulate import simulate_stock  # noqa: E402
from toile.directory.rules.ess_parameters import ess_parameters  # noqa: E402
from toile.kernel.figures import Figure  # noqa: E402
from toile.panorama.computing import cube, engines  # noqa: E402
from toile.panorama.computing.cells import WITHOUT_COMMUNES  # noqa: E402
from toile.panorama.computing.run import Asked, cities, compute  # noqa: E402
from toile.panorama.rules.sectors import division_sectors  # noqa: E402

YEAR, EPCI, SEED = 2025, 1_250, 7
"""There are 1,254 EPCI in France; the communes of the made-up stock are shared out among as many."""

Told = dict[tuple[str, ...], tuple[float, ...]]


def files(folder: str) -> tuple[str, str]:
    """Where the two files are."""
    return f"{folder}/StockUniteLegale_utf8.parquet", f"{folder}/StockEtablissement_utf8.parquet"


def prepare(rows: str, folder: str) -> dict[str, list[float]]:
    """A stock, kept from one run to the next when its folder is."""
    if not all(Path(path).exists() for path in files(folder)):
        simulate_stock(Path(folder), int(rows), SEED)
    return {"rows": [float(rows)]}


@cache
def codes(folder: str) -> Mapping[str, str]:
    """Each commune code of the stock to its commune: three cities have arrondissements."""
    query = f"SELECT DISTINCT codeCommuneEtablissement FROM '{files(folder)[1]}' ORDER BY 1"
    return {code: cities().get(code, code) for (code,) in duckdb.sql(query).fetchall() if code}


@cache
def territories(folder: str) -> Mapping[str, frozenset[str] | None]:
    """Each EPCI with its communes, and France."""
    communes = sorted(set(codes(folder).values()))
    return {f"{200_000_000 + number}": frozenset(communes[number::EPCI]) for number in range(EPCI)} | {"france": None}


def ours(folder: str, engine: str = "duckdb") -> list[Figure]:
    """What the command line computes with `--all-epci`, secrecy left out: no query of SQL can tell it."""
    perimeters = territories(folder)
    asked = Asked(Path(folder), perimeters, YEAR, breakdowns=WITHOUT_COMMUNES, secrecy=False, engine=engine)  # type: ignore[arg-type]
    return compute(asked).figures


def told(figures: list[Figure]) -> Told:
    """What has a value, for comparison."""
    return {
        (figure.indicator, cell.perimeter, cell.family, cell.sector, cell.size): numbers(
            figure.low, figure.value, figure.high
        )
        for figure in figures
        if figure.value is not None
        for cell in (figure.cell,)
    }


def numbers(low: Decimal | float | None, value: Decimal | float, high: Decimal | float | None) -> tuple[float, ...]:
    """A figure for comparison: an exact one has no interval."""
    known = (value,) if low is None or high is None else (low, value, high)
    return tuple(round(float(one), 6) for one in known)


def by_hand(folder: str) -> list[tuple[Any, ...]]:
    """The same figures, `indicator, perimeter, family, sector, size, low, value, high`, by SQL alone."""
    units, places = files(folder)
    with TemporaryDirectory() as aside, closing(duckdb.connect(config=settings(aside))) as base:
        base.execute("SET preserve_insertion_order = false")
        of_commune = {commune: epci for epci, held in territories(folder).items() for commune in held or ()}
        rows = [(c, at) for c, commune in codes(folder).items() for at in (of_commune[commune], "france")]
        scopes = pa.table({"code": [row[0] for row in rows], "perimeter": [row[1] for row in rows]})
        divisions = pa.table(
            {
                "division": list(division_sectors()),
                "section": [one.section for one in division_sectors().values()],
                "sector": [one.ess for one in division_sectors().values()],
            }
        )
        base.register("given_scopes", scopes)
        base.register("given_divisions", divisions)
        base.register("given_bands", cube.size_classes())
        for statement in STATEMENTS:
            base.execute(statement.format(units=units, places=places, **words()))
        return base.sql(FIGURES).fetchall()


def settings(aside: str) -> dict[str, Any]:
    """The same means as our engine."""
    return {"memory_limit": engines.MEMORY, "threads": engines.threads(), "temp_directory": aside}


@cache
def words() -> dict[str, str]:
    """The lists of the verdict, as SQL."""
    parameters = ess_parameters(date(YEAR, 12, 31))

    def listed(codes: Any) -> str:
        return ", ".join(f"'{code}'" for code in codes)

    def starts(column: str, prefixes: Any) -> str:
        return " OR ".join(f"starts_with({column}, '{prefix}')" for prefix in prefixes)

    families: dict[str, list[str]] = {}
    for code, form in parameters.forms.items():
        if form.family:
            families.setdefault(form.family, []).append(code)
    return {
        "never": starts("category", parameters.never_prefixes),
        "kept": listed(code for code, form in parameters.forms.items() if form.treatment == "yes"),
        "left_out": starts("naf", parameters.excluded_naf["NAFRev2"]),
        "families": " ".join(f"WHEN category IN ({listed(codes)}) THEN '{name}'" for name, codes in families.items()),
        "unclear": listed(parameters.unclear_categories),
    }


STATEMENTS = (
    "CREATE TEMP TABLE scopes AS FROM given_scopes",
    "CREATE TEMP TABLE divisions AS FROM given_divisions",
    "CREATE TEMP TABLE bands AS FROM given_bands",
    """
    CREATE TEMP TABLE members AS
    WITH said AS (
        SELECT siren, categorieJuridiqueUniteLegale::VARCHAR AS category, activitePrincipaleUniteLegale AS naf,
            economieSocialeSolidaireUniteLegale AS flag, denominationUniteLegale AS name,
            coalesce(NOT ({never}) AND (flag = 'O' OR (category IN ({kept}) AND NOT ({left_out}))), false) AS ess,
            starts_with(category, '4') OR starts_with(category, '7') AS public
        FROM '{units}'
    )
    SELECT siren, ess, public, CASE WHEN NOT ess THEN '' {families}
        WHEN category IN ({unclear}) AND regexp_matches(name, '(?i)\\b(SCOP|SCIC|COOP)') THEN 'cooperative'
        WHEN category[1] IN ('5', '6') THEN 'societe_commerciale_ess' ELSE '' END AS family
    FROM said WHERE ess OR public
    """,
    """
    CREATE TEMP TABLE ess AS
    SELECT siren, codeCommuneEtablissement AS code, left(activitePrincipaleEtablissement, 2) AS division,
        trancheEffectifsEtablissement AS band, etablissementSiege AS seat, family
    FROM '{places}' JOIN (FROM members WHERE ess) USING (siren)
    WHERE etatAdministratifEtablissement = 'A'
    """,
    """
    CREATE TEMP TABLE seats AS
    SELECT siren, codeCommuneEtablissement AS code FROM '{places}'
    WHERE etablissementSiege AND siren IN (SELECT siren FROM ess JOIN bands USING (band) WHERE NOT seat AND low > 0)
    """,
    """
    CREATE TEMP TABLE located AS
    SELECT s.perimeter, siren, family, section, sector, coalesce(size, 'inconnue') AS size, coalesce(low, 0) AS low,
        coalesce(middle2, 0) AS middle2, coalesce(high, 0) AS high, coalesce(low > 0, false) AS employs,
        size IS NULL AS unsaid, employs AND (seat OR seats.code IS NOT NULL) AS seat_known,
        employs AND NOT seat AND seats.code IS NOT NULL AND there.code IS NULL AS away
    FROM ess JOIN scopes s USING (code) LEFT JOIN divisions USING (division) LEFT JOIN bands USING (band)
    LEFT JOIN seats USING (siren) LEFT JOIN scopes there ON there.code = seats.code AND there.perimeter = s.perimeter
    """,
    """
    CREATE TEMP TABLE everybody AS
    WITH counted AS (
        SELECT codeCommuneEtablissement AS code, left(activitePrincipaleEtablissement, 2) AS division,
            coalesce(public, false) AS public, sum(low) AS low, sum(middle2) AS middle2, sum(high) AS high
        FROM '{places}' JOIN (FROM bands WHERE low > 0) ON band = trancheEffectifsEtablissement
        LEFT JOIN (SELECT siren, public FROM members WHERE public) USING (siren)
        WHERE etatAdministratifEtablissement = 'A' GROUP BY ALL
    )
    SELECT perimeter, section, sector, sum(low) AS low, sum(middle2) AS middle2, sum(high) AS high,
        sum(low) FILTER (NOT public) AS plow, sum(middle2) FILTER (NOT public) AS pmiddle2,
        sum(high) FILTER (NOT public) AS phigh
    FROM counted JOIN scopes USING (code) LEFT JOIN divisions USING (division)
    GROUP BY GROUPING SETS ((perimeter), (perimeter, section), (perimeter, sector))
    HAVING grouping(section, sector) = 3 OR section IS NOT NULL OR sector IS NOT NULL
    """,
    """
    CREATE TEMP TABLE cells AS
    SELECT perimeter, family, coalesce(section, sector) AS sector, size, count(*) AS places,
        count(*) FILTER (employs) AS employers, count(DISTINCT siren) AS units, sum(low) AS low,
        sum(middle2) / 2 AS middle, sum(high) AS high,
        count(*) FILTER (family = 'association' AND NOT employs) AS alone,
        sum(seat_known::INT) AS known, sum(away::INT) AS away, bool_and(unsaid) AS unsaid
    FROM located
    GROUP BY GROUPING SETS (
        (perimeter), (perimeter, family), (perimeter, section), (perimeter, sector), (perimeter, size)
    )
    HAVING family IS DISTINCT FROM '' AND (grouping(section, sector) = 3 OR section IS NOT NULL OR sector IS NOT NULL)
    """,
    """
    CREATE TEMP TABLE shares AS
    SELECT c.perimeter, c.sector, public, c.low / (c.low + h - c.high) * 100 AS low, c.middle / m * 100 AS middle,
        c.high / (c.high + l - c.low) * 100 AS high
    FROM (FROM cells WHERE family IS NULL AND size IS NULL AND NOT unsaid) c
    JOIN (
        SELECT perimeter, coalesce(section, sector) AS sector, true AS public, low AS l, middle2 / 2 AS m, high AS h
        FROM everybody
        UNION ALL SELECT perimeter, coalesce(section, sector), false, plow, pmiddle2 / 2, phigh FROM everybody
    ) e ON e.perimeter = c.perimeter AND e.sector IS NOT DISTINCT FROM c.sector
    WHERE l > 0
    """,
    """
    CREATE TEMP TABLE top AS
    WITH unit AS (
        SELECT perimeter, siren, sum(low) AS low, sum(middle2) / 2 AS middle, sum(high) AS high
        FROM located WHERE employs GROUP BY ALL
    ),
    ranked AS (
        SELECT *, row_number() OVER (PARTITION BY perimeter ORDER BY middle DESC, low DESC, siren) <= 10 AS first,
            row_number() OVER (PARTITION BY perimeter ORDER BY high DESC, siren) <= 10 AS highest,
            row_number() OVER (PARTITION BY perimeter ORDER BY low DESC, siren) <= 10 AS lowest
        FROM unit
    )
    SELECT perimeter, sum(middle) FILTER (first) / sum(middle) * 100 AS middle,
        coalesce(sum(low) FILTER (first), 0) AS ll, coalesce(sum(high) FILTER (NOT first), 0) AS lh,
        coalesce(sum(high) FILTER (highest), 0) AS hh, coalesce(sum(low) FILTER (NOT lowest), 0) AS hl
    FROM ranked GROUP BY perimeter
    """,
)

FIGURES = """
SELECT 'establishments', perimeter, family, sector, size, NULL::DOUBLE, places::DOUBLE, NULL::DOUBLE FROM cells
UNION ALL SELECT 'employer_establishments', perimeter, family, sector, size, NULL, employers, NULL
    FROM cells WHERE NOT unsaid AND size IS DISTINCT FROM '0'
UNION ALL SELECT 'legal_units', perimeter, family, sector, size, NULL, units, NULL FROM cells WHERE size IS NULL
UNION ALL SELECT 'jobs', perimeter, family, sector, size, low, middle, high
    FROM cells WHERE NOT unsaid AND size IS DISTINCT FROM '0'
UNION ALL SELECT 'non_employer_associations', perimeter, family, sector, size, NULL, alone, NULL
    FROM cells WHERE size IS NULL AND family IS NULL
UNION ALL SELECT 'head_offices_elsewhere', perimeter, family, sector, size, NULL, 100 * away / known, NULL
    FROM cells WHERE size IS NULL AND known > 0
UNION ALL SELECT CASE WHEN public THEN 'share_of_employment' ELSE 'share_of_private_employment' END,
    perimeter, NULL, NULL, NULL, low, middle, high FROM shares WHERE sector IS NULL
UNION ALL SELECT 'location_quotient', h.perimeter, NULL, h.sector, NULL, h.low / t.high, h.middle / t.middle,
    h.high / t.low
    FROM shares h JOIN shares t ON h.sector IS NOT DISTINCT FROM t.sector AND t.perimeter = 'france' AND t.public
    WHERE h.public AND h.perimeter <> 'france' AND t.low > 0
UNION ALL SELECT 'concentration', perimeter, NULL, NULL, NULL, ll / (ll + lh) * 100, middle, hh / (hh + hl) * 100
    FROM top
"""


def compare(folder: str) -> dict[str, list[float]]:
    """Raise unless each figure that SQL gives by hand is ours; beside them, we only tell what is zero or not known."""
    found = told(ours(folder))
    expected = {tuple(word or "" for word in row[:5]): numbers(*row[5:]) for row in by_hand(folder)}
    for key, value in expected.items():
        given = found.get(key)
        if given is None or any(abs(a - b) > 1e-5 * max(1, abs(b)) for a, b in zip(given, value, strict=True)):
            raise RuntimeError(f"{key}: {given} here, {value} by hand")
    if any(any(value) for key, value in found.items() if key not in expected):
        raise RuntimeError("a figure is not found by hand")
    return {"figures": [float(len(found))], "by_hand": [float(len(expected))]}


def times(rounds: str, folder: str) -> dict[str, list[float]]:
    """Both in turns, in this process; a first round of each warms up."""
    seconds: dict[str, list[float]] = {"ours": [], "bare": []}
    for number in range(int(rounds) + 1):
        for name, run in (("ours", ours), ("bare", by_hand)):
            gc.collect()
            start = time.perf_counter()
            run(folder)
            if number:
                seconds[name].append(time.perf_counter() - start)
    return seconds


def alone(folder: str) -> dict[str, list[float]]:
    """Ours, once, in a process of its own: its time, and the peak of the process, DuckDB's included."""
    start = time.perf_counter()
    ours(folder)
    spent = time.perf_counter() - start
    return {"seconds": [spent], "peak": [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024]}


def spark(folder: str) -> dict[str, list[float]]:
    """The same on Spark, here; its time, its session's start included."""
    start = time.perf_counter()
    found = ours(folder, "spark")
    spent = time.perf_counter() - start
    if told(found) != told(ours(folder)):
        raise RuntimeError("Spark does not find the same figures")
    return {"seconds": [spent]}


if __name__ == "__main__":
    commands: dict[str, Callable[..., Any]] = {
        "prepare": prepare,
        "compare": compare,
        "times": times,
        "alone": alone,
        "spark": spark,
    }
    print(json.dumps(commands[sys.argv[1]](*sys.argv[2:])))

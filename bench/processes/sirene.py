"""What `bench/sirene.py` runs: the stock and the territory made, the stock filtered, imported whole, and written."""

from __future__ import annotations

import csv
import gc
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import django

django.setup()

import duckdb  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from pyproj import Transformer  # noqa: E402

from toile.demo.services import COMMUNES, EPCI  # noqa: E402
from toile.directory import contexts  # noqa: E402
from toile.directory.commands import import_sirene  # noqa: E402
from toile.directory.imports import engine, sirene  # noqa: E402
from toile.directory.imports import stock_columns as official  # noqa: E402
from toile.directory.imports.simulate import Commune, simulate_stock  # noqa: E402
from toile.directory.imports.stock import Values, read_stock  # noqa: E402
from toile.directory.models import (  # noqa: E402
    Approval,
    Establishment,
    Organisation,
    OrganisationActivity,
    SourceRecord,
)
from toile.kernel.acts import Actor, act  # noqa: E402
from toile.territory.queries import scope  # noqa: E402
from toile.territory.services import load_communes_csv, set_home  # noqa: E402

ACTOR = Actor.system("bench")
TABLES: tuple[type[models.Model], ...] = (Organisation, Establishment, SourceRecord, OrganisationActivity, Approval)
KEPT_LIKE_READ_STOCK = {"memory_limit": "512MB", "threads": 2}


def _files(folder: str) -> tuple[Path, Path]:
    return Path(folder) / "StockUniteLegale_utf8.parquet", Path(folder) / "StockEtablissement_utf8.parquet"


def prepare(rows: str, seed: str, folder: str) -> dict[str, list[float]]:
    """The demo's territory in the database, and a stock whose communes have their real weights."""
    with act(ACTOR):
        load_communes_csv(ACTOR, COMMUNES, EPCI)
        set_home(ACTOR, EPCI.siren, name=EPCI.name)
    if all(path.exists() for path in _files(folder)):
        return {"seconds": [0]}
    to_lambert = Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True)
    with COMMUNES.open(encoding="utf-8") as file:
        communes = [
            Commune(
                row["code_insee"],
                float(row["population"]),
                row["nom"].upper(),
                row["codes_postaux"].split("|")[0],
                *to_lambert.transform(float(row["lon"]), float(row["lat"])),
            )
            for row in csv.DictReader(file)
        ]
    start = time.perf_counter()
    simulate_stock(Path(folder), int(rows), int(seed), communes)
    return {"seconds": [time.perf_counter() - start]}


def _filtered(folder: str) -> list[Values]:
    with read_stock(*_files(folder), sorted(scope(EPCI.siren).communes)) as stock:
        return [row for batch in stock for row in batch]


def _queried(folder: str) -> list[Values]:
    """The same rows by one query: `[ND]` and blanks are nothing, the commune comes last, sorted by SIRET."""

    def cleaned(table: str, column: str) -> str:
        return f"nullif(nullif(trim({table}.\"{column}\"::VARCHAR), ''), '[ND]')"

    unites, etablissements = _files(folder)
    codes = ", ".join(f"'{code}'" for code in sorted(scope(EPCI.siren).communes))
    listed = ", ".join(
        [cleaned("e", column) for column in official.ETABLISSEMENT_ASKED]
        + [cleaned("u", column) for column in official.UNITE_LEGALE_ASKED[1:]]
        + ["e.codeCommuneEtablissement"]
    )
    query = (
        f"SELECT {listed} FROM '{etablissements}' e LEFT JOIN '{unites}' u USING (siren) "
        f"WHERE e.codeCommuneEtablissement IN ({codes}) ORDER BY e.siret"
    )
    with closing(duckdb.connect(config=KEPT_LIKE_READ_STOCK)) as base:
        base.execute("SET preserve_insertion_order = false")
        return base.execute(query).fetchall()


def filter_stock(rounds: str, folder: str) -> dict[str, list[float]]:
    if _filtered(folder) != _queried(folder):
        raise RuntimeError("the bare query does not give the same rows")
    return _in_turns(int(rounds), partial(_filtered, folder), partial(_queried, folder))


def whole(folder: str) -> dict[str, list[float]]:
    """The import as the command runs it; the peak is the process's, DuckDB's included."""
    report = import_sirene(*_files(folder), perimeter=EPCI.siren)
    if report.created < 1000 or report.refused_count:
        raise RuntimeError(f"the import is not the one to measure: {report}")
    return {"peak": [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024]}


@dataclass
class _Read:
    """A stock already read by DuckDB."""

    columns: tuple[str, ...]
    batches: list[list[Values]]

    def __iter__(self) -> Iterator[list[Values]]:
        return iter(self.batches)


def write(rounds: str, folder: str) -> dict[str, list[float]]:
    """Everything after DuckDB's rows until all is committed, against the same rows, ready made, in bulk."""
    with read_stock(*_files(folder), sorted(scope(EPCI.siren).communes)) as stock:
        read = _Read(stock.columns, list(stock))

    def imported() -> float:
        with _emptied():
            context = contexts.current()
            start = time.perf_counter()
            report = engine.import_rows(ACTOR, sirene.prepared_rows(read), source="sirene", context=context)
            spent = time.perf_counter() - start
            if report.created < 1000:
                raise RuntimeError(f"nothing was written: {report}")
            return spent

    def bulk() -> float:
        with _emptied():
            start = time.perf_counter()
            with transaction.atomic():
                for model, rows in ready:
                    model.objects.bulk_create(rows)
            return time.perf_counter() - start

    imported()
    ready = [(model, list(model.objects.all())) for model in TABLES]
    pairs = []
    for _ in range(int(rounds)):
        pairs.append((imported(), bulk()))
    return {"ours": [ours for ours, _ in pairs], "bare": [bare for _, bare in pairs]}


@contextmanager
def _emptied() -> Iterator[None]:
    """The database as `prepare` left it; garbage of the other side is not collected in this one's time."""
    with transaction.atomic(), connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for model in reversed(TABLES):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    gc.collect()
    yield


def _in_turns(rounds: int, ours: Callable[[], Any], bare: Callable[[], Any]) -> dict[str, list[float]]:
    """Both in turns, after the warming that the comparison of their rows made."""
    seconds: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(rounds):
        for name, run in (("ours", ours), ("bare", bare)):
            gc.collect()
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
    return seconds


if __name__ == "__main__":
    commands: dict[str, Callable[..., Any]] = {
        "prepare": prepare,
        "filter": filter_stock,
        "whole": whole,
        "write": write,
    }
    print(json.dumps(commands[sys.argv[1]](*sys.argv[2:])))

"""Where the queries run: DuckDB inside this process, or Apache Spark, here or on a cluster."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Literal

import ibis
import pyarrow as pa
from ibis.expr import operations as ops
from ibis.expr import types as ir

from toile.kernel.errors import UserError

Engine = Literal["duckdb", "spark"]

MEMORY: Final = "768MB"
THREADS: Final = 4
HERE: Final = "local[*]"
LOOPBACK: Final = "127.0.0.1"

# The text of a query then reads step by step, as it was written; engines run it just the same.
ibis.options.sql.fuse_selects = False


class EngineMissing(UserError):
    """The engine asked for is not installed, or does not answer."""


@dataclass(frozen=True, slots=True)
class DuckDb:
    """DuckDB in this process: what is kept is a temporary table, written aside beyond the memory allowed."""

    connection: Any

    def keep(self, name: str, table: ir.Table, text: str = "") -> ir.Table:
        """Compute a table once, under a name, for those that are computed from it; text: it, already compiled."""
        if not text or table.op().find(ops.InMemoryTable):
            return self.connection.create_table(name, table, temp=True)
        self.connection.con.execute(f'CREATE TEMP TABLE "{name}" AS {text}')
        return self.connection.table(name)

    def declare(self, name: str, rows: pa.Table) -> ir.Table:
        """A small table of ours, under the name that queries give it."""
        return self.connection.create_table(name, ibis.memtable(rows), temp=True)

    def fetch(self, table: ir.Table, text: str = "") -> pa.Table:
        """The rows of a query; text: the same, already compiled for DuckDB, when it reads kept tables only."""
        return self.connection.con.sql(text).to_arrow_table() if text else self.connection.to_pyarrow(table)

    def table(self, name: str) -> ir.Table:
        """What was kept or declared under a name."""
        return self.connection.table(name)


@dataclass(frozen=True, slots=True)
class Spark:
    """A Spark session: what is kept is spread over the workers' memories, then their disks."""

    connection: Any
    session: Any

    def keep(self, name: str, table: ir.Table, text: str = "") -> ir.Table:
        """As `DuckDb.keep`; the text for DuckDB is of no use here."""
        frame = self.session.sql(self.connection.compile(table)).cache()
        frame.createOrReplaceTempView(name)
        return self.connection.table(name)

    def declare(self, name: str, rows: pa.Table) -> ir.Table:
        """As `DuckDb.declare`."""
        self.session.createDataFrame(rows).createOrReplaceTempView(name)
        return self.connection.table(name)

    def fetch(self, table: ir.Table, text: str = "") -> pa.Table:
        """As `DuckDb.fetch`; the text for DuckDB is of no use here."""
        return self.session.sql(self.connection.compile(table)).toArrow()

    def table(self, name: str) -> ir.Table:
        """What was kept or declared under a name."""
        return self.connection.table(name)


Running = DuckDb | Spark


@contextmanager
def engine(name: Engine = "duckdb", master: str | None = None, *, memory: str = MEMORY) -> Iterator[Running]:
    """An engine that runs, closed at the end with what it wrote aside.

    master: the address of a Spark cluster; its workers must read the same paths. memory: what DuckDB keeps before it
    writes aside. Raises `EngineMissing` with what to install.
    """
    with tempfile.TemporaryDirectory(prefix="toile-engine-") as workplace:
        opened = _duckdb(Path(workplace), memory) if name == "duckdb" else _spark(Path(workplace), master or HERE)
        with opened as running:
            yield running


def threads() -> int:
    """How many threads DuckDB works with here."""
    return min(THREADS, os.cpu_count() or 1)


@contextmanager
def _duckdb(workplace: Path, memory: str) -> Iterator[DuckDb]:
    connection = ibis.duckdb.connect(
        memory_limit=memory,
        threads=threads(),
        temp_directory=str(workplace / "spill"),
        preserve_insertion_order=False,
    )
    try:
        yield DuckDb(connection)
    finally:
        connection.disconnect()


@contextmanager
def _spark(workplace: Path, master: str) -> Iterator[Spark]:
    _require_spark()
    from pyspark.errors import PySparkException  # noqa: PLC0415 -- an extra, and a second to import
    from pyspark.errors.exceptions.base import PySparkRuntimeError  # noqa: PLC0415 -- as above
    from pyspark.sql import SparkSession  # noqa: PLC0415 -- as above

    settings = {
        "spark.app.name": "Toile",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.sql.warehouse.dir": str(workplace / "warehouse"),
        "spark.local.dir": str(workplace / "spill"),
        "spark.driver.extraJavaOptions": f"-Dderby.system.home={workplace}",
        "spark.sql.session.timeZone": "UTC",
    }
    if master.startswith("local"):
        # Nothing of a local run is to be reached from elsewhere, and small data need few parts.
        settings |= {
            "spark.driver.host": LOOPBACK,
            "spark.driver.bindAddress": LOOPBACK,
            "spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 1)),
        }
    with warnings.catch_warnings():
        # pyspark and its Java bridge warn of their own coming versions, and of sockets that the JVM closes.
        warnings.simplefilter("ignore")
        builder = SparkSession.builder.master(master)
        for key, value in settings.items():
            builder = builder.config(key, value)
        try:
            session = builder.getOrCreate()
        except (PySparkRuntimeError, PySparkException, OSError) as error:
            raise EngineMissing(f"Spark ne répond pas ({master}) : {str(error).splitlines()[0]}") from None
        try:
            yield Spark(ibis.pyspark.connect(session), session)
        finally:
            session.stop()


def _require_spark() -> None:
    if find_spec("pyspark") is None:
        raise EngineMissing(
            "Spark n’est pas installé : installez l’extra (`pip install 'toile[spark]'`), ou gardez --engine duckdb."
        )
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise EngineMissing("Spark a besoin de Java 17 ou plus, que l’on ne trouve pas ici (ni `java`, ni JAVA_HOME).")

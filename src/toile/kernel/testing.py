"""A database of their own for tests and measures that need several processes."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import LiteralString

import psycopg
from psycopg import sql

SERVER = os.environ.get("TOILE_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


@dataclass(frozen=True, slots=True)
class OwnDatabase:
    """A migrated database. engine: `sqlite` or `postgresql`. environment: what a process needs to use it."""

    engine: str
    environment: dict[str, str]

    def start(self, script: Path, *arguments: str) -> subprocess.Popen[str]:
        """Run a Python file against this database; its output is read from `stdout`."""
        command = [sys.executable, str(script), *arguments]
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True)  # noqa: S603 -- our own

    def run(self, script: Path, *arguments: str) -> str:
        """Run a Python file to its end; its output. A failure raises, its error having been shown."""
        with self.start(script, *arguments) as process:
            output, _ = process.communicate()
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, process.args, output)
        return output


def meet(name: str, number: int, of: int = 2, seconds: float = 60) -> None:
    """Wait until `of` processes of one OwnDatabase have called this with their own name and the same number.

    Writers that meet every few acts do write at the same time, however busy the machine.
    """
    place = Path(os.environ["TOILE_VAR"]) / f"meeting-{number}"
    place.mkdir(exist_ok=True)
    (place / name).touch()
    until = time.monotonic() + seconds
    while len(list(place.iterdir())) < of:
        if time.monotonic() > until:
            raise TimeoutError(f"{name} waited alone for {seconds} s")
        time.sleep(0.001)


def postgresql_answers() -> bool:
    """Whether the server of TOILE_TEST_POSTGRES answers."""
    try:
        psycopg.connect(SERVER, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def own_database(engine: str) -> Iterator[OwnDatabase]:
    """An empty database of `engine` with all its tables, gone at the end."""
    with TemporaryDirectory(prefix="toile-") as folder, _copied(engine, Path(folder)) as address:
        yield OwnDatabase(engine, _environment(address, Path(folder)))


def _environment(address: str, folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": address,
        "TOILE_VAR": str(folder),
        "TOILE_SEARCH": str(folder / "search"),
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "toile.config.settings"),
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }


@contextmanager
def _copied(engine: str, folder: Path) -> Iterator[str]:
    """The address of a copy of the model: to migrate each one would take most of the tests' time."""
    model = _model(engine)
    if engine == "sqlite":
        file = folder / "toile.sqlite3"
        shutil.copy(model, file)
        yield f"sqlite:///{file}"
        return
    name = f"test_toile_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        server.execute(create.format(sql.Identifier(name), sql.Identifier(model)))
        try:
            yield _on_the_server(name)
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@cache
def _model(engine: str) -> str:
    """The file, or the name, of a database whose tables are made once for this process, and gone when it ends."""
    held = TemporaryDirectory(prefix="toile-")
    atexit.register(held.cleanup)
    if engine == "sqlite":
        model = str(Path(held.name) / "toile.sqlite3")
        address = f"sqlite:///{model}"
    else:
        model = f"test_toile_{uuid.uuid4().hex[:12]}"
        address = _on_the_server(model)
        _tell_server("CREATE DATABASE {}", model)
        atexit.register(_tell_server, "DROP DATABASE {} WITH (FORCE)", model)
    command = [sys.executable, "-m", "django", "migrate", "--verbosity=0", "--skip-checks"]
    subprocess.run(command, env=_environment(address, Path(held.name)), check=True)  # noqa: S603 -- our own command
    return model


def _on_the_server(name: str) -> str:
    return SERVER.rpartition("/")[0] + f"/{name}"


def _tell_server(order: LiteralString, name: str) -> None:
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(sql.SQL(order).format(sql.Identifier(name)))

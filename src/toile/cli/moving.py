"""The rows of one database put into another, of the other engine: what a portable backup holds, and its way back."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from urllib.parse import quote

from toile.kernel.errors import UserError

AT_ONCE = 1000
BESIDE = "beside"
"""The alias of the database that is not the one the site reads."""

RESTORED = "toile_restored"
"""The schema of PostgreSQL that is filled first, then takes the place of the one that the site reads."""


def write_portable(target: Path) -> None:
    """Write every row of this database into a new SQLite file, which either engine takes back."""
    address = f"sqlite:///{target}"
    _make_tables(address)
    with _beside(address):
        _copy("default", BESIDE)


def load_portable(source: Path) -> None:
    """Put the rows of a portable file in the place of those of this PostgreSQL database, all of them or none.

    The file is first brought to this version's tables. Raises `UserError` where the schema holds extensions: taking its
    place would take them away.
    """
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        (schema,) = cursor.fetchone()
        cursor.execute(
            "SELECT extname FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace WHERE nspname = %s", [schema]
        )
        if extensions := [name for (name,) in cursor.fetchall()]:
            raise UserError(
                f"Le schéma « {schema} » contient des extensions ({', '.join(extensions)}) : "
                "restaurez dans une base créée pour Toile."
            )
        cursor.execute(f"DROP SCHEMA IF EXISTS {RESTORED} CASCADE")
        cursor.execute(f"CREATE SCHEMA {RESTORED}")
    kept, filled = f"sqlite:///{source}", _with_schema(os.environ["DATABASE_URL"], RESTORED)
    _make_tables(kept)
    _make_tables(filled)
    with _beside(kept), _beside(filled, alias=RESTORED):
        _copy(BESIDE, RESTORED)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {connection.ops.quote_name(schema)} CASCADE")
        cursor.execute(f"ALTER SCHEMA {RESTORED} RENAME TO {connection.ops.quote_name(schema)}")
    connection.close()


def _with_schema(address: str, schema: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}options={quote(f'-c search_path={schema}')}"


def _make_tables(address: str) -> None:
    """Bring a database to this version, in a process of its own: migrations know only « default »."""
    done = subprocess.run(
        [sys.executable, "-m", "toile", "manage", "migrate", "--verbosity=0"],
        env=os.environ | {"DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise UserError(f"Les tables n’ont pas pu être faites : {done.stderr.strip()[-1000:]}")


@contextmanager
def _beside(address: str, alias: str = BESIDE) -> Iterator[None]:
    """Another database open under an alias."""
    import dj_database_url
    from django.db import connections

    settings = connections.configure_settings({"default": {}, alias: dict(dj_database_url.parse(address))})
    connections.settings[alias] = settings[alias]
    try:
        yield
    finally:
        connections[alias].close()
        del connections[alias], connections.settings[alias]


def _copy(source: str, target: str) -> None:
    """Every row of every table, in one transaction; foreign keys are checked at its end."""
    from django.apps import apps
    from django.core.management.color import no_style
    from django.db import connections, transaction

    tables = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    with transaction.atomic(using=source), transaction.atomic(using=target):
        if connections[source].vendor == "postgresql":
            with connections[source].cursor() as cursor:  # the site stays open: every table as of one moment
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for model in tables:
            # What migrations wrote there comes with the rows of the source.
            model._base_manager.using(target)._raw_delete(target)
        for model in tables:
            rows = model._base_manager.using(source).order_by("pk").iterator(AT_ONCE)
            while batch := list(islice(rows, AT_ONCE)):
                model._base_manager.using(target).bulk_create(batch)
        with connections[target].cursor() as cursor:
            for statement in connections[target].ops.sequence_reset_sql(no_style(), tables):
                cursor.execute(statement)

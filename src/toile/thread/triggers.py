"""Append-only by triggers, on both databases: nobody changes or deletes a fact, not even by a slip."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

TABLES = ("thread_fact", "thread_factabout")
IDENTITY = {
    "thread_fact": "id = NEW.id",
    "thread_factabout": "id = NEW.id OR (fact_id = NEW.fact_id AND place = NEW.place)",
}


def _sqlite(table: str) -> list[str]:
    refused = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_update BEFORE UPDATE ON {table} {refused}",
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_delete BEFORE DELETE ON {table} {refused}",
        # INSERT OR REPLACE deletes the row in its way without firing the trigger above.
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608 -- declared above
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {IDENTITY[table]}) {refused}",
    ]


def _postgresql(table: str) -> list[str]:
    return [
        "CREATE OR REPLACE FUNCTION thread_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; END $$",
        f"CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION thread_append_only()",
        f"CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION thread_append_only()",
    ]


def names(table: str) -> list[str]:
    """The trigger names of one table on this database."""
    if connection.vendor == "postgresql":
        return [f"{table}_append_only", f"{table}_no_truncate"]
    return [f"{table}_no_update", f"{table}_no_delete", f"{table}_no_replace"]


def install(**kwargs: object) -> None:
    """(Re)install the triggers; runs after every migration, since SQLite's table remakes drop them silently."""
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for table in TABLES:
            if table in tables:
                for statement in (_postgresql if connection.vendor == "postgresql" else _sqlite)(table):
                    cursor.execute(statement, [] if connection.vendor == "postgresql" else None)


def missing() -> list[str]:
    """The names of the triggers that should be there and are not; `toile doctor` prints them."""
    wanted = {name for table in TABLES for name in names(table)}
    if connection.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        return sorted(wanted - {row[0] for row in cursor.fetchall()})


@contextmanager
def lifted() -> Iterator[None]:
    """Without the triggers, for the tests' flush only."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for name in names(table):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
    try:
        yield
    finally:
        install()

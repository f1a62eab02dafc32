"""How a command wakes Django (late, so that `toile --help` answers at once) and finds its database ready."""

from __future__ import annotations

import os

from toile.kernel.errors import UserError


def boot(*, demo: bool = False) -> None:
    """Load the settings and the rooms. With `demo`, this process and its children serve the demonstration."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toile.config.settings")
    if demo:
        os.environ["TOILE_DEMO"] = "1"
    import django

    django.setup()


def boot_with_database() -> None:
    """Boot, for a command that reads or writes the tables: a database that is not ready is said, not a traceback."""
    boot()
    from django.db import OperationalError

    try:
        waiting = waiting_migrations()
    except OperationalError as error:
        raise UserError(f"La base ne répond pas : {error}. `toile doctor` dit quoi vérifier.") from None
    if waiting:
        raise UserError("La base n’est pas prête : commencez par `toile init --epci CODE` (ou `toile manage migrate`).")


def waiting_migrations() -> int:
    """How many migrations of this version the database does not have yet."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))

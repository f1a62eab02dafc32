"""`toile manage …`: Django's own commands, with Toile's settings."""

from __future__ import annotations

import sys

import typer


def manage(context: typer.Context) -> None:
    """Passe la main aux commandes de Django (migrate, createsuperuser, dbshell…).

    Exemples : `toile manage migrate`, `toile manage help`.
    """
    from toile.cli.boot import boot

    boot()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["toile manage", *context.args])
    sys.exit(0)

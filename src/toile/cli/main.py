"""The command `toile` and its sub-commands, each in a module of its own."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer import rich_utils
from typer.core import TyperGroup

from toile import __version__
from toile.cli import (
    backups,
    console,
    directory,
    doctor,
    exports,
    finance,
    followup,
    imports,
    index,
    manage,
    panorama,
    pathway,
    retention,
    search,
    serving,
    simulate,
    survival,
    territory,
)
from toile.kernel.errors import UserError


class ToileGroup(TyperGroup):
    """Turns an error that a person can cause into its sentence and the exit status 2; the others stay loud."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except UserError as error:
            console.err.print(f"[bold red]Erreur :[/] {error.message}", soft_wrap=True)
            raise typer.Exit(2) from None


app = typer.Typer(
    cls=ToileGroup,
    name="toile",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "**Tissez votre toile ESS !** La plateforme d’un territoire : qui y est, où, et ce qui s’y passe.\n\n"
        "Pour voir : `toile demo`. Pour votre territoire : `toile init --epci CODE`, puis "
        "`toile import …`, puis `toile serve`. Si quelque chose ne va pas : `toile doctor`."
    ),
)

rich_utils.COMMANDS_PANEL_TITLE = "Commandes"
rich_utils.ERRORS_PANEL_TITLE = "Erreur"

RUN, DATA, CARE = "Servir", "Le territoire et ses structures", "Entretenir"
app.command("demo", rich_help_panel=RUN)(serving.demo)
app.command("serve", rich_help_panel=RUN)(serving.serve)
app.command("worker", rich_help_panel=RUN)(serving.worker)
app.command("indexer", hidden=True)(serving.indexer)
app.command("init", rich_help_panel=DATA)(territory.init)
app.add_typer(imports.app, name="import", rich_help_panel=DATA)
app.command("export", rich_help_panel=DATA)(exports.export)
app.command("search", rich_help_panel=DATA)(search.search)
app.add_typer(directory.app, name="directory", rich_help_panel=DATA)
app.add_typer(panorama.app, name="panorama", rich_help_panel=DATA)
app.add_typer(pathway.app, name="pathway", rich_help_panel=DATA)
app.add_typer(finance.app, name="finance", rich_help_panel=DATA)
app.add_typer(followup.app, name="followup", rich_help_panel=DATA)
app.command("survival", rich_help_panel=DATA)(survival.survival)
app.add_typer(simulate.app, name="simulate", rich_help_panel=DATA)
app.command("backup", rich_help_panel=CARE)(backups.backup)
app.command("restore", rich_help_panel=CARE)(backups.restore)
app.add_typer(index.app, name="index", rich_help_panel=CARE)
app.command("retention", rich_help_panel=CARE)(retention.retention)
app.command("doctor", rich_help_panel=CARE)(doctor.doctor)
app.command(
    "manage",
    rich_help_panel=CARE,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
)(manage.manage)


def _version(asked: bool) -> None:
    if asked:
        console.out.print(f"toile {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Dit la version et s’arrête.")
    ] = False,
) -> None:
    """Hold the options common to all commands."""

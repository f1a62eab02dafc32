"""`toile import …`: lists of structures in, each row accounted for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from toile.cli.boot import boot_with_database
from toile.cli.console import advancing, err, out
from toile.kernel.typography import french_number, plural_form

if TYPE_CHECKING:
    from toile.directory.imports.report import Report

app = typer.Typer(
    no_args_is_help=True,
    help=(
        "Fait entrer des listes de structures.\n\n"
        "Chaque ligne est comptée une fois : créée, mise à jour, inchangée, à vérifier, hors périmètre ou refusée "
        "(avec sa raison). Importer deux fois la même liste ne change rien ; une ligne refusée n’empêche pas les "
        "autres."
    ),
)

Source = Annotated[Path, typer.Argument(metavar="FICHIER", exists=True, dir_okay=False, readable=True)]
Perimeter = Annotated[
    str | None,
    typer.Option(
        "--perimetre", metavar="CODE", help="N’importer que ce territoire : code EPCI, commune ou périmètre nommé."
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Tout lire et compter, ne rien écrire.")]
ReportPath = Annotated[
    Path | None,
    typer.Option(
        "--report", metavar="FICHIER.json", dir_okay=False, help="Écrire le compte rendu, avec chaque ligne refusée."
    ),
]
COUNTS = (
    ("read", "lignes lues"),
    ("created", "créées"),
    ("updated", "mises à jour"),
    ("unchanged", "inchangées"),
    ("to_check", "à vérifier"),
    ("outside", "hors périmètre"),
    ("refused_count", "refusées"),
)
SHOWN_REFUSALS = 10


@app.command("sirene")
def sirene(
    units: Annotated[
        Path, typer.Option("--unites", metavar="FICHIER", exists=True, dir_okay=False, help="StockUniteLegale.")
    ],
    establishments: Annotated[
        Path,
        typer.Option("--etablissements", metavar="FICHIER", exists=True, dir_okay=False, help="StockEtablissement."),
    ],
    perimeter: Annotated[
        str, typer.Option("--perimetre", metavar="CODE", help="Code EPCI, commune ou périmètre nommé.")
    ],
    dry_run: DryRun = False,
    report: ReportPath = None,
) -> None:
    """Les fichiers stock de l’INSEE, filtrés sur un territoire sans les charger en mémoire.

    CSV (zippé ou non) ou Parquet, tels que publiés chaque mois sur data.gouv.fr.

    Exemple : `toile import sirene --unites StockUniteLegale_utf8.zip --etablissements StockEtablissement_utf8.parquet
    --perimetre 244200770`
    """
    boot_with_database()
    from toile.directory import commands

    _run(
        "SIRENE",
        dry_run,
        lambda advance: commands.import_sirene(
            units, establishments, perimeter=perimeter, dry_run=dry_run, report_path=report, progress=advance
        ),
    )


@app.command("siae")
def siae(path: Source, perimeter: Perimeter = None, dry_run: DryRun = False, report: ReportPath = None) -> None:
    """La liste des structures de l’insertion (SIAE) du marché de l’inclusion.

    Exemple : `toile import siae siaes.csv --dry-run --report siae.json`
    """
    boot_with_database()
    from toile.directory import commands

    _run(
        "SIAE",
        dry_run,
        lambda advance: commands.import_siae(
            path, perimeter=perimeter, dry_run=dry_run, report_path=report, progress=advance
        ),
    )


@app.command("ess")
def ess(path: Source, perimeter: Perimeter = None, dry_run: DryRun = False, report: ReportPath = None) -> None:
    """Une liste d’entreprises de l’ESS (ESS France, ESUS, extraction SIRENE…), reconnue à ses colonnes.

    Exemple : `toile import ess x_enriched.csv --perimetre 244200770`
    """
    boot_with_database()
    from toile.directory import commands

    _run(
        "ESS",
        dry_run,
        lambda advance: commands.import_ess(
            path, perimeter=perimeter, dry_run=dry_run, report_path=report, progress=advance
        ),
    )


@app.command("csv")
def csv(
    path: Source,
    mapping: Annotated[
        Path | None,
        typer.Option("--mapping", metavar="MAP.toml", exists=True, dir_okay=False, help="Quelle colonne dit quoi."),
    ] = None,
    perimeter: Perimeter = None,
    dry_run: DryRun = False,
    report: ReportPath = None,
) -> None:
    """Un tableau de structures quelconque : CSV des encodages et séparateurs français, ou xlsx.

    Sans --mapping, la correspondance des colonnes est devinée et montrée ; la page d’import du site permet de la
    corriger avant d’écrire.

    Exemple : `toile import csv adherents.xlsx --mapping adherents.toml --dry-run`
    """
    boot_with_database()
    from toile.directory import commands

    _run(
        path.name,
        dry_run,
        lambda advance: commands.import_csv(
            path, mapping=mapping, perimeter=perimeter, dry_run=dry_run, report_path=report, progress=advance
        ),
    )


def _run(label: str, dry_run: bool, work: Callable[[Callable[[Report], None]], Report]) -> None:
    with advancing(f"Import {label}") as advance:
        report = work(lambda report: advance(report.read))
    _show(report, dry_run)


def _show(report: Report, dry_run: bool) -> None:
    """The counts, and the first refused rows with their reasons."""
    table = Table(title="Essai à blanc : rien n’est écrit" if dry_run else None, show_header=False, box=None)
    table.add_column(justify="right", style="bold")
    table.add_column()
    for key, label in COUNTS:
        table.add_row(french_number(getattr(report, key)), label)
    out.print(table)
    new, changed = report.structures_created, report.structures_changed
    out.print(
        f"{french_number(new)} {plural_form(new, 'structure nouvelle', 'structures nouvelles')}, "
        f"{french_number(changed)} {plural_form(changed, 'changée', 'changées')} à l’écran."
    )
    for note in report.notes:
        out.print(note, markup=False, soft_wrap=True)
    for problem in report.refused[:SHOWN_REFUSALS]:
        column = f", colonne {problem.column}" if problem.column else ""
        err.print(f"  ligne {problem.line}{column} : {problem.reason}", markup=False, soft_wrap=True)
    if report.refused_count > SHOWN_REFUSALS:
        others = french_number(report.refused_count - SHOWN_REFUSALS)
        err.print(f"  … et {others} autres (--report FICHIER.json les donne toutes)")

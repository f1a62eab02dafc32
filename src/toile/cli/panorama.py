"""`toile panorama …`: the observatory recomputed by anybody, from a folder of official files."""

from __future__ import annotations

import csv
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from toile.cli.boot import boot, boot_with_database
from toile.cli.console import advancing, out, step
from toile.kernel.typography import french_number, plural_form

if TYPE_CHECKING:
    from toile.panorama.commands import Wanted
    from toile.panorama.computing.run import Computed

app = typer.Typer(
    no_args_is_help=True,
    help=(
        "Recalcule l’observatoire de l’ESS à partir des fichiers officiels.\n\n"
        "DOSSIER contient le stock SIRENE (`*UniteLegale*` et `*Etablissement*`, en csv, zip ou Parquet) et, si vous "
        "les avez, l’historique des établissements et la liste des entreprises de l’ESS."
    ),
)


class Format(StrEnum):
    """How figures are written on stdout."""

    csv = "csv"
    json = "json"


class Engines(StrEnum):
    """What runs the queries."""

    duckdb = "duckdb"
    spark = "spark"


Stock = Annotated[Path, typer.Option("--stock", metavar="DOSSIER", file_okay=False, help="Les fichiers officiels.")]
Year = Annotated[
    int | None,
    typer.Option(
        "--year", metavar="ANNÉE", min=1990, max=2100, help="Au 31 décembre de cette année (du stock, sinon)."
    ),
]
EngineOption = Annotated[
    Engines, typer.Option("--engine", help="Qui calcule : DuckDB, ici ; Spark, pour un pays ou une grappe.")
]
Master = Annotated[
    str | None,
    typer.Option(
        "--master", metavar="ADRESSE", help="Adresse d’une grappe Spark (`spark://…`) ; sinon, cette machine."
    ),
]
WithoutSecrecy = Annotated[bool, typer.Option("--without-secrecy", help="Ne rien cacher : à ne publier nulle part.")]


@app.command("build")
def build(
    stock: Stock,
    perimeter: Annotated[
        str, typer.Option("--perimeter", metavar="CODE", help="SIREN d’un EPCI, département, commune, périmètre nommé.")
    ],
    target: Annotated[
        Path, typer.Option("--out", metavar="FICHIER", dir_okay=False, help="En .json, .csv, .xlsx ou .parquet.")
    ],
    year: Year = None,
    simulated: Annotated[
        bool, typer.Option("--simulated", help="Ces fichiers sont inventés (`toile simulate`) : le dire partout.")
    ] = False,
    engine: EngineOption = Engines.duckdb,
    master: Master = None,
    without_secrecy: WithoutSecrecy = False,
) -> None:
    """Calcule les chiffres d’un territoire et les écrit avec leurs sources, leurs requêtes et ce qui a été compris.

    Exemple : `toile panorama build --stock stock --perimeter 244200770 --year 2024 --out panorama.xlsx`
    """
    boot_with_database()
    from toile.panorama import commands, exporting

    exporting.refuse(target)
    wanted = _wanted(stock, year, engine, master, without_secrecy)
    computed = _told(wanted, (perimeter,))
    step("Ce que disent les fichiers")
    understood = commands.understood_of(wanted)
    sources = commands.sources_of(stock, simulated=simulated)
    kept = exporting.Panorama(perimeter, computed.year, computed.figures, sources, computed.queries, understood)
    for path in exporting.write(target, kept):
        out.print(f"{path}", markup=False, soft_wrap=True)
    count = len(computed.figures)
    step(f"{french_number(count)} {plural_form(count, 'chiffre', 'chiffres')} au 31 décembre {computed.year}")


@app.command("figures")
def figures(
    stock: Stock,
    perimeter: Annotated[
        list[str] | None,
        typer.Option("--perimeter", metavar="CODE", help="Un territoire ; à répéter pour plusieurs."),
    ] = None,
    all_epci: Annotated[
        bool, typer.Option("--all-epci", help="Toutes les intercommunalités connues ici, sans le détail des communes.")
    ] = False,
    year: Year = None,
    engine: EngineOption = Engines.duckdb,
    master: Master = None,
    without_secrecy: WithoutSecrecy = False,
    format_: Annotated[Format, typer.Option("--format", help="Comment écrire les lignes.")] = Format.csv,
) -> None:
    """Les chiffres d’un territoire, ou de toutes les intercommunalités, en lignes longues sur la sortie standard.

    Colonnes : indicator, perimeter, commune, family, sector, size, unit, low, value, high, status. Un axe vide veut
    dire « tous » ; un chiffre inconnu ou secret est vide, jamais 0.

    Exemples : `toile panorama figures --stock stock --perimeter 244200770`,
    `toile panorama figures --stock stock --all-epci --format json`
    """
    if bool(perimeter) == all_epci:
        raise typer.BadParameter("Donnez --perimeter CODE, ou --all-epci.")
    boot_with_database()
    _print_rows(_told(_wanted(stock, year, engine, master, without_secrecy), tuple(perimeter or ())), format_)


@app.command("compare")
def compare(
    perimeters: Annotated[list[str], typer.Argument(metavar="CODE CODE…", help="De deux à six territoires.")],
    stock: Stock,
    year: Year = None,
    engine: EngineOption = Engines.duckdb,
    master: Master = None,
) -> None:
    """Les chiffres de plusieurs territoires, côte à côte, avec leurs intervalles.

    Exemple : `toile panorama compare 244200770 200035731 dep:42 --stock stock`
    """
    if not 2 <= len(perimeters) <= MOST_COMPARED:
        raise typer.BadParameter(f"Donnez de deux à {MOST_COMPARED} territoires.")
    boot_with_database()
    from toile.panorama import commands
    from toile.panorama.rules.indicators import indicators
    from toile.panorama.rules.told import UNKNOWN_FR, tell

    wanted = _wanted(stock, year, engine, master, without_secrecy=False)
    with advancing("Calcul") as advance:
        computed = commands.compared(wanted, perimeters, lambda done, total, what: advance(done, total, what))
    _say_what_lacks(computed)
    asked = list(dict.fromkeys(figure.cell.perimeter for figure in computed.figures))
    table = Table("", *asked, title=f"Au 31 décembre {computed.year}")
    told = {(figure.indicator, figure.cell.perimeter): figure for figure in computed.figures}
    for indicator in indicators().values():
        found = [told.get((indicator.code, perimeter)) for perimeter in asked]
        if any(found):
            table.add_row(indicator.short_fr, *(tell(figure) if figure else UNKNOWN_FR for figure in found))
    out.print(table)


@app.command("history")
def history(
    file: Annotated[Path, typer.Argument(metavar="FICHIER", exists=True, dir_okay=False, help="L’historique.")],
    since: Annotated[int, typer.Option("--since", metavar="ANNÉE", min=1973, max=2100, help="Première année.")] = 2015,
    until: Annotated[int, typer.Option("--until", metavar="ANNÉE", min=1973, max=2100, help="Dernière année.")] = 2025,
    format_: Annotated[Format, typer.Option("--format", help="Comment écrire les lignes.")] = Format.csv,
) -> None:
    """Les établissements d’un historique, ESS ou non : ouverts au 31 décembre, nés, fermés, et leur survie.

    FICHIER : StockEtablissementHistorique, ou des périodes (siret, dateDebut, dateFin, etat…), en csv, zip, gz ou
    Parquet. Colonnes : indicator, year, section, low, value, high. Une section vide veut dire « toutes », « ? »
    « inconnue ».

    Exemple : `toile panorama history periodes.parquet --since 2015 --until 2025`
    """
    if since > until:
        raise typer.BadParameter("La première année vient avant la dernière.")
    boot()
    from django.utils import timezone

    from toile.panorama.past import PastRow, past_of
    from toile.panorama.telling_sources import lines

    past = past_of(file, range(since, until + 1), timezone.localdate())
    for line in lines(one.as_json() for one in past.understood):
        step(line)
    if format_ is Format.json:
        json.dump([row._asdict() for row in past.rows], sys.stdout, ensure_ascii=False, indent=0)
        sys.stdout.write("\n")
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(PastRow._fields)
    writer.writerows(past.rows)


MOST_COMPARED = 6


def _wanted(stock: Path, year: int | None, engine: Engines, master: str | None, without_secrecy: bool) -> Wanted:
    from toile.panorama.commands import Wanted

    if not stock.is_dir():
        raise typer.BadParameter(f"le dossier « {stock} » n’existe pas.", param_hint="--stock")
    return Wanted(stock, year, engine.value, master, secrecy=not without_secrecy)


def _told(wanted: Wanted, perimeters: tuple[str, ...]) -> Computed:
    """Compute, telling on stderr what is being done, then what the files lack."""
    from toile.panorama import commands

    with advancing("Calcul") as advance:

        def progress(done: int, total: int, what: str) -> None:
            advance(done, total, what)

        if perimeters:
            computed = commands.figures_of(wanted, perimeters, progress)
        else:
            computed = commands.figures_of_all(wanted, progress)
    _say_what_lacks(computed)
    return computed


def _say_what_lacks(computed: Computed) -> None:
    """Tell on stderr what the files lack, and when the figures are not of the day that was asked."""
    for found in computed.understood:
        # The official history never writes communes nor staff: the stock gives them.
        if found["missing"] and found["kind"] != "history":
            step(f"{found['file']} n’a pas {', '.join(found['missing'])} : ce qui en dépend est inconnu.")
        if found["bad"]:
            step(f"{found['file']} : {french_number(found['bad'])} lignes illisibles, laissées de côté.")
    if computed.is_of_stock:
        step(
            f"Sans historique des établissements, ceux du 31 décembre {computed.year} ne sont pas connus : ces "
            f"chiffres sont ceux du jour du stock, dont la dernière année entière est {computed.stock_year}."
        )


def _print_rows(computed: Computed, format_: Format) -> None:
    from toile.panorama.rules.rows import COLUMNS, json_row, long_row

    if format_ is Format.csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(map(long_row, computed.figures))
        return
    sys.stdout.write("[\n")
    for number, figure in enumerate(computed.figures):
        sys.stdout.write((",\n" if number else "") + json.dumps(json_row(figure), ensure_ascii=False))
    sys.stdout.write("\n]\n")

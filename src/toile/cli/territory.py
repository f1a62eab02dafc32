"""`toile init`: the territory that this installation serves."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from toile.cli.boot import boot
from toile.cli.console import advancing, out, step
from toile.kernel.typography import french_number

READINGS = {
    "cog": "code officiel géographique",
    "codes": "codes passés",
    "centres": "centres des communes",
    "contours": "contours des communes",
}


def init(
    epci: Annotated[str, typer.Option("--epci", metavar="CODE", help="SIREN de l’intercommunalité, 9 chiffres.")],
    cog: Annotated[
        str | None,
        typer.Option(
            "--cog",
            metavar="DOSSIER|URL",
            help="Découpage officiel (communes.json, epci.json, departements.json) ; sinon TOILE_COG, sinon l’API de "
            "l’État.",
        ),
    ] = None,
    contours: Annotated[
        str | None,
        typer.Option("--contours", metavar="FICHIER|URL", help="Contours (GeoJSON) ; sans eux, cellules schématiques."),
    ] = None,
    centres: Annotated[
        str | None, typer.Option("--centres", metavar="FICHIER|URL", help="Centres des communes (JSON de l’API Géo).")
    ] = None,
    successions: Annotated[
        str | None,
        typer.Option("--successions", metavar="FICHIER", help="Anciens codes et leurs successeurs (Parquet)."),
    ] = None,
    periods: Annotated[
        str | None, typer.Option("--periodes", metavar="FICHIER", help="Périodes de validité des codes (CSV de l’ASP).")
    ] = None,
    vintage: Annotated[
        str, typer.Option("--millesime", metavar="ANNÉE", help="Millésime du découpage, montré sur les pages.")
    ] = "",
    contours_vintage: Annotated[
        str, typer.Option("--millesime-contours", metavar="ANNÉE", help="Millésime des contours.")
    ] = "",
    name: Annotated[str, typer.Option("--name", metavar="NOM", help="Nom du territoire, s’il en a un autre.")] = "",
) -> None:
    """Prépare la base pour un territoire : n’importe quelle intercommunalité de France.

    Crée les tables si besoin, puis les communes, leurs codes passés et leurs contours. Peut être relancé : ce qui est
    déjà là est mis à jour, et rien ne change si rien n’a changé.

    Exemple : `toile init --epci 200046977 --contours communes-69.geojson --name "Le Grand Lyon"`
    """
    from toile.cli.serving import migrate

    boot()
    migrate()
    from toile.kernel.acts import Actor
    from toile.territory.services import init_territory

    step(f"Territoire {epci}")
    with advancing("Communes") as advance:
        setup = init_territory(
            Actor.system("cli: init"),
            epci,
            cog=cog,
            contours=contours,
            centres=centres,
            successions=successions,
            periods=periods,
            vintage=vintage,
            contours_vintage=contours_vintage,
            name=name,
            progress=advance,
        )
    table = Table("", "lus", "créés", "mis à jour", "inchangés", "à vérifier", "refusés", box=None, header_style="dim")
    for reading, report in setup.reports.items():
        figures = (report.read, report.created, report.updated, report.unchanged, report.to_check, len(report.refused))
        table.add_row(READINGS[reading], *map(french_number, figures))
    out.print(table)
    state = "prêt" if setup.changed else "déjà prêt, rien n’a changé"
    out.print(f"{setup.name} ({setup.epci}), {french_number(setup.communes)} communes : {state}.")

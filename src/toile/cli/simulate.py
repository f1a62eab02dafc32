"""`toile simulate …`: invented data with the shape of the real ones, for tests and measures."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toile.cli.boot import boot_with_database
from toile.cli.console import out, step
from toile.kernel.typography import french_number

if TYPE_CHECKING:
    from toile.directory.imports.simulate import Commune as SimulatedCommune

DEFAULT_ROWS = 100_000

app = typer.Typer(no_args_is_help=True, help="Fabrique des données inventées, de la forme des vraies.")


class Format(StrEnum):
    """How the stock files are written."""

    parquet = "parquet"
    csv = "csv"


@app.callback()
def main() -> None:
    """Hold the sub-commands."""


@app.command("sirene")
def sirene(
    rows: Annotated[
        int | None,
        typer.Option(
            min=1, max=50_000_000, help="Nombre d’établissements ; 100 000, ou autant qu’en vrai pour --perimetre."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Graine : la même donne les mêmes fichiers.")] = 1,
    folder: Annotated[
        Path, typer.Option("--out", metavar="DOSSIER", file_okay=False, help="Où écrire les fichiers.")
    ] = Path("simulation"),
    format_: Annotated[Format, typer.Option("--format", help="Format des fichiers.")] = Format.parquet,
    perimeter: Annotated[
        str | None, typer.Option("--perimetre", metavar="CODE", help="Les communes de ce périmètre, et elles seules.")
    ] = None,
    history: Annotated[
        bool, typer.Option("--history", help="Écrire aussi l’historique des établissements, période par période.")
    ] = False,
) -> None:
    """Un stock SIRENE inventé : colonnes officielles, identifiants valides, aucune entreprise réelle.

    Les communes sont celles de l’installation (`toile init`), au poids de leur population, et d’autres inventées. Les
    employeurs et les emplois y sont aussi nombreux que dans les totaux publiés, à l’échelle du stock.

    Les fichiers s’importent comme les vrais : `toile import sirene --unites … --etablissements … --perimetre CODE`.

    Exemples : `toile simulate sirene --rows 5000000 --seed 7 --out stock`

    `toile simulate sirene --perimetre 244200770 --history --out stock`
    """
    boot_with_database()
    from toile.directory.imports.simulate import real_size, simulate_stock

    communes = _communes(perimeter)
    if rows is None:
        rows = real_size(sum(commune.weight for commune in communes)) if perimeter else DEFAULT_ROWS
    step(f"Simulation de {french_number(rows)} établissements (graine {seed})")
    stock = simulate_stock(folder, rows, seed, communes, format_.value, alone=perimeter is not None, history=history)
    for path, count, what in (
        (stock.unites, stock.unite_rows, "unités légales"),
        (stock.etablissements, stock.etablissement_rows, "établissements"),
        (stock.history, stock.history_rows, "périodes"),
    ):
        if path is not None:
            out.print(f"{path} : {french_number(count)} {what}", markup=False, soft_wrap=True)


def _communes(perimeter: str | None) -> list[SimulatedCommune]:
    """The present communes that this installation knows, or those of a perimeter; none before `toile init`.

    Each weighs its population; those of the territory are rich in ESS, like the published totals that they follow.
    """
    from pyproj import Transformer

    from toile.directory.imports.simulate import Commune as SimulatedCommune
    from toile.territory.models import Commune, CommuneKind
    from toile.territory.queries import home, scope

    to_lambert = Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True)
    known = Commune.objects.filter(kind=CommuneKind.COMMUNE).order_by("code")
    if perimeter is not None:
        known = known.filter(code__in=scope(perimeter).communes)
    ours = home()
    communes = []
    for commune in known:
        x, y = (None, None) if commune.lon is None else to_lambert.transform(commune.lon, commune.lat)
        postal = commune.postal_codes[0] if commune.postal_codes else None
        profile = "here" if ours is None or commune.epci_id == ours.epci_id else "elsewhere"
        communes.append(
            SimulatedCommune(commune.code, commune.population or 1, commune.name.upper(), postal, x, y, profile)
        )
    return communes

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
    rows: Annotated[int, typer.Option(min=1, max=50_000_000, help="Nombre d’établissements.")] = 100_000,
    seed: Annotated[int, typer.Option(help="Graine : la même donne les mêmes fichiers.")] = 1,
    folder: Annotated[
        Path, typer.Option("--out", metavar="DOSSIER", file_okay=False, help="Où écrire les deux fichiers.")
    ] = Path("simulation"),
    format_: Annotated[Format, typer.Option("--format", help="Format des fichiers.")] = Format.parquet,
) -> None:
    """Un stock SIRENE inventé : colonnes officielles, identifiants valides, aucune entreprise réelle.

    Les communes sont celles de l’installation (`toile init`), au poids de leur population, et d’autres inventées.

    Les fichiers s’importent comme les vrais : `toile import sirene --unites … --etablissements … --perimetre CODE`.

    Exemple : `toile simulate sirene --rows 5000000 --seed 7 --out stock`
    """
    boot_with_database()
    from toile.directory.imports.simulate import simulate_stock

    step(f"Simulation de {french_number(rows)} établissements (graine {seed})")
    stock = simulate_stock(folder, rows, seed, _communes(), format_.value)
    for path, count, what in (
        (stock.unites, stock.unite_rows, "unités légales"),
        (stock.etablissements, stock.etablissement_rows, "établissements"),
    ):
        out.print(f"{path} : {french_number(count)} {what}", markup=False, soft_wrap=True)


def _communes() -> list[SimulatedCommune]:
    """The present communes that this installation knows, each weighing its population; none before `toile init`."""
    from pyproj import Transformer

    from toile.directory.imports.simulate import Commune as SimulatedCommune
    from toile.territory.models import Commune, CommuneKind

    to_lambert = Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True)
    communes = []
    for commune in Commune.objects.filter(kind=CommuneKind.COMMUNE).order_by("code"):
        x, y = (None, None) if commune.lon is None else to_lambert.transform(commune.lon, commune.lat)
        postal = commune.postal_codes[0] if commune.postal_codes else None
        communes.append(SimulatedCommune(commune.code, commune.population or 1, commune.name.upper(), postal, x, y))
    return communes

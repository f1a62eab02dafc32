"""The imports of the command line: the official stock in each of its forms, perimeters, and what is said of it."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from toile.directory.commands import import_csv, import_sirene
from toile.directory.imports.simulate import Commune, SimulatedStock, simulate_stock
from toile.directory.models import Establishment, Organisation
from toile.directory.rules.mapping import MappingError
from toile.territory.queries.perimeters import UnknownPerimeter

from .conftest import SEM

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home"), pytest.mark.slow]

ROWS = 1_200
GIVEN = [
    Commune("42218", 12_000_000, "SAINT-ETIENNE", "42000", 808_447.0, 6_483_204.0),
    Commune("42190", 2_000_000, "ROCHETAILLEE", "42100"),
    Commune("42207", 4_000_000, "SAINT-CHAMOND", "42400"),
]


@pytest.fixture(scope="module")
def stocks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SimulatedStock]:
    made = {
        kind: simulate_stock(tmp_path_factory.mktemp(kind), ROWS, 3, GIVEN, kind)  # type: ignore[arg-type]
        for kind in ("csv", "parquet")
    }
    folder, packed = tmp_path_factory.mktemp("zip"), []
    for path in (made["csv"].unites, made["csv"].etablissements):
        packed.append(folder / f"{path.stem}.zip")
        with zipfile.ZipFile(packed[-1], "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(path, path.name)
    return made | {"zip": SimulatedStock(packed[0], packed[1], made["csv"].unite_rows, ROWS)}


def structures() -> list[Any]:
    """Everything visible of what is held."""
    organisations = Organisation.objects.order_by("siren").values_list(
        "siren", "name", "legal_category", "naf", "staff_band", "stage", "whereabouts", "ess_verdict", "main__siret"
    )
    places = Establishment.objects.order_by("siret").values_list(
        "siret", "commune", "address", "lon", "is_seat", "is_open"
    )
    return [list(organisations), list(places)]


def test_the_csv_the_zip_and_the_parquet_stock_give_the_same_structures_and_a_second_time_nothing(
    stocks: dict[str, SimulatedStock],
) -> None:
    csv = stocks["csv"]
    first = import_sirene(csv.unites, csv.etablissements, perimeter=SEM)
    assert first.read == ROWS
    assert first.created == Establishment.objects.count() > 200
    assert first.created + first.outside == ROWS
    held = structures()
    for kind in ("csv", "zip", "parquet"):
        again = import_sirene(stocks[kind].unites, stocks[kind].etablissements, perimeter=SEM)
        assert (again.read, again.created, again.updated) == (ROWS, 0, 0), kind
        assert again.unchanged == first.created
        assert structures() == held
    assert set(Establishment.objects.values_list("commune", flat=True)) == {"42218", "42207"}, "42190 is 42218 today"
    assert set(Organisation.objects.values_list("whereabouts", flat=True)) == {"inside"}


def test_a_dry_run_of_the_stock_counts_the_same_and_keeps_nothing(stocks: dict[str, SimulatedStock]) -> None:
    parquet = stocks["parquet"]
    rehearsed = import_sirene(parquet.unites, parquet.etablissements, perimeter="42218", dry_run=True)
    assert structures() == [[], []]
    kept = import_sirene(parquet.unites, parquet.etablissements, perimeter="42218")
    wanted = ("read", "created", "updated", "unchanged", "to_check", "outside", "refused_count", "structures_created")
    assert [getattr(rehearsed, name) for name in wanted] == [getattr(kept, name) for name in wanted]
    assert 0 < kept.created < kept.read


def test_the_two_files_given_the_wrong_way_round_are_refused_and_nothing_is_written(
    stocks: dict[str, SimulatedStock],
) -> None:
    csv = stocks["csv"]
    with pytest.raises(Exception, match="inversés") as refused:
        import_sirene(csv.etablissements, csv.unites, perimeter=SEM)
    assert refused.value.message
    assert Organisation.objects.count() == 0


def test_a_perimeter_that_does_not_exist_is_said_before_anything_is_read(table: Any) -> None:
    with pytest.raises(UnknownPerimeter, match="Atlantide"):
        import_csv(table("t.csv", [{"nom": "A", "ville": "Lyon"}]), perimeter="Atlantide")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[fields", "TOML"),
        ('[fields]\nnom = "Nom"', "n’existe pas. Champs possibles"),
        ('[fields]\nname = "Absente"', "n’est pas dans le fichier. Colonnes"),
        ('[fields]\ncity = "Ville"', "quelle colonne donne le nom"),
        ("", "[fields]"),
    ],
)
def test_a_wrong_mapping_is_said_before_anything_is_written(table: Any, tmp_path: Path, text: str, told: str) -> None:
    mapping = tmp_path / "map.toml"
    mapping.write_text(text, encoding="utf-8")
    with pytest.raises(MappingError) as refused:
        import_csv(table("t.csv", [{"Nom": "A", "Ville": "Lyon"}]), mapping=mapping)
    assert told in refused.value.message
    assert Organisation.objects.count() == 0


def test_a_mapping_file_tells_the_columns(table: Any, tmp_path: Path) -> None:
    mapping = tmp_path / "map.toml"
    mapping.write_text('[fields]\nname = "Titre"\naddress = ["No", "Voie"]\npostal_code = "CP"\n', encoding="utf-8")
    import_csv(table("t.csv", [{"Titre": "A", "No": "3", "Voie": "rue B", "CP": "42700"}]), mapping=mapping)
    assert Organisation.objects.get().main.address == "3 rue B"

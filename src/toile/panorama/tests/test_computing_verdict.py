"""The verdict over columns is the directory’s own, unit by unit, on thousands of units made from every case."""

from __future__ import annotations

from datetime import date
from itertools import product
from random import Random

import ibis
import pyarrow as pa
import pytest

from toile.directory.rules.ess import EssFacts, ess_membership
from toile.directory.rules.ess_parameters import ess_parameters
from toile.kernel.identifiers import clean_naf
from toile.panorama.computing.verdict import PUBLIC, judged, members

PARAMETERS = ess_parameters(date(2025, 12, 31))
CATEGORIES = [
    *PARAMETERS.forms,
    *PARAMETERS.never_prefixes,
    "8410",
    "8110",
    "4110",
    "7210",
    "5499",
    "5710",
    "1000",
    None,
]
FLAGS = ("O", "N", None)
ACTIVITIES = (
    "94.99Z",
    "94.91Z",
    "9491Z",
    "84.11Z",
    "84.11Y",
    "94.12",
    "91.3A",
    "913A",
    "913E",
    "75.1A",
    "84XYZ",
    "00.00Z",
    None,
)
NOMENCLATURES = (None, "NAFRev2", "NAF2025", "NAFRev1", "NAF1993", "NAP")
NAMES = ("LA SCOP DU FIL", "ÉCOOPÉRER", "escopette", "l'atelier-coop", "Scic_2", "2SCIC", None)
LISTED = (None, ("listed", None), ("listed", "fondation"))
HOW_MANY = 6000

Unit = tuple[str | None, ...]


def units() -> list[Unit]:
    """A category of each kind with each activity, then others drawn from all the combinations."""
    chance = Random(3)
    every = list(product(FLAGS, ACTIVITIES, NOMENCLATURES, NAMES, LISTED))
    made = [(category, "N", activity, None, None, None) for category, activity in product(CATEGORIES, ACTIVITIES)]
    made += [(chance.choice(CATEGORIES), *chance.choice(every)) for _ in range(HOW_MANY)]
    return made


@pytest.fixture(scope="module")
def told() -> tuple[list[Unit], dict[str, dict[str, object]], dict[str, dict[str, object]]]:
    made = units()
    columns = {
        "siren": [f"{number:09d}" for number in range(len(made))],
        "categorieJuridiqueUniteLegale": [unit[0] for unit in made],
        "economieSocialeSolidaireUniteLegale": [unit[1] for unit in made],
        "activitePrincipaleUniteLegale": [unit[2] for unit in made],
        "nomenclatureActivitePrincipaleUniteLegale": [unit[3] for unit in made],
        "denominationUniteLegale": [unit[4] for unit in made],
        "denominationUsuelle1UniteLegale": [None for _ in made],
    }
    listed = [(siren, unit[5][1]) for siren, unit in zip(columns["siren"], made, strict=True) if unit[5]]
    ess_list = ibis.memtable(
        {"siren": [s for s, _ in listed], "family": [f for _, f in listed]},
        schema={"siren": "string", "family": "string"},
    )
    table = ibis.memtable(pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()}))
    connection = ibis.duckdb.connect()
    verdicts = connection.to_pyarrow(judged(table, PARAMETERS, ess_list)).to_pylist()
    inside = connection.to_pyarrow(members(table, PARAMETERS, ess_list)).to_pylist()
    connection.disconnect()
    return made, {row["siren"]: row for row in verdicts}, {row["siren"]: row for row in inside}


def facts(unit: Unit) -> EssFacts:
    """What the directory reads of the same unit."""
    category, flag, activity, nomenclature, name, listed = unit
    code = clean_naf(activity)
    said = nomenclature or code.nomenclature if code.code else None
    return EssFacts(
        f"{name or ''} {name or ''}", category, code.code, said, flag, bool(listed), listed[1] if listed else None
    )


def test_each_unit_has_the_verdict_and_the_family_that_the_directory_gives(told) -> None:
    made, verdicts, _inside = told
    assert len(verdicts) == len(made)
    for number, unit in enumerate(made):
        expected = ess_membership(facts(unit), PARAMETERS)
        given = verdicts[f"{number:09d}"]
        assert (given["verdict"], given["family"]) == (
            expected.verdict,
            expected.family or "" if expected.verdict == "yes" else "",
        ), unit
        assert given["public"] == ((unit[0] or " ")[0] in PUBLIC), unit


def test_members_are_the_units_of_the_ess_and_the_public_ones(told) -> None:
    made, verdicts, inside = told
    kept = {siren for siren, row in verdicts.items() if row["verdict"] == "yes" or row["public"]}
    assert set(inside) == kept and 0 < len(kept) < len(made)
    for siren, row in inside.items():
        assert row["ess"] == (verdicts[siren]["verdict"] == "yes")
        assert row["family"] == verdicts[siren]["family"] and row["public"] == verdicts[siren]["public"]


def test_every_verdict_and_family_is_met(told) -> None:
    _made, verdicts, _inside = told
    assert {row["verdict"] for row in verdicts.values()} == {"yes", "no", "to_check", "unknown"}
    assert {row["family"] for row in verdicts.values()} == {
        "", "association", "cooperative", "mutuelle", "fondation", "societe_commerciale_ess",
    }  # fmt: skip

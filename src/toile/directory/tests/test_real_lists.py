"""The real lists, as they are, into a fresh database with the whole official code: exact counts, twice the same."""

from __future__ import annotations

import csv
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Count

from toile.directory.commands import import_csv, import_ess, import_siae
from toile.directory.models import Establishment, Organisation, SourceRecord
from toile.directory.models.organisations import Whereabouts
from toile.kernel.fold import fold
from toile.kernel.identifiers import clean_siren
from toile.thread.models import Fact

from .conftest import SEM

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.shared, pytest.mark.usefixtures("france")]

COUNTED = tomllib.loads((Path(__file__).parent / "real_counts.toml").read_text(encoding="utf-8"))
COMMANDS = {"siae": import_siae, "ess": import_ess, "csv": import_csv}
# What reads the lists is the same code over both databases: on PostgreSQL one list of each command is enough.
ON_BOTH = {"siae/siaes.csv", "ess/01_ess_numerique.csv", "sirene/etablissements_saint_etienne_2022.csv"}
LISTS = [pytest.param(name, marks=() if name in ON_BOTH else pytest.mark.sqlite) for name in COUNTED]
SIX = ("created", "updated", "unchanged", "to_check", "outside", "refused")


@dataclass(frozen=True)
class Seen:
    """What a database holds after an import."""

    structures: int
    establishments: int
    records: int
    here: int


def seen() -> Seen:
    return Seen(
        Organisation.objects.count(),
        Establishment.objects.count(),
        SourceRecord.objects.count(),
        Organisation.objects.filter(whereabouts=Whereabouts.INSIDE).count(),
    )


def counts(report: dict[str, Any]) -> dict[str, int]:
    """The seven figures of a report, the refused rows counted."""
    return {name: report[name] for name in ("read", *SIX) if name != "refused"} | {"refused": len(report["refused"])}


@pytest.mark.parametrize("name", LISTS)
def test_a_real_list_is_imported_whole_and_a_second_time_changes_nothing(
    name: str, shared_data: Any, tmp_path: Path
) -> None:
    expected = COUNTED[name]
    run, told = COMMANDS[expected["command"]], tmp_path / "report.json"
    run(shared_data / name, report_path=told)
    first = counts(json.loads(told.read_text(encoding="utf-8")))
    assert first == expected["first"]
    assert sum(first[figure] for figure in SIX) == first["read"]
    held = seen()
    assert held == Seen(**expected["holds"])
    facts = Fact.objects.filter(kind="directory.organisation.updated")
    assert not facts.exists(), "what an import creates is no news of itself"

    again = counts(run(shared_data / name).as_json())
    assert (again["created"], again["updated"]) == (0, 0)
    assert again == first | {"created": 0, "unchanged": first["created"]}
    assert seen() == held
    assert not facts.exists()


def test_a_dry_run_of_the_siae_list_gives_the_counts_of_the_real_one_and_writes_nothing(shared_data: Any) -> None:
    path = shared_data / "siae/siaes.csv"
    rehearsed = import_siae(path, dry_run=True)
    assert seen() == Seen(0, 0, 0, 0)
    assert not Fact.objects.filter(kind__startswith="directory.").exists()
    expected = COUNTED["siae/siaes.csv"]
    assert counts(rehearsed.as_json()) == expected["first"]
    assert rehearsed.structures_created == expected["holds"]["structures"]


def test_a_perimeter_keeps_the_structures_of_the_metropole_only(shared_data: Any) -> None:
    report = import_siae(shared_data / "siae/siaes.csv", perimeter=SEM)
    assert (report.created + report.to_check, report.outside, report.read) == (19, 2680, 2699)
    assert set(Organisation.objects.values_list("whereabouts", flat=True)) == {Whereabouts.INSIDE}
    towns = {fold(name) for name in Establishment.objects.values_list("commune__name", flat=True)}
    assert not towns & {"estivareilles", "pelussin"}, "neighbours share a postal code with members"


def test_the_damaged_rows_of_the_saint_etienne_establishments_are_told_with_their_lines(shared_data: Any) -> None:
    report = import_csv(shared_data / "sirene/etablissements_saint_etienne_2022.csv")
    assert [problem.line for problem in report.refused] == [927, 1181]
    assert all("guillemet" in problem.reason for problem in report.refused)


def test_two_lists_make_one_structure_of_each_siren(shared_data: Any) -> None:
    paths = [shared_data / name for name in ("ess/02_ess_numerique_cate_juridique.csv", "ess/03_tiers_lieux.csv")]
    with paths[0].open(newline="", encoding="utf-8-sig") as read:
        first = {clean_siren(row["siren"]).value for row in csv.DictReader(read)}
    for path in paths:
        import_ess(path)
    held = [siren for siren in Organisation.objects.values_list("siren", flat=True) if siren]
    assert len(held) == len(set(held))
    assert first <= set(held)
    told = SourceRecord.objects.values("organisation").annotate(n=Count("pk")).filter(n__gt=1)
    shared = Organisation.objects.filter(pk__in=[row["organisation"] for row in told])
    assert all(organisation.siren for organisation in shared), "only an identifier attaches two records"


def test_the_malformed_network_file_keeps_its_good_rows_and_tells_the_others(shared_data: Any) -> None:
    report = import_csv(shared_data / "siae/import_hosmoz_malforme.csv")
    assert report.read == 3
    assert report.created + report.to_check + report.refused_count == 3
    assert all(problem.reason for problem in (*report.refused, *report.checks))

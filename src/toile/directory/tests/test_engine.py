"""The import engine: every row counted once, the same state however often and however broken, one identity each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Model

from toile.directory import contexts
from toile.directory.commands import import_csv, import_ess, import_siae
from toile.directory.imports.engine import import_rows
from toile.directory.imports.lists import SIAE, read_list
from toile.directory.imports.report import Report
from toile.directory.imports.rows import Incoming
from toile.directory.models import Establishment, Organisation, SourceRecord
from toile.directory.rules.mapping import mapping_from_toml
from toile.kernel.acts import Actor
from toile.kernel.tabular import open_table
from toile.thread.models import Fact

from .conftest import SEM, siae_row, siren_of, siret_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

SHEET = mapping_from_toml(
    "[fields]\n"
    + "\n".join(f'{target} = "{target}"' for target in ("external_id", "name", "siren", "siret", "address"))
    + '\npostal_code = "postal_code"\ncity = "city"\ncommune_code = "commune_code"\ndescription = "description"\n'
)


def sheet(table: Callable[..., Path], *rows: dict[str, Any], name: str = "sheet.csv") -> Report:
    """Import a spreadsheet of these rows through the mapping where each column is called as our field."""
    empty = dict.fromkeys((column for mapped in SHEET.fields.values() for column in mapped.columns), "")
    return import_csv(table(name, [empty | row for row in rows]), mapping=SHEET)


def six(report: Report) -> tuple[int, ...]:
    """Created, updated, unchanged, to check, outside, refused."""
    return (
        report.created, report.updated, report.unchanged, report.to_check, report.outside, report.refused_count,
    )  # fmt: skip


def state() -> list[Any]:
    """What the database holds, dates and numbers given at random aside."""
    organisations = Organisation.objects.order_by("siren", "name").values_list(
        "name", "siren", "stage", "whereabouts", "ess_verdict", "folded", "main__siret", "main__address"
    )
    places = Establishment.objects.order_by("siret", "address").values_list("siret", "address", "commune", "lon")
    records = SourceRecord.objects.order_by("source", "external_id").values_list(
        "source", "external_id", "checksum", "organisation__siren", "doubt"
    )
    return [list(organisations), list(places), list(records)]


def updates() -> int:
    return Fact.objects.filter(kind="directory.organisation.updated").count()


def test_importing_twice_creates_and_updates_nothing_and_the_six_counts_add_up(siae_file: Any) -> None:
    path = siae_file({}, {}, {"siret": siret_of(3)[:-1] + "x"}, {"name": ""})
    first = import_siae(path)
    assert six(first) == (2, 0, 0, 1, 0, 1)
    assert first.read == sum(six(first)) == 4
    before = state()
    assert six(import_siae(path)) == (0, 0, 2, 1, 0, 1)
    assert state() == before


def test_one_fact_for_the_import_one_for_a_visible_change_and_none_for_an_arrival(siae_file: Any) -> None:
    import_siae(siae_file({}, {}, {}))
    assert Fact.objects.filter(kind="directory.import.finished").count() == 1
    assert updates() == 0
    report = import_siae(siae_file({"brand": "L’Atelier"}, {"naf": "8899B"}, {"address": "9 rue Neuve"}))
    assert six(report)[:3] == (0, 2, 1)
    changed = Fact.objects.filter(kind="directory.organisation.updated").order_by("data")
    assert sorted((fact.data["fields"] for fact in changed), key=str) == [["address"], ["name"]]
    assert report.structures_changed == 2


def test_a_second_establishment_in_the_same_file_is_no_news_of_a_structure_that_just_arrived(siae_file: Any) -> None:
    rows = [{"siret": siret_of(1, nic), "kind": kind} for nic, kind in ((1, "EI"), (2, "ACI"))]
    many = [{} for _ in range(150)]
    report = import_siae(siae_file(rows[0], *[{"siret": siret_of(500 + n)} for n, _ in enumerate(many)], rows[1]))
    assert (report.structures_created, report.structures_changed, updates()) == (151, 0, 0)


def test_a_dry_run_gives_the_counts_of_the_real_run_across_batches_and_keeps_nothing(siae_file: Any) -> None:
    import_siae(siae_file({}, {}))
    before, facts = state(), Fact.objects.count()
    fresh = [{"siret": siret_of(900, nic)} for nic in range(1, 260)]
    path = siae_file({"brand": "Nouvelle enseigne"}, {}, *fresh, {"siret": siret_of(900, 1)})
    rehearsed = import_siae(path, dry_run=True)
    assert (state(), Fact.objects.count()) == (before, facts)
    kept = import_siae(path)
    assert six(rehearsed) == six(kept)
    assert (rehearsed.structures_created, rehearsed.structures_changed) == (1, 1)
    assert (kept.structures_created, kept.structures_changed) == (1, 1)


def test_the_report_has_the_shape_that_is_published(siae_file: Any, tmp_path: Path) -> None:
    told = tmp_path / "report.json"
    import_siae(siae_file({"city": "Lyon", "post_code": "69001"}, {}, {"name": ""}), perimeter=SEM, report_path=told)
    report = json.loads(told.read_text(encoding="utf-8"))
    assert {"read", "created", "updated", "unchanged", "to_check", "outside", "refused"} <= report.keys()
    assert (report["read"], report["created"], report["outside"]) == (3, 1, 1)
    assert report["refused"] == [{"line": 4, "column": None, "reason": "La ligne ne donne aucun nom"}]


def test_a_siret_that_fails_its_key_is_to_check_and_is_not_carried(siae_file: Any) -> None:
    wrong = siret_of(1)[:-1] + str((int(siret_of(1)[-1]) + 1) % 10)
    report = import_siae(siae_file({"siret": wrong}))
    assert six(report) == (0, 0, 0, 1, 0, 0)
    assert "clé de contrôle" in report.checks[0].reason
    organisation = Organisation.objects.get()
    assert (organisation.siren, organisation.main.siret) == (None, None)


def test_a_siret_of_la_poste_is_valid_by_its_own_rule(siae_file: Any) -> None:
    report = import_siae(siae_file({"siret": "35600000009075"}, {"siret": "35600000009076"}))
    assert (report.created, report.to_check) == (1, 1)
    assert list(Establishment.objects.exclude(siret=None).values_list("siret", flat=True)) == ["35600000009075"]


def test_a_repeated_siret_is_one_establishment_and_the_second_row_is_to_check(siae_file: Any) -> None:
    report = import_siae(siae_file({"kind": "EI"}, {"siret": siret_of(1), "kind": "ACI"}))
    assert six(report) == (1, 0, 0, 1, 0, 0)
    assert f"Le SIRET {siret_of(1)} est déjà à la ligne 2" in report.checks[0].reason
    organisation = Organisation.objects.get()
    assert set(organisation.approvals.values_list("kind", flat=True)) == {"ei", "aci"}
    assert Establishment.objects.count() == 1


def test_a_row_that_repeats_another_is_told_and_kept_once(table: Any) -> None:
    rows = [siae_row(1), siae_row(1), siae_row(1, name="AUTRE NOM")]
    report = import_siae(table("siaes.csv", rows))
    assert six(report) == (1, 0, 0, 2, 0, 0)
    assert [("répète" in p.reason, "contredit" in p.reason) for p in report.checks] == [(True, False), (False, True)]
    assert Organisation.objects.get().legal_name == "STRUCTURE 1"


def test_a_commune_that_merged_is_read_as_the_present_one(table: Any) -> None:
    sheet(
        table,
        {"name": "Ici", "commune_code": "42190", "postal_code": "42100"},
        {"name": "Là", "commune_code": "42299"},
        {"name": "Plus loin", "commune_code": "69381", "postal_code": "69001"},
    )
    communes = dict(Organisation.objects.values_list("name", "main__commune"))
    assert communes == {"Ici": "42218", "Là": "42147", "Plus loin": "69123"}
    assert not Establishment.objects.filter(commune_is_deduced=True).exists()


def test_a_commune_is_deduced_only_where_its_postal_code_has_one(table: Any) -> None:
    report = sheet(table, {"name": "Seule", "postal_code": "42400"}, {"name": "Deux", "postal_code": "42230"})
    alone = Establishment.objects.get(organisation__name="Seule")
    shared = Establishment.objects.get(organisation__name="Deux")
    assert (alone.commune_id, alone.commune_is_deduced) == ("42207", True)
    assert (shared.commune_id, shared.commune_is_deduced) == (None, False)
    assert (report.created, report.to_check) == (1, 1)
    assert "2 communes" in report.checks[0].reason


def test_a_formula_in_a_cell_is_stored_as_the_text_it_is(table: Any) -> None:
    formula = '=HYPERLINK("https://exemple.fr";"cliquez")'
    sheet(table, {"name": formula, "description": "@SOMME(A1)"}, {"name": "+33 rue"})
    assert set(Organisation.objects.values_list("name", flat=True)) == {formula, "+33 rue"}
    assert SourceRecord.objects.get(organisation__name=formula).payload["description"] == "@SOMME(A1)"


def test_two_sources_that_say_one_siren_make_one_organisation(table: Any, siae_file: Any) -> None:
    import_siae(siae_file({"siret": siret_of(7), "name": "LA SIAE"}))
    listed = {"siren": siren_of(7), "denominationUniteLegale": "LA LISTE", "sources": "ess_france"}
    import_ess(table("liste.csv", [listed]))
    sheet(table, {"name": "Le tableur", "siret": siret_of(7, 2)})
    organisation = Organisation.objects.get()
    assert organisation.siren == siren_of(7)
    assert set(organisation.records.values_list("source", flat=True)) == {"siae_list", "ess_list", "spreadsheet"}
    assert set(organisation.establishments.values_list("siret", flat=True)) == {siret_of(7), siret_of(7, 2)}
    assert organisation.ess_verdict == "yes"


def test_the_own_ids_of_two_different_tables_are_not_each_other_s(table: Any) -> None:
    first = mapping_from_toml('[fields]\nexternal_id = "id"\nname = "nom"\n')
    second = mapping_from_toml('[fields]\nexternal_id = "id"\nname = "structure"\n')
    import_csv(table("a.csv", [{"id": "1", "nom": "La première"}]), mapping=first)
    import_csv(table("b.csv", [{"id": "1", "structure": "La seconde"}]), mapping=second)
    assert set(Organisation.objects.values_list("name", flat=True)) == {"La première", "La seconde"}
    report = import_csv(table("c.csv", [{"id": "1", "nom": "La première, renommée"}]), mapping=first)
    assert six(report) == (0, 1, 0, 0, 0, 0)


TAKEN = [
    pytest.param("siren", [{"siren": siren_of(1)}, {"siren": siren_of(2)}], id="siren of another"),
    pytest.param("siret", [{"siret": siret_of(1)}, {"siret": siret_of(2)}], id="siret of another"),
]


@pytest.mark.parametrize(("field", "said"), TAKEN)
def test_an_identifier_held_by_another_organisation_stays_its_own_and_is_a_doubt(
    table: Any, field: str, said: list[dict[str, str]]
) -> None:
    sheet(table, *[{"external_id": str(n), "name": f"S{n}", "city": "Firminy"} | one for n, one in enumerate(said)])
    report = sheet(
        table,
        {"external_id": "0", "name": "S0", "city": "Firminy"} | said[0],
        {"external_id": "1", "name": "S1", "city": "Firminy"} | said[0],
    )
    assert report.to_check == 1
    assert "peut-être la même" in report.checks[0].reason or "même établissement" in report.checks[0].reason
    sirens = dict(Organisation.objects.values_list("name", "siren"))
    assert sirens == {"S0": siren_of(1), "S1": siren_of(2)}


def test_a_record_that_learns_the_siret_of_another_structure_raises_nothing(table: Any) -> None:
    sheet(table, {"external_id": "a", "name": "Sans rien"}, {"external_id": "b", "name": "B", "siret": siret_of(2)})
    again = sheet(table, {"external_id": "a", "name": "Sans rien", "siret": siret_of(2)})
    assert again.to_check == 1
    assert Organisation.objects.get(siren=siren_of(2)).name == "B"
    assert Organisation.objects.get(name="Sans rien").siren is None


def test_two_rows_of_one_batch_may_claim_one_new_siren(table: Any) -> None:
    sheet(table, {"external_id": "a", "name": "A", "city": "Firminy"})
    claims = [
        {"external_id": "b", "name": "B", "siren": siren_of(5)},
        {"external_id": "a", "name": "A", "city": "Firminy", "siren": siren_of(5)},
    ]
    sheet(table, *claims)
    sheet(table, *reversed(claims))
    assert Organisation.objects.filter(siren=siren_of(5)).count() == 1
    assert Organisation.objects.count() == 2


def test_identifiers_may_be_exchanged_between_two_records(table: Any) -> None:
    for first, second in ((1, 2), (2, 1)):
        one = {"external_id": "a", "name": "A", "siren": siren_of(first)}
        sheet(table, one, {"external_id": "b", "name": "B", "siren": siren_of(second)})
    assert set(Organisation.objects.values_list("siren", flat=True)) == {siren_of(1), siren_of(2)}


class Killed(BaseException):
    """What an interrupted process raises."""


def _rows(path: Path, until: int | None = None) -> Iterator[Incoming]:
    context = contexts.current()
    with open_table(path) as opened:
        rows = read_list(
            opened, source="siae_list", layouts=SIAE, name="liste", gazetteer=context.gazetteer, scope=None
        )
        for number, row in enumerate(rows):
            if number == until:
                raise Killed
            yield row


def test_a_killed_import_keeps_its_good_batches_and_a_rerun_ends_like_an_unbroken_one(siae_file: Any) -> None:
    path = siae_file(*[{"siret": siret_of(n // 2 + 1, n % 2 + 1)} for n in range(400)])
    actor, context = Actor.system("essai"), contexts.current()
    with pytest.raises(Killed):
        import_rows(actor, _rows(path, until=250), source="siae_list", context=context)
    kept = SourceRecord.objects.count()
    assert 0 < kept <= 250
    report = import_rows(actor, _rows(path), source="siae_list", context=context)
    assert (report.created, report.unchanged) == (400 - kept, kept)
    broken = state()
    for model in (SourceRecord, Organisation, Establishment):
        _empty(model)
    import_rows(actor, _rows(path), source="siae_list", context=context)
    assert state() == broken


def _empty(model: type[Model]) -> None:
    """Forget a table's rows, those that point at it first: only a test starts a database again."""
    if model is Organisation:
        Organisation.objects.update(main=None)
        Establishment.objects.all().delete()
        for related in ("activities", "approvals"):
            Organisation._meta.get_field(related).related_model.objects.all().delete()
        Organisation.objects.all()._raw_delete("default")
    else:
        model._default_manager.all().delete()

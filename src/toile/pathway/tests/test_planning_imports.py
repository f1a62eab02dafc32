"""A door's spreadsheet: half its columns, wrong cells, twice, killed, stopped; nothing guessed, nothing doubled."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from toile.accounts.models import Person
from toile.directory.models import Membership
from toile.kernel.errors import Conflict, Forbidden, UserError
from toile.kernel.jobs import run_waiting
from toile.kernel.models import Job
from toile.kernel.readers import Reader
from toile.pathway.models import Call, Case, CaseImport, CaseState, Door, Followed, Holder, ImportedRow, Note
from toile.pathway.services import case_imports as services
from toile.pathway.services.documents import on_disk
from toile.thread.models import Fact

from . import made_cases as made
from .made_cases import ACTOR
from .made_followed import day

pytestmark = pytest.mark.django_db

FEW = "Projet;Courriel\nAtelier vélo;camille@example.org\nÉpicerie;\n;sans@example.org\n"
FRESH, OLD = day(20).strftime("%d/%m/%Y"), day(900).strftime("%d/%m/%Y")
HEADERS = [
    "N° dossier", "Nom du projet", "Porteur", "E-mail", "Commune", "Étape", "Conseiller", "Dernier contact", "Suite",
    "Prochain RDV", "Statut", "Observations",
]  # fmt: skip
ROWS = [
    ["D1", "Atelier vélo", "Camille", "camille@example.org", "Nulle-Part", "validation", "Andrée Un", FRESH,
     "Prévisionnel", "01/02/2030", "En cours", "A du métier"],
    ["D2", "Conserverie", "Dominique", "pas une adresse", "", "rien", "Inconnue", FRESH, "", "", "Clos", ""],
    ["D3", "Vieux projet", "", "", "", "", "", OLD, "", "", "", ""],
    ["D1", "Doublon", "", "", "", "", "", FRESH, "", "", "", ""],
    ["D4", "Sans date", "", "", "", "", "", "32/13/2026", "", "", "", ""],
]  # fmt: skip
MANY = "\n".join(";".join(row) for row in [HEADERS, *ROWS])


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """A folder of its own for the files that are given."""
    settings.TOILE_KEPT_FOLDERS = settings.TOILE_KEPT_FOLDERS | {"pathway": tmp_path}
    return tmp_path


@pytest.fixture
def door() -> Door:
    return made.door("MIFE")


@pytest.fixture
def me(door: Door) -> UUID:
    return made.adviser(door, "Andrée Un")


@pytest.fixture
def reader(me: UUID) -> Reader:
    return made.reader(me)


def given(reader: Reader, door: Door, text: str, kind: str = "cases", name: str = "dossiers.csv") -> CaseImport:
    file = SimpleUploadedFile(name, text.encode("utf-8"))
    return services.receive(ACTOR, reader, door, kind, file)


def imported(
    reader: Reader, door: Door, text: str, kind: str = "cases", chosen: dict[str, str] | None = None
) -> CaseImport:
    found = given(reader, door, text, kind)
    services.start(ACTOR, reader, found, chosen or services.columns_of(found)[2])
    run_waiting()
    found.refresh_from_db()
    return found


def test_half_the_columns_are_enough_and_what_is_unknown_is_said(door, reader):
    found = imported(reader, door, FEW)
    assert found.state == CaseImport.State.DONE
    assert found.report["counts"] == {"created": 2, "refused": 1}
    assert [(one["line"], one["reason"]) for one in found.report["refused"]] == [(4, "le nom manque")]
    assert "Commune" in found.report["lacking"] and "Courriel" not in found.report["lacking"]
    assert {case.title for case in Case.objects.all()} == {"Atelier vélo", "Épicerie"}
    assert Holder.objects.get().email == "camille@example.org"


def test_a_second_import_creates_nothing_and_a_changed_row_is_left_as_it_is(door, reader):
    imported(reader, door, MANY)
    before = Case.objects.count(), Holder.objects.count(), Note.objects.count()
    again = imported(reader, door, MANY.replace("Atelier vélo", "Atelier vélos"))
    assert (Case.objects.count(), Holder.objects.count(), Note.objects.count()) == before
    assert again.report["counts"] == {"changed": 1, "unchanged": 2, "refused": 2}
    assert Case.objects.filter(title="Atelier vélo").exists()


def test_each_row_becomes_the_case_that_it_says(door, me, reader):
    found = imported(reader, door, MANY)
    assert found.report["counts"] == {"created": 3, "refused": 2}
    case = Case.objects.get(title="Atelier vélo")
    assert (case.state, case.door, case.adviser, case.stage) == (CaseState.OPEN, door, me, "validation")
    assert (case.next_step, str(case.next_step_on)) == ("Prévisionnel", "2030-02-01")
    assert timezone.localdate(case.last_contact_at) == day(20)
    assert case.organisation is not None and case.organisation.openness == "members"
    assert "A du métier" in Note.objects.get().words
    closed = Case.objects.get(title="Conserverie")
    assert (closed.state, closed.organisation, closed.adviser) == (CaseState.CLOSED, None, None)
    assert "durée de conservation" in found.report["refused"][0]["reason"]
    assert found.report["refused"][1]["reason"] == "même numéro que la ligne 2"
    assert {(one["line"], one["column"]) for one in found.report["doubts"]} == {
        (2, "Commune"), (3, "E-mail"), (3, "Étape"), (3, "Conseiller"), (6, "Dernier contact"),
    }  # fmt: skip


def test_a_report_and_a_fact_hold_no_name_and_the_file_goes(door, reader, folder):
    found = imported(reader, door, MANY)
    assert "Camille" not in str(found.report) and "Atelier" not in str(found.report)
    assert found.path == "" and not list((folder / "imports").iterdir())
    assert Fact.objects.get(kind="pathway.cases.imported").data["created"] == 3
    assert not ImportedRow.objects.filter(key__contains="camille").exists()


def test_a_known_siren_joins_the_structure_of_the_directory(door, reader):
    known = made.structure("La Conserverie")
    type(known).objects.filter(pk=known.pk).update(siren="732829320")
    imported(reader, door, "Projet;SIREN\nNouvel atelier;732 829 320\n")
    assert Case.objects.get().organisation == known


FIRMS = (
    "Raison sociale;SIREN;Date de création;Référent;Dernier appel;Commentaires;Clôture\n"
    f"Le Fournil;;{day(300):%d/%m/%Y};Andrée Un;{day(9):%d/%m/%Y};Va bien;31/12\n"
    "La Lune;;;;;;\n"
    "Ancienne;;01/01/2001;;;;\n"
    "Sans appel;;;;;Un mot;\n"
)


def test_a_cohort_comes_in_with_what_is_known_of_each_firm(door, me, reader):
    found = imported(reader, door, FIRMS, "firms")
    assert found.report["counts"] == {"created": 3, "refused": 1}
    fournil = Followed.objects.get(organisation__name="Le Fournil")
    assert (fournil.born_on, fournil.adviser, fournil.closing_month) == (day(300), me, 12)
    assert Call.objects.get().words == "Va bien"
    assert Followed.objects.get(organisation__name="La Lune").born_on is None
    assert "trois ans" in found.report["refused"][0]["reason"]
    assert found.report["doubts"][0]["line"] == 5
    assert imported(reader, door, FIRMS, "firms").report["counts"] == {"unchanged": 3, "refused": 1}
    assert Followed.objects.count() == 3


def test_a_firm_that_another_door_follows_is_refused_and_said(door, reader):
    known = made.structure("Chez eux")
    type(known).objects.filter(pk=known.pk).update(siren="732829320")
    Followed.objects.create(organisation=known, door=made.door("CCI"), source="hand", born_on=day(100))
    found = imported(reader, door, f"Nom;SIREN;Créée le\nChez eux;732829320;{day(100)}\n", "firms")
    assert "déjà suivie" in found.report["refused"][0]["reason"]


def test_an_import_killed_goes_on_where_it_was_and_doubles_nothing(door, reader, monkeypatch):
    text = "Projet\n" + "".join(f"Projet {number}\n" for number in range(50))
    found = given(reader, door, text)
    services.start(ACTOR, reader, found, {"Projet": "title"})
    real, turns = services._some, []

    def killed(*args: Any) -> None:
        turns.append(1)
        if len(turns) == 2:
            raise RuntimeError("killed")
        real(*args)

    monkeypatch.setattr(services, "_some", killed)
    run_waiting()
    assert Case.objects.count() == 20
    Job.objects.update(not_before=timezone.now() - timedelta(minutes=1))
    run_waiting()
    found.refresh_from_db()
    assert Case.objects.count() == 50 and found.report["counts"] == {"created": 50}


def test_an_import_whose_asker_left_the_door_writes_nothing(door, me, reader):
    found = given(reader, door, FEW)
    services.start(ACTOR, reader, found, {"Projet": "title"})
    Membership.objects.filter(person=me).update(until=timezone.now())
    run_waiting()
    found.refresh_from_db()
    assert found.state == CaseImport.State.FAILED and not Case.objects.exists()
    assert found.report["stopped"]


def test_what_is_no_table_or_names_nothing_is_refused(door, reader):
    with pytest.raises(UserError):
        given(reader, door, "%PDF-1.4 …", name="dossiers.pdf")
    found = given(reader, door, FEW)
    with pytest.raises(UserError, match="nom"):
        services.start(ACTOR, reader, found, {"Courriel": "email"})
    with pytest.raises(UserError, match="Deux colonnes"):
        services.start(ACTOR, reader, found, {"Courriel": "title", "Projet": "title"})
    services.start(ACTOR, reader, found, {"Projet": "title"})
    with pytest.raises(Conflict):
        services.start(ACTOR, reader, found, {"Projet": "title"})
    with pytest.raises(Forbidden):
        given(made.reader(made.adviser(made.door("CCI"))), door, FEW)


def test_a_file_that_nobody_imports_goes_after_a_week(door, reader):
    found = given(reader, door, FEW)
    place = on_disk(found.path)
    assert services.forget_abandoned(ACTOR, timezone.now()) == 0 and place.exists()
    assert services.forget_abandoned(ACTOR, timezone.now() + timedelta(days=8)) == 1
    assert not place.exists()


def test_the_whole_way_is_walked_from_the_pages_with_an_excel_workbook(client: Client, door, me):
    client.force_login(Person.objects.get(pk=me))
    book = Workbook()
    book.active.append(["Nom du projet", "Couleur", "Date accueil"])
    book.active.append(["Atelier vélo", "bleu", timezone.localdate()])
    stored = io.BytesIO()
    book.save(stored)
    file = SimpleUploadedFile("dossiers.xlsx", stored.getvalue())
    assert "Aucun tableur envoyé" in client.get(reverse("pathway:case_imports")).content.decode()
    assert client.post(reverse("pathway:case_import_new"), {"door": str(door.pk), "kind": "cases"}).status_code == 422
    answer = client.post(reverse("pathway:case_import_new"), {"door": str(door.pk), "kind": "cases", "file": file})
    columns = answer.headers["Location"]
    shown = client.get(columns).content.decode()
    assert "Couleur" in shown and "bleu" in shown
    assert client.post(columns, {"column_0": "", "column_2": "received_on"}).status_code == 422
    report = client.post(columns, {"column_0": "title", "column_2": "received_on"}).headers["Location"]
    assert "en cours" in client.get(report).content.decode()
    run_waiting()
    told = client.get(report).content.decode()
    assert "La reprise est terminée" in told and "Aucune colonne ne disait" in told
    assert Case.objects.get().title == "Atelier vélo"


def test_the_imports_of_another_door_are_not_to_be_found(client: Client, door, reader):
    client.force_login(Person.objects.get(pk=made.adviser(made.door("CCI"))))
    found = given(reader, door, FEW)
    for name in ("case_import", "case_import_columns"):
        assert client.get(reverse(f"pathway:{name}", args=[found.pk])).status_code == 404

"""Importing from the site: a messy spreadsheet sent, its mapping corrected, a job, a report with its refused rows."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from toile.directory import runs
from toile.directory.models import ImportRun, Organisation, SourceRecord
from toile.directory.models.imports import RunState
from toile.kernel.acts import Actor
from toile.kernel.errors import Forbidden
from toile.kernel.jobs import run_waiting
from toile.kernel.models import Job
from toile.kernel.readers import Role

from .conftest import reader_with, siret_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home", "kept_apart")]

NEW = "/annuaire/importer/nouveau/"
MESSY = (
    "Liste des adhérents 2026;;;;;\n"
    "Dénomination;N° SIRET;Adresse mail;Téléphone;CP;Commune\n"
    f"Régie de quartier;{siret_of(1)};contact@exemple.fr;04 00 00 00 00;42100;St Etienne\n"
    ";12;;;;Firminy\n"
    "Épicerie « Le Vrac »;1.23E+13;;;42700;Firminy\n"
    "Trop;de;colonnes;dans;cette;ligne;ci\n"
).encode("cp1252")


@pytest.fixture
def kept_apart(settings: Any, tmp_path: Path) -> Path:
    """The files sent are kept in a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT / "imports"


def send(client: Any, content: bytes = MESSY, name: str = "adhérents.csv") -> Any:
    return client.post(NEW, {"file": SimpleUploadedFile(name, content)})


def choices(page: Any) -> dict[str, str]:
    """The form of the mapping as it was shown: what a person would send without touching it."""
    form = page.context["form"]
    return {name: form[name].value() or "" for name in form.fields if name.startswith("column_")}


def test_a_messy_spreadsheet_goes_from_the_upload_to_its_report(as_officer: Any, kept_apart: Path) -> None:
    sent = send(as_officer)
    run = ImportRun.objects.get()
    assert (sent.status_code, sent["Location"]) == (302, f"/annuaire/importer/{run.pk}/colonnes/")
    page = as_officer.get(sent["Location"])
    guessed = {line["column"]: line["bound"].value() or "" for line in page.context["lines"]}
    assert guessed == {
        "Dénomination": "name", "N° SIRET": "siret", "Adresse mail": "", "Téléphone": "", "CP": "postal_code",
        "Commune": "city",
    }  # fmt: skip
    assert "Régie de quartier" in page.content.decode()
    assert (Organisation.objects.count(), run.state) == (0, RunState.UPLOADED)

    started = as_officer.post(sent["Location"], choices(page))
    report_url = f"/annuaire/importer/{run.pk}/"
    assert (started.status_code, started["Location"]) == (302, report_url)
    assert "L’import est en cours" in as_officer.get(report_url).content.decode()
    assert run_waiting() == 1

    run.refresh_from_db()
    assert (run.state, run.report["read"], run.report["created"]) == (RunState.DONE, 4, 1)
    assert (run.report["to_check"], run.report["refused_count"]) == (1, 2)
    shown = as_officer.get(report_url).content.decode()
    assert "La ligne ne donne aucun nom" in shown and "trop de colonnes" in shown and "Les lignes refusées" in shown
    assert as_officer.get(f"{report_url}rapport.json").json() == run.report
    assert list(kept_apart.iterdir()) == [] and run.stored_as == ""
    organisation = Organisation.objects.get(siren=siret_of(1)[:9])
    assert (organisation.name, organisation.main.commune_id) == ("Régie de quartier", "42218")
    assert as_officer.get("/annuaire/importer/").status_code == 200


def test_personal_columns_are_left_out_and_never_reach_the_records(as_officer: Any) -> None:
    url = send(as_officer)["Location"]
    page = as_officer.get(url)
    as_officer.post(url, choices(page))
    run_waiting()
    kept = str(list(SourceRecord.objects.values_list("payload", flat=True)))
    assert "exemple.fr" not in kept and "04 00" not in kept
    assert page.context["left_out"], "the page says which columns it left out, and why"


def test_a_corrected_mapping_is_the_one_used_and_a_person_s_word_makes_all_of_it_ess(as_officer: Any) -> None:
    url = send(as_officer, b"Intitule,Rue,Divers\nUn nom,Firminy,3 rue B\nAutre,Firminy,4 rue C\n", "t.csv")["Location"]
    page = as_officer.get(url)
    columns = {line["column"]: line["bound"].name for line in page.context["lines"]}
    chosen = {columns["Intitule"]: "name", columns["Rue"]: "city", columns["Divers"]: "address", "all_ess": "on"}
    as_officer.post(url, chosen)
    run_waiting()
    assert set(Organisation.objects.values_list("main__address", "ess_verdict")) == {
        ("3 rue B", "yes"),
        ("4 rue C", "yes"),
    }


def test_posting_twice_imports_once(as_officer: Any) -> None:
    url = send(as_officer)["Location"]
    form = choices(as_officer.get(url))
    assert [as_officer.post(url, form).status_code for _ in range(2)] == [302, 302]
    assert (Job.objects.filter(kind="directory.import").count(), run_waiting()) == (1, 1)
    assert as_officer.get(url).status_code == 302
    again = send(as_officer)["Location"]
    as_officer.post(again, choices(as_officer.get(again)))
    run_waiting()
    newest = ImportRun.objects.exclude(pk=url.split("/")[3]).get()
    assert (newest.report["created"], newest.report["unchanged"]) == (0, 1)
    assert Organisation.objects.count() == 2


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n" + b"\0" * 99, b"PK\x03\x04", b"<html></html>"])
def test_a_file_that_is_not_a_table_is_refused_beside_its_field_and_not_kept(
    as_officer: Any, kept_apart: Path, content: bytes
) -> None:
    answer = send(as_officer, content)
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
    assert not ImportRun.objects.exists()
    assert not (kept_apart.exists() and list(kept_apart.iterdir()))


def test_wrong_columns_an_unknown_perimeter_and_no_name_are_said_in_the_form(as_officer: Any) -> None:
    url = send(as_officer)["Location"]
    form = choices(as_officer.get(url))
    assert as_officer.post(url, form | {"perimetre": "Atlantide"}).status_code == 422
    assert as_officer.post(url, form | {"column_0": "mot de passe"}).status_code == 422
    assert as_officer.post(url, form | {"column_0": "\0", "perimetre": "\0" * 300}).status_code == 422
    assert ImportRun.objects.get().state == RunState.UPLOADED


def test_a_mapping_without_a_name_is_refused_before_the_job(as_officer: Any) -> None:
    url = send(as_officer)["Location"]
    form = dict.fromkeys(choices(as_officer.get(url)), "")
    assert as_officer.post(url, form).status_code == 422
    assert ImportRun.objects.get().state == RunState.UPLOADED


def test_a_perimeter_keeps_its_rows_only(as_officer: Any) -> None:
    rows = "nom,code postal,ville\nIci,42700,Firminy\nLà,69001,Lyon\n".encode()
    url = send(as_officer, rows, "t.csv")["Location"]
    as_officer.post(url, choices(as_officer.get(url)) | {"perimetre": "Saint-Étienne Métropole"})
    run_waiting()
    assert (ImportRun.objects.get().report["outside"], Organisation.objects.get().name) == (1, "Ici")


def test_a_stopped_import_keeps_what_it_wrote_and_deletes_the_file(as_officer: Any, kept_apart: Path) -> None:
    rows = "nom,ville\n" + "".join(f"Structure {n},Firminy\n" for n in range(300))
    url = send(as_officer, rows.encode(), "t.csv")["Location"]
    as_officer.post(url, choices(as_officer.get(url)))
    Job.objects.update(cancel_asked=True)
    run_waiting()
    run = ImportRun.objects.get()
    assert (run.state, Job.objects.get().state) == (RunState.FAILED, Job.State.CANCELLED)
    assert 0 < Organisation.objects.count() < 300
    assert list(kept_apart.iterdir()) == []
    assert "arrêté" in as_officer.get(f"/annuaire/importer/{run.pk}/").content.decode()


def test_an_import_whose_job_failed_is_not_shown_as_running_for_ever(as_officer: Any) -> None:
    url = send(as_officer)["Location"]
    as_officer.post(url, choices(as_officer.get(url)))
    Job.objects.update(state=Job.State.FAILED, error="Erreur inattendue (OSError)")
    shown = as_officer.get(url.removesuffix("colonnes/")).content.decode()
    assert "Erreur inattendue (OSError)" in shown and "L’import est en cours" not in shown


def test_a_file_that_nobody_imports_is_deleted_and_one_that_is_being_imported_stays(
    as_officer: Any, kept_apart: Path
) -> None:
    abandoned, waiting = send(as_officer)["Location"], send(as_officer)["Location"]
    as_officer.post(waiting, choices(as_officer.get(waiting)))
    actor = Actor.system("essai")
    assert runs.forget_abandoned(actor, before=timezone.now() - timedelta(days=7)) == 0
    assert runs.forget_abandoned(actor, before=timezone.now()) == 1
    gone = ImportRun.objects.get(pk=abandoned.split("/")[3])
    assert (gone.state, gone.stored_as, len(list(kept_apart.iterdir()))) == (RunState.FAILED, "", 1)
    assert "il est effacé" in as_officer.get(f"/annuaire/importer/{gone.pk}/").content.decode()
    assert as_officer.get(abandoned).status_code == 302
    run_waiting()
    assert ImportRun.objects.exclude(pk=gone.pk).get().state == RunState.DONE


PAGES = ["", "nouveau/", "{run}/", "{run}/colonnes/", "{run}/rapport.json"]


@pytest.mark.parametrize("page", PAGES)
def test_officers_and_administrators_only_may_import(client: Any, person: Any, as_officer: Any, page: str) -> None:
    send(as_officer)
    url = "/annuaire/importer/" + page.format(run=ImportRun.objects.get().pk)
    assert as_officer.get(url).status_code in (200, 302)
    client.logout()
    assert client.get(url).status_code == 302
    assert "/annuaire/" not in client.get(url)["Location"].split("?")[0]
    for role in (None, Role.ADVISER, Role.BUYER, Role.FACILITATOR, Role.SITE_MANAGER):
        client.force_login(person(*([role] if role else [])))
        assert (client.get(url).status_code, client.post(url).status_code) == (403, 403)
    client.force_login(person(Role.ADMINISTRATOR))
    assert client.get(url).status_code in (200, 302)


def test_the_service_refuses_whoever_the_page_would_refuse() -> None:
    reader = reader_with(Role.BUYER)
    with pytest.raises(Forbidden):
        runs.receive(Actor.of(reader), reader, SimpleUploadedFile("t.csv", MESSY))

"""The officer's journey through the pages: files given, understood, computed, read again, published, corrected."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from toile.directory.imports.simulate import simulate_stock
from toile.kernel.jobs import run_waiting
from toile.kernel.readers import Role
from toile.panorama.models import Edition, EditionState, Source
from toile.panorama.services import editions, fetching
from toile.panorama.services.publishing import checksum_of

from . import made_up
from .conftest import TABLE

pytestmark = pytest.mark.django_db
STATEMENTS_OF_A_PAGE = 5
"""The session, the person, their roles, and what the frame of every page asks."""


@pytest.fixture
def desk(as_officer: Client, home: None, var: Path) -> Client:
    """The browser of an officer of Saint-Étienne Métropole."""
    return as_officer


def at(name: str, *args: Any) -> str:
    return reverse(f"panorama:{name}", args=args)


def given(name: str, content: bytes | str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


@pytest.fixture
def edition(desk: Client) -> Edition:
    """An edition begun from its form."""
    answer = desk.post(
        at("edition_new"), {"perimeter": "244200770", "year": 2024, "compared": ["dep:42", "france"], "others": ""}
    )
    made = Edition.objects.get()
    assert answer.url == at("edition_sources", made.pk), answer.content.decode()[-800:]
    return made


def drop(desk: Client, edition: Edition, *files: SimpleUploadedFile) -> Any:
    return desk.post(at("source_drop", edition.pk), {"files": list(files)})


def page(desk: Client, name: str, *args: Any, status: int = 200) -> str:
    answer = desk.get(at(name, *args))
    assert answer.status_code == status
    return " ".join(answer.content.decode().replace("\u202f", " ").replace("\u00a0", " ").split())


def describe(desk: Client, source: Source, **said: Any) -> Any:
    words = {
        "kind": source.kind, "title": "Emploi par commune", "publisher": "Institut d’essai", "vintage": "2024",
        "year": "2024", "licence": "Licence Ouverte 2.0", "simulated": "on",
    }  # fmt: skip
    return desk.post(at("source", source.pk), words | said)


def test_the_first_page_offers_to_prepare_and_the_form_proposes_the_territory(desk):
    assert "Préparer une édition" in page(desk, "workbench")
    form = page(desk, "edition_new")
    assert 'value="244200770" selected' in form and "Loire Forez" in form and 'value="france"' in form


def test_files_are_dropped_together_and_each_is_kept_or_refused_by_itself(desk, edition):
    answer = drop(desk, edition, given("emploi.csv", TABLE), given("photo.pdf", b"%PDF-1.7"), given("vide.csv", ""))
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "photo.pdf" in said and "vide.csv" in said and "est vide" in said
    source = Source.objects.get()
    assert (source.filename, source.size, len(source.checksum)) == ("emploi.csv", len(TABLE), 64)
    assert list(edition.sources.all()) == [source] and "en train d’être lu" in said
    run_waiting()
    assert "la licence et le millésime" in page(desk, "edition_sources", edition.pk)
    assert "Tous les emplois salariés" in page(desk, "source", source.pk)


def test_the_same_file_given_twice_is_one_source(desk, edition, var):
    for _time in range(2):
        assert drop(desk, edition, given("emploi.csv", TABLE)).status_code == 302
    assert Source.objects.count() == 1
    assert len(list((var / "var/panorama/sources").iterdir())) == 1


def test_a_file_too_large_is_stopped_and_leaves_nothing(desk, edition, settings, var):
    settings.TOILE_PANORAMA_MAX_BYTES = 10
    answer = drop(desk, edition, given("emploi.csv", TABLE))
    assert answer.status_code == 422 and "dépasse" in answer.content.decode()
    assert not list((var / "var/panorama/sources").iterdir()) and not Source.objects.exists()


def zipped(content: str) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("StockEtablissement_utf8.csv", content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("StockEtablissement_utf8.zip", zipped("siren,siret\n" * 400)[:-40]),
        ("StockEtablissement_utf8.csv", b"siren;ville\n123456789;Lyon\n"),
        ("tableau.csv", b"a;b\n1;2\n"),
        ("tableau.xlsx", b"PK\x03\x04 nothing of a workbook"),
    ],
)
def test_a_wrong_file_is_refused_with_its_reason_and_the_job_does_not_fail(desk, edition, name, content):
    assert drop(desk, edition, given(name, content)).status_code == 302
    run_waiting()
    source = Source.objects.get()
    assert source.state == Source.State.REFUSED and len(source.refusal) > 20
    assert "Ce fichier ne peut pas servir" in page(desk, "source", source.pk)


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/a.csv",
        "https://10.0.0.1/a.csv",
        "http://exemple.fr/a.csv",
        "https://[::1]/a.csv",
        "https://x.local/",
    ],
)
def test_a_private_or_plain_address_is_refused_before_anything_is_asked(desk, edition, url):
    answer = desk.post(at("edition_sources", edition.pk), {"url": url})
    assert answer.status_code == 422 and not Source.objects.exists()


def test_an_address_is_fetched_by_a_job_redirections_included(desk, edition, local_server, settings):
    settings.TOILE_WEBHOOKS_LOOPBACK = True
    local_server.give("/ancien.csv", b"", status=302, Location="/emploi.csv")
    local_server.give("/emploi.csv", TABLE.encode())
    assert desk.post(at("edition_sources", edition.pk), {"url": f"{local_server.url}/ancien.csv"}).status_code == 302
    run_waiting()
    source = Source.objects.get()
    assert (source.state, source.filename, source.size) == ("understood", "emploi.csv", len(TABLE))


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (404, b"", {}),
        (302, b"", {"Location": "https://10.0.0.1/a.csv"}),
        (302, b"", {"Location": "/a.csv"}),
        (200, b"%PDF", {"Content_Type": "application/pdf"}),
    ],
)
def test_an_address_that_gives_nothing_good_refuses_the_source(
    desk, edition, local_server, settings, status, body, headers
):
    settings.TOILE_WEBHOOKS_LOOPBACK = True
    local_server.give("/a.csv" if status != 200 else "/a", body, status=status, **headers)
    desk.post(at("edition_sources", edition.pk), {"url": f"{local_server.url}/{'a.csv' if status != 200 else 'a'}"})
    run_waiting()
    source = Source.objects.get()
    assert source.state == Source.State.REFUSED and source.refusal and not source.path


def test_a_redirection_to_a_private_address_is_refused(local_server, var):
    local_server.give("/a.csv", b"", status=302, Location="https://192.168.0.1/a.csv")
    with pytest.raises(fetching.FetchRefused, match="privée"):
        fetching.fetch(f"{local_server.url}/a.csv", lambda received, announced: None, loopback=True)


def test_the_whole_journey_from_a_file_to_a_correction(desk, edition, made_up_figures):
    drop(desk, edition, given("emploi.csv", TABLE))
    run_waiting()
    source = Source.objects.get()
    assert describe(desk, source).status_code == 302
    desk.post(at("edition_build", edition.pk))
    assert "Le calcul est en cours" in page(desk, "edition_work", edition.pk)
    run_waiting()
    assert "Les chiffres sont calculés" in page(desk, "edition_work", edition.pk)
    review = page(desk, "edition_review", edition.pk)
    assert "sous secret statistique" in review and "À regarder avant de publier" in review
    assert desk.post(
        at("edition_words", edition.pk), {"revision": 0, "title": "Notre panorama", "introduction": "Bien."}
    )
    note = {"revision": 0, "indicator": "jobs", "commune": "42218", "text": "Un siège déclare ici."}
    assert desk.post(at("edition_notes", edition.pk), note).status_code == 302
    assert "Un siège déclare ici." in page(desk, "edition_review", edition.pk)
    assert "Publier cette édition" in page(desk, "edition_publish", edition.pk)
    assert desk.post(at("edition_publish", edition.pk), {"revision": 0}).status_code == 409
    assert desk.post(at("edition_publish", edition.pk), {"revision": 1}).url == at("edition", edition.pk)
    edition.refresh_from_db()
    assert edition.state == EditionState.PUBLISHED and edition.checksum == checksum_of(edition)
    assert desk.get(at("edition_words", edition.pk)).status_code == 302
    assert desk.post(at("edition_correct", edition.pk), {"erratum": ""}).status_code == 422
    answer = desk.post(at("edition_correct", edition.pk), {"erratum": "Un siège compté deux fois."})
    made = Edition.objects.get(version=2)
    assert answer.url == at("edition_work", made.pk)
    assert "C’est une correction" in page(desk, "edition_work", made.pk)
    desk.post(at("edition_build", made.pk))
    run_waiting()
    assert desk.post(at("edition_publish", made.pk), {"revision": 0}).status_code == 302
    edition.refresh_from_db()
    assert edition.state == EditionState.REPLACED
    shown = page(desk, "workbench")
    assert "remplacée" in shown and "publiée" in shown


def test_two_officers_writing_the_introduction_lose_nothing(desk, edition):
    said = {"revision": 0, "title": "Un", "introduction": "D’elle."}
    assert desk.post(at("edition_words", edition.pk), said).status_code == 302
    answer = desk.post(at("edition_words", edition.pk), said | {"introduction": "De lui."})
    text = answer.content.decode()
    assert answer.status_code == 409 and "D’elle." in text and "De lui." in text and 'value="1"' in text
    assert (
        desk.post(at("edition_words", edition.pk), said | {"revision": 1, "introduction": "De lui."}).status_code == 302
    )
    edition.refresh_from_db()
    assert edition.introduction == "De lui."


def test_a_panorama_of_others_is_added_from_its_form(desk):
    said = {
        "perimeter": "244200770", "year": "", "title": "Le poids de l’ESS", "publisher": "PROCESS",
        "document": "Document non daté", "jobs": "21 142", "share_of_employment": "14,1 %",
        "contradictions": "Un autre dit 14 %.\n\nUn autre encore.",
    }  # fmt: skip
    wrong = desk.post(at("theirs_new"), said | {"jobs": "beaucoup"})
    assert wrong.status_code == 422 and "Le poids de l’ESS" in wrong.content.decode()
    assert desk.post(at("theirs_new"), said | {"jobs": "", "share_of_employment": ""}).status_code == 422
    kept_at = desk.post(at("theirs_new"), said).url
    kept = Edition.objects.get()
    assert kept_at == at("edition", kept.pk) and len(kept.contradictions) == 2
    again = page(desk, "theirs_correct", kept.pk)
    assert 'value="21142"' in again and 'value="14,1"' in again
    made = desk.post(at("theirs_correct", kept.pk), said | {"jobs": "21 143", "erratum": "Mal recopié."})
    assert made.status_code == 302
    kept.refresh_from_db()
    assert kept.state == EditionState.REPLACED


def test_the_first_page_reads_in_a_known_number_of_statements(desk, django_assert_num_queries, var):
    made_up.edition(EditionState.BUILT)
    desk.get(at("workbench"))
    with django_assert_num_queries(STATEMENTS_OF_A_PAGE + 4):
        desk.get(at("workbench"))
    made_up.edition(EditionState.PUBLISHED, number=2, year=2023)
    with django_assert_num_queries(STATEMENTS_OF_A_PAGE + 4):
        desk.get(at("workbench"))


def test_what_waits_is_told_to_the_officer(desk, edition):
    Edition.objects.filter(pk=edition.pk).update(state=EditionState.FAILED, report={"failure": "Un fichier manque."})
    assert "Le calcul a échoué" in desk.get(reverse("kernel:work")).content.decode()
    assert "Un fichier manque." in page(desk, "edition_work", edition.pk)
    assert "Préparer le panorama" in desk.get(reverse("home")).content.decode()


def test_an_edition_nobody_wants_is_abandoned(desk, edition):
    assert desk.post(at("edition_abandon", edition.pk)).url == at("workbench")
    assert not Edition.objects.exists()


def test_a_year_already_begun_leads_to_its_edition(desk, edition):
    answer = desk.post(at("edition_new"), {"perimeter": "244200770", "year": 2024, "others": ""})
    assert answer.url == at("edition_work", edition.pk)


def test_the_title_follows_the_year_until_somebody_writes_another():
    assert editions.title_for("Val d’Essai", 2024).startswith("L’économie sociale et solidaire, Val d’Essai")


@pytest.mark.slow
def test_the_real_computing_gives_figures_drawings_and_documents(desk, edition, var):
    """From two files of an invented stock, dropped by the form, to the pages and the PDF: nothing is replaced here."""
    weights = {"42218": 170, "42207": 35, "42095": 17, "42189": 10, "42225": 7, "42147": 16, "69123": 500}
    stock = simulate_stock(var, 4000, 7, list(weights.items()), "csv", threads=1)
    drop(desk, edition, *(given(path.name, path.read_bytes()) for path in (stock.unites, stock.etablissements)))
    run_waiting()
    for source in Source.objects.all():
        assert source.state == Source.State.UNDERSTOOD, source.refusal
        assert describe(desk, source).status_code == 302
    desk.post(at("edition_build", edition.pk))
    run_waiting()
    edition.refresh_from_db()
    assert edition.state == EditionState.BUILT, edition.report
    assert edition.simulated and edition.values.filter(indicator="jobs", commune="42218").exists()
    assert edition.placed.exists() and {"pdf", "xlsx", "a4", "a4:42218"} <= set(
        edition.outputs.values_list("key", flat=True)
    )
    for name in ("edition_review", "edition", "edition_work"):
        assert "simulé" in page(desk, name, edition.pk)
    desk.post(at("edition_publish", edition.pk), {"revision": edition.revision})
    run_waiting()
    edition.refresh_from_db()
    assert edition.checksum == checksum_of(edition)


def test_nobody_else_writes_a_file_and_no_other_site_either(desk, edition, var, person):
    kept = var / "var/panorama/sources"
    assert drop(Client(), edition, given("emploi.csv", TABLE)).status_code == 302
    assert not kept.exists() or not list(kept.iterdir())
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(person(Role.OFFICER))
    assert drop(forged, edition, given("emploi.csv", TABLE)).status_code == 403
    assert not Source.objects.exists()

"""Files kept with a case: what is accepted, where they are, that they go."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from toile.accounts.models import Person
from toile.kernel.acts import Actor
from toile.kernel.errors import Forbidden, Gone
from toile.pathway.models import Document
from toile.pathway.services.documents import DocumentRefused, add_document, on_disk, open_document, remove_document
from toile.pathway.tests.made_cases import adviser, case, door, reader

PDF = b"%PDF-1.4 des mots"


@pytest.fixture
def scene(db, settings, tmp_path):
    settings.TOILE_KEPT_FOLDERS = {"pathway": tmp_path / "pathway"}
    here = door()
    person = adviser(here)
    return person, reader(person), case(here)


def sent(name="note.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def test_a_file_is_kept_under_a_name_of_ours_with_its_size_and_checksum(scene):
    _, who, found = scene
    kept = add_document(Actor.of(who), who, found, sent("../../Étude.PDF"))
    assert (kept.filename, kept.title, kept.size, len(kept.checksum)) == ("Étude.PDF", "Étude", len(PDF), 64)
    assert on_disk(kept.path).read_bytes() == PDF and "Étude" not in kept.path


@pytest.mark.parametrize(
    ("name", "content"),
    [("page.html", b"<script>"), ("note.pdf", b"MZ"), ("vide.pdf", b""), ("note.txt", b"a\x00b"), ("sans", b"x")],
)
def test_what_a_browser_could_run_or_what_lies_about_itself_is_refused(scene, name, content):
    _, who, found = scene
    with pytest.raises(DocumentRefused):
        add_document(Actor.of(who), who, found, sent(name, content))
    assert not Document.objects.exists()


def test_a_file_too_large_is_refused_with_its_limit(scene, monkeypatch):
    _, who, found = scene
    monkeypatch.setattr("toile.pathway.services.documents.BIGGEST", 10)
    with pytest.raises(DocumentRefused, match="15"):
        add_document(Actor.of(who), who, found, sent())


def test_another_door_adds_nothing_and_leaves_no_file(scene, tmp_path):
    _, _, found = scene
    other = reader(adviser(door("CCI")))
    with pytest.raises(Forbidden):
        add_document(Actor.of(other), other, found, sent())
    assert not list((tmp_path / "pathway").rglob("*.pdf"))


@pytest.mark.django_db(transaction=True)
def test_a_file_removed_is_gone_from_the_disk(settings, tmp_path):
    settings.TOILE_KEPT_FOLDERS = {"pathway": tmp_path / "pathway"}
    here = door()
    who, found = reader(adviser(here)), case(here)
    kept = add_document(Actor.of(who), who, found, sent())
    path = kept.path
    remove_document(Actor.of(who), who, kept)
    assert not on_disk(path).exists() and not Document.objects.exists()


def test_a_file_lost_from_the_disk_says_so(scene):
    _, who, found = scene
    kept = add_document(Actor.of(who), who, found, sent())
    on_disk(kept.path).unlink()
    with pytest.raises(Gone):
        open_document(kept)


def test_the_page_lists_adds_and_refuses_with_the_field_named(client, scene):
    person, _, found = scene
    client.force_login(Person.objects.get(pk=person))
    address = reverse("pathway:documents", args=[found.pk])
    assert client.post(address, {"file": sent(), "title": "La note"}).status_code == 302
    assert "La note" in client.get(address).content.decode()
    refused = client.post(address, {"file": sent("x.exe", b"MZ")})
    assert refused.status_code == 422 and "n’est pas d’un format gardé" in refused.content.decode()

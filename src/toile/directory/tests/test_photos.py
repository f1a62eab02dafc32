"""The photos of a structure's page: described, agreed to, in order, eight at most, given back at a split."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from PIL import Image

from toile.directory.models import Organisation, Photo
from toile.directory.models.records import Verdict
from toile.directory.queries.photos import photos_of
from toile.directory.services import judge, withdraw
from toile.directory.services.parting import written_since
from toile.directory.services.photos import add_photo, move_photo, remove_photo
from toile.kernel.acts import Actor
from toile.kernel.errors import Forbidden, UserError
from toile.kernel.jobs import enqueue, run_waiting
from toile.kernel.personal import Someone, holdings
from toile.kernel.pictures import Picture
from toile.kernel.readers import Reader, Role
from toile.thread.models import Fact

from .conftest import ACTOR, reader_with
from .structures import make, make_private

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def sent(colour: str = "teal", kind: str = "JPEG") -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(written, kind)
    return written.getvalue()


def added(reader: Reader, organisation: Organisation, alt: str = "Un vélo") -> Photo:
    return add_photo(
        Actor.of(reader), reader, organisation, ContentFile(sent()), alt=alt, credit="", people_agreed=True
    )


def shown(organisation: Organisation) -> list[str]:
    return [photo.picture.alt for photo in photos_of(organisation.pk)]


@pytest.fixture
def client_of_member(enter: Any) -> Client:
    signed_in: Client = enter()
    return signed_in


def form(content: bytes, **told: str) -> dict[str, Any]:
    return {"picture": SimpleUploadedFile("photo.jpg", content), "alt": "Un atelier", "people_agreed": "on"} | told


def test_a_photo_is_added_shown_on_the_page_and_told(client_of_member: Client, structure: Organisation) -> None:
    url = f"/annuaire/{structure.pk}/photos/"
    assert client_of_member.post(url, form(sent(), credit="Atelier photo")).status_code == 302
    page = client_of_member.get(structure.get_absolute_url()).content.decode()
    assert 'alt="Un atelier"' in page
    assert "Atelier photo" in page
    assert "joute une photo à sa fiche" in page
    known = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[0])
    assert known["image"].startswith("http://testserver/-/images/")
    assert Client().get(known["image"].removeprefix("http://testserver")).status_code == 200


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"alt": ""}, "alt"),
        ({"people_agreed": ""}, "people_agreed"),
        ({"picture": b"<svg onload=alert(1)>"}, "picture"),
    ],
)
def test_words_and_agreement_are_owed_and_what_was_typed_is_kept(
    client_of_member: Client, structure: Organisation, told: dict[str, Any], field: str
) -> None:
    file = told.pop("picture", sent())
    answer = client_of_member.post(f"/annuaire/{structure.pk}/photos/", form(file, credit="Atelier") | told)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "Atelier" in answer.content.decode()
    assert not Photo.objects.exists()


def test_the_database_holds_the_agreement_the_number_and_the_order(structure: Organisation, member: Reader) -> None:
    photo = added(member, structure)
    for wrong in ({"people_agreed": False, "place": 2}, {"place": 1}, {"place": 9}):
        values = {"people_agreed": True, "picture": photo.picture, "organisation": structure} | wrong
        with pytest.raises(IntegrityError), transaction.atomic():
            Photo.objects.create(**values)


def test_eight_at_most(structure: Organisation, member: Reader) -> None:
    for number in range(8):
        added(member, structure, f"Photo {number}")
    with pytest.raises(UserError, match="8 photos au plus"):
        added(member, structure)
    assert shown(structure) == [f"Photo {number}" for number in range(8)]


def test_photos_change_places_and_close_up(structure: Organisation, member: Reader) -> None:
    first, second, third = (added(member, structure, name) for name in "abc")
    move_photo(Actor.of(member), member, third, earlier=True)
    assert shown(structure) == ["a", "c", "b"]
    move_photo(Actor.of(member), member, first, earlier=True)
    move_photo(Actor.of(member), member, second, earlier=False)
    assert shown(structure) == ["a", "c", "b"], "the first and the last stay"
    move_photo(Actor.of(member), member, first, earlier=False)
    assert shown(structure) == ["c", "a", "b"]
    remove_photo(Actor.of(member), member, first)
    remove_photo(Actor.of(member), member, first)
    assert shown(structure) == ["c", "b"]
    assert list(Photo.objects.values_list("place", flat=True)) == [1, 2]
    assert Fact.objects.filter(kind="directory.photo.removed").count() == 1


def test_each_page_of_the_photos_answers_without_script(client_of_member: Client, structure: Organisation) -> None:
    url = f"/annuaire/{structure.pk}/photos/"
    for alt in "ab":
        client_of_member.post(url, form(sent(), alt=alt))
    one, two = Photo.objects.order_by("place")
    assert client_of_member.post(f"{url}{two.pk}/deplacer/", {"vers": "avant"}).status_code == 302
    assert shown(structure) == ["b", "a"]
    assert client_of_member.get(f"{url}{one.pk}/").status_code == 200
    assert client_of_member.post(f"{url}{one.pk}/", {"alt": "", "credit": ""}).status_code == 422
    assert client_of_member.post(f"{url}{one.pk}/", {"alt": "Autre chose", "credit": "Moi"}).status_code == 302
    assert shown(structure) == ["b", "Autre chose"]
    assert client_of_member.get(f"{url}{one.pk}/retirer/").status_code == 200
    assert client_of_member.post(f"{url}{one.pk}/retirer/").status_code == 302
    assert shown(structure) == ["b"]
    assert client_of_member.get(f"{url}{one.pk}/").status_code == 404


def test_a_photo_is_reached_by_its_own_structure_s_page_only(client_of_member: Client, structure: Organisation) -> None:
    other = make("Une autre")
    stranger = added(reader_with(Role.OFFICER), other)
    assert client_of_member.post(f"/annuaire/{structure.pk}/photos/{stranger.pk}/retirer/").status_code == 404
    assert client_of_member.post(f"/annuaire/{other.pk}/photos/{stranger.pk}/retirer/").status_code == 403
    assert shown(other) == ["Un vélo"]


def test_nobody_else_holds_the_photos(structure: Organisation) -> None:
    for reader in (reader_with(), reader_with(Role.BUYER), reader_with(organisations=[make("Une autre")])):
        with pytest.raises(Forbidden):
            added(reader, structure)


def test_what_a_private_project_shows_is_told_to_its_people_only() -> None:
    project = make_private()
    added(reader_with(organisations=[project]), project)
    assert Fact.objects.get(kind="directory.photo.added").visibility == "members"


def test_joined_structures_show_both_and_give_back_what_was_added_since(officer: Reader) -> None:
    first, second = make("Première"), make("Seconde")
    added(officer, first, "de la première")
    added(officer, second, "de la seconde")
    judgement = judge(Actor.of(officer), officer, first, second, Verdict.SAME, ["même adresse"])
    assert shown(first) == ["de la première", "de la seconde"]
    added(officer, first, "depuis la fusion")
    asked = [one for one in written_since(judgement) if one.belonging.code == "photos"]
    assert [one.written.value for one in asked] == ["depuis la fusion"]
    withdraw(Actor.of(officer), officer, judgement, moving=[one.key for one in asked])
    assert (shown(first), shown(second)) == (["de la première"], ["de la seconde", "depuis la fusion"])


def test_an_erased_person_leaves_the_photo_without_their_name(structure: Organisation, member: Reader) -> None:
    photo = added(member, structure)
    assert member.person is not None
    holding = holdings["directory.photo"]
    assert [row["Ce que la photo montre"] for row in holding.export(Someone(member.person))] == ["Un vélo"]
    holding.erase(Someone(member.person))
    photo.refresh_from_db()
    assert photo.added_by is None


def test_a_picture_that_a_page_shows_is_never_swept_and_one_taken_away_is(
    structure: Organisation, member: Reader
) -> None:
    stays, goes = added(member, structure, "reste"), added(member, structure, "part")
    remove_photo(Actor.of(member), member, goes)
    Picture.objects.update(made_at=timezone.now() - timedelta(days=2))
    enqueue(ACTOR, "kernel.pictures")
    run_waiting()
    assert list(Picture.objects.all()) == [stays.picture]
    assert Client().get(stays.picture.url()).status_code == 200

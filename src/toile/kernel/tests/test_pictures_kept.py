"""Pictures once drawn: kept with their act, served under their own name, described, swept when nothing shows them."""

import io
import os
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.utils import timezone
from PIL import Image

from toile.kernel.acts import Actor, NoAct, act
from toile.kernel.jobs import enqueue, run_waiting
from toile.kernel.pictures import Picture, PictureFields, keep
from toile.kernel.pictures.keeping import folder, path_of

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def sent(kind="JPEG", size=(900, 600), colour="teal", mode="RGB", **options):
    written = io.BytesIO()
    Image.new(mode, size, colour).save(written, kind, **options)
    return written.getvalue()


def kept(content=None, alt="Un vélo"):
    with act(Actor.system("test")):
        return keep(ContentFile(content or sent()), alt=alt)


@pytest.mark.django_db
def test_a_picture_is_served_for_ever_under_its_own_name_and_nothing_else(client, django_assert_num_queries):
    picture = kept()
    with django_assert_num_queries(1):
        answer = client.get(picture.url(320))
    assert (answer.status_code, answer["Content-Type"], answer["X-Content-Type-Options"]) == (
        200,
        "image/webp",
        "nosniff",
    )
    assert "immutable" in answer["Cache-Control"]
    assert answer.content == path_of(picture.sha256, 320).read_bytes()
    assert client.get(picture.url(333)).status_code == 404
    assert client.get("/-/images/00000000-0000-4000-8000-000000000000/320.webp").status_code == 404


@pytest.mark.django_db
def test_the_tag_says_widths_size_and_words():
    shown = Template('{% picture p sizes="50vw" %}').render(Context({"p": kept(alt='Un "vélo" <rouge>')}))
    assert shown.count(".webp") == 4
    for words in (
        'sizes="50vw"',
        'width="900" height="600"',
        'loading="lazy"',
        "900w",
        "&quot;vélo&quot; &lt;rouge&gt;",
    ):
        assert words in shown


@pytest.mark.django_db
def test_a_picture_is_kept_inside_an_act_only_and_goes_with_it():
    with pytest.raises(NoAct):
        keep(ContentFile(sent()), alt="")
    with suppress(ZeroDivisionError), act(Actor.system("test")):
        keep(ContentFile(sent()), alt="")
        raise ZeroDivisionError
    assert not Picture.objects.exists()


@pytest.mark.django_db
def test_what_nothing_shows_is_swept_after_a_day_and_what_is_shared_stays():
    old, young = kept(), kept()
    lone = kept(sent(colour="red"))
    assert old.sha256 == young.sha256 != lone.sha256
    Picture.objects.filter(pk__in=[old.pk, lone.pk]).update(made_at=timezone.now() - timedelta(days=2))
    yesterday = time.time() - 2 * 24 * 3600
    for path in folder().glob("*/*"):
        os.utime(path, (yesterday, yesterday))
    enqueue(Actor.system("test"), "kernel.pictures")
    run_waiting()
    assert list(Picture.objects.all()) == [young]
    assert {path.name.partition("-")[0] for path in folder().glob("*/*")} == {young.sha256}


def fields(content=None, **data):
    files = {"picture": SimpleUploadedFile("x.svg", content)} if content else {}
    return PictureFields(data, files)


def test_the_words_are_owed_unless_the_picture_is_decorative():
    assert "alt" in fields(sent()).errors
    told = fields(sent(), alt="Deux vélos")
    assert told.is_valid(), told.errors
    assert told.cleaned_data["picture"].width == 900
    silent = fields(sent(), alt="oubliée", decorative="on")
    assert silent.is_valid()
    assert silent.cleaned_data["alt"] == ""


def test_a_refused_file_is_said_beside_the_field():
    assert "JPEG" in fields(SVG, alt="x").errors["picture"][0]


def test_files_are_never_named_by_who_sent_them(tmp_path, db):
    with act(Actor.system("test")):
        picture = keep(SimpleUploadedFile("../../evil.php", sent()), alt="")
    names = [path.relative_to(tmp_path / "media") for path in (tmp_path / "media").rglob("*.*")]
    assert {name.parent for name in names} == {Path("pictures") / picture.sha256[:2]}
    assert {name.suffix for name in names} == {".webp"}

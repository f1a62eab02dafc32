"""The pages of the news: written with a picture, seen before it is published, read by anybody, moderated, gone."""

from __future__ import annotations

import io
import json
import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from toile.directory.models import News, NewsComment, NewsReport, Organisation
from toile.directory.rules.news import Kind, State
from toile.directory.services import appoint
from toile.directory.services.news import withdraw
from toile.directory.services.news_comments import comment
from toile.directory.services.news_moderation import hide
from toile.kernel.acts import Actor
from toile.kernel.readers import Reader, Role

from .conftest import ACTOR, reader_with
from .open_pages import send
from .structures import make, make_private
from .told import drafted, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
WORDS = {"version": "0", "kind": "news", "title": "Fête de la remise en selle", "text": "Venez.\n\nhttps://exemple.fr"}


@pytest.fixture
def structure() -> Organisation:
    return make("Atelier du coin")


@pytest.fixture
def member(client: Client, person: Any, structure: Organisation) -> Client:
    """The test client, signed in as somebody of the structure."""
    someone = person()
    appoint(ACTOR, None, person=someone.pk, organisation=structure)
    client.force_login(someone)
    return client


@pytest.fixture
def team(person: Any) -> Client:
    """A client signed in as an officer."""
    another = Client()
    another.force_login(person(Role.OFFICER))
    return another


def photo() -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", (700, 400), "teal").save(drawn, "PNG")
    return SimpleUploadedFile("photo.png", drawn.getvalue(), "image/png")


def words(response: Any) -> str:
    return response.content.decode()


def test_a_member_writes_with_a_picture_previews_and_publishes(
    member: Client, structure: Organisation, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    new = f"/annuaire/{structure.pk}/actualites/nouvelle/"
    assert member.get(new).status_code == 200
    lacking = member.post(new, WORDS | {"picture": photo()})
    assert lacking.status_code == 422 and "Décrivez l’image" in words(lacking) and WORDS["title"] in words(lacking)
    sent = member.post(new, WORDS | {"picture": photo(), "alt": "Trois vélos devant la vitrine."})
    made = News.objects.get()
    assert sent["Location"] == f"/actualites/{made.pk}/apercu/"
    preview = member.get(sent["Location"])
    body = re.search(r"<article>.*</article>", words(preview), re.DOTALL)
    assert body and 'alt="Trois vélos devant la vitrine."' in body.group()
    assert Client().get(made.get_absolute_url()).status_code == 404
    assert Client().get(sent["Location"]).status_code == 302, "the sign-in page"

    assert member.post(sent["Location"])["Location"] == made.get_absolute_url()
    page = words(Client().get(made.get_absolute_url()))
    assert '<a href="https://exemple.fr" rel="nofollow">' in page and 'alt="Trois vélos' in page
    # The preview was what everybody sees, but for the day of the publication.
    shown = re.search(r"<article>.*</article>", page, re.DOTALL)
    assert shown and re.sub(r"<div><dt>Publié le.*?</div>", "", shown.group()) == body.group()
    told = json.loads(re.search(r'ld\+json">(.*?)</script>', page).group(1))  # type: ignore[union-attr]
    assert (told["@type"], told["headline"]) == ("NewsArticle", WORDS["title"])
    assert WORDS["title"] in words(Client().get(structure.get_absolute_url()))
    assert WORDS["title"] in words(Client().get("/"))

    assert member.post(f"{made.get_absolute_url()}retirer/").status_code == 302
    assert not made.picture.news.exists(), "nothing shows the picture any more: it is swept"


def test_markup_is_shown_as_it_is_written(structure: Organisation, client: Client) -> None:
    made = published(structure, title="<b>Gras</b>", text="<script>alert(1)</script> javascript:alert(1)")
    page = words(client.get(made.get_absolute_url()))
    assert "<script>alert" not in page and "<b>Gras" not in page and 'href="javascript' not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"title": " "}, "Titre"),
        ({"text": ""}, "Texte"),
        ({"kind": "ragot"}, "Nature"),
        ({"kind": "meeting"}, "Un rendez-vous a un jour"),
        ({"on": "2026-13-45"}, "Date"),
        ({"on": "9999-12-31"}, "trois ans"),
        ({"on": "2026-12-05", "until": "2026-12-01"}, "La fin vient avant"),
        ({"kind": "job", "until": "2025-12-01"}, "passée"),
        ({"commune": "75056"}, "Commune"),
        ({"picture": SimpleUploadedFile("x.svg", b"<svg onload='alert(1)'/>", "image/svg+xml")}, "image"),
        ({"text": "\0"}, "Texte"),
        ({"title": "x" * 141}, "Titre"),
    ],
)
def test_what_is_refused_says_why_and_keeps_what_was_typed(
    member: Client, structure: Organisation, given: dict[str, Any], said: str
) -> None:
    refused = member.post(f"/annuaire/{structure.pk}/actualites/nouvelle/", WORDS | given)
    assert refused.status_code == 422 and said in words(refused)
    assert ("title" in given or WORDS["title"] in words(refused)) and not News.objects.exists()


def test_of_two_people_who_save_at_once_the_second_sees_both_versions(member: Client, structure: Organisation) -> None:
    made = published(structure)
    url = f"/actualites/{made.pk}/modifier/"
    version = str(made.version)
    assert member.post(url, WORDS | {"version": version, "title": "La première"}).status_code == 302
    late = member.post(url, WORDS | {"version": version, "title": "La seconde"})
    assert late.status_code == 409
    assert "La première" in words(late) and 'value="La seconde"' in words(late)
    again = re.search(r'name="version" value="(\d+)"', words(late)).group(1)  # type: ignore[union-attr]
    assert member.post(url, WORDS | {"version": again, "title": "La seconde"}).status_code == 302
    made.refresh_from_db()
    assert made.title == "La seconde"


def test_a_draft_is_404_to_others_and_a_private_project_s_news_too(structure: Organisation) -> None:
    private = published(make_private())
    for made in (drafted(structure), private):
        for path in ("", "signaler/"):
            assert Client().get(f"/actualites/{made.pk}/{path}").status_code == 404


def test_what_was_withdrawn_is_gone_and_what_never_was_is_not_found(member: Client, structure: Organisation) -> None:
    made, thrown = published(structure), drafted(structure)
    for one in (made, thrown):
        assert member.get(f"/actualites/{one.pk}/retirer/").status_code == 200
        assert member.post(f"/actualites/{one.pk}/retirer/").status_code == 302
    gone = Client().get(made.get_absolute_url())
    assert gone.status_code == 410 and "l’a retirée" in words(gone)
    assert Client().get(thrown.get_absolute_url()).status_code == 404
    assert Client().get(f"/actualites/{uuid4()}/").status_code == 404
    assert member.get(f"/actualites/{made.pk}/modifier/").status_code == 410
    hidden = published(make_private())
    withdraw(ACTOR, reader_with(organisations=[hidden.organisation]), hidden)
    assert Client().get(hidden.get_absolute_url()).status_code == 404, "nobody learns that it was"


def test_anybody_reports_and_the_team_leaves_it_or_hides_it_with_a_reason(
    member: Client, team: Client, structure: Organisation
) -> None:
    made = published(structure, title="Promo")
    url = f"/actualites/{made.pk}/signaler/"
    assert send(Client(), url, "news_report", words="Court.").status_code == 422
    assert send(Client(), url, "news_report", words="C’est de la publicité.").status_code == 302
    moderate = f"/actualites/{made.pk}/moderer/"
    assert member.get(moderate).status_code == 403
    assert "C’est de la publicité." in words(team.get(moderate))
    assert team.post(moderate, {"act": "hide", "because": " "}).status_code == 422
    assert team.post(moderate, {"act": "clear", "next": "/-/travail/"})["Location"] == "/-/travail/"
    assert NewsReport.objects.filter(closed_at=None).count() == 0
    assert team.post(moderate, {"act": "hide", "because": "Publicité."}).status_code == 302
    assert Client().get(made.get_absolute_url()).status_code == 404
    assert "Publicité." in words(member.get(made.get_absolute_url()))
    assert team.post(moderate, {"act": "clear"}).status_code == 302
    assert team.post(moderate, {"act": "hide", "because": "Encore."}).status_code == 409

    answer = f"/actualites/{made.pk}/repondre/"
    assert team.get(answer).status_code == 403
    assert member.post(answer, {"words": ""}).status_code == 422
    assert member.post(answer, {"words": "C’est corrigé."}).status_code == 302
    assert "C’est corrigé." in words(team.get(moderate))
    assert team.post(moderate, {"act": "show"}).status_code == 302
    assert Client().get(made.get_absolute_url()).status_code == 200
    assert team.post(moderate, {"act": "show"}).status_code == 409


def test_the_work_queue_treats_news_in_place(team: Client, structure: Organisation, officer: Reader) -> None:
    made = published(structure, title="Signalée")
    NewsReport.objects.create(news=made, words="Le lieu est faux.")
    other = published(structure, title="Contestée")
    hide(ACTOR, officer, other, because="Non.")
    News.objects.filter(pk=other.pk).update(state=State.ANSWERED, answer="Si.", answered_at=other.published_at)
    for code, title in (("directory.news.reported", "Signalée"), ("directory.news.answered", "Contestée")):
        assert title in words(team.get(f"/a-traiter/?quoi={code}"))


def test_comments_are_closed_by_default_and_keep_what_was_typed(member: Client, structure: Organisation) -> None:
    closed = published(structure)
    assert "Commentaires" not in words(member.get(closed.get_absolute_url()))
    assert member.post(f"/actualites/{closed.pk}/commenter/", {"words": "Bravo."}).status_code == 422
    opened = published(structure, comments_open=True)
    url = f"/actualites/{opened.pk}/commenter/"
    assert "Se connecter pour commenter" in words(Client().get(opened.get_absolute_url()))
    assert member.post(url, {"words": "x" * 1001}).status_code == 422
    assert member.post(url, {"words": "Merci <b>à vous</b>."}).status_code == 302
    assert "&lt;b&gt;à vous" in words(Client().get(opened.get_absolute_url()))
    neighbour = reader_with()
    made = comment(Actor.of(neighbour), neighbour, opened, words="Injure.")
    hidden = f"/actualites/commentaires/{made.pk}/masquer/"
    assert member.post(hidden, {"because": "Une injure."}).status_code == 302
    assert "Injure." not in words(Client().get(opened.get_absolute_url()))
    assert NewsComment.objects.get(pk=made.pk).hidden_because == "Une injure."
    assert member.post(hidden, {"because": "Encore."}).status_code == 409


def test_the_writing_list_is_its_people_s(member: Client, structure: Organisation) -> None:
    drafted(structure, title="En chantier")
    published(structure, kind=Kind.JOB, title="Un poste")
    shown = words(member.get(f"/annuaire/{structure.pk}/actualites/"))
    assert "En chantier" in shown and "brouillon" in shown and "publiée" in shown
    for path in ("", "nouvelle/"):
        assert member.get(f"/annuaire/{make('Ailleurs').pk}/actualites/{path}").status_code == 403


@pytest.mark.parametrize("several", [1, 4])
def test_a_page_costs_the_same_whatever_is_said_under_it(
    client: Client, structure: Organisation, django_assert_num_queries: Any, several: int
) -> None:
    made = published(structure, comments_open=True)
    for _ in range(several):
        one = reader_with()
        comment(Actor.of(one), one, made, words="Bravo.")
    with django_assert_num_queries(2 + 1):  # the site's name, the item, its comments
        client.get(made.get_absolute_url())

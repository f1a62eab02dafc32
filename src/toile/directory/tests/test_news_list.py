"""The list of news: found by words, place, structure, activity and date; files and feeds of the same; a known price."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from toile.directory.listed_news import NEWS
from toile.directory.models import News
from toile.directory.queries.news import find_news
from toile.directory.rules.news import Kind, State
from toile.kernel.lists import Asked
from toile.kernel.lists.files import FORMATS
from toile.kernel.pictures import Picture
from toile.kernel.readers import VISITOR, Reader, Role
from toile.territory.models import Commune
from toile.thread import digest
from toile.thread.models import SavedSearch
from toile.thread.services import keep, note_told

from .conftest import ACTOR, reader_with
from .structures import make, make_private
from .told import drafted, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
ATOM = "{http://www.w3.org/2005/Atom}"
QUERIES_OF_THE_LIST, QUERIES_OF_A_FILE = 9, 5


def titles(**asked: Any) -> list[str]:
    return [row.title for row in find_news(VISITOR, Asked(**asked)).rows]


def of(**facets: str) -> dict[str, Any]:
    return {"facets": {name: frozenset({value}) for name, value in facets.items()}}


def test_it_finds_by_words_place_structure_activity_kind_and_what_is_current() -> None:
    velo = make("Atelier vélo", activities=["reuse"], legal_category="9220")
    cafe = make("Café", activities=["cafe"], postal_code="42700", city="Firminy", commune_code="42095")
    published(velo, title="Remise en selle", text="Réparer à plusieurs")
    job = published(cafe, kind=Kind.JOB, title="Un poste au bar")
    News.objects.filter(pk=job.pk).update(ends_at=timezone.now() - timedelta(hours=1))
    drafted(velo, title="Pas encore")
    assert titles() == ["Un poste au bar", "Remise en selle"]
    assert titles(words="RÉPARER") == titles(words="velo") == titles(**of(activities="reuse")) == ["Remise en selle"]
    assert titles(**of(communes="42095")) == titles(place="Firminy") == titles(**of(kinds="job")) == ["Un poste au bar"]
    assert titles(**of(structures=str(velo.pk))) == ["Remise en selle"]
    assert titles(flags=frozenset({"current"})) == ["Remise en selle"]
    assert titles(**of(structures="n’importe quoi")) == titles(place="Atlantide") == []
    found = find_news(VISITOR, Asked(**of(kinds="job")))
    assert (found.count, found.total) == (1, 2)
    assert found.facets["kinds"] == {"news": 1, "job": 1}, "its own filter is left out"
    assert found.facets["structures"] == {str(cafe.pk): 1}


def test_it_is_ordered_by_date_title_or_distance() -> None:
    Commune.objects.filter(code="42218").update(lon=4.39, lat=45.44)
    far, near = make("Loin", lon=4.45, lat=45.44), make("Près", lon=4.391, lat=45.44)
    for organisation, title in ((near, "B"), (far, "A"), (near, "C")):
        published(organisation, title=title)
    assert titles() == ["C", "A", "B"]
    assert titles(sort="name") == ["A", "B", "C"]
    page = Client().get("/actualites/?pres=4.39,45.44&rayon=10&tri=distance")
    assert [row.title for row in page.context["found"].rows][-1] == "A"
    assert Client().get("/actualites/?pres=4.39,45.44&rayon=1").context["found"].count == 2


@pytest.mark.parametrize("view", ["", "carte", "tableau"])
def test_each_view_shows_the_rows(client: Client, view: str) -> None:
    Commune.objects.filter(epci__home__id=1).update(lon=4.39, lat=45.44)
    published(make("Ici", lon=4.39, lat=45.44), title="Une nouvelle")
    shown = client.get("/actualites/", {"vue": view}).content.decode()
    assert "Une nouvelle" in shown and "1 actualité trouvée sur 1" in shown
    assert "structure trouvée" not in shown
    if view == "carte":
        assert "Saint-Étienne\xa0: 1 actualité" in shown


def test_the_list_costs_the_same_whatever_it_holds(client: Client, django_assert_num_queries: Any) -> None:
    made, picture = 0, Picture.objects.create(sha256="0" * 64, width=640, height=480, alt="Une porte.")
    for total in (1, 3, 12):
        for number in range(made, total):
            published(make(f"Structure {number}", activities=["cafe"]), title=f"Titre {number}")
        made = total
        News.objects.update(picture=picture)
        with django_assert_num_queries(QUERIES_OF_THE_LIST):
            client.get("/actualites/")
        with django_assert_num_queries(QUERIES_OF_A_FILE):
            rows = b"".join(client.get("/actualites.csv").streaming_content).decode()
        assert rows.count("Une porte.") == total


def test_there_is_a_feed_by_structure_commune_and_activity(client: Client) -> None:
    mine = make("La mienne", activities=["cafe"])
    kept = published(mine, title="Pour tous", text="Le texte entier.")
    published(make("Autre", commune_code="42095", postal_code="42700", city="Firminy"), title="Ailleurs")
    for asked in (f"structure={mine.pk}", "commune=42218", "activite=cafe"):
        feed = Xml.fromstring(client.get(f"/actualites.atom?{asked}").content)
        (entry,) = feed.findall(f"{ATOM}entry")
        assert entry.findtext(f"{ATOM}id") == kept.pk.urn
        assert "Le texte entier." in (entry.findtext(f"{ATOM}summary") or "")


def test_no_file_holds_what_is_not_online_nor_what_is_private(client: Client) -> None:
    drafted(title="Secret brouillon")
    project = make_private("Secret projet")
    published(project, title="Secret publié")
    published(title="Ouverte")
    for suffix in FORMATS:
        for asked in ("", f"?structure={project.pk}"):
            answer = client.get(f"/actualites.{suffix}{asked}")
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert answer.status_code == 200 and b"Secret" not in body, (suffix, asked)
            assert suffix == "xlsx" or asked or b"Ouverte" in body
    assert "Secret" not in client.get(f"/actualites/?structure={project.pk}").content.decode()


def test_a_kept_search_is_offered_and_its_digest_tells_the_news_once(client: Client, person: Any) -> None:
    someone = person()
    client.force_login(someone)
    assert "Garder cette recherche" in client.get("/actualites/?commune=42218").content.decode()
    reader = Reader(person=someone.pk)
    keep(reader, "news", "commune=42218", "Chez moi", "daily")
    until = timezone.now() + timedelta(minutes=1)
    search = SavedSearch.objects.get()
    note_told(ACTOR, search, timezone.now() - timedelta(days=1))
    SavedSearch.objects.update(told_until=timezone.now() - timedelta(days=1))
    made = published(title="À deux pas")
    told = digest._new_things(SavedSearch.objects.get(), until)
    assert [(one.title, made.get_absolute_url() in one.url) for one in told] == [("À deux pas", True)]
    SavedSearch.objects.update(told_until=until)
    News.objects.update(changed_at=until + timedelta(minutes=1))
    assert not digest._new_things(SavedSearch.objects.get(), until + timedelta(minutes=5)), "a correction is no news"


@pytest.mark.parametrize("parameter", [*(facet.parameter for facet in NEWS.facets), "en_cours", "tri", "pres", "boite"])
def test_no_value_of_any_parameter_is_an_error(client: Client, parameter: str) -> None:
    published()
    for value in ("\0", "'; --", "-1", "é" * 300, "\u202e", "00000000-0000-0000-0000-000000000000"):
        assert client.get("/actualites/", {parameter: value}).status_code == 200, (parameter, value)


@pytest.mark.slow
@given(data=st.data())
@settings(max_examples=25)
def test_who_sees_what_is_the_same_for_any_reader(data: st.DataObject) -> None:
    organisations = [make("Publique"), make_private("Privée"), make_private("Autre privée")]
    made = [(news, o) for o in organisations for news in (drafted(o), published(o))]
    mine = data.draw(st.sets(st.sampled_from(organisations)))
    roles = data.draw(st.sets(st.sampled_from([Role.OFFICER, Role.ADVISER, Role.ADMINISTRATOR])))
    knows = data.draw(st.sets(st.sampled_from(organisations)))
    reader = Reader(
        person=None if not (mine or roles or knows) else reader_with().person,
        organisations=frozenset(o.pk for o in mine),
        roles=frozenset(roles),
        reasons=frozenset(o.pk for o in knows),
    )
    team = not roles.isdisjoint({Role.OFFICER, Role.ADMINISTRATOR})
    expected = {
        news.pk
        for news, organisation in made
        if (organisation.openness == "public" or organisation in mine | knows)
        and (news.state == State.PUBLISHED or team or organisation in mine)
    }
    seen = News.objects.visible_to(reader).filter(pk__in=[news.pk for news, _ in made])
    assert set(seen.values_list("pk", flat=True)) == expected
    listed = find_news(reader, Asked(), 0, 1000)
    assert {row.pk for row in listed.rows} & {n.pk for n, _ in made} == {
        news.pk for news, _ in made if news.pk in expected and news.state == State.PUBLISHED
    }

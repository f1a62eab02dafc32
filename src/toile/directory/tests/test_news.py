"""What a structure tells: drafted, published, corrected, hidden, answered for, shown again, withdrawn."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from toile.directory.models import News, NewsComment, NewsReport
from toile.directory.models.organisations import Organisation
from toile.directory.models.records import Verdict
from toile.directory.rules.news import Kind, State
from toile.directory.services import appoint, judge
from toile.directory.services import withdraw as part
from toile.directory.services.news import SavedSince, Told, change, draft, publish, withdraw
from toile.directory.services.news_comments import comment, hide_comment
from toile.directory.services.news_moderation import answer, clear, forget_reports, hide, report, show_again
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, Forbidden, NotVisible, UserError
from toile.kernel.jobs import run_waiting
from toile.kernel.personal import Someone, holdings
from toile.kernel.readers import VISITOR, Reader, Role
from toile.kernel.work import kinds
from toile.territory.models import Commune
from toile.thread.models import Fact, FactAbout
from toile.thread.queries import territory_thread

from .conftest import ACTOR, reader_with
from .structures import make, make_private
from .told import drafted, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
TOLD = Told(Kind.NEWS, "Un atelier de plus", "Le mardi, dès 14 h.")


def people_of(news: News) -> Reader:
    return reader_with(organisations=[news.organisation])


def told_of(kind: str) -> list[str]:
    return list(Fact.objects.filter(kind=kind).order_by("pk").values_list("visibility", flat=True))


def online(news: News, reader: Reader = VISITOR) -> bool:
    return News.objects.visible_to(reader).online().filter(pk=news.pk).exists()


def test_a_draft_is_its_people_s_and_the_team_s_until_it_is_published(officer: Reader) -> None:
    made = drafted()
    stranger = reader_with(organisations=[make("Une autre")])
    for reader, sees in ((VISITOR, False), (stranger, False), (people_of(made), True), (officer, True)):
        assert News.objects.visible_to(reader).filter(pk=made.pk).exists() is sees
    assert not Fact.objects.filter(kind__startswith="directory.news").exists()
    publish(ACTOR, people_of(made), made)
    assert online(made) and told_of("directory.news.published") == ["public"]
    with pytest.raises(Conflict):
        publish(ACTOR, people_of(made), made)


@pytest.mark.parametrize("role", [None, Role.BUYER, Role.ADVISER])
def test_only_its_people_and_the_team_write_for_a_structure(role: Role | None) -> None:
    made = published()
    stranger = reader_with(*([role] if role else []), organisations=[make("Une autre")])
    attempts: list[Any] = [
        lambda: draft(ACTOR, stranger, made.organisation, TOLD),
        lambda: change(ACTOR, stranger, made, TOLD, version=made.version),
        lambda: publish(ACTOR, stranger, made),
        lambda: withdraw(ACTOR, stranger, made),
        lambda: hide(ACTOR, stranger, made, because="non"),
        lambda: answer(ACTOR, stranger, made, words="non"),
        lambda: show_again(ACTOR, stranger, made),
        lambda: clear(ACTOR, stranger, made),
    ]
    for attempt in attempts:
        with pytest.raises(Forbidden):
            attempt()
    made.refresh_from_db()
    assert (made.state, made.title) == (State.PUBLISHED, "Un titre")


def test_it_takes_place_where_the_structure_is_unless_told_otherwise() -> None:
    firminy = Commune.objects.get(code="42095")
    Commune.objects.filter(code="42095").update(lon=4.28, lat=45.38)
    firminy.refresh_from_db()
    organisation = make("Au Crêt", lon=4.39, lat=45.44)
    here = published(organisation)
    assert (here.commune_id, here.lon, here.lat) == ("42218", 4.39, 45.44)
    there = published(organisation, commune=firminy, place="salle des fêtes")
    assert (there.commune_id, there.lon, there.lat) == ("42095", 4.28, 45.38)
    last = Fact.objects.filter(kind="directory.news.published").order_by("-pk")[0]
    about = FactAbout.objects.filter(fact=last).order_by("place").values_list("subject", flat=True)
    assert list(about) == [organisation.pk, there.pk, firminy.subject]


def test_of_two_who_save_at_once_the_second_is_told_and_loses_nothing() -> None:
    made = published()
    reader = people_of(made)
    change(ACTOR, reader, made, TOLD, version=made.version)
    with pytest.raises(SavedSince):
        change(ACTOR, reader, made, Told(Kind.NEWS, "Autre", "Autre"), version=made.version)
    made.refresh_from_db()
    assert (made.title, told_of("directory.news.changed")) == (TOLD.title, ["members"])
    assert "atelier de plus" in made.folded


def test_dates_that_cannot_be_are_refused_and_those_that_passed_stay() -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    with pytest.raises(UserError, match="date est passée"):
        drafted(kind=Kind.JOB, until=yesterday)
    with pytest.raises(UserError, match="a un jour"):
        drafted(kind=Kind.MEETING)
    made = published(kind=Kind.JOB, until=yesterday + timedelta(days=2))
    long_ago = timezone.now() - timedelta(days=10)
    News.objects.filter(pk=made.pk).update(until=yesterday, ends_at=timezone.now() - timedelta(hours=1))
    change(ACTOR, people_of(made), made, Told(Kind.JOB, "Mieux dit", "…", until=yesterday), version=made.version)
    made.refresh_from_db()
    assert made.is_over and made.title == "Mieux dit"
    waiting = drafted(kind=Kind.MEETING, on=timezone.localdate())
    News.objects.filter(pk=waiting.pk).update(on=long_ago.date())
    with pytest.raises(UserError, match="date est passée"):
        publish(ACTOR, people_of(waiting), waiting)


def test_a_hidden_item_leaves_the_site_its_people_answer_and_it_is_shown_again(officer: Reader, person: Any) -> None:
    made = published(title="Une promesse")
    someone = person()
    appoint(ACTOR, None, person=someone.pk, organisation=made.organisation)
    mine = reader_with(organisations=[made.organisation])
    with pytest.raises(UserError, match="pourquoi"):
        hide(ACTOR, officer, made, because="  ")
    report(ACTOR, made, words="C’est de la publicité.")
    hide(Actor.of(officer), officer, made, because="C’est une publicité.")
    assert not online(made) and not NewsReport.objects.filter(closed_at=None).exists()
    run_waiting()
    (letter,) = mail.outbox
    assert letter.to == [someone.email]
    assert "C’est une publicité." in letter.body and f"/actualites/{made.pk}/repondre/" in letter.body

    with pytest.raises(Forbidden):
        answer(ACTOR, officer, made, words="à sa place")
    with pytest.raises(UserError):
        answer(ACTOR, mine, made, words=" ")
    change(ACTOR, mine, News.objects.get(pk=made.pk), TOLD, version=News.objects.get(pk=made.pk).version)
    answer(ACTOR, mine, made, words="Corrigé.")
    assert kinds["directory.news.answered"].counted(officer).count == 1
    show_again(Actor.of(officer), officer, made)
    made.refresh_from_db()
    assert (made.state, made.hidden_because, made.answer) == (State.PUBLISHED, "", "")
    run_waiting()
    assert "de nouveau en ligne" in mail.outbox[-1].subject
    assert [told_of(f"directory.news.{kind}") for kind in ("hidden", "answered", "shown")] == [["members"]] * 3
    with pytest.raises(Conflict):
        show_again(ACTOR, officer, made)


def test_the_team_keeps_its_decision_after_an_answer_and_says_why(officer: Reader) -> None:
    made = published()
    hide(ACTOR, officer, made, because="Publicité.")
    answer(ACTOR, people_of(made), made, words="Non.")
    hide(ACTOR, officer, made, because="Toujours une publicité.")
    made.refresh_from_db()
    assert (made.state, made.hidden_because) == (State.HIDDEN, "Toujours une publicité.")


def test_what_is_taken_back_leaves_the_words_of_the_thread(officer: Reader) -> None:
    kept, hidden, gone = (published(title=title) for title in ("Gardée", "Cachée", "Reprise"))
    hide(ACTOR, officer, hidden, because="Non.")
    withdraw(ACTOR, people_of(gone), gone)
    for reader in (VISITOR, officer, people_of(gone)):
        said = " ".join(entry.sentence for entry in territory_thread(reader))
        assert f'publie une actualité\xa0: <a href="/actualites/{kept.pk}/">Gardée</a>' in said
        assert "Cachée" not in said and "Reprise" not in said and "plus en ligne" in said


def test_what_a_private_project_tells_is_told_to_its_members() -> None:
    made = published(make_private())
    assert told_of("directory.news.published") == ["members"]
    assert not online(made) and online(made, people_of(made))


def test_what_is_withdrawn_comes_back_never(officer: Reader) -> None:
    made, thrown = published(), drafted()
    withdraw(ACTOR, people_of(thrown), thrown)
    assert told_of("directory.news.withdrawn") == []
    withdraw(ACTOR, people_of(made), made)
    for attempt in (
        lambda: publish(ACTOR, people_of(made), made),
        lambda: show_again(ACTOR, officer, made),
        lambda: change(ACTOR, people_of(made), made, TOLD, version=News.objects.get(pk=made.pk).version),
    ):
        with pytest.raises(UserError):
            attempt()


def test_a_report_is_kept_once_cleared_by_the_team_and_forgotten_in_time(officer: Reader) -> None:
    made = published()
    for _ in "ab":
        report(VISITOR_ACTOR, made, words="Le lieu est faux.")
    report(VISITOR_ACTOR, made, words="Et l’heure aussi.")
    waiting = kinds["directory.news.reported"]
    assert waiting.counted(officer).count == 1, "an item reported twice is read once"
    (item,) = waiting.items(officer, 10)
    assert "2 signalements" in item.why
    assert item.context["told"] == ["Le lieu est faux.", "Et l’heure aussi."]
    clear(ACTOR, officer, made)
    assert waiting.counted(officer).count == 0 and online(made)
    assert told_of("directory.news.cleared") == ["audit"]
    clear(ACTOR, officer, made)
    assert told_of("directory.news.cleared") == ["audit"]
    assert forget_reports(ACTOR, now=timezone.now() + timedelta(days=360)) == 0
    assert forget_reports(ACTOR, now=timezone.now() + timedelta(days=366)) == 2
    with pytest.raises(NotVisible):
        report(VISITOR_ACTOR, drafted(), words="Un brouillon.")


VISITOR_ACTOR = Actor.system("essai: visiteuse")


def test_comments_wait_to_be_opened_and_are_hidden_with_a_reason(officer: Reader) -> None:
    closed, opened = published(), published(comments_open=True)
    neighbour, mine = reader_with(), people_of(opened)
    with pytest.raises(Forbidden):
        comment(Actor.of(neighbour), neighbour, closed, words="Bravo.")
    with pytest.raises(Forbidden):
        comment(ACTOR, VISITOR, opened, words="Bravo.")
    made = [comment(Actor.of(neighbour), neighbour, opened, words="Bravo.") for _ in "ab"]
    assert made[0] == made[1], "two clicks are one comment"
    assert comment(Actor.of(mine), mine, opened, words="Merci.").from_structure
    with pytest.raises(Forbidden):
        hide_comment(ACTOR, neighbour, made[0], because="non")
    hide_comment(ACTOR, mine, made[0], because="Hors sujet.")
    for reader, sees in ((VISITOR, 1), (reader_with(), 1), (neighbour, 2), (mine, 2), (officer, 2)):
        assert NewsComment.objects.visible_to(reader).filter(news=opened).count() == sees
    with pytest.raises(Conflict):
        hide_comment(ACTOR, officer, made[0], because="Encore.")
    for number in range(4):
        comment(Actor.of(neighbour), neighbour, opened, words=f"Encore {number}.")
    with pytest.raises(UserError, match="attendez"):
        comment(Actor.of(neighbour), neighbour, opened, words="Encore.")


def test_erasing_a_person_takes_their_comments_and_leaves_the_structure_its_words() -> None:
    organisation = make("La durable")
    writer = reader_with(organisations=[organisation])
    made = published(organisation, writer, comments_open=True, title="Ce qui reste")
    comment(Actor.of(writer), writer, made, words="Ce qui part.")
    someone = Someone(writer.person)  # type: ignore[arg-type]
    held = [holdings[code] for code in ("directory.news", "directory.news_comment")]
    assert [len(list(one.export(someone))) for one in held] == [1, 1]
    for _ in "ab":
        for one in held:
            one.erase(someone)
    made.refresh_from_db()
    assert (made.author, made.title, NewsComment.objects.count()) == (None, "Ce qui reste", 0)
    assert [len(list(one.export(someone))) for one in held] == [0, 0]


def test_joined_structures_show_each_other_s_news_and_a_split_gives_them_back(officer: Reader) -> None:
    old, young = make("Vieille"), make("Jeune")
    before = published(young, title="Avant")
    judgement = judge(Actor.of(officer), officer, old, young, Verdict.SAME, [])
    since = published(Organisation.objects.get(pk=old.pk), title="Depuis")
    mine = News.objects.visible_to(VISITOR).of_structure(old.pk)
    assert set(mine) == {before, since}
    since.refresh_from_db()
    part(Actor.of(officer), officer, judgement, moving=[f"news {since.pk} {since.version}"])
    assert set(News.objects.of_structure(young.pk)) == {before, since}
    assert not News.objects.of_structure(old.pk).exists()

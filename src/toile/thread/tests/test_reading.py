"""Reading the thread: each reader reads what its visibility opens, in as many queries whatever the number of facts."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from toile.kernel import readers
from toile.kernel.acts import Actor, act
from toile.kernel.readers import VISITOR, Contribution, Reader, Role
from toile.thread import names
from toile.thread.kinds import Visibility, fact_kind
from toile.thread.models import Fact
from toile.thread.names import Named
from toile.thread.queries import audit, facts_after, territory_thread, timeline
from toile.thread.services import record

pytestmark = pytest.mark.django_db
ACTOR = Actor.system("tests")
HAPPENED = fact_kind("tests.page.opened", sentence="ouvre avec <b>{other}</b>", label="Ouverture")
SAID = fact_kind("tests.page.said", sentence="Il pleut & il vente.", label="Temps", impersonal=True)
ORGANISATIONS = [uuid.UUID(int=number) for number in range(1, 4)]
PEOPLE = [uuid.UUID(int=number) for number in range(11, 13)]


def happen(*about: UUID, visibility: Visibility = Visibility.PUBLIC, days_ago: float = 0, actor: Actor = ACTOR) -> None:
    with act(actor):
        moment = timezone.now() - timedelta(days=days_ago)
        record(HAPPENED, about=about, visibility=visibility, happened_at=moment)


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> dict[UUID, Named]:
    """The names that a room would give; what is taken out of it is an erased person or a hidden structure."""
    known: dict[UUID, Named] = {}

    def namer(reader: Reader, subjects: Collection[UUID]) -> Mapping[UUID, Named]:
        return {subject: known[subject] for subject in subjects if subject in known}

    monkeypatch.setattr(names, "_namers", [namer])
    return known


@pytest.fixture
def administrator(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    given = Contribution(roles=[Role.ADMINISTRATOR])
    monkeypatch.setattr(readers, "_contributors", [lambda people: dict.fromkeys(people, given)])
    client.force_login(get_user_model().objects.create_user("a@exemple.test", display_name="Administratrice"))
    return client


# --- Who may read ----------------------------------------------------------------------------------------------------


def may_read(reader: Reader, visibility: str, about: set[UUID]) -> bool:
    """The design's words, read plainly."""
    return {
        "public": True,
        "members": bool(about & reader.organisations),
        "advisers": bool(about & (reader.organisations | reader.reasons)),
        "own": reader.person in about,
        "audit": Role.ADMINISTRATOR in reader.roles,
    }[visibility]


any_reader = st.builds(
    Reader,
    person=st.none() | st.sampled_from(PEOPLE),
    organisations=st.frozensets(st.sampled_from(ORGANISATIONS)),
    reasons=st.frozensets(st.sampled_from(ORGANISATIONS)),
    roles=st.frozensets(st.sampled_from(list(Role))),
)
any_fact = st.tuples(
    st.sampled_from(list(Visibility)), st.lists(st.sampled_from(ORGANISATIONS + PEOPLE), max_size=3, unique=True)
)


@given(reader=any_reader, facts=st.lists(any_fact, max_size=4))
def test_the_database_filter_reads_as_the_declaration(
    reader: Reader, facts: list[tuple[Visibility, list[UUID]]]
) -> None:
    for visibility, about in facts:
        happen(*about, visibility=visibility)
    everything = list(Fact.objects.prefetch_related("abouts"))
    expected = {f.pk for f in everything if may_read(reader, f.visibility, {a.subject for a in f.abouts.all()})}
    assert set(Fact.objects.visible_to(reader).values_list("pk", flat=True)) == expected


def test_a_timeline_shows_nothing_that_its_reader_may_not_read() -> None:
    for visibility in Visibility:
        happen(ORGANISATIONS[0], visibility=visibility)
    member = Reader(person=PEOPLE[0], organisations=frozenset(ORGANISATIONS[:1]))
    assert [entry.visibility for entry in timeline(VISITOR, ORGANISATIONS[:1])] == ["public"]
    assert {entry.visibility for entry in timeline(member, ORGANISATIONS[:1])} == {"public", "members", "advisers"}


# --- Pages after pages -----------------------------------------------------------------------------------------------


def test_pages_follow_one_another_where_many_facts_have_one_date_and_some_are_backdated() -> None:
    morning = datetime(2026, 11, 20, 8, tzinfo=UTC)
    with act(ACTOR):
        for number in range(40):
            record(HAPPENED, about=[ORGANISATIONS[0]], happened_at=morning - timedelta(days=number % 3))
    read: list[int] = []
    read_about: list[int] = []
    for _ in range(6):
        read += [entry.id for entry in territory_thread(VISITOR, limit=7, before=read[-1] if read else None)]
        page = timeline(VISITOR, ORGANISATIONS[:1], limit=7, before=read_about[-1] if read_about else None)
        read_about += [entry.id for entry in page]
    expected = list(Fact.objects.order_by("-happened_at", "-id").values_list("pk", flat=True))
    assert read == read_about == expected


def test_a_fact_about_two_identities_of_one_structure_is_shown_once(known: dict[UUID, Named]) -> None:
    happen(*ORGANISATIONS)
    assert len(timeline(VISITOR, ORGANISATIONS)) == 1


def test_what_comes_after_a_cursor_comes_in_the_order_of_numbers() -> None:
    for days in (3, 1, 2):
        happen(ORGANISATIONS[0], days_ago=days)
    first, *others = facts_after(0)
    assert [fact.pk for fact in facts_after(first.pk)] == [fact.pk for fact in others]
    assert first.pk < others[0].pk < others[1].pk
    assert len(facts_after(0, limit=2)) == 2


# --- Sentences -------------------------------------------------------------------------------------------------------


def test_sentences_name_their_subjects_and_escape_what_they_are_given(known: dict[UUID, Named]) -> None:
    one, two, _ = ORGANISATIONS
    known[one] = Named("Les <Ateliers>", "/annuaire/un/")
    known[two] = Named("La Navette")
    happen(one, two)
    link = '<a href="/annuaire/un/">Les &lt;Ateliers&gt;</a>'
    assert territory_thread(VISITOR)[0].sentence == f"{link} ouvre avec <b>La Navette</b>"
    assert timeline(VISITOR, [one])[0].sentence == "Ouvre avec <b>La Navette</b>"
    assert timeline(VISITOR, [two])[0].sentence == f"{link} ouvre avec <b>La Navette</b>"


def test_an_impersonal_sentence_has_no_subject(known: dict[UUID, Named]) -> None:
    with act(ACTOR):
        record(SAID, about=[ORGANISATIONS[0]])
    assert territory_thread(VISITOR)[0].sentence == "Il pleut & il vente."


def test_the_name_of_an_erased_person_is_shown_nowhere(known: dict[UUID, Named], administrator: Client) -> None:
    known[PEOPLE[0]] = Named("Jeanne Exemple")
    happen(PEOPLE[0], ORGANISATIONS[0], actor=Actor(PEOPLE[0], "web"))
    pages = ("/fil/", "/fil/audit/")
    assert all("Jeanne" in administrator.get(page).content.decode() for page in pages)
    del known[PEOPLE[0]]
    for page in pages:
        shown = administrator.get(page).content.decode()
        assert "Jeanne" not in shown
        assert "Une personne ou une structure dont le nom n’est pas public" in shown


# --- Pages -----------------------------------------------------------------------------------------------------------


def test_the_number_of_queries_does_not_depend_on_the_number_of_facts(known: dict[UUID, Named]) -> None:
    def queries() -> list[int]:
        counts = []
        for read in (lambda: timeline(VISITOR, [PEOPLE[0]]), lambda: territory_thread(VISITOR), lambda: audit(VISITOR)):
            with CaptureQueriesContext(connection) as captured:
                assert read()
            counts.append(len(captured))
        return counts

    happen(PEOPLE[0], ORGANISATIONS[0])
    with_one = queries()
    for number in range(29):
        happen(PEOPLE[0], uuid.uuid4(), days_ago=number)
    assert queries() == with_one == [2, 2, 2]


def test_the_page_of_the_territory_says_what_is_backdated_and_leads_to_what_is_older(
    client: Client, known: dict[UUID, Named]
) -> None:
    for days in range(31):
        happen(ORGANISATIONS[0], days_ago=days)
    first = client.get("/fil/").content.decode()
    assert first.count("noté le") == 29
    older = re.search(r'href="(\?before=\d+)"', first)
    assert older is not None
    second = client.get("/fil/" + older[1]).content.decode()
    assert second.count('<li class="fact') == 1


@pytest.mark.parametrize("query", ["?before=abc", "?before=-1", "?before=99999999999999999999", "?before=%00"])
def test_an_unreadable_place_in_the_thread_shows_its_beginning(client: Client, query: str) -> None:
    happen(ORGANISATIONS[0])
    answer = client.get("/fil/" + query)
    assert answer.status_code == 200
    assert "ouvre avec" in answer.content.decode()


def test_the_audit_is_for_administrators(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/fil/audit/").status_code == 302
    monkeypatch.setattr(readers, "_contributors", [])
    client.force_login(get_user_model().objects.create_user("b@exemple.test"))
    assert client.get("/fil/audit/").status_code == 403


def test_the_audit_shows_every_fact_and_filters_by_kind_person_and_act(administrator: Client) -> None:
    for visibility in Visibility:
        happen(ORGANISATIONS[0], visibility=visibility)
    happen(ORGANISATIONS[0], actor=Actor(PEOPLE[0], "web"))
    mine = Fact.objects.get(actor=PEOPLE[0])

    def shown(query: str) -> int:
        answer = administrator.get("/fil/audit/", query_params=dict([query.split("=")]))
        assert answer.status_code == 200
        return answer.content.decode().count('<code class="fine mute">tests.page.opened')

    assert shown("kind=tests.page.opened") == 6
    assert shown("kind=tests.page.said") == 0
    assert shown(f"actor={PEOPLE[0]}") == 1
    assert shown(f"act={mine.act}") == 1
    assert shown(f"before={mine.pk}") == 5


@pytest.mark.parametrize("name", ["kind", "actor", "act", "before"])
def test_an_unreadable_filter_of_the_audit_is_told(administrator: Client, name: str) -> None:
    answer = administrator.get("/fil/audit/", query_params={name: "\x00é'"})
    assert answer.status_code == 200

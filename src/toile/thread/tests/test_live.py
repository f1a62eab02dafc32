"""The live stream without a server: who may read what, slow listeners, places, and who a listener still is."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from toile.kernel import readers
from toile.kernel.acts import Actor, act
from toile.kernel.readers import VISITOR, Contribution, Reader, Role
from toile.thread import names
from toile.thread.kinds import Visibility, fact_kind
from toile.thread.live import events, queries
from toile.thread.live.following import CHECKED_EVERY, Following, gifts
from toile.thread.live.hub import MOST_QUEUED, Full, Hub, Listener
from toile.thread.models import Fact
from toile.thread.names import Named
from toile.thread.services import record

ACTOR = Actor.system("tests")
HAPPENED = fact_kind("tests.live.opened", sentence="ouvre chez {other}", label="Ouverture")
ORGANISATIONS = [uuid.UUID(int=number) for number in range(1, 4)]
PEOPLE = [uuid.UUID(int=number) for number in range(11, 13)]


def happen(*about: UUID, visibility: Visibility = Visibility.PUBLIC) -> int:
    with act(ACTOR):
        record(HAPPENED, about=about, visibility=visibility)
    return Fact.objects.latest("id").pk


def listening(reader: Reader = VISITOR, followed: frozenset[UUID] = frozenset(), **how: Any) -> Listener:
    how = {"session": "", "language": "fr", "after": None, "network": ""} | how
    return Listener(reader=reader, followed=followed, **how)


# --- One declaration, two compilations -------------------------------------------------------------------------------

readers_drawn = st.builds(
    Reader,
    person=st.sampled_from([None, *PEOPLE]),
    organisations=st.frozensets(st.sampled_from(ORGANISATIONS)),
    roles=st.frozensets(st.sampled_from(list(Role))),
    reasons=st.frozensets(st.sampled_from(ORGANISATIONS)),
)
subjects_drawn = st.lists(st.sampled_from([*ORGANISATIONS, *PEOPLE]), max_size=3, unique=True)


@pytest.mark.slow
@pytest.mark.django_db
@given(
    st.lists(st.tuples(st.sampled_from(list(Visibility)), subjects_drawn), max_size=6),
    readers_drawn,
    st.frozensets(st.sampled_from(ORGANISATIONS), max_size=2),
)
def test_what_is_told_is_what_the_database_would_show(facts, reader, followed):
    before = queries.newest()
    with act(ACTOR):
        for visibility, about in facts:
            record(HAPPENED, about=about, visibility=visibility)
    told = [one.fact.pk for one in queries.happened_after(before) if one.is_for(reader, followed)]
    shown = queries.missed(reader, followed, before, queries.newest())
    assert told == [one.fact.pk for one in shown]
    if not followed:
        visible = Fact.objects.visible_to(reader).filter(id__gt=before).order_by("id")
        assert told == list(visible.values_list("pk", flat=True))


@pytest.mark.django_db
def test_what_is_new_is_read_whole_whatever_the_number_of_subjects(monkeypatch, django_assert_num_queries):
    many = [uuid.uuid4() for _ in range(7)]
    before = queries.newest()
    for about in ([], ORGANISATIONS[:2], many, ORGANISATIONS[:1]):
        happen(*about)
    with django_assert_num_queries(1):
        whole = [one.about for one in queries.happened_after(before)]
    assert whole == [(), tuple(ORGANISATIONS[:2]), tuple(many), tuple(ORGANISATIONS[:1])]
    monkeypatch.setattr(queries, "MOST_ROWS", 5)
    read, cursor = [], before
    while happened := queries.happened_after(cursor):
        read += [one.about for one in happened]
        cursor = happened[-1].fact.pk
    assert read == whole


# --- What is told ----------------------------------------------------------------------------------------------------


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        names, "_namers", [lambda reader, wanted: {ORGANISATIONS[0]: Named("Le <Pain> & Co", "/annuaire/1/")}]
    )


@pytest.mark.django_db
def test_an_event_holds_the_sentence_its_markup_and_the_number_to_come_back_with(named):
    number = happen(*ORGANISATIONS[:2])
    ((_, data),) = gifts(queries.happened_after(number - 1), [listening()])
    lines = data.decode().split("\n")
    assert lines[0] == f"id: {number}" and lines[1] == "event: fact" and lines[3:] == ["", ""]
    said = json.loads(lines[2].removeprefix("data: "))
    assert said["sentence"].startswith("Le <Pain> & Co ouvre chez une personne")
    assert said["html"].startswith('<li class="fact') and "Le &lt;Pain&gt; &amp; Co</a> ouvre" in said["html"]
    # On its own thread the subject is left out, as on its page.
    ((_, data),) = gifts(queries.happened_after(number - 1), [listening(followed=frozenset(ORGANISATIONS[:1]))])
    assert '"sentence": "Ouvre chez une personne' in data.decode()


@pytest.mark.django_db
def test_public_facts_are_drawn_once_for_all_and_the_others_for_their_reader(named, django_assert_num_queries):
    first = happen(ORGANISATIONS[0])
    own = happen(PEOPLE[0], visibility=Visibility.OWN)
    happened = queries.happened_after(first - 1)
    crowd = [listening() for _ in range(50)]
    reader = listening(Reader(PEOPLE[0]))
    with django_assert_num_queries(0):  # the only naming room here asks nothing
        given = dict(gifts(happened, [*crowd, reader]))
    assert len({given[one] for one in crowd}) == 1
    assert f"id: {own}\n".encode() not in given[crowd[0]]
    assert given[reader].startswith(given[crowd[0]]) and f"id: {own}\n".encode() in given[reader]


# --- Bounds ----------------------------------------------------------------------------------------------------------


def test_a_listener_too_slow_is_told_to_load_the_page_again_and_keeps_nothing():
    slow = listening()
    for number in range(MOST_QUEUED):
        slow.give(b"%d" % number)
    assert not slow.is_over
    slow.give(b"one too many")
    assert (list(slow.queue), slow.is_over) == ([events.RELOAD], True)
    slow.give(b"more")
    assert list(slow.queue) == [events.RELOAD]


def test_places_are_counted_by_process_and_by_network_and_given_back(settings):
    settings.TOILE_LIVE_LISTENERS, settings.TOILE_LIVE_PER_ADDRESS = 3, 2
    hub = Hub(asyncio.new_event_loop())
    hub.take_place("192.0.2.1"), hub.take_place("192.0.2.1")
    with pytest.raises(Full) as refused:
        hub.take_place("192.0.2.1")
    assert refused.value.status == 429
    hub.take_place("192.0.2.2")
    with pytest.raises(Full) as refused:
        hub.take_place("192.0.2.3")
    assert refused.value.status == 503
    hub.leave_place("192.0.2.1")
    hub.take_place("192.0.2.3")
    hub.loop.close()


# --- Who a listener still is -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_role_taken_back_counts_at_the_next_check_and_a_closed_session_ends_the_stream(client: Client, monkeypatch):
    roles = [Role.ADMINISTRATOR]
    monkeypatch.setattr(
        readers, "_contributors", [lambda people: dict.fromkeys(people, Contribution(roles=list(roles)))]
    )
    person = get_user_model().objects.create_user("camille@exemple.test", display_name="Camille")
    client.force_login(person)
    one = listening(Reader(person.pk, roles=frozenset(roles)), session=client.session.session_key)

    async def scene() -> Hub:
        return Hub(asyncio.get_running_loop())

    hub = asyncio.run(scene())
    closed: list[Listener] = []
    monkeypatch.setattr(hub, "close", lambda listeners, last: closed.extend(listeners))
    hub.listeners.add(one)
    following = Following(hub)
    roles.clear()
    following.check(time.monotonic() + CHECKED_EVERY - 1)
    assert one.reader.roles == {Role.ADMINISTRATOR}
    following.check(time.monotonic() + CHECKED_EVERY + 1)
    assert (one.reader.roles, closed) == (frozenset(), [])
    client.logout()
    following.check(time.monotonic() + 2 * CHECKED_EVERY + 2)
    assert closed == [one]


# --- The page and the address ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_thread_s_page_says_where_to_listen_from(client: Client, named):
    happen(ORGANISATIONS[0])
    hidden = happen(ORGANISATIONS[0], visibility=Visibility.AUDIT)
    shown = client.get(reverse("thread:territory")).content.decode()
    assert f'data-live="/fil/direct/?depuis={hidden}"' in shown
    assert "live.js" in shown
    older = client.get(f"{reverse('thread:territory')}?before={hidden}").content.decode()
    assert "data-live" not in older


@pytest.mark.django_db
@pytest.mark.parametrize("about", ["rien", str(ORGANISATIONS[1]), ""])
def test_what_the_reader_cannot_name_is_not_followed(client: Client, named, about):
    assert client.get(reverse("thread:live"), {"about": about}).status_code == 404


@pytest.mark.django_db
def test_what_it_can_name_is_and_a_number_that_cannot_be_read_begins_now(client: Client, named):
    for asked in ({"about": str(ORGANISATIONS[0])}, {"depuis": "x"}, {"depuis": "9" * 50}):
        answer = client.get(reverse("thread:live"), asked)
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/event-stream; charset=utf-8")
    assert client.post(reverse("thread:live")).status_code == 405


# --- Woken by the database -------------------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_postgresql_says_at_the_commit_that_there_is_a_new_fact():
    from toile.thread.live.waking import waking

    with waking() as waker:
        assert waker.wait()  # it begins to listen
        start = time.monotonic()
        assert not waker.wait() and time.monotonic() - start > 0.4
        happen(ORGANISATIONS[0])
        start = time.monotonic()
        assert waker.wait() and time.monotonic() - start < 0.3
        # Cut, it looks anyway, and listens again.
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%%' AND datname = %s",
                [connection.settings_dict["NAME"]],
            )
        assert waker.wait() and waker.wait() and not waker.wait()
        happen(ORGANISATIONS[0])
        assert waker.wait()

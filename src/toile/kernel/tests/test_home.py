"""What rooms declare for shared pages: shown in order, and only to those who may use it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.test import Client, RequestFactory

from toile.kernel import home, readers, work
from toile.kernel.home import (
    Declared,
    NavigationLink,
    Verb,
    Waiting,
    footer_link,
    navigation_for,
    verbs_for,
    waiting_for,
    work_waiting,
)
from toile.kernel.permissions import SIGNED_IN, TECHNICAL
from toile.kernel.readers import VISITOR, Contribution, Reader, Role
from toile.kernel.work import Counted, WorkKind

SOMEBODY = Reader(uuid.uuid4(), "B")
ADMINISTRATOR = Reader(uuid.uuid4(), "A", roles=frozenset({Role.ADMINISTRATOR}))


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> Declared:
    """Nothing but what the test declares."""
    declared = Declared()
    monkeypatch.setattr(home, "declared", declared)
    return declared


def verb(label: str, order: int, permission: str = SIGNED_IN.code, url: str | None = "/") -> Verb:
    return Verb(label, lambda reader: url, "", permission, order)


def test_the_menu_is_in_order_and_shows_what_its_reader_may_open(declared: Declared) -> None:
    declared.navigation += [NavigationLink("Travaux", "kernel:jobs", 2), NavigationLink("Vide", "kernel:empty", 1)]
    request = RequestFactory().get("/-/vide")
    for reader, expected in ((VISITOR, ["Vide"]), (SOMEBODY, ["Vide"]), (ADMINISTRATOR, ["Vide", "Travaux"])):
        request.reader = reader  # type: ignore[attr-defined]
        assert [link["label"] for link in navigation_for(request)] == expected
    assert [link["current"] for link in navigation_for(request)] == [True, False]


@pytest.mark.django_db
def test_the_menu_under_the_name_leads_an_administrator_to_the_jobs(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(get_user_model().objects.create_user("a@exemple.test"))
    assert 'href="/-/travaux/"' not in client.get("/-/vide").content.decode()
    given = Contribution(roles=[Role.ADMINISTRATOR])
    monkeypatch.setattr(readers, "_contributors", [lambda people: dict.fromkeys(people, given)])
    assert 'href="/-/travaux/"' in client.get("/-/vide").content.decode()


def test_the_home_offers_the_three_first_verbs_that_this_reader_may_do(declared: Declared) -> None:
    declared.verbs += [
        verb("quatre", 4),
        verb("un", 1),
        verb("technique", 0, TECHNICAL.code),
        verb("sans objet", 2, url=None),
        verb("trois", 3),
        verb("cinq", 5),
    ]
    assert [offered["label"] for offered in verbs_for(SOMEBODY)] == ["un", "trois", "quatre"]
    assert [offered["label"] for offered in verbs_for(ADMINISTRATOR)] == ["technique", "un", "trois"]
    assert verbs_for(VISITOR) == []


def test_what_waits_is_gathered_from_every_room(declared: Declared) -> None:
    declared.waiting += [lambda reader: [Waiting("a", "/a")], lambda reader: [Waiting("b", "/b")] * 30]
    assert [item.sentence for item in waiting_for(SOMEBODY)][:2] == ["a", "b"]
    assert len(waiting_for(SOMEBODY)) == 20


@pytest.mark.parametrize(("kinds", "lines"), [(0, 0), (1, 1), (6, 6), (7, 6), (14, 6)])
def test_the_home_names_five_kinds_of_work_and_counts_the_others_together(
    monkeypatch: pytest.MonkeyPatch, kinds: int, lines: int
) -> None:
    def kind(number: int, count: int) -> WorkKind:
        counted = Counted(count, datetime(2026, 1, 1 + number, tzinfo=UTC))
        return WorkKind(f"k{number}", f"K{number}", SIGNED_IN.code, number, lambda reader: counted, lambda *asked: ())

    waiting = {f"k{number}": kind(number, 2) for number in range(kinds)} | {"empty": kind(20, 0)}
    monkeypatch.setattr(work, "kinds", waiting)
    told = work_waiting(SOMEBODY)
    assert len(told) == lines
    assert sum(item.count or 0 for item in told) == 2 * kinds
    if kinds > 6:
        assert (told[-1].url, told[-1].since) == ("/a-traiter/", datetime(2026, 1, 6, tzinfo=UTC))


def test_a_footer_link_finds_its_column(declared: Declared) -> None:
    footer_link("Le site", "Vide", "kernel:empty")
    [(label, url)] = declared.footer["Le site"]
    assert (label, url()) == ("Vide", "/-/vide")


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/-/vide", "/-/sante"])
def test_the_pages_that_no_room_owns_answer(client: Client, page: str) -> None:
    assert client.get(page).status_code == 200

"""Structures and communes that people follow: whom their facts are told to, under every identity, and no one else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from toile.directory.facts import MEMBER_JOINED, ORGANISATION_CORRECTED, ORGANISATION_MOVED, Changed
from toile.directory.models import Membership, Organisation
from toile.directory.models.records import Verdict
from toile.directory.services import appoint, judge
from toile.kernel.acts import Actor, act
from toile.kernel.readers import Reader, reader_of
from toile.territory.subjects import commune_subject
from toile.thread.follower import step
from toile.thread.kinds import Visibility
from toile.thread.models import Notice, Subscription
from toile.thread.services import record
from toile.thread.subscribing import follow_subject, unfollow

from .structures import make, make_private

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
ACTOR = Actor.system("essai")
SAINT_ETIENNE = commune_subject("42218")


def told(someone: Any) -> list[tuple[str, str]]:
    """What this person is told of, once the follower read everything."""
    while step():
        pass
    rows = Notice.objects.filter(person=someone.pk, fact__kind__startswith="directory.").order_by("pk")
    return [(kind.removeprefix("directory."), topic) for kind, topic in rows.values_list("fact__kind", "topic")]


def happens(about: Sequence[UUID], *, narrowed: Visibility | None = None) -> None:
    """Something notable, something that is not, and something for its people."""
    with act(ACTOR):
        record(ORGANISATION_MOVED, about=about, visibility=narrowed)
        record(ORGANISATION_CORRECTED, about=about, data=Changed(["name"]), visibility=narrowed)
        record(MEMBER_JOINED, about=about)


def same(officer: Reader, one: Organisation, other: Organisation) -> None:
    judge(Actor.of(officer), officer, one, other, Verdict.SAME, ["la même"])


def test_who_follows_a_structure_hears_its_life_and_its_people_what_is_theirs(person: Any) -> None:
    found, neighbour, member = make("L’atelier"), person(), person()
    appoint(ACTOR, None, person=member.pk, organisation=found)
    follow_subject(reader_of(neighbour.pk), found.pk)
    while step():
        pass
    Notice.objects.all().delete()
    happens([found.pk])
    assert told(neighbour) == [("organisation.moved", "followed"), ("organisation.corrected", "followed")]
    assert told(member) == [
        ("organisation.moved", "mine"),
        ("organisation.corrected", "mine"),
        ("member.joined", "mine"),
    ]
    Membership.objects.update(until=Membership.objects.get().since)
    happens([found.pk])
    assert len(told(member)) == 3, "who left is told no more"


def test_who_follows_a_commune_hears_the_key_moments_of_what_is_there_and_nothing_private(person: Any) -> None:
    here, elsewhere = make("Ici"), make("Là", postal_code="42700", city="Firminy")
    hidden = make_private("Le projet")
    neighbour = person()
    follow_subject(reader_of(neighbour.pk), SAINT_ETIENNE)
    for found in (here, elsewhere):
        happens([found.pk])
    happens([hidden.pk], narrowed=Visibility.MEMBERS)
    assert told(neighbour) == [("organisation.moved", "followed")]


def test_a_structure_joined_to_another_is_followed_under_both_names(person: Any, officer: Reader) -> None:
    old, young = make("Vieille"), make("Jeune")
    of_old, of_young = person(), person()
    follow_subject(reader_of(of_old.pk), old.pk)
    follow_subject(reader_of(of_young.pk), young.pk)
    same(officer, old, young)
    while step():
        pass
    Notice.objects.all().delete()
    happens([old.pk])
    assert told(of_old) == told(of_young) != []
    unfollow(reader_of(of_young.pk), old.pk)
    assert list(Subscription.objects.values_list("person", flat=True)) == [of_old.pk]


def test_the_page_of_a_structure_has_the_button_and_remembers(client: Client, person: Any, officer: Reader) -> None:
    old, young = make("Vieille"), make("Jeune")
    page = f"/annuaire/{old.pk}/"
    assert "/compte/login/?next=" in client.get(page).content.decode()
    someone = person()
    client.force_login(someone)
    assert "Suivre" in client.get(page).content.decode()
    assert client.post("/fil/suivre/", {"subject": young.pk, "next": page}).url == page
    assert "Ne plus suivre" not in client.get(page).content.decode()
    same(officer, old, young)
    assert "Ne plus suivre" in client.get(page).content.decode(), "the other name of what is followed"


def test_a_private_project_cannot_be_followed_by_others(client: Client, person: Any) -> None:
    hidden = make_private("Le projet")
    client.force_login(person())
    assert client.post("/fil/suivre/", {"subject": hidden.pk}).status_code == 404
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    ("query", "offers"),
    [("commune=42218", True), ("", False), ("commune=42218&commune=42095", False), ("commune=99999", False)],
)
def test_the_list_of_one_commune_offers_to_follow_it(client: Client, person: Any, query: str, offers: bool) -> None:
    make("Ici")
    client.force_login(person())
    page = client.get(f"/annuaire/?{query}").content.decode()
    assert ("Suivre Saint-Étienne" in page) is offers
    assert (str(SAINT_ETIENNE) in page) is offers


@pytest.mark.parametrize("code", ["x" * 3000, "\x00", "'; --", "42218 "])
def test_any_commune_in_the_address_is_answered(client: Client, code: str) -> None:
    assert client.get("/annuaire/", {"commune": code}).status_code == 200

"""Who may see what: one declaration, two compilations, and the pages that obey it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toile.directory.models import Organisation
from toile.directory.models.organisations import Openness
from toile.directory.queries.listing import find_organisations
from toile.directory.services import appoint
from toile.kernel.acts import Actor
from toile.kernel.lists import Asked
from toile.kernel.readers import VISITOR, Reader, Role
from toile.thread.names import name_all

from .conftest import reader_with
from .structures import make, make_all, make_private

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def several(home: None) -> list[Organisation]:
    """Eight organisations, half of them reserved to their members."""
    public = make_all(*[{"name": f"Publique {n}"} for n in range(4)])
    private = make_all(*[{"name": f"Réservée {n}", "stage": "project"} for n in range(4)], openness=Openness.MEMBERS)
    return public + private


some = st.sets(st.integers(0, 9))


@pytest.mark.slow
@given(mine=some, known=some, roles=st.sets(st.sampled_from(list(Role))), signed_in=st.booleans())
@settings(max_examples=80)
def test_the_database_and_the_tokens_of_the_index_show_the_same_rows(
    several: list[Organisation], mine: set[int], known: set[int], roles: set[Role], signed_in: bool
) -> None:
    ids = [organisation.pk for organisation in several] + [uuid4(), uuid4()]
    reader = Reader(
        person=uuid4() if signed_in else None,
        organisations=frozenset(ids[n] for n in mine) if signed_in else frozenset(),
        reasons=frozenset(ids[n] for n in known) if signed_in else frozenset(),
        roles=frozenset(roles) if signed_in else frozenset(),
    )
    by_tokens = {o.pk for o in several if not reader.seen_by.isdisjoint(o.seen_by)}
    assert set(Organisation.objects.visible_to(reader).values_list("pk", flat=True)) == by_tokens
    found = find_organisations(reader, Asked())
    assert {row.pk for row in found.rows} == by_tokens
    assert found.count == found.total == sum(found.facets["stages"].values()) == len(by_tokens)


def test_a_private_project_is_not_there_for_others_and_is_there_for_its_people(
    client: Any, person: Any, home: None
) -> None:
    project, other = make_private("Projet secret"), make("Ailleurs")
    url = f"/annuaire/{project.pk}/"
    member, stranger, buyer = person(), person(), person(Role.BUYER)
    appoint(Actor.system("essai"), None, person=member.pk, organisation=project)
    appoint(Actor.system("essai"), None, person=stranger.pk, organisation=other)
    assert client.get(url).status_code == 404
    for someone, status in ((member, 200), (stranger, 404), (buyer, 404), (person(Role.OFFICER), 404)):
        client.force_login(someone)
        assert client.get(url).status_code == status
        assert client.get(f"{url}corriger/").status_code == status
        listed = client.get("/annuaire/?q=secret").content.decode()
        assert ("Projet secret" in listed) is (status == 200)


def test_the_thread_names_only_what_its_reader_may_see(home: None) -> None:
    project = make_private("Projet secret")
    assert project.pk not in name_all(VISITOR, [project.pk])
    assert name_all(reader_with(organisations=[project]), [project.pk])[project.pk].label == "Projet secret"


def test_a_membership_that_ended_no_longer_opens_anything(client: Any, person: Any, home: None) -> None:
    project, someone = make_private(), person()
    membership = appoint(Actor.system("essai"), None, person=someone.pk, organisation=project)
    again = appoint(Actor.system("essai"), None, person=someone.pk, organisation=project)
    assert again.pk == membership.pk
    client.force_login(someone)
    assert client.get(f"/annuaire/{project.pk}/").status_code == 200
    membership.until = membership.since
    membership.save()
    assert client.get(f"/annuaire/{project.pk}/").status_code == 404

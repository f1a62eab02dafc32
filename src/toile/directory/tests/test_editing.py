"""Several people edit one page at once: nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest

from toile.directory.models import Revision
from toile.kernel.readers import Role
from toile.thread.models import Fact

from .editors import opened, page_of, resent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


def test_two_people_who_write_apart_both_find_their_words_on_the_page(structure: Any, enter: Any) -> None:
    first, second = enter(), enter()
    url, one = opened(first, structure)
    _url, other = opened(second, structure)
    assert first.post(url, one | {"description": "De la première"}).status_code == 302
    answer = second.post(url, other | {"website": "https://apres.fr"}, follow=True)
    assert "à côté de ce que quelqu’un d’autre a changé" in answer.content.decode()
    now = page_of(structure)
    assert (now.description, now.website) == ("De la première", "https://apres.fr")


def test_two_people_who_write_the_same_field_are_shown_both_and_choose(structure: Any, enter: Any) -> None:
    first, second = enter(), enter()
    url, one = opened(first, structure)
    _url, other = opened(second, structure)
    assert first.post(url, one | {"description": "De la première", "address": "2 rue B"}).status_code == 302
    typed = other | {"description": "De la seconde", "website": "https://apres.fr"}
    stale = second.post(url, typed)
    words = stale.content.decode()
    assert stale.status_code == 409
    assert "De la première" in words
    assert "De la seconde" in words
    assert "une personne de la structure" in words or "Personne 0" in words
    assert page_of(structure).description == "De la première", "nothing is written yet"
    undecided = second.post(url, resent(stale))
    assert undecided.status_code == 422
    assert "Choisissez l’une des deux versions" in undecided.content.decode()
    theirs = second.post(url, resent(stale, choice_description="theirs"))
    assert theirs.status_code == 302
    now = page_of(structure)
    assert (now.description, now.website, now.main.address) == ("De la première", "https://apres.fr", "2 rue B")


def test_one_s_own_version_may_be_chosen_and_changed_again(structure: Any, enter: Any) -> None:
    first, second = enter(), enter()
    url, one = opened(first, structure)
    _url, other = opened(second, structure)
    first.post(url, one | {"description": "De la première"})
    stale = second.post(url, other | {"description": "De la seconde"})
    both = resent(stale, choice_description="mine", description="Des deux")
    assert second.post(url, both).status_code == 302
    assert page_of(structure).description == "Des deux"
    told = [one.fields["description"] for one in Revision.objects.order_by("pk")]
    assert told == [["Avant", "De la première"], ["De la première", "Des deux"]]


def test_a_third_who_saves_meanwhile_is_asked_about_again(structure: Any, enter: Any) -> None:
    first, second, third = enter(), enter(), enter(Role.OFFICER)
    url, one = opened(first, structure)
    _url, other = opened(second, structure)
    first.post(url, one | {"description": "De la première"})
    stale = second.post(url, other | {"description": "De la seconde"})
    _url, again = opened(first, structure)
    first.post(url, again | {"description": "De la première encore"})
    page = second.post(url, resent(stale, choice_description="mine"))
    assert page.status_code == 409
    assert "De la première encore" in page.content.decode()
    assert third.get(f"/annuaire/{structure.pk}/historique/").status_code == 200


def test_activities_changed_by_another_are_a_conflict_too(structure: Any, enter: Any) -> None:
    first, second = enter(), enter()
    url, one = opened(first, structure)
    _url, other = opened(second, structure)
    assert first.post(url, one | {"activities": ["cafe"]}).status_code == 302
    assert second.post(url, other | {"activities": ["sport"]}).status_code == 409
    assert Revision.objects.get().fields["activities"] == [[], ["cafe"]]
    assert page_of(structure).version == structure.version + 1
    assert Fact.objects.get(kind="directory.organisation.corrected").data["fields"] == ["activities"]


@pytest.mark.parametrize("lie", ["", "x", "[]", "null", '{"name": {"a": 1}}', "[" * 5000, '{"activities": 3}'])
def test_what_a_form_says_that_it_saw_is_never_believed_blindly(structure: Any, enter: Any, lie: str) -> None:
    client = enter()
    url, form = opened(client, structure)
    assert client.post(url, form | {"seen": lie, "asked": "name,rien,version"}).status_code in (302, 409, 422)

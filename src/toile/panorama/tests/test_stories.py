"""The stories of a place: public moments of its structures, one each, in a known number of statements."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from toile.directory.facts import (
    ORGANISATION_CORRECTED,
    ORGANISATION_CREATED,
    ORGANISATION_MOVED,
    PAGE_CLAIMED,
    Changed,
)
from toile.directory.models import Organisation
from toile.directory.tests.structures import make, make_private
from toile.kernel.acts import Actor, act
from toile.panorama.queries.stories import stories
from toile.thread.kinds import Visibility
from toile.thread.services import record

pytestmark = pytest.mark.django_db
HERE = ["42095"]


def happened(kind, structure, days_ago, **more):
    with act(Actor.system("essai")):
        record(kind, about=[structure.pk], happened_at=timezone.now() - dt.timedelta(days=days_ago), **more)


@pytest.fixture
def firminy(home):
    """Structures at Firminy; nothing is told of them yet but what their arrival says."""
    return lambda name, **more: make(name, postal_code="42700", city="Firminy", **more)


def test_the_latest_moments_of_the_commune_are_told_with_their_structure(firminy):
    régie, épicerie, ailleurs = firminy("La régie"), firminy("L’épicerie"), make("Le café d’ailleurs")
    happened(ORGANISATION_MOVED, régie, 9)
    happened(ORGANISATION_CREATED, épicerie, 30)
    happened(ORGANISATION_MOVED, ailleurs, 1)
    told = stories(HERE)
    assert [story.sentence for story in told] == [
        "La régie s’installe à une nouvelle adresse.",
        "L’épicerie voit le jour.",
    ]
    assert told[0].day == timezone.localdate() - dt.timedelta(days=9)
    assert not told[0].fictional


def test_each_structure_is_told_once_key_moments_first(firminy):
    busy, quiet = firminy("La régie"), firminy("L’épicerie")
    for days in range(1, 6):
        happened(PAGE_CLAIMED, busy, days)
    happened(ORGANISATION_MOVED, quiet, 40)
    assert [story.sentence for story in stories(HERE)] == [
        "L’épicerie s’installe à une nouvelle adresse.",
        "La régie tient désormais sa propre fiche.",
    ]


def test_what_is_not_public_is_not_told(firminy):
    narrowed, unlisted = firminy("La régie"), firminy("La maison")
    private = make_private("Le projet", postal_code="42700", city="Firminy")
    happened(ORGANISATION_MOVED, narrowed, 1, visibility=Visibility.MEMBERS)
    happened(ORGANISATION_MOVED, unlisted, 1)
    happened(ORGANISATION_MOVED, private, 1)
    assert [story.sentence for story in stories(HERE)] == ["La maison s’installe à une nouvelle adresse."]
    Organisation.objects.filter(pk=unlisted.pk).update(listed=False)
    assert stories(HERE) == []


def test_the_life_of_the_record_is_no_story(firminy):
    happened(ORGANISATION_CORRECTED, firminy("La régie"), 1, data=Changed(["name"]))
    assert stories(HERE) == []


def test_three_at_most_in_the_same_statements_for_one_and_for_many(firminy, django_assert_num_queries):
    happened(ORGANISATION_MOVED, firminy("La régie"), 1)
    with django_assert_num_queries(3):
        stories(HERE)
    for number in range(6):
        happened(ORGANISATION_MOVED, firminy(f"La structure {number}"), number)
    with django_assert_num_queries(3):
        told = stories(HERE)
    assert len(told) == 3
    assert stories([]) == []

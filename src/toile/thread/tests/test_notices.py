"""From facts to notices: whom each is told to, once, and never what they may not read."""

from __future__ import annotations

import random
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from toile.kernel import readers
from toile.kernel.acts import Actor
from toile.kernel.readers import Contribution, Reader, Role, reader_of
from toile.thread import concerned, follower
from toile.thread.concerned import Around, Concern
from toile.thread.kinds import Visibility
from toile.thread.models import Cursor, Fact, FactAbout, Notice, Preference, Subscription
from toile.thread.rules.telling import Rhythm

from .happenings import (
    ANNOUNCED,
    HAPPENED,
    KINDS,
    LONG_AGO,
    NOON,
    OTHER,
    THING,
    at,
    catch_up,
    follower_of,
    happen,
    person,
)

pytestmark = pytest.mark.django_db


def told(someone: Any) -> list[str]:
    return list(Notice.objects.filter(person=someone.pk).order_by("pk").values_list("topic", flat=True))


def test_who_follows_a_thing_is_told_of_it_once():
    camille, dominique = follower_of(), follower_of(OTHER, "dominique")
    happen()
    assert catch_up() == 1
    assert told(camille) == ["followed"]
    assert told(dominique) == []
    assert catch_up() == 0
    Cursor.objects.all().delete()
    catch_up()
    assert told(camille) == ["followed"], "read again from the beginning, the log tells nothing twice"


def test_following_begins_when_it_begins():
    happen()
    camille = follower_of()
    Subscription.objects.update(made_at=timezone.now())
    catch_up()
    assert told(camille) == []


def test_nobody_is_told_of_what_they_did_themselves_nor_of_the_audit():
    camille, dominique = follower_of(), follower_of(name="dominique")
    happen(actor=Actor(camille.pk, "web"))
    happen(kind=KINDS[Visibility.AUDIT])
    catch_up()
    assert told(camille) == []
    assert told(dominique) == ["followed"]


def test_a_fact_about_oneself_is_told_without_following():
    camille = person()
    happen(camille.pk, KINDS[Visibility.OWN])
    catch_up()
    assert told(camille) == ["account"]


def test_a_topic_that_is_never_told_makes_no_notice_and_one_on_the_site_no_message():
    never = follower_of(name="jamais", followed=Rhythm.NEVER)
    on_site = follower_of(name="site", followed=Rhythm.ON_SITE)
    happen()
    happen(kind=ANNOUNCED)
    catch_up()
    assert told(never) == ["news"], "each topic has its own rhythm"
    shown = Notice.objects.get(person=on_site.pk, topic="followed")
    assert (shown.rhythm, shown.due_at) == ("on_site", None)


def test_a_notice_is_due_by_its_rhythm_and_outside_the_quiet_hours():
    evening, morning = NOON.replace(hour=21), NOON.replace(hour=8) + timedelta(days=1)
    once, daily = follower_of(name="aussitot"), follower_of(name="jour", followed=Rhythm.DAILY)
    Preference.objects.update(quiet_from="20:00", quiet_until="08:00")
    happen()
    with at(evening):
        catch_up()
    assert {notice.due_at for notice in Notice.objects.all()} == {morning}
    assert Notice.objects.filter(person__in=[once.pk, daily.pk]).count() == 2


def test_a_place_is_told_of_news_and_key_moments_and_a_joined_thing_of_all(monkeypatch: pytest.MonkeyPatch):
    place, twin = uuid.uuid4(), uuid.uuid4()
    around = {THING: Around(frozenset({THING, twin}), frozenset({place}))}
    monkeypatch.setattr(concerned, "_surroundings", [lambda subjects: {k: around[k] for k in subjects if k in around}])
    there, of_twin = follower_of(place, "voisine"), follower_of(twin, "jumelle")
    happen(kind=HAPPENED)
    happen(kind=ANNOUNCED)
    catch_up()
    assert told(there) == ["news"]
    assert told(of_twin) == ["followed", "news"]


def test_a_room_says_whom_a_thing_concerns_and_since_when(monkeypatch: pytest.MonkeyPatch):
    member, newcomer = person("membre"), person("nouvelle")
    concerns = sorted([(member.pk, LONG_AGO), (newcomer.pk, LONG_AGO.replace(year=2100))])
    monkeypatch.setattr(
        concerned,
        "_concerns",
        [lambda subjects, after, most: [Concern(who, THING, since) for who, since in concerns if after is None]],
    )
    happen()
    catch_up()
    assert told(member) == ["mine"]
    assert told(newcomer) == []


def test_many_people_are_told_page_by_page_and_a_step_that_fails_keeps_nothing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(follower, "ROWS", 10)
    people = [uuid.uuid4() for _ in range(35)]
    Subscription.objects.bulk_create(
        Subscription(person=who, subject=subject, made_at=LONG_AGO) for who in people for subject in (THING, OTHER)
    )
    # One row more, so that a page may end between the two rows of a person.
    Subscription.objects.create(person=uuid.UUID(int=0), subject=THING, made_at=LONG_AGO)
    happen()
    happen(OTHER)
    assert follower.step()
    begun = Notice.objects.count()
    assert 0 < begun < 71
    with monkeypatch.context() as broken:
        broken.setattr(Cursor, "save", lambda self: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            follower.step()
    assert Notice.objects.count() == begun, "the notices and the cursor are kept together, or not at all"
    happen()
    catch_up()
    assert Notice.objects.count() == 35 * 3 + 2
    assert Cursor.objects.get().within is None


@pytest.mark.parametrize(("facts", "people"), [(1, 1), (follower.BATCH, 40)])
def test_a_step_reads_in_a_known_number_of_statements(
    facts: int, people: int, django_assert_num_queries: Any, django_assert_max_num_queries: Any
):
    Subscription.objects.bulk_create(
        Subscription(person=uuid.uuid4(), subject=THING, made_at=LONG_AGO) for _ in range(people)
    )
    happen()
    catch_up()  # what a process reads once is read
    happen(times=facts)
    # Two to see that there is something; a savepoint and its release here, a transaction elsewhere; the cursor twice,
    # the facts and their subjects; who follows, and two rooms; what the subjects stand for; preferences; two rooms for
    # the readers; the notices, by lots of 124 on SQLite.
    lots = -(-facts * people // 124)
    with django_assert_max_num_queries(17 + lots):
        assert follower.step()
    with django_assert_num_queries(2):
        assert not follower.step()


# --- Never a leak ----------------------------------------------------------------------------------------------------

THINGS = [uuid.UUID(int=number) for number in range(1, 5)]
PEOPLE = [uuid.UUID(int=1000 + number) for number in range(6)]


@settings(max_examples=15)
@given(st.randoms(use_true_random=False))
def test_nobody_has_a_notice_of_a_fact_that_they_may_not_read(dice: random.Random):
    known = {
        who: Contribution(
            organisations=dice.sample(THINGS, dice.randint(0, 2)),
            reasons=dice.sample(THINGS, dice.randint(0, 1)),
            roles=dice.sample(list(Role), dice.randint(0, 1)),
        )
        for who in PEOPLE
    }
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(readers, "_contributors", [lambda people: {who: known[who] for who in people}])
        patched.setattr(
            concerned, "_concerns", [lambda subjects, after, most: _concerns(known, subjects, after)[:most]]
        )
        Subscription.objects.all().delete()
        catch_up()
        before = Fact.objects.count()
        for who in PEOPLE:
            for subject in dice.sample([*THINGS, who], dice.randint(0, 3)):
                Subscription.objects.create(person=who, subject=subject, made_at=LONG_AGO)
        for _ in range(dice.randint(1, 8)):
            about = dice.sample([*THINGS, *PEOPLE], dice.randint(1, 3))
            level = dice.choice(list(Visibility))
            happen(about, KINDS[level], Actor(dice.choice([None, *PEOPLE]), "tests"))
        catch_up()
        fresh = Fact.objects.order_by("pk")[before:]
        for who in PEOPLE:
            _check(reader_of(who), {fact.pk: fact for fact in fresh})


def _concerns(known: dict[uuid.UUID, Contribution], subjects: Any, after: Any) -> list[Concern]:
    pairs = [(who, thing) for who, one in known.items() for thing in one.organisations if thing in subjects]
    return [Concern(who, thing, LONG_AGO) for who, thing in sorted(pairs) if after is None or who > after]


def _check(who: Reader, fresh: dict[int, Fact]) -> None:
    """The notices of this person among these facts are those that they follow or represent, and may read, in SQL."""
    has = set(Notice.objects.filter(person=who.person, fact__in=fresh).values_list("fact", flat=True))
    may = set(Fact.objects.visible_to(who).filter(pk__in=fresh).values_list("pk", flat=True))
    assert has <= may
    follows = set(Subscription.objects.filter(person=who.person).values_list("subject", flat=True)) | who.organisations
    about = FactAbout.objects.filter(fact__in=fresh, subject__in=follows).values_list("fact", flat=True)
    assert has == {
        pk for pk in may & set(about) if fresh[pk].actor != who.person and fresh[pk].visibility != Visibility.AUDIT
    }

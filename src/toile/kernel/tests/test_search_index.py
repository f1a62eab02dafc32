"""The index in trouble: deleted, damaged, of another version, of another database; built again while it is read."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from django.db import transaction
from django.utils import timezone

from toile.kernel.acts import act
from toile.kernel.models import SearchChange, SearchCursor
from toile.kernel.readers import VISITOR
from toile.kernel.search import IndexUnavailable, Query, collections, find, note, reading
from toile.kernel.search.following import Follower
from toile.kernel.search.indexer import _declare, catch_up, delay, elected, machine, rebuild
from toile.kernel.search.outbox import prune
from toile.kernel.search.places import REBUILD, Place, discard_indexes, is_sound

from . import searched_things as things
from .searched_things import ACTOR, CODE, THINGS, thing

pytestmark = pytest.mark.django_db
MAPS = Path("/proc/self/maps")


@pytest.fixture(autouse=True)
def shelf(indexed: Callable[[], int]) -> Iterator[None]:
    things.held.clear()
    things.write(thing("Recyclerie du Gier"), thing("Régie de quartier"))
    catch_up(CODE)
    yield
    things.held.clear()


def count(words: str = "") -> int:
    return find(CODE, VISITOR, Query(words=words)).count


def build() -> Path:
    current = Place.of(THINGS).current()
    assert current is not None
    return current


def test_what_is_written_changed_and_removed_is_followed() -> None:
    (pk,) = things.write(thing("Épicerie du Forez"))
    assert (count("forez"), delay(CODE)) == (0, 1)
    assert catch_up(CODE) == 1
    assert (count("forez"), delay(CODE)) == (1, 0)
    things.write(replace(things.held[pk], names=["Épicerie du Pilat"]))
    catch_up(CODE)
    assert (count("forez"), count("pilat"), count()) == (0, 1, 3)
    things.remove(pk)
    catch_up(CODE)
    assert (count("pilat"), count()) == (0, 2)


def test_following_goes_on_in_the_same_build() -> None:
    before = build()
    things.write(thing("Épicerie"))
    catch_up(CODE)
    assert build() == before


def test_a_savepoint_rolled_back_takes_its_changes_with_it() -> None:
    kept, dropped = thing("Gardée"), thing("Oubliée")
    with act(ACTOR):
        note(CODE, [kept.id, kept.id])
        with suppress(ZeroDivisionError), transaction.atomic():
            note(CODE, [dropped.id])
            raise ZeroDivisionError
    assert SearchChange.objects.latest("id").ids == [str(kept.id)]


def test_a_change_holds_a_thousand_objects_of_one_collection() -> None:
    several = [thing(f"Atelier {number}") for number in range(2500)]
    before = SearchChange.objects.latest("id").pk
    things.write(*several)
    with act(ACTOR):
        note(CODE, [several[0].id])
        note("another", [several[1].id])
    noted = SearchChange.objects.filter(id__gt=before).order_by("id")
    assert [len(change.ids) for change in noted] == [1000, 1000, 500, 1, 1]
    assert [change.collection for change in noted] == [CODE] * 4 + ["another"]
    assert delay(CODE) == 4
    assert catch_up(CODE) == 2501
    assert (count("atelier"), delay(CODE)) == (2500, 0)


def test_an_index_deleted_while_it_is_read_is_missed_then_made_again() -> None:
    shutil.rmtree(Place.of(THINGS).folder)
    with pytest.raises(IndexUnavailable):
        count()
    assert delay(CODE) is None
    catch_up(CODE)
    assert count("recyclerie") == 1


def test_an_indexer_at_work_sees_that_its_index_was_deleted() -> None:
    follower = Follower(THINGS)
    follower.follow()
    shutil.rmtree(Place.of(THINGS).folder)
    follower.follow()
    assert count("recyclerie") == 1
    follower.close()


def test_what_a_commit_that_failed_left_behind_does_not_stop_the_next_one() -> None:
    before = build()
    for file in list(before.glob("*.store")):
        for number in range(200):
            file.with_suffix(f".{number}.del").touch()
    things.write(replace(next(iter(things.held.values())), names=["Épicerie du Pilat"]))
    catch_up(CODE)
    assert build() == before
    assert count("pilat") == 1


@pytest.mark.parametrize("part", ["term", "idx", "store", "fast", "fieldnorm"])
def test_a_damaged_index_is_never_believed(part: str) -> None:
    (file,) = build().glob(f"*.{part}")
    content = bytearray(file.read_bytes())
    content[: len(content) - 120 : 3] = b"\xff" * len(content[: len(content) - 120 : 3])
    damaged = file.with_suffix(".new")
    damaged.write_bytes(content)
    damaged.replace(file)
    reading._opened.clear()
    before = build()
    assert not is_sound(before)
    try:
        count("recyclerie")
    except IndexUnavailable:
        assert Place.of(THINGS).told("suspect")
    catch_up(CODE)
    assert build() != before
    assert count("recyclerie") == 1


@pytest.mark.parametrize("content", [b"", b"{}", b"garbage", b'{"build": "../..", "shape": "1.1"}'])
def test_a_pointer_that_makes_no_sense_is_no_index(content: bytes) -> None:
    (Place.of(THINGS).folder / "current").write_bytes(content)
    with pytest.raises(IndexUnavailable):
        count()
    catch_up(CODE)
    assert count() == 2


def test_an_index_of_another_version_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(collections, CODE, replace(THINGS, version=2))
    with pytest.raises(IndexUnavailable):
        count()
    catch_up(CODE)
    assert count() == 2


def test_readers_go_on_while_it_is_built_again() -> None:
    things.write(*(thing(f"Atelier {number}") for number in range(3000)))
    catch_up(CODE)
    counts: list[int] = []
    done: list[bool] = []

    def read() -> None:
        while not done:
            counts.append(find(CODE, VISITOR, Query(words="atelier", limit=5)).count)

    reader = Thread(target=read)
    reader.start()
    builds = set()
    try:
        for _ in range(4):
            assert rebuild(CODE)
            builds.add(build())
    finally:
        done.append(True)
        reader.join()
    assert set(counts) == {3000}
    assert len(builds) == 4
    assert list(Place.of(THINGS).folder.glob("build-*")) == [build()]


def test_a_change_made_while_it_is_built_is_in_the_old_index_and_in_the_new() -> None:
    things.write(*(thing(f"Atelier {number}") for number in range(2500)))
    follower = Follower(THINGS)
    follower.follow()
    seen: list[int] = []

    def meanwhile(done: int) -> None:
        if done == 2000:
            things.write(thing("Venue entre-temps"))
        else:
            seen.append(count("venue"))

    follower.rebuild(meanwhile)
    follower.follow()
    follower.close()
    assert seen == [1]
    assert count("venue") == 1


def test_one_indexer_at_a_time_which_may_be_asked_to_build_again() -> None:
    with elected() as mine:
        assert mine
        with elected() as second:
            assert not second
        assert not rebuild(CODE)
        things.write(thing("En attente"))
        assert catch_up(CODE) == 0
        before = build()
        follower = Follower(THINGS)
        follower.follow()
        follower.close()
    assert build() != before
    assert not (Place.of(THINGS).folder / REBUILD).exists()
    assert count("attente") == 1


def test_a_database_put_in_the_place_of_another_is_read_from_the_start() -> None:
    SearchChange.objects.all().delete()
    things.held.clear()
    things.held.update({one.id: one for one in [thing("Restaurée")]})
    catch_up(CODE)
    assert (count("recyclerie"), count("restauree")) == (0, 1)


def test_other_changes_by_the_same_numbers_are_not_taken_for_ours() -> None:
    last = SearchChange.objects.order_by("id").last()
    assert last is not None
    SearchChange.objects.filter(pk=last.pk).update(noted_at=last.noted_at + timedelta(microseconds=1))
    before = build()
    catch_up(CODE)
    assert build() != before


def test_indexes_are_forgotten_with_the_database() -> None:
    discard_indexes()
    with pytest.raises(IndexUnavailable):
        count()


def test_what_all_indexes_read_is_pruned_and_no_index_is_built_again_for_it() -> None:
    things.write(thing("Une de plus"))
    with act(ACTOR):
        note("another", [thing("Ailleurs").id for _ in range(5)])
    follower = Follower(THINGS)
    follower.follow()
    _declare([follower])
    follower.close()
    assert SearchCursor.objects.get(index=machine()).change == SearchChange.objects.latest("id").pk
    before = build()
    assert prune() == 2
    assert SearchChange.objects.count() == 1
    things.write(thing("Encore une"))
    assert catch_up(CODE) == 1
    assert build() == before


def test_the_slowest_index_of_the_week_holds_the_outbox() -> None:
    last = SearchChange.objects.latest("id").pk
    things.write(thing("Une"))
    things.write(thing("Deux"))
    SearchCursor.objects.create(index="fast", collection=CODE, change=last + 2)
    slow = SearchCursor.objects.create(index="slow", collection=CODE, change=last)
    prune()
    assert SearchChange.objects.count() == 3
    SearchCursor.objects.filter(pk=slow.pk).update(seen_at=timezone.now() - timedelta(days=8))
    prune()
    assert SearchChange.objects.count() == 1


def test_an_index_older_than_the_outbox_is_built_again() -> None:
    things.write(thing("Une"))
    things.write(thing("Deux"))
    SearchChange.objects.exclude(pk=SearchChange.objects.latest("id").pk).delete()
    before = build()
    catch_up(CODE)
    assert build() != before
    assert count() == 4


def test_a_folder_that_cannot_be_written_is_said_and_searched_around(settings, tmp_path: Path) -> None:
    settings.TOILE_SEARCH = tmp_path / "file"
    settings.TOILE_SEARCH.write_text("")
    with pytest.raises(IndexUnavailable):
        count()
    with pytest.raises(OSError):
        catch_up(CODE)


@pytest.mark.skipif(not MAPS.exists(), reason="reads /proc, which only Linux has")
def test_a_reader_leaves_nothing_open_of_an_index_replaced() -> None:
    for _ in range(2):
        count()
        rebuild(CODE)
    count()
    assert not [line for line in MAPS.read_text().splitlines() if "build-" in line and "(deleted)" in line]

"""Finding by what things are and where: only what the reader may see, facets, circles, orders, groups on a map."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.kernel.readers import EVERYONE, VISITOR, Reader
from toile.kernel.search import Around, Document, Query, find
from toile.kernel.sphere import metres_between

from . import searched_things as things
from .searched_things import CODE, thing

pytestmark = pytest.mark.django_db

ONE, OTHER = uuid.UUID(int=7), uuid.UUID(int=8)
READERS = [
    VISITOR,
    Reader(roles=frozenset({"adviser"})),
    Reader(organisations=frozenset({ONE})),
    Reader(reasons=frozenset({ONE, OTHER}), roles=frozenset({"officer", "buyer"})),
    Reader(reasons=frozenset(uuid.UUID(int=number) for number in range(1, 40))),
]
TOKENS = [EVERYONE, "adviser", "officer", str(ONE), str(OTHER)]
FAMILIES, PLACES = ["coop", "asso", "mutuelle"], ["42218", "42059", "42095", "42147"]
WORDS = ["atelier", "jardin", "regie", "epicerie", "fabrique"]


@pytest.fixture
def stock(indexed: Callable[[], int]) -> Iterator[list[Document]]:
    chance = random.Random(4)
    things.held.clear()
    made = [
        thing(
            f"{chance.choice(WORDS)} {number:03d}",
            seen_by=chance.sample(TOKENS, chance.choice([1, 1, 2])),
            point=None if chance.random() < 0.1 else (chance.uniform(4.2, 4.6), chance.uniform(45.3, 45.6)),
            family=[chance.choice(FAMILIES)],
            place=chance.sample(PLACES, chance.choice([0, 1, 2])),
            cell=[str(number % 5)],
        )
        for number in range(300)
    ]
    things.write(*made)
    indexed()
    yield made
    things.held.clear()


def expected(stock: list[Document], reader: Reader, query: Query, without: str = "") -> list[Document]:
    """What holds, asked of the things themselves."""
    found = [one for one in stock if reader.seen_by.intersection(one.seen_by)]
    if query.words:
        found = [one for one in found if query.words in one.names[0]]
    lines = [*query.all_of.items(), *((name, line) for name, line in query.narrowed.items() if name != without)]
    for name, values in lines:
        found = [one for one in found if set(values).intersection(one.facets[name])]
    for name, values in query.none_of.items():
        found = [one for one in found if not set(values).intersection(one.facets[name])]
    if query.keys is not None:
        found = [one for one in found if one.id in query.keys]
    if query.box is not None:
        west, south, east, north = query.box
        found = [one for one in found if one.point and west <= one.point[0] <= east and south <= one.point[1] <= north]
    if query.around is not None:
        at = query.around
        found = [one for one in found if one.point and metres_between(at.lon, at.lat, *one.point) <= at.metres]
    return found


chosen = st.dictionaries(
    st.sampled_from(["family", "place"]), st.sets(st.sampled_from([*FAMILIES, *PLACES]), min_size=1)
)
questions = st.builds(
    Query,
    words=st.sampled_from(["", "", *WORDS]),
    all_of=chosen,
    narrowed=chosen,
    none_of=chosen,
    counted=st.just(("family", "place")),
    box=st.none() | st.just((4.3, 45.35, 4.5, 45.5)),
    around=st.none()
    | st.builds(Around, st.floats(4.1, 4.7), st.floats(45.2, 45.7), st.floats(0, 40_000) | st.just(1e9)),
    limit=st.just(300),
)


@given(reader=st.sampled_from(READERS), query=questions)
def test_rows_and_counts_are_those_of_the_things_themselves(stock: list[Document], reader, query: Query) -> None:
    hits = find(CODE, reader, query)
    right = expected(stock, reader, query)
    assert set(hits.ids) == {one.id for one in right}
    assert hits.count == len(right)
    for name in query.counted:
        among = expected(stock, reader, query, without=name)
        assert hits.facets[name] == Counter(value for one in among for value in one.facets[name])
    if query.around:
        assert set(hits.distances) == set(hits.ids)


def test_a_circle_is_exact_at_its_edge(stock: list[Document]) -> None:
    placed = [one for one in stock if one.point and EVERYONE in one.seen_by]
    lon, lat = 4.39, 45.44
    away = sorted(metres_between(lon, lat, *one.point) for one in placed)
    for edge in (away[10], away[40]):
        inside = find(CODE, VISITOR, Query(around=Around(lon, lat, edge))).count
        assert inside == away.index(edge) + 1
        assert find(CODE, VISITOR, Query(around=Around(lon, lat, edge - 0.001))).count == inside - 1


def test_by_distance_the_nearest_comes_first_page_after_page(stock: list[Document]) -> None:
    query = Query(around=Around(4.4, 45.4, 30_000), order="distance")
    right = expected(stock, VISITOR, query)
    right.sort(key=lambda one: metres_between(4.4, 45.4, *(one.point or (0, 0))))
    pages = [find(CODE, VISITOR, replace(query, offset=offset)) for offset in range(0, len(right), 20)]
    assert [pk for page in pages for pk in page.ids] == [one.id for one in right]
    assert pages[0].distances[right[0].id] == metres_between(4.4, 45.4, *(right[0].point or (0, 0)))


def test_by_name_pages_follow_one_another(stock: list[Document]) -> None:
    right = sorted(expected(stock, VISITOR, Query()), key=lambda one: one.sort)
    pages = [find(CODE, VISITOR, Query(order="name", offset=offset)) for offset in range(0, len(right), 20)]
    assert [pk for page in pages for pk in page.ids] == [one.id for one in right]


def test_nothing_asked_is_by_name(stock: list[Document]) -> None:
    assert find(CODE, VISITOR, Query()).ids == find(CODE, VISITOR, Query(order="name")).ids


def test_only_these(stock: list[Document]) -> None:
    some = frozenset(one.id for one in stock[:50])
    hits = find(CODE, VISITOR, Query(keys=some, limit=300, counted=("family",)))
    right = expected(stock, VISITOR, Query(keys=some))
    assert set(hits.ids) == {one.id for one in right}
    assert sum(hits.facets["family"].values()) == len(right)
    assert find(CODE, VISITOR, Query(keys=frozenset(), counted=("family",))).count == 0


def test_groups_tell_their_mean_point_and_their_bounds(stock: list[Document]) -> None:
    groups = find(CODE, VISITOR, Query(gathered="cell", limit=0)).groups
    for cell, (count, lon, lat, west, south, east, north) in groups.items():
        inside = [one for one in expected(stock, VISITOR, Query()) if one.facets["cell"] == [cell]]
        points = [one.point for one in inside if one.point]
        assert count == len(points) < len(inside)
        assert lon == pytest.approx(sum(point[0] for point in points) / len(points))
        assert lat == pytest.approx(sum(point[1] for point in points) / len(points))
        assert (west, east) == (min(point[0] for point in points), max(point[0] for point in points))
        assert (south, north) == (min(point[1] for point in points), max(point[1] for point in points))
    assert len(groups) == 5


def test_a_facet_that_is_not_declared_is_loud(stock: list[Document]) -> None:
    with pytest.raises(KeyError):
        find(CODE, VISITOR, Query(all_of={"colour": ["red"]}))


@pytest.mark.parametrize(("offset", "limit"), [(0, 0), (-5, 3), (10**12, 20), (0, 10**9), (0, -1)])
def test_pages_are_bounded(stock: list[Document], offset: int, limit: int) -> None:
    for order in ("relevance", "name"):
        hits = find(CODE, VISITOR, Query(words="atelier", order=order, offset=offset, limit=limit))
        assert len(hits.ids) <= hits.count

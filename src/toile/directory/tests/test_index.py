"""The index and the database give every reader the same rows and the same counts, whatever is asked."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from toile.directory.models import Organisation
from toile.directory.models.organisations import Openness
from toile.directory.queries import by_database, by_index
from toile.directory.queries.listing import find_organisations, newer_organisations
from toile.directory.queries.where import Where, where
from toile.directory.searched import ORGANISATIONS
from toile.kernel.lists import Asked, Box, Near
from toile.kernel.readers import VISITOR, Reader, Role
from toile.kernel.search import find

from .structures import make, make_all, make_private

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home"), pytest.mark.slow]

TOWNS = [("42218", "42000"), ("42207", "42400"), ("42095", "42700"), ("42147", "42600")]
KINDS = [{"legal_category": "9220"}, {"legal_category": "5458"}, {"legal_category": "5710"}, {"correction": True}]
BANDS = ["", "01", "11", "21", "NN"]
LABELS: list[list[list[Any]]] = [[], [["esus", None, None]], [["ei", None, None], ["esus", None, None]]]
STAGES = ["active", "project", "ceased"]
Indexed = Callable[[], int]
FIRST = ["Atelier", "Épicerie", "Jardins", "Maison", "Recyclerie", "Régie", "Théâtre", "Vélo"]
SECOND = ["solidaire", "de Saint-Roch", "du Gier", "de l’Ondaine", "partagés", "des Possibles"]
OFFERED = {
    "families": ["association", "cooperative", "autre", "averifier"], "communes": ["42218", "42207", "99999"],
    "activities": ["cafe", "insertion", "textile"], "sizes": ["1-9", "10-49", "inconnue"], "approvals": ["esus", "ei"],
    "stages": STAGES, "verdicts": ["yes", "unknown", "no"],
}  # fmt: skip
SEARCHES = 1000


def town(chance: random.Random) -> list[Organisation]:
    """A hundred and twenty structures of all kinds, a third of them reserved to their members."""

    def payload(number: int) -> dict[str, Any]:
        code, postal = chance.choice(TOWNS)
        point = {"lon": 4.2 + chance.random() / 3, "lat": 45.3 + chance.random() / 4} if chance.random() < 0.7 else {}
        return {
            "name": f"{chance.choice(FIRST)} {chance.choice(SECOND)} {number % 7 or ''}", "commune_code": code,
            "postal_code": postal, "staff_band": chance.choice(BANDS), "approvals": chance.choice(LABELS),
            "stage": chance.choice(STAGES), "activities": chance.choice([["cafe"], ["insertion", "textile"], []]),
        } | point | chance.choice(KINDS)  # fmt: skip

    public = make_all(*[payload(number) for number in range(60)])
    plain = make_all(*[payload(number) for number in range(60, 80)], source="spreadsheet")
    return public + plain + make_all(*[payload(n) for n in range(80, 120)], openness=Openness.MEMBERS)


def someone(chance: random.Random, several: list[Organisation]) -> Reader:
    """A visitor, or a person with some organisations, some reasons to know and some roles."""
    if chance.random() < 0.2:
        return VISITOR
    ids = [organisation.pk for organisation in several] + [uuid4()]
    return Reader(
        person=uuid4(),
        organisations=frozenset(chance.sample(ids, chance.randint(0, 12))),
        reasons=frozenset(chance.sample(ids, chance.randint(0, 5))),
        roles=frozenset(chance.sample(list(Role), chance.randint(0, 2))),
    )


def something(chance: random.Random) -> Asked:
    """A question: words rightly or wrongly spelt, facets, a place, a circle, a box, or nothing."""
    words = chance.choice(["", "", "epicerie", "jardin partage", "reciclerie", "st roch", "velo gier", "x🧶"])
    facets = {
        name: frozenset(chance.sample(values, chance.randint(1, 2)))
        for name, values in OFFERED.items()
        if chance.random() < 0.25
    }
    near = Near(4.39, 45.44, chance.choice([2e3, 1e4, 3e4])) if chance.random() < 0.2 else None
    box = Box(4.3, 45.35, 4.45, 45.5) if chance.random() < 0.2 else None
    place = chance.choice(["", "", "", "Firminy", "Atlantide"])
    sort = chance.choice(["", "name", "relevance", "distance"])
    flags = [flag for flag in (by_database.EVERYWHERE, by_database.UNPLACED) if chance.random() < 0.5]
    return Asked(words, place, facets, frozenset(flags), near, box, sort)


def test_on_a_thousand_readers_and_questions_the_index_answers_as_the_database_does(indexed: Indexed) -> None:
    chance = random.Random(20261121)
    several = town(chance)
    indexed()
    found_some = 0
    for _ in range(SEARCHES):
        reader, asked = someone(chance, several), something(chance)
        found = find_organisations(reader, asked, 0, 500)
        assert found.tolerant, "the index answered"
        place, letter = where(asked.place), replace(asked, words="")
        if asked.words:
            # How tolerant the words are is the index's affair: what they find there, the database must find open.
            spelt = replace(by_index.question(asked, place, limit=500), narrowed={}, counted=())
            kept = frozenset(find(ORGANISATIONS.code, reader, spelt).ids)
            place = Where(place.label or "words", place.communes, kept)
        base = by_database.base(reader, letter, place)
        counts = by_database.facets(reader, letter, place, base)
        rows = set(by_database.narrowed(base, letter).values_list("pk", flat=True))
        assert {row.pk for row in found.rows} == rows, (reader, asked)
        assert (found.count, found.total) == (counts.pop("count")[""], counts.pop("total")[""]), (reader, asked)
        assert {name: dict(values) for name, values in found.facets.items()} == counts, (reader, asked)
        found_some += bool(rows)
    assert found_some > SEARCHES / 4, "most questions find something to compare"


def test_a_structure_closed_to_the_public_is_gone_at_once_though_the_index_still_holds_it(
    indexed: Indexed,
) -> None:
    project = make("Projet ouvert")
    indexed()
    Organisation.objects.filter(pk=project.pk).update(openness=Openness.MEMBERS)
    found = find_organisations(VISITOR, Asked(words="projet ouvert"))
    assert found.tolerant
    assert found.rows == []


def test_what_a_service_writes_is_in_the_outbox_and_then_in_the_index(indexed: Indexed) -> None:
    make("Recyclerie du Gier", siret="40483304800022", activities=["cafe"])
    hidden = make_private("Projet caché")
    indexed()
    for words in ("reciclerie", "gier recyclerie", "40483304800022", "recyc"):
        assert [row.name for row in find_organisations(VISITOR, Asked(words=words)).rows] == ["Recyclerie du Gier"]
    assert find_organisations(VISITOR, Asked(words="caché")).count == 0
    mine = Reader(person=uuid4(), organisations=frozenset({hidden.pk}))
    assert find_organisations(mine, Asked(words="caché")).count == 1


def test_a_page_costs_the_same_statements_for_one_row_and_for_sixty(
    indexed: Indexed, django_assert_num_queries: Any
) -> None:
    made = 0
    for total in (1, 3, 60):
        make_all(*[{"name": f"Structure {n}", "approvals": LABELS[2]} for n in range(made, total)])
        made = total
        indexed()
        with django_assert_num_queries(2):
            found = find_organisations(VISITOR, Asked())
        assert (found.count, found.total) == (total, total)


@pytest.mark.parametrize("with_index", [True, False])
def test_what_is_newer_comes_latest_first_and_only_of_the_question(indexed: Indexed, with_index: bool) -> None:
    old = make("Épicerie ancienne")
    moment = Organisation.objects.get(pk=old.pk).changed_at
    make("Épicerie récente")
    make("Boucherie récente")
    if with_index:
        indexed()
    newer = newer_organisations(VISITOR, Asked(words="épicerie"), moment, None, 10)
    assert [row.name for row in newer] == ["Épicerie récente"]
    assert newer_organisations(VISITOR, Asked(place="Atlantide"), moment, None, 10) == []

"""Finding by words: misspelt, missing, swapped, short for something; the nearest name first; nothing breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.kernel.readers import VISITOR
from toile.kernel.search import Query, find
from toile.kernel.search.words import MOST_WORDS, acronyms, asked_words, glued, words_of

from . import searched_things as things
from .searched_things import CODE, thing

pytestmark = pytest.mark.django_db

NAMES = [
    "Kaléido'Scop",
    "Association pour la Formation Professionnelle des Adultes",
    "Régie de quartier du Crêt de Roc",
    "Épicerie solidaire de Saint-Étienne",
    "Recyclerie du Gier",
    "Les Jardins de Cocagne",
    "Maison de l'emploi Loire Sud",
    "A.D.M.R. de Firminy",
    "Œuvre des colonies de vacances",
]


@pytest.fixture
def shelf(indexed: Callable[[], int]) -> Iterator[None]:
    """The names above, and a hundred and fifty others that look like nothing."""
    things.held.clear()
    fill = [thing(f"Atelier {number:03d} du Pilat", text="menuiserie et jardins partagés") for number in range(150)]
    things.write(*(thing(name) for name in NAMES), *fill)
    indexed()
    yield
    things.held.clear()


def first(words: str, **asked: object) -> str:
    found = find(CODE, VISITOR, Query(words=words, **asked)).ids
    return things.held[found[0]].names[0] if found else ""


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("kaleido", NAMES[0]),
        ("kaleidoscop", NAMES[0]),
        ("kaleidosocp", NAMES[0]),
        ("KALEIDO SCOP", NAMES[0]),
        ("kal", NAMES[0]),
        ("afpa", NAMES[1]),
        ("formation adultes professionnelle", NAMES[1]),
        ("regies de quartiers", NAMES[2]),
        ("quartier regie cret roc", NAMES[2]),
        ("regie du cartier", NAMES[2]),
        ("epicerie solidère", NAMES[3]),
        ("épicerie st etienne", NAMES[3]),
        ("epicerie solidaire roanne", NAMES[3]),
        ("reciclerie", NAMES[4]),
        ("recyclreie", NAMES[4]),
        ("recycleries gier", NAMES[4]),
        ("recycl", NAMES[4]),
        ("jardin cocagne", NAMES[5]),
        ("maison emploi", NAMES[6]),
        ("admr firminy", NAMES[7]),
        ("a.d.m.r", NAMES[7]),
        ("oeuvre colonie vacances", NAMES[8]),
        ("association recyclerie du gier", NAMES[4]),
    ],
)
def test_what_is_meant_comes_first(words: str, name: str) -> None:
    assert first(words) == name


SHORT = ["Aubier", "Atelier vélo du Crêt", "Épices et tout", "Épicerie du Passementier", "Amiez", "Retelier"]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("atlier", SHORT[1]),
        ("ateleir", SHORT[1]),
        ("atlier velo", SHORT[1]),
        ("vélo crte", SHORT[1]),
        ("atelie", SHORT[1]),
        ("aubeir", SHORT[0]),
        ("épiceri", SHORT[3]),
        ("épicrie passement", SHORT[3]),
        ("aimez", SHORT[4]),
        ("avc", SHORT[1]),
    ],
)
def test_a_short_question_is_compared_word_by_word(indexed: Callable[[], int], words: str, name: str) -> None:
    things.held.clear()
    said = [thing(f"Coopérative {number}", text="aimer les gens, aimez-les tous") for number in range(4)]
    things.write(*(thing(one) for one in SHORT), *said)
    indexed()
    assert first(words) == name
    things.held.clear()


@pytest.mark.usefixtures("shelf")
def test_words_typed_well_find_only_what_holds_them_all() -> None:
    assert find(CODE, VISITOR, Query(words="atelier jardins")).count == 150
    assert find(CODE, VISITOR, Query(words="jardins")).count == 151
    assert find(CODE, VISITOR, Query(words="jardins cocagne")).count <= 2


@pytest.mark.usefixtures("shelf")
def test_a_name_beats_a_description() -> None:
    (named,) = things.write(thing("Menuiserie Forézienne"))
    from toile.kernel.search.indexer import catch_up

    catch_up(CODE)
    hits = find(CODE, VISITOR, Query(words="menuiserie"))
    assert (hits.ids[0], hits.count) == (named, 151)
    assert hits.scores[named] > max(hits.scores[pk] for pk in hits.ids[1:])


@pytest.mark.usefixtures("shelf")
def test_nothing_looks_like_it_nothing_is_found() -> None:
    assert find(CODE, VISITOR, Query(words="zzzzxqk wvvvqp")).count == 0


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(
    "words",
    [
        "a" * 10_000,
        "régie " * 2_000,
        "🎉🎊",
        '"régie" AND (quartier OR NOT *:*)^4~2 +- \\ [a TO b] {x} names:x /.*/',
        "de la les du et",
        "مرحبا بالعالم",
        "שלום",
        "a\x00b\ud800c",
        "…—«»’'`",
        "l",
        "  ",
        "٣٣٣ ４２",
    ],
)
def test_no_search_breaks(words: str) -> None:
    hits = find(CODE, VISITOR, Query(words=words, counted=("family",)))
    assert len(hits.ids) <= hits.count or hits.count == 0


@pytest.mark.usefixtures("shelf")
def test_what_cannot_be_searched_finds_nothing_and_nothing_asked_finds_all() -> None:
    assert find(CODE, VISITOR, Query(words="🎉")).ids == []
    assert find(CODE, VISITOR, Query(words=" ")).count == 159


@pytest.mark.usefixtures("shelf")
@given(words=st.text(max_size=60))
def test_any_text_is_answered(words: str) -> None:
    hits = find(CODE, VISITOR, Query(words=words))
    assert len(set(hits.ids)) == len(hits.ids) == min(hits.count, 20)


@pytest.mark.usefixtures("shelf")
def test_pages_beyond_the_ranked_hundred_repeat_nothing() -> None:
    pages = [find(CODE, VISITOR, Query(words="atelier", offset=offset, limit=20)) for offset in range(0, 160, 20)]
    ids = [pk for page in pages for pk in page.ids]
    assert {page.count for page in pages} == {150}
    assert len(ids) == len(set(ids)) == 150
    across = find(CODE, VISITOR, Query(words="atelier", offset=90, limit=30)).ids
    assert across == ids[90:120]


def test_a_question_is_cut() -> None:
    assert len(asked_words(" ".join(f"mot{number}" for number in range(500)))) == MOST_WORDS
    assert asked_words("St-Étienne, l'A.F.P.A.") == ["saint", "etienne", "l", "afpa"]


def test_initials_leave_small_words_out() -> None:
    assert acronyms(words_of(NAMES[1]), frozenset()) == ["afpa"]
    assert acronyms(words_of(NAMES[1]), frozenset({"association"})) == ["afpa", "fpa"]
    assert acronyms(words_of("Recyclerie du Gier"), frozenset()) == []


def test_words_are_joined_as_some_write_them() -> None:
    assert glued(words_of("Kaléido'Scop")) == ["kaleidoscop"]
    assert glued(["a", "b", "c"]) == ["ab", "bc", "abc"]

"""The public list: facets that leave out their own filter, places in one's own words, any address at all."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toile.directory.listed import ORGANISATIONS
from toile.directory.models import Organisation
from toile.directory.queries.by_database import FACETS
from toile.directory.queries.listing import find_organisations
from toile.directory.rules.staff import SIZE_CLASSES
from toile.kernel.acts import Actor
from toile.kernel.lists import Asked
from toile.kernel.readers import VISITOR, Role
from toile.kernel.search.indexer import catch_up
from toile.territory.services import save_perimeter

from .structures import make, make_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home"), pytest.mark.slow]

QUERIES_OF_THE_LIST = 10
QUERIES_WITHOUT_INDEX = 13
TOWNS = [("42218", "42000"), ("42207", "42400"), ("42095", "42700")]
KINDS = [{"legal_category": "9220"}, {"legal_category": "5458"}, {"legal_category": "5710"}, {"correction": True}]
BANDS = ["", "01", "11", "21"]
LABELS: list[list[list[Any]]] = [[], [["esus", None, None]], [["ei", None, None], ["esus", None, None]]]
STAGES = ["active", "project", "ceased"]


@pytest.fixture
def varied() -> list[Organisation]:
    """Thirty-six structures of all towns, kinds, sizes, approvals, stages and activities, mixed."""
    return make_all(*[
        {
            "name": f"Structure {n}", "commune_code": TOWNS[n % 3][0], "postal_code": TOWNS[n % 3][1],
            "staff_band": BANDS[n % 4], "approvals": LABELS[n % 3], "stage": STAGES[n // 5 % 3],
            "activities": [["cafe"], ["insertion", "textile"], []][n // 2 % 3],
        } | KINDS[n // 3 % 4]
        for n in range(36)
    ])  # fmt: skip


def values_of(organisation: Organisation) -> dict[str, set[str]]:
    """The values that each facet sees in one structure."""
    size = [name for name, bands in SIZE_CLASSES.items() if organisation.staff_band in bands]
    return {
        "families": {organisation.display_class},
        "communes": {organisation.main.commune_id} if organisation.main else set(),
        "activities": set(organisation.activities.values_list("code", flat=True)),
        "sizes": set(size),
        "approvals": set(organisation.approvals.values_list("kind", flat=True)),
        "stages": {organisation.stage},
        "verdicts": {organisation.ess_verdict},
    }


def chosen_from(name: str) -> st.SearchStrategy[frozenset[str]]:
    offered = {
        "families": ["association", "cooperative", "autre", "averifier"], "communes": ["42218", "42207", "99999"],
        "activities": ["cafe", "insertion", "textile"], "sizes": list(SIZE_CLASSES), "approvals": ["esus", "ei"],
        "stages": STAGES, "verdicts": ["yes", "unknown", "no"],
    }[name]  # fmt: skip
    return st.frozensets(st.sampled_from(offered), max_size=2)


@given(asked=st.fixed_dictionaries({name: chosen_from(name) for name in FACETS}))
@settings(max_examples=25)
def test_facet_counts_leave_out_their_own_filter_and_only_it(
    varied: list[Organisation], asked: dict[str, frozenset[str]]
) -> None:
    seen = [(values_of(o), o) for o in Organisation.objects.select_related("main")]
    seen = [(v, o) for v, o in seen if (asked["stages"] or o.stage != "ceased") and (asked["verdicts"] or o.listed)]

    def matches(values: dict[str, set[str]], without: str) -> bool:
        return all(not asked[name] or name == without or values[name] & asked[name] for name in FACETS)

    found = find_organisations(VISITOR, Asked(facets=asked))
    assert found.count == sum(matches(values, "") for values, _ in seen)
    for name in FACETS:
        expected = Counter(value for values, _ in seen if matches(values, name) for value in values[name])
        assert {value: n for value, n in found.facets[name].items() if n} == dict(expected), name


@pytest.mark.parametrize("with_index", [True, False])
def test_the_list_costs_the_same_queries_for_one_three_and_sixty_rows(
    as_officer: Any, django_assert_num_queries: Any, settings: Any, tmp_path: Path, with_index: bool
) -> None:
    settings.TOILE_SEARCH = tmp_path / "search"
    made = 0
    for total in (1, 3, 60):
        make_all(*[{"name": f"Structure {n}", "approvals": LABELS[2]} for n in range(made, total)])
        made = total
        if with_index:
            catch_up("organisations")
        with django_assert_num_queries(QUERIES_OF_THE_LIST if with_index else QUERIES_WITHOUT_INDEX):
            page = as_officer.get("/annuaire/")
        assert (page.context["found"].count, page.context["found"].tolerant) == (total, with_index)
    assert QUERIES_OF_THE_LIST <= 12


def test_pages_follow_each_other_without_losing_or_repeating_anybody(client: Any) -> None:
    make_all(*[{"name": f"Même nom {n % 3}"} for n in range(45)])
    pages = [client.get(f"/annuaire/?page={number}").context["found"].rows for number in (1, 2, 3)]
    seen = [row.pk for rows in pages for row in rows]
    assert (len(seen), len(set(seen))) == (45, 45)
    last = client.get("/annuaire/?page=999999").context
    assert (last["pages"].number, len(last["found"].rows)) == (3, 5)


def test_an_accent_a_capital_or_an_apostrophe_is_no_obstacle(client: Any) -> None:
    make("L’Épicerie Kaléido’Scop", acronym="EKS")
    for words in ("epicerie", "KALEIDO'SCOP", "scop épicerie", "eks", "saint-étienne épicerie"):
        assert client.get("/annuaire/", {"q": words}).context["found"].count == 1, words
    assert client.get("/annuaire/", {"q": "boucherie"}).context["found"].count == 0


def test_a_search_puts_first_what_is_named_so() -> None:
    make_all(
        {"name": "Atelier", "description": "répare des vélos"},
        {"name": "La maison du vélo"},
        {"name": "Vélo pour tous"},
    )
    found = find_organisations(VISITOR, Asked(words="velo"))
    assert [row.name for row in found.rows] == ["Vélo pour tous", "La maison du vélo", "Atelier"]


SQUARE = {"type": "Polygon", "coordinates": [[[4.38, 45.43], [4.4, 45.43], [4.4, 45.45], [4.38, 45.45], [4.38, 45.43]]]}


def test_cret_de_roch_finds_what_lies_in_the_polygon_of_cret_de_roc(client: Any) -> None:
    save_perimeter(Actor.system("essai"), name="Crêt de Roc", polygon=SQUARE, aliases=["Crêt de Roch"], indicative=True)
    make_all(
        {"name": "Dedans", "lon": 4.39, "lat": 45.44}, {"name": "Dehors", "lon": 4.45, "lat": 45.44}, {"name": "Sans"}
    )
    for written in ("Crêt de Roch", "cret de roc", "CRÊT-DE-ROCH"):
        found = client.get("/annuaire/", {"ou": written}).context["found"]
        assert [row.name for row in found.rows] == ["Dedans"], written


def test_a_place_of_several_communes_narrows_the_list_and_its_facets_and_can_be_taken_away(client: Any) -> None:
    save_perimeter(Actor.system("essai"), name="Loire Sud", communes=["42218", "42207"])
    make_all(*[{"name": code, "commune_code": code, "postal_code": postal} for code, postal in TOWNS])
    page = client.get("/annuaire/", {"ou": "loire sud"})
    assert {row.name for row in page.context["found"].rows} == {"42218", "42207"}
    assert [pill.label for pill in page.context["pills"]] == ["lieu\xa0: loire sud"]
    assert set(page.context["found"].facets["communes"]) == {"42218", "42207"}
    one = client.get("/annuaire/", {"ou": "loire sud", "commune": "42207"})
    assert [row.name for row in one.context["found"].rows] == ["42207"]


def test_a_place_is_read_as_a_commune_by_its_name_or_code_and_an_unknown_one_is_said(client: Any) -> None:
    make_all(*[{"name": code, "commune_code": code, "postal_code": postal} for code, postal in TOWNS])
    for written in ("firminy", "42095", " Firminy "):
        assert [row.name for row in find_organisations(VISITOR, Asked(place=written)).rows] == ["42095"]
    page = client.get("/annuaire/", {"ou": "Atlantide"})
    assert page.context["found"].count == 0
    assert "n’est pas un lieu que nous connaissons" in page.content.decode()


def test_what_is_elsewhere_shows_only_when_asked_and_what_nobody_says_is_ess_waits(client: Any) -> None:
    make_all({"name": "À Lyon", "postal_code": "69001", "city": "Lyon"})
    make_all({"name": "Société quelconque", "legal_category": "5710"}, source="spreadsheet")
    assert client.get("/annuaire/").context["found"].count == 0
    assert [row.name for row in client.get("/annuaire/?partout=1").context["found"].rows] == ["À Lyon"]
    unknown = client.get("/annuaire/?ess=unknown").context["found"]
    assert [row.name for row in unknown.rows] == ["Société quelconque"]


HOSTILE = [
    "\0", "\x1b[2J", "\ud83d\ude80".encode("utf-16", "surrogatepass").decode("utf-16"), "a" * 10_000, "%", "_", "'",
    '"', "\\", "<script>", "'; DROP TABLE x; --", "🧶" * 50, "\u202e", "-1", "1e9", "99999999999999999999",
    "é" * 300, "\r\nSet-Cookie: a=b", "../../etc", "null", "٣",
]  # fmt: skip


PARAMETERS = ["q", "ou", "tri", "page", "partout", "vue", "pres", "rayon", "boite"]


@pytest.mark.parametrize("parameter", [*PARAMETERS, *(facet.parameter for facet in ORGANISATIONS.facets)])
def test_no_value_of_any_parameter_is_an_error(client: Any, parameter: str) -> None:
    for value in HOSTILE:
        assert client.get("/annuaire/", {parameter: value}).status_code == 200, (parameter, value)
    assert client.get("/annuaire/", {parameter: HOSTILE}).status_code == 200


@given(raw=st.binary(max_size=60))
@settings(max_examples=40)
def test_no_bytes_in_the_address_are_an_error(client: Any, raw: bytes) -> None:
    query = "".join(f"%{byte:02x}" for byte in raw)
    assert client.get(f"/annuaire/?q={query}&ou={query}&page={query}&famille={query}").status_code == 200


@pytest.mark.parametrize("view", ["", "carte", "tableau"])
def test_each_view_shows_the_rows_and_says_how_many(client: Any, view: str) -> None:
    make_all({"name": "Une"}, {"name": "Deux"})
    page = client.get("/annuaire/", {"vue": view}).content.decode()
    assert "Une" in page and "Deux" in page and "2 structures trouvées sur 2" in page


def test_an_officer_sees_the_same_list(as_officer: Any) -> None:
    make("Une seule")
    assert as_officer.get("/annuaire/").context["found"].count == 1
    assert Role.OFFICER in as_officer.get("/annuaire/").wsgi_request.reader.roles

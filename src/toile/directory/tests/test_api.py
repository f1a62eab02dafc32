"""The directory's public API: the list's question, one structure, its thread, facets, names; bounds and refusals."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache

from toile.directory.listed import ORGANISATIONS
from toile.directory.models import Organisation
from toile.directory.models.organisations import Invention
from toile.directory.models.records import Verdict
from toile.directory.services import appoint, judge
from toile.kernel import api
from toile.kernel.acts import Actor

from .structures import make, make_all, make_private

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/organisations"


@pytest.fixture(autouse=True)
def fresh_lots(db: None, home: None, client: Any) -> None:
    """Nobody has asked yet; then one lot is taken, which costs statements of its own."""
    cache.clear()
    api._lots.clear()
    client.get("/api/v1/openapi.json")


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [item["name"] for item in answer.json()["items"]]


def test_the_parameters_are_those_of_the_list():
    from toile.directory.api import Question

    known = {facet.parameter for facet in ORGANISATIONS.facets} | {flag.parameter for flag in ORGANISATIONS.flags}
    assert set(Question.model_fields) == known | {"q", "ou", "pres", "rayon", "boite", "tri"}
    orders = Question.model_json_schema()["properties"]["tri"]["enum"]
    assert set(orders) == {"", *(sort.value for sort in ORGANISATIONS.sorts)}


def test_a_structure_is_told_whole_and_never_its_address_of_contact(client):
    row = make(
        "L’Atelier", acronym="ATL", rna="W421234567", website="https://atelier.example/", address="1 rue des Essais",
        lon=4.39, lat=45.44,
    )  # fmt: skip
    Organisation.objects.filter(pk=row.pk).update(contact_email="secret@atelier.example")
    answer = client.get(f"{ROOT}/{row.pk}")
    told = answer.json()
    assert told["name"] == "L’Atelier" and told["acronym"] == "ATL" and told["rna"] == "W421234567"
    assert told["commune"] == {"code": "42218", "name": "Saint-Étienne"} and told["point"] == [4.39, 45.44]
    assert told["url"].endswith(row.get_absolute_url()) and told["url"].startswith("http")
    assert [(s["code"], s["label"]) for s in told["sources"]] == [("document", "document public")]
    assert told["ess"]["verdict"] in {"yes", "no", "unknown"} and told["ess"]["rule"]
    assert told["siren"] is None and told["legal_form"] is None and told["invention"] is None
    everything = answer.content + client.get(ROOT).content + client.get("/api/v1/suggest?q=atelier").content
    assert b"secret@" not in everything and b"contact_email" not in everything


def test_what_is_invented_says_so(client):
    row = make_all({"name": "La Fiction"}, source="fiction", invention=Invention.FICTIONAL)[0]
    assert client.get(f"{ROOT}/{row.pk}").json()["invention"] == {"code": "fictional", "label": "fictif"}


def test_the_question_is_the_one_of_the_list(client):
    make_all({"name": "Réemploi de la Loire"}, {"name": "Cuisine du Forez", "postal_code": "42700", "city": "Firminy"})
    assert names(client.get(ROOT)) == ["Cuisine du Forez", "Réemploi de la Loire"]
    assert names(client.get(ROOT, {"q": "reemploi"})) == ["Réemploi de la Loire"]
    assert names(client.get(ROOT, {"commune": "42095"})) == ["Cuisine du Forez"]
    assert names(client.get(ROOT, {"ou": "Firminy"})) == ["Cuisine du Forez"]
    assert names(client.get(ROOT, {"commune": ["42095", "42218"]})) == ["Cuisine du Forez", "Réemploi de la Loire"]


def test_pages_go_on_with_the_cursor_of_the_same_question_only(client):
    make_all(*({"name": f"Structure {number}"} for number in range(5)))
    seen, cursor, pages = [], "", 0
    while cursor is not None:
        answer = client.get(ROOT, {"limit": 2, "cursor": cursor}).json()
        assert answer["count"] == 5
        seen += [item["name"] for item in answer["items"]]
        cursor, pages = answer["next"], pages + 1
    assert seen == [f"Structure {number}" for number in range(5)] and pages == 3
    cursor = client.get(ROOT, {"limit": 2}).json()["next"]
    assert cursor.count(":") == 1  # what was asked and its signature, without a time: the ETag would change with it
    for refused in ({"cursor": cursor, "q": "autre"}, {"cursor": cursor + "x"}, {"cursor": "0"}, {"cursor": "a:b:c"}):
        problem = client.get(ROOT, refused)
        assert problem.status_code == 422 and problem.json()["parameters"][0]["name"] == "cursor"


def test_a_private_project_is_not_told(client):
    row = make_private("Le projet caché")
    assert names(client.get(ROOT, {"q": "caché"})) == []
    assert client.get("/api/v1/suggest?q=projet").json() == {"items": []}
    for address in (f"{ROOT}/{row.pk}", f"{ROOT}/{row.pk}/thread"):
        answer = client.get(address)
        assert answer.status_code == 404 and answer.headers["Content-Type"] == "application/problem+json"
        assert client.get(f"{ROOT}/{uuid4()}").content == client.get(f"{ROOT}/{row.pk}").content


def test_a_joined_structure_leads_to_the_one_that_shows_it(client, officer):
    first, second = make_all({"name": "Une"}, {"name": "Une aussi"})
    judge(Actor.of(officer), officer, first, second, Verdict.SAME, ["même adresse"])
    shown = Organisation.objects.get(pk=second.pk).canonical_id
    gone = ({first.pk, second.pk} - {shown}).pop()
    for rest in ("", "/thread"):
        answer = client.get(f"{ROOT}/{gone}{rest}")
        assert answer.status_code == 308 and answer["Location"] == f"{ROOT}/{shown}{rest}"
        assert answer["Cache-Control"] == "no-cache", "a merge may be taken back"
        assert client.get(f"{ROOT}/{shown}{rest}").status_code == 200


def test_the_thread_goes_on_with_its_cursor_without_markup(client, officer):
    first, second = make_all({"name": "Une & deux"}, {"name": "Autre"})
    judge(Actor.of(officer), officer, first, second, Verdict.SAME, ["même adresse"])
    shown = Organisation.objects.get(pk=second.pk).canonical_id
    one = client.get(f"{ROOT}/{shown}/thread", {"limit": 1}).json()
    assert len(one["items"]) == 1 and one["items"][0]["kind"].startswith("directory.")
    assert "<" not in one["items"][0]["sentence"] and "&amp;" not in one["items"][0]["sentence"]
    whole = client.get(f"{ROOT}/{shown}/thread").json()
    assert whole["next"] is None
    if one["next"]:
        more = client.get(f"{ROOT}/{shown}/thread", {"limit": 50, "cursor": one["next"]}).json()
        assert one["items"] + more["items"] == whole["items"]


def test_facets_have_their_labels_and_counts(client):
    make_all({"name": "Une"}, {"name": "Deux"}, {"name": "Trois", "postal_code": "42700", "city": "Firminy"})
    told = client.get(f"{ROOT}/facets").json()
    communes = next(facet for facet in told["facets"] if facet["parameter"] == "commune")
    assert told["count"] == 3
    assert communes["values"] == [
        {"code": "42218", "label": "Saint-Étienne", "count": 2}, {"code": "42095", "label": "Firminy", "count": 1},
    ]  # fmt: skip


def test_names_are_offered_while_typing_ten_at_most(client):
    make_all(*({"name": f"Atelier {number}"} for number in range(12)))
    told = client.get("/api/v1/suggest?q=ateli").json()["items"]
    assert len(told) == 10 and told[0]["commune"] == "Saint-Étienne"
    assert client.get("/api/v1/suggest?q=").json() == client.get("/api/v1/suggest?q=%00").json() == {"items": []}


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"limit": "beaucoup"}, "limit"),
        ({"limit": "9" * 5000}, "limit"),
        ({"q": "a" * 201}, "q"),
        ({"pres": "ici"}, "pres"),
        ({"boite": "1,2,3"}, "boite"),
        ({"rayon": "3"}, "rayon"),
        ({"tri": "hasard"}, "tri"),
        ({"famille": ["a"] * 61}, "famille"),
        ({"activite": "b" * 61}, "activite"),
    ],
)
def test_a_parameter_that_is_refused_is_named(client, parameters, name):
    answer = client.get(ROOT, parameters)
    problem = answer.json()
    assert answer.status_code == 422 and answer.headers["Content-Type"] == "application/problem+json"
    assert problem["status"] == 422 and problem["title"] and problem["type"] == "about:blank"
    assert {each["name"] for each in problem["parameters"]} == {name} and name in problem["detail"]
    assert all(each["reason"] for each in problem["parameters"])


@pytest.mark.parametrize("sides", ["0,0", "999,45", "4.39,99"])
def test_a_point_that_is_nowhere_is_said(client, sides):
    assert client.get(ROOT, {"pres": sides}).json()["remarks"]


@pytest.mark.parametrize(
    "query",
    ["q=%00", "q=%FF%FE", "q=%F0%9F%98%80", "q=(a AND", "q=%E2%80%AEx", "ou=%00", "commune=%00", "famille=%ED%A0%80",
     "q=le+la+les", "boite=-180,-90,180,90", "pres=180,90&rayon=50&tri=distance", "cursor=%00", "%00=%00", "q&q&q"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["", "/facets"])
def test_any_bytes_are_answered(client, query, path):
    make()
    assert client.get(f"{ROOT}{path}?{query}").status_code < 500


@pytest.mark.parametrize("address", ["/api/v1/rien", f"{ROOT}/pas-un-uuid", f"{ROOT}.json", "/api/v1/", f"{ROOT}/%00"])
def test_an_address_of_nothing_is_a_problem_too(client, address):
    answer = client.get(address)
    assert answer.status_code == 404 and answer.headers["Content-Type"] == "application/problem+json"


def test_it_is_read_only_and_readable_from_any_site(client):
    for method in (client.post, client.put, client.delete, client.patch):
        answer = method(ROOT)
        assert answer.status_code == 405 and json.loads(answer.content)["status"] == 405 and "GET" in answer["Allow"]
    asked = client.options(ROOT)
    assert asked.status_code == 204 and asked["Access-Control-Allow-Origin"] == "*"
    answer = client.get(ROOT)
    assert answer["Access-Control-Allow-Origin"] == "*" and "Access-Control-Allow-Credentials" not in answer
    assert client.get(ROOT, {"limit": 0})["Access-Control-Allow-Origin"] == "*"


def test_what_did_not_change_is_not_sent_again(client):
    make("Une")
    answer = client.get(ROOT)
    etag = answer["ETag"]
    assert not etag.startswith("W/") and answer["Cache-Control"] == "public, max-age=60"
    assert {"Cookie", "Accept-Encoding"} <= {part.strip() for part in answer["Vary"].split(",")}
    again = client.get(ROOT, headers={"If-None-Match": etag})
    assert again.status_code == 304 and again.content == b"" and again["ETag"] == etag
    assert again["Cache-Control"] == "public, max-age=60"
    make("Deux")
    assert client.get(ROOT, headers={"If-None-Match": etag}).status_code == 200
    headers = client.head(ROOT)
    assert headers.status_code == 200 and headers.content == b"" and headers["ETag"]


def test_a_member_reads_what_its_reader_sees_and_no_shared_cache_keeps_it(client, person, actor):
    row = make_private("Le projet")
    assert client.get(f"{ROOT}/{row.pk}").status_code == 404
    someone = person()
    appoint(actor, None, person=someone.pk, organisation=row)
    client.force_login(someone)
    answer = client.get(f"{ROOT}/{row.pk}")
    assert answer.status_code == 200 and answer["Cache-Control"] == "private, no-cache"


def test_who_asks_too_often_waits(client, settings):
    settings.TOILE_API_PER_MINUTE = 40
    cache.clear()
    api._lots.clear()
    statuses = [client.get("/api/v1/suggest?q=a").status_code for _ in range(42)]
    assert statuses == [200] * 40 + [429, 429]
    refused = client.get(ROOT)
    assert refused["Retry-After"] == "60" and refused.json()["title"] == "Trop de demandes"
    assert client.get(ROOT, REMOTE_ADDR="192.0.2.7").status_code == 200
    assert client.get("/annuaire/").status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_statements_is_known(client, django_assert_num_queries, rows):
    made = make_all(*({"name": f"Structure {number}", "approvals": [["esus", None, None]]} for number in range(rows)))
    with django_assert_num_queries(STATEMENTS["organisations"]):
        assert len(client.get(ROOT).json()["items"]) == rows
    with django_assert_num_queries(STATEMENTS["facets"]):
        client.get(f"{ROOT}/facets")
    with django_assert_num_queries(STATEMENTS["organisation"]):
        client.get(f"{ROOT}/{made[0].pk}")
    with django_assert_num_queries(STATEMENTS["thread"]):
        client.get(f"{ROOT}/{made[0].pk}/thread")
    with django_assert_num_queries(STATEMENTS["suggest"]):
        client.get("/api/v1/suggest?q=structure")


STATEMENTS = {"organisations": 7, "facets": 3, "organisation": 5, "thread": 5, "suggest": 1}

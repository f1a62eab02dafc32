"""Around every view: private unless said public, named errors told, reads that cannot write."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone

from toile.kernel.errors import Conflict, Forbidden, NotVisible, UserError
from toile.kernel.middleware import ReadingViewWrote
from toile.kernel.models import DueInstant
from toile.kernel.permissions import PUBLIC, SIGNED_IN, TECHNICAL, Route, table

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


class TooMany(Conflict):
    """A room's own kind of a named error."""


def write(request: HttpRequest) -> HttpResponse:
    DueInstant.objects.create(name="tests", instant=timezone.now())
    return HttpResponse("écrit")


def write_session(request: HttpRequest) -> HttpResponse:
    Session.objects.create(session_key="tests", session_data="", expire_date=timezone.now())
    return HttpResponse("noté")


def write_in_with(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("WITH gone AS (DELETE FROM kernel_dueinstant RETURNING id) SELECT * FROM gone")
    return HttpResponse("effacé")


def read_union(request: HttpRequest) -> HttpResponse:
    names = DueInstant.objects.order_by().values_list("name", "pk")
    return HttpResponse("" if list(names.union(names)) else "lu")


def refuse(request: HttpRequest, kind: str) -> HttpResponse:
    raise {"user": UserError, "conflict": Conflict, "child": TooMany, "forbidden": Forbidden, "hidden": NotVisible}[
        kind
    ]("Voici pourquoi.")


def crash(request: HttpRequest) -> HttpResponse:
    raise ValueError("loud")


ESSAYS = {
    "write": (path("essai/ecrire", write, name="write"), PUBLIC.code),
    "log": (path("essai/noter", write, name="log"), Route(PUBLIC.code, writes_on_get="the test says so")),
    "session": (path("essai/session", write_session, name="session"), PUBLIC.code),
    "with": (path("essai/avec", write_in_with, name="with"), PUBLIC.code),
    "union": (path("essai/union", read_union, name="union"), PUBLIC.code),
    "refuse": (path("essai/refus/<str:kind>", refuse, name="refuse"), PUBLIC.code),
    "crash": (path("essai/panne", crash, name="crash"), PUBLIC.code),
    "private": (path("essai/prive", lambda request: HttpResponse("à vous"), name="private"), SIGNED_IN.code),
    "technical": (path("essai/technique", lambda request: HttpResponse("technique"), name="technical"), TECHNICAL.code),
    "unlisted": (path("essai/oubli", lambda request: HttpResponse("oubli"), name="unlisted"), None),
}
urlpatterns = [*import_module(settings.ROOT_URLCONF).urlpatterns, *(route for route, _ in ESSAYS.values())]


@pytest.fixture(autouse=True)
def routes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, (_, needs) in ESSAYS.items():
        if needs is not None:
            monkeypatch.setitem(table.routes, name, needs if isinstance(needs, Route) else Route(needs))


def test_a_route_that_the_table_does_not_name_is_a_programming_error(client: Client) -> None:
    with pytest.raises(ImproperlyConfigured, match="unlisted"):
        client.get("/essai/oubli")


def test_a_visitor_is_led_to_the_sign_in_form_and_back(client: Client) -> None:
    answer = client.get("/essai/prive?page=2")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("?next=/essai/prive%3Fpage%3D2")


def test_a_fragment_whose_session_is_lost_sends_the_whole_page_to_the_form(client: Client) -> None:
    answer = client.get("/essai/prive", headers={"HX-Request": "true"})
    assert (answer.status_code, "HX-Redirect" in answer.headers) == (286, True)


def test_who_is_signed_in_enters_and_without_the_role_is_told_what_is_missing(client: Client) -> None:
    client.force_login(get_user_model().objects.create_user("b@exemple.test"))
    assert client.get("/essai/prive").content.decode() == "à vous"
    answer = client.get("/essai/technique")
    assert answer.status_code == 403
    assert "voir les pages techniques" in answer.content.decode()


@pytest.mark.parametrize(
    ("kind", "status"), [("user", 400), ("conflict", 409), ("child", 409), ("forbidden", 403), ("hidden", 404)]
)
def test_a_named_error_is_a_page_that_says_why(client: Client, kind: str, status: int) -> None:
    answer = client.get(f"/essai/refus/{kind}")
    assert answer.status_code == status
    assert "Voici pourquoi." in answer.content.decode()


def test_any_other_error_is_loud(client: Client) -> None:
    with pytest.raises(ValueError, match="loud"):
        client.get("/essai/panne")


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_reading_view_cannot_write(client: Client, method: str) -> None:
    with pytest.raises(ReadingViewWrote), transaction.atomic():
        getattr(client, method)("/essai/ecrire")
    assert not DueInstant.objects.exists()


def test_a_reading_view_cannot_write_by_a_with_either(client: Client) -> None:
    with pytest.raises(ReadingViewWrote):
        client.get("/essai/avec")


def test_a_post_writes_and_so_does_a_reading_view_that_the_table_excuses(client: Client) -> None:
    assert client.post("/essai/ecrire").status_code == 200
    assert client.get("/essai/noter").status_code == 200
    assert DueInstant.objects.count() == 2


def test_a_union_in_parentheses_is_a_reading(client: Client) -> None:
    assert client.get("/essai/union").content.decode() == "lu"


def test_a_reading_view_may_write_its_session(client: Client) -> None:
    assert client.get("/essai/session").status_code == 200

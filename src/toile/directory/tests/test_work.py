"""The work queue: what is counted is what is listed, for who may treat it; each thing is done in place."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from toile.directory.models import Candidate, ErrorReport, ImportRun, Judgement, SourceRecord
from toile.directory.models.imports import RunState
from toile.directory.models.records import Certainty, Verdict
from toile.directory.models.reports import ReportState, Subject
from toile.directory.services import judge, report_error
from toile.directory.services.settling import settle_import, settle_row
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, Forbidden
from toile.kernel.next_page import is_local, next_page
from toile.kernel.permissions import WORK, holds, table
from toile.kernel.readers import VISITOR, Reader, Role
from toile.kernel.work import kinds, lines_for
from toile.thread.models import Fact

from .conftest import reader_with
from .structures import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
QUEUE = "/a-traiter/"
ME = Actor.system("essai")
OFFICER = reader_with(Role.OFFICER)


def a_pair() -> Candidate:
    low, high = sorted((make("Une"), make("Autre")), key=lambda one: one.pk)
    return Candidate.objects.create(first=low, second=high, certainty=Certainty.CHECK, score=0.5)


def set_aside() -> Judgement:
    return judge(Actor.of(OFFICER), OFFICER, make("Une"), make("Autre"), Verdict.UNSURE, ["à demander"])


def a_doubt() -> SourceRecord:
    row = SourceRecord.objects.get(organisation=make("En doute"))
    row.doubt = "Le code postal n’est pas celui de la commune"
    row.save()
    return row


def an_import() -> ImportRun:
    refused = [{"line": 7, "column": None, "reason": "sans nom"}, {"line": 9, "column": None, "reason": "vide"}]
    return ImportRun.objects.create(
        filename="liste.csv", checksum="x", state=RunState.DONE, report={"refused": refused, "refused_count": 2}
    )


MAKERS: dict[str, Callable[[], Any]] = {
    "directory.report": lambda: report_error(ME, make(), subject=Subject.CLOSED, words="", email=f"{uuid4()}@ex.fr"),
    "directory.pair": a_pair,
    "directory.pair.aside": set_aside,
    # Only its name says that it is a co-operative: a person must look.
    "directory.membership": lambda: make("SCOP du Furan", legal_category="5710"),
    "directory.record": a_doubt,
    "directory.import": an_import,
}


def line(reader: Reader, code: str) -> tuple[int, int]:
    """How many of a kind are counted, and listed, for a reader."""
    counts = {one.kind.code: one.counted.count for one in lines_for(reader)}
    return counts.get(code, 0), len(kinds[code].items(reader, 100))


# --- What waits -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(MAKERS))
def test_what_is_counted_is_what_is_listed_the_oldest_first(code: str) -> None:
    assert line(OFFICER, code) == (0, 0)
    for _each in "abc":
        MAKERS[code]()
    assert line(OFFICER, code) == (3, 3)
    counted = kinds[code].counted(OFFICER)
    items = kinds[code].items(OFFICER, 100)
    assert [one.since for one in items] == sorted(one.since for one in items)
    assert counted.oldest == items[0].since
    assert len(kinds[code].items(OFFICER, 2)) == 2
    assert all(one.title and one.url for one in items)


@pytest.mark.parametrize("code", sorted(MAKERS))
def test_a_count_is_one_statement_and_the_items_as_many_whatever_the_rows(
    code: str, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    MAKERS[code]()
    with django_assert_num_queries(1):
        kinds[code].counted(OFFICER)
    with django_assert_max_num_queries(3) as few:
        kinds[code].items(OFFICER, 10)
    for _each in "ab":
        MAKERS[code]()
    with django_assert_num_queries(len(few)):
        kinds[code].items(OFFICER, 10)


def test_who_may_not_treat_gets_neither_count_nor_item_nor_page(client: Any, person: Callable[..., Any]) -> None:
    for make_one in MAKERS.values():
        make_one()
    for reader in (VISITOR, reader_with(), reader_with(Role.BUYER)):
        assert lines_for(reader) == []
        assert not holds(reader, WORK.code)
    client.force_login(person(Role.BUYER))
    assert client.get(QUEUE).status_code == 403


def test_every_kind_is_treated_by_roles_that_may_open_the_queue() -> None:
    for kind in kinds.values():
        assert table.permissions[kind.permission].who <= WORK.who, kind.code


def test_the_page_takes_a_statement_for_each_kind_and_those_of_one(
    as_officer: Any, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    address = f"{QUEUE}?quoi=directory.report"
    MAKERS["directory.report"]()
    # Session, person, roles, organisations, and the name of the territory: what every page of a signed-in reader takes.
    with django_assert_max_num_queries(len(kinds) + 8) as taken:
        as_officer.get(address)
    for _each in range(3):
        MAKERS["directory.report"]()
    with django_assert_num_queries(len(taken)):
        as_officer.get(address)


def test_the_page_shows_every_kind_and_its_blocks(as_officer: Any) -> None:
    for make_one in MAKERS.values():
        make_one()
    for code in MAKERS:
        page = as_officer.get(QUEUE, {"quoi": code}).content.decode()
        assert page.count("data-item") == 1, code
        assert f'name="next" value="/a-traiter/?quoi={code}&amp;place=1#suivant"' in page, code
    assert as_officer.get(QUEUE, {"quoi": "rien", "place": "x" * 50}).status_code == 200


def test_nothing_waits(as_officer: Any) -> None:
    page = as_officer.get(QUEUE).content.decode()
    assert "Tout est traité" in page and "data-item" not in page
    a_pair()
    page = as_officer.get(QUEUE, {"quoi": "directory.report"}).content.decode()
    assert "Passer à\xa0: Paires de fiches à comparer (1)" in page


# --- Done in place ----------------------------------------------------------------------------------------------------


def sent_from(page: str, place: int) -> tuple[str, str]:
    """Where the form of the item at this place (from 1) posts, and its `next`."""
    item = page.split("data-item")[place]
    form = re.search(r'method="post" action="([^"]+)"', item)
    hidden = re.search(r'name="next" value="([^"]+)"', item)
    assert form and hidden
    return form[1], hidden[1].replace("&amp;", "&")


ANSWERS = {
    "directory.report": {"state": "mended", "answer": "C’est corrigé."},
    "directory.pair": {"verdict": "different", "instead": ""},
    "directory.membership": {"verdict": "yes", "reason": "Ses statuts.", "version": "1"},
    "directory.record": {},
    "directory.import": {},
}


@pytest.mark.parametrize("code", sorted(ANSWERS))
def test_a_thing_done_in_place_leads_to_what_stood_after_it(code: str, as_officer: Any) -> None:
    for _each in "abc":
        MAKERS[code]()
    page = as_officer.get(QUEUE, {"quoi": code}).content.decode()
    titles = [one.key for one in kinds[code].items(OFFICER, 10)]
    address, back = sent_from(page, 2)
    answer = as_officer.post(address, ANSWERS[code] | {"next": back})
    assert (answer.status_code, answer.url) == (302, f"/a-traiter/?quoi={code}&place=2#suivant")
    assert [one.key for one in kinds[code].items(OFFICER, 10)] == [titles[0], titles[2]]
    page = as_officer.get(back.partition("#")[0]).content.decode()
    focused = re.findall(r'<li class="card" data-item tabindex="-1" aria-labelledby="chose-(\d)"[^>]*data-focus', page)
    assert focused == ["2"], "the next thing has the focus, and it alone"


def test_a_pair_set_aside_is_answered_from_the_queue(as_officer: Any) -> None:
    held = set_aside()
    page = as_officer.get(QUEUE, {"quoi": "directory.pair.aside"}).content.decode()
    address, back = sent_from(page, 1)
    as_officer.post(address, {"verdict": "different", "instead": str(held.pk), "next": back})
    assert Judgement.objects.filter(withdrawn_at=None).get().verdict == Verdict.DIFFERENT
    assert line(OFFICER, "directory.pair.aside") == (0, 0)


def test_what_is_refused_keeps_the_words_and_the_way_back(as_officer: Any) -> None:
    MAKERS["directory.report"]()
    address, back = sent_from(as_officer.get(QUEUE, {"quoi": "directory.report"}).content.decode(), 1)
    answer = as_officer.post(address, {"state": "refused", "answer": "", "next": back})
    assert answer.status_code == 422
    assert 'name="next" value="/a-traiter/?quoi=directory.report&amp;place=1#suivant"' in answer.content.decode()
    assert ErrorReport.objects.get().state == ReportState.OPEN


# --- Settling ---------------------------------------------------------------------------------------------------------


def test_a_row_and_an_import_are_settled_once_and_told_to_the_audit() -> None:
    row, run = a_doubt(), an_import()
    actor = Actor.of(OFFICER)
    for refused in (reader_with(), reader_with(Role.BUYER)):
        with pytest.raises(Forbidden):
            settle_row(actor, refused, row)
        with pytest.raises(Forbidden):
            settle_import(actor, refused, run)
    settle_row(actor, OFFICER, row)
    settle_import(actor, OFFICER, run)
    assert (line(OFFICER, "directory.record"), line(OFFICER, "directory.import")) == ((0, 0), (0, 0))
    for again in (lambda: settle_row(actor, OFFICER, row), lambda: settle_import(actor, OFFICER, run)):
        with pytest.raises(Conflict):
            again()
    told = Fact.objects.filter(kind__endswith=".settled").order_by("id").values_list("kind", "visibility")
    assert list(told) == [("directory.record.settled", "audit"), ("directory.import.settled", "audit")]
    run.refresh_from_db()
    assert run.settled_by == OFFICER.person


# --- Coming back ------------------------------------------------------------------------------------------------------

PARTS = st.sampled_from(["/", "\\", "//", "https:", "a", "@", "?next=", "#", "\t", "\r\n", "..", "%2F", "é", "x.fr"])
ELSEWHERE = ["//x.fr", "/\\x.fr", "https://x.fr", "/\t/x.fr", "x", "", "javascript:1", "///x.fr"]


@given(st.one_of(st.text(), st.lists(PARTS, min_size=1, max_size=6).map("".join)))
def test_the_way_back_never_leaves_the_site(asked: str) -> None:
    request = RequestFactory().post("/", {"next": asked})
    found = next_page(request, "/ici/")
    assert found == "/ici/" or found == asked
    # As a browser reads it: control characters dropped, backslashes turned.
    read = re.sub(r"[\x00-\x20]", "", found).replace("\\", "/")
    assert read.startswith("/") and not read.startswith("//")


@pytest.mark.parametrize("refused", ELSEWHERE)
def test_what_a_browser_would_read_as_another_site_is_refused(refused: str) -> None:
    assert not is_local(refused)
    assert is_local("/a-traiter/?quoi=a&place=2#suivant")

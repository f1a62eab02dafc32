"""The log of what was read: once an hour, by others, from a page that may otherwise not write."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.urls import resolve

from toile.kernel import seen as log
from toile.kernel.middleware import ReadOnlyMiddleware
from toile.kernel.readers import VISITOR, Reader
from toile.kernel.seen import Seen, read_about, seen

pytestmark = pytest.mark.django_db
WHY = "kernel.job.read"


def test_a_reading_is_noted_once_an_hour_for_each_purpose(django_assert_num_queries):
    reader, other, person = Reader(person=uuid4()), Reader(person=uuid4()), uuid4()
    seen(reader, person, WHY)
    with django_assert_num_queries(1):
        seen(reader, person, WHY)
    seen(reader, person, "kernel.job.cancel")
    seen(other, person, WHY)
    assert {(line.reader, str(line.why)) for line in read_about([person])} == {
        (reader.person, "suivre un travail"),
        (reader.person, "arrêter un travail"),
        (other.person, "suivre un travail"),
    }
    assert {(row.at.minute, row.at.second) for row in Seen.objects.all()} == {(0, 0)}


def test_the_next_hour_is_another_line(monkeypatch):
    reader, person = Reader(person=uuid4()), uuid4()
    seen(reader, person, WHY)
    later = log.timezone.now() + timedelta(hours=1)
    monkeypatch.setattr(log.timezone, "now", lambda: later)
    seen(reader, person, WHY)
    assert Seen.objects.count() == 2


def test_reading_oneself_and_being_a_visitor_leave_nothing():
    person = uuid4()
    seen(Reader(person=person), person, WHY)
    seen(VISITOR, person, WHY)
    assert not Seen.objects.exists()


def test_a_reading_view_may_note_it_and_write_nothing_else(rf):
    person = uuid4()

    def view(request):
        seen(Reader(person=uuid4()), person, WHY)
        return HttpResponse()

    request = rf.get("/")
    middleware = ReadOnlyMiddleware(view)
    request.resolver_match = resolve("/")

    def guarded(request):
        middleware.process_view(request, view, (), {})
        return view(request)

    middleware.get_response = guarded
    middleware(request)
    assert len(read_about([person])) == 1
    assert connection.execute_wrappers == []

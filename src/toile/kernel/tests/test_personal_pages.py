"""The public register and the page of durations: made of the declarations, each of them said."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.html import escape
from django.utils.text import capfirst

from toile.kernel import readers
from toile.kernel.personal import holdings
from toile.kernel.readers import Contribution, Role
from toile.kernel.retention import NIGHTLY, report, retentions

pytestmark = pytest.mark.django_db


def test_the_register_says_every_declaration_to_anybody(client, django_assert_max_num_queries):
    client.get("/-/traitements/")
    with django_assert_max_num_queries(1):  # the territory’s name
        page = client.get("/-/traitements/").content.decode()
    for holding in holdings.values():
        for words in (holding.label, holding.purpose, holding.seen_by, holding.kept):
            assert escape(capfirst(str(words))) in page, holding.code
    for words in ("contrat", "30 jours", "Union européenne"):
        assert words in page


def test_the_privacy_page_leads_to_the_register(client):
    assert "/-/traitements/" in client.get("/-/vie-privee/").content.decode()


def test_each_duration_is_counted_without_writing_anything():
    lines = report(None, timezone.now())
    assert {line.code for line in lines} == set(retentions)
    assert all((line.due, line.done) == (0, None) for line in lines)
    assert NIGHTLY in {line.work for line in retentions.values()}


def test_the_page_of_durations_is_for_administrators(client, monkeypatch):
    client.force_login(get_user_model().objects.create_user("b@exemple.test"))
    assert client.get("/-/conservation/").status_code == 403
    given = Contribution(roles=[Role.ADMINISTRATOR])
    monkeypatch.setattr(readers, "_contributors", [lambda people: dict.fromkeys(people, given)])
    page = client.get("/-/conservation/").content.decode()
    assert "Aucun passage encore" in page
    for line in retentions.values():
        assert escape(capfirst(str(line.what))) in page

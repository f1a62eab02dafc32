"""A person of the team says whether a structure is of the ESS, and why: it passes before every rule."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from toile.directory.models import Organisation
from toile.directory.services import decide
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, Forbidden
from toile.kernel.readers import Reader
from toile.thread.models import Fact

from .conftest import reader_with
from .structures import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


def verdict(pk: UUID) -> tuple[str, str, bool]:
    now = Organisation.objects.get(pk=pk)
    return now.ess_verdict, now.ess_rule, now.listed


def settle(reader: Reader, pk: UUID, is_ess: bool | None) -> None:
    now = Organisation.objects.get(pk=pk)
    decide(Actor.of(reader), reader, now, is_ess=is_ess, reason="Statuts lus", version=now.version)


def test_a_decision_passes_before_the_rules_and_is_taken_back(officer: Reader) -> None:
    pk = make(legal_category="5710", name="SCOP du Furan").pk
    assert verdict(pk)[:2] == ("to_check", "name_pattern")
    settle(officer, pk, True)
    assert verdict(pk) == ("yes", "correction", True)
    settle(officer, pk, False)
    assert verdict(pk)[:2] == ("no", "correction")
    settle(officer, pk, None)
    assert verdict(pk)[:2] == ("to_check", "name_pattern")
    assert Fact.objects.filter(kind="directory.membership.decided").count() == 3


def test_a_confirmation_that_changes_nothing_is_told_too(officer: Reader) -> None:
    pk = make(legal_category="9220").pk
    assert verdict(pk)[0] == "yes"
    settle(officer, pk, True)
    assert verdict(pk)[:2] == ("yes", "correction")
    assert Fact.objects.filter(kind="directory.membership.decided").count() == 1


def test_only_the_team_decides() -> None:
    structure = make()
    with pytest.raises(Forbidden):
        settle(reader_with(organisations=[structure]), structure.pk, True)


def test_two_decisions_at_once_are_a_conflict(officer: Reader) -> None:
    structure = make(legal_category="5710", name="SCOP du Furan")
    settle(officer, structure.pk, True)
    with pytest.raises(Conflict):
        decide(Actor.of(officer), officer, structure, is_ess=False, reason="Autre avis", version=structure.version)


def test_the_page_says_that_a_person_decided_and_why(as_officer: Client) -> None:
    structure = make(legal_category="5710", name="SCOP du Furan")
    address = f"/annuaire/{structure.pk}/appartenance/"
    assert as_officer.post(address, {"version": 1, "verdict": "yes"}).status_code == 422
    answer = as_officer.post(address, {"version": 1, "verdict": "yes", "reason": "Liste de l’URSCOP"}, follow=True)
    page = answer.content.decode()
    assert "Une personne de l’équipe a confirmé que cette structure est de l’ESS." in page
    assert "Liste de l’URSCOP" in page

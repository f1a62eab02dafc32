"""Who represents structures is told, before they erase themselves, what becomes of them; and they become it."""

from __future__ import annotations

import pytest

from toile.accounts.queries_own_data import warnings
from toile.accounts.services import erase, open_account
from toile.accounts.services.erasure import someone
from toile.directory.models import Membership
from toile.directory.models.memberships import MemberRole
from toile.directory.services import appoint
from toile.kernel.acts import Actor
from toile.thread.models import Fact

from ..cast import structure

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


@pytest.fixture(autouse=True)
def erasures_are_noted_apart(settings, tmp_path):
    settings.VAR = tmp_path


def test_a_lead_is_told_and_their_memberships_end(client):
    lead = open_account(SYSTEM, "ortie@example.org", "Ortie")
    other = open_account(SYSTEM, "vesce@example.org", "Vesce")
    alone, led, shared = (structure(SYSTEM, name) for name in ("seule-structure", "menee", "partagee"))
    for organisation in (alone, led, shared):
        appoint(SYSTEM, None, person=lead.pk, organisation=organisation, role=MemberRole.LEAD)
    appoint(SYSTEM, None, person=other.pk, organisation=led)
    appoint(SYSTEM, None, person=other.pk, organisation=shared, role=MemberRole.LEAD)

    told = sorted(warnings(someone(lead)))
    assert [("Personne d’autre" in one, "responsable" in one) for one in told] == [(False, True), (True, False)]
    client.force_login(lead)
    page = client.get("/compte/vos-donnees/effacer/").content.decode()
    assert "Personne d’autre ne représente" in page

    erase(SYSTEM, None, lead.pk)
    assert Membership.objects.filter(until__isnull=True).count() == 2
    assert not Membership.objects.filter(person=lead.pk).exists()
    assert Fact.objects.filter(kind="directory.member.left").count() == 3

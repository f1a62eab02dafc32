"""What the path keeps for structures that are joined, and part again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from toile.directory.belongings import belongings
from toile.pathway.models import Sharing
from toile.pathway.services import sharings

from . import made_cases as made
from .made_cases import ACTOR

pytestmark = pytest.mark.django_db


def test_each_kind_is_counted_and_said():
    partner = made.structure("Cabestan")
    case = made.case(made.door("MIFE"))
    made.offer(partner)
    sharings.give(ACTOR, case, partner, Sharing.What.SUMMARY)
    assert case.organisation is not None and case.door is not None
    several = [partner.pk, case.organisation.pk, case.door.organisation_id]
    counted = {code: one.count(several) for code, one in belongings.items() if code.startswith("pathway.")}
    assert counted["pathway.sharings"] == {partner.pk: 1} == counted["pathway.offers"]
    assert counted["pathway.cases"] == {case.organisation.pk: 1}
    assert counted["pathway.doors"] == {case.door.organisation_id: 1}
    assert belongings["pathway.cases"].counted(3) == "3 dossiers de parcours"
    assert belongings["pathway.referrals"].counted(1) == "1 demande d’accompagnement"


def test_a_case_written_since_a_merge_is_asked_about_and_moved():
    case, other = made.case(made.door("MIFE")), made.structure("Autre projet")
    split = belongings["pathway.cases"].at_split
    assert split is not None and case.organisation is not None
    asked = split.written([case.organisation.pk], timezone.now() - timedelta(hours=1))
    assert [(one.key, one.label) for one in asked] == [(str(case.pk), "un dossier de parcours")]
    assert split.written([case.organisation.pk], timezone.now() + timedelta(hours=1)) == []
    split.move([one.key for one in asked], other.pk)
    case.refresh_from_db()
    assert case.organisation == other

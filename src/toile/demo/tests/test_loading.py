"""What the loaded demo holds: everything marked for what it is, private where it is private."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.models import Sum
from django.utils import timezone

from toile.accounts.models import Person, RoleGrant
from toile.demo.happenings import FIRST_DAY
from toile.demo.payloads import identity
from toile.demo.services import load_demo
from toile.directory.models import (
    Approval,
    Candidate,
    ErrorReport,
    Judgement,
    Membership,
    Organisation,
    SourceRecord,
)
from toile.directory.models.organisations import Invention, Openness, Stage, Whereabouts
from toile.directory.queries.by_database import base
from toile.directory.queries.where import where
from toile.kernel.lists import Asked
from toile.kernel.readers import VISITOR
from toile.territory.models import Commune, Perimeter
from toile.thread.models import Fact, SavedSearch

pytestmark = pytest.mark.django_db
TABLES = (
    *(Organisation, SourceRecord, Approval, Membership, Commune, Perimeter, Person, RoleGrant, Fact),
    *(Candidate, Judgement, ErrorReport, SavedSearch),
)


def everything() -> list[object]:
    versions = Organisation.objects.aggregate(Sum("version"))["version__sum"]
    return [*(table.objects.count() for table in TABLES), versions]


def test_a_second_load_changes_nothing(loaded):
    before = everything()
    assert not load_demo().changed
    assert everything() == before


def test_nothing_invented_passes_for_real(loaded):
    assert not Organisation.objects.filter(invention=Invention.NONE).exists()
    assert set(SourceRecord.objects.values_list("source", flat=True)) == {
        *("document", "fiction", "spreadsheet"),  # what sources say
        *("own", "moderator"),  # what people say
    }
    assert not Organisation.objects.filter(siren__isnull=False).exists()


def test_what_is_elsewhere_is_never_counted(loaded):
    outside = Organisation.objects.filter(whereabouts=Whereabouts.OUTSIDE)
    assert {"Groupe Archer", "Made in Romans", "Ville de Montréal"} <= set(outside.values_list("name", flat=True))
    assert not base(VISITOR, Asked()).filter(pk__in=outside).exists()


def test_projects_of_the_documents_are_projects_and_not_companies(loaded):
    for key in ("ethic-table", "les-voisines", "reve-et-realise", "aquaponie"):
        project = Organisation.objects.get(pk=identity("seeds", key))
        assert (project.stage, project.legal_category, project.openness) == (Stage.PROJECT, "", Openness.PUBLIC)


def test_those_who_help_the_ess_are_shown_as_such(loaded):
    shown = dict(Organisation.objects.values_list("pk", "display_class"))
    for key in ("cci", "saint-etienne-metropole", "cabestan", "raiso", "maison-de-l-information-sur-la-formation"):
        if identity("seeds", key) in shown:
            assert shown[identity("seeds", key)] == "appui", key
    assert shown[identity("seeds", "cci")] == shown[identity("seeds", "saint-etienne-metropole")] == "appui"
    # An association that helps is of the ESS: its family comes first.
    assert shown[identity("seeds", "urscop")] == "association"


def test_approvals_have_their_last_day(loaded):
    days = set(Approval.objects.values_list("until", flat=True))
    assert days
    assert all(isinstance(day, date) for day in days)


def test_the_year_is_behind_and_in_order(loaded):
    lived = Fact.objects.filter(kind__startswith="directory.organisation.").order_by("id")
    moments = lived.values_list("happened_at", flat=True)
    assert min(moments).date() >= FIRST_DAY
    assert max(moments) <= timezone.now()
    invented = Organisation.objects.filter(invention=Invention.FICTIONAL).order_by("pk")
    for subject in invented.values_list("pk", flat=True)[:50]:
        told = list(lived.filter(abouts__subject=subject).values_list("happened_at", flat=True))
        own = [at for at in told if at.date() >= FIRST_DAY]
        assert own == sorted(own)


def test_a_quarter_is_found_under_both_its_spellings(loaded):
    assert where("Crêt de Roc").label == where("crêt de roch").label == "Crêt de Roc"
    assert where("Crêt de Roc").inside
    assert len(where("Loire Sud").communes) == 45


def test_what_a_private_project_lives_is_told_to_its_people_only(loaded):
    private = Organisation.objects.filter(openness=Openness.MEMBERS)
    assert private.count() > 15
    about = Fact.objects.filter(abouts__subject__in=private.values("pk"))
    assert about.exists()
    assert not about.visible_to(VISITOR).exists()

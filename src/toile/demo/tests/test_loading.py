"""Loading the demo: everything is there, marked for what it is, and a second load changes nothing."""

from __future__ import annotations

from datetime import date
from time import monotonic

import pytest
from django.db.models import Sum
from django.utils import timezone

from toile.accounts.models import Person, RoleGrant
from toile.demo import commands
from toile.demo.chronicle import moment
from toile.demo.happenings import FIRST_DAY
from toile.demo.payloads import identity, structures
from toile.demo.services import AnotherTerritory, load_demo
from toile.demo.town import TODAY, Happening
from toile.directory.models import Approval, Membership, Organisation, SourceRecord
from toile.directory.models.organisations import Invention, Openness, Stage, Whereabouts
from toile.directory.queries.listing import Asked, base, by_commune
from toile.directory.queries.where import where
from toile.kernel.acts import Actor
from toile.kernel.readers import VISITOR
from toile.territory.imports.cog import EpciRow
from toile.territory.models import Commune, Home, Perimeter
from toile.territory.services import load_communes_csv, set_home
from toile.thread.models import Fact

pytestmark = pytest.mark.django_db
TABLES = (Organisation, SourceRecord, Approval, Membership, Commune, Perimeter, Person, RoleGrant, Fact)


def everything() -> list[object]:
    versions = Organisation.objects.aggregate(Sum("version"))["version__sum"]
    return [*(table.objects.count() for table in TABLES), versions]


def test_the_whole_territory_is_there(demo_mode):
    began = monotonic()
    report = load_demo()
    assert monotonic() - began < 15
    assert (report.communes, report.perimeters, report.people) == (53, 5, 9)
    assert report.documents == len(structures()) == Organisation.objects.filter(invention=Invention.DOCUMENT).count()
    assert report.fictional == Organisation.objects.filter(invention=Invention.FICTIONAL).count() >= 400
    assert report.facts > 250
    assert Home.objects.get().name == "Saint-Étienne Métropole"
    assert len(by_commune(VISITOR)) > 30


def test_a_second_load_changes_nothing(loaded):
    before = everything()
    assert not load_demo().changed
    assert everything() == before


def test_a_load_that_was_stopped_goes_on_where_it_was(demo_mode):
    def stop(done: int, total: int, what: str) -> None:
        if done > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_demo(stop)
    half = Organisation.objects.count()
    assert not commands.is_loaded()
    load_demo()
    assert commands.is_loaded()
    assert 0 < half < Organisation.objects.count() == len(structures()) + 425
    told = Fact.objects.filter(kind__startswith="directory.").exclude(kind="directory.member.joined").count()
    assert told > 250
    assert not load_demo().changed


def test_another_territory_is_left_alone(demo_mode, tmp_path):
    table = tmp_path / "communes.csv"
    table.write_text(
        "code_insee,nom,population,codes_postaux,siren,zone,lat,lon,point\n69123,Lyon,520000,69001,216901231,metro,45.76,4.83,centre\n",
        encoding="utf-8",
    )
    lyon = EpciRow("200046977", "Métropole de Lyon", "METLYON", None)
    load_communes_csv(Actor.system("test"), table, lyon)
    set_home(Actor.system("test"), lyon.siren)
    with pytest.raises(AnotherTerritory, match="Métropole de Lyon"):
        load_demo()
    assert Commune.objects.count() == 1


def test_nothing_invented_passes_for_real(loaded):
    assert not Organisation.objects.filter(invention=Invention.NONE).exists()
    assert set(SourceRecord.objects.values_list("source", flat=True)) == {"document", "fiction"}
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
    moments = [fact.happened_at for fact in Fact.objects.filter(kind__startswith="directory.organisation.")]
    assert min(moments).date() >= FIRST_DAY
    assert max(moments) <= timezone.now()
    for subject in Organisation.objects.filter(invention=Invention.FICTIONAL).values_list("pk", flat=True)[:50]:
        told = list(Fact.objects.filter(abouts__subject=subject).order_by("id").values_list("happened_at", flat=True))
        own = [at for at in told if at.date() >= FIRST_DAY]
        assert own == sorted(own)


def test_on_a_machine_whose_clock_is_behind_the_year_moves_back():
    morning = timezone.localtime().replace(year=2026, month=2, day=1, hour=9, minute=0)
    last = Happening(morning.replace(month=11, day=21, hour=10), "x", "created")
    told = moment(last, morning)
    assert told == morning
    earlier = Happening(morning.replace(month=11, day=11), "x", "created")
    assert (morning - moment(earlier, morning)).days == (TODAY - date(2026, 11, 11)).days


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

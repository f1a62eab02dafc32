"""Loading into an empty database: the whole, half of it and then the rest, and never over another territory."""

from __future__ import annotations

from datetime import date
from time import monotonic

import pytest
from django.utils import timezone

from toile.demo import commands
from toile.demo.chronicle import moment
from toile.demo.generator import generate
from toile.demo.pathway_told import told as path_told
from toile.demo.payloads import structures
from toile.demo.retellings import lived, retellings
from toile.demo.services import COMMUNES, COUNT, SEED, AnotherTerritory, load_demo
from toile.demo.town import TODAY, Happening, read_communes
from toile.directory.models import Organisation
from toile.directory.models.organisations import Invention
from toile.directory.queries.listing import by_commune
from toile.kernel.acts import Actor
from toile.kernel.readers import VISITOR
from toile.territory.imports.cog import EpciRow
from toile.territory.models import Commune, Home
from toile.territory.services import load_communes_csv, set_home
from toile.thread.models import Fact

pytestmark = pytest.mark.django_db


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


def test_a_load_that_was_stopped_goes_on_where_it_was(demo_mode):
    def stop(done: int, total: int, what: str) -> None:
        if done > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_demo(stop)
    half = Organisation.objects.count()
    communes = read_communes(COMMUNES)
    told_twice = retellings(SEED, generate(SEED, COUNT, communes), communes)
    assert len(told_twice) == 36
    assert not commands.is_loaded()
    load_demo()
    assert commands.is_loaded()
    invented = 425 + len(told_twice) + len(lived()["structure"]) + len(path_told()["firm"])
    assert 0 < half < Organisation.objects.count() == len(structures()) + invented
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


def test_on_a_machine_whose_clock_is_behind_the_year_moves_back():
    morning = timezone.localtime().replace(year=2026, month=2, day=1, hour=9, minute=0)
    last = Happening(morning.replace(month=11, day=21, hour=10), "x", "created")
    told = moment(last, morning)
    assert told == morning
    earlier = Happening(morning.replace(month=11, day=11), "x", "created")
    assert (morning - moment(earlier, morning)).days == (TODAY - date(2026, 11, 11)).days


def test_before_the_load_entering_says_what_to_do(demo_mode, client):
    response = client.post("/demo/entrer/porteur/")
    assert response.status_code == 404
    assert "make demo" in response.content.decode()

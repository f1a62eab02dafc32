"""Sources: taken from the directory, counted, forgotten when nothing rests on them; what they allow together."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from toile.directory.models import Approval, Organisation, SourceRecord
from toile.directory.tests.conftest import siren_of
from toile.directory.tests.structures import make
from toile.kernel.acts import Actor
from toile.kernel.errors import UserError
from toile.kernel.jobs import run_waiting
from toile.kernel.retention import retentions
from toile.panorama.models import Edition, Source
from toile.panorama.queries.workbench import impossible_from
from toile.panorama.services import sources
from toile.panorama.services.arriving import on_disk
from toile.panorama.services.tables import figures_of_approvals

from .conftest import arrived

pytestmark = pytest.mark.django_db
ACTOR = Actor.system("essai")


@pytest.fixture
def listed(home: None, var: Any) -> Organisation:
    """A structure of Saint-Étienne that the ESS list holds, with two approvals, one of them past."""
    one = make("La Ressourcerie", siren=siren_of(1), commune="42218")
    Organisation.objects.filter(pk=one.pk).update(siren=siren_of(1), ess_family="association")
    SourceRecord.objects.create(
        source="ess_list", external_id="x", organisation=one, payload={"sources": "ess_france|rna"}, checksum="x"
    )
    today = timezone.localdate()
    Approval.objects.create(organisation=one, kind="esus", source="document")
    Approval.objects.create(organisation=one, kind="aci", source="siae_list")
    Approval.objects.create(organisation=one, kind="ei", source="siae_list", until=today - timedelta(days=1))
    return one


def test_the_list_and_the_approvals_are_taken_as_files_that_are_understood(listed):
    taken = sources.take_from_directory(ACTOR, None)
    run_waiting()
    kinds = {source.kind: source for source in Source.objects.all()}
    assert set(kinds) == {"ess_list", "approvals"} and len(taken) == 2
    for source in kinds.values():
        assert source.state == Source.State.UNDERSTOOD, source.refusal
        assert source.licence and source.vintage and source.checksum
    assert on_disk(kinds["ess_list"].path).read_text() == (
        f"siren,sources,famille_ess\n{siren_of(1)},ess_france|esus,association\n"
    )
    sources.take_from_directory(ACTOR, None)
    assert Source.objects.count() == 2, "nothing changed: the same files"


def test_approvals_are_counted_and_a_kind_nobody_imported_is_unknown(listed):
    sources.take_from_directory(ACTOR, None)
    source = Source.objects.get(kind="approvals")
    told = figures_of_approvals(source, perimeter="244200770", communes=frozenset({"42218", "42095"}), year=2024)
    by_cell = {(one.indicator, one.cell.commune): one for one in told}
    place = listed.main.commune_id if listed.main else ""
    assert by_cell["approved_siae_aci", "42095"].value == 0
    assert by_cell["approved_siae_aci", ""].value == (1 if place == "42218" else 0)
    assert by_cell["approved_siae_ei", ""].value is None and by_cell["approved_siae_ei", ""].because == "no_source"


def test_an_empty_directory_gives_nothing(home, var):
    with pytest.raises(UserError):
        sources.take_from_directory(ACTOR, None)
    assert not Source.objects.exists() and not list(on_disk("sources").iterdir())


def test_what_serves_nothing_is_forgotten_after_sixty_days(home, var):
    old, used, recent = (sources.receive(ACTOR, None, arrived(f"{n}.csv", f"a;{n}\n")) for n in range(3))
    Edition.objects.create(perimeter="42", perimeter_name="Loire", year=2024, title="E").sources.add(used)
    left = arrived("coupe.csv", "a\n")
    long_ago = timezone.now() - timedelta(days=61)
    Source.objects.filter(pk__in=[old.pk, used.pk]).update(received_at=long_ago)
    os.utime(on_disk(left.path), (long_ago.timestamp(), long_ago.timestamp()))
    line = retentions["panorama.sources"]
    assert line.due(timezone.now()) == 1
    assert line.apply(ACTOR, timezone.now()) == 1
    assert set(Source.objects.all()) == {used, recent}
    assert [on_disk(one.path).exists() for one in (old, used, recent)] == [False, True, True]
    assert not on_disk(left.path).exists()
    assert line.apply(ACTOR, timezone.now()) == 0


def test_what_sources_do_not_give_is_named(home, var):
    def understood(kind: str, **said: Any) -> Source:
        return Source(kind=kind, state=Source.State.UNDERSTOOD, checksum="a", **said)

    stock = [understood("stock_units"), understood("stock_places", forbids=["jobs"])]
    lacking = {one.code for one in impossible_from(stock)}
    assert {"jobs", "births"} <= lacking and "employer_establishments" not in lacking
    table = understood("table", understood={"indicators": ["jobs"]})
    assert "jobs" not in {one.code for one in impossible_from([*stock, table])}
    assert "employer_establishments" in {one.code for one in impossible_from([])}


def test_a_source_removed_while_its_file_was_fetched_stays_removed(home, var):
    source = sources.fetch_later(ACTOR, None, "https://exemple.fr/stock.csv")
    came = arrived("stock.csv", b"siren\n")
    sources.remove(ACTOR, None, source)
    sources.arrived_for(ACTOR, source, came)
    assert not Source.objects.exists() and not on_disk(came.path).exists()

"""The real files of the State: the whole country, two métropoles, the Loire's contours, the code history."""

from __future__ import annotations

import gc
import time
from typing import Any

import pytest
from django.db import connection

from toile.kernel.acts import Actor, NoAct, current_act
from toile.territory import queries
from toile.territory.imports.cog import EpciRow
from toile.territory.models import Commune, CommuneCode, CommuneKind, Contour, Epci
from toile.territory.services import import_code_history, import_contours, init_territory, load_communes_csv
from toile.thread.models import Fact

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.shared]

SEM, LYON = "244200770", "200046977"


@pytest.mark.sqlite  # half a minute: the Métropole alone goes through the same code on PostgreSQL
def test_the_whole_country_is_imported_and_any_epci_becomes_home(shared_data: Any, actor: Actor) -> None:
    folder = shared_data / "territory/communes.json"
    lyon = init_territory(actor, LYON, cog=folder.parent, vintage="2026")
    report = lyon.reports["cog"]
    assert (lyon.name, lyon.communes) == ("Métropole de Lyon", 58)
    assert (report.read, report.created, report.outside, report.refused) == (38_845, 38_261, 584, [])
    counts = dict.fromkeys(CommuneKind, 0)
    for kind in Commune.objects.values_list("kind", flat=True):
        counts[CommuneKind(kind)] += 1
    assert (counts[CommuneKind.COMMUNE], counts[CommuneKind.ARRONDISSEMENT], Epci.objects.count()) == (
        34_969,
        45,
        1_255,
    )
    assert CommuneCode.objects.count() > 1_600
    facts = Fact.objects.count()

    again = init_territory(actor, LYON, cog=folder.parent, vintage="2026")
    assert again.changed is False
    assert again.reports["cog"].unchanged == 38_261
    assert Fact.objects.count() == facts

    sem = init_territory(actor, SEM, cog=folder.parent, vintage="2026")
    assert (sem.name, sem.communes) == ("Saint-Étienne Métropole", 53)
    assert sem.reports["cog"].changes == 0, "only the home changes"
    assert {queries.resolve_code(code).code for code in ("42190",)} == {"42218"}
    assert queries.resolve_code("42080").code == "42225"
    assert [queries.resolve_code(code).code for code in ("75101", "69381", "13201")] == ["75056", "69123", "13055"]
    assert len(queries.scope(SEM).communes) == 53
    assert len(queries.communes_by_postal()["42800"]) == 10
    assert len(queries.communes_by_postal()["42230"]) == 2
    assert queries.scope("Saint Etienne métropole").communes == queries.scope(SEM).communes

    _contours(shared_data, actor)
    _history(shared_data, actor)


def _contours(shared_data: Any, actor: Actor) -> None:
    path = shared_data / "territory/communes-42-loire.geojson"
    report = import_contours(actor, path, vintage="2018")
    assert (report.read, report.created, report.outside) == (326, 320, 6), "six communes have merged since"
    assert report.balanced()
    assert Contour.objects.count() == 320
    assert import_contours(actor, path, vintage="2018").changes == 0
    drawing = queries.commune_map()
    assert drawing is not None
    assert (drawing.kind, len(drawing.shapes)) == ("contours", 53)


def _history(shared_data: Any, actor: Actor) -> None:
    paths = {
        "successions": shared_data / "territory/old_and_new_code_insee.parquet",
        "periods": shared_data / "territory/communes_historique_asp.csv",
    }
    report = import_code_history(actor, **paths)
    assert report.balanced()
    assert report.to_check == 91, "codes of the ASP that nobody gives an heir to"
    assert len(report.refused) == 152, "periods that end before they begin"
    assert queries.resolve_code("42004").code == "42268"
    assert str(CommuneCode.objects.get(code="20004").until) == "1975-12-31"
    assert queries.resolve_code("20004").code == "2A004", "Corsica before 1976"
    assert import_code_history(actor, **paths).changes == 0


def test_the_fifty_three_communes_are_enough_without_the_country(shared_data: Any, actor: Actor) -> None:
    path = shared_data / "territory/sem_53_communes.csv"
    epci = EpciRow(SEM, "Saint-Étienne Métropole", "METRO", 412_411)
    assert load_communes_csv(actor, path, epci).created == 53
    assert load_communes_csv(actor, path, epci).changes == 0
    assert len(queries.communes_of(SEM)) == 53
    assert sum(commune.population or 0 for commune in queries.communes_of(SEM)) == 408_391


@pytest.mark.django_db(transaction=True)
def test_no_transaction_of_the_import_lasts_more_than_half_a_second(shared_data: Any, actor: Actor) -> None:
    # Processor time: what else this machine does is not the import’s.
    acts: dict[Any, tuple[float, float]] = {}

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        started = time.thread_time()
        result = execute(sql, params, many, context)
        try:
            act = current_act().id
        except NoAct:
            return result
        acts[act] = (acts.get(act, (started, 0.0))[0], time.thread_time())
        return result

    # Nor is a walk of the collector over what every test before left in this process.
    gc.collect()
    gc.freeze()
    try:
        with connection.execute_wrapper(watch):
            init_territory(actor, SEM, cog=(shared_data / "territory/communes.json").parent)
    finally:
        gc.unfreeze()
    assert len(acts) > 100
    assert max(last - first for first, last in acts.values()) < 0.5

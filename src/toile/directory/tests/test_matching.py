"""The matching as it runs: whom it proposes, whom it never asks about again, what it keeps, what the command tells."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from toile.directory.commands import match_structures
from toile.directory.matching import Stopped, match
from toile.directory.models import Candidate, Organisation
from toile.directory.models.records import Verdict
from toile.directory.rules.matching.pairing import TOLD_EVERY, pair_up
from toile.directory.rules.matching.preparing import Profile, Spot
from toile.directory.rules.matching.reasons import Reason, sentence
from toile.directory.services import judge, withdraw
from toile.kernel.acts import Actor
from toile.kernel.jobs import enqueue, run_waiting
from toile.kernel.jobs.queue import cancel, run_again
from toile.kernel.jobs.worker import claim
from toile.kernel.jobs.worker import run as run_job
from toile.kernel.models import Job
from toile.kernel.readers import Reader, Role
from toile.thread.models import Fact

from .conftest import siren_of
from .structures import make, make_private

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
ACTOR = Actor.system("essai")


def proposed() -> set[tuple[str, str, str]]:
    """Each candidate by the names of its two sides, in order, and how sure it is."""
    rows = Candidate.objects.order_by("pk").values_list("first__name", "second__name", "certainty")
    return {(*sorted((first, second)), certainty) for first, second, certainty in rows}


def test_two_records_of_one_structure_are_proposed_with_their_reasons() -> None:
    make("Ressourcerie Tisserands", naf="38.32Z")
    make("ASSOC. RESSOURCERIE TISSERNADS", naf="38.32Z")
    make("Boussole Étoilée")
    run = match(ACTOR)
    assert (run.found.records, run.found.count("sure"), run.found.count("check")) == (3, 1, 0)
    assert proposed() == {("ASSOC. RESSOURCERIE TISSERNADS", "Ressourcerie Tisserands", "sure")}
    (row,) = Candidate.objects.all()
    said = [str(sentence(Reason.of_json(reason))) for reason in row.reasons]
    assert any("tissernads" in text for text in said)
    assert "La même commune\u00a0: Saint-Étienne." in said
    assert 0 < row.score <= 1
    assert Fact.objects.get(kind="directory.matching.finished").data["sure"] == 1


def test_two_legal_units_are_not_proposed() -> None:
    make("Ressourcerie Tisserands", siren=siren_of(1))
    make("Ressourcerie Tisserands", siren=siren_of(2))
    match(ACTOR)
    assert proposed() == set()


def test_a_second_run_changes_no_row_and_tells_nothing() -> None:
    make("Ressourcerie Tisserands")
    make("Ressourcerie Tisserand")
    match(ACTOR)
    before = list(Candidate.objects.order_by("pk").values())
    match(ACTOR)
    assert before
    assert list(Candidate.objects.order_by("pk").values()) == before
    assert Fact.objects.filter(kind="directory.matching.finished").count() == 1


def test_what_no_longer_resembles_goes() -> None:
    make("Ressourcerie Tisserands")
    other = make("Ressourcerie Tisserands")
    match(ACTOR)
    Organisation.objects.filter(pk=other.pk).update(name="Tout autre chose", legal_name="")
    match(ACTOR)
    assert proposed() == set()


def test_a_dry_run_finds_the_same_and_writes_nothing() -> None:
    make("Ressourcerie Tisserands")
    make("Ressourcerie Tisserands")
    assert match(ACTOR, dry_run=True).found.count("sure") == 1
    assert not Candidate.objects.exists()
    assert not Fact.objects.filter(kind="directory.matching.finished").exists()


@pytest.mark.parametrize("verdict", [Verdict.DIFFERENT, Verdict.UNSURE])
def test_what_a_person_answered_is_not_asked_again_until_it_is_taken_back(officer: Reader, verdict: Verdict) -> None:
    first, second = make("Ressourcerie Tisserands"), make("RESSOURCERIE TISSERANDS")
    actor = Actor.of(officer)
    judgement = judge(actor, officer, first, second, verdict, [])
    match(ACTOR)
    assert proposed() == set()
    withdraw(actor, officer, judgement)
    match(ACTOR)
    assert len(proposed()) == 1


def test_a_refusal_holds_for_what_is_joined_since(officer: Reader) -> None:
    a, b, c = (make(name) for name in ("Ressourcerie Tisserands", "Ressourcerie Tiserands", "Ressourcerie Tisserand"))
    actor = Actor.of(officer)
    match(ACTOR)
    assert Candidate.objects.count() == 3
    judge(actor, officer, a, b, Verdict.DIFFERENT, [])
    judge(actor, officer, b, c, Verdict.SAME, [])
    match(ACTOR)
    assert proposed() == set(), "A is not B, B is C: A and C are not asked about"


def test_what_is_one_structure_already_is_one_record(officer: Reader) -> None:
    first, second = make("Ressourcerie Tisserands"), make("Atelier de la Navette")
    judge(Actor.of(officer), officer, first, second, Verdict.SAME, [])
    make("Atelier Navette")
    assert match(ACTOR).found.records == 2
    assert proposed() == {("Atelier Navette", "Ressourcerie Tisserands", "sure")}, "it goes by the names of both"


def test_a_public_structure_and_a_private_project_are_not_proposed() -> None:
    make("Ressourcerie Tisserands")
    make_private("Ressourcerie Tisserands")
    match(ACTOR)
    assert proposed() == set()


def test_the_statements_do_not_grow_with_the_structures() -> None:
    counts = []
    for number in range(3):
        make(f"Ressourcerie Tisserands {'abc'[number] * 3}")
        with CaptureQueriesContext(connection) as captured:
            match(ACTOR, dry_run=True)
        counts.append(len(captured))
    assert counts == [3, 3, 3]


def test_the_nightly_job_replaces_the_candidates() -> None:
    make("Ressourcerie Tisserands")
    make("Ressourcerie Tisserands")
    job = enqueue(ACTOR, "directory.match")
    run_waiting()
    assert Job.objects.get(pk=job.pk).state == Job.State.DONE
    assert len(proposed()) == 1


def test_a_run_asked_to_stop_writes_nothing_and_run_again_ends_the_same(officer: Reader) -> None:
    make("Ressourcerie Tisserands")
    make("Ressourcerie Tisserands")
    match(ACTOR)
    kept = list(Candidate.objects.order_by("pk").values())
    make("Boussole Étoilée")
    make("BOUSSOLE ETOILEE")
    job = enqueue(Actor.of(officer), "directory.match")
    claimed = claim()
    assert claimed is not None
    cancel(officer, claimed)
    run_job(claimed, Event())
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
    assert list(Candidate.objects.order_by("pk").values()) == kept
    run_again(replace(officer, roles=frozenset({Role.ADMINISTRATOR})), job)
    run_waiting()
    job.refresh_from_db()
    assert (job.state, len(proposed())) == (Job.State.DONE, 2)


def test_a_worker_that_stops_gives_the_run_back_and_another_ends_it() -> None:
    make("Ressourcerie Tisserands")
    make("Ressourcerie Tisserands")
    job, stop = enqueue(ACTOR, "directory.match"), Event()
    claimed = claim()
    assert claimed is not None
    stop.set()
    run_job(claimed, stop)
    job.refresh_from_db()
    assert (job.state, len(proposed())) == (Job.State.WAITING, 0)
    run_waiting()
    job.refresh_from_db()
    assert (job.state, len(proposed())) == (Job.State.DONE, 1)


def test_a_long_run_looks_often_whether_it_must_stop() -> None:
    several = [Profile(at, (f"Ressourcerie Tisserands {at}",), spots=(Spot("42218"),)) for at in range(150)]
    told: list[int] = []

    def stop(done: int) -> None:
        told.append(done)
        if done:
            raise Stopped

    with pytest.raises(Stopped):
        pair_up(several, progress=stop)
    assert told == [0, TOLD_EVERY]


def test_the_report_tells_each_pair_with_its_reasons_in_words(tmp_path: Path) -> None:
    make("Ressourcerie Tisserands")
    make("RESSOURCERIE TISSERANDS")
    report = tmp_path / "report.json"
    match_structures(dry_run=True, report_path=report)
    told: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    assert {"records": 2, "compared": 1, "sure": 1, "to_check": 0}.items() <= told.items()
    (pair,) = told["pairs"]
    assert {pair["first"]["name"], pair["second"]["name"]} == {"Ressourcerie Tisserands", "RESSOURCERIE TISSERANDS"}
    assert pair["certainty"] == "sure"
    assert all(text.endswith(".") for text in pair["reasons"])

"""Two organisations judged the same are one structure; taking the judgement back parts them; nothing is rewritten."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models
from django.utils import timezone

from toile.directory.belongings import AtSplit, Belonging, Written, belongings, declare
from toile.directory.commands import import_ess
from toile.directory.models import Candidate, Establishment, Judgement, Organisation, SourceRecord
from toile.directory.models.records import Verdict
from toile.directory.services import (
    AlreadyJudged,
    AlreadyOne,
    HeldDifferent,
    NotOpen,
    SamePair,
    WrittenSince,
    appoint,
    correct,
    judge,
    withdraw,
)
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, Forbidden
from toile.kernel.readers import Reader, Role, reader_of
from toile.territory.services import init_territory
from toile.thread.models import Fact, FactAbout

from .conftest import SEM, reader_with, siren_of
from .structures import make, make_private

pytestmark = [pytest.mark.django_db]


def same(officer: Reader, first: Organisation, second: Organisation) -> Judgement:
    return judge(Actor.of(officer), officer, first, second, Verdict.SAME, ["même adresse"])


def shown_by(*organisations: Organisation) -> list[Any]:
    """Which of the organisations' pages shows each of them, by name."""
    names = {o.pk: o.name for o in organisations}
    canonical = dict(Organisation.objects.values_list("pk", "canonical"))
    return [names[canonical[o.pk]] for o in organisations]


def rows_of(organisation: Organisation) -> dict[str, list[Any]]:
    """What points at an organisation: every row of every table, by the column that points."""
    rows: dict[str, list[Any]] = {
        "facts": sorted(FactAbout.objects.filter(subject=organisation.pk).values_list("fact", flat=True))
    }
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model is Organisation and field.name != "canonical":
                found = model._default_manager.filter(**{field.name: organisation.pk})
                rows[f"{model._meta.label}.{field.name}"] = sorted(str(pk) for pk in found.values_list("pk", flat=True))
    return rows


@pytest.mark.usefixtures("home")
def test_the_oldest_shows_both_and_the_other_s_address_answers_301(client: Any, officer: Reader) -> None:
    old, new = make("Ancienne", siren=siren_of(1)), make("Nouvelle", description="Ce que dit la seconde")
    same(officer, new, old)
    assert shown_by(old, new) == ["Ancienne", "Ancienne"]
    answer = client.get(f"/annuaire/{new.pk}/")
    assert (answer.status_code, answer["Location"]) == (301, f"/annuaire/{old.pk}/")
    assert answer["Cache-Control"] == "no-cache", "a merge may be taken back"
    page = client.get(answer["Location"]).content.decode()
    assert "Ce que dit la seconde" in page
    assert "Aussi connue comme" in page
    assert client.get("/annuaire/?q=nouvelle").context["found"].count == 1, "found by either name"


@pytest.mark.usefixtures("home")
def test_a_judgement_taken_back_gives_both_pages_back_as_they_were(client: Any, officer: Reader) -> None:
    first, second = make("Première", siren=siren_of(1)), make("Seconde", siren=siren_of(2))
    fields = [field.attname for field in Organisation._meta.concrete_fields if field.name != "version"]
    before = list(Organisation.objects.order_by("pk").values(*fields))
    judgement = same(officer, first, second)
    joined = Organisation.objects.get(pk=first.pk)
    assert joined.siren == siren_of(1), "an identifier never passes to another organisation"
    withdraw(Actor.of(officer), officer, judgement)
    assert list(Organisation.objects.order_by("pk").values(*fields)) == before
    assert client.get(f"/annuaire/{second.pk}/").status_code == 200
    withdraw(Actor.of(officer), officer, judgement)
    kinds = list(Fact.objects.filter(kind__contains="organisation.").order_by("pk").values_list("kind", flat=True))
    assert kinds.count("directory.organisation.joined") == kinds.count("directory.organisation.parted") == 1


def _pointing_at_organisations() -> list[models.Field[Any, Any]]:
    return [
        field
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is Organisation
    ]


def _row(field: models.Field[Any, Any], organisation: Organisation, other: Organisation) -> models.Model:
    """One row whose `field` is `organisation`, the rest filled with what its columns accept."""
    return _filled(field.model, other, {field.name: organisation})


def _filled(model: type[models.Model], other: Organisation, values: dict[str, Any]) -> models.Model:
    for column in model._meta.concrete_fields:
        is_optional = column.null and column.name != "person"  # a row of nobody is one that has ended
        is_optional = is_optional or (column.blank and bool(column.choices))
        if column.name in values or column.primary_key or column.has_default() or is_optional:
            continue
        if column.is_relation:
            values[column.name] = (
                other if column.related_model is Organisation else _filled(column.related_model, other, {})
            )
        elif isinstance(column, models.UUIDField):
            values[column.name] = uuid4()
        elif isinstance(column, models.DateTimeField):
            values[column.name] = timezone.now() + timedelta(days=column.name == "until")  # what ends ends later
        elif isinstance(column, models.DateField):
            values[column.name] = timezone.localdate()
        elif isinstance(column, models.SlugField):
            values[column.name] = uuid4().hex[: column.max_length]
        elif isinstance(column, models.JSONField):
            values[column.name] = {"name": "Un nom"}
        elif isinstance(column, (models.IntegerField, models.BooleanField)):
            values[column.name] = 1
        elif isinstance(column, models.CharField):
            values[column.name] = ("document" if column.name == "source" else "same")[: column.max_length]
    return model._default_manager.create(**values)


@pytest.mark.usefixtures("home")
def test_every_row_that_points_at_an_organisation_stays_where_it_was_written(officer: Reader) -> None:
    first, second, third = make("A"), make("B"), make("C")
    low, high = sorted((second, third), key=lambda organisation: organisation.pk)
    pointing = _pointing_at_organisations()
    assert len(pointing) >= 7, "the walk finds the directory's own tables at least"
    for field in pointing:
        if field.model is Organisation:
            continue
        if field.model in (Judgement, Candidate):
            if field.name == "first":
                field.model._default_manager.create(first=low, second=high, **ORDERED[field.model])
            continue
        if field.model is Candidate:
            if field.name == "first":
                Candidate.objects.create(first=low, second=high, certainty="check")
            continue
        _row(field, second, third)
    before = {o.pk: rows_of(o) for o in (first, second, third)}
    edges = (Organisation, Judgement, Candidate)
    written = {f"{field.model._meta.label}.{field.name}" for field in pointing if field.model not in edges}
    assert all(before[second.pk][name] for name in written)
    judgement = same(officer, first, second)
    for organisation in (first, second, third):
        joined = rows_of(organisation)
        for name, rows in before[organisation.pk].items():
            if name not in ("facts", "directory.Judgement.first", "directory.Judgement.second") and rows:
                assert _kept(name, rows, joined[name]), name
    withdraw(Actor.of(officer), officer, judgement)
    after = {o.pk: rows_of(o) for o in (first, second, third)}
    for pk, rows in before.items():
        for name in ("directory.SourceRecord.organisation", "directory.Establishment.organisation"):
            assert after[pk][name] == rows[name]
    assert shown_by(first, second, third) == ["A", "B", "C"]


ORDERED: dict[Any, dict[str, str]] = {Judgement: {"verdict": Verdict.UNSURE}, Candidate: {"certainty": "check"}}
"""The tables of pairs, whose two columns are in order: one row fills both."""
COMPUTED = {"directory.OrganisationActivity.organisation", "directory.Approval.organisation"}


def _kept(name: str, before: list[str], after: list[str]) -> bool:
    """Rows stay; activities and approvals are computed again from the records, for the same organisation.

    The history of a page tells the merge too: it only grows.
    """
    grown = name == "directory.Revision.organisation" and set(before) <= set(after)
    return name in COMPUTED or grown or after == before


@pytest.mark.usefixtures("home")
def test_chains_of_judgements_make_one_structure_and_break_where_one_is_taken_back(officer: Reader) -> None:
    a, b, c, d = make("A"), make("B"), make("C"), make("D")
    same(officer, c, d)
    middle = same(officer, b, c)
    same(officer, a, b)
    assert shown_by(a, b, c, d) == ["A"] * 4
    withdraw(Actor.of(officer), officer, middle)
    assert shown_by(a, b, c, d) == ["A", "A", "C", "C"]


@pytest.mark.usefixtures("home")
def test_what_cannot_be_judged_is_said(officer: Reader) -> None:
    first, second, third, private = make("A"), make("B"), make("C"), make_private("P")
    actor = Actor.of(officer)
    with pytest.raises(SamePair):
        same(officer, first, first)
    with pytest.raises(NotOpen):
        same(officer, first, private)
    judge(actor, officer, first, second, Verdict.DIFFERENT, [])
    with pytest.raises(AlreadyJudged) as refused:
        same(officer, second, first)
    assert refused.value.judgement.verdict == Verdict.DIFFERENT
    same(officer, second, third)
    with pytest.raises(HeldDifferent):
        same(officer, first, third)
    fourth = make("D")
    same(officer, third, fourth)
    for verdict in Verdict:
        with pytest.raises(AlreadyOne):
            judge(actor, officer, second, fourth, verdict, [])
    for reader in (reader_with(), reader_with(Role.BUYER), reader_with(organisations=[first])):
        with pytest.raises(Forbidden):
            same(reader, first, third)
    assert shown_by(first, second, third) == ["A", "B", "B"]


@pytest.mark.usefixtures("home")
def test_an_import_after_a_merge_writes_to_the_organisation_its_record_is_of(table: Any, officer: Reader) -> None:
    listed = {"siren": siren_of(3), "denominationUniteLegale": "AVANT", "sources": "ess_france"}
    old = make("La vieille", siren=siren_of(9))
    import_ess(table("l.csv", [listed]))
    young = Organisation.objects.get(siren=siren_of(3))
    same(officer, old, young)
    import_ess(table("l.csv", [listed | {"denominationUniteLegale": "APRÈS LA FUSION"}]))
    assert SourceRecord.objects.get(source="ess_list").organisation_id == young.pk
    assert Organisation.objects.get(pk=old.pk).ess_verdict == "yes", "the page hears what its members' sources say"
    version = Organisation.objects.get(pk=old.pk).version
    assert import_ess(table("l.csv", [listed | {"denominationUniteLegale": "APRÈS LA FUSION"}])).unchanged == 1
    assert Organisation.objects.get(pk=old.pk).version == version


@pytest.mark.usefixtures("home")
def test_the_own_correction_of_the_one_that_shows_speaks_for_the_structure(officer: Reader) -> None:
    old, young = make("Vieille"), make("Jeune", address="2 rue B")
    same(officer, old, young)
    reader = reader_with(organisations=[old])
    shown = Organisation.objects.get(pk=old.pk)
    correct(Actor.of(reader), reader, shown, {"name": "Nous deux"}, version=shown.version)
    assert Organisation.objects.get(pk=old.pk).name == "Nous deux"
    assert Organisation.objects.get(pk=young.pk).name == "Jeune"
    assert set(Establishment.objects.values_list("organisation", flat=True)) == {old.pk, young.pk}


@pytest.mark.usefixtures("home")
def test_whoever_represents_one_of_two_joined_organisations_represents_the_structure(
    client: Any, officer: Reader, person: Any
) -> None:
    old, young = make("Vieille"), make("Jeune")
    someone = person()
    appoint(Actor.system("essai"), None, person=someone.pk, organisation=young)
    judgement = same(officer, old, young)
    assert reader_of(someone.pk).organisations == {old.pk, young.pk}
    client.force_login(someone)
    assert client.get(f"/annuaire/{old.pk}/corriger/").status_code == 200
    assert client.get("/annuaire/mes-structures/")["Location"] == f"/annuaire/{old.pk}/"
    withdraw(Actor.of(officer), officer, judgement)
    assert reader_of(someone.pk).organisations == {young.pk}
    assert client.get(f"/annuaire/{old.pk}/corriger/").status_code == 403


@pytest.mark.usefixtures("home")
def test_an_answer_replaces_only_the_doubt_that_it_was_shown(officer: Reader) -> None:
    first, second = make("A"), make("B")
    actor = Actor.of(officer)
    unsure = judge(actor, officer, first, second, Verdict.UNSURE, [])
    with pytest.raises(AlreadyJudged):
        judge(actor, officer, first, second, Verdict.DIFFERENT, [], instead=uuid4())
    judge(actor, officer, first, second, Verdict.DIFFERENT, [], instead=unsure.pk)
    unsure.refresh_from_db()
    assert unsure.withdrawn_by == officer.person
    with pytest.raises(AlreadyJudged):
        judge(actor, officer, first, second, Verdict.SAME, [], instead=unsure.pk)


@pytest.mark.usefixtures("home")
def test_what_a_room_keeps_is_asked_about_at_the_split_and_moved_in_its_act(officer: Reader) -> None:
    first, second = make("A"), make("B")
    moved: list[Any] = []
    kept = [Written("7", "une réservation", first.pk)]
    room = Belonging(
        "essai",
        lambda n: f"{n} réservation",
        lambda organisations: dict.fromkeys(organisations, 1),
        AtSplit(lambda organisations, since: kept, lambda keys, to: moved.append((list(keys), to))),
    )
    declare(room)
    try:
        with pytest.raises(ImproperlyConfigured):
            declare(room)
        judgement = same(officer, first, second)
        with pytest.raises(WrittenSince):
            withdraw(Actor.of(officer), officer, judgement)
        with pytest.raises(Conflict):
            withdraw(Actor.of(officer), officer, judgement, moving=["essai 8"])
        assert shown_by(first, second) == ["A", "A"], "nothing parted, nothing moved"
        withdraw(Actor.of(officer), officer, judgement, moving=["essai 7"])
        assert moved == [(["7"], second.pk)]
    finally:
        del belongings["essai"]


@pytest.mark.usefixtures("home")
def test_that_two_private_projects_are_one_is_told_to_their_members_only(officer: Reader) -> None:
    first, second = make_private("P"), make_private("Q")
    withdraw(Actor.of(officer), officer, same(officer, first, second))
    told = Fact.objects.filter(kind__in=["directory.organisation.joined", "directory.organisation.parted"])
    assert list(told.values_list("visibility", flat=True)) == ["members", "members"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_judgements_of_one_pair_at_the_same_moment_one_is_refused(small_cog: Any, officer: Reader) -> None:
    init_territory(Actor.system("essai"), SEM, cog=small_cog, vintage="2026")
    first, second, third = make("A"), make("B"), make("C")
    start, outcomes = Barrier(3), []

    def attempt(one: Organisation, other: Organisation) -> None:
        try:
            start.wait()
            same(officer, one, other)
            outcomes.append("made")
        except Conflict:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=attempt, args=pair) for pair in ((first, second), (second, first), (second, third))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["made", "made", "refused"]
    assert shown_by(first, second, third) == ["A", "A", "A"]

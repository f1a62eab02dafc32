"""The life of an edition through its services: prepared, computed, written, published, frozen, corrected."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from toile.directory.tests.conftest import reader_with
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, Forbidden, UserError
from toile.kernel.jobs import queue, run_waiting
from toile.kernel.models import Job
from toile.kernel.readers import VISITOR, Reader, Role
from toile.panorama.models import Edition, EditionState, Fragment, Note, Source, Value
from toile.panorama.queries.workbench import computing_of, to_read
from toile.panorama.services import building, changing, computing, editions, publishing, sources, theirs, words
from toile.panorama.services.building import SourcesRefused
from toile.panorama.services.changing import Building, Frozen, SavedSince
from toile.panorama.services.computing import Found
from toile.panorama.services.editions import YearTaken
from toile.panorama.services.publishing import CorrectionUnderWay, checksum_of
from toile.panorama.services.sources import SourceInUse
from toile.panorama.services.theirs import Said, Theirs
from toile.panorama.services.words import Words
from toile.thread.models import Fact

from . import made_up
from .conftest import TABLE, arrived

pytestmark = pytest.mark.django_db
YEAR = 2024


@pytest.fixture
def draft(home: None, var: Any, mission: Reader) -> Edition:
    return editions.prepare(Actor.of(mission), mission, perimeter="244200770", year=YEAR, compared=["dep:42", "france"])


@pytest.fixture
def built(draft: Edition, source: Callable[..., Source], mission: Reader, made_up_figures: None) -> Edition:
    actor = Actor.of(mission)
    sources.choose(actor, mission, draft, [source()])
    building.build(actor, mission, draft)
    run_waiting()
    draft.refresh_from_db()
    assert draft.state == EditionState.BUILT, draft.report
    return draft


@pytest.fixture
def published(built: Edition, mission: Reader) -> Edition:
    words.add_note(Actor.of(mission), mission, built, text="Un siège déclare ici.", indicator="jobs")
    publishing.publish(Actor.of(mission), mission, built)
    run_waiting()
    built.refresh_from_db()
    return built


# --- Preparing -------------------------------------------------------------------------------------------------------


def test_an_edition_is_named_after_its_territory_and_year(draft):
    assert "Saint-Étienne Métropole" in draft.title and "2024" in draft.title
    assert (draft.compared, draft.version, draft.state) == (["dep:42", "france"], 1, EditionState.DRAFT)


def test_a_department_is_told_by_its_prefixed_code(home, var, mission):
    made = editions.prepare(Actor.of(mission), mission, perimeter="42", year=YEAR, compared=["reg:84"])
    assert (made.perimeter, made.compared) == ("dep:42", ["reg:84"])


@pytest.mark.parametrize(
    ("perimeter", "year", "compared"),
    [
        ("nulle-part", YEAR, []),
        ("244200770", timezone.localdate().year, []),
        ("244200770", 1900, []),
        ("244200770", YEAR, ["reg:99"]),
        ("244200770", YEAR, ["vide"]),
    ],
)
def test_what_no_edition_can_be_of_is_refused(home, var, mission, perimeter, year, compared):
    from toile.territory.models import Perimeter
    from toile.territory.subjects import perimeter_subject

    Perimeter.objects.create(code="vide", subject=perimeter_subject("vide"), name="Sans commune")
    with pytest.raises(UserError):
        editions.prepare(Actor.of(mission), mission, perimeter=perimeter, year=year, compared=compared)
    assert not Edition.objects.exists()


def test_a_year_in_preparation_is_taken_up_and_a_published_one_is_corrected(published, mission):
    with pytest.raises(YearTaken) as taken:
        editions.prepare(Actor.of(mission), mission, perimeter="244200770", year=YEAR)
    assert taken.value.edition == published.pk and "corrigez" in taken.value.message


def test_a_changed_territory_asks_for_the_figures_again(built, mission):
    editions.set_up(Actor.of(mission), mission, built, perimeter="244200770", year=YEAR, compared=["dep:42"])
    built.refresh_from_db()
    assert built.state == EditionState.DRAFT and built.compared == ["dep:42"]


# --- Computing -------------------------------------------------------------------------------------------------------


def test_a_build_writes_the_figures_their_sources_and_the_review(built):
    figures = made_up.figures()
    assert built.values.count() == len(figures) + 1  # and the table's
    assert built.simulated and {one["title"] for one in built.said_of_sources} >= {made_up.STOCK.title, "tableau.csv"}
    assert built.report["review"]["hidden"] == sum(figure.status == "hidden" for figure in figures)
    assert built.placed.get().fragment.body == "<svg></svg>" and built.outputs.get().size == 4
    assert Fact.objects.filter(kind="panorama.edition.built").count() == 1


def test_a_published_table_wins_over_an_estimate_which_is_kept_beside(draft, source, mission, made_up_figures):
    table = source("flores.csv", "indicateur;annee;valeur\njobs;2024;21705\n")
    sources.choose(Actor.of(mission), mission, draft, [table])
    building.build(Actor.of(mission), mission, draft)
    run_waiting()
    draft.refresh_from_db()
    where = {"perimeter": "244200770", "commune": "", "family": "", "sector": "", "size": "", "year": 2024}
    jobs = draft.values.get(indicator="jobs", **where)
    assert (jobs.value, jobs.low) == (Decimal(21705), None)
    assert jobs.as_figure(*_said(draft)).sources[0].title == "flores.csv"
    assert [one[0] for one in draft.report["estimates"]] == ["jobs"]


def test_a_published_total_gives_the_share_and_says_how(draft, source, mission, made_up_figures):
    table = source("flores.csv", "indicateur;annee;valeur\njobs;2023;21000\njobs;2024;21142\nall_jobs;2024;149943\n")
    sources.choose(Actor.of(mission), mission, draft, [table])
    building.build(Actor.of(mission), mission, draft)
    run_waiting()
    draft.refresh_from_db()
    where = {"perimeter": "244200770", "commune": "", "family": "", "sector": "", "size": "", "year": 2024}
    share = draft.values.get(indicator="share_of_employment", **where)
    assert (round(share.value, 1), share.low) == (Decimal("14.1"), None)
    assert round(draft.values.get(indicator="jobs_growth", **where).value, 2) == Decimal("0.68")
    assert share.query in draft.queries and "evolution_de_2023" in draft.queries


def _said(edition: Edition) -> tuple[Any, str]:
    from toile.panorama.queries.figures import sources_of

    return sources_of(edition), str(edition.pk)


def test_a_table_whose_parts_exceed_its_total_is_said_and_refused(draft, source, mission, made_up_figures):
    text = "indicateur;famille;valeur\njobs;;100\njobs;association;80\njobs;mutuelle;40\n"
    table = source("faux.csv", text)
    assert "120" in table.understood["problems"][0]["message"]
    sources.choose(Actor.of(mission), mission, draft, [table])
    building.build(Actor.of(mission), mission, draft)
    run_waiting()
    draft.refresh_from_db()
    assert draft.state == EditionState.FAILED and "120" in draft.report["failure"]
    assert not draft.values.exists()


def test_invented_and_real_data_are_never_in_one_edition(draft, source, mission):
    chosen = [source(), source("vrai.csv", "indicateur;valeur\nprivate_jobs;110000\n", simulated=False)]
    sources.choose(Actor.of(mission), mission, draft, chosen)
    with pytest.raises(SourcesRefused, match="inventées et des données réelles"):
        building.build(Actor.of(mission), mission, draft)


def test_without_sources_or_with_one_refused_nothing_is_computed(draft, source, mission):
    with pytest.raises(SourcesRefused):
        building.build(Actor.of(mission), mission, draft)
    wrong = source("rien.csv", "a;b\n1;2\n")
    assert wrong.state == Source.State.REFUSED and wrong.refusal
    sources.choose(Actor.of(mission), mission, draft, [wrong])
    with pytest.raises(SourcesRefused, match="ne peut pas servir"):
        building.build(Actor.of(mission), mission, draft)


def test_two_stock_files_of_different_years_are_refused(draft, source, mission):
    chosen = []
    for kind, year in (("stock_units", 2023), ("stock_places", 2024)):
        chosen.append(
            Source.objects.create(
                kind=kind, title=kind, filename=f"{kind}.csv", year=year, state="understood", checksum="a" * 64
            )
        )
    sources.choose(Actor.of(mission), mission, draft, chosen)
    with pytest.raises(SourcesRefused, match="2023, 2024"):
        building.build(Actor.of(mission), mission, draft)


def test_two_builds_at_once_are_one_job(draft, source, mission, made_up_figures):
    sources.choose(Actor.of(mission), mission, draft, [source()])
    building.build(Actor.of(mission), mission, draft)
    with pytest.raises(Building):
        building.build(Actor.of(mission), mission, draft)
    assert Job.objects.filter(kind=building.BUILD_JOB).count() == 1
    with pytest.raises(Building):
        words.write_words(Actor.of(mission), mission, draft, Words("T", ""), revision=0)


class Killed(BaseException):
    """The worker dies."""


def test_a_job_killed_after_the_figures_goes_on_from_them(draft, source, mission, made_up_figures, monkeypatch):
    sources.choose(Actor.of(mission), mission, draft, [source()])
    building.build(Actor.of(mission), mission, draft)

    def die(edition: Edition, tell: Any) -> dict[str, str]:
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(building.dressing, "fragments_of", die)
        with pytest.raises(Killed):
            run_waiting()
    draft.refresh_from_db()
    assert draft.state == EditionState.BUILDING and draft.values.exists()
    again = Value.objects.order_by("pk").first().pk
    monkeypatch.setattr(computing, "computed_of", lambda *given: pytest.fail("computed twice"))
    Job.objects.filter(kind=building.BUILD_JOB).update(lease_until=timezone.now())
    run_waiting()
    draft.refresh_from_db()
    assert draft.state == EditionState.BUILT and Value.objects.order_by("pk").first().pk == again


def test_a_stopped_build_gives_the_edition_back(draft, source, mission, made_up_figures, monkeypatch):
    sources.choose(Actor.of(mission), mission, draft, [source()])
    building.build(Actor.of(mission), mission, draft)

    def stop(edition: Edition, chosen: Any, tell: Any) -> Any:
        queue.cancel(mission, Job.objects.get(pk=Edition.objects.get().job))
        tell(1, 2)

    monkeypatch.setattr(computing, "computed_of", stop)
    run_waiting()
    draft.refresh_from_db()
    assert draft.state == EditionState.DRAFT and not draft.values.exists()


def test_a_build_stopped_before_it_ran_may_be_asked_again(draft, source, mission, made_up_figures):
    sources.choose(Actor.of(mission), mission, draft, [source()])
    building.build(Actor.of(mission), mission, draft)
    queue.cancel(mission, Job.objects.get(kind=building.BUILD_JOB))
    words.write_words(Actor.of(mission), mission, draft, Words("Mon titre", ""), revision=0)
    draft.refresh_from_db()
    assert draft.state == EditionState.FAILED and draft.title == "Mon titre"
    building.build(Actor.of(mission), mission, draft)
    run_waiting()
    draft.refresh_from_db()
    assert draft.state == EditionState.BUILT


def test_a_computing_that_broke_waits_for_somebody(draft, source, mission, made_up_figures, monkeypatch):
    sources.choose(Actor.of(mission), mission, draft, [source()])
    building.build(Actor.of(mission), mission, draft)
    assert not to_read(mission).exists()
    Job.objects.filter(kind=building.BUILD_JOB).update(state="failed", error="Erreur inattendue (OSError).")
    assert to_read(mission).get() == draft
    draft.refresh_from_db()
    assert computing_of(draft).stopped == "Erreur inattendue (OSError)."


def test_a_second_build_replaces_all_the_figures(built, mission, monkeypatch):
    few = made_up.figures()[:5]
    monkeypatch.setattr(computing, "computed_of", lambda *given: Found(few))
    building.build(Actor.of(mission), mission, built)
    run_waiting()
    assert built.values.filter(indicator=few[0].indicator).count() <= 5
    assert built.values.count() == 5 + 1  # and the table's


# --- Words -----------------------------------------------------------------------------------------------------------


def test_two_officers_who_write_at_once_lose_nothing(draft, mission):
    words.write_words(Actor.of(mission), mission, draft, Words("Un", "D’elle."), revision=0)
    with pytest.raises(SavedSince):
        words.write_words(Actor.of(mission), mission, draft, Words("Deux", "De lui."), revision=0)
    draft.refresh_from_db()
    assert (draft.title, draft.introduction, draft.revision) == ("Un", "D’elle.", 1)
    note = words.add_note(Actor.of(mission), mission, draft, text="Avant")
    words.change_note(Actor.of(mission), mission, note, text="D’elle", revision=0)
    with pytest.raises(SavedSince):
        words.change_note(Actor.of(mission), mission, note, text="De lui", revision=0)


@pytest.mark.parametrize(
    "wrong", [{"text": "  "}, {"text": "a", "indicator": "rien"}, {"text": "a", "commune": "00000"}]
)
def test_a_note_about_nothing_is_refused(draft, mission, wrong):
    with pytest.raises(UserError):
        words.add_note(Actor.of(mission), mission, draft, **wrong)


# --- Publishing ------------------------------------------------------------------------------------------------------


def test_what_is_published_is_frozen_under_its_checksum(published):
    assert published.state == EditionState.PUBLISHED and published.checksum == checksum_of(published)
    published.values.filter(indicator="legal_units", commune="").update(value=871)
    assert checksum_of(published) != published.checksum
    fact = Fact.objects.get(kind="panorama.edition.published")
    assert fact.visibility == "public" and fact.data["year"] == YEAR


def test_the_database_refuses_a_publication_without_checksum(built):
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(pk=built.pk).update(state="published")


def test_every_service_refuses_to_change_what_is_published(published, mission, source):
    actor, note, used = Actor.of(mission), published.notes.get(), published.sources.get()
    other = source("autre.csv", "indicateur;valeur\nprivate_jobs;1\n")
    before = (checksum_of(published), published.sources.count())
    described = sources.Described("table", "T", "P", "V", None, "L")
    attempts: list[Callable[[], object]] = [
        lambda: editions.set_up(actor, mission, published, perimeter="42", year=2023, compared=[]),
        lambda: editions.abandon(actor, mission, published),
        lambda: words.write_words(actor, mission, published, Words("T", "I"), revision=published.revision),
        lambda: words.add_note(actor, mission, published, text="Trop tard"),
        lambda: words.change_note(actor, mission, note, text="Trop tard", revision=note.revision),
        lambda: words.remove_note(actor, mission, note),
        lambda: sources.choose(actor, mission, published, [other]),
        lambda: sources.receive(actor, mission, arrived("n.csv", TABLE + "\n"), edition=published),
        lambda: sources.describe(actor, mission, used, described),
        lambda: sources.read_again(actor, mission, used),
        lambda: sources.remove(actor, mission, used),
        lambda: building.build(actor, mission, published),
        lambda: publishing.publish(actor, mission, published),
    ]
    for attempt in attempts:
        with pytest.raises((Frozen, SourceInUse)):
            attempt()
    published.refresh_from_db()
    assert (checksum_of(published), published.sources.count()) == before
    assert published.checksum == before[0] and published.state == EditionState.PUBLISHED


def test_a_source_without_licence_is_told_before_publishing_and_its_figures_follow(built, mission):
    used = built.sources.get()
    said = {"kind": used.kind, "title": "Sans licence", "publisher": "P", "vintage": "2024", "year": 2024}
    sources.describe(Actor.of(mission), mission, used, sources.Described(**said, licence="", simulated=True))
    with pytest.raises(UserError, match="Sans licence"):
        publishing.publish(Actor.of(mission), mission, built)
    sources.describe(Actor.of(mission), mission, used, sources.Described(**said, licence="ODbL", simulated=True))
    built.refresh_from_db()
    assert built.state == EditionState.BUILT
    assert ("Sans licence", "ODbL") in {(one["title"], one["licence"]) for one in built.said_of_sources}
    publishing.publish(Actor.of(mission), mission, built)


def test_only_a_built_edition_whose_words_were_read_is_published(draft, built, mission):
    words.write_words(Actor.of(mission), mission, built, Words("Autre", ""), revision=0)
    with pytest.raises(SavedSince):
        publishing.publish(Actor.of(mission), mission, built, revision=0)
    Edition.objects.filter(pk=built.pk).update(state=EditionState.DRAFT)
    with pytest.raises(Conflict, match="pas calculée"):
        publishing.publish(Actor.of(mission), mission, built)


def test_a_correction_replaces_the_former_which_stays_readable(published, mission):
    actor = Actor.of(mission)
    with pytest.raises(UserError):
        publishing.correct(actor, mission, published, erratum=" ")
    made = publishing.correct(actor, mission, published, erratum="Un siège était compté deux fois.")
    assert (made.version, made.replaces, made.notes.get().text) == (2, published, "Un siège déclare ici.")
    with pytest.raises(CorrectionUnderWay):
        publishing.correct(actor, mission, published, erratum="Encore.")
    with pytest.raises(UserError):
        words.write_words(actor, mission, made, Words("T", "I", ""), revision=0)
    with pytest.raises(UserError):
        editions.set_up(actor, mission, made, perimeter="244200770", year=2023, compared=[])
    published.refresh_from_db()
    assert published.state == EditionState.PUBLISHED
    building.build(actor, mission, made)
    run_waiting()
    made.refresh_from_db()
    assert made.report["before"] == str(published.pk) and made.report["review"]["changes"]
    publishing.publish(actor, mission, made)
    published.refresh_from_db()
    assert published.state == EditionState.REPLACED and checksum_of(published) == published.checksum
    assert set(Edition.objects.visible_to(VISITOR)) == {published, Edition.objects.get(pk=made.pk)}
    assert Fact.objects.filter(kind="panorama.edition.corrected").count() == 1
    again = publishing.correct(actor, mission, Edition.objects.get(pk=made.pk), erratum="Encore.")
    assert again.version == 3
    with pytest.raises(UserError):
        publishing.correct(actor, mission, published, erratum="La vieille.")


def test_an_abandoned_edition_leaves_its_sources(built, mission):
    editions.abandon(Actor.of(mission), mission, built)
    assert not Edition.objects.exists() and Source.objects.exists() and not Note.objects.exists()
    from toile.panorama.services.outputs import forget_fragments

    assert forget_fragments(Actor.system("essai")) == 1 and not Fragment.objects.exists()


# --- Who may ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", [VISITOR, reader_with(), reader_with(Role.ADVISER)])
def test_nobody_else_may_do_anything(built, reader, mission):
    actor, note = Actor.of(reader), words.add_note(Actor.of(mission), mission, built, text="Une note")
    used = built.sources.get()
    attempts: list[Callable[[], object]] = [
        lambda: editions.prepare(actor, reader, perimeter="42", year=2020),
        lambda: editions.set_up(actor, reader, built, perimeter="42", year=2023, compared=[]),
        lambda: editions.abandon(actor, reader, built),
        lambda: words.write_words(actor, reader, built, Words("T", "I"), revision=0),
        lambda: words.add_note(actor, reader, built, text="a"),
        lambda: words.change_note(actor, reader, note, text="a", revision=0),
        lambda: words.remove_note(actor, reader, note),
        lambda: sources.choose(actor, reader, built, []),
        lambda: sources.receive(actor, reader, arrived("n.csv", TABLE + "\n")),
        lambda: sources.fetch_later(actor, reader, "https://exemple.fr/a.csv"),
        lambda: sources.take_from_directory(actor, reader),
        lambda: sources.describe(actor, reader, used, sources.Described("table", "T", "P", "V", None, "L")),
        lambda: sources.read_again(actor, reader, used),
        lambda: sources.remove(actor, reader, used),
        lambda: building.build(actor, reader, built),
        lambda: publishing.publish(actor, reader, built),
        lambda: publishing.correct(actor, reader, built, erratum="a"),
        lambda: theirs.keep(actor, reader, _theirs()),
    ]
    for attempt in attempts:
        with pytest.raises(Forbidden):
            attempt()


# --- What others published -------------------------------------------------------------------------------------------


def _theirs(**said: Any) -> Theirs:
    given = {
        "perimeter": "244200770",
        "year": None,
        "title": "Le poids de l’ESS",
        "publisher": "PROCESS",
        "document": "Document non daté",
        "figures": [Said("jobs", Decimal(21142)), Said("share_of_employment", Decimal("14.1"))],
        "contradictions": ["Un autre document dit 14 %.", " "],
    }
    return Theirs(**given | said)


def test_a_panorama_of_others_is_kept_as_they_said_it(home, var, mission):
    kept = theirs.keep(Actor.of(mission), mission, _theirs())
    assert (kept.kind, kept.state, kept.year) == ("theirs", "published", None)
    assert kept.contradictions == ["Un autre document dit 14 %."] and kept.checksum == checksum_of(kept)
    assert sorted(kept.values.values_list("indicator", "value", "year")) == [
        ("jobs", Decimal(21142), 0),
        ("share_of_employment", Decimal("14.1"), 0),
    ]
    assert theirs.keep(Actor.of(mission), mission, _theirs()) == kept and Edition.objects.count() == 1


def test_a_wrong_copy_is_replaced_with_an_erratum(home, var, mission):
    wrong = theirs.keep(Actor.of(mission), mission, _theirs(figures=[Said("jobs", Decimal(2))]))
    with pytest.raises(UserError):
        theirs.keep(Actor.of(mission), mission, _theirs(), replaces=wrong)
    made = theirs.keep(Actor.of(mission), mission, _theirs(), replaces=wrong, erratum="Chiffre tronqué.")
    wrong.refresh_from_db()
    assert (made.replaces, made.version, wrong.state) == (wrong, 2, "replaced")


@pytest.mark.parametrize(
    "wrong",
    [
        {"figures": []},
        {"figures": [Said("rien", Decimal(1))]},
        {"figures": [Said("jobs", Decimal(-1))]},
        {"figures": [Said("share_of_employment", Decimal(141))]},
        {"figures": [Said("jobs", Decimal(5), low=Decimal(6), high=Decimal(7))]},
        {"perimeter": "nulle-part"},
        {"document": " "},
    ],
)
def test_what_no_document_can_say_is_refused(home, var, mission, wrong):
    with pytest.raises(UserError):
        theirs.keep(Actor.of(mission), mission, _theirs(**wrong))
    assert not Edition.objects.exists()


def test_the_changing_of_an_edition_takes_its_row(draft):
    with transaction.atomic():
        assert changing.changing(draft.pk) == draft

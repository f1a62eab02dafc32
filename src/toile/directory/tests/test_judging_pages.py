"""The moderator's pages: one pair at a time, never asked twice, the sure ones together, judgements taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from toile.accounts.models import Person
from toile.directory.belongings import belongings
from toile.directory.models import Candidate, Judgement, Membership, Organisation, SourceRecord
from toile.directory.models.records import Certainty, Verdict
from toile.directory.queries import judgements, judging, pairs
from toile.directory.rules.matching.reasons import Reason
from toile.directory.services import add, appoint, correct, judge, withdraw
from toile.kernel.acts import Actor
from toile.kernel.readers import Reader, Role
from toile.thread.models import Fact

from .conftest import reader_with, siren_of
from .structures import make, make_all, make_private

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
QUEUE = "/annuaire/doublons/"
REASONS = [
    Reason("same_name", {"name": "La ressourcerie"}, 0.6).as_json(),
    Reason("other_commune", {"first": "Firminy", "second": "Saint-Étienne"}, -0.2).as_json(),
]


def ask(
    one: Organisation, other: Organisation, score: float = 0.5, certainty: Certainty = Certainty.CHECK
) -> Candidate:
    """A pair that the rules ask about."""
    low, high = sorted((one, other), key=lambda organisation: organisation.pk)
    return Candidate.objects.create(first=low, second=high, score=score, certainty=certainty, reasons=REASONS)


def address(one: Organisation, other: Organisation) -> str:
    return f"{QUEUE}{one.pk}/{other.pk}/"


def asked(page: Any) -> set[str]:
    """The names of the two structures that a page asks about."""
    pair = page.context["pair"]
    return {pair.first.shown.name, pair.second.shown.name} if pair else set()


def say(officer: Reader, one: Organisation, other: Organisation, verdict: Verdict = Verdict.SAME) -> Judgement:
    return judge(Actor.of(officer), officer, one, other, verdict, ["dit pour l’essai"])


def waiting(reader: Reader) -> set[frozenset[str]]:
    return {frozenset((row.first.name, row.second.name)) for row in pairs.waiting(reader)}


# --- One pair at a time ----------------------------------------------------------------------------------------------


def test_the_surest_pair_is_asked_first_then_by_score(as_officer: Any) -> None:
    a, b, c = make("A"), make("B"), make("C")
    ask(a, b, 0.9)
    ask(b, c, 0.3, Certainty.SURE)
    ask(a, c, 0.5)
    assert asked(as_officer.get(QUEUE)) == {"B", "C"}
    assert as_officer.get(QUEUE).context["counts"] == pairs.Counts(sure=1, check=2, aside=0)
    Candidate.objects.filter(certainty=Certainty.SURE).delete()
    assert asked(as_officer.get(QUEUE)) == {"A", "B"}


def test_a_pair_shows_both_what_differs_in_a_word_the_reasons_and_what_would_happen(as_officer: Any) -> None:
    first = make("La Ressourcerie", website="https://a.example", siren=siren_of(1), address="1 rue A")
    second = make("la ressourcerie", siren=siren_of(2), address="2 rue B", description="Elle répare")
    ask(first, second)
    page = as_officer.get(QUEUE)
    outcomes = {line.label: line.word for line in page.context["pair"].lines}
    assert outcomes["Nom d’usage"] == "pareil", "accents and capitals make no difference"
    assert outcomes["Adresse"] == outcomes["SIREN"] == "différent"
    assert outcomes["Site"] == outcomes["Description"] == "d’un seul côté"
    text = page.content.decode()
    assert "Le même nom, « La ressourcerie »" in text and "compte beaucoup" in text
    assert "Deux communes" in text and "parle contre" in text
    assert "La page de « La Ressourcerie », la plus ancienne, montrera les deux" in text
    assert "elle garde 1 ligne de source" in text
    assert "Deux SIREN" in text


def test_an_answer_leads_to_the_next_pair_and_can_be_undone_at_once(as_officer: Any) -> None:
    a, b, c = make("A"), make("B"), make("C")
    ask(a, b, 0.9)
    ask(b, c, 0.5)
    done = as_officer.post(address(a, b), {"verdict": "different", "words": "deux adresses"}, follow=True)
    judgement = Judgement.objects.get()
    assert judgement.reasons == [*REASONS, "deux adresses"], "what the rules said, then the person's own words"
    assert asked(done) == {"B", "C"}
    assert "Jugé :" in done.content.decode()
    undone = as_officer.post(f"{QUEUE}jugements/{judgement.pk}/reprendre/", {"vite": "1"}, follow=True)
    assert asked(undone) == {"A", "B"}, "the pair is shown again, to be answered otherwise"
    assert undone.context["pair"].can_be_asked
    assert "Jugement repris" in undone.content.decode()


def test_the_region_that_htmx_takes_is_that_of_the_whole_page(as_officer: Any) -> None:
    a, b = make("A"), make("B")
    ask(a, b)
    htmx = {"HX-Request": "true"}
    whole, part = (as_officer.get(QUEUE, headers=headers).content.decode() for headers in ({}, htmx))
    for page in (whole, part):
        assert page.count('id="doublons"') == 1 and 'hx-select="#doublons"' in page


def test_the_three_answers_have_each_their_key_announced(as_officer: Any) -> None:
    ask(make("A"), make("B"))
    page = as_officer.get(QUEUE).content.decode()
    for key, verdict in (("m", "same"), ("d", "different"), ("s", "unsure")):
        assert f'value="{verdict}" data-key="{key}" aria-keyshortcuts="{key}"' in page
    assert "data-keys-on" in page, "and the keys can be switched off (WCAG 2.1.4)"


def test_nothing_waits_says_so(as_officer: Any) -> None:
    page = as_officer.get(QUEUE)
    assert asked(page) == set()
    assert "Aucune paire n’attend" in page.content.decode()
    assert "Aucune paire sûre n’attend" in as_officer.get(f"{QUEUE}sures/").content.decode()
    assert "Aucun jugement" in as_officer.get(f"{QUEUE}jugements/").content.decode()


def test_only_those_who_may_judge_see_the_pairs(client: Any, person: Callable[..., Person]) -> None:
    a, b = make("A"), make("B")
    ask(a, b)
    client.force_login(person(Role.ADVISER))
    for path in (QUEUE, f"{QUEUE}sures/", f"{QUEUE}jugements/", address(a, b), f"/annuaire/{a.pk}/doublon/"):
        assert client.get(path).status_code == 403
    assert client.post(address(a, b), {"verdict": "same"}).status_code == 403
    assert not Judgement.objects.exists()


def test_a_project_that_only_its_members_see_is_not_asked_about(as_officer: Any) -> None:
    a, hidden = make("A"), make_private("P")
    ask(a, hidden)
    assert asked(as_officer.get(QUEUE)) == set()
    assert as_officer.get(address(a, hidden)).status_code == 404
    assert as_officer.post(address(hidden, a), {"verdict": "same"}).status_code == 404


def test_what_was_judged_of_projects_is_told_to_nobody_who_does_not_see_them(as_officer: Any, officer: Reader) -> None:
    one, other = make_private("P"), make_private("Q")
    judged = judge(Actor.of(officer), officer, one, other, Verdict.UNSURE, ["rue du Secret"])
    undo = f"{QUEUE}jugements/{judged.pk}/reprendre/"
    assert as_officer.get(undo).status_code == as_officer.post(undo).status_code == 404
    for path in (f"{QUEUE}jugements/", f"{QUEUE}jugements/?reponse=unsure", f"{QUEUE}?juge={judged.pk}"):
        assert "rue du Secret" not in as_officer.get(path).content.decode()
    assert pairs.counts(officer).aside == 0
    judged.refresh_from_db()
    assert judged.withdrawn_at is None


@pytest.mark.parametrize("sent", [{}, {"verdict": "peut-être"}, {"verdict": "same", "words": "x" * 301}])
def test_an_answer_that_is_none_is_told_and_asked_again(as_officer: Any, sent: dict[str, str]) -> None:
    a, b = make("A"), make("B")
    page = as_officer.post(address(a, b), sent)
    assert page.status_code == 422
    assert asked(page) == {"A", "B"}
    assert "data-focus" in page.content.decode()
    assert not Judgement.objects.exists()


def test_a_structure_and_itself_are_no_pair(as_officer: Any) -> None:
    a = make("A")
    assert as_officer.post(address(a, a), {"verdict": "same"}).status_code == 422
    assert as_officer.get(f"{QUEUE}{a.pk}/{uuid4()}/").status_code == 404


@pytest.mark.parametrize("told", ["juge=n-importe-quoi", "juge=%00", f"deja={UUID(int=7)}", "repris="])
def test_any_address_of_the_queue_is_answered(as_officer: Any, told: str) -> None:
    assert as_officer.get(f"{QUEUE}?{told}").status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_the_queue_takes_known_statements(
    as_officer: Any, officer: Reader, django_assert_num_queries: Any, number: int
) -> None:
    for one, other in zip(make_all(*[{"name": f"A{n}"} for n in range(number)]),
                          make_all(*[{"name": f"B{n}"} for n in range(number)]), strict=True):  # fmt: skip
        ask(one, other)
    with django_assert_num_queries(3):
        pairs.counts(officer)
    with django_assert_num_queries(2):
        found = pairs.next_pair(officer)
    assert found is not None
    rows = Organisation.objects.select_related("canonical__main__commune").in_bulk([found.first_id, found.second_id])
    with django_assert_num_queries(5 + len(belongings)):
        judging.pair(officer, *rows.values())
    with django_assert_num_queries(1):
        pairs.sure_pairs(officer)


def test_beyond_a_thousand_they_are_not_counted() -> None:
    told = pairs.Counts(sure=2, check=pairs.MOST_COUNTED, aside=999).told
    assert told == {"waiting": "plus de 1 000", "sure": "2", "aside": "999"}


# --- Never asked twice -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", Verdict)
def test_a_pair_that_was_answered_is_not_asked_again(officer: Reader, verdict: Verdict) -> None:
    a, b = make("A"), make("B")
    ask(a, b)
    judgement = say(officer, b, a, verdict)
    assert waiting(officer) == set()
    withdraw(Actor.of(officer), officer, judgement)
    assert waiting(officer) == {frozenset("AB")}


def test_two_held_different_settle_those_joined_to_them(officer: Reader) -> None:
    a, b, c, d = make("A"), make("B"), make("C"), make("D")
    for one, other in ((a, b), (b, c), (a, c), (b, d), (a, d), (c, d)):
        ask(one, other)
    say(officer, a, b, Verdict.DIFFERENT)
    joined = say(officer, b, c)
    assert waiting(officer) == {frozenset("BD"), frozenset("AD"), frozenset("CD")}, "A≠B and B=C: A and C are settled"
    say(officer, c, d)
    assert waiting(officer) == set(), "and D with them"
    withdraw(Actor.of(officer), officer, joined)
    assert waiting(officer) == {frozenset("BC"), frozenset("AC"), frozenset("BD"), frozenset("AD")}


def test_two_held_different_settle_all_of_both_sides(officer: Reader) -> None:
    a, b, c, d = make("A"), make("B"), make("C"), make("D")
    for one, other in ((c, d), (a, d), (b, c)):
        ask(one, other)
    say(officer, a, b, Verdict.DIFFERENT)
    say(officer, a, c)
    say(officer, b, d)
    assert waiting(officer) == set()


def test_two_joined_by_a_third_are_not_asked_about(officer: Reader) -> None:
    a, b, c = make("A"), make("B"), make("C")
    for one, other in ((a, b), (b, c), (a, c)):
        ask(one, other)
    say(officer, a, b)
    say(officer, b, c)
    assert waiting(officer) == set()


def test_what_one_cannot_tell_is_set_aside_and_can_be_answered_later(as_officer: Any, officer: Reader) -> None:
    a, b = make("A"), make("B")
    ask(a, b)
    as_officer.post(address(a, b), {"verdict": "unsure"})
    unsure = Judgement.objects.get()
    aside = as_officer.get(f"{QUEUE}jugements/?reponse=unsure")
    assert [told.judgement for told in aside.context["rows"]] == [unsure]
    assert aside.context["counts"] == pairs.Counts(0, 0, 1)
    page = as_officer.get(address(a, b))
    assert f'value="{unsure.pk}"' in page.content.decode()
    as_officer.post(address(a, b), {"verdict": "same", "instead": unsure.pk})
    assert Judgement.objects.get(withdrawn_at__isnull=True).verdict == Verdict.SAME
    assert Judgement.objects.get(withdrawn_at__isnull=False) == unsure
    assert as_officer.get(QUEUE).context["counts"].aside == 0


# --- Two people judging the same pair --------------------------------------------------------------------------------


def test_the_second_of_two_is_told_what_the_first_said_and_goes_on(
    as_officer: Any, officer: Reader, person: Callable[..., Person]
) -> None:
    a, b, c = make("A"), make("B"), make("C")
    ask(a, b, 0.9)
    ask(a, c)
    page = as_officer.get(QUEUE)
    assert asked(page) == {"A", "B"}
    say(officer, a, b, Verdict.DIFFERENT)
    late = as_officer.post(address(a, b), {"verdict": "same", "words": "le même numéro"})
    assert late.status_code == 409
    text = late.content.decode()
    assert "vient d’être jugée par une autre personne" in text and "deux structures" in text
    assert "le même numéro" in text, "nothing typed is lost"
    assert asked(late) == {"A", "C"}, "the next pair is there"
    assert Judgement.objects.get().verdict == Verdict.DIFFERENT
    taken = as_officer.post(address(a, b), {"verdict": "same"}, headers={"HX-Request": "true"})
    assert taken.status_code == 200, "htmx leaves the page as it is on an error"


def test_an_unsure_answer_that_the_page_did_not_show_is_not_replaced(as_officer: Any, officer: Reader) -> None:
    a, b = make("A"), make("B")
    say(officer, a, b, Verdict.UNSURE)
    assert as_officer.post(address(a, b), {"verdict": "same"}).status_code == 409
    assert Judgement.objects.get().verdict == Verdict.UNSURE


def test_a_judgement_that_another_contradicts_is_explained_beside_the_pair(as_officer: Any, officer: Reader) -> None:
    a, b, c = make("A"), make("B"), make("C")
    say(officer, a, b, Verdict.DIFFERENT)
    say(officer, b, c)
    page = as_officer.post(address(a, c), {"verdict": "same"})
    assert page.status_code == 422 and asked(page) == {"A", "B"}
    assert "reprenez d’abord ce jugement" in page.content.decode()
    shown = as_officer.get(address(a, c))
    assert not shown.context["pair"].can_be_asked
    assert "Cette paire a déjà sa réponse" in shown.content.decode()
    together = as_officer.post(address(b, c), {"verdict": "different"})
    assert together.status_code == 409
    assert "C’est déjà une seule structure" in as_officer.get(address(b, c)).content.decode()


# --- The sure ones together ------------------------------------------------------------------------------------------


def test_sure_pairs_are_confirmed_together_and_one_refused_stops_no_other(as_officer: Any, officer: Reader) -> None:
    a, b, c, d, e, f, g = (make(name) for name in "ABCDEFG")
    pairs = [ask(a, b, 0.9, Certainty.SURE), ask(c, d, 0.8, Certainty.SURE), ask(e, f, 0.7, Certainty.SURE)]
    ask(a, g, 0.9)
    page = as_officer.get(f"{QUEUE}sures/")
    assert [row for row, _why in page.context["rows"]] == pairs
    # C and D are brought together with A and B by others, who hold A and C apart: D cannot join C any more.
    say(officer, a, c, Verdict.DIFFERENT)
    say(officer, b, d)
    chosen = {"paire": [f"{pair.first_id} {pair.second_id}" for pair in pairs]}
    done = as_officer.post(f"{QUEUE}sures/", chosen, follow=True)
    text = done.content.decode()
    assert "2 paires sont réunies" in text
    assert "reprenez d’abord ce jugement" in text or "laissées de côté" in text
    one = dict(Organisation.objects.values_list("pk", "canonical"))
    assert one[a.pk] == one[b.pk] and one[e.pk] == one[f.pk] and one[c.pk] == c.pk
    assert one[g.pk] == g.pk, "what was not sure was not confirmed"


def test_one_pair_of_two_that_contradict_each_other_is_named(as_officer: Any, officer: Reader) -> None:
    a, b, c = make("A"), make("B"), make("C")
    pairs = [ask(a, b, 0.9, Certainty.SURE), ask(b, c, 0.8, Certainty.SURE)]
    say(officer, a, c, Verdict.DIFFERENT)
    chosen = {"paire": [f"{pair.first_id} {pair.second_id}" for pair in pairs]}
    text = as_officer.post(f"{QUEUE}sures/", chosen, follow=True).content.decode()
    assert "Une paire est réunie" in text
    assert "reprenez d’abord ce jugement" in text, "the second is refused, and named"
    assert Judgement.objects.filter(verdict=Verdict.SAME).count() == 1


def test_no_box_ticked_and_a_pair_that_went_away_are_told(as_officer: Any) -> None:
    assert "Cochez au moins une paire" in as_officer.post(f"{QUEUE}sures/", {}, follow=True).content.decode()
    gone = as_officer.post(f"{QUEUE}sures/", {"paire": f"{uuid4()} {uuid4()}"}, follow=True)
    assert "laissées de côté" in gone.content.decode()


# --- What was judged, and taken back ---------------------------------------------------------------------------------


def test_judgements_are_listed_with_who_when_and_why(client: Any, officer: Reader, person: Any) -> None:
    administrator = person(Role.ADMINISTRATOR)
    client.force_login(administrator)
    a, b, c = make("A"), make("B"), make("C")
    ask(a, b)
    client.post(address(a, b), {"verdict": "same", "words": "une seule équipe"})
    say(officer, b, c, Verdict.DIFFERENT)
    page = client.get(f"{QUEUE}jugements/")
    assert [told.judgement.verdict for told in page.context["rows"]] == ["different", "same"]
    text = page.content.decode()
    assert "une seule équipe" in text and str(administrator) in text and "Reprendre ce jugement" in text
    only = client.get(f"{QUEUE}jugements/?reponse=same")
    assert [told.judgement.verdict for told in only.context["rows"]] == ["same"]
    assert client.get(f"{QUEUE}jugements/?reponse=zzz&page=zzz").status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_judgements_takes_known_statements(
    officer: Reader, django_assert_num_queries: Any, rows: int
) -> None:
    for number in range(rows):
        say(officer, make(f"A{number}"), make(f"B{number}"), Verdict.DIFFERENT)
    with django_assert_num_queries(3):
        judgements.judgements(officer, "", None)


def test_a_judgement_taken_back_says_who_did(as_officer: Any, officer: Reader) -> None:
    a, b = make("A"), make("B")
    judgement = say(officer, a, b, Verdict.DIFFERENT)
    path = f"{QUEUE}jugements/{judgement.pk}/reprendre/"
    assert "attendra de nouveau une réponse" in as_officer.get(path).content.decode()
    done = as_officer.post(path, follow=True)
    assert "Le jugement est repris" in done.content.decode()
    assert "déjà repris" in as_officer.get(path).content.decode()
    assert as_officer.post(path, follow=True).status_code == 200, "safe twice"
    assert as_officer.get(f"{QUEUE}jugements/{uuid4()}/reprendre/").status_code == 404


# --- A merge whose undo meets later changes --------------------------------------------------------------------------


@pytest.fixture
def joined(officer: Reader, person: Callable[..., Person]) -> tuple[Organisation, Organisation, Judgement, Person]:
    """Two structures joined, then a correction and a person written on the page that shows both."""
    old, young = make("Vieille", address="1 rue A"), make("Jeune", address="2 rue B")
    judgement = say(officer, old, young)
    shown = Organisation.objects.get(pk=old.pk)
    said = {"description": "Ce que fait la jeune", "website": "https://jeune.example"}
    correct(Actor.of(officer), officer, shown, said, version=shown.version)
    someone = person()
    appoint(Actor.system("essai"), None, person=someone.pk, organisation=shown)
    return old, young, judgement, someone


def lines(page: Any) -> dict[str, str]:
    """What the page asks about: label → key."""
    return {choice.asked.written.label: choice.asked.key for choice in page.context["parting"].choices}


def test_what_was_written_since_is_shown_and_goes_where_it_is_told(as_officer: Any, joined: Any) -> None:
    old, young, judgement, someone = joined
    path = f"{QUEUE}jugements/{judgement.pk}/reprendre/"
    page = as_officer.get(path)
    found = lines(page)
    assert set(found) == {
        "ce qu’une personne a écrit : sa description",
        "ce qu’une personne a écrit : son site",
        "une personne qui la représente",
    }
    assert "Ce que fait la jeune" in page.content.decode(), "what was written is shown"
    assert "donné à « Jeune »" in page.content.decode()
    given = [found["ce qu’une personne a écrit : sa description"], found["une personne qui la représente"]]
    as_officer.post(path, {"ligne": given})
    one, other = Organisation.objects.get(pk=old.pk), Organisation.objects.get(pk=young.pk)
    assert (one.canonical_id, other.canonical_id) == (old.pk, young.pk)
    assert (one.description, other.description) == ("", "Ce que fait la jeune")
    assert (one.website, other.website) == ("https://jeune.example", "")
    mine = Membership.objects.filter(person=someone.pk).order_by("pk")
    assert [(one.organisation_id, one.until is None) for one in mine] == [(old.pk, False), (young.pk, True)]
    kinds = list(Fact.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds[-1] == "directory.member.joined" and "directory.organisation.parted" in kinds[-5:]


def test_a_place_of_the_other_is_left_to_it_and_both_pages_can_be_corrected_again(officer: Reader) -> None:
    old, young = make("Vieille", postal_code="", city=""), make("Jeune", address="2 rue B")
    assert old.main is None
    judgement = say(officer, old, young)
    actor = Actor.of(officer)
    for said in ({"website": "https://ensemble.example"}, {"website": "https://apres.example"}):
        shown = Organisation.objects.get(pk=old.pk)
        correct(actor, officer, shown, said, version=shown.version)
        if judgement.withdrawn_at is None:
            withdraw(actor, officer, judgement, moving=[])
            judgement.refresh_from_db()
    one = Organisation.objects.get(pk=old.pk)
    assert (one.website, one.main) == ("https://apres.example", None), "the other's address is not shown here"
    assert Organisation.objects.get(pk=young.pk).main.address == "2 rue B"


def test_what_nobody_gives_away_stays(as_officer: Any, joined: Any) -> None:
    old, _young, judgement, someone = joined
    before = list(SourceRecord.objects.order_by("pk").values("pk", "organisation", "payload"))
    as_officer.post(f"{QUEUE}jugements/{judgement.pk}/reprendre/", {})
    assert list(SourceRecord.objects.order_by("pk").values("pk", "organisation", "payload")) == before
    assert Organisation.objects.get(pk=old.pk).description == "Ce que fait la jeune"
    assert Membership.objects.get(person=someone.pk, until__isnull=True).organisation_id == old.pk


def test_a_merge_is_not_undone_in_haste_when_something_was_written_since(as_officer: Any, joined: Any) -> None:
    old, young, judgement, _someone = joined
    path = f"{QUEUE}jugements/{judgement.pk}/reprendre/"
    answer = as_officer.post(path, {"vite": "1"})
    assert answer["Location"] == path, "the question is asked first"
    assert Organisation.objects.get(pk=young.pk).canonical_id == old.pk


def test_what_changed_while_one_was_choosing_is_asked_again(as_officer: Any, officer: Reader, joined: Any) -> None:
    old, young, judgement, _someone = joined
    path = f"{QUEUE}jugements/{judgement.pk}/reprendre/"
    chosen = lines(as_officer.get(path))["ce qu’une personne a écrit : sa description"]
    shown = Organisation.objects.get(pk=old.pk)
    correct(Actor.of(officer), officer, shown, {"description": "Autre chose"}, version=shown.version)
    page = as_officer.post(path, {"ligne": chosen})
    assert page.status_code == 409
    assert "vient de changer" in page.content.decode()
    assert Organisation.objects.get(pk=young.pk).canonical_id == old.pk


def test_the_only_name_of_a_structure_does_not_leave_it(officer: Reader, as_officer: Any) -> None:
    old, young = add(Actor.of(officer), officer, {"name": "Ajoutée"}), make("Jeune")
    judgement = say(officer, old, young)
    SourceRecord.objects.filter(organisation=old).update(last_seen=timezone.now())
    path = f"{QUEUE}jugements/{judgement.pk}/reprendre/"
    as_officer.post(path, {"ligne": lines(as_officer.get(path))["ce qu’une personne a écrit : son nom"]})
    names = dict(Organisation.objects.values_list("pk", "name"))
    assert (names[old.pk], names[young.pk]) == ("Ajoutée", "Ajoutée")


def test_a_judgement_beside_which_another_holds_parts_nobody_and_asks_nothing(officer: Reader, as_officer: Any) -> None:
    a, b, c = make("A"), make("B"), make("C")
    first = say(officer, a, b)
    say(officer, b, c)
    shown = Organisation.objects.get(pk=a.pk)
    correct(Actor.of(officer), officer, shown, {"description": "Depuis"}, version=shown.version)
    page = as_officer.get(f"{QUEUE}jugements/{first.pk}/reprendre/")
    assert [(choice.at, choice.to) for choice in page.context["parting"].choices] == [("A", "B")]


# --- From a structure's page -----------------------------------------------------------------------------------------


def test_the_other_page_is_found_by_its_name_and_leads_to_the_pair(as_officer: Any) -> None:
    a, b = make("Ressourcerie du Gier"), make("Ressourcerie du Giers")
    make("Crèche des Lilas")
    page = as_officer.get(f"/annuaire/{a.pk}/doublon/")
    assert [one.organisation for one in page.context["found"]] == [b], "those like it are offered at once"
    assert address(a, b) in page.content.decode()
    found = as_officer.get(f"/annuaire/{a.pk}/doublon/?name=creche")
    assert [one.organisation.name for one in found.context["found"]] == ["Crèche des Lilas"]
    assert as_officer.get(f"/annuaire/{a.pk}/doublon/?name=zzzz").context["found"] == []


def test_a_reader_without_the_role_is_refused_by_the_service_too(officer: Reader) -> None:
    from toile.directory.services import join_all
    from toile.kernel.errors import Forbidden

    with pytest.raises(Forbidden):
        join_all(Actor.system("essai"), reader_with(), [])

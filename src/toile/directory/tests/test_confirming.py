"""What a structure answers from its letter's link: three answers, changed until the end, taken back by the team."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from toile.directory.models import Campaign, Confirmation, Organisation, SourceRecord
from toile.directory.models.campaigns import Pending
from toile.directory.queries.freshness import count_stale, stale_entries, stale_for
from toile.directory.rules.freshness import Answer
from toile.directory.services import campaigns, correct
from toile.directory.services.confirmations import answer, treat, vouch
from toile.kernel import links
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, Forbidden
from toile.kernel.personal import Someone, holdings
from toile.kernel.readers import Reader, Role
from toile.kernel.work import kinds
from toile.thread.models import Fact

from .campaigns import link_to, of, reachable, started
from .conftest import reader_with
from .structures import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

PURPOSE = "directory.campaign.answer"


@pytest.fixture
def campaign(officer: Reader) -> Campaign:
    """One structure, written to."""
    reachable("Atelier", description="On y répare des vélos.", opening_hours="Tu 14:00-18:00")
    return started(officer)


@pytest.fixture
def link(campaign: Campaign) -> str:
    return link_to("atelier")


def corrected(client: Client, link: str, **changed: str) -> Any:
    """Open the correction and send it back with these fields changed, as a browser does."""
    form = client.get(f"{link}corriger/").context["form"]
    given = {name: form[name].value() for name in form.fields}
    return client.post(f"{link}corriger/", {name: value for name, value in (given | changed).items() if value})


def facts(kind: str) -> list[Fact]:
    return list(Fact.objects.filter(kind=kind).order_by("pk"))


# --- The link --------------------------------------------------------------------------------------------------------


def test_reading_the_link_writes_nothing_and_leaks_nothing(client: Client, campaign: Campaign, link: str) -> None:
    for _time in range(2):
        page = client.get(link)
        shown = page.content.decode()
        assert page.status_code == 200 and "C’est juste" in shown and "Nous avons fermé" in shown
    assert of(campaign).get().state == "sent"
    assert page["X-Robots-Tag"] == "noindex, nofollow" and 'content="noindex"' in shown
    assert page["Referrer-Policy"] == "same-origin" and "no-store" in page["Cache-Control"]
    assert "atelier@exemple.fr" not in shown


def test_used_twice_it_shows_what_was_answered_and_lets_it_be_changed(
    client: Client, campaign: Campaign, link: str
) -> None:
    for _time in range(2):
        assert client.post(link, {"answer": "right"}).status_code == 302
    assert "Votre fiche est juste" in client.get(link).content.decode()
    assert len(facts("directory.page.confirmed")) == 1
    client.post(link, {"answer": "closed"})
    one = of(campaign).get()
    assert (one.state, one.pending) == ("closed", "closure")
    assert "Vous dites avoir fermé" in client.get(link).content.decode()
    client.post(link, {"answer": "right"})
    one.refresh_from_db()
    assert (one.state, one.pending) == ("confirmed", "")
    assert client.post(link, {"answer": "autre"}).status_code == 302


def test_forged_cut_or_made_for_something_else_it_is_not_found(client: Client, campaign: Campaign, link: str) -> None:
    one = of(campaign).get()
    for token in ("x", link.split("/")[-2][:-3], links.sign("autre.chose.faire", str(one.pk)), "%00" * 9):
        for path in (f"/annuaire/confirmer/{token}/", f"/annuaire/confirmer/{token}/corriger/"):
            assert client.get(path).status_code == 404
            assert client.post(path, {"answer": "closed"}).status_code == 404
    stranger = links.sign(PURPOSE, "00000000-0000-0000-0000-000000000000")
    assert client.get(f"/annuaire/confirmer/{stranger}/").status_code == 404
    one.refresh_from_db()
    assert one.state == "sent"


@pytest.mark.parametrize("how", ["late", "ended"])
def test_once_the_campaign_is_over_it_says_what_to_do_instead(
    client: Client, officer: Reader, campaign: Campaign, link: str, how: str
) -> None:
    Campaign.objects.update(last_day=timezone.localdate())
    assert client.get(link).status_code == 200, "the last day is one of the campaign's"
    if how == "late":
        Campaign.objects.update(last_day=timezone.localdate() - timedelta(days=1))
    else:
        campaigns.end(Actor.of(officer), officer, campaign)
    for gone in (client.get(link), client.post(link, {"answer": "right"}), client.get(f"{link}corriger/")):
        assert gone.status_code == 410 and "#signaler" in gone.content.decode()
    assert of(campaign).get().state == "sent"


@pytest.mark.parametrize("several", [0, 4])
def test_the_link_s_page_costs_the_same_whatever_there_is(
    client: Client, officer: Reader, django_assert_num_queries: Any, several: int
) -> None:
    reachable("Atelier", *[f"Autre {number}" for number in range(several)])
    started(officer)
    link = link_to("atelier")
    with django_assert_num_queries(3):
        client.get(link)


# --- A correction ----------------------------------------------------------------------------------------------------


def test_a_correction_is_the_structure_s_word_and_the_team_is_shown_it(
    client: Client, officer: Reader, campaign: Campaign, link: str
) -> None:
    answer_ = corrected(client, link, description="On y répare et on y prête des vélos.", opening_hours="We 9:00-12:00")
    assert answer_.status_code == 302
    shown = Organisation.objects.get()
    assert shown.description == "On y répare et on y prête des vélos."
    own = SourceRecord.objects.get(source="own").payload
    assert set(own) == {"description", "opening_hours", "said_on"}, "only what was changed is said"
    one = of(campaign).get()
    assert (one.state, one.pending) == ("corrected", "correction")
    assert len(facts("directory.organisation.corrected")) == 1
    (item,) = kinds["directory.correction"].items(officer, 10)
    told = {label: (before, now) for label, before, now in item.context["lines"]}
    assert told["sa description"] == ("On y répare des vélos.", "On y répare et on y prête des vélos.")


def test_taken_back_it_leaves_the_page_as_it_was(
    client: Client, officer: Reader, campaign: Campaign, link: str
) -> None:
    corrected(client, link, description="Une autre.")
    corrected(client, link, description="Encore une autre.", website="https://exemple.fr/")
    one = of(campaign).get()
    treat(Actor.of(officer), officer, one, pending=Pending.CORRECTION, keep=False)
    shown = Organisation.objects.get()
    assert (shown.description, shown.website) == ("On y répare des vélos.", "")
    one.refresh_from_db()
    assert (one.pending, one.outcome, one.changed) == ("", "undone", {})
    assert client.get(shown.get_absolute_url()).context["page"].freshness.confirmed_on is None
    with pytest.raises(Conflict):
        treat(Actor.of(officer), officer, one, pending=Pending.CORRECTION, keep=True)


def test_what_somebody_wrote_since_is_not_taken_back(
    client: Client, officer: Reader, campaign: Campaign, link: str
) -> None:
    corrected(client, link, description="Une autre.", website="https://exemple.fr/")
    structure = Organisation.objects.get()
    member = reader_with(organisations=[structure])

    correct(Actor.of(member), member, structure, {"description": "La nôtre."}, version=structure.version)
    treat(Actor.of(officer), officer, of(campaign).get(), pending=Pending.CORRECTION, keep=False)
    structure.refresh_from_db()
    assert (structure.description, structure.website) == ("La nôtre.", "")


def test_two_people_at_once_are_told_and_nothing_typed_is_lost(client: Client, link: str) -> None:
    structure = Organisation.objects.get()
    form = client.get(f"{link}corriger/").context["form"]
    given = {name: form[name].value() for name in form.fields if form[name].value()}
    member = reader_with(organisations=[structure])

    correct(Actor.of(member), member, structure, {"description": "La nôtre."}, version=structure.version)
    late = client.post(f"{link}corriger/", given | {"opening_hours": "We 9:00-12:00", "description": "La mienne."})
    shown = late.content.decode()
    assert late.status_code == 409 and "La nôtre." in shown and "La mienne." in shown and "We 9:00-12:00" in shown
    again = late.context["form"]
    both = {name: again[name].value() for name in again.fields if again[name].value()}
    client.post(f"{link}corriger/", both | {"choice_description": "theirs"})
    structure.refresh_from_db()
    assert structure.description == "La nôtre." and structure.main.opening_hours == "We 9:00-12:00"


def test_nothing_changed_says_that_it_is_right_and_a_mistake_is_named(
    client: Client, campaign: Campaign, link: str
) -> None:
    refused = corrected(client, link, postal_code="4200")
    assert refused.status_code == 422 and "cinq chiffres" in refused.content.decode()
    assert corrected(client, link).status_code == 302
    assert of(campaign).get().state == "confirmed"


def test_the_address_for_messages_is_corrected_and_copied_nowhere(
    client: Client, officer: Reader, campaign: Campaign, link: str
) -> None:
    corrected(client, link, contact_email="nouvelle@exemple.fr")
    assert Organisation.objects.get().contact_email == "nouvelle@exemple.fr"
    one = of(campaign).get()
    assert one.changed == {"contact_email": {}}
    treat(Actor.of(officer), officer, one, pending=Pending.CORRECTION, keep=False)
    assert Organisation.objects.get().contact_email == "atelier@exemple.fr"


# --- A closure -------------------------------------------------------------------------------------------------------


def test_a_closure_is_confirmed_by_the_team_before_the_page_says_it(
    client: Client, officer: Reader, person: Any, campaign: Campaign, link: str
) -> None:
    client.post(link, {"answer": "closed"})
    structure = Organisation.objects.get()
    assert structure.stage == "active"
    assert "dit avoir fermé" not in client.get(structure.get_absolute_url()).content.decode()
    (fact,) = facts("directory.closure.reported")
    assert fact.visibility == "members"
    client.force_login(person(Role.OFFICER))
    assert "dit avoir fermé" in client.get(structure.get_absolute_url()).content.decode()
    with pytest.raises(Forbidden):
        treat(Actor.system("essai"), reader_with(Role.BUYER), of(campaign).get(), pending=Pending.CLOSURE, keep=True)
    treat(Actor.of(officer), officer, of(campaign).get(), pending=Pending.CLOSURE, keep=True)
    structure.refresh_from_db()
    assert structure.stage == "ceased" and structure.ceased_on == timezone.localdate()
    assert len(facts("directory.organisation.closed")) == 1
    with pytest.raises(Conflict):
        answer(of(campaign).get(), Answer.RIGHT)


def test_a_closure_set_aside_changes_nothing_and_may_be_told_again(
    client: Client, officer: Reader, campaign: Campaign, link: str
) -> None:
    corrected(client, link, description="Une autre.")
    client.post(link, {"answer": "closed"})
    treat(Actor.of(officer), officer, of(campaign).get(), pending=Pending.CLOSURE, keep=False)
    assert Organisation.objects.get().stage == "active"
    assert of(campaign).get().pending == "correction", "the correction still waits"
    client.post(link, {"answer": "right"})
    assert of(campaign).get().pending == "correction", "nor does saying that it is right hide it"
    client.post(link, {"answer": "closed"})
    assert of(campaign).get().pending == "closure"


# --- What the page says of its age -----------------------------------------------------------------------------------


def test_the_page_says_who_confirmed_it_and_when_it_is_stale(client: Client, campaign: Campaign, link: str) -> None:
    url = Organisation.objects.get().get_absolute_url()
    SourceRecord.objects.update(said_on=date(2024, 3, 5))
    shown = client.get(url).content.decode()
    assert "Pas confirmée depuis mars 2024" in shown
    client.post(link, {"answer": "right"})
    shown = client.get(url).content.decode()
    assert "Confirmée par la structure le" in shown and "Pas confirmée" not in shown
    Confirmation.objects.update(answered_at=timezone.now() - timedelta(days=600))
    assert "Pas confirmée depuis" in client.get(url).content.decode()


def test_the_queue_and_the_page_agree_on_what_is_stale(client: Client, officer: Reader, campaign: Campaign) -> None:
    fresh, old, register, answered = make("Fraîche"), make("Ancienne"), make("Registre"), make("Répondue")
    SourceRecord.objects.filter(organisation=old).update(said_on=date(2020, 1, 1))
    SourceRecord.objects.filter(organisation=register).update(source="sirene_unit")
    SourceRecord.objects.filter(organisation=answered).update(said_on=date(2019, 1, 1))
    Confirmation.objects.create(campaign=campaign, organisation=answered, state="confirmed", answered_at=timezone.now())
    names = [row.name for row, _on, _since in stale_entries(officer, 10)]
    assert names == ["Ancienne", "Registre"], "the longest without a word first; never is since it is known"
    count, since = count_stale(officer)
    assert count == 2 and since is not None and since.date() == date(2020, 1, 1)
    stale = set(stale_for(officer).values_list("pk", flat=True))
    for one in (fresh, old, answered):
        assert client.get(one.get_absolute_url()).context["page"].freshness.is_stale == (one.pk in stale)
    assert [row.name for row, *_ in stale_entries(officer, 1)] == ["Ancienne"]


def test_a_person_of_the_team_vouches_for_an_entry(client: Client, officer: Reader, campaign: Campaign) -> None:
    old = make("Ancienne")
    SourceRecord.objects.filter(organisation=old).update(said_on=date(2020, 1, 1))
    before = Organisation.objects.values().get(pk=old.pk)
    with pytest.raises(Forbidden):
        vouch(Actor.system("essai"), reader_with(Role.BUYER), old)
    vouch(Actor.of(officer), officer, old)
    assert not stale_for(officer).filter(pk=old.pk).exists()
    assert Organisation.objects.values().get(pk=old.pk) == before
    assert len(facts("directory.page.checked")) == 1


# --- One's own data --------------------------------------------------------------------------------------------------


def test_one_s_address_is_exported_then_emptied_and_no_letter_leaves_there(officer: Reader, campaign: Campaign) -> None:
    someone = Someone(officer.person, frozenset({"atelier@exemple.fr"}))  # type: ignore[arg-type]
    held = holdings["directory.confirmation"]
    (row,) = held.export(someone)
    assert row["Adresse"] == "atelier@exemple.fr" and row["Structure"] == "Atelier"
    (prepared,) = holdings["directory.campaign"].export(someone)
    assert prepared["Campagne"] == "Confirmation"
    for _time in range(2):
        held.erase(someone)
        holdings["directory.campaign"].erase(someone)
    assert list(held.export(someone)) == []
    assert of(campaign).get().email == "" and Campaign.objects.get().made_by is None


def test_programs_read_when_it_was_confirmed(client: Client, campaign: Campaign, link: str) -> None:
    url = f"/api/v1/organisations/{Organisation.objects.get().pk}"
    assert client.get(url).json()["confirmed_on"] is None
    client.post(link, {"answer": "right"})
    assert client.get(url).json()["confirmed_on"] == timezone.localdate().isoformat()

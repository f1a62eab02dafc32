"""Detection: signalled in a minute without an account, called back by a door in time, counted whatever it becomes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from toile.accounts.models import Person
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, Forbidden, UserError
from toile.kernel.open_forms import OpenForm
from toile.kernel.readers import Reader, Role
from toile.pathway.models import Case, CaseState, Holder, Lead, LeadState
from toile.pathway.queries import leads as queries
from toile.pathway.rules.delays import working_day_after
from toile.pathway.services import leads as services
from toile.thread.models import Fact

from . import made_cases as made
from .made_cases import ACTOR

pytestmark = pytest.mark.django_db
IDEA = services.Signalled(kind="idea", teller="self", words="Un atelier de réparation.", phone="0477000000")


@pytest.fixture(autouse=True)
def fresh_pace() -> None:
    cache.clear()


def test_a_signal_waits_at_a_door_for_three_working_days():
    door = made.door()
    lead = services.tell(ACTOR, IDEA)
    assert (lead.door, lead.state, lead.agreed) == (door, LeadState.WAITING, True)
    assert lead.due_on == working_day_after(timezone.localdate(), 3)
    assert Fact.objects.filter(kind="pathway.lead.received").count() == 1


def test_sent_twice_it_is_kept_once():
    made.door()
    assert services.tell(ACTOR, IDEA) == services.tell(ACTOR, IDEA)
    assert Lead.objects.count() == 1


def test_without_a_door_it_is_said_and_nothing_is_kept():
    with pytest.raises(UserError, match="Aucune porte"):
        services.tell(ACTOR, IDEA)
    assert not Lead.objects.exists()


def test_nothing_is_kept_of_a_person_who_did_not_agree_whatever_the_form_lets_through():
    made.door()
    said = services.Signalled(
        "idea", "school", "Une idée.", name="Sam", email="s@example.org", phone="06", agreed=False
    )
    lead = services.tell(ACTOR, said)
    assert (lead.name, lead.email, lead.phone, lead.agreed) == ("", "", "", False)


def test_a_call_is_noted_then_a_case_is_opened_with_who_was_called():
    door = made.door()
    lead = services.tell(ACTOR, IDEA)
    reader = made.reader(made.adviser(door))
    services.note_call(ACTOR, reader, lead, "Elle vient mardi.")
    lead.refresh_from_db()
    assert (lead.state, lead.outcome, lead.taken_by) == (LeadState.CALLED, "Elle vient mardi.", reader.person)
    case = services.to_case(ACTOR, reader, lead, title="Atelier", name="Sam", email="", phone="0477000000")
    lead.refresh_from_db()
    assert (lead.state, lead.case, case.state, case.adviser) == (LeadState.CASE, case, CaseState.OPEN, reader.person)
    assert Holder.objects.get(case=case).name == "Sam"


def test_what_is_over_is_not_called_again_and_two_people_do_not_undo_each_other():
    door = made.door()
    lead = services.tell(ACTOR, IDEA)
    first, second = made.reader(made.adviser(door)), made.reader(made.adviser(door))
    services.drop(ACTOR, first, lead, "Déjà parti ailleurs.")
    with pytest.raises(Conflict, match="Une autre personne"):
        services.note_call(ACTOR, second, lead, "Appelé.")
    assert Lead.objects.get().outcome == "Déjà parti ailleurs."


def test_another_door_neither_sees_it_nor_acts():
    lead = services.tell(ACTOR, IDEA, door=made.door("MIFE").code)
    other = made.reader(made.adviser(made.door("CCI")))
    assert not Lead.objects.visible_to(other).exists()
    with pytest.raises(Forbidden):
        services.drop(ACTOR, other, lead, "Non.")


def test_passed_to_another_door_it_has_a_new_delay_there():
    lead = services.tell(ACTOR, IDEA, door=made.door("MIFE").code)
    other = made.door("CCI")
    other.callback_days = 1
    other.save()
    services.pass_to(ACTOR, made.reader(made.adviser(lead.door)), lead, other)
    lead.refresh_from_db()
    assert (lead.door, lead.due_on) == (other, working_day_after(timezone.localdate(), 1))


def test_what_became_of_everything_is_counted_by_door_and_for_the_team():
    door, other = made.door("MIFE"), made.door("CCI")
    reader = made.reader(made.adviser(door))
    for number, asked in enumerate([door, door, other]):
        services.tell(ACTOR, services.Signalled("idea", "self", f"Idée {number}.", phone="0477000000"), door=asked.code)
    mine = list(Lead.objects.filter(door=door).order_by("received_at"))
    services.drop(ACTOR, reader, mine[0], "Non.")
    Lead.objects.filter(pk=mine[1].pk).update(due_on=timezone.localdate() - timedelta(days=1))
    told = queries.became(reader, timezone.localdate())
    assert (told.received, told.waiting, told.dropped, told.case, told.late) == (2, 1, 1, 0, 1)
    assert queries.became(None, timezone.localdate()).received == 3


def test_names_and_words_go_a_year_after_the_end_and_the_count_stays():
    door = made.door()
    lead = services.tell(ACTOR, IDEA)
    services.drop(ACTOR, made.reader(made.adviser(door)), lead, "Non.")
    now = timezone.now()
    assert services.forget(ACTOR, now + timedelta(days=364)) == 0
    assert services.forget(ACTOR, now + timedelta(days=368)) == 1
    assert services.forget(ACTOR, now + timedelta(days=368)) == 0
    left = Lead.objects.get()
    assert (left.phone, left.words, left.outcome, left.kind, left.state) == ("", "", "", "idea", LeadState.DROPPED)


# --- The pages -------------------------------------------------------------------------------------------------------


def typed(**said):
    given = {
        "kind": "idea",
        "words": "Un atelier de réparation dans le quartier.",
        "teller": "self",
        "phone": "04 77 00 00 00",
    }
    return given | said


@pytest.fixture
def unhurried(monkeypatch):
    """A person took their time: the stamp is not what is tested here."""
    monkeypatch.setattr(OpenForm, "_took_its_time", lambda form, stamp: None)


def test_anybody_signals_in_one_page_without_an_account(client, unhurried):
    made.door()
    assert client.get(reverse("pathway:tell")).status_code == 200
    sent = client.post(reverse("pathway:tell"), typed())
    assert (sent.status_code, sent["Location"]) == (302, reverse("pathway:told"))
    assert client.get(sent["Location"]).status_code == 200
    assert Lead.objects.get().phone == "04 77 00 00 00"


def test_what_was_typed_is_kept_when_the_person_signalled_did_not_agree(client, unhurried):
    made.door()
    page = client.post(reverse("pathway:tell"), typed(teller="school", name="Sam"))
    assert page.status_code == 422
    assert "Sans l’accord de la personne" in page.content.decode()
    assert "Un atelier de réparation dans le quartier." in page.content.decode()
    assert not Lead.objects.exists()


def test_a_program_that_fills_the_hidden_field_is_refused(client):
    made.door()
    assert client.post(reverse("pathway:tell"), typed(surname="robot")).status_code == 422
    assert client.post(reverse("pathway:tell"), typed()).status_code == 422, "faster than one reads"
    assert not Lead.objects.exists()


@pytest.mark.slow
def test_a_door_calls_from_its_queue_and_the_team_reads_counts_alone(client):
    door = made.door()
    lead = services.tell(ACTOR, services.Signalled("takeover", "self", "Le garage de la place.", phone="0477000000"))
    page, one = reverse("pathway:leads"), reverse("pathway:lead", args=[lead.pk])
    client.force_login(Person.objects.get(pk=made.adviser(door)))
    assert "Le garage de la place." in client.get(page).content.decode()
    assert "0477000000" in client.get(one).content.decode()
    assert client.post(one, {"act": "call", "outcome": ""}).status_code == 422
    assert client.post(one, {"act": "call", "outcome": "Rappelée, vient lundi."}).status_code == 302
    assert client.post(one, {"act": "drop", "why": "Elle garde le garage."}).status_code == 302
    assert client.post(one, {"act": "drop", "why": "Encore."}).status_code == 409
    team = made.structure("Métropole")
    officer = made.member(team)
    from toile.accounts.services import grant_role

    grant_role(Actor.system("essai"), None, officer, Role.OFFICER)
    told = queries.became(None, timezone.localdate())
    assert told.dropped == 1
    assert not Lead.objects.visible_to(Reader(person=officer, roles=frozenset({Role.OFFICER}))).exists()


@pytest.mark.slow
def test_a_case_made_of_a_signal_needs_the_agreement_of_the_person(client):
    door = made.door()
    lead = services.tell(ACTOR, IDEA)
    client.force_login(Person.objects.get(pk=made.adviser(door)))
    one = reverse("pathway:lead", args=[lead.pk])
    said = {"act": "case", "title": "Atelier", "name": "Sam", "phone": "04 77 00 00 00"}
    assert client.post(one, said).status_code == 422
    assert not Case.objects.exists()
    assert client.post(one, said | {"agreed": "on"}).status_code == 302
    assert Case.objects.get().title == "Atelier"

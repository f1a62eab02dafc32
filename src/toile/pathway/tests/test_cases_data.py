"""What a holder decides: who may read, who did, a copy, the end; by their link without an account, or by theirs."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from toile.accounts.models import Person
from toile.accounts.services import open_account
from toile.kernel.acts import act
from toile.kernel.personal import Someone
from toile.kernel.seen import seen
from toile.pathway.models import Answer, Case, CaseState, Holder, Note, Sharing
from toile.pathway.permissions.cases import READ
from toile.pathway.personal import cases as personal
from toile.pathway.services import sharings
from toile.pathway.services.links import token_of

from . import made_cases as made
from .made_cases import ACTOR

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    found = made.case(made.door("MIFE"))
    made.holder(found, "Camille")
    return found


@pytest.fixture(params=["link", "account"])
def way(request, client: Client, case: Case) -> tuple[Client, str, str]:
    """A holder's client, the prefix of the route names, and their argument."""
    if request.param == "link":
        return client, "held_data", token_of(case)
    person = open_account(ACTOR, "camille@example.org", "Camille")
    Holder.objects.filter(case=case).update(person=person.pk)
    client.force_login(person)
    return client, "data", str(case.pk)


def url(way: tuple[Client, str, str], act: str = "") -> str:
    return reverse(f"pathway:{way[1]}{act}", args=[way[2]])


def test_a_holder_agrees_and_withdraws_in_one_click_each(way, case):
    partner = made.structure("Cabestan")
    made.offer(partner)
    given = {"partner": str(partner.pk), "what": "summary", "purpose": "orientation"}
    told = way[0].post(url(way, "_give"), given, follow=True).content.decode()
    assert "Votre accord est noté" in told and "Cabestan" in told
    living = sharings.shared_with(case, partner.pk)
    assert living is not None and living.way == Sharing.Way.LINK
    way[0].post(url(way, "_withdraw"), {"accord": str(living.pk)})
    assert sharings.shared_with(case, partner.pk) is None


def test_only_a_partner_that_publishes_an_offer_is_proposed(way, case):
    made.offer(made.structure("Cabestan"))
    stranger = made.structure("Passante")
    shown = way[0].get(url(way)).content.decode()
    assert "Cabestan" in shown and "Passante" not in shown
    given = {"partner": str(stranger.pk), "what": "summary", "purpose": "orientation"}
    answer = way[0].post(url(way, "_give"), given)
    assert answer.status_code == 422 and not Sharing.objects.exists()


def test_what_was_told_to_the_door_is_shown_with_how(way, case):
    partner = made.structure("Cabestan")
    adviser = made.adviser(case.door)
    sharings.note_given(ACTOR, made.reader(adviser), case, partner, Sharing.What.SUMMARY)
    assert "dit à la personne qui reçoit" in way[0].get(url(way)).content.decode()


def test_who_read_the_case_is_shown_with_their_structure_and_oneself_is_not(way, case):
    adviser = made.adviser(case.door, "Conseillère MIFE")
    seen(made.reader(adviser), case.pk, READ.code)
    shown = way[0].get(url(way)).content.decode()
    assert "Conseillère MIFE, MIFE" in shown and "lire ce dossier" in shown
    assert "Camille," not in shown


def test_the_copy_holds_what_was_answered_and_noted(way, case):
    Answer.objects.create(case=case, code="Q02", value="create", by="holder")
    Note.objects.create(case=case, kind=Note.Kind.CALL, words="Rappelle mardi.")
    copy = json.loads(way[0].post(url(way, "_copy"), {"forme": "json"}).content)
    said = json.dumps(copy, ensure_ascii=False)
    assert "créer une activité" in said and "Rappelle mardi." in said and "camille@example.org" in said
    page = way[0].post(url(way, "_copy"), {"forme": "html"})
    assert "Rappelle mardi." in page.content.decode()
    assert page["Content-Disposition"] == 'attachment; filename="mon-dossier.html"'


def test_the_copy_is_not_given_to_a_link_followed_by_a_program(way):
    assert way[0].get(url(way, "_copy")).status_code == 405


def test_a_holder_erases_their_case_once_they_said_they_are_sure(way, case):
    assert way[0].post(url(way, "_erase"), {}).status_code == 422
    case.refresh_from_db()
    assert case.state == CaseState.OPEN
    told = way[0].post(url(way, "_erase"), {"sure": "on"}, follow=True).content.decode()
    assert "plus rien ne vous nomme" in told
    case.refresh_from_db()
    assert case.state == CaseState.ANONYMISED and not Holder.objects.exists()


def test_a_link_replaced_forged_or_of_an_erased_case_opens_nothing(client, case):
    token = token_of(case)
    assert client.get(reverse("pathway:held_data", args=[token[:-2] + "xx"])).status_code == 404
    Case.objects.filter(pk=case.pk).update(link=2)
    assert client.get(reverse("pathway:held_data", args=[token])).status_code == 410
    case.refresh_from_db()
    again = token_of(case)
    client.post(reverse("pathway:held_data_erase", args=[again]), {"sure": "on"})
    assert client.get(reverse("pathway:held_data", args=[again])).status_code == 410


def test_these_pages_are_not_those_of_the_door_nor_of_a_stranger(client, case):
    client.force_login(Person.objects.get(pk=made.adviser(case.door)))
    assert client.get(reverse("pathway:data", args=[case.pk])).status_code == 404
    client.force_login(open_account(ACTOR, "autre@example.org", "Autre"))
    assert client.get(reverse("pathway:data", args=[case.pk])).status_code == 404


def test_the_door_notes_an_agreement_and_its_end(client, case):
    partner = made.structure("Cabestan")
    made.offer(partner)
    client.force_login(Person.objects.get(pk=made.adviser(case.door)))
    given = {"partner": str(partner.pk), "what": "answers", "purpose": "support"}
    shown = client.post(reverse("pathway:agreements", args=[case.pk]), given, follow=True).content.decode()
    assert "toutes les réponses" in shown and "vous accompagner" in shown
    living = sharings.shared_with(case, partner.pk)
    assert living is not None
    client.post(reverse("pathway:agreement_end", args=[case.pk]), {"accord": str(living.pk)})
    assert sharings.shared_with(case, partner.pk) is None


def test_a_person_s_copy_holds_the_cases_they_carry_and_names_nobody_of_those_they_follow(case):
    person = open_account(ACTOR, "camille@example.org", "Camille")
    other = made.case(made.door("MIFE"), title="Épicerie de Camille", adviser=person.pk)
    made.holder(other, "Dominique")
    told = list(personal.export_cases(Someone(person.pk, frozenset({"camille@example.org"}))))
    said = str(told)
    assert len(told) == 2 and "Atelier de réparation" in said, "by their address, without an account on the case"
    assert "Dominique" not in said and "Épicerie" not in said


def test_erasing_a_person_empties_the_projects_they_carry_alone_and_leaves_the_others(case):
    person = open_account(ACTOR, "camille@example.org", "Camille")
    shared = made.case(made.door("MIFE"))
    made.holder(shared, "Camille")
    made.holder(shared, "Dominique")
    followed = made.case(made.door("MIFE"), adviser=person.pk)
    someone = Someone(person.pk, frozenset({"camille@example.org"}))
    assert any("seul ou seule" in sentence for sentence in personal.warn_of_cases(someone))
    for _twice in range(2):
        with act(ACTOR):
            personal.erase_cases(someone)
            personal.erase_holders(someone)
    states = {one.pk: one.state for one in Case.objects.all()}
    assert states == {case.pk: CaseState.ANONYMISED, shared.pk: CaseState.OPEN, followed.pk: CaseState.OPEN}
    assert [(one.name, one.is_main) for one in Holder.objects.filter(case=shared)] == [("Dominique", True)]
    followed.refresh_from_db()
    assert followed.adviser is None


def test_a_draft_goes_whole_with_the_only_person_who_carried_it():
    draft = made.case(state=CaseState.BEGUN, received_at=None)
    made.holder(draft, "Camille")
    with act(ACTOR):
        personal.erase_holders(Someone(uuid4(), frozenset({"camille@example.org"})))
    assert not Case.objects.exists()


def test_an_agreement_that_ended_is_told_as_ended(way, case):
    partner = made.structure("Cabestan")
    old = sharings.give(ACTOR, case, partner, Sharing.What.SUMMARY)
    past = timezone.now() - timedelta(days=400)
    Sharing.objects.filter(pk=old.pk).update(given_at=past, until=past + timedelta(days=180))
    assert "terminé" in way[0].get(url(way)).content.decode()


def test_the_last_day_shown_is_the_last_on_which_the_partner_reads(way, case):
    partner = made.structure("Cabestan")
    given = sharings.give(ACTOR, case, partner, Sharing.What.SUMMARY)
    Sharing.objects.filter(pk=given.pk).update(until=made.at(2099, 5, 19, 0))
    assert "jusqu’au 18 mai 2099" in way[0].get(url(way)).content.decode()

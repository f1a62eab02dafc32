"""The first page of a case: its next step, notes, people, thread; for its door, its holder, a partner (issue, §4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from toile.accounts.models import Person
from toile.accounts.services import open_account
from toile.kernel.seen import Seen
from toile.pathway.models import Case, CaseState, Note, Sharing
from toile.pathway.services import cases as services
from toile.pathway.services import sharings

from . import made_cases as made
from .made_cases import ACTOR

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    found = made.case(made.door("MIFE"))
    made.holder(found, "Camille")
    return found


@pytest.fixture
def at_the_door(client: Client, case: Case) -> Client:
    assert case.door is not None
    return enter(client, made.adviser(case.door, "Conseillère MIFE"))


def enter(client: Client, person: object) -> Client:
    client.force_login(Person.objects.get(pk=person))
    return client


def page(client: Client, name: str, case: Case, *more: object) -> str:
    answer = client.get(reverse(f"pathway:{name}", args=[case.pk, *more]))
    assert answer.status_code == 200, answer.content.decode()[:400]
    return answer.content.decode()


def test_a_case_without_a_next_step_says_so_and_asks_for_one(at_the_door, case):
    assert "Ce dossier n’a pas de suite." in page(at_the_door, "case", case)


def test_the_door_writes_the_next_step_with_its_day_and_who_does_it(at_the_door, case):
    on = timezone.localdate() + timedelta(days=9)
    given = {"words": "Relire le prévisionnel", "on": on.isoformat(), "by": "", "before": ""}
    answer = at_the_door.post(reverse("pathway:next_step", args=[case.pk]), given, follow=True)
    told = answer.content.decode()
    assert "Relire le prévisionnel" in told and "la personne qui porte le projet" in told
    case.refresh_from_db()
    assert (case.next_step, case.next_step_on, case.next_step_by) == ("Relire le prévisionnel", on, None)


def test_a_next_step_without_a_day_is_asked_back_and_nothing_typed_is_lost(at_the_door, case):
    answer = at_the_door.post(
        reverse("pathway:next_step", args=[case.pk]), {"words": "Relire le prévisionnel", "by": "", "before": ""}
    )
    assert answer.status_code == 422
    assert "Donnez un jour" in answer.content.decode() and "Relire le prévisionnel" in answer.content.decode()


def test_two_people_who_write_the_next_step_at_once_do_not_overwrite_each_other(at_the_door, case):
    Case.objects.filter(pk=case.pk).update(next_step="Appeler la banque", next_step_on=timezone.localdate())
    given = {"words": "Visiter un local", "on": timezone.localdate().isoformat(), "by": "", "before": ""}
    answer = at_the_door.post(reverse("pathway:next_step", args=[case.pk]), given)
    assert answer.status_code == 409
    assert "Visiter un local" in answer.content.decode()
    case.refresh_from_db()
    assert case.next_step == "Appeler la banque"


def test_an_empty_next_step_takes_it_away(at_the_door, case):
    services_step = {"words": "", "on": "", "by": "", "before": "Appeler la banque"}
    Case.objects.filter(pk=case.pk).update(next_step="Appeler la banque", next_step_on=timezone.localdate())
    at_the_door.post(reverse("pathway:next_step", args=[case.pk]), services_step)
    case.refresh_from_db()
    assert (case.next_step, case.next_step_on) == ("", None)


def test_a_note_is_kept_with_its_writer_and_is_a_contact(at_the_door, case):
    Case.objects.filter(pk=case.pk).update(last_contact_at=made.at(2026, 1, 1))
    at_the_door.post(reverse("pathway:note", args=[case.pk]), {"kind": "call", "words": "Rappelle mardi."})
    shown = page(at_the_door, "case", case)
    assert "Rappelle mardi." in shown and "Conseillère MIFE" in shown
    case.refresh_from_db()
    assert case.last_contact_at > timezone.now() - timedelta(minutes=5)


def test_an_adviser_takes_a_case_that_nobody_follows_and_another_is_told(at_the_door, case):
    at_the_door.post(reverse("pathway:take", args=[case.pk]))
    case.refresh_from_db()
    first = case.adviser
    assert first is not None
    second = Client()
    enter(second, made.adviser(case.door, "Conseiller MIFE"))
    answer = second.post(reverse("pathway:take", args=[case.pk]), follow=True)
    assert "demandez-lui le relais" in answer.content.decode()
    case.refresh_from_db()
    assert case.adviser == first


def test_a_case_is_handed_over_to_somebody_of_the_door_with_words(at_the_door, case):
    other = made.adviser(case.door, "Conseiller MIFE")
    Case.objects.filter(pk=case.pk).update(adviser=at_the_door.session["_auth_user_id"])
    given = {"to": str(other), "words": "Le plan est presque prêt."}
    at_the_door.post(reverse("pathway:hand_over", args=[case.pk]), given)
    case.refresh_from_db()
    assert case.adviser == other
    assert Note.objects.get(case=case).kind == Note.Kind.HAND_OVER


def test_a_case_is_closed_with_a_reason_and_not_without(at_the_door, case):
    url = reverse("pathway:close", args=[case.pk])
    assert at_the_door.post(url, {"why": " "}).status_code == 422
    at_the_door.post(url, {"why": "L’activité est lancée."})
    case.refresh_from_db()
    assert (case.state, case.closed_why) == (CaseState.CLOSED, "L’activité est lancée.")


def test_a_person_is_added_then_the_first_is_removed_and_the_links_end(at_the_door, case):
    at_the_door.post(
        reverse("pathway:holder_add", args=[case.pk]), {"name": "Dominique", "email": "", "phone": "06 00 00 00 00"}
    )
    first = case.holders.get(name="Camille")
    assert "Camille" in page(at_the_door, "holder_remove", case, first.pk)
    at_the_door.post(reverse("pathway:holder_remove", args=[case.pk, first.pk]))
    before = case.link
    case.refresh_from_db()
    assert [(one.name, one.is_main) for one in case.holders.all()] == [("Dominique", True)]
    assert case.link == before + 1


def test_the_last_person_is_not_removed(at_the_door, case):
    answer = at_the_door.post(reverse("pathway:holder_remove", args=[case.pk, case.holders.get().pk]))
    assert answer.status_code == 422 and "dernière personne" in answer.content.decode()


def test_an_adviser_of_another_door_finds_nothing_and_does_nothing(client, case):
    enter(client, made.adviser(made.door("CMA")))
    assert client.get(reverse("pathway:case", args=[case.pk])).status_code == 404
    for name in ("next_step", "note", "take", "hand_over", "close", "holder_add", "agreements", "agreement_end"):
        assert client.post(reverse(f"pathway:{name}", args=[case.pk])).status_code == 404, name


def test_a_partner_reads_the_case_and_may_not_write_in_it(client, case):
    partner = made.structure("Cabestan")
    sharings.give(ACTOR, case, partner, Sharing.What.SUMMARY)
    enter(client, made.member(partner))
    shown = page(client, "case", case)
    assert "camille@example.org" not in shown and "Noter un échange" not in shown
    assert "La suite" not in shown, "an agreement shares a summary, not the work of the door"
    assert client.post(reverse("pathway:note", args=[case.pk]), {"kind": "call", "words": "x"}).status_code == 403


def test_its_holder_reads_where_it_stands_and_nobody_s_notes_but_is_told_how_many(client, case):
    person = open_account(ACTOR, "camille@example.org", "Camille")
    case.holders.update(person=person.pk)
    Note.objects.create(case=case, kind=Note.Kind.CALL, words="Rappelle mardi.")
    enter(client, person.pk)
    shown = page(client, "case", case)
    assert "Rappelle mardi." not in shown and "1 échange est noté" in shown
    assert "La porte vous dira ce qui vient" in shown


def test_each_reading_by_the_door_is_noted_for_the_holder(at_the_door, case):
    page(at_the_door, "case", case)
    assert Seen.objects.filter(object=case.pk, reader=at_the_door.session["_auth_user_id"]).count() == 1


def test_the_home_page_of_a_holder_says_what_is_expected_of_them(client, case):
    person = open_account(ACTOR, "camille@example.org", "Camille")
    case.holders.update(person=person.pk)
    Case.objects.filter(pk=case.pk).update(next_step="Envoyer trois devis", next_step_on=timezone.localdate())
    told = enter(client, person.pk).get("/").content.decode()
    assert "attend de vous" in told and "Envoyer trois devis" in told


def test_the_first_page_takes_a_known_number_of_statements(at_the_door, case, django_assert_max_num_queries):
    for number in range(8):
        Note.objects.create(case=case, kind=Note.Kind.CALL, words=f"Appel {number}")
    services.take(ACTOR, made.reader(made.adviser(case.door)), case)
    page(at_the_door, "case", case)
    with django_assert_max_num_queries(40):
        page(at_the_door, "case", case)

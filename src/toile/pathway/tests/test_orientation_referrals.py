"""Requests to partners: with agreement only, answered from a signed link without an account, reminded, escalated."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from toile.kernel import links
from toile.kernel.errors import Conflict, Forbidden, Gone, NotVisible, UserError
from toile.kernel.jobs import run_waiting
from toile.pathway.models import Answer, Case, CaseState, Referral, ReferralState, Sharing
from toile.pathway.rules.delays import working_day_after
from toile.pathway.services import referrals, sharings
from toile.pathway.services.referral_letters import PURPOSE, token_of
from toile.thread.models import Fact

from . import made_cases as made
from .made_cases import ACTOR

pytestmark = pytest.mark.django_db
LETTER = "Un projet pour vous"


@pytest.fixture
def asked() -> Referral:
    """A request sent by an adviser to a partner that has an address, with the holder's agreement."""
    return sent()


def sent(partner="Loire Active", **more):
    door = made.door()
    case = made.case(door)
    made.holder(case)
    offer = made.offer(made.structure(partner))
    offer.email = "accueil@example.org"
    offer.save()
    reader = made.reader(made.adviser(door))
    given = {"words": "Merci de recevoir ce projet.", "need": "valider_besoin", "urgency": "normal"}
    return referrals.send(ACTOR, reader, case, offer, agreed="summary", **given | more)


def adviser_of(referral):
    return made.reader(made.adviser(referral.case.door))


def link(referral):
    referral.refresh_from_db()
    return reverse("pathway:referral_link", args=[token_of(referral)])


def said(said, words="", **more):
    return {"said": said, "words": words, "meeting_on": "", **more}


def facts():
    return list(Fact.objects.filter(kind__startswith="pathway.referral").order_by("id").values_list("kind", flat=True))


def test_nothing_is_sent_without_the_agreement_of_the_holder():
    door = made.door()
    case, offer = made.case(door), made.offer(made.structure("Cabestan"))
    offer.email = "a@example.org"
    offer.save()
    with pytest.raises(UserError, match="pas encore accepté"):
        referrals.send(
            ACTOR, made.reader(made.adviser(door)), case, offer, words="", need="", urgency="normal", agreed=""
        )
    assert not Referral.objects.exists()


def test_the_agreement_told_to_the_adviser_is_noted_with_the_request(asked):
    given = Sharing.objects.get()
    assert (given.what, given.way, given.partner) == ("summary", "told", asked.partner)


def test_another_doors_adviser_sends_nothing():
    case, offer = made.case(made.door("MIFE")), made.offer(made.structure("Cabestan"))
    other = made.reader(made.adviser(made.door("CCI")))
    with pytest.raises(Forbidden):
        referrals.send(ACTOR, other, case, offer, words="", need="", urgency="normal", agreed="summary")


def test_a_partner_without_any_address_is_told_so():
    door = made.door()
    case, offer = made.case(door), made.offer(made.structure("Cabestan"))
    with pytest.raises(UserError, match="aucune adresse"):
        referrals.send(
            ACTOR, made.reader(made.adviser(door)), case, offer, words="", need="", urgency="normal", agreed="summary"
        )


def test_a_partner_already_asked_is_not_asked_twice(asked):
    with pytest.raises(Conflict, match="déjà une demande"):
        referrals.send(
            ACTOR, adviser_of(asked), asked.case, asked.offer, words="", need="", urgency="normal", agreed=""
        )


def test_the_letter_leaves_with_a_link_and_holds_no_name_nor_answer(asked):
    Answer.objects.create(case=asked.case, code="Q04", value={"words": "SECRET", "scale": 3}, by="holder")
    run_waiting()
    (letter,) = mail.outbox
    assert letter.to == ["accueil@example.org"]
    assert LETTER in letter.subject
    token = re.search(r"/parcours/demande/([^/]+)/", letter.body)[1]
    assert referrals.referral_of(token) == asked
    assert "SECRET" not in letter.body
    assert "Camille" not in letter.body
    assert asked.due_on == working_day_after(timezone.localdate(), 10)


def test_the_partner_reads_the_project_and_accepts_without_an_account(asked, client):
    Answer.objects.create(case=asked.case, code="Q04", value={"words": "Réparer ici", "scale": 3}, by="holder")
    url = link(asked)
    page = client.get(url)
    assert page.status_code == 200
    assert "Réparer ici" in page.content.decode()
    assert "Camille" not in page.content.decode(), "who carries it is told once the partner accepts"
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert client.post(url, said("accept", meeting_on=tomorrow.isoformat())).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.meeting_on, asked.answered_by) == (ReferralState.ACCEPTED, tomorrow, None)
    after = client.get(url).content.decode()
    assert "Camille" in after
    assert "Vous avez accepté ce projet" in after
    assert facts() == ["pathway.referral.sent", "pathway.referral.accepted"]


def test_reading_the_link_writes_nothing(asked, client):
    before = Referral.objects.values().get()
    assert client.get(link(asked)).status_code == 200
    assert Referral.objects.values().get() == before


def test_a_link_used_twice_says_that_it_was_and_what_was_answered(asked, client):
    url = link(asked)
    client.post(url, said("decline", "Pas notre métier."))
    again = client.post(url, said("accept"))
    assert again.status_code == 409
    assert "déjà sa réponse" in again.content.decode()
    page = client.get(url).content.decode()
    assert "Vous avez décliné" in page
    assert "Pas notre métier." in page
    asked.refresh_from_db()
    assert asked.state == ReferralState.DECLINED


def test_a_partner_that_declined_reads_the_project_no_more(asked, client):
    Answer.objects.create(case=asked.case, code="Q04", value={"words": "Réparer ici", "scale": 3}, by="holder")
    url = link(asked)
    client.post(url, said("decline", "Pas notre métier."))
    assert "Réparer ici" not in client.get(url).content.decode()


def test_a_forged_link_opens_nothing(asked, client):
    token = token_of(asked)
    for forged in (token[:-2] + "xx", "n-importe-quoi", links.sign("another.purpose.given", f"{asked.pk}:1")):
        page = client.get(reverse("pathway:referral_link", args=[forged]))
        assert page.status_code == 404
        assert "n’est pas complet, ou n’est pas de nous" in page.content.decode()


def test_an_expired_link_says_so(asked, client, monkeypatch):
    url = link(asked)
    monkeypatch.setattr(referrals, "lasts", lambda: timedelta(seconds=-1))
    page = client.get(url)
    assert page.status_code == 410
    assert "expiré" in page.content.decode()


def test_a_request_taken_back_says_so_by_its_link(asked, client):
    url = link(asked)
    referrals.withdraw(ACTOR, adviser_of(asked), asked)
    page = client.get(url)
    assert page.status_code == 410
    assert "a été reprise" in page.content.decode()


def test_the_holder_who_withdraws_closes_the_link_at_once(asked, client):
    url = link(asked)
    sharings.withdraw(ACTOR, asked.case, Sharing.objects.get().pk)
    assert client.get(url).status_code == 410
    assert client.post(url, said("accept")).status_code == 410


def test_an_agreement_that_ended_closes_the_link(asked, client):
    url = link(asked)
    Sharing.objects.update(given_at=timezone.now() - timedelta(days=9), until=timezone.now() - timedelta(days=1))
    page = client.get(url)
    assert page.status_code == 410
    assert "accord" in page.content.decode()


def test_a_letter_sent_again_replaces_the_link(asked, client):
    old = link(asked)
    referrals.send_again(ACTOR, adviser_of(asked), asked, "autre@example.org")
    assert client.get(old).status_code == 410
    assert client.get(link(asked)).status_code == 200
    run_waiting()
    assert mail.outbox[-1].to == ["autre@example.org"]


def test_a_question_goes_to_the_door_and_its_reply_begins_the_delay_again(asked, client):
    assert client.post(link(asked), said("ask", "Combien de personnes ?")).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.question) == (ReferralState.ASKED, "Combien de personnes ?")
    Referral.objects.update(sent_at=made.at(2026, 1, 5), due_on="2026-01-19", reminded_at=timezone.now())
    referrals.reply(ACTOR, adviser_of(asked), asked, "Trois.")
    asked.refresh_from_db()
    assert (asked.state, asked.reply, asked.reminded_at) == (ReferralState.SENT, "Trois.", None)
    assert asked.due_on == working_day_after(timezone.localdate(), 10)
    assert "Trois." in client.get(link(asked)).content.decode()


@pytest.mark.parametrize("answer", ["ask", "decline"])
def test_a_question_and_a_refusal_are_words(asked, client, answer):
    page = client.post(link(asked), said(answer))
    assert page.status_code == 422
    asked.refresh_from_db()
    assert asked.state == ReferralState.SENT


def test_a_meeting_is_not_in_the_past(asked):
    with pytest.raises(UserError, match="passé"):
        referrals.answer_by_link(token_of(asked), "accept", "", timezone.localdate() - timedelta(days=1))


def test_the_door_is_told_of_the_answer_at_its_address(asked):
    door = asked.case.door
    door.email = "porte@example.org"
    door.save()
    run_waiting()
    referrals.answer_by_link(token_of(asked), "decline", "Pas notre métier.")
    run_waiting()
    assert mail.outbox[-1].to == ["porte@example.org"]
    assert "Pas notre métier" not in mail.outbox[-1].body, "the words are behind the sign-in"


def test_a_member_of_the_partner_answers_on_the_site_and_another_does_not_see_it(asked, client):
    url = reverse("pathway:referral", args=[asked.pk])
    client.force_login(made_person(made.member(made.structure("Une autre"))))
    assert client.get(url).status_code == 404
    person = made.member(asked.partner)
    client.force_login(made_person(person))
    assert client.get(reverse("pathway:referrals")).status_code == 200
    assert client.get(url).status_code == 200
    assert client.post(url, said("accept")).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by) == (ReferralState.ACCEPTED, person)


def made_person(pk):
    from toile.accounts.models import Person

    return Person.objects.get(pk=pk)


def follow(on):
    return referrals.follow_silence(ACTOR, made.at(*on, 18))


def test_silence_reminds_at_five_working_days_then_escalates_at_ten_once_each(asked):
    run_waiting()
    Referral.objects.update(sent_at=made.at(2026, 11, 16), due_on="2026-11-30")
    assert follow((2026, 11, 20)) == {"remind": 0, "escalate": 0}
    assert follow((2026, 11, 23)) == {"remind": 1, "escalate": 0}
    assert follow((2026, 11, 23)) == {"remind": 0, "escalate": 0}, "run twice, it writes once"
    run_waiting()
    assert [message.subject for message in mail.outbox if "Rappel" in message.subject]
    assert follow((2026, 11, 30)) == {"remind": 0, "escalate": 1}
    assert follow((2026, 12, 7)) == {"remind": 0, "escalate": 0}
    assert facts() == ["pathway.referral.sent", "pathway.referral.reminded", "pathway.referral.escalated"]


def test_a_partner_that_answered_is_not_reminded(asked):
    Referral.objects.update(sent_at=made.at(2026, 11, 16))
    referrals.answer_by_link(token_of(asked), "accept", "")
    assert follow((2026, 11, 23)) == {"remind": 0, "escalate": 0}


def test_a_question_of_the_partner_is_the_doors_to_answer_and_is_not_reminded(asked):
    Referral.objects.update(sent_at=made.at(2026, 11, 16))
    referrals.answer_by_link(token_of(asked), "ask", "Combien ?")
    assert follow((2026, 12, 7)) == {"remind": 0, "escalate": 0}


def test_no_reminder_invites_to_read_what_is_no_longer_agreed(asked):
    run_waiting()
    mail.outbox.clear()
    Referral.objects.update(sent_at=made.at(2026, 11, 16))
    Sharing.objects.update(given_at=made.at(2026, 1, 1), until=made.at(2026, 11, 20))
    assert follow((2026, 11, 23)) == {"remind": 1, "escalate": 0}
    run_waiting()
    assert mail.outbox == []


def test_a_letter_asked_again_after_the_answer_does_not_leave(asked):
    referrals.answer_by_link(token_of(asked), "accept", "")
    run_waiting()
    assert mail.outbox == []


def test_a_closed_case_is_not_presented_to_anybody():
    door = made.door()
    case = made.case(door, state=CaseState.CLOSED, closed_at=timezone.now())
    with pytest.raises(Conflict):
        referrals.send(
            ACTOR,
            made.reader(made.adviser(door)),
            case,
            made.offer(made.structure("Cabestan")),
            words="",
            need="",
            urgency="normal",
            agreed="summary",
        )


def test_a_link_of_a_case_erased_meanwhile_says_so(asked):
    token = token_of(asked)
    Case.objects.all().delete()
    with pytest.raises(Gone, match="n’existe plus"):
        referrals.referral_of(token)


def test_a_link_is_for_its_own_request_and_no_other_purpose(asked):
    with pytest.raises(NotVisible):
        links.read("pathway.case.hold", links.sign(PURPOSE, str(asked.pk)), lasts=timedelta(days=1))

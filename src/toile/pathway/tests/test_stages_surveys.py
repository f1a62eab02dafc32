"""The collective's cycle: needs asked by link, counted once for each structure, told from three on, then actions."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from toile.accounts.models import Person
from toile.accounts.services import grant_role, open_account
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, Forbidden, Gone, NotVisible, UserError
from toile.kernel.jobs import run_waiting
from toile.kernel.readers import Role
from toile.pathway.models import Survey, SurveyReply
from toile.pathway.queries.surveys import results
from toile.pathway.services import surveys as services
from toile.pathway.tests.made_cases import ACTOR, member, reader, structure

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    person = open_account(ACTOR, "chargee@example.org", "Chargée de mission")
    grant_role(ACTOR, None, person.pk, Role.OFFICER)
    return reader(person.pk)


def survey(who, names="ABCD"):
    for name in names:
        structure(f"Structure {name}")
    said = {"title": "Besoins 2026", "words": "Pour agir ensemble.", "closes_on": None}
    made = services.prepare(Actor.of(who), who, needs=["locaux", "gestion_financiere"], **said)
    for name in names:
        SurveyReply.objects.create(survey=made, organisation=structure(f"Structure {name}"))
    Survey.objects.filter(pk=made.pk).update(state="open")
    made.refresh_from_db()
    return made


def answer(found, name, **needs):
    reply = SurveyReply.objects.get(survey=found, organisation__name=f"Structure {name}")
    services.answer(ACTOR, services.reply_of(services.token_of(reply)), needs=needs, words="")


def test_only_needs_shared_by_three_structures_are_told(officer):
    found = survey(officer)
    for name in "ABC":
        answer(found, name, locaux="need")
    answer(found, "D", gestion_financiere="urgent")
    told = results(found)
    assert [(one.need.code, one.counted.structures, one.counted.urgent) for one in told.needs] == [("locaux", 3, None)]
    assert (told.answered, told.hidden) == (4, 1)
    assert [one.possibility.code for one in told.suggested] == ["lieu_partage"]
    assert [need.code for need in told.left] == ["locaux"]


def test_an_answer_said_again_replaces_and_what_is_not_asked_is_left_out(officer):
    found = survey(officer)
    answer(found, "A", locaux="need")
    answer(found, "A", gestion_financiere="urgent", ptce="need")
    assert SurveyReply.objects.get(organisation__name="Structure A").needs == {"gestion_financiere": "urgent"}


def test_a_forged_a_replaced_and_a_closed_link_take_no_answer(officer):
    found = survey(officer)
    reply = SurveyReply.objects.filter(survey=found).first()
    token = services.token_of(reply)
    with pytest.raises(NotVisible):
        services.reply_of(token[:-2] + "xx")
    SurveyReply.objects.filter(pk=reply.pk).update(link=2)
    with pytest.raises(Gone):
        services.reply_of(token)
    services.close(Actor.of(officer), officer, found)
    reply.refresh_from_db()
    with pytest.raises(Gone):
        services.answer(ACTOR, services.reply_of(services.token_of(reply)), needs={"locaux": "need"}, words="")


def test_after_its_last_day_a_survey_takes_no_answer(officer):
    found = survey(officer)
    Survey.objects.filter(pk=found.pk).update(closes_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(Gone):
        answer(found, "A", locaux="need")


@pytest.mark.django_db(transaction=True)
def test_structures_asked_through_the_directory_get_their_letter_once(officer):
    for name in "AB":
        member(structure(f"Structure {name}"))
    structure("Sans personne")
    made = services.prepare(Actor.of(officer), officer, title="B", words="Pour agir.", needs=["locaux"], closes_on=None)
    assert services.ask(Actor.of(officer), officer, made, "") == 3
    run_waiting()
    assert sorted(message.subject for message in mail.outbox) == [
        "Les besoins de Structure A", "Les besoins de Structure B",
    ]  # fmt: skip
    reply = SurveyReply.objects.get(organisation__name="Structure A")
    body = next(message.body for message in mail.outbox if message.subject.endswith("A"))
    token = re.search(r"/repondre/([^/\s]+)/", body)[1]
    assert services.reply_of(token) == reply
    assert "Pour agir." in body and "trois structures" in body
    assert services.ask(Actor.of(officer), officer, made, "") == 0
    run_waiting()
    assert len(mail.outbox) == 2
    assert SurveyReply.objects.filter(sent_at__isnull=True).get().organisation.name == "Sans personne"


def test_nobody_but_the_team_runs_a_survey(officer):
    found = survey(officer)
    other = reader(member(structure("Structure A")))
    with pytest.raises(Forbidden):
        services.close(Actor.of(other), other, found)
    with pytest.raises(UserError, match="au moins un besoin"):
        services.prepare(Actor.of(officer), officer, title="X", words="Y", needs=["lune"], closes_on=None)


def test_the_plan_comes_after_the_answers_and_two_people_never_overwrite_it(officer):
    found = survey(officer)
    action = {"title": "Visiter un lieu", "need": "locaux", "who": "Structure A", "due": "2027-03-01"}
    with pytest.raises(Conflict):
        services.write_plan(Actor.of(officer), officer, found, actions=[action], revision=found.revision)
    services.close(Actor.of(officer), officer, found)
    found.refresh_from_db()
    services.write_plan(Actor.of(officer), officer, found, actions=[action], revision=found.revision)
    with pytest.raises(Conflict):
        services.write_plan(Actor.of(officer), officer, found, actions=[], revision=found.revision)


def test_what_was_written_is_forgotten_two_years_after_the_end(officer):
    found = survey(officer)
    SurveyReply.objects.filter(survey=found).update(words="Des mots.", needs={"locaux": "need"})
    services.close(Actor.of(officer), officer, found)
    later = timezone.now() + timedelta(days=740)
    assert services.words_to_forget(timezone.now()).count() == 0
    assert services.words_to_forget(later).count() == 4
    assert services.forget_words(ACTOR, later) == 4
    assert SurveyReply.objects.filter(words="", needs={"locaux": "need"}).count() == 4


def test_a_structure_answers_by_its_link_without_an_account_then_everybody_reads(client, officer):
    found = survey(officer)
    for name in "BC":
        answer(found, name, locaux="need")
    reply = SurveyReply.objects.get(organisation__name="Structure A")
    address = reverse("pathway:survey_reply", args=[services.token_of(reply)])
    assert "De quoi Structure A" in client.get(address).content.decode()
    assert client.post(address, {"need_locaux": "need", "words": ""}).status_code == 302
    public = reverse("pathway:survey_results", args=[found.pk])
    assert client.get(public).status_code == 404
    client.force_login(Person.objects.get(pk=officer.person))
    client.post(reverse("pathway:survey", args=[found.pk]))
    typed = {"revision": "", "title1": "Visiter un lieu", "need1": "locaux", "who1": "Structure A", "due1": ""}
    plan = reverse("pathway:survey_plan", args=[found.pk])
    typed["revision"] = re.search(r'name="revision" value="(\d+)"', client.get(plan).content.decode())[1]
    assert client.post(plan, typed).status_code == 302
    client.logout()
    text = client.get(public).content.decode()
    assert "Trouver des locaux" in text and "Visiter un lieu" in text and "Structure B" not in text


def test_the_teams_pages_prepare_ask_and_follow(client, officer):
    client.force_login(Person.objects.get(pk=officer.person))
    structure("Structure A")
    typed = {"title": "Besoins", "words": "Pour agir.", "needs": ["locaux", "ptce"], "closes_on": "", "revision": "1"}
    sent = client.post(reverse("pathway:survey_new"), typed)
    found = Survey.objects.get()
    assert sent["Location"] == reverse("pathway:survey", args=[found.pk])
    assert client.get(sent["Location"]).status_code == 200
    assert client.get(reverse("pathway:survey_ask", args=[found.pk])).status_code == 200
    assert client.get(reverse("pathway:surveys")).status_code == 200
    refused = client.post(reverse("pathway:survey_edit", args=[found.pk]), typed | {"needs": []})
    assert refused.status_code == 422 and "Pour agir." in refused.content.decode()

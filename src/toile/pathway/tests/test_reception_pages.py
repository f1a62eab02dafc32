"""The pages of a reception: a holder alone, who receives them, the summary, the procedure, two cases alike."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from toile.accounts.models import Person
from toile.directory.tests.open_pages import send
from toile.kernel.jobs import run_waiting
from toile.pathway.models import Answer, AnswerBy, Case, CaseState, Holder, Initiation, ProcedureVersion, Sharing, Twin
from toile.pathway.rules.procedure import PROCEDURE_TOML
from toile.pathway.services import reception, twins
from toile.pathway.services.links import token_of
from toile.pathway.services.reception import Contact

from . import made_cases as made
from .made_cases import ACTOR

pytestmark = pytest.mark.django_db

TEXT = PROCEDURE_TOML.read_text(encoding="utf-8")


def url(name: str, *args: object) -> str:
    return reverse(f"pathway:{name}", args=args)


def text_of(answer: Any) -> str:
    return answer.content.decode()


def answers(case: Case) -> dict[str, object]:
    return dict(Answer.objects.filter(case=case).values_list("code", "value"))


@pytest.fixture
def begun() -> Case:
    return reception.begin(ACTOR)


@pytest.fixture
def token(begun: Case) -> str:
    return token_of(begun)


def answer(client: Client, token: str, code: str, **given: Any) -> Any:
    """Post a question: fields by part (`_` for a question without parts), or unknown, base, fini, against."""
    free = {"unknown", "fini", "against"}
    data = {
        name if name in free else f"{code}-{'answer' if name == '_' else name}": value for name, value in given.items()
    }
    return client.post(url("held_question", token, code), {f"{code}-base": ""} | data)


# --- a holder alone ---------------------------------------------------------------------------------------------------


def test_a_holder_begins_without_an_account_and_comes_to_the_first_question(client):
    page = text_of(client.get(url("begin")))
    assert "le questionnaire officiel de CREAFIL n’est pas public" in page
    answered = send(client, url("begin"), "pathway.case.begin")
    assert answered.status_code == 302
    assert answered["Location"].endswith("/question/Q01/")
    first = client.get(answered["Location"])
    assert "Vous portez ce projet…" in text_of(first)
    assert (first["X-Robots-Tag"], "no-store" in first["Cache-Control"]) == ("noindex, nofollow", True)


def test_a_program_does_not_begin_cases(client):
    assert send(client, url("begin"), "pathway.case.begin", surname="robot").status_code == 422
    assert Case.objects.count() == 0


def test_nothing_is_asked_to_begin_so_a_quick_click_begins(client):
    assert send(client, url("begin"), "pathway.case.begin", seconds_ago=0).status_code == 302
    assert Case.objects.count() == 1


def test_one_question_leads_to_the_next_and_nobody_must_know(client, begun, token):
    assert answer(client, token, "Q01", _="alone")["Location"] == url("held_question", token, "Q02")
    assert answer(client, token, "Q02", _="?")["Location"] == url("held_question", token, "Q03")
    assert answer(client, token, "Q03", unknown="1")["Location"] == url("held_question", token, "Q04")
    assert answers(begun) == {"Q01": "alone", "Q02": None, "Q03": None}


def test_nothing_answered_is_asked_again_and_nothing_typed_is_lost(client, begun, token):
    silent = answer(client, token, "Q03", _="")
    assert silent.status_code == 422
    assert "choisissez «\u00a0Je ne sais pas\u00a0»" in text_of(silent)
    wrong = answer(client, token, "Q15", needed="beaucoup", found="12")
    assert wrong.status_code == 422
    assert "une somme en euros" in text_of(wrong) and 'value="beaucoup"' in text_of(wrong)
    assert answers(begun) == {}


def test_a_contradiction_is_asked_back_once_and_may_be_left_as_it_is(client, begun, token):
    shares = {"sales": "60", "subsidies": "30", "gifts": "0", "fees": "0"}
    again = answer(client, token, "Q13", **shares)
    assert again["Location"] == url("held_question", token, "Q13")
    page = text_of(client.get(again["Location"]))
    assert "ne font pas 100" in page
    base = json.dumps(answers(begun)["Q13"])
    passed = answer(client, token, "Q13", base=base, against="shares", **shares)
    assert passed["Location"] == url("held_question", token, "Q14")
    assert "ne font pas 100" in text_of(client.get(url("held_summary", token)))


def test_two_questions_that_contradict_lead_to_each_other(client, begun, token):
    answer(client, token, "Q17", _="me")
    again = answer(client, token, "Q20", form="scop", registered="no")
    page = text_of(client.get(again["Location"]))
    assert "laquelle des deux réponses est la bonne" in page
    assert url("held_question", token, "Q17") in page


def test_a_branch_left_leads_back_to_where_one_is(client, begun, token):
    assert client.get(url("held_question", token, "Q22"))["Location"] == url("held", token)


def test_two_people_on_one_question_each_see_both_answers(client, begun, token):
    answer(client, token, "Q07", _="1")
    Answer.objects.filter(case=begun).update(value=3)
    met = answer(client, token, "Q07", base="1", _="2")
    page = text_of(met)
    assert met.status_code == 409
    assert "on m’a déjà payé" in page and 'value="2"' in page
    assert answers(begun) == {"Q07": 3}
    assert 'name="Q07-base" value="3"' in page
    kept = answer(client, token, "Q07", base="3", _="2")
    assert (kept.status_code, answers(begun)) == (302, {"Q07": 2})


def test_the_link_is_shown_and_sent_and_a_forged_one_opens_nothing(client, begun, token):
    from django.core import mail

    assert url("held", token) in text_of(client.get(url("held", token)))
    assert send(client, url("held_link", token), "pathway.case.link", email="camille@example.org").status_code == 302
    run_waiting()
    (sent,) = [line for line in mail.outbox[0].body.split() if "/parcours/mon-dossier/" in line]
    assert client.get(sent).status_code == 200
    assert Holder.objects.get(case=begun).email == "camille@example.org"
    assert client.get(url("held", token[:-3] + "abc")).status_code == 404
    Case.objects.filter(pk=begun.pk).update(link=2)
    assert client.get(url("held", token)).status_code == 410


def test_the_summary_shows_what_was_said_and_where_to_correct_it(client, begun, token):
    answer(client, token, "Q01", _="alone")
    answer(client, token, "Q15", needed="12500", found="")
    page = text_of(client.get(url("held_summary", token)))
    assert "seul ou seule" in page and "12\u202f500" in page
    assert url("held_question", token, "Q01") in page
    told = client.get(url("held_summary_text", token))
    assert (told["Content-Type"], "seul ou seule" in text_of(told)) == ("text/plain; charset=utf-8", True)


def test_a_holder_chooses_a_door_and_agrees_that_it_reads(client, begun, token):
    door = made.door()
    given = {"door": str(door.pk), "title": "Atelier vélo", "name": "Camille", "email": "", "phone": ""}
    refused = client.post(url("held_send", token), given)
    page = text_of(refused)
    assert refused.status_code == 422 and "cochez la case" in page
    assert client.post(url("held_send", token), given | {"agrees": "on"}).status_code == 422  # no way to call back
    sent = client.post(url("held_send", token), given | {"agrees": "on", "phone": "04 77 11 22 33"}, follow=True)
    assert "vous rappelle d’ici 3 jours ouvrés" in text_of(sent)
    begun.refresh_from_db()
    assert (begun.state, begun.door, begun.title) == (CaseState.SENT, door, "Atelier vélo")
    assert answer(client, token, "Q01", _="group").status_code == 302  # still theirs to complete


def test_a_case_that_is_over_is_read_and_no_longer_changed(client):
    case = made.case(state=CaseState.CLOSED, closed_at="2026-11-01T00:00Z", organisation=made.structure("Fini"))
    token = token_of(case)
    assert client.get(url("held", token)).status_code == 200
    assert answer(client, token, "Q01", _="alone").status_code == 404


# --- at the door ------------------------------------------------------------------------------------------------------


@pytest.fixture
def door() -> Any:
    return made.door("MIFE")


@pytest.fixture
def here(client: Client, door: Any) -> Client:
    client.force_login(Person.objects.get(pk=made.adviser(door)))
    return client


@pytest.fixture
def case(door: Any) -> Case:
    found = made.case(door)
    made.holder(found, "Camille")
    return found


def test_who_waits_is_listed_with_the_day_to_call_back_by(here, door):
    waiting = made.case(door, state=CaseState.SENT, title="Épicerie", received_at=None)
    made.holder(waiting, "Camille")
    made.case(made.door("CMA"), state=CaseState.SENT, title="Ailleurs", received_at=None)
    page = text_of(here.get(url("waiting")))
    assert "Épicerie" in page and "en retard" in page and "04 77 00 00 00" in page
    assert "Ailleurs" not in page
    taken = here.post(url("take_in", waiting.pk), {"title": "Épicerie du Crêt"})
    assert taken["Location"] == url("reception", waiting.pk) + "#projet"
    waiting.refresh_from_db()
    assert (waiting.state, str(waiting.organisation)) == (CaseState.OPEN, "Épicerie du Crêt")


def test_somebody_at_the_counter_is_received_with_a_name_of_project(here, door):
    empty = here.post(url("receive"), {"door": str(door.pk), "title": ""})
    assert empty.status_code == 422 and "même provisoire" in text_of(empty)
    made_here = here.post(url("receive"), {"door": str(door.pk), "title": "Atelier", "name": "Camille"})
    case = Case.objects.get()
    assert made_here["Location"] == url("reception", case.pk) + "#projet"
    assert here.get(made_here["Location"]).status_code == 200


def test_the_adviser_s_page_has_every_question_asked_its_notes_and_no_other(here, case):
    page = text_of(here.get(url("reception", case.pk)))
    assert "Compétences de l’équipe" in page and "en SCIC plusieurs catégories décident" in page
    assert 'id="bloc-Q17"' in page and 'id="bloc-Q22"' not in page
    assert 'id="place-Q22"' in page


def test_one_answer_is_kept_at_once_and_opens_what_follows(here, case):
    told = here.post(url("answer", case.pk, "Q02"), {"Q02-base": "", "Q02-answer": "takeover"})
    page = text_of(told)
    assert "Enregistré à" in page and 'id="bloc-Q22"' in page and 'value="&quot;takeover&quot;"' in page
    assert Answer.objects.get().by == AnswerBy.ADVISER
    back = text_of(here.post(url("answer", case.pk, "Q02"), {"Q02-base": '"takeover"', "Q02-answer": "create"}))
    assert 'id="bloc-Q22"' not in back and 'id="bloc-Q06"' in back


def test_an_answer_that_cannot_be_kept_says_why_beside_it_and_is_not_kept(here, case):
    page = text_of(here.post(url("answer", case.pk, "Q14"), {"Q14-base": "", "Q14-answer": "9"}))
    assert "l’une des réponses proposées" in page and "Enregistré" not in page
    assert answers(case) == {}


def test_an_answer_that_another_gave_meanwhile_is_shown_and_kept(here, case):
    Answer.objects.create(case=case, code="Q07", value=3, by=AnswerBy.HOLDER)
    page = text_of(here.post(url("answer", case.pk, "Q07"), {"Q07-base": "", "Q07-answer": "1"}))
    assert "on m’a déjà payé" in page and 'name="Q07-base"' in page and 'value="3"' in page
    assert answers(case) == {"Q07": 3}


def test_without_a_script_a_section_is_sent_whole_and_what_is_right_is_kept(here, case):
    sent = {
        "partie": "argent",
        "Q14-base": "",
        "Q14-answer": "2",
        "Q15-base": "",
        "Q15-needed": "beaucoup",
        "Q15-found": "",
    }
    refused = here.post(url("reception", case.pk), sent)
    page = text_of(refused)
    assert refused.status_code == 422 and "Le reste est enregistré" in page and 'value="beaucoup"' in page
    assert answers(case) == {"Q14": 2}
    saved = here.post(url("reception", case.pk), sent | {"Q14-base": "2", "Q15-needed": "900"})
    assert saved["Location"].endswith("#argent")
    assert answers(case)["Q15"] == {"needed": "900.00", "found": None}


def test_what_a_section_did_not_touch_is_left_to_who_changed_it(here, case):
    Answer.objects.create(case=case, code="Q14", value=1, by=AnswerBy.HOLDER)
    here.post(url("reception", case.pk), {"Q14-base": "0", "Q14-answer": "0", "Q17-base": "", "Q17-answer": "workers"})
    assert answers(case) == {"Q14": 1, "Q17": "workers"}


def test_the_reception_is_concluded_with_a_stage_and_a_reason_when_it_differs(here, case):
    refused = here.post(url("conclude", case.pk), {"stage": "creation", "reason": ""})
    assert refused.status_code == 422 and "dites pourquoi en une phrase" in text_of(refused)
    done = here.post(url("conclude", case.pk), {"stage": "creation", "reason": "Déjà deux clients."})
    assert done["Location"] == url("summary", case.pk)
    case.refresh_from_db()
    assert case.stage == "creation"


def test_the_same_summary_is_read_by_the_door_the_holder_and_a_partner_as_far_as_agreed(here, case, client):
    Answer.objects.create(case=case, code="Q03", value="Firminy", by=AnswerBy.HOLDER)
    assert "Firminy" in text_of(here.get(url("summary", case.pk)))
    assert "Firminy" in text_of(here.get(url("summary_text", case.pk)))
    assert "Firminy" in text_of(Client().get(url("held_summary", token_of(case))))
    partner = made.structure("URSCOP")
    shared = Sharing.objects.create(case=case, partner=partner, way="link", until="2099-01-01T00:00Z")
    client.force_login(Person.objects.get(pk=made.member(partner)))
    assert "pas le détail de ses réponses" in text_of(client.get(url("summary", case.pk)))
    assert "Firminy" not in text_of(client.get(url("summary_text", case.pk)))
    shared.what = Sharing.What.ANSWERS
    shared.save()
    assert "Firminy" in text_of(client.get(url("summary", case.pk)))


def test_another_door_finds_nothing(client, case):
    client.force_login(Person.objects.get(pk=made.adviser(made.door("CMA"))))
    for name in ("reception", "summary", "summary_text", "take_in"):
        assert client.get(url(name, case.pk)).status_code == 404
    assert client.post(url("answer", case.pk, "Q07"), {"Q07-base": "", "Q07-answer": "1"}).status_code == 404


def test_the_notes_an_adviser_reads_are_noted_once_each(here, case):
    assert "Q17" in text_of(here.get(url("initiation")))
    assert here.post(url("initiation"), {"lu": "Q17"}, headers={"HX-Request": "true"}).status_code == 204
    here.post(url("initiation"), {"lu": ["Q17", "Q18"]})
    assert Initiation.objects.get().notes == ["Q17", "Q18"]


def test_the_adviser_s_page_takes_a_known_number_of_statements(here, case, django_assert_max_num_queries):
    for number in range(1, 26):
        Answer.objects.create(case=case, code=f"Q{number:02d}", value=None, by=AnswerBy.HOLDER)
    here.get(url("reception", case.pk))
    with django_assert_max_num_queries(16):
        here.get(url("reception", case.pk))


# --- the procedure ----------------------------------------------------------------------------------------------------


@pytest.fixture
def officer(client: Client) -> Client:
    from toile.accounts.services import grant_role, open_account
    from toile.kernel.readers import Role

    person = open_account(ACTOR, "mission@example.org", "Mission")
    grant_role(ACTOR, None, person.pk, Role.OFFICER)
    client.force_login(person)
    return client


def given_file(text: str | bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("procedure.toml", text.encode() if isinstance(text, str) else text)


def test_an_officer_proposes_a_version_reads_what_it_changes_and_puts_it_in_force(officer, begun):
    changed = TEXT.replace("version = 1", "version = 2").replace("Dans quelle commune", "Où cela se passera-t-il")
    proposed = officer.post(url("procedures"), {"file": given_file(changed)})
    page = text_of(officer.get(proposed["Location"]))
    assert "Où cela se passera-t-il" in page and "posée autrement" in page and "Mettre en vigueur à toutes" in page
    version = ProcedureVersion.objects.get(version=2)
    assert officer.post(url("procedure_force", version.pk), {"reason": ""}).status_code == 422
    forced = officer.post(url("procedure_force", version.pk), {"reason": "Question plus claire"}, follow=True)
    assert "est en vigueur à toutes les portes" in text_of(forced)
    old = text_of(Client().get(url("held_question", token_of(begun), "Q03")))
    assert "Dans quelle commune" in old
    assert "Où cela se passera-t-il" in text_of(Client().get(url("procedure_running")))
    exported = officer.get(url("procedure_file", begun.procedure.pk))
    assert text_of(exported) == TEXT and "premier-accueil-v1.toml" in exported["Content-Disposition"]


@pytest.mark.parametrize(
    ("content", "said"),
    [("code =", "TOML lisible"), (b"title = '\xe9'", "UTF-8"), ("x = 1 #" + "x" * 600_000, "trop grand")],
)
def test_a_file_that_is_no_procedure_is_refused_with_its_reason(officer, content, said):
    refused = officer.post(url("procedures"), {"file": given_file(content)})
    assert refused.status_code == 422 and said in text_of(refused)


def test_a_version_with_faults_says_them_and_cannot_be_put_in_force(officer):
    broken = TEXT.replace("version = 1", "version = 2").replace('gives.need = "ptce"', 'gives.need = "pole"')
    proposed = officer.post(url("procedures"), {"file": given_file(broken)})
    page = text_of(officer.get(proposed["Location"]))
    assert "n’est pas dans la matrice" in page and "Mettre en vigueur à toutes" not in page


# --- two cases that may be one ----------------------------------------------------------------------------------------


def test_a_second_reception_is_said_without_a_word_of_the_first_and_joined_by_its_holder(client):
    first, second = made.door("MIFE"), made.door("CMA")
    contact = Contact("Camille", "camille@example.org")
    older = reception.receive(ACTOR, made.reader(made.adviser(first)), first, contact, "Atelier secret")
    there = made.adviser(second)
    younger = reception.receive(ACTOR, made.reader(there), second, contact, "Réparer les vélos")
    client.force_login(Person.objects.get(pk=there))
    page = text_of(client.get(url("case", younger.pk)))
    assert "la même adresse de courriel" in page and "Atelier secret" not in page
    assert client.post(url("twin_ask", Twin.objects.get().pk)).status_code == 302
    token = twins.token_of(Twin.objects.get())
    asked = text_of(Client().get(url("twin_answer", token)))
    assert "MIFE" in asked and "CMA" in asked and "Réparer les vélos" not in asked
    joined = Client().post(url("twin_answer", token), {"agrees": "yes", "keep": "older"})
    assert joined["Location"] == url("held", token_of(Case.objects.get(pk=older.pk)))
    younger.refresh_from_db()
    assert younger.state == CaseState.CLOSED
    assert Client().get(url("twin_answer", token)).status_code == 410

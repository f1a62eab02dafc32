"""The path of a case: what its stage asks, gates passed by a named human with a reason, sent back, another path."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, Forbidden, UserError
from toile.pathway.models import Case, CaseState, Deliverable, Passage, Sharing
from toile.pathway.queries.stages import standing
from toile.pathway.services.stages import NoReason, NotReady, change_path, pass_gate, send_back, write_item
from toile.pathway.tests.made_cases import ACTOR, adviser, at, case, door, holder, member, reader, structure
from toile.thread.models import Fact

pytestmark = pytest.mark.django_db
QUESTIONS = ("besoin", "preuve", "porteurs")


def ready(found, who):
    for code in (*QUESTIONS, "note_besoin"):
        write_item(Actor.of(who), who, found, code, words="Dit.", document=None, made_on=None, revision=0)


def test_a_stage_says_what_it_asks_and_what_its_gate_waits_for():
    found = standing(case(), date(2026, 11, 21))
    assert [(step.stage.code, step.where) for step in found.steps] == [
        ("ideation", "current"), ("validation", "next"), ("modelisation", "next"), ("creation", "next"),
    ]  # fmt: skip
    assert [item.code for item in found.questions] == list(QUESTIONS)
    assert not found.gate.ready and not found.ended


def test_a_case_without_a_path_stands_nowhere():
    assert standing(case(path="", stage="")) is None


def test_the_adviser_passes_a_gate_with_a_reason_and_the_case_enters_the_next_stage():
    here = door()
    who, found = reader(adviser(here)), case(here)
    ready(found, who)
    passage = pass_gate(Actor.of(who), who, found, stage="ideation", reason="Trois familles l’ont dit.")
    assert (passage.by, passage.to_stage, passage.missing) == (who.person, "validation", [])
    assert Case.objects.get().stage == "validation"
    fact = Fact.objects.get(kind="pathway.gate.passed")
    about = set(fact.abouts.values_list("subject", flat=True))
    assert about == {found.organisation_id, here.organisation_id}
    assert fact.data["to_stage"] == "validation"


def test_a_gate_without_a_reason_is_refused_and_nothing_moves():
    here = door()
    who, found = reader(adviser(here)), case(here)
    ready(found, who)
    with pytest.raises(NoReason):
        pass_gate(Actor.of(who), who, found, stage="ideation", reason="  ")
    assert Case.objects.get().stage == "ideation" and not Passage.objects.exists()


def test_a_gate_that_waits_is_passed_only_when_somebody_says_so_and_what_missed_is_kept():
    here = door()
    who, found = reader(adviser(here)), case(here)
    with pytest.raises(NotReady):
        pass_gate(Actor.of(who), who, found, stage="ideation", reason="Vite.")
    passage = pass_gate(Actor.of(who), who, found, stage="ideation", reason="La note vient demain.", anyway=True)
    assert passage.missing == ["note_besoin", *QUESTIONS]


def test_two_advisers_never_pass_the_same_gate():
    here = door()
    who, found = reader(adviser(here)), case(here)
    pass_gate(Actor.of(who), who, found, stage="ideation", reason="Oui.", anyway=True)
    with pytest.raises(Conflict):
        pass_gate(Actor.of(who), who, found, stage="ideation", reason="Oui.", anyway=True)


def test_the_last_gate_ends_the_path_once():
    here = door()
    who, found = reader(adviser(here)), case(here, stage="creation")
    pass_gate(Actor.of(who), who, found, stage="creation", reason="Immatriculée.", anyway=True)
    assert standing(Case.objects.get()).ended
    with pytest.raises(Conflict, match="à son terme"):
        pass_gate(Actor.of(who), who, found, stage="creation", reason="Encore.", anyway=True)


def test_a_stage_is_sent_back_to_itself_or_to_an_earlier_one_never_forward():
    here = door()
    who, found = reader(adviser(here)), case(here, stage="validation")
    send_back(Actor.of(who), who, found, stage="validation", to_stage="ideation", reason="Le besoin n’est pas clair.")
    assert Case.objects.get().stage == "ideation"
    with pytest.raises(UserError):
        send_back(Actor.of(who), who, found, stage="ideation", to_stage="creation", reason="Non.")


def test_another_path_is_taken_with_its_reason():
    here = door()
    who, found = reader(adviser(here)), case(here)
    change_path(Actor.of(who), who, found, path="reprise", stage="analyse", reason="L’entreprise est à vendre.")
    moved = Case.objects.get()
    assert (moved.path, moved.stage) == ("reprise", "analyse")
    passage = Passage.objects.get()
    assert (passage.path, passage.to_path, passage.decision) == ("creation", "reprise", "changed")


def test_another_door_the_holder_and_a_partner_pass_no_gate():
    here, person = door(), member(structure("Chez soi"))
    found = case(here)
    holder(found, person=person)
    for other in (adviser(door("CCI")), person):
        with pytest.raises(Forbidden):
            pass_gate(ACTOR, reader(other), found, stage="ideation", reason="Oui.", anyway=True)


def test_the_holder_answers_and_two_people_never_overwrite_each_other():
    here, person = door(), member(structure("Chez soi"))
    found = case(here)
    holder(found, person=person)
    mine, theirs = reader(person), reader(adviser(here))
    row = write_item(Actor.of(mine), mine, found, "besoin", words="Réparer.", document=None, made_on=None, revision=0)
    assert row.by == person and row.done_on
    with pytest.raises(Conflict):
        write_item(Actor.of(theirs), theirs, found, "besoin", words="Autre.", document=None, made_on=None, revision=0)
    assert Deliverable.objects.get().words == "Réparer."


def test_an_answer_taken_back_is_asked_again():
    here = door()
    who, found = reader(adviser(here)), case(here)
    row = write_item(Actor.of(who), who, found, "besoin", words="Oui.", document=None, made_on=None, revision=0)
    write_item(Actor.of(who), who, found, "besoin", words=" ", document=None, made_on=None, revision=row.revision)
    assert "besoin" in [lack.code for lack in standing(found).gate.missing]


def test_nothing_is_written_in_a_case_that_is_closed():
    here = door()
    who, found = reader(adviser(here)), case(here, state=CaseState.CLOSED, closed_at=at(2026, 11, 1))
    with pytest.raises(Conflict):
        write_item(Actor.of(who), who, found, "besoin", words="Oui.", document=None, made_on=None, revision=0)


def test_an_old_diagnosis_must_be_done_again_before_a_dla_plan():
    here = door()
    who, found = reader(adviser(here)), case(here, path="dla", stage="plan")
    for code in ("plan_accompagnement", "avis_comite", "actions", "comite"):
        write_item(Actor.of(who), who, found, code, words="Fait.", document=None, made_on=None, revision=0)
    write_item(
        Actor.of(who), who, found, "diagnostic", words="2024.", document=None, made_on=date(2024, 1, 1), revision=0
    )
    assert [lack.code for lack in standing(found).gate.missing] == ["diagnostic"]


def test_the_page_shows_the_line_the_questions_and_the_history_in_few_queries(client, django_assert_max_num_queries):
    here = door()
    person = adviser(here)
    who, found = reader(person), case(here)
    pass_gate(Actor.of(who), who, found, stage="ideation", reason="Trois familles.", anyway=True)
    enter(client, person)
    with django_assert_max_num_queries(25):
        page = client.get(reverse("pathway:path", args=[found.pk]))
    text = page.content.decode()
    assert page.status_code == 200
    assert 'aria-current="step"' in text and "Trois familles." in text and "Qui avez-vous rencontré" in text


def test_a_form_refused_keeps_what_was_typed(client):
    here = door()
    person = adviser(here)
    found = case(here)
    enter(client, person)
    typed = {"decision": "pass", "stage": "ideation", "reason": "Une raison tapée"}
    page = client.post(reverse("pathway:gate", args=[found.pk]), typed)
    assert page.status_code == 422 and "Une raison tapée" in page.content.decode()
    assert not Passage.objects.exists()


def test_a_deliverable_is_sent_with_its_file_and_read_back(client):
    here = door()
    person = adviser(here)
    found = case(here)
    enter(client, person)
    sent = client.post(
        reverse("pathway:stage_item", args=[found.pk, "note_besoin"]),
        {"words": "", "revision": "0", "file": SimpleUploadedFile("note.pdf", b"%PDF-1.4 note")},
    )
    assert sent.status_code == 302
    row = Deliverable.objects.get()
    got = client.get(reverse("pathway:document", args=[found.pk, row.document_id]))
    assert b"".join(got.streaming_content) == b"%PDF-1.4 note"
    assert got["Content-Disposition"].startswith("attachment") and "no-store" in got["Cache-Control"]


def test_a_partner_who_reads_the_case_finds_neither_its_path_nor_its_documents(client):
    here, partner = door(), structure("Loire Active")
    found, person = case(here), member(partner)
    Sharing.objects.create(case=found, partner=partner, way="told", until=at(2099, 1, 1))
    enter(client, person)
    assert client.get(reverse("pathway:case", args=[found.pk])).status_code == 200
    for route in ("path", "documents", "worksheets"):
        assert client.get(reverse(f"pathway:{route}", args=[found.pk])).status_code == 404


def test_what_the_stage_does_not_ask_is_not_found(client):
    here = door()
    found = case(here)
    enter(client, adviser(here))
    assert client.get(reverse("pathway:stage_item", args=[found.pk, "lune"])).status_code == 404


def enter(client, person):
    from toile.accounts.models import Person

    client.force_login(Person.objects.get(pk=person))


def test_the_holder_reads_the_stages_and_the_reasons_by_their_link(client):
    from toile.pathway.services.links import token_of

    here = door()
    who, found = reader(adviser(here)), case(here)
    holder(found)
    pass_gate(Actor.of(who), who, found, stage="ideation", reason="Trois familles l’ont dit.", anyway=True)
    found.refresh_from_db()
    text = client.get(reverse("pathway:where", args=[token_of(found)])).content.decode()
    assert 'aria-current="step"' in text and "Trois familles l’ont dit." in text and "Premiers prix" in text

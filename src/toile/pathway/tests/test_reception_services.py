"""A reception kept: begun, answered by two people at once, sent, received, concluded; versions; two cases alike."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from toile.directory.models import Organisation
from toile.directory.models.organisations import Openness, Stage
from toile.kernel.errors import Conflict, Forbidden, Gone, UserError
from toile.kernel.jobs import run_waiting
from toile.pathway.models import Answer, AnswerBy, Case, CaseState, Holder, Note, Passage, ProcedureVersion, Twin
from toile.pathway.queries.reception import interview_of
from toile.pathway.queries.summaries import as_text, summary_of
from toile.pathway.rules.answers import MISSING
from toile.pathway.rules.procedure import PROCEDURE_TOML
from toile.pathway.rules.twins import Trace, alike, phone_key
from toile.pathway.services import procedures, reception, twins
from toile.pathway.services.answers import Saved, save_answers
from toile.pathway.services.initiations import read_notes
from toile.pathway.services.reception import Contact
from toile.thread.models import Fact

from . import made_cases as made
from .made_cases import ACTOR

pytestmark = pytest.mark.django_db

TEXT = PROCEDURE_TOML.read_text(encoding="utf-8")
CONTACT = Contact("Camille", "camille@example.org", "04 77 11 22 33")


def officer():
    from toile.directory.tests.conftest import reader_with
    from toile.kernel.readers import Role

    return reader_with(Role.OFFICER)


def by_holder(case: Case, mine: dict[str, object], base: dict[str, object] | None = None) -> Saved:
    return save_answers(ACTOR, case, base or {}, mine, by=AnswerBy.HOLDER, person=None)


def answers(case: Case) -> dict[str, object]:
    return dict(Answer.objects.filter(case=case).values_list("code", "value"))


# --- answers ----------------------------------------------------------------------------------------------------------


def test_a_holder_begins_without_being_known_and_the_shipped_procedure_comes_into_force():
    case = reception.begin(ACTOR)
    assert (case.state, case.holders.count(), case.organisation) == (CaseState.BEGUN, 0, None)
    assert (case.procedure.state, case.procedure.ours) == (ProcedureVersion.State.IN_FORCE, True)
    assert reception.begin(ACTOR).procedure == case.procedure


def test_answers_are_kept_with_a_version_each_and_say_what_the_case_is():
    case = reception.begin(ACTOR)
    by_holder(case, {"Q01": "alone", "Q02": "takeover", "Q23": "2026-12-20"})
    by_holder(case, {"Q01": "group"}, {"Q01": "alone"})
    assert dict(Answer.objects.values_list("code", "version")) == {"Q01": 2, "Q02": 1, "Q23": 1}
    case.refresh_from_db()
    assert (case.nature, case.path, case.stage) == ("group", "reprise", "reprise")
    assert case.urgent_on is not None and case.urgent_on.isoformat() == "2026-12-20"
    assert "analyse_activite" in case.needs


def test_not_to_know_is_kept_and_an_answer_taken_away_is_gone():
    case = reception.begin(ACTOR)
    by_holder(case, {"Q01": None, "Q07": 2})
    by_holder(case, {}, {"Q07": 2})
    assert answers(case) == {"Q01": None}


def test_two_people_in_one_case_keep_each_their_questions():
    case = made.case()
    by_holder(case, {"Q07": 1, "Q14": 0})
    seen = answers(case)
    here = made.adviser(case.door)
    save_answers(ACTOR, case, seen, seen | {"Q07": 3}, by=AnswerBy.ADVISER, person=here)
    saved = by_holder(case, seen | {"Q14": 2}, seen)
    assert (answers(case), saved.conflicts) == ({"Q07": 3, "Q14": 2}, ())


def test_two_people_on_one_question_lose_nothing_and_see_both():
    case = made.case()
    by_holder(case, {"Q07": 1})
    save_answers(ACTOR, case, {"Q07": 1}, {"Q07": 3}, by=AnswerBy.ADVISER, person=made.adviser(case.door))
    saved = by_holder(case, {"Q07": 2}, {"Q07": 1})
    (conflict,) = saved.conflicts
    assert (conflict.base, conflict.mine, conflict.theirs) == (1, 2, 3)
    assert answers(case) == {"Q07": 3}
    assert by_holder(case, {"Q07": 2}, {"Q07": 3}).conflicts == ()
    assert answers(case) == {"Q07": 2}


def test_two_people_who_answer_alike_agree_and_two_who_begin_at_once_are_told():
    case = made.case()
    assert by_holder(case, {"Q07": 1}).conflicts == ()
    assert by_holder(case, {"Q07": 1}).conflicts == ()
    (conflict,) = by_holder(case, {"Q07": 2}).conflicts
    assert (conflict.base, conflict.theirs) == (MISSING, 1)


def test_ones_own_other_page_is_no_other_person():
    case = made.case()
    me = made.adviser(case.door)
    save_answers(ACTOR, case, {}, {"Q07": 1}, by=AnswerBy.ADVISER, person=me)
    saved = save_answers(ACTOR, case, {}, {"Q07": 2}, by=AnswerBy.ADVISER, person=me)
    assert (saved.conflicts, answers(case)) == ((), {"Q07": 2})


def test_nothing_changed_is_no_contact():
    case = made.case(last_contact_at=timezone.now() - timedelta(days=100))
    Answer.objects.create(case=case, code="Q07", value=1, by=AnswerBy.HOLDER)
    by_holder(case, {"Q07": 1}, {"Q07": 1})
    case.refresh_from_db()
    assert case.last_contact_at < timezone.now() - timedelta(days=99)


def test_once_received_a_person_decides_the_stage_not_the_answers():
    case = made.case(stage="ideation")
    by_holder(case, {"Q02": "takeover"})
    case.refresh_from_db()
    assert case.stage == "ideation"


# --- sent, received, concluded ----------------------------------------------------------------------------------------


def test_a_case_sent_waits_at_its_door_and_its_people_are_told():
    door = made.door()
    door.email = "accueil@example.org"
    door.save()
    case = reception.begin(ACTOR)
    reception.send_to_door(ACTOR, case, door, CONTACT, "Atelier vélo")
    case.refresh_from_db()
    assert (case.state, case.door, case.title) == (CaseState.SENT, door, "Atelier vélo")
    assert case.holders.get().phone == CONTACT.phone
    assert Fact.objects.filter(kind="pathway.case.sent").count() == 1
    run_waiting()
    to_door, to_holder = sorted(mail.outbox, key=lambda letter: letter.to)
    assert (to_door.to, to_holder.to) == (["accueil@example.org"], ["camille@example.org"])
    assert "Camille" not in to_door.body and "Atelier" not in to_door.body
    assert "/parcours/mon-dossier/" in to_holder.body


def test_a_case_is_sent_once_and_owes_a_way_to_call_back():
    door, case = made.door(), reception.begin(ACTOR)
    with pytest.raises(UserError, match="courriel ou un téléphone"):
        reception.send_to_door(ACTOR, case, door, Contact("Camille"), "")
    reception.send_to_door(ACTOR, case, door, CONTACT, "")
    with pytest.raises(Conflict):
        reception.send_to_door(ACTOR, case, door, CONTACT, "")


def test_received_a_project_has_an_identity_that_its_people_alone_know():
    door, case = made.door(), reception.begin(ACTOR)
    reception.send_to_door(ACTOR, case, door, CONTACT, "Atelier vélo")
    me = made.reader(made.adviser(door))
    case.refresh_from_db()
    reception.take_in(ACTOR, me, case)
    project = Organisation.objects.get(pk=case.organisation_id)
    assert (project.name, project.openness, project.stage) == ("Atelier vélo", Openness.MEMBERS, Stage.PROJECT)
    assert (case.state, case.adviser, case.received_by) == (CaseState.OPEN, me.person, me.person)
    assert Organisation.objects.visible_to(made.reader(me.person)).filter(pk=project.pk).exists()
    other = made.reader(made.adviser(made.door("CMA")))
    assert not Organisation.objects.visible_to(other).filter(pk=project.pk).exists()
    with pytest.raises(Conflict):
        reception.take_in(ACTOR, me, Case.objects.get(pk=case.pk))


def test_only_the_people_of_a_door_receive_there():
    door = made.door()
    with pytest.raises(Forbidden):
        reception.receive(ACTOR, made.reader(made.adviser(made.door("CMA"))), door, CONTACT, "Atelier")
    case = reception.receive(ACTOR, made.reader(made.adviser(door)), door, CONTACT, "Atelier")
    assert (case.state, case.door) == (CaseState.OPEN, door)


def test_a_person_concludes_and_says_why_when_the_answers_say_otherwise():
    door = made.door()
    me = made.reader(made.adviser(door))
    case = reception.receive(ACTOR, me, door, CONTACT, "Atelier")
    by_holder(case, {"Q02": "create", "Q04": {"words": "x", "scale": 0}, "Q07": 3})
    with pytest.raises(UserError, match="dites pourquoi"):
        reception.conclude(ACTOR, me, case, "validation", " ")
    reception.conclude(ACTOR, me, case, "ideation", "")
    case.refresh_from_db()
    assert (case.stage, case.path) == ("ideation", "creation")
    assert Note.objects.count() == 0
    reception.conclude(ACTOR, me, case, "validation", "Douze entretiens faits depuis.")
    case.refresh_from_db()
    assert case.stage == "validation"
    assert "Douze entretiens" in Note.objects.get().words
    Passage.objects.create(case=case, path="creation", stage="validation", decision="passed", reason="Prêt.")
    with pytest.raises(Conflict, match="page du parcours"):
        reception.conclude(ACTOR, me, case, "ideation", "On recommence.")


# --- the summary ------------------------------------------------------------------------------------------------------


def test_the_summary_says_every_answer_and_what_follows_in_plain_text_too():
    case = made.case(title="Atelier vélo")
    by_holder(
        case,
        {"Q01": "alone", "Q02": "create", "Q15": {"needed": "12500.50", "found": None}, "Q07": None, "Q19": ["place"]},
    )
    told = summary_of(case, timezone.localdate())
    said = {one.code: one for section in told.sections for one in section.said}
    assert said["Q01"].parts == (("", "seul ou seule"),)
    assert said["Q07"].is_unknown
    assert said["Q15"].parts[0][1] == "12\u202f500,50\u00a0€"
    assert "Argent" in as_text(told)
    text = as_text(told, door="MIFE")
    assert "Atelier vélo" in text and "Porte\u00a0: MIFE" in text and "ne sait pas" in text
    assert "12\u202f500,50" not in as_text(told, with_answers=False)


# --- versions of the procedure ----------------------------------------------------------------------------------------


def test_a_new_version_serves_new_cases_and_old_ones_keep_theirs():
    old = reception.begin(ACTOR)
    by_holder(old, {"Q03": "Firminy"})
    changed = TEXT.replace("version = 1", "version = 2").replace("Dans quelle commune", "Où cela se passera-t-il")
    version = procedures.propose(ACTOR, officer(), changed)
    assert version.state == ProcedureVersion.State.DRAFT
    procedures.put_in_force(ACTOR, officer(), version, "Question plus claire")
    new = reception.begin(ACTOR)
    assert (old.procedure.version, new.procedure.version) == (1, 2)
    old = Case.objects.select_related("procedure").get(pk=old.pk)
    assert "Dans quelle commune" in interview_of(old, timezone.localdate()).procedure.question("Q03").wording["fr"]
    assert ProcedureVersion.objects.filter(state=ProcedureVersion.State.IN_FORCE).count() == 1
    assert Fact.objects.filter(kind="pathway.procedure.put").count() == 1


def test_a_version_with_faults_or_without_a_reason_is_not_put_in_force():
    broken = TEXT.replace("version = 1", "version = 2").replace('gives.need = "ptce"', 'gives.need = "pole"')
    version = procedures.propose(ACTOR, officer(), broken)
    with pytest.raises(procedures.NotSound, match="pole"):
        procedures.put_in_force(ACTOR, officer(), version, "Essai")
    with pytest.raises(UserError, match="pourquoi"):
        procedures.put_in_force(ACTOR, officer(), version, " ")


def test_a_version_that_served_is_never_rewritten_and_a_draft_may_be():
    reception.begin(ACTOR)
    with pytest.raises(Conflict, match="autre numéro"):
        procedures.propose(ACTOR, officer(), TEXT + "\n# autre\n")
    draft = TEXT.replace("version = 1", "version = 2")
    first = procedures.propose(ACTOR, officer(), draft)
    second = procedures.propose(ACTOR, officer(), draft + "\n# autre\n")
    assert first.pk == second.pk and "# autre" in second.text
    assert procedures.propose(ACTOR, officer(), TEXT).version == 1


def test_only_the_team_steers_the_procedure():
    with pytest.raises(Forbidden):
        procedures.propose(ACTOR, made.reader(made.adviser(made.door())), TEXT)


def test_a_receiver_is_initiated_once_all_the_notes_of_a_version_are_read():
    version = made.procedure()
    me = made.reader(made.adviser(made.door()))
    first = read_notes(ACTOR, me, version, ["Q17", "Q99", "Q01"])
    assert (first.notes, first.completed_at) == (["Q17"], None)
    every = [q.code for q in interview_of(made.case(), timezone.localdate()).procedure.questions if q.note]
    assert read_notes(ACTOR, me, version, every).completed_at is not None
    assert read_notes(ACTOR, me, version, []).notes == every


# --- two cases that may be one ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        (Trace("A", "", ["Camille@Example.org "], []), Trace("B", "", ["camille@example.org"], []), ("email",)),
        (Trace("A", "", [], ["04 77 11 22 33"]), Trace("B", "", [], ["+33 (0)4.77.11.22.33"]), ("phone",)),
        (Trace("Atelier du vélo", "42218", [], []), Trace("ATELIER DU VELO", "42218", [], []), ("name",)),
        (Trace("Atelier du vélo", "42218", [], []), Trace("Atelier du vélo", "42095", [], []), ()),
        (Trace("Atelier du vélo", "", [], []), Trace("Atelier du vélo", "", [], []), ()),
        (Trace("", "42218", [""], [""]), Trace("", "42218", [""], [""]), ()),
    ],
)
def test_what_makes_two_cases_alike(one, other, reasons):
    assert alike(one, other) == alike(other, one) == reasons


@pytest.mark.parametrize(
    ("written", "key"), [("04 77 11 22 33", "0477112233"), ("0033477112233", "0477112233"), ("12", "")]
)
def test_a_number_is_its_digits(written, key):
    assert phone_key(written) == key


def two_cases() -> tuple[Case, Case, Twin]:
    """The same person at two doors; the older one answered first."""
    first, second = made.door("MIFE"), made.door("CMA")
    older = reception.receive(ACTOR, made.reader(made.adviser(first)), first, CONTACT, "Atelier vélo")
    Case.objects.filter(pk=older.pk).update(begun_at=timezone.now() - timedelta(days=30))
    by_holder(older, {"Q01": "alone", "Q07": 1})
    younger = reception.receive(ACTOR, made.reader(made.adviser(second)), second, CONTACT, "Réparer les vélos")
    by_holder(younger, {"Q07": 3, "Q14": 2})
    return Case.objects.get(pk=older.pk), younger, Twin.objects.get()


def test_a_second_reception_is_noticed_and_nothing_of_the_first_is_shown():
    older, younger, twin = two_cases()
    assert (twin.older, twin.younger, twin.state) == (older, younger, Twin.State.NOTICED)
    assert twin.reasons == ["email", "phone"]
    there = made.reader(made.adviser(made.door("CMA")))
    assert not Case.objects.visible_to(there).filter(pk=older.pk).exists()


def test_the_holder_of_the_first_is_asked_and_joins_both_with_their_answers():
    older, younger, twin = two_cases()
    there = made.reader(made.adviser(made.door("CMA")))
    twins.ask(ACTOR, there, twins.twin_for(there, twin.pk))
    run_waiting()
    (letter,) = [one for one in mail.outbox if "/parcours/reunir/" in one.body]
    assert letter.to == ["camille@example.org"]
    token = letter.body.split("/parcours/reunir/")[1].split("/")[0]
    asked = twins.twin_of(token)
    twins.answer(ACTOR, asked, agrees=True, keep=asked.younger)
    older.refresh_from_db()
    younger.refresh_from_db()
    assert answers(older) == {"Q01": "alone", "Q07": 1, "Q14": 2}
    assert "on m’a déjà payé" in Note.objects.get(case=older).words
    assert (younger.state, older.state, older.door) == (CaseState.CLOSED, CaseState.OPEN, made.door("CMA"))
    assert Holder.objects.filter(case=older).count() == 1
    with pytest.raises(Gone):
        twins.twin_of(token)


def test_without_consent_nothing_happens():
    older, younger, twin = two_cases()
    here = made.reader(made.adviser(made.door("MIFE")))
    twins.note_answer(ACTOR, here, twins.twin_for(here, twin.pk), agrees=False)
    younger.refresh_from_db()
    twin.refresh_from_db()
    assert (twin.state, younger.state, answers(older)) == (
        Twin.State.REFUSED,
        CaseState.OPEN,
        {"Q01": "alone", "Q07": 1},
    )


def test_the_second_door_cannot_answer_for_the_holder_of_the_first():
    twin = two_cases()[2]
    there = made.reader(made.adviser(made.door("CMA")))
    with pytest.raises(Forbidden):
        twins.note_answer(ACTOR, there, twins.twin_for(there, twin.pk), agrees=True)
    twin.refresh_from_db()
    assert twin.state == Twin.State.NOTICED


def test_a_question_asked_again_ends_the_link_of_before():
    twin = two_cases()[2]
    there = made.reader(made.adviser(made.door("CMA")))
    twins.ask(ACTOR, there, twins.twin_for(there, twin.pk))
    before = twins.token_of(Twin.objects.get())
    twins.ask(ACTOR, there, twins.twin_for(there, twin.pk))
    with pytest.raises(Gone):
        twins.twin_of(before)
    assert twins.twin_of(twins.token_of(Twin.objects.get())).pk == twin.pk


def test_who_is_signed_in_finds_what_they_began_from_their_account():
    from toile.kernel.acts import Actor

    me = made.member(made.structure("Association"))
    case = reception.begin(Actor(me, "web"))
    assert Case.objects.visible_to(made.reader(me)).get() == case
    reception.keep_address(ACTOR, case, "camille@example.org")
    reception.keep_address(ACTOR, case, "other@example.org")
    held = case.holders.get()
    assert (held.person, held.email) == (me, "camille@example.org")
    run_waiting()
    assert [one.to for one in mail.outbox] == [["camille@example.org"], ["other@example.org"]]


def test_the_number_of_a_closed_firm_is_asked_back():
    from toile.directory.models.organisations import Stage as Life

    case, firm = reception.begin(ACTOR), made.structure("Ancienne SARL")
    by_holder(case, {"Q20": {"form": "company", "registered": "yes", "siren": "732829320"}})
    Organisation.objects.filter(pk=firm.pk).update(siren="732829320", stage=Life.ACTIVE)
    assert interview_of(case, timezone.localdate()).contradictions == ()
    Organisation.objects.filter(pk=firm.pk).update(stage=Life.CEASED)
    (asked_back,) = interview_of(case, timezone.localdate()).contradictions
    assert (asked_back.code, asked_back.questions) == ("closed_siren", ("Q20",))
    assert [one.code for one in summary_of(case, timezone.localdate()).found.contradictions] == ["closed_siren"]

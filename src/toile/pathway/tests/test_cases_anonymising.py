"""The end of a case: after thirty days or two years, or when its holder asks; what is counted stays (domain K3, K4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from toile.directory.models import Organisation
from toile.directory.models.organisations import Openness
from toile.kernel.acts import Actor
from toile.pathway.models import (
    Answer,
    Case,
    CaseState,
    Deliverable,
    Document,
    Holder,
    Note,
    Passage,
    Referral,
    Sharing,
    Suggested,
    Worksheet,
)
from toile.pathway.services import anonymising, sharings
from toile.pathway.services.documents import on_disk
from toile.thread.models import Fact

from . import made_cases as made

pytestmark = pytest.mark.django_db
NIGHT = Actor.system("essai: nuit")


def full_case(**given) -> Case:
    """A case with something of somebody everywhere."""
    case = made.case(next_step="Rappeler Camille", next_step_on=timezone.localdate(), **given)
    made.holder(case)
    Answer.objects.create(case=case, code="Q02", value="create", by="holder", person=made.NAMESPACE_URL)
    Answer.objects.create(case=case, code="Q03", value="Saint-Chamond", by="holder")
    Answer.objects.create(case=case, code="Q04", value={"words": "Camille répare", "scale": "2"}, by="holder")
    Answer.objects.create(case=case, code="Q05", value={"words": "Camille"}, by="holder")
    Answer.objects.create(case=case, code="Q15", value={"needed": "12000.00", "found": None}, by="holder")
    Answer.objects.create(case=case, code="Q19", value=["fragile"], by="holder")
    Note.objects.create(case=case, kind=Note.Kind.CALL, words="Camille rappelle mardi")
    Document.objects.create(
        case=case, title="Bail", filename="bail.pdf", path="documents/bail.pdf", size=3, checksum="0"
    )
    Deliverable.objects.create(
        case=case, stage="ideation", code="note_besoin", words="Camille", done_on=timezone.localdate()
    )
    Passage.objects.create(case=case, path="creation", stage="ideation", decision="passed", reason="Camille a tout vu")
    Worksheet.objects.create(case=case, kind="finance", title="Plan de Camille")
    Suggested.objects.create(case=case, rules="0", answers={"Q04": "Camille"})
    partner = made.structure("Cabestan")
    sharings.give(NIGHT, case, partner, Sharing.What.SUMMARY)
    Referral.objects.create(
        case=case, partner=partner, email="c@example.org", words="Camille", due_on=timezone.localdate(), need="clients"
    )
    return Case.objects.get(pk=case.pk)


@pytest.mark.parametrize(
    ("now", "over"),
    [(made.at(2026, 2, 28, 23), False), (made.at(2026, 3, 1, 0), True), (made.at(2026, 3, 2), True)],
)
def test_the_29th_of_february_2024_and_two_years_is_over_once_the_28th_of_february_2026_has_ended(now, over):
    case = made.case(last_contact_at=made.at(2024, 2, 29))
    assert anonymising.cases_over(now).filter(pk=case.pk).exists() is over


@pytest.mark.parametrize(("days", "over"), [(29, False), (30, False), (31, True)])
def test_a_draft_is_over_after_thirty_days_and_is_deleted_whole(days, over):
    now = made.at(2026, 11, 21)
    draft = made.case(state=CaseState.BEGUN, last_contact_at=now - timedelta(days=days), received_at=None)
    made.holder(draft)
    assert anonymising.forget_drafts(NIGHT, now) == int(over)
    assert Case.objects.filter(pk=draft.pk).exists() is not over
    assert Holder.objects.exists() is not over


@pytest.mark.parametrize("state", [CaseState.SENT, CaseState.CLOSED])
def test_a_case_that_waits_or_is_closed_is_anonymised_in_the_same_time(state):
    now = made.at(2026, 11, 21)
    case = made.case(state=state, closed_at=now, last_contact_at=made.at(2024, 11, 20))
    assert anonymising.anonymise_old(NIGHT, now) == 1
    case.refresh_from_db()
    assert case.state == CaseState.ANONYMISED
    assert anonymising.anonymise_old(NIGHT, now) == 0, "safe twice"


def test_a_living_contact_keeps_the_case():
    case = made.case(last_contact_at=made.at(2024, 11, 22))
    assert anonymising.anonymise_old(NIGHT, made.at(2026, 11, 21)) == 0
    case.refresh_from_db()
    assert case.state == CaseState.OPEN


def test_nothing_that_names_somebody_is_left():
    case = full_case()
    anonymising.anonymise(NIGHT, case)
    for model in (Holder, Note, Document, Sharing, Suggested, Worksheet):
        assert not model._default_manager.filter(case=case).exists(), model
    left = " ".join(
        str(row) for model in (Case, Answer, Deliverable, Passage, Referral) for row in model._default_manager.values()
    )
    assert "Camille" not in left and "Saint-Chamond" not in left and "c@example.org" not in left
    assert "Atelier de réparation" not in left and "12000" not in left


def test_what_is_counted_stays():
    case = full_case(nature="creation", needs=["valider_besoin"], received_at=made.at(2026, 5, 17))
    anonymising.anonymise(NIGHT, case)
    case.refresh_from_db()
    assert (case.state, case.path, case.stage, case.needs) == (
        CaseState.ANONYMISED, "creation", "ideation", ["valider_besoin"],
    )  # fmt: skip
    assert case.door is not None and case.received_at == made.at(2026, 5, 1, 0), "the month, no day"
    assert dict(Answer.objects.values_list("code", "value")) == {
        "Q02": "create", "Q04": {"scale": "2"}, "Q19": ["fragile"],
    }  # fmt: skip
    assert Referral.objects.filter(partner__name="Cabestan", need="clients").count() == 1
    assert Passage.objects.filter(stage="ideation", decision="passed").count() == 1


def test_a_project_never_opened_loses_its_name_in_the_directory_and_an_opened_one_keeps_it():
    private = full_case()
    public = made.case(organisation=made.structure("Recyclerie du Gier", openness=Openness.PUBLIC))
    project = private.organisation_id
    anonymising.anonymise(NIGHT, private)
    anonymising.anonymise(NIGHT, public)
    private.refresh_from_db()
    public.refresh_from_db()
    assert private.organisation is None
    assert Organisation.objects.get(pk=project).name == anonymising.NAMELESS
    assert public.organisation is not None and public.organisation.name == "Recyclerie du Gier"


def test_a_private_project_that_another_case_carries_keeps_its_name():
    case = full_case()
    made.case(organisation=case.organisation)
    name = case.organisation.name
    anonymising.anonymise(NIGHT, case)
    assert Organisation.objects.get(pk=case.organisation_id).name == name


@pytest.mark.django_db(transaction=True)
def test_its_files_go_with_it():
    case = full_case()
    place = on_disk("documents/bail.pdf")
    place.write_bytes(b"bail")
    anonymising.anonymise(NIGHT, case)
    assert not place.exists()


def test_every_link_sent_before_ends():
    case = full_case()
    before = case.link
    anonymising.anonymise(NIGHT, case)
    case.refresh_from_db()
    assert case.link > before


def test_a_holder_erases_a_case_that_was_received_and_the_count_stays():
    case = full_case()
    anonymising.erase(NIGHT, case)
    case.refresh_from_db()
    assert case.state == CaseState.ANONYMISED
    assert Fact.objects.filter(kind="pathway.case.erased", data={"case": str(case.pk)}).exists()


def test_a_holder_erases_a_case_that_nobody_received_and_nothing_stays():
    case = made.case(state=CaseState.SENT, received_at=None)
    made.holder(case)
    anonymising.erase(NIGHT, case)
    assert not Case.objects.exists() and not Holder.objects.exists()

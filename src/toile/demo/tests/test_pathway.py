"""The demo's path: believable days for each persona, answers that the procedure takes, nothing that passes for real."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from toile.accounts.models import Person
from toile.demo.pathway_cases import answers_of
from toile.demo.pathway_told import told
from toile.demo.personas import personas
from toile.kernel.readers import reader_of
from toile.pathway.models import Case, CaseState, Door, Followed, Holder, Lead, Offer, Referral, ReferralState, Signal
from toile.pathway.rules.answers import asked_answers
from toile.pathway.rules.matrix import matrix
from toile.pathway.rules.procedure import default_procedure
from toile.pathway.rules.reading import read_value
from toile.pathway.rules.stages import path_of

HELPERS = {
    "Cabestan",
    "Cluster Culture et Coopération",
    "ELO / DLA Loire",
    "Loire Active",
    "Maison de l’information sur la formation et l’emploi",
    "RAISO",
    "Talents Croisés",
    "UASEL",
    "URSCOP Rhône-Alpes",
}


@pytest.mark.parametrize("row", [row for row in told()["case"] if "profile" in row], ids=str)
def test_each_answer_is_one_the_procedure_asks_and_takes(row):
    procedure, answers = default_procedure(), answers_of(row, "Firminy")
    for code, value in answers.items():
        question = procedure.question(code)
        assert question is not None, code
        assert not read_value(question, value).refusals, (code, value)
    assert set(asked_answers(procedure, answers, timezone.localdate())) == set(answers)


def test_each_case_stands_at_a_stage_of_its_path_and_each_offer_serves_needs_of_the_matrix():
    for row in told()["case"]:
        if row.get("path"):
            assert path_of(row["path"]).stage(row["stage"])
    needs = matrix().needs
    assert all(need in needs for row in told()["offer"] for need in row["needs"])


@pytest.mark.django_db
class TestLoaded:
    """What is there once loaded."""

    def test_three_doors_and_the_nine_helpers_of_the_documents(self, loaded):
        assert list(Door.objects.values_list("code", flat=True)) == ["cci", "cma", "mife"]
        assert set(Offer.objects.values_list("partner__name", flat=True)) == HELPERS
        unsaid = Offer.objects.filter(confirmed=False).values_list("partner__name", flat=True)
        assert set(unsaid) == {"RAISO", "UASEL"}

    def test_some_forty_cases_in_every_state_all_marked_as_invented(self, loaded):
        assert set(Case.objects.values_list("state", flat=True)) == set(CaseState.values)
        assert Case.objects.count() >= 40
        assert not Case.objects.filter(simulated=False).exists()
        assert not Followed.objects.filter(simulated=False).exists()
        assert not Holder.objects.exclude(email="").exclude(email__endswith="@example.org").exists()
        assert not Lead.objects.exclude(teller_email="").exclude(teller_email__endswith="@example.org").exists()

    def test_requests_wait_are_late_declined_and_accepted(self, loaded):
        states = set(Referral.objects.values_list("state", flat=True))
        assert states == {"sent", "asked", "accepted", "declined"}
        late = Referral.objects.filter(state=ReferralState.SENT, due_on__lt=timezone.localdate())
        assert late.exists()

    def test_firms_show_risk_and_potential(self, loaded):
        assert Signal.objects.filter(level="safeguard").exists() and Signal.objects.filter(level="hiring").exists()

    def test_the_holder_finds_their_case_and_the_partner_what_was_shared(self, loaded):
        holder = reader_of(Person.objects.get(email=personas()["porteur"].email).pk)
        mine = Case.objects.visible_to(holder).get()
        partner = reader_of(Person.objects.get(email=personas()["conseiller-urscop"].email).pk)
        assert mine in Case.objects.visible_to(partner)
        assert Referral.objects.filter(partner__in=partner.organisations).count() >= 2

    @pytest.mark.slow
    @pytest.mark.parametrize("key", ["conseillere-cci", "porteur", "conseiller-urscop"])
    def test_every_case_that_a_persona_sees_opens(self, enter, key):
        client = enter(key)
        reader = reader_of(Person.objects.get(email=personas()[key].email).pk)
        for case in Case.objects.visible_to(reader):
            answer = client.get(reverse("pathway:case", args=[case.pk]))
            assert answer.status_code == 200, case

"""An adviser decides of what the rules suggest: each departure says why, and what was read is kept (domain K6)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from toile.accounts.models import Person
from toile.kernel.errors import Conflict, Forbidden, UserError
from toile.pathway.models import Answer, Offer, Suggested
from toile.pathway.queries import matrix as matrix_queries
from toile.pathway.queries.next_steps import count_without_next_step, steps_of, without_next_step
from toile.pathway.queries.orientation import looked
from toile.pathway.services import orientation as services
from toile.pathway.services.orientation import Choice
from toile.thread.models import Fact

from . import made_cases as made
from .made_cases import ACTOR

pytestmark = pytest.mark.django_db
TAKEOVER = {"Q01": "group", "Q02": "takeover", "Q22": {"staff": 8, "turnover": None, "state": "court"}}


def answered(case, answers=TAKEOVER):
    for code, value in answers.items():
        Answer.objects.create(case=case, code=code, value=value, by="holder")
    return case


def helping(name, helper, **said):
    offer = made.offer(made.structure(name), f"Aide de {name}")
    Offer.objects.filter(pk=offer.pk).update(helper=helper, **said)
    return Offer.objects.get(pk=offer.pk)


@pytest.fixture
def case():
    return answered(made.case(made.door(), path="", stage="", nature=""))


def decide(case, choices, *, reader=None, seen=None):
    now = looked(case, timezone.localdate())
    reader = reader or made.reader(made.adviser(case.door))
    return services.decide(ACTOR, reader, case, now, choices, seen=seen or services.digest(now))


def test_suggestions_come_with_their_reasons_from_what_is_published(case):
    union = helping("URSCOP", "union_scop")
    made.structure("Loire Active")
    found = looked(case, timezone.localdate())
    assert [one.offer.code for one in found.orientation.suggestions] == [str(union.pk)]
    assert found.orientation.suggestions[0].urgency == "same_day"
    assert found.orientation.suggestions[0].reasons
    assert "montage_financier" in {hole.need for hole in found.orientation.holes}


def test_a_draft_or_an_offer_that_is_over_is_not_suggested(case):
    helping("A", "union_scop", state=Offer.State.DRAFT)
    over = helping("B", "union_scop", valid_from="2025-01-01", valid_until="2025-12-31")
    found = looked(case, timezone.localdate())
    assert found.orientation.suggestions == ()
    assert [one.offer.code for one in found.orientation.why_not] == [str(over.pk)]


def test_a_decision_keeps_the_answers_the_rules_and_who_decided(case):
    union = helping("URSCOP", "union_scop")
    made_ = decide(case, [Choice(str(union.pk), "kept", "", 1)])
    assert made_.answers == TAKEOVER
    assert len(made_.rules) == 64
    assert made_.suggestions["suggestions"][0]["reasons"]
    assert made_.decided_by is not None
    assert made_.decision == [{"offer": str(union.pk), "said": "kept", "reason": "", "order": 1}]
    case.refresh_from_db()
    assert (case.nature, case.path, case.stage) == ("group", "reprise", "reprise")
    assert Fact.objects.filter(kind="pathway.orientation.decided").count() == 1


def test_what_departs_from_the_suggestions_says_why(case):
    union, other = helping("URSCOP", "union_scop"), helping("Cabestan", "")
    with pytest.raises(UserError, match="Dites pourquoi"):
        decide(case, [Choice(str(union.pk), "set_aside")])
    with pytest.raises(UserError, match="Dites pourquoi"):
        decide(case, [Choice(str(union.pk), "kept"), Choice(str(other.pk), "added")])
    done = decide(
        case,
        [
            Choice(str(union.pk), "set_aside", "Déjà vue.", 2),
            Choice(str(other.pk), "added", "Elle y connaît du monde.", 1),
        ],
    )
    assert [one["said"] for one in done.decision] == ["added", "set_aside"]


def test_every_suggestion_has_its_decision(case):
    helping("URSCOP", "union_scop")
    with pytest.raises(UserError, match="il en reste 1"):
        decide(case, [])


def test_an_offer_added_is_one_that_is_published_and_was_not_suggested(case):
    union = helping("URSCOP", "union_scop")
    draft = helping("Cabestan", "", state=Offer.State.DRAFT)
    kept = Choice(str(union.pk), "kept")
    with pytest.raises(UserError, match="n’est plus publiée"):
        decide(case, [kept, Choice(str(draft.pk), "added", "Pourquoi pas.")])
    with pytest.raises(UserError, match="se garde ou s’écarte"):
        decide(case, [Choice(str(union.pk), "added", "Oui.")])


def test_suggestions_that_changed_since_they_were_shown_are_shown_again(case):
    union = helping("URSCOP", "union_scop")
    seen = services.digest(looked(case, timezone.localdate()))
    helping("Loire Active", "solidarity_finance")
    with pytest.raises(Conflict, match="ont changé"):
        decide(case, [Choice(str(union.pk), "kept")], seen=seen)
    assert not Suggested.objects.exists()


def test_another_door_does_not_decide(case):
    with pytest.raises(Forbidden):
        decide(case, [], reader=made.reader(made.adviser(made.door("CCI"))))


def test_the_stage_that_a_person_said_counts_whatever_the_readiness():
    case = answered(made.case(made.door(), path="creation", stage="creation"), {"Q01": "alone", "Q02": "create"})
    found = looked(case, timezone.localdate())
    assert found.qualification.stage == "creation"
    assert "personne" in found.qualification.stage_reason


# --- The pages -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_adviser_decides_on_the_page_then_asks_a_partner(case, client):
    union = helping("URSCOP", "union_scop", email="union@example.org")
    client.force_login(Person.objects.get(pk=made.adviser(case.door)))
    url = reverse("pathway:orientation", args=[case.pk])
    page = client.get(url)
    text = page.content.decode()
    assert page.status_code == 200
    assert "Aide de URSCOP" in text
    assert "le jour même" in text
    seen = page.context["form"]["seen"].value()
    typed = {"seen": seen, f"said_{union.pk}": "set_aside", f"order_{union.pk}": "1"}
    refused = client.post(url, typed)
    assert refused.status_code == 422
    assert "Dites pourquoi vous écartez" in refused.content.decode()
    assert client.post(url, typed | {f"said_{union.pk}": "kept"}).status_code == 302
    ask = reverse("pathway:refer", args=[case.pk, union.pk])
    assert ask in client.get(url).content.decode()
    assert client.get(ask).status_code == 200
    unagreed = client.post(ask, {"words": "Bonjour.", "what": "summary"})
    assert unagreed.status_code == 422
    assert "Sans son accord" in unagreed.content.decode()
    sent = client.post(ask, {"words": "Bonjour.", "what": "summary", "agreed": "on"})
    assert sent.status_code == 302
    referral = case.referrals.get()
    assert (referral.urgency, referral.need) == ("same_day", "analyse_activite")
    shown = client.get(reverse("pathway:case_referral", args=[case.pk, referral.pk]))
    assert shown.status_code == 200
    assert "union@example.org" in shown.content.decode()


def test_a_page_shown_before_the_offers_changed_keeps_what_was_typed(case, client):
    union = helping("URSCOP", "union_scop")
    client.force_login(Person.objects.get(pk=made.adviser(case.door)))
    url = reverse("pathway:orientation", args=[case.pk])
    typed = {
        "seen": client.get(url).context["form"]["seen"].value(),
        f"said_{union.pk}": "set_aside",
        f"why_{union.pk}": "Ils sont complets, dit leur accueil.",
    }
    Offer.objects.filter(pk=union.pk).update(title="Autre titre")
    again = client.post(url, typed)
    assert again.status_code == 409
    assert "Ils sont complets, dit leur accueil." in again.content.decode()


def test_the_page_is_closed_to_other_doors_and_to_visitors(case, client):
    url = reverse("pathway:orientation", args=[case.pk])
    assert client.get(url).status_code == 302
    client.force_login(Person.objects.get(pk=made.adviser(made.door("CCI"))))
    assert client.get(url).status_code == 404


# --- Next steps ------------------------------------------------------------------------------------------------------


def test_a_file_where_nothing_is_planned_is_listed_until_something_is(case, client):
    reader = made.reader(made.adviser(case.door))
    today = timezone.localdate()
    assert without_next_step(reader, today) == [case]
    assert count_without_next_step(today) == (1, 1)
    client.force_login(Person.objects.get(pk=reader.person))
    assert "Atelier de réparation" in client.get(reverse("pathway:no_next_step")).content.decode()
    type(case).objects.filter(pk=case.pk).update(next_step="Relire le prévisionnel", next_step_on=today)
    assert without_next_step(reader, today) == []
    assert "Chaque dossier de vos portes a une suite" in client.get(reverse("pathway:no_next_step")).content.decode()


def test_an_awaited_partner_is_a_next_step_and_a_meeting_of_yesterday_is_none(case):
    from toile.pathway.models import Referral, ReferralState

    today = timezone.localdate()
    referral = Referral.objects.create(case=case, partner=made.structure("URSCOP"), due_on=today)
    assert steps_of([case], today)[case.pk].pending.kind == "referral"
    Referral.objects.filter(pk=referral.pk).update(
        state=ReferralState.ACCEPTED, answered_at=timezone.now(), meeting_on=today - timedelta(days=1)
    )
    assert steps_of([case], today)[case.pk] is None
    Referral.objects.update(meeting_on=today)
    assert steps_of([case], today)[case.pk].pending.kind == "meeting"


def test_a_case_sent_to_a_door_has_its_reception_as_next_step():
    door = made.door()
    case = made.case(door, state="sent", organisation=None, sent_at=made.at(2026, 11, 16))
    step = steps_of([case], made.at(2026, 11, 21).date())[case.pk]
    assert (step.pending.kind, step.pending.on.isoformat(), step.is_late) == ("call", "2026-11-19", True)


def test_next_steps_take_two_statements_whatever_the_number(django_assert_num_queries):
    door = made.door()
    for _number in range(3):
        made.case(door)
    reader = made.reader(made.adviser(door))
    with django_assert_num_queries(2):
        assert len(without_next_step(reader, timezone.localdate())) == 3


# --- The matrix ------------------------------------------------------------------------------------------------------


def test_holes_that_decisions_met_are_counted_for_the_team_only(case):
    union = helping("URSCOP", "union_scop")
    decide(case, [Choice(str(union.pk), "kept", "", 1)])
    today = timezone.localdate()
    assert matrix_queries.shown(today).met == ()
    met = matrix_queries.shown(today, team=True).met
    assert ("Reprise sous forme coopérative", "Montage financier", 1) in met

"""The public pages of orientation: the matrix, how it works, where one's project is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from toile.accounts.models import Person
from toile.accounts.services import grant_role
from toile.kernel.readers import VISITOR, Role
from toile.kernel.retention import retentions
from toile.pathway.explaining import SECTIONS
from toile.pathway.home.orientation import waiting
from toile.pathway.models import CaseState, Offer, Referral, ReferralState
from toile.pathway.queries import matrix as queries
from toile.pathway.rules.matrix import matrix
from toile.pathway.rules.orientation_rules import rules_of
from toile.pathway.rules.procedure import default_procedure
from toile.pathway.services.links import token_of

from . import made_cases as made
from .made_cases import ACTOR

pytestmark = pytest.mark.django_db


def test_the_matrix_shows_who_helps_and_what_nobody_does(client):
    made.offer(made.structure("Cabestan"))
    page = client.get(reverse("pathway:matrix"))
    text = page.content.decode()
    assert page.status_code == 200
    assert "Cabestan" in text
    assert "notre lecture" in text
    assert "personne pour l’instant" in text
    for need in matrix().needs.values():
        assert need.title in text


def test_each_heading_of_the_page_has_its_stages_and_needs_in_order():
    shown = queries.shown(timezone.localdate())
    assert [heading.code for heading, _stages in shown.sections] == [one.code for one in matrix().headings]
    (scale,) = [stages for heading, stages in shown.sections if heading.code == "changement_echelle"]
    assert [line.need.code for line in scale[0][1]][:5] == [
        "diversification",
        "duplication",
        "fertilisation",
        "cooperation",
        "mutualisation",
    ]


def test_a_long_wait_is_told_from_five_persons_on_and_to_the_team_before():
    offer = made.offer(made.structure("Cabestan"))
    Offer.objects.filter(pk=offer.pk).update(needs=["prevision"])
    door = made.door()
    for _number in range(4):
        waited(door, offer)
    today = timezone.localdate()

    def long_waits(**who):
        return [hole for hole in queries.shown(today, **who).holes if hole.kind == "wait"]

    assert long_waits() == []
    assert len(long_waits(team=True)) == 1
    waited(door, offer)
    (hole,) = long_waits()
    assert "40 jours" in hole.sentence


def waited(door, offer):
    sent = timezone.now().replace(hour=11) - timedelta(days=60)
    return Referral.objects.create(
        case=made.case(door, stage="creation"),
        offer=offer,
        partner=offer.partner,
        need="prevision",
        sent_at=sent,
        due_on=sent.date(),
        state=ReferralState.ACCEPTED,
        answered_at=sent + timedelta(days=40),
    )


def test_the_matrix_takes_few_statements(django_assert_max_num_queries):
    for number in range(6):
        made.offer(made.structure(f"Partenaire {number}"))
    with django_assert_max_num_queries(2):
        queries.shown(timezone.localdate())


def test_how_it_works_is_written_by_the_rules_themselves(client):
    page = client.get(reverse("pathway:explained"))
    text = page.content.decode()
    assert page.status_code == 200
    for rule in rules_of().rules:
        assert rule.title in text
        assert rule.reason in text
    procedure = default_procedure()
    for question in procedure.questions:
        assert procedure.said(question.wording) in text
    for section in SECTIONS:
        assert f'id="{section.code}"' in text
    assert "moins de 18 ans" in text, "conditions are told in words"


def test_the_holder_sees_where_the_project_is_by_their_link(client):
    case = made.case(made.door())
    made.holder(case)
    offer = made.offer(made.structure("Cabestan"))
    Referral.objects.create(case=case, offer=offer, partner=offer.partner, due_on=timezone.localdate())
    page = client.get(reverse("pathway:where", args=[token_of(case)]))
    text = page.content.decode()
    assert page.status_code == 200
    assert "Accompagné par MIFE" in text
    assert "Cabestan" in text
    assert page["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize("state", [CaseState.BEGUN, CaseState.SENT, CaseState.CLOSED])
def test_the_page_of_the_holder_is_clear_in_every_state(client, state):
    more = {"closed_at": timezone.now()} if state == CaseState.CLOSED else {}
    case = made.case(made.door(), state=state, organisation=None, **more)
    assert client.get(reverse("pathway:where", args=[token_of(case)])).status_code == 200


def test_a_forged_link_of_a_holder_opens_nothing(client):
    case = made.case(made.door())
    assert client.get(reverse("pathway:where", args=[token_of(case)[:-1] + "!"])).status_code == 404


def test_a_holder_with_an_account_has_the_same_page_and_an_adviser_is_sent_to_the_case(client):
    door = made.door()
    case = made.case(door)
    person = made.member(made.structure("Ailleurs"))
    made.holder(case, person=person)
    url = reverse("pathway:where_mine", args=[case.pk])
    client.force_login(Person.objects.get(pk=person))
    assert client.get(url).status_code == 200
    client.force_login(Person.objects.get(pk=made.adviser(door)))
    assert client.get(url)["Location"] == reverse("pathway:case", args=[case.pk])


def test_the_case_shows_the_partners_asked_to_who_receives(client):
    door = made.door()
    case = made.case(door)
    offer = made.offer(made.structure("Cabestan"))
    Referral.objects.create(case=case, offer=offer, partner=offer.partner, due_on=timezone.localdate())
    client.force_login(Person.objects.get(pk=made.adviser(door)))
    assert "Cabestan" in client.get(reverse("pathway:case", args=[case.pk])).content.decode()


def test_the_addresses_of_partners_go_ninety_days_after_their_answer():
    offer = made.offer(made.structure("Cabestan"))
    kept = retentions["pathway.referral"]
    now = timezone.now()
    Referral.objects.create(
        case=made.case(made.door()),
        offer=offer,
        partner=offer.partner,
        email="a@example.org",
        due_on=now.date(),
        state=ReferralState.DECLINED,
        answered_at=now,
    )
    assert kept.due(now + timedelta(days=89)) == 0
    assert kept.due(now + timedelta(days=91)) == 1
    assert kept.apply(ACTOR, now + timedelta(days=91)) == 1
    assert Referral.objects.get().email == ""


def test_what_waits_is_told_to_who_receives_and_to_who_is_asked():
    door = made.door()
    case = made.case(door)
    offer = made.offer(made.structure("Cabestan"))
    Referral.objects.create(case=case, offer=offer, partner=offer.partner, due_on=timezone.localdate())
    asked = waiting(made.reader(made.member(offer.partner)))
    assert [item.count for item in asked] == [1]
    adviser = made.reader(made.adviser(door))
    assert list(waiting(adviser)) == []
    Referral.objects.update(escalated_at=timezone.now())
    assert [item.url for item in waiting(adviser)] == [reverse("pathway:no_next_step")]
    assert list(waiting(VISITOR)) == []


def test_the_team_finds_the_structure_whose_offer_it_writes(client):
    made.structure("Cabestan")
    person = made.member(made.structure("Métropole"))
    grant_role(ACTOR, None, person, Role.OFFICER)
    client.force_login(Person.objects.get(pk=person))
    page = client.get(reverse("pathway:offers_mine"), {"structure": "cabes"})
    assert [one.name for one in page.context["structures"]] == ["Cabestan"]


def test_pages_take_a_known_number_of_statements(client):
    door = made.door()
    case = made.case(door)
    for number in range(4):
        made.offer(made.structure(f"Partenaire {number}"))
    client.force_login(Person.objects.get(pk=made.adviser(door)))
    for route, args, most in (
        ("pathway:orientation", [case.pk], 24),
        ("pathway:offers", [], 14),
        ("pathway:leads", [], 15),
        ("pathway:no_next_step", [], 15),
        ("pathway:matrix", [], 12),
    ):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(route, args=args)).status_code == 200
        assert len(captured) <= most, (route, len(captured))

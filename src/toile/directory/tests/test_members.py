"""Who represents a structure: inviting, roles, handing over, leaving, and what is seen of it."""

from __future__ import annotations

import re
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from toile.directory.models import Claim, Invitation, Membership, Organisation
from toile.directory.models.claims import Way
from toile.directory.models.memberships import MemberRole
from toile.directory.models.organisations import Stage
from toile.directory.models.records import Verdict
from toile.directory.services import (
    accept,
    appoint,
    ask,
    change_role,
    decline,
    dismiss,
    hand_over,
    invite,
    judge,
    leave,
    settle_claim,
    withdraw_invitation,
)
from toile.directory.services.claims import TooOften, forget_claims
from toile.directory.services.invitations import INVITE, forget_invitations
from toile.directory.services.members import HandOverFirst
from toile.kernel import links
from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, Forbidden, Gone, NotVisible, UserError
from toile.kernel.jobs import run_waiting
from toile.kernel.personal import Someone, holdings
from toile.kernel.readers import VISITOR, Reader, Role, reader_of
from toile.kernel.work import kinds as work_kinds
from toile.territory.services import init_territory
from toile.thread.models import Fact
from toile.thread.names import name_all

from .conftest import SEM, reader_with
from .structures import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

ACTOR = Actor.system("essai")
LEAD, CONTRIBUTOR = MemberRole.LEAD, MemberRole.CONTRIBUTOR


def of(organisation: Organisation, role: MemberRole = LEAD) -> Reader:
    """Somebody who represents it in this role."""
    reader = reader_with(organisations=[organisation])
    assert reader.person
    appoint(ACTOR, None, person=reader.person, organisation=organisation, role=role)
    return reader


def roles(organisation: Organisation) -> dict[Any, str]:
    return dict(Membership.objects.in_force().of_structure(organisation.canonical_id).roles())


def kinds() -> list[str]:
    found = Fact.objects.filter(kind__regex=r"directory\.(claim|member|page|invitation)\.").order_by("pk")
    return [kind.removeprefix("directory.") for kind in found.values_list("kind", flat=True)]


def invites(reader: Reader, organisation: Organisation, email: str = "lui@exemple.fr", role: Any = CONTRIBUTOR) -> str:
    """The link that the letter holds."""
    sent = invite(Actor.of(reader), reader, organisation, email=email, role=role)
    return links.sign(INVITE, str(sent.pk))


# --- Invitations -----------------------------------------------------------------------------------------------------


def test_a_lead_invites_and_the_invited_person_accepts_by_the_letter(client: Client, person: Any) -> None:
    organisation, lead, invited = make("Les Essais"), person(), person()
    appoint(ACTOR, None, person=lead.pk, organisation=organisation, role=LEAD)
    client.force_login(lead)
    url = f"/annuaire/{organisation.pk}/membres/"
    assert client.post(url, {"email": "LUI@exemple.fr", "role": "contributor"})["Location"] == url
    assert "lui@exemple.fr" in client.get(url).content.decode()
    run_waiting()
    (letter,) = mail.outbox
    assert letter.to == ["lui@exemple.fr"] and lead.display_name in letter.body
    link = re.search(r"http://[^/]+(/\S+)", letter.body)
    assert link
    client.logout()
    shown = client.get(link[1]).content.decode()
    assert "Les Essais" in shown and f"/compte/login/?next={quote(link[1])}" in shown
    assert client.post(link[1], {"reponse": "oui"}).status_code == 200, "accepting asks who one is"
    client.force_login(invited)
    assert client.get(link[1]).status_code == 200
    assert roles(organisation) == {lead.pk: "lead"}, "reading a letter's link writes nothing"
    assert client.post(link[1], {"reponse": "oui"})["Location"] == organisation.get_absolute_url()
    assert roles(organisation) == {lead.pk: "lead", invited.pk: "contributor"}
    kept = Invitation.objects.get()
    assert (kept.state, kept.email, kept.accepted_by) == ("accepted", "", invited.pk)
    assert client.get(link[1]).status_code == client.post(link[1]).status_code == 410
    assert kinds() == ["member.joined", "invitation.sent", "member.joined"]


def test_inviting_says_the_same_whether_there_is_an_account(client: Client, person: Any) -> None:
    organisation, lead, known = make(), person(), person()
    appoint(ACTOR, None, person=lead.pk, organisation=organisation, role=LEAD)
    client.force_login(lead)
    said = []
    for email in (known.email, "personne.ici@exemple.fr", lead.email):
        answer = client.post(f"/annuaire/{organisation.pk}/membres/", {"email": email, "role": "lead"}, follow=True)
        said.append([str(message) for message in answer.context["messages"]])
    assert said[0] == said[1] == said[2]
    run_waiting()
    assert len({letter.body.replace(letter.to[0], "")[:80] for letter in mail.outbox}) == 1


def test_an_invitation_forged_expired_or_withdrawn_opens_nothing(client: Client, person: Any, monkeypatch: Any) -> None:
    organisation = make()
    lead = of(organisation)
    good = invites(lead, organisation)
    client.force_login(person())
    for bad in (good[:-2] + "xx", links.sign("directory.claim.prove", str(Invitation.objects.get().pk)), "x"):
        assert client.get(f"/annuaire/invitation/{bad}/").status_code == 404
        assert client.post(f"/annuaire/invitation/{bad}/", {"reponse": "oui"}).status_code == 404
    monkeypatch.setattr("django.core.signing.time.time", lambda: timezone.now().timestamp() + 14 * 24 * 3600 + 5)
    assert client.post(f"/annuaire/invitation/{good}/", {"reponse": "oui"}).status_code == 410
    monkeypatch.undo()
    withdraw_invitation(Actor.of(lead), lead, Invitation.objects.get())
    with pytest.raises(Gone):
        accept(ACTOR, reader_with(), good)
    with pytest.raises(Conflict):
        withdraw_invitation(Actor.of(lead), lead, Invitation.objects.get())
    assert roles(organisation) == {lead.person: "lead"}


def test_somebody_says_no_without_an_account(client: Client) -> None:
    organisation = make()
    good = invites(of(organisation), organisation)
    assert client.post(f"/annuaire/invitation/{good}/", {"reponse": "non"}).status_code == 302
    kept = Invitation.objects.get()
    assert (kept.state, kept.email) == ("declined", "")
    with pytest.raises(Gone):
        decline(ACTOR, good)


def test_an_address_invited_again_gets_its_letter_again_and_no_more_than_three_a_day() -> None:
    organisation = make()
    lead = of(organisation)
    for _ in "abc":
        invites(lead, organisation, role=LEAD)
    with pytest.raises(TooOften):
        invites(lead, organisation)
    assert Invitation.objects.get().role == LEAD
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(organisation=organisation, email="lui@exemple.fr")


def test_the_team_may_invite_where_there_is_nobody_and_who_comes_leads(officer: Reader) -> None:
    organisation, reader = make(), reader_with()
    accept(Actor.of(reader), reader, invites(officer, organisation))
    assert roles(organisation) == {reader.person: "lead"}
    assert kinds()[-2:] == ["member.joined", "page.claimed"]


def test_an_invitation_to_lead_raises_who_is_there_and_ends_their_claim() -> None:
    organisation = make()
    lead, contributor, outside = of(organisation), of(organisation, CONTRIBUTOR), reader_with()
    accept(Actor.of(contributor), contributor, invites(lead, organisation, role=LEAD))
    assert roles(organisation)[contributor.person] == "lead"
    ask(Actor.of(outside), outside, organisation, role=CONTRIBUTOR, way=Way.MODERATOR, email="", words="J’y travaille.")
    accept(Actor.of(outside), outside, invites(lead, organisation, "elle@exemple.fr"))
    assert Claim.objects.get().state == "withdrawn"
    assert roles(organisation)[outside.person] == "contributor"


def test_only_those_who_lead_and_the_team_invite(officer: Reader) -> None:
    organisation = make()
    lead, contributor = of(organisation), of(organisation, CONTRIBUTOR)
    invites(lead, organisation)
    for reader in (contributor, reader_with(), reader_with(Role.BUYER), of(make())):
        with pytest.raises(Forbidden):
            invites(reader, organisation)
        with pytest.raises(Forbidden):
            withdraw_invitation(Actor.of(reader), reader, Invitation.objects.get())


# --- Roles, handing over, leaving ------------------------------------------------------------------------------------


def test_a_lead_hands_over_then_leaves(client: Client, person: Any) -> None:
    organisation, first, second = make("Les Essais"), person(), person()
    appoint(ACTOR, None, person=first.pk, organisation=organisation, role=LEAD)
    appoint(ACTOR, None, person=second.pk, organisation=organisation)
    client.force_login(first)
    url = f"/annuaire/{organisation.pk}/quitter/"
    refused = client.post(url, {})
    assert refused.status_code == 422 and "Choisissez qui devient responsable" in refused.content.decode()
    member = f"/annuaire/{organisation.pk}/membres/{second.pk}/"
    assert client.post(member, {"geste": "main"}).status_code == 302
    assert roles(organisation) == {first.pk: "contributor", second.pk: "lead"}
    assert client.get(member).status_code == 404, "a contributor changes nobody's role"
    assert client.post(url, {}).status_code == 302
    assert roles(organisation) == {second.pk: "lead"}
    assert kinds()[-3:] == ["member.promoted", "member.promoted", "member.left"]
    assert client.get(f"/annuaire/{organisation.pk}/membres/").status_code == 403


def test_leaving_and_handing_over_are_one_gesture_when_asked() -> None:
    organisation = make()
    lead, contributor = of(organisation), of(organisation, CONTRIBUTOR)
    with pytest.raises(HandOverFirst):
        leave(Actor.of(lead), lead, organisation)
    with pytest.raises(Conflict):
        leave(Actor.of(lead), lead, organisation, successor=uuid4())
    with pytest.raises(Conflict):
        leave(Actor.of(lead), lead, organisation, successor=lead.person)
    assert len(roles(organisation)) == 2, "nothing is half done"
    leave(Actor.of(lead), lead, organisation, successor=contributor.person)
    assert roles(organisation) == {contributor.person: "lead"}
    with pytest.raises(Conflict):
        leave(Actor.of(lead), lead, organisation)


def test_a_contributor_leaves_freely_and_hands_nothing_over() -> None:
    organisation = make()
    of(organisation)
    contributor, other = of(organisation, CONTRIBUTOR), of(organisation, CONTRIBUTOR)
    with pytest.raises(Forbidden):
        leave(Actor.of(contributor), contributor, organisation, successor=other.person)
    with pytest.raises(Forbidden):
        hand_over(Actor.of(contributor), contributor, organisation, other.person or uuid4())
    leave(Actor.of(contributor), contributor, organisation)
    assert contributor.person not in roles(organisation)


def test_the_last_to_leave_is_told_and_the_team_sees_it(client: Client, person: Any, officer: Reader) -> None:
    organisation, someone = make("La délaissée"), person()
    make("Jamais représentée")
    ceased = make("La close")
    gone = of(ceased)
    leave(Actor.of(gone), gone, ceased)
    Organisation.objects.filter(pk=ceased.pk).update(stage=Stage.CEASED)
    appoint(ACTOR, None, person=someone.pk, organisation=organisation, role=LEAD)
    alone = work_kinds["directory.alone"]
    assert alone.counted(officer).count == 0
    client.force_login(someone)
    url = f"/annuaire/{organisation.pk}/quitter/"
    assert "il ne reste personne" in client.get(url).content.decode()
    assert client.post(url, {}).status_code == 302
    assert alone.counted(officer).count == 1
    (item,) = alone.items(officer, 10)
    assert (item.title, item.url) == ("La délaissée", f"/annuaire/{organisation.pk}/membres/")
    assert item.since == Membership.objects.get(person=someone.pk).until
    client.force_login(person(Role.OFFICER))
    assert "n’a personne ici" in client.get(organisation.get_absolute_url()).content.decode()
    back = "/a-traiter/?quoi=directory.alone&place=1"
    for wanted, then in ((back, back), ("https://ailleurs.fr/", item.url)):
        given = {"email": f"lui{len(wanted)}@exemple.fr", "role": "lead", "next": wanted}
        assert client.post(item.url, given)["Location"] == then
    accept(Actor.of(gone), gone, links.sign(INVITE, str(Invitation.objects.all()[0].pk)))
    assert alone.counted(officer).count == 0


def test_a_lead_or_the_team_ends_somebody_s_part_and_says_why(person: Any, officer: Reader) -> None:
    organisation, someone = make("Les Essais"), person()
    lead = of(organisation)
    appoint(ACTOR, None, person=someone.pk, organisation=organisation, role=LEAD)
    theirs = reader_of(someone.pk)
    sent = invites(theirs, organisation)
    with pytest.raises(UserError):
        dismiss(Actor.of(lead), lead, organisation, someone.pk, because="  ")
    dismiss(Actor.of(lead), lead, organisation, someone.pk, because="Vous avez quitté l’association.")
    run_waiting()
    assert mail.outbox[-1].to == [someone.email] and "quitté l’association" in mail.outbox[-1].body
    with pytest.raises(Gone):
        accept(ACTOR, reader_with(), sent)
    ended = Membership.objects.get(person=someone.pk)
    assert (ended.ended_by, ended.because) == (lead.person, "Vous avez quitté l’association.")
    with pytest.raises(Conflict):
        dismiss(Actor.of(lead), lead, organisation, someone.pk, because="Encore.")
    forget_claims(ACTOR, now=timezone.now() + timedelta(days=366))
    ended.refresh_from_db()
    assert ended.because == ""
    assert lead.person
    dismiss(Actor.of(officer), officer, organisation, lead.person, because="Ce compte est usurpé.")
    assert roles(organisation) == {}


def test_a_structure_that_has_people_keeps_somebody_who_leads(officer: Reader) -> None:
    organisation = make()
    lead, contributor = of(organisation), of(organisation, CONTRIBUTOR)
    assert lead.person and contributor.person
    for reader in (lead, officer):
        with pytest.raises(HandOverFirst):
            change_role(Actor.of(reader), reader, organisation, lead.person, CONTRIBUTOR)
        with pytest.raises(HandOverFirst):
            dismiss(Actor.of(reader), reader, organisation, lead.person, because="Usurpation.")
    with pytest.raises(Forbidden):
        change_role(Actor.of(contributor), contributor, organisation, contributor.person, LEAD)
    change_role(Actor.of(officer), officer, organisation, contributor.person, LEAD)
    change_role(Actor.of(lead), lead, organisation, lead.person, CONTRIBUTOR)
    assert roles(organisation) == {lead.person: "contributor", contributor.person: "lead"}
    with pytest.raises(Conflict):
        change_role(Actor.of(officer), officer, organisation, uuid4(), LEAD)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_leads_who_leave_at_the_same_moment_one_hands_over_first(small_cog: Any) -> None:
    init_territory(ACTOR, SEM, cog=small_cog, vintage="2026")
    organisation = make()
    leads = [of(organisation), of(organisation)]
    of(organisation, CONTRIBUTOR)
    start, outcomes = Barrier(2), []

    def attempt(lead: Reader) -> None:
        try:
            start.wait()
            leave(Actor.of(lead), lead, organisation)
            outcomes.append("left")
        except HandOverFirst:
            outcomes.append("stays")
        finally:
            connection.close()

    threads = [Thread(target=attempt, args=(lead,)) for lead in leads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["left", "stays"]
    assert sorted(roles(organisation).values()) == ["contributor", "lead"]


def test_the_pages_change_a_role_and_end_a_part(client: Client, person: Any) -> None:
    organisation, lead, other = make(), person(), person()
    appoint(ACTOR, None, person=lead.pk, organisation=organisation, role=LEAD)
    appoint(ACTOR, None, person=other.pk, organisation=organisation)
    client.force_login(lead)
    url = f"/annuaire/{organisation.pk}/membres/{other.pk}/"
    assert client.get(url).status_code == 200
    assert client.post(url, {"geste": "role", "role": "chef"}).status_code == 422
    assert client.post(url, {"geste": "autre"}).status_code == 422
    assert client.post(url, {"geste": "role", "role": "lead"}).status_code == 302
    assert roles(organisation)[other.pk] == "lead"
    assert client.post(url, {"geste": "fin", "because": ""}).status_code == 422
    assert client.post(url, {"geste": "fin", "because": "Parti."}).status_code == 302
    assert client.get(url).status_code == 404
    own = f"/annuaire/{organisation.pk}/membres/{lead.pk}/"
    assert client.post(own, {"geste": "role", "role": "contributor"}).status_code == 422, "the last who leads"


def test_whoever_represents_two_joined_pages_leaves_both(officer: Reader) -> None:
    old, young = make("Vieille"), make("Jeune")
    reader = reader_with()
    assert reader.person
    appoint(ACTOR, None, person=reader.person, organisation=old)
    appoint(ACTOR, None, person=reader.person, organisation=young, role=LEAD)
    judge(Actor.of(officer), officer, old, young, Verdict.SAME, ["même adresse"])
    mine = reader_of(reader.person)
    young.refresh_from_db()
    assert roles(young) == {reader.person: "lead"}
    leave(Actor.of(mine), mine, young)
    assert roles(old) == {} and not reader_of(reader.person).organisations


# --- What is seen ----------------------------------------------------------------------------------------------------


def test_names_are_read_by_the_people_of_the_structure_and_by_the_team(person: Any, officer: Reader) -> None:
    organisation, member, asking = make(), person(), person()
    appoint(ACTOR, None, person=member.pk, organisation=organisation, role=LEAD)
    beside = of(organisation, CONTRIBUTOR)
    reader = reader_of(asking.pk, asking.display_name)
    claim = ask(
        Actor.of(reader), reader, organisation, role=CONTRIBUTOR, way=Way.MODERATOR, email="", words="J’y travaille."
    )
    both = {member.pk: member.display_name, asking.pk: asking.display_name}
    for allowed in (beside, officer):
        assert {pk: named.label for pk, named in name_all(allowed, [*both, uuid4()]).items()} == both
    for other in (VISITOR, reader_with(), of(make()), reader_with(Role.BUYER)):
        assert name_all(other, list(both)) == {}
    Claim.objects.filter(pk=claim.pk).update(state="refused", decided_at=timezone.now())
    assert set(name_all(beside, list(both))) == {member.pk}, "who was not accepted is no longer named to them"
    Membership.objects.filter(person=member.pk).update(until=timezone.now())
    assert name_all(beside, list(both)) == {}


@pytest.mark.parametrize("several", [1, 3])
def test_the_members_page_costs_the_same_whoever_is_there(
    client: Client, person: Any, django_assert_num_queries: Any, several: int
) -> None:
    organisation, lead = make(), person()
    appoint(ACTOR, None, person=lead.pk, organisation=organisation, role=LEAD)
    for number in range(several):
        appoint(ACTOR, None, person=person().pk, organisation=organisation)
        invites(reader_of(lead.pk), organisation, f"lui{number}@exemple.fr")
    client.force_login(lead)
    with django_assert_num_queries(13):
        assert client.get(f"/annuaire/{organisation.pk}/membres/").status_code == 200


def test_the_page_of_members_is_not_a_visitor_s(client: Client, person: Any) -> None:
    organisation = make()
    of(organisation)
    url = f"/annuaire/{organisation.pk}/membres/"
    assert client.get(url).status_code == 302
    client.force_login(person())
    for path in (url, f"/annuaire/{organisation.pk}/quitter/", f"{url}{uuid4()}/"):
        assert client.get(path).status_code == client.post(path).status_code == 403
    client.force_login(person(Role.OFFICER))
    assert client.get(url).status_code == 200
    with pytest.raises(NotVisible):
        accept(ACTOR, reader_with(), "x")


def test_invitations_nobody_answers_end_and_are_deleted_a_year_after() -> None:
    organisation = make()
    invites(of(organisation), organisation)
    now = timezone.now()
    assert forget_invitations(ACTOR, now=now) == (0, 0)
    assert forget_invitations(ACTOR, now=now + timedelta(days=15)) == (1, 0)
    assert Invitation.objects.get().email == ""
    assert forget_invitations(ACTOR, now=now + timedelta(days=381)) == (0, 1)


def test_an_erased_person_leaves_the_dates_and_nothing_else(person: Any, officer: Reader) -> None:
    organisation, someone = make(website="https://essais.fr"), person()
    appoint(ACTOR, None, person=someone.pk, organisation=organisation, role=LEAD)
    mine = reader_of(someone.pk)
    invites(mine, organisation)
    invites(officer, make(), someone.email)
    ask(Actor.of(mine), mine, make(), role=LEAD, way=Way.MODERATOR, email="", words="Ce sont mes mots.")
    own = [holdings[f"directory.{name}"] for name in ("membership", "claim", "invitation")]
    accept(Actor.of(mine), mine, invites(officer, make(), "ancienne.adresse@exemple.fr"))
    beside = of(organisation)
    assert beside.person
    dismiss(Actor.of(mine), mine, organisation, beside.person, because="Partie.")
    theirs = ask(
        Actor.of(beside), beside, organisation, role=LEAD, way=Way.MODERATOR, email="", words="Je reviens bientôt."
    )
    settle_claim(Actor.of(mine), mine, theirs, accepts=False, reason="Non.")
    who = Someone(someone.pk, frozenset({someone.email}))
    told = [list(holding.export(who)) for holding in own]
    assert [len(rows) for rows in told] == [3, 2, 3]
    assert "Ce sont mes mots." in repr(told) and "lui@exemple.fr" not in repr(told)
    assert "Je reviens bientôt." not in repr(told), "what another wrote is not theirs"
    for _ in "ab":
        with act(ACTOR):
            for holding in own:
                holding.erase(who)
    assert [list(holding.export(who)) for holding in own] == [[], [], []]
    left = repr([list(model.objects.order_by("pk").values()) for model in (Membership, Claim, Invitation)])
    assert str(someone.pk) not in left and someone.email not in left
    assert work_kinds["directory.alone"].counted(officer).count == 2, "that they had people is still known"
    assert kinds().count("member.left") == 3


@pytest.mark.parametrize("several", [1, 3])
def test_the_team_s_queue_counts_in_one_statement_and_lists_in_a_few(
    officer: Reader, django_assert_num_queries: Any, several: int
) -> None:
    for _ in range(several):
        reader, organisation = reader_with(), make()
        ask(Actor.of(reader), reader, organisation, role=LEAD, way=Way.MODERATOR, email="", words="J’y travaille.")
        left = of(other := make())
        leave(Actor.of(left), left, other)
    for code, statements in (("directory.claim", 6), ("directory.alone", 1)):
        kind = work_kinds[code]
        with django_assert_num_queries(1):
            assert kind.counted(officer).count == several
        with django_assert_num_queries(statements):
            assert len(kind.items(officer, 10)) == several


def test_a_claim_is_answered_from_the_team_s_queue(client: Client, person: Any) -> None:
    reader, organisation = reader_with(), make("Qui attend")
    ask(Actor.of(reader), reader, organisation, role=LEAD, way=Way.MODERATOR, email="", words="J’y travaille.")
    client.force_login(person(Role.OFFICER))
    shown = client.get("/a-traiter/?quoi=directory.claim").content.decode()
    assert "Qui attend" in shown and "J’y travaille." in shown
    url = f"/annuaire/demandes/{Claim.objects.get().pk}/"
    given = {"answer": "accept", "reason": "Vue à l’accueil.", "next": "/a-traiter/?quoi=directory.claim"}
    assert client.post(url, given)["Location"] == given["next"]
    assert roles(organisation) == {reader.person: "lead"}

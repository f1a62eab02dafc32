"""Asking to represent a structure: what proves, what waits, who answers, what is forgotten."""

from __future__ import annotations

import re
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from toile.accounts.models import Person
from toile.directory.models import Claim, Membership, Organisation
from toile.directory.models.claims import Way
from toile.directory.models.memberships import MemberRole
from toile.directory.models.records import Verdict
from toile.directory.services import WrittenSince, appoint, ask, judge, prove, settle_claim, withdraw, withdraw_claim
from toile.directory.services.claims import PROVE, AlreadyThere, NotAProof, ReasonOwed, TooOften, forget_claims
from toile.kernel import links
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, Forbidden, Gone, NotVisible
from toile.kernel.jobs import run_waiting
from toile.kernel.readers import Reader, Role, reader_of
from toile.territory.services import init_territory
from toile.thread.models import Fact

from .conftest import SEM, reader_with
from .structures import make, make_private

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

SITE = "https://www.essais-du-gier.fr/accueil"
OWN = "lea@essais-du-gier.fr"
WORDS = "Je tiens l’accueil, le mardi."


def claims(
    reader: Reader, organisation: Organisation, *, email: str = "", words: str = WORDS, role: str = "lead"
) -> Claim:
    way = Way.DOMAIN if email else Way.MODERATOR
    return ask(Actor.of(reader), reader, organisation, role=MemberRole(role), way=way, email=email, words=words)


def settles(reader: Reader, claim: Claim, *, accepts: bool = True, reason: str = "Vérifié au téléphone.") -> None:
    settle_claim(Actor.of(reader), reader, claim, accepts=accepts, reason=reason)


def token(claim: Claim) -> str:
    return links.sign(PROVE, str(claim.pk))


def proves(reader: Reader, claim: Claim) -> Claim:
    return prove(Actor.of(reader), reader, token(claim))


def led(**payload: Any) -> tuple[Organisation, Reader]:
    """A structure and the person who leads it."""
    organisation = make("Les Essais du Gier", website=SITE, **payload)
    lead = reader_with(organisations=[organisation])
    assert lead.person
    appoint(Actor.system("essai"), None, person=lead.person, organisation=organisation, role=MemberRole.LEAD)
    return organisation, lead


def kinds() -> list[str]:
    found = Fact.objects.filter(kind__regex=r"directory\.(claim|member|page|invitation)\.").order_by("pk")
    return [kind.removeprefix("directory.") for kind in found.values_list("kind", flat=True)]


def roles(organisation: Organisation) -> dict[Any, str]:
    return dict(Membership.objects.in_force().of_structure(organisation.canonical_id).roles())


def state(claim: Claim) -> str:
    return str(Claim.objects.get(pk=claim.pk).state)


# --- By an address ---------------------------------------------------------------------------------------------------


def test_an_address_at_the_domain_opens_a_structure_that_nobody_leads(client: Client, person: Any) -> None:
    organisation, someone = make("Les Essais du Gier", website=SITE), person()
    client.force_login(someone)
    given = {"role": "contributor", "way": "domain", "email": "LEA@essais-du-gier.fr", "words": ""}
    assert client.get(f"/annuaire/{organisation.pk}/representer/").status_code == 200
    assert client.post(f"/annuaire/{organisation.pk}/representer/", given).status_code == 302
    assert roles(organisation) == {}, "nothing before the proof"
    with pytest.raises(Conflict):
        settles(reader_with(Role.OFFICER), Claim.objects.get())
    run_waiting()
    (letter,) = mail.outbox
    assert letter.to == [OWN]
    url = re.search(r"http://\S+", letter.body)
    assert url
    path = url.group().partition("8000")[2]
    assert client.get(path).status_code == 200
    assert roles(organisation) == {}, "scanners of mail follow links: reading one writes nothing"
    answer = client.post(path)
    assert (answer.status_code, answer["Location"]) == (302, organisation.get_absolute_url())
    assert roles(organisation) == {someone.pk: "lead"}, "somebody has to answer for it"
    claim = Claim.objects.get()
    assert (claim.state, claim.email, claim.proved_at is not None) == ("accepted", "", True)
    assert kinds() == ["claim.accepted", "member.joined", "page.claimed"]
    assert client.get(path).status_code == client.post(path).status_code == 410, "a link serves once"


@pytest.mark.parametrize("email", ["lea@gmail.com", "lea@faux-essais-du-gier.fr", "lea@gier.fr"])
def test_an_address_elsewhere_is_refused_and_nothing_typed_is_lost(client: Client, person: Any, email: str) -> None:
    organisation = make(website=SITE)
    client.force_login(person())
    given = {"role": "lead", "way": "domain", "email": email, "words": "Je suis Léa."}
    refused = client.post(f"/annuaire/{organisation.pk}/representer/", given)
    assert refused.status_code == 422
    assert email in refused.content.decode() and "Je suis Léa." in refused.content.decode()
    assert not Claim.objects.exists()
    assert run_waiting() == 0


def test_a_structure_without_a_site_of_its_own_asks_for_words(client: Client, person: Any) -> None:
    client.force_login(person())
    for website in ("", "https://essais.wixsite.com/gier"):
        organisation = make(website=website)
        url = f"/annuaire/{organisation.pk}/representer/"
        assert 'name="email"' not in client.get(url).content.decode()
        assert client.post(url, {"role": "lead", "words": "Moi"}).status_code == 422
        assert client.post(url, {"role": "lead", "words": WORDS}).status_code == 302
        with pytest.raises(NotAProof):
            claims(reader_with(), organisation, email="lea@essais.wixsite.com")
    assert set(Claim.objects.values_list("way", "state")) == {("moderator", "waiting_decision")}


def test_a_link_forged_expired_or_somebody_else_s_opens_nothing(client: Client, person: Any, monkeypatch: Any) -> None:
    organisation, someone, other = make(website=SITE), person(), person()
    claim = claims(reader_of(someone.pk), organisation, email=OWN)
    good = token(claim)
    forged = [good[:-2] + "xx", links.sign("directory.invitation.answer", str(claim.pk)), "x", "é" * 300]
    client.force_login(someone)
    for bad in forged:
        assert client.get(f"/annuaire/demandes/preuve/{bad}/").status_code == 404
        assert client.post(f"/annuaire/demandes/preuve/{bad}/").status_code == 404
    client.force_login(other)
    assert client.get(f"/annuaire/demandes/preuve/{good}/").status_code == 404
    assert client.post(f"/annuaire/demandes/preuve/{good}/").status_code == 404
    client.force_login(someone)
    monkeypatch.setattr("django.core.signing.time.time", lambda: timezone.now().timestamp() + 3 * 24 * 3600 + 5)
    assert client.post(f"/annuaire/demandes/preuve/{good}/").status_code == 410
    monkeypatch.undo()
    assert (state(claim), roles(organisation)) == ("waiting_proof", {})


def test_asking_again_sends_the_link_again_and_another_address_ends_the_first_link() -> None:
    organisation, reader = make(website=SITE), reader_with()
    first = claims(reader, organisation, email=OWN)
    run_waiting()
    assert claims(reader, organisation, email=OWN).pk == first.pk
    run_waiting()
    second = claims(reader, organisation, email="bureau@essais-du-gier.fr")
    run_waiting()
    assert [letter.to for letter in mail.outbox] == [[OWN], [OWN], ["bureau@essais-du-gier.fr"]]
    with pytest.raises(Gone):
        proves(reader, first)
    assert (state(first), proves(reader, second).state) == ("withdrawn", "accepted")


def test_on_a_structure_already_led_a_proof_alone_lets_nobody_in() -> None:
    organisation, lead = led()
    reader = reader_with()
    claim = claims(reader, organisation, email=OWN, role="contributor")
    assert proves(reader, claim).state == "waiting_decision"
    assert reader.person not in roles(organisation)
    assert kinds() == ["member.joined", "claim.received"]
    with pytest.raises(Gone):
        proves(reader, claim)
    claim.refresh_from_db()
    settles(lead, claim, reason="")
    assert roles(organisation) == {lead.person: "lead", reader.person: "contributor"}
    assert "page.claimed" not in kinds(), "it was kept already"


def test_a_site_that_changed_meanwhile_proves_nothing_any_more() -> None:
    organisation, reader = make(website=SITE), reader_with()
    claim = claims(reader, organisation, email=OWN)
    Organisation.objects.filter(pk=organisation.pk).update(website="https://autre.fr")
    done = proves(reader, claim)
    assert (done.state, done.proved_at, roles(organisation)) == ("waiting_decision", None, {})


def test_the_people_of_the_structure_are_told_by_mail_and_read_who_asks(client: Client, person: Any) -> None:
    organisation, lead, asking = make("Les Essais", website=SITE), person(), person()
    appoint(Actor.system("essai"), None, person=lead.pk, organisation=organisation, role=MemberRole.LEAD)
    claim = claims(reader_of(asking.pk), organisation, role="contributor")
    run_waiting()
    (letter,) = mail.outbox
    assert letter.to == [lead.email] and f"/annuaire/demandes/{claim.pk}/" in letter.body
    assert asking.display_name not in letter.body
    client.force_login(lead)
    shown = client.get(f"/annuaire/demandes/{claim.pk}/").content.decode()
    assert asking.display_name in shown and WORDS in shown
    after = client.post(f"/annuaire/demandes/{claim.pk}/", {"answer": "accept", "reason": ""})
    assert after["Location"] == f"/annuaire/{organisation.pk}/membres/"
    assert asking.display_name in client.get(after["Location"]).content.decode()
    run_waiting()
    assert mail.outbox[-1].to == [asking.email]


# --- By a decision ---------------------------------------------------------------------------------------------------


def test_the_team_says_why_it_accepts_without_proof_and_why_it_refuses(officer: Reader) -> None:
    organisation, reader = make(), reader_with()
    claim = claims(reader, organisation)
    for accepts in (True, False):
        with pytest.raises(ReasonOwed):
            settles(officer, claim, accepts=accepts, reason="  ")
    settles(officer, claim, accepts=False, reason="Personne ne vous connaît à l’accueil.")
    claim.refresh_from_db()
    assert (claim.state, claim.decided_by, roles(organisation)) == ("refused", officer.person, {})
    fact = Fact.objects.get(kind="directory.claim.refused")
    assert (fact.visibility, fact.data) == ("own", {"claim": str(claim.pk)})
    again = claims(reader, organisation, words="Voici la page qui me nomme.")
    settles(officer, again)
    assert roles(organisation) == {reader.person: "lead"}


def test_of_two_who_answer_the_second_sees_what_the_first_decided(client: Client, person: Any, officer: Reader) -> None:
    claim = claims(reader_with(), make())
    late = Claim.objects.get(pk=claim.pk)
    settles(officer, claim, accepts=False, reason="Déjà connue sous un autre nom.")
    with pytest.raises(Conflict):
        settles(reader_with(Role.ADMINISTRATOR), late)
    client.force_login(person(Role.OFFICER))
    url = f"/annuaire/demandes/{claim.pk}/"
    answer = client.post(url, {"answer": "accept", "reason": "Oui."})
    assert answer.status_code == 409 and "Déjà connue sous un autre nom." in answer.content.decode()
    assert not Membership.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_the_same_moment_one_is_refused(small_cog: Any) -> None:
    init_territory(Actor.system("essai"), SEM, cog=small_cog, vintage="2026")
    claim = claims(reader_with(), make())
    start, outcomes = Barrier(2), []

    def attempt(accepts: bool) -> None:
        try:
            start.wait()
            settles(reader_with(Role.OFFICER), Claim.objects.get(pk=claim.pk), accepts=accepts)
            outcomes.append(accepts)
        except Conflict:
            outcomes.append("conflict")
        finally:
            connection.close()

    threads = [Thread(target=attempt, args=(accepts,)) for accepts in (True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert outcomes.count("conflict") == 1
    assert Membership.objects.count() == outcomes.count(True)
    assert state(claim) == ("accepted" if True in outcomes else "refused")


def test_nobody_answers_their_own_claim_nor_without_the_right(officer: Reader) -> None:
    organisation, lead = led()
    contributor = reader_with(organisations=[organisation])
    assert contributor.person
    appoint(Actor.system("essai"), None, person=contributor.person, organisation=organisation)
    own = claims(officer, organisation, role="contributor")
    with pytest.raises(Forbidden):
        settles(officer, own)
    claim = claims(reader_with(), organisation, role="contributor")
    for reader in (contributor, reader_with(), reader_with(Role.BUYER), reader_with(organisations=[make()])):
        with pytest.raises(Forbidden):
            settles(reader, claim)
    settles(lead, own)
    assert roles(organisation)[officer.person] == "contributor"


def test_one_claim_a_person_is_open_and_the_database_holds_it() -> None:
    organisation, reader = make(website=SITE), reader_with()
    first = claims(reader, organisation)
    assert claims(reader, organisation).pk == first.pk, "two clicks are one claim"
    second = claims(reader, organisation, words="Autrement dit : j’y suis bénévole.")
    assert list(Claim.objects.still_open().values_list("pk", flat=True)) == [second.pk]
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(person=reader.person, organisation=organisation)
    withdraw_claim(Actor.of(reader), reader, second)
    with pytest.raises(Conflict):
        withdraw_claim(Actor.of(reader), reader, second)
    with pytest.raises(Forbidden):
        withdraw_claim(Actor.of(reader), reader_with(), claims(reader, organisation))
    organisation, lead = led()
    with pytest.raises(AlreadyThere):
        claims(lead, organisation)


def test_asking_too_often_waits() -> None:
    reader = reader_with()
    organisation = make(website=SITE)
    for number in range(5):
        claims(reader, organisation, words=f"{WORDS} {number}")
    with pytest.raises(TooOften):
        claims(reader, organisation, words="Encore.")
    for _ in range(5):
        claims(reader_with(), make(website=SITE), email=OWN)
    with pytest.raises(TooOften):
        claims(reader_with(), make(website=SITE), email=OWN)


def test_a_private_project_is_claimed_by_nobody_who_does_not_see_it(client: Client, person: Any) -> None:
    client.force_login(person())
    assert client.get(f"/annuaire/{make_private().pk}/representer/").status_code == 404


def test_claims_follow_the_structure_after_a_merge(client: Client, officer: Reader) -> None:
    old, young = make("Vieille", website=SITE), make("Jeune", website=SITE)
    twice, other = reader_with(), reader_with()
    early, late = claims(twice, old, words="Un"), claims(twice, young, words="Deux")
    proof = claims(other, young, email=OWN)
    judge(Actor.of(officer), officer, old, young, Verdict.SAME, ["même adresse"])
    late.refresh_from_db()
    settles(officer, late)
    assert (state(late), state(early)) == ("accepted", "withdrawn")
    assert roles(old) == {twice.person: "lead"}
    assert Membership.objects.get().organisation_id == old.pk, "a row written after the merge is of the page that shows"
    assert proves(other, proof).state == "waiting_decision", (
        "the structure is led now, whichever of its pages one asked"
    )
    lead = reader_of(twice.person)
    settles(lead, Claim.objects.get(pk=proof.pk), reason="")
    assert client.get(f"/annuaire/{young.pk}/representer/").status_code == 302
    assert other.person in roles(old)


def test_at_a_split_a_person_says_whose_a_claim_made_since_is(officer: Reader) -> None:
    old, young = make("Vieille"), make("Jeune")
    both = reader_with()
    early = claims(both, young)
    judgement = judge(Actor.of(officer), officer, old, young, Verdict.SAME, ["même adresse"])
    late, same = claims(reader_with(), old), claims(both, old, words="Sur l’autre page, cette fois.")
    assert state(early) == "withdrawn", "one claim a structure"
    with pytest.raises(WrittenSince):
        withdraw(Actor.of(officer), officer, judgement)
    withdraw(Actor.of(officer), officer, judgement, moving=[f"claims {late.pk}"])
    held = dict(Claim.objects.still_open().values_list("pk", "organisation"))
    assert held == {late.pk: young.pk, same.pk: old.pk}


# --- Pages, what is seen, what is kept -------------------------------------------------------------------------------


def test_a_visitor_signs_in_and_comes_back(client: Client) -> None:
    organisation = make()
    url = f"/annuaire/{organisation.pk}/representer/"
    assert url in client.get(organisation.get_absolute_url()).content.decode()
    assert client.get(url)["Location"] == f"/compte/login/?next={url}"


def test_one_s_claims_and_their_answers_are_on_one_s_own_page(client: Client, person: Any, officer: Reader) -> None:
    someone = person()
    waits, refused = (
        claims(reader_of(someone.pk), make("Qui attend")),
        claims(reader_of(someone.pk), make("Qui refuse")),
    )
    settles(officer, refused, accepts=False, reason="La structure a fermé.")
    client.force_login(someone)
    shown = client.get("/annuaire/mes-structures/").content.decode()
    assert "Qui attend" in shown and "Qui refuse" in shown and "La structure a fermé." in shown
    assert client.post(f"/annuaire/demandes/{waits.pk}/retirer/").status_code == 302
    assert state(waits) == "withdrawn"
    assert client.get(f"/annuaire/demandes/{waits.pk}/retirer/").status_code == 405


@pytest.mark.parametrize("several", [1, 3])
def test_the_queue_costs_the_same_whatever_waits(
    client: Client, person: Any, django_assert_num_queries: Any, several: int
) -> None:
    for number in range(several):
        claims(reader_with(), make(f"Structure {number}"), words=f"Numéro {number}, à l’accueil")
    client.force_login(person(Role.OFFICER))
    with django_assert_num_queries(13):
        assert client.get("/annuaire/demandes/").status_code == 200
    assert client.get("/annuaire/demandes/?etat=clos&page=zzz").status_code == 200


def test_the_queue_is_the_team_s(client: Client, person: Any) -> None:
    claim = claims(reader_with(), make())
    client.force_login(person(Role.BUYER))
    assert client.get("/annuaire/demandes/").status_code == 403
    assert client.get(f"/annuaire/demandes/{claim.pk}/").status_code == 404


def test_words_and_addresses_are_forgotten_in_time(officer: Reader) -> None:
    now = timezone.now()
    late = claims(reader_with(), make(website=SITE), email=OWN)
    refused, accepted = (claims(reader_with(), make()) for _ in "ab")
    settles(officer, refused, accepts=False, reason="Non.")
    settles(officer, accepted, reason="Oui.")
    assert forget_claims(Actor.system("essai"), now=now) == (0, 0, 0)
    assert forget_claims(Actor.system("essai"), now=now + timedelta(days=4)) == (1, 0, 0)
    late.refresh_from_db()
    assert (late.state, late.email) == ("expired", "")
    assert forget_claims(Actor.system("essai"), now=now + timedelta(days=91))[1] == 3
    assert not Claim.objects.exclude(words="", reason="").exists()
    assert forget_claims(Actor.system("essai"), now=now + timedelta(days=370))[2] == 2
    assert list(Claim.objects.values_list("pk", flat=True)) == [accepted.pk]
    with pytest.raises(NotVisible):
        proves(reader_with(), late)


def test_no_address_and_no_name_is_in_a_fact_or_in_a_job(person: Any, officer: Reader) -> None:
    someone: Person = person()
    claim = claims(reader_of(someone.pk), make(website=SITE), email=OWN)
    from toile.kernel.models import Job

    proves(reader_of(someone.pk), claim)
    told = repr(list(Job.objects.values_list("args", "key"))) + repr(list(Fact.objects.values_list("data", flat=True)))
    assert OWN not in told and someone.display_name not in told and str(someone.pk) not in told
    assert uuid4() not in roles(make())

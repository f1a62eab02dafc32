"""Writing to a structure: its address is shown nowhere, the letter leaves, nothing of it stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from toile.directory.facts import FIELD_LABELS
from toile.directory.models import Organisation, SourceRecord
from toile.directory.services import appoint, correct
from toile.directory.services.contact import CARRY, forget_unsent
from toile.kernel.acts import Actor
from toile.kernel.jobs import run_waiting
from toile.kernel.models import Job
from toile.thread.models import Fact

from .conftest import reader_with
from .open_pages import send
from .structures import make, make_private

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

SECRET = "boite.secrete@exemple.fr"
LETTER = {"name": "Une voisine", "email": "voisine@exemple.fr", "message": "Avez-vous des pots vides ? Merci."}


@pytest.fixture
def reachable() -> Organisation:
    """A structure whose people said where its messages go."""
    organisation = make("Les pots")
    member = reader_with(organisations=[organisation])
    correct(Actor.of(member), member, organisation, {"contact_email": SECRET}, version=organisation.version)
    organisation.refresh_from_db()
    return organisation


def write(client: Client, organisation: Organisation, **more: Any) -> Any:
    return send(client, f"/annuaire/{organisation.pk}/ecrire/", "contact", **(LETTER | more))


def test_a_message_arrives_where_its_people_said_and_nothing_of_it_stays(client: Client, reachable: Any) -> None:
    answer = write(client, reachable)
    assert answer.status_code == 302
    assert client.get(answer["Location"]).status_code == 200
    assert mail.outbox == [], "a job sends it"
    assert run_waiting() == 1
    (letter,) = mail.outbox
    assert (letter.to, letter.reply_to) == ([SECRET], ["voisine@exemple.fr"])
    assert "pots vides" in letter.body and "Une voisine" in letter.body and "Les pots" in letter.subject
    assert Job.objects.get(kind=CARRY).args == {}
    (fact,) = Fact.objects.filter(kind="directory.message.sent").order_by("pk")
    assert (fact.data, fact.actor, fact.visibility) == ({}, None, "members")


def test_an_address_that_a_server_refuses_is_not_written_in_the_logs(
    client: Client, reachable: Any, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "toile.thread.tests.mailboxes.RefusesOne"
    Organisation.objects.filter(pk=reachable.pk).update(contact_email="refus@exemple.fr")
    write(client, reachable)
    run_waiting()
    assert "SMTPRecipientsRefused" in caplog.text
    assert "refus@exemple.fr" not in caplog.text
    assert "refus@exemple.fr" not in Job.objects.get(kind=CARRY).error


def test_the_address_is_shown_nowhere(client: Client, reachable: Any, person: Any) -> None:
    for url in ("", "ecrire/", "signaler/", "qr.svg"):
        assert SECRET not in client.get(f"/annuaire/{reachable.pk}/{url}").content.decode()
    assert "contact_email" not in FIELD_LABELS
    assert SECRET not in reachable.folded
    assert all(SECRET not in str(fact.data) for fact in Fact.objects.order_by("pk"))
    for suffix in ("csv", "json", "geojson", "atom"):
        assert SECRET.encode() not in client.get(f"/annuaire.{suffix}").getvalue()
    member = person()
    appoint(Actor.system("essai"), None, person=member.pk, organisation=reachable)
    client.force_login(member)
    assert SECRET not in client.get(f"/annuaire/{reachable.pk}/").content.decode()
    assert SECRET in client.get(f"/annuaire/{reachable.pk}/corriger/").content.decode(), "its own people correct it"


def test_a_list_cannot_give_the_address(reachable: Any) -> None:
    listed = make("Une autre", contact_email="pirate@exemple.fr")
    assert listed.contact_email == ""


def test_without_an_address_its_members_receive_one_letter_each(client: Client, person: Any) -> None:
    organisation, members = make("Les pots"), [person(), person()]
    for member in members:
        appoint(Actor.system("essai"), None, person=member.pk, organisation=organisation)
    assert write(client, organisation).status_code == 302
    run_waiting()
    assert sorted(letter.to for letter in mail.outbox) == sorted([member.email] for member in members)


def test_a_structure_that_nobody_holds_says_so_and_where_to_go(client: Client) -> None:
    organisation = make("Sans personne", website="https://sans.exemple.fr")
    for url in ("", "ecrire/"):
        shown = client.get(f"/annuaire/{organisation.pk}/{url}").content.decode()
        assert "Personne ne reçoit encore" in shown and "https://sans.exemple.fr" in shown
    refused = write(client, organisation)
    assert refused.status_code == 422
    assert Job.objects.filter(kind=CARRY).count() == 0


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"seconds_ago": 1}, "plus vite"),
        ({"seconds_ago": 25 * 3600}, "plus d’un jour"),
        ({"drawn": "inventé"}, "pas arrivée entière"),
        ({"surname": "robot"}, "champ caché"),
        ({"message": "http://a.fr https://b.fr www.c.fr et voilà"}, "deux liens"),
        ({"email": "voisine@exemple"}, "la fin"),
    ],
)
def test_what_is_refused_says_why_and_loses_nothing(
    client: Client, reachable: Any, given: dict[str, Any], words: str
) -> None:
    refused = write(client, reachable, **given)
    shown = refused.content.decode()
    assert refused.status_code == 422 and words in shown
    assert "Une voisine" in shown and LETTER["message" if "message" not in given else "email"] in shown
    assert not Job.objects.filter(kind=CARRY).exists()
    assert "robot" not in shown, "the hidden field comes back empty"


def test_one_address_sends_three_messages_in_ten_minutes_and_others_still_may(client: Client, reachable: Any) -> None:
    for number in range(3):
        assert write(client, reachable, email=f"v{number}@exemple.fr").status_code == 302
    refused = write(client, reachable, email="v4@exemple.fr")
    assert refused.status_code == 422 and "attendez une heure" in refused.content.decode()
    assert write(client, reachable, email="v5@exemple.fr", address="192.0.2.77").status_code == 302
    for number in range(2, 4):
        write(client, reachable, email="insiste@exemple.fr", address=f"198.51.100.{number}")
    write(client, reachable, email="INSISTE@exemple.fr", address="198.51.100.9")
    again = write(client, reachable, email="insiste@exemple.fr", address="198.51.100.10")
    assert again.status_code == 422, "the same sender from everywhere is one sender"


def test_a_server_that_refuses_is_asked_again_and_the_letter_is_kept_until_then(
    client: Client, reachable: Any, settings: Any
) -> None:
    write(client, reachable)
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 1, False
    run_waiting()
    job = Job.objects.get(kind=CARRY)
    assert (job.state, job.args["name"]) == (Job.State.WAITING, "Une voisine")
    settings.EMAIL_BACKEND = working
    Job.objects.filter(pk=job.pk).update(not_before=timezone.now())
    run_waiting()
    job.refresh_from_db()
    assert (job.state, job.args, len(mail.outbox)) == (Job.State.DONE, {}, 1)


def test_a_letter_given_up_is_forgotten_after_a_week(client: Client, reachable: Any) -> None:
    write(client, reachable)
    Job.objects.filter(kind=CARRY).update(state=Job.State.FAILED, ended_at=timezone.now() - timedelta(days=6))
    week = timezone.now() - timedelta(days=7)
    assert forget_unsent(Actor.system("essai"), before=week) == 0
    Job.objects.filter(kind=CARRY).update(ended_at=timezone.now() - timedelta(days=8))
    assert forget_unsent(Actor.system("essai"), before=week) == 1
    assert Job.objects.get(kind=CARRY).args == {}


def test_two_clicks_are_one_letter(client: Client, reachable: Any) -> None:
    for _ in "ab":
        assert write(client, reachable).status_code == 302
    run_waiting()
    assert len(mail.outbox) == 1


def test_a_letter_whose_head_is_forged_is_one_letter(client: Client, reachable: Any) -> None:
    write(client, reachable, name="A\r\nBcc: tous@exemple.fr", message="B" * 20)
    run_waiting()
    (letter,) = mail.outbox
    assert letter.recipients() == [SECRET] and "Bcc" not in letter.subject


def test_a_private_project_is_written_to_by_nobody_else(client: Client) -> None:
    project = make_private()
    assert client.get(f"/annuaire/{project.pk}/ecrire/").status_code == 404
    assert write(client, project).status_code == 404


def test_the_address_of_a_record_is_only_in_what_its_people_wrote(reachable: Any) -> None:
    holding = [one.source for one in SourceRecord.objects.order_by("pk") if SECRET in str(one.payload)]
    assert holding == ["own"]

"""The monthly letter among one's agreements: given by a proved link, read from the addresses, withdrawn at once."""

from __future__ import annotations

import pytest
from django.utils import timezone

from toile.accounts.queries_own_data import consents
from toile.accounts.services import give_consent, open_account, withdraw_consent
from toile.accounts.services.erasure import someone
from toile.directory.letter_consent import LETTER
from toile.directory.models import Subscriber
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict
from toile.kernel.readers import Reader, reader_of

pytestmark = pytest.mark.django_db
ADDRESS = "ortie@example.org"


def given(person) -> bool:
    asked = {line.purpose.code: line for line in consents(someone(person))}
    return asked[LETTER.code].given is not None


def test_it_is_given_once_proved_and_withdrawn_at_once():
    person = open_account(Actor.system("test"), ADDRESS, "Ortie")
    reader = reader_of(person.pk)
    assert "ouvrez son lien" in give_consent(reader, LETTER.code)
    assert not given(person), "the address has not answered yet"
    Subscriber.objects.update(confirmed_at=timezone.now())
    assert given(person)
    for _twice in "ab":
        withdraw_consent(reader, LETTER.code)
    assert not given(person)
    assert not Subscriber.objects.receiving().exists()


def test_an_address_that_asked_without_an_account_counts_once_it_is_theirs():
    Subscriber.objects.create(email=ADDRESS, words="2026-11", confirmed_at=timezone.now())
    Subscriber.objects.create(email="vesce@example.org", words="2026-11", confirmed_at=timezone.now())
    person = open_account(Actor.system("test"), ADDRESS, "Ortie")
    assert given(person)
    withdraw_consent(reader_of(person.pk), LETTER.code)
    assert [one.email for one in Subscriber.objects.receiving()] == ["vesce@example.org"]


def test_an_account_without_a_proved_address_is_told_to_prove_it_first(django_user_model):
    person = django_user_model.objects.create_user("vesce@example.org")
    with pytest.raises(Conflict):
        give_consent(Reader(person=person.pk), LETTER.code)

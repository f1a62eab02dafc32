"""Somebody leaves: their files, firms, steps and visits go to another, all or some, with a note; nothing is lost."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from toile.accounts.models import Person
from toile.directory.models import Membership
from toile.kernel.errors import Forbidden, UserError
from toile.kernel.readers import Reader
from toile.pathway.models import Availability, Case, CaseState, Door, Lead, LeadState, Note, Visit
from toile.pathway.queries.leaving import charges
from toile.pathway.rules.team import WEEK, first_monday
from toile.pathway.services.leaving import HandedOver, hand_all

from . import made_cases as made
from . import made_followed as follow
from .made_cases import ACTOR
from .made_followed import day

pytestmark = pytest.mark.django_db


@pytest.fixture
def door() -> Door:
    return made.door("MIFE")


@pytest.fixture
def gone(door: Door) -> UUID:
    return made.adviser(door, "Partie Demain")


@pytest.fixture
def heir(door: Door) -> UUID:
    return made.adviser(door, "Reprend Tout")


@pytest.fixture
def reader(heir: UUID) -> Reader:
    return made.reader(heir)


def leaves(person: UUID) -> None:
    Membership.objects.filter(person=person).update(until=timezone.now())


def test_all_of_it_goes_with_a_note_on_each_living_file(door, gone, heir, reader):
    living = made.case(door, adviser=gone, next_step="Appeler", next_step_on=day(), next_step_by=gone)
    ended = made.case(door, adviser=gone, state=CaseState.CLOSED, closed_at=timezone.now())
    before = ended.last_contact_at
    firm = follow.firm(at=door, adviser=gone)
    fixed = Visit.objects.create(followed=firm, adviser=gone, monday=first_monday(day()), fixed=True)
    Visit.objects.create(followed=firm, adviser=gone, monday=first_monday(day()) + WEEK)
    lead = Lead.objects.create(
        kind="idea", teller="school", words="Une idée", door=door, due_on=day(), state=LeadState.CALLED, taken_by=gone
    )
    assert hand_all(ACTOR, reader, door, gone, heir, "Tout est dans les notes") == HandedOver(2, 1)
    for row in (living, ended, firm, fixed, lead):
        row.refresh_from_db()
    assert {living.adviser, living.next_step_by, ended.adviser, firm.adviser, fixed.adviser, lead.taken_by} == {heir}
    assert [note.case for note in Note.objects.all()] == [living]
    assert ended.last_contact_at == before
    assert Visit.objects.count() == 1


def test_some_of_it_goes_and_the_rest_stays(door, gone, heir, reader):
    one, other = (made.case(door, title=title, adviser=gone) for title in ("Une", "Autre"))
    firm = follow.firm(at=door, adviser=gone)
    assert hand_all(ACTOR, reader, door, gone, heir, "Seulement celui-ci", cases=[one.pk], firms=[]) == HandedOver(1, 0)
    for row in (one, other, firm):
        row.refresh_from_db()
    assert (one.adviser, other.adviser, firm.adviser) == (heir, gone, gone)


def test_handing_over_twice_changes_nothing_more(door, gone, heir, reader):
    made.case(door, adviser=gone)
    hand_all(ACTOR, reader, door, gone, heir, "Voilà")
    assert hand_all(ACTOR, reader, door, gone, heir, "Voilà") == HandedOver(0, 0)
    assert Note.objects.count() == 1


def test_many_files_go_in_short_acts(door, gone, heir, reader):
    for number in range(60):
        made.case(door, title=f"N° {number}", adviser=gone)
    assert hand_all(ACTOR, reader, door, gone, heir, "Tout").cases == 60
    assert not Case.objects.filter(adviser=gone).exists()


def test_who_left_keeps_no_time_at_the_door(door, gone, heir, reader):
    Availability.objects.create(door=door, person=gone, days=1)
    made.case(door, adviser=gone)
    leaves(gone)
    hand_all(ACTOR, reader, door, gone, heir, "Tout")
    assert not Availability.objects.exists()


def test_it_goes_only_to_who_receives_here_and_with_words(door, gone, heir, reader):
    made.case(door, adviser=gone)
    for to, words in ((made.adviser(made.door("CCI")), "non"), (gone, "non"), (heir, " ")):
        with pytest.raises(UserError):
            hand_all(ACTOR, reader, door, gone, to, words)
    firm, stranger = follow.firm(at=door, adviser=gone), made.reader(made.adviser(made.door("CCI")))
    for cases in (None, []):
        with pytest.raises(Forbidden):
            hand_all(ACTOR, stranger, door, gone, heir, "non", cases=cases)
    firm.refresh_from_db()
    assert Case.objects.get().adviser == firm.adviser == gone


def test_who_left_comes_first_among_who_follows_what(door, gone, heir):
    made.case(door, adviser=gone)
    leaves(gone)
    assert [(one.person, one.cases, one.is_here) for one in charges(door)] == [(gone, 1, False), (heir, 0, True)]


def test_it_is_done_from_the_page_with_what_is_ticked(client: Client, door, gone, heir):
    client.force_login(Person.objects.get(pk=heir))
    one, other = (made.case(door, title=title, adviser=gone) for title in ("Atelier vélo", "Épicerie"))
    firm = follow.firm("Le Fournil", at=door, adviser=gone)
    assert "Partie" in client.get(reverse("pathway:leaving")).content.decode()
    address = reverse("pathway:leaving_person", args=[door.pk, gone])
    shown = client.get(address).content.decode()
    assert "Atelier vélo" in shown and "Épicerie" in shown and "Le Fournil" in shown
    some = {"to": str(heir), "words": "À reprendre", "what": "some"}
    assert client.post(address, some).status_code == 422
    assert client.post(address, some | {"cases": [str(one.pk)], "firms": [str(firm.pk)]}).status_code == 302
    for row in (one, other, firm):
        row.refresh_from_db()
    assert (one.adviser, other.adviser, firm.adviser) == (heir, gone, heir)
    assert client.get(reverse("pathway:leaving_person", args=[made.door("CCI").pk, gone])).status_code == 404

"""Agreeing that a partner reads a case: by the holder's hand or told to who receives, withdrawn at once (domain K)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from toile.kernel.errors import Conflict, Forbidden, NotVisible, UserError
from toile.pathway.models import Case, CaseState, Referral, ReferralState, Sharing
from toile.pathway.rules.sharing import declared
from toile.pathway.services import sharings
from toile.thread.models import Fact

from . import made_cases as made
from .made_cases import ACTOR

pytestmark = pytest.mark.django_db


def test_a_partner_reads_from_the_moment_the_holder_agrees_until_they_do_not():
    case, partner = made.case(), made.structure("Cabestan")
    someone = made.reader(made.member(partner))
    assert not Case.objects.visible_to(someone).exists()
    given = sharings.give(ACTOR, case, partner, Sharing.What.SUMMARY)
    assert list(Case.objects.visible_to(someone)) == [case]
    assert sharings.shared_with(case, partner.pk) == given
    sharings.withdraw(ACTOR, case, given.pk)
    assert not Case.objects.visible_to(someone).exists()
    assert sharings.shared_with(case, partner.pk) is None
    given.refresh_from_db()
    assert given.withdrawn_at is not None, "kept as proof"


def test_agreeing_twice_to_the_same_is_one_agreement_and_to_more_replaces_it():
    case, partner = made.case(), made.structure("Cabestan")
    first = sharings.give(ACTOR, case, partner, Sharing.What.SUMMARY)
    assert sharings.give(ACTOR, case, partner, Sharing.What.SUMMARY) == first
    wider = sharings.give(ACTOR, case, partner, Sharing.What.ANSWERS)
    assert wider != first
    assert list(Sharing.objects.living(timezone.now())) == [wider]
    assert Sharing.objects.count() == 2


def test_each_purpose_is_agreed_to_by_itself_and_the_widest_is_told_first():
    case, partner = made.case(), made.structure("Cabestan")
    sharings.give(ACTOR, case, partner, Sharing.What.SUMMARY, "orientation")
    wide = sharings.give(ACTOR, case, partner, Sharing.What.ANSWERS, "support")
    assert sharings.shared_with(case, partner.pk) == wide
    narrow = sharings.shared_with(case, partner.pk, "orientation")
    assert narrow is not None and narrow.what == Sharing.What.SUMMARY


def test_an_agreement_that_has_ended_opens_nothing_and_can_be_given_again():
    case, partner = made.case(), made.structure("Cabestan")
    old = sharings.give(ACTOR, case, partner, Sharing.What.SUMMARY)
    past = timezone.now() - timedelta(days=400)
    Sharing.objects.filter(pk=old.pk).update(given_at=past, until=past + timedelta(days=180))
    assert sharings.shared_with(case, partner.pk) is None
    again = sharings.give(ACTOR, case, partner, Sharing.What.SUMMARY)
    old.refresh_from_db()
    assert again != old and old.withdrawn_at == old.until


@pytest.mark.parametrize(
    ("since", "months", "last"),
    [
        (made.at(2026, 8, 31), 6, made.at(2027, 3, 1, 0)),  # 28/02, to the end of the day
        (made.at(2026, 11, 21), 12, made.at(2027, 11, 22, 0)),
        (made.at(2026, 11, 21), 240, made.at(2028, 11, 22, 0)),  # two years at most
    ],
)
def test_it_ends_with_the_last_day_of_its_months_in_paris(since, months, last):
    assert sharings.end_of("orientation", since, months) == last


def test_the_months_of_a_purpose_are_those_of_its_file():
    since = made.at(2026, 1, 15)
    assert declared().purposes["orientation"].months == 6
    assert sharings.end_of("orientation", since) == made.at(2026, 7, 16, 0)


def test_an_unknown_purpose_or_extent_is_refused_in_words():
    case, partner = made.case(), made.structure("Cabestan")
    with pytest.raises(UserError, match="but connu"):
        sharings.give(ACTOR, case, partner, Sharing.What.SUMMARY, "prospection")
    with pytest.raises(UserError, match="ce qui est partagé"):
        sharings.give(ACTOR, case, partner, "everything")
    assert not Sharing.objects.exists()


@pytest.mark.parametrize("state", [CaseState.BEGUN, CaseState.CLOSED])
def test_nothing_is_shared_of_a_case_that_nobody_follows(state):
    case = made.case(state=state, closed_at=timezone.now())
    with pytest.raises(Conflict, match="rien à partager"):
        sharings.give(ACTOR, case, made.structure("Cabestan"), Sharing.What.SUMMARY)


def test_an_adviser_of_the_door_notes_what_was_told_and_another_door_may_not():
    case, partner = made.case(made.door("MIFE")), made.structure("Cabestan")
    assert case.door is not None
    here, elsewhere = made.adviser(case.door), made.adviser(made.door("CMA"))
    given = sharings.note_given(ACTOR, made.reader(here), case, partner, Sharing.What.SUMMARY)
    assert (given.way, given.noted_by) == (Sharing.Way.TOLD, here)
    with pytest.raises(Forbidden, match="autre porte"):
        sharings.note_given(ACTOR, made.reader(elsewhere), case, partner, Sharing.What.ANSWERS)
    with pytest.raises(Forbidden, match="autre porte"):
        sharings.note_withdrawn(ACTOR, made.reader(elsewhere), case, given.pk)
    sharings.note_withdrawn(ACTOR, made.reader(here), case, given.pk)
    assert sharings.shared_with(case, partner.pk) is None


def test_withdrawing_takes_back_the_request_that_waits_for_this_partner_and_its_link():
    case, partner, other = made.case(), made.structure("Cabestan"), made.structure("URSCOP")
    given = sharings.give(ACTOR, case, partner, Sharing.What.SUMMARY)
    due = timezone.localdate() + timedelta(days=5)
    waiting = Referral.objects.create(case=case, partner=partner, due_on=due)
    theirs = Referral.objects.create(case=case, partner=other, due_on=due)
    sharings.withdraw(ACTOR, case, given.pk)
    waiting.refresh_from_db()
    theirs.refresh_from_db()
    assert (waiting.state, waiting.link) == (ReferralState.WITHDRAWN, 2)
    assert (theirs.state, theirs.link) == (ReferralState.SENT, 1)


def test_an_agreement_of_another_case_is_not_withdrawn():
    case, other = made.case(), made.case()
    given = sharings.give(ACTOR, other, made.structure("Cabestan"), Sharing.What.SUMMARY)
    with pytest.raises(NotVisible):
        sharings.withdraw(ACTOR, case, given.pk)
    given.refresh_from_db()
    assert given.withdrawn_at is None


def test_both_are_told_on_the_thread_by_ids_and_move_the_last_contact():
    case, partner = made.case(last_contact_at=made.at(2026, 1, 1)), made.structure("Cabestan")
    given = sharings.give(ACTOR, case, partner, Sharing.What.SUMMARY)
    sharings.withdraw(ACTOR, case, given.pk)
    kinds = list(Fact.objects.filter(kind__startswith="pathway.sharing").order_by("pk").values_list("kind", "data"))
    assert kinds == [
        ("pathway.sharing.given", {"case": str(case.pk)}),
        ("pathway.sharing.withdrawn", {"case": str(case.pk)}),
    ]
    case.refresh_from_db()
    assert case.last_contact_at > timezone.now() - timedelta(minutes=1)


def test_the_database_keeps_one_agreement_at_a_time_for_each_purpose():
    case, partner = made.case(), made.structure("Cabestan")
    sharings.give(ACTOR, case, partner, Sharing.What.SUMMARY)
    until = timezone.now() + timedelta(days=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        Sharing.objects.create(case=case, partner=partner, way=Sharing.Way.LINK, until=until)

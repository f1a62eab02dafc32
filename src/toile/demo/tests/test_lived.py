"""The demo is alive: pairs to settle, reported errors, kept searches, fields that two sources tell differently."""

from __future__ import annotations

from collections import Counter

import pytest

from toile.accounts.models import Person
from toile.demo.generator import generate
from toile.demo.news import stories
from toile.demo.personas import personas
from toile.demo.retellings import FORMS, lived, retellings, voices
from toile.demo.services import COMMUNES, COUNT, SEED
from toile.demo.town import TODAY, read_communes
from toile.directory.models import (
    Approval,
    Campaign,
    Candidate,
    Claim,
    Confirmation,
    ErrorReport,
    Establishment,
    Invitation,
    Judgement,
    Letter,
    News,
    NewsReport,
    Organisation,
    Subscriber,
)
from toile.directory.models.campaigns import ConfirmationState
from toile.directory.models.organisations import Invention
from toile.directory.models.records import Certainty, Verdict
from toile.directory.queries.freshness import stale_for
from toile.directory.queries.provenance import heard_of, provenance
from toile.kernel.models import Job
from toile.kernel.readers import VISITOR, reader_of
from toile.kernel.work import kinds
from toile.thread.follower import step
from toile.thread.models import Notice, SavedSearch, Subscription

pytestmark = pytest.mark.django_db
TERRITORY = read_communes(COMMUNES)
TOWN = generate(SEED, COUNT, TERRITORY)


def test_the_same_seed_tells_the_same_again():
    again = retellings(SEED, TOWN, TERRITORY)
    assert again == retellings(SEED, TOWN, TERRITORY)
    assert again != retellings(SEED + 1, TOWN, TERRITORY)
    assert Counter(one.form for one in again) == {form: number for form, (number, *_rest) in FORMS.items()}
    assert len({one.of for one in again}) == len(again)
    names = {one.key: one.name for one in TOWN.organisations}
    assert all((one.payload["name"] == names[one.of]) == (one.form in ("unplaced", "moved")) for one in again)
    nobody: frozenset[str] = frozenset()
    assert voices(SEED, TOWN, again, nobody) == voices(SEED, TOWN, again, nobody)


def test_pairs_wait_for_the_officer(loaded):
    waiting = Counter(Candidate.objects.values_list("certainty", flat=True))
    assert waiting[Certainty.SURE] >= 5
    assert waiting[Certainty.CHECK] >= 20
    judged = Counter(Judgement.objects.values_list("verdict", flat=True))
    assert judged == {Verdict.SAME: 2, Verdict.DIFFERENT: 2, Verdict.UNSURE: 1}


def test_errors_are_reported_and_some_are_settled(loaded):
    states = Counter(ErrorReport.objects.values_list("state", flat=True))
    assert states == {"open": 3, "mended": 1, "refused": 1}
    addresses = set(ErrorReport.objects.exclude(email="").values_list("email", flat=True))
    assert addresses
    assert all(address.endswith("@example.org") for address in addresses)


def test_invented_structures_tell_six_news_that_are_current_and_say_that_they_are_invented(loaded, client):
    told = News.objects.online().order_by("pk")
    assert told.count() == len(stories()) == 6
    assert all(news.organisation.is_fictional and not news.is_over for news in told)
    assert told.values("commune").distinct().count() >= 4
    assert NewsReport.objects.filter(closed_at=None).count() == 1
    page = client.get("/actualites/").content.decode()
    assert page.count("tag fictif") >= 6


def test_each_kind_of_work_lists_what_it_counts_and_shows_ten_of_it(loaded, client):
    person = Person.objects.get(email=personas()["chargee-de-mission"].email)
    officer = reader_of(person.pk)
    client.force_login(person)
    for code, kind in kinds.items():
        count = kind.counted(officer).count
        assert len(kind.items(officer, 10_000)) == count, code
        page = client.get("/a-traiter/", {"quoi": code}).content.decode()
        assert page.count("data-item") == min(count, 10), code
        assert page.count('name="next"') >= min(count, 10), f"{code}: each thing is done in place"


def test_two_letters_left_and_one_is_prepared_for_people_who_do_not_exist(loaded, client):
    assert Counter(Letter.objects.values_list("state", flat=True)) == {"sent": 2, "draft": 1}
    draft = Letter.objects.get(state="draft")
    assert draft.items.exclude(news=None).count() == 3
    assert all(one.email.endswith("@example.org") for one in Subscriber.objects.receiving())
    assert not Job.objects.filter(kind__startswith="directory.letter").exists(), "and nothing is sent to them"
    assert [client.get(f"/lettre/{number}/").status_code for number in (1, 2, 3)] == [200, 200, 404]


def test_two_people_ask_to_represent_a_structure_and_one_is_invited(loaded):
    claims = Claim.objects.select_related("organisation")
    assert Counter(claims.values_list("state", flat=True)) == {"waiting_decision": 2}
    led = [claim.organisation.memberships.exists() for claim in claims.order_by("organisation__name")]
    assert led == [True, False], "one has people who answer, the other waits for the team"
    assert Invitation.objects.get().email.endswith("@example.org")
    assert Organisation.objects.get(website__contains=".example.org").invention == Invention.FICTIONAL


def test_three_personas_follow_something_and_have_notices_of_it(loaded):
    assert Subscription.objects.count() == len(lived()["follow"]) == 5
    while step():
        pass
    assert Notice.objects.values("person").distinct().count() >= 3
    assert not Notice.objects.exclude(person__in=Person.objects.values("pk")).exists()


def test_searches_are_kept_by_two_personas(loaded):
    assert Counter(SavedSearch.objects.values_list("person", flat=True)).most_common()[1][1] == 2
    assert SavedSearch.objects.count() == len(lived()["search"]) == 4


def test_two_sources_differ_and_one_value_was_preferred(loaded):
    told = Organisation.objects.structures().filter(invention=Invention.FICTIONAL, records__source="spreadsheet")
    differing, preferred = 0, []
    for structure in told.distinct().order_by("pk"):
        lines = provenance(structure, heard_of(structure)[0])
        differing += any(line.others for line in lines if line.field)
        preferred += [line.because for line in lines if line.preferred_by]
    assert differing >= 10
    assert len(preferred) == 1
    assert preferred[0]


def test_one_knows_whether_one_can_come_in_and_where_to_write(loaded):
    places = Establishment.objects.exclude(accessibility={})
    assert places.filter(accessibility__wheelchair="yes").count() > 20
    assert places.filter(accessibility__hearing_loop="yes").exists()
    assert Approval.objects.filter(since__isnull=False, until__lt=TODAY).count() >= 3
    assert Approval.objects.filter(since__isnull=False, until__gt=TODAY).count() >= 3
    active = Organisation.objects.filter(invention=Invention.FICTIONAL, stage="active", records__source="fiction")
    assert active.exclude(contact_email="").count() > 0.8 * active.count()
    represented = {one.organisation for one in personas().values() if one.source == "town"}
    receives = Organisation.objects.filter(records__external_id__in=represented).values_list("contact_email", flat=True)
    assert set(receives) == {""}


def test_a_campaign_is_under_way_in_every_state(loaded):
    campaign = Campaign.objects.get()
    asked = Confirmation.objects.filter(campaign=campaign).select_related("organisation")
    assert campaign.state == "running" and asked.count() == 30
    assert set(asked.values_list("state", flat=True)) == set(ConfirmationState) - {ConfirmationState.TO_SEND}
    assert {one.organisation.invention for one in asked} == {Invention.FICTIONAL}
    assert set(asked.values_list("pending", flat=True)) == {"", "closure", "correction"}
    assert all(email.endswith("@example.org") for email in asked.exclude(email="").values_list("email", flat=True))
    assert stale_for(VISITOR).count() >= 5, "some entries are stale, for the queue"

"""The demo is alive: pairs to settle, reported errors, kept searches, fields that two sources tell differently."""

from __future__ import annotations

from collections import Counter

import pytest

from toile.demo.generator import generate
from toile.demo.personas import personas
from toile.demo.retellings import FORMS, lived, retellings, voices
from toile.demo.services import COMMUNES, COUNT, SEED
from toile.demo.town import TODAY, read_communes
from toile.directory.models import Approval, Candidate, ErrorReport, Establishment, Judgement, Organisation
from toile.directory.models.organisations import Invention
from toile.directory.models.records import Certainty, Verdict
from toile.directory.queries.provenance import heard_of, provenance
from toile.thread.models import SavedSearch

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

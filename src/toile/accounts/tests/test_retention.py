"""Accounts that nobody uses: warned twice, closed, had back for seven days, erased; each step in its time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st

from toile.accounts import services
from toile.accounts.models import Closing, Person
from toile.accounts.rules.retention import RESTORABLE, UNUSED, Step, Use, closes_on, step
from toile.accounts.tests.conftest import PASSWORD, SYSTEM, signed_in
from toile.kernel.durations import PARIS
from toile.kernel.jobs import enqueue, run_waiting
from toile.kernel.models import Job
from toile.kernel.readers import Role
from toile.kernel.retention import NIGHTLY, report
from toile.thread.delivery import address_of
from toile.thread.models import Fact

LAST = datetime(2024, 2, 29, 10, tzinfo=PARIS)
DAY = timedelta(days=1)
NIGHTS = st.lists(st.integers(1, 400), min_size=1, max_size=12)


def at(*day: int) -> datetime:
    return datetime(*day, 4, 10, tzinfo=PARIS)


def test_k3_three_years_after_the_leap_day_are_the_28th_of_february():
    assert closes_on(Use(LAST)).isoformat() == "2027-02-28"
    assert step(Use(LAST), at(2027, 1, 28)) == Step.NOTHING
    assert step(Use(LAST), at(2027, 1, 29)) == Step.WARN
    warned = Use(LAST, at(2027, 1, 29))
    assert step(warned, at(2027, 2, 20)) == Step.NOTHING
    assert step(warned, at(2027, 2, 21)) == Step.WARN_AGAIN
    twice = Use(LAST, at(2027, 1, 29), at(2027, 2, 21))
    assert step(twice, at(2027, 2, 28)) == Step.NOTHING
    assert step(twice, at(2027, 3, 1)) == Step.CLOSE
    closed = Use(LAST, at(2027, 1, 29), at(2027, 2, 21), at(2027, 3, 1))
    assert step(closed, at(2027, 3, 8)) == Step.NOTHING
    assert step(closed, at(2027, 3, 9)) == Step.ERASE


@given(NIGHTS, st.integers(0, 40_000))
def test_however_late_the_nights_are_each_step_waits_its_whole_delay(gaps, hours):
    """The worker may have been away for months: nobody is closed unwarned, nor erased without seven days to return."""
    use, now = Use(LAST), LAST.astimezone(UTC) + timedelta(hours=hours)
    for gap in [1, *gaps]:
        now += gap * DAY
        match step(use, now):
            case Step.WARN:
                use = Use(LAST, now)
            case Step.WARN_AGAIN:
                assert (now - use.warned).days >= 22
                use = Use(LAST, use.warned, now)
            case Step.CLOSE:
                assert UNUSED.is_over(LAST, now)
                assert (now - use.warned).days >= 29
                assert (now - use.warned_again).days >= 7
                use = Use(LAST, use.warned, use.warned_again, now)
            case Step.ERASE:
                assert RESTORABLE.is_over(use.closed, now)
                return


@pytest.fixture
def unused(person: Person) -> Person:
    person.last_login = LAST
    person.save(update_fields=["last_login"])
    return person


@pytest.fixture(autouse=True)
def erasures_are_noted_apart(settings, tmp_path):
    settings.VAR = tmp_path


def night(*day: int) -> int:
    return services.close_unused(SYSTEM, at(*day))


@pytest.mark.django_db
def test_an_unused_account_is_warned_twice_closed_and_erased(client, unused, other):
    client.force_login(unused)
    unused.last_login = LAST
    unused.save(update_fields=["last_login"])
    assert services.accounts_over(at(2027, 1, 29)) == 1
    assert not mail.outbox

    assert [night(2027, 1, 29), night(2027, 1, 29), night(2027, 1, 30)] == [1, 0, 0]
    assert night(2027, 2, 21) == 1
    assert [(letter.to, "28 février 2027" in letter.subject) for letter in mail.outbox] == [
        (["ortie@example.org"], True),
        (["ortie@example.org"], True),
    ]
    assert night(2027, 3, 1) == 1
    assert not signed_in(client), "its sessions are closed"
    assert address_of(unused.pk) is None, "nobody writes to a closed account"
    assert night(2027, 3, 9) == 1
    assert list(Person.objects.values_list("pk", flat=True)) == [other.pk]
    assert {fact.kind for fact in Fact.objects.filter(kind__startswith="accounts.")} >= {
        "accounts.account.closed",
        "accounts.person.erased",
    }


@pytest.mark.django_db
def test_signing_in_has_a_closed_account_back(client, unused):
    for day in [(2027, 1, 29), (2027, 2, 21), (2027, 3, 1)]:
        night(*day)
    page = client.post("/compte/login/", {"login": unused.email, "password": PASSWORD}, follow=True)
    assert "il est rouvert" in page.content.decode()
    assert not Closing.objects.exists()
    assert night(2027, 3, 9) == 0
    assert address_of(unused.pk) is not None
    assert Fact.objects.filter(kind="accounts.account.reopened").count() == 1


@pytest.mark.django_db
def test_the_last_administrator_is_kept_however_long_they_are_away(unused):
    services.grant_role(SYSTEM, None, unused.pk, Role.ADMINISTRATOR)
    for day in [(2027, 1, 29), (2027, 2, 21), (2027, 3, 1), (2027, 3, 9)]:
        night(*day)
    assert Person.objects.filter(pk=unused.pk).exists()


@pytest.mark.django_db
def test_a_dry_run_counts_and_writes_nothing(unused, django_assert_num_queries):
    lines = {line.code: line for line in report(None, at(2027, 1, 29))}
    assert (lines["accounts.person"].due, lines["accounts.person"].done) == (1, None)
    assert not Closing.objects.exists()
    done = {line.code: line for line in report(SYSTEM, at(2027, 1, 29))}
    assert (done["accounts.person"].due, done["accounts.person"].done) == (1, 1)


@pytest.mark.django_db
def test_the_nightly_work_says_what_it_did_on_the_administrators_page(client, administrator, unused):
    Person.objects.filter(pk=unused.pk).update(last_login=datetime(2019, 1, 1, tzinfo=UTC))
    enqueue(SYSTEM, NIGHTLY)
    assert run_waiting() == 1
    job = Job.objects.get(kind=NIGHTLY)
    assert (job.state, job.cursor["accounts.person"]) == ("done", 1)
    client.force_login(administrator)
    page = client.get("/-/conservation/").content.decode()
    assert "Comptes que personne n’utilise" in page
    assert "Dernier passage" in page

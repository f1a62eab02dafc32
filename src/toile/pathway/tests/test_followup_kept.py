"""How long the follow-up is kept, what it holds of people, and what it tells everybody about its rules."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from toile.kernel.durations import Duration
from toile.kernel.errors import Gone
from toile.kernel.personal import Someone, holdings
from toile.kernel.retention import retentions
from toile.pathway.models import Call, CheckIn, Followed, Signal
from toile.pathway.rules.signals import weights
from toile.pathway.services import check_ins

from . import made_cases as made
from . import made_followed as follow
from .made_cases import ACTOR
from .made_followed import day

TWO_YEARS = Duration(years=2)


@pytest.mark.django_db
def test_two_years_after_it_left_only_dates_and_a_reason_are_left() -> None:
    kept = retentions["pathway.followed"]
    last = TWO_YEARS.before(day())
    old = follow.firm("Ancienne", contact="La gérante", left_on=last - timedelta(days=1), left_why="ceased")
    recent = follow.firm("Récente", contact="Le gérant", left_on=last, left_why="moved")
    for firm in (old, recent):
        follow.example(firm)
        follow.asked(firm, 900)
        Call.objects.create(followed=firm, words="Un appel")
    token = check_ins.own_token(old)
    assert kept.due(timezone.now()) == 1
    assert kept.apply(ACTOR, timezone.now()) == 1
    assert kept.due(timezone.now()) == 0
    old.refresh_from_db()
    assert (old.email, old.contact, old.left_why, old.left_on) == ("", "", "ceased", last - timedelta(days=1))
    assert {model.objects.get_queryset().filter(followed=old).count() for model in (Signal, CheckIn, Call)} == {0}
    assert Signal.objects.filter(followed=recent).count() == 4
    with pytest.raises(Gone):
        check_ins.own_of(token)


@pytest.mark.django_db
def test_a_firm_still_followed_is_never_emptied() -> None:
    follow.firm(entered_on=day(1000), born_on=day(1100))
    assert retentions["pathway.followed"].due(timezone.now()) == 0


@pytest.mark.django_db
def test_who_is_erased_leaves_the_firm_without_a_name() -> None:
    person = made.adviser(made.door())
    firm = follow.firm(adviser=person, entered_by=person, email="Camille@example.org", contact="Camille")
    other = follow.firm("Autre", email="autre@example.org", contact="Autre")
    follow.said(firm, "hiring", 1, noted_by=person)
    Call.objects.create(followed=firm, by=person, words="Un appel")
    someone = Someone(person, frozenset({"camille@example.org"}))
    for code in ("pathway.followed", "pathway.signal", "pathway.call"):
        assert list(holdings[code].export(someone))
        holdings[code].erase(someone)
        assert not list(holdings[code].export(someone))
    firm.refresh_from_db()
    assert (firm.adviser, firm.entered_by, firm.email, firm.contact) == (None, None, "", "")
    assert (Signal.objects.get().noted_by, Call.objects.get().by, Call.objects.get().words) == (None, None, "Un appel")
    assert Followed.objects.get(pk=other.pk).contact == "Autre"


@pytest.mark.django_db
def test_how_it_works_tells_every_weight_and_that_none_is_validated(client: Client) -> None:
    shown = client.get(reverse("pathway:explained")).content.decode()
    for level in weights().levels.values():
        assert level.side == "none" or level.wording in shown
    assert weights().warning in shown
    assert weights().fading in shown
    assert "aucun financeur ne le voit" in shown


@pytest.mark.django_db
def test_a_firm_in_difficulty_reads_its_delays_and_nothing_is_kept(client: Client) -> None:
    def shown(since: str = "") -> str:
        return client.get(reverse("pathway:difficulties"), {"depuis": since} if since else {}).content.decode()

    assert "Mandat ad hoc" in shown()
    still = shown(str(day(10)))
    assert "se demande au plus tard" in still
    assert still.index("Conciliation") < still.index("Ce qui ne l’est pas") < still.index("Mandat ad hoc")
    assert "Le délai de 45 jours a fini" in shown(str(day(46)))
    assert "Donnez un jour déjà venu" in shown(str(day(-1)))
    assert "Donnez un jour déjà venu" in shown("hier")

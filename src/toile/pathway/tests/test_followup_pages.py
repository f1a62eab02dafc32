"""The pages of the follow-up: the door's, the firm's by its links, the outcome; who sees what, how many statements."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from toile.accounts.models import Person
from toile.accounts.services import grant_role, open_account
from toile.kernel.readers import Role
from toile.kernel.seen import Seen
from toile.panorama.models import Edition
from toile.pathway.models import Call, CheckIn, Door, Followed, Signal
from toile.pathway.services import check_ins

from . import made_cases as made
from . import made_followed as follow
from .made_cases import ACTOR
from .made_followed import day

pytestmark = pytest.mark.django_db

FORM = {"cash": "from_1", "activity": ["lost"], "team": ["same"], "debt": "unknown", "morale": "2"}


@pytest.fixture
def door() -> Door:
    return made.door("MIFE")


@pytest.fixture
def firm(door: Door) -> Followed:
    return follow.firm(at=door)


@pytest.fixture
def team(client: Client, door: Door) -> Client:
    return enter(client, made.adviser(door))


def enter(client: Client, person: object) -> Client:
    client.force_login(Person.objects.get(pk=person))
    return client


def page(client: Client, name: str, *args: object, status: int = 200, **query: str) -> str:
    answer = client.get(reverse(f"pathway:{name}", args=args), query)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def send(client: Client, name: str, *args: object, status: int = 302, **form: Any) -> str:
    answer = client.post(reverse(f"pathway:{name}", args=args), form)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


# --- The door's pages ------------------------------------------------------------------------------------------------


def test_the_page_of_a_firm_explains_both_scores(team: Client, firm: Followed) -> None:
    follow.example(firm)
    follow.said(firm, "hiring", 30)
    shown = page(team, "followed", firm.pk)
    assert "à appeler sous 14 jours" in shown
    for said in (
        "Un à deux mois de trésorerie",
        "22,3",
        "Le risque serait de 34,1.",
        "45,3 dans trente jours",
        "dans 48 jours environ",
        "pas parce que la structure va mieux",
        "aucune étude ne les a validés",
        "On ne sait pas si des impôts ou des cotisations sont en retard.",
        "Embauche",
    ):
        assert said in shown.replace("\u202f", " ").replace("\xa0", " "), said
    assert Seen.objects.count() == 1


def test_who_calls_first_is_told_on_the_first_page_and_the_list(team: Client, door: Door, firm: Followed) -> None:
    follow.example(firm)
    follow.said(follow.firm("Café calme", door), "cash_3_6", 3)
    home = page(team, "followup")
    assert home.index("Atelier vélo") < home.index("Toutes ensemble")
    assert "Café calme" not in home
    rows = page(team, "followed_list")
    assert rows.index("Atelier vélo") < rows.index("Café calme")
    assert "Café calme" not in page(team, "followed_list", risque="call_14")
    assert "Café calme" in page(team, "followed_list", q="cafe")


def test_no_file_of_the_list_holds_a_score(team: Client, firm: Followed) -> None:
    follow.example(firm)
    answer = team.get(reverse("pathway:followed_list")[:-1] + ".csv")
    words = b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()
    assert "Atelier vélo" in words
    assert not re.search(r"\b56\b", words)
    assert "appeler" not in words


@pytest.mark.parametrize("firms", [1, 12])
def test_the_statements_do_not_grow_with_the_firms(
    team: Client, door: Door, firms: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(firms):
        one = follow.firm(f"Structure {number}", door)
        follow.example(one)
        follow.asked(one, 40, answered_at=follow.moment(39))
    for name, most in (("followup", 15), ("followed_list", 15)):
        with django_assert_max_num_queries(most):
            page(team, name)
    with django_assert_max_num_queries(14):
        page(team, "followed", one.pk)


def test_a_young_firm_of_the_directory_is_followed_with_others_or_alone(team: Client, door: Door) -> None:
    young, old = made.structure("Épicerie"), made.structure("Vieille maison")
    for organisation, ago in ((young, 100), (old, 3000)):
        organisation.created_on = day(ago)
        organisation.save(update_fields=["created_on"])
    shown = page(team, "followed_candidates")
    assert "Épicerie" in shown
    assert "Vieille maison" not in shown
    assert "Vieille maison" in page(team, "followed_candidates", q="vieille")
    send(team, "followed_candidates", firm=[str(young.pk)])
    assert Followed.objects.get().organisation == young
    assert "Épicerie" not in page(team, "followed_candidates")
    refused = send(team, "followed_enter", old.pk, status=422, born_on=str(day(3000)), door=str(door.pk))
    assert "vérifiez la date de création" in refused
    send(team, "followed_enter", old.pk, born_on=str(day(20)), door=str(door.pk), email="vm@example.org")
    assert Followed.objects.get(organisation=old).email == "vm@example.org"


def test_an_adviser_notes_signals_and_calls_and_says_who_calls(team: Client, door: Door, firm: Followed) -> None:
    send(team, "followed_signal", firm.pk, level="debt_declared", source="adviser", on=str(day(1)), words="URSSAF")
    send(team, "followed_call", firm.pk, reached="no", words="Messagerie", next_on=str(day(-3)))
    send(team, "followed_reach", firm.pk, adviser="", contact="La gérante", email="g@example.org", closing_month="12")
    shown = page(team, "followed", firm.pk)
    for said in ("URSSAF", "Messagerie", "sans réponse", "La gérante"):
        assert said in shown
    wrong = send(team, "followed_signal", firm.pk, status=422, level="liquidation", source="adviser", on=str(day()))
    assert "Cela se sait autrement" in wrong
    signal = Signal.objects.get(followed=firm)
    send(team, "signal_close", signal.pk, mistaken="no", why="Tout est payé.")
    assert "Tout est payé." in page(team, "followed", firm.pk)
    send(team, "followed_leave", firm.pk, why="taken_over", on=str(day()))
    assert "reprise ou fusionnée" in page(team, "followed", firm.pk)
    assert "Noter un appel" not in page(team, "followed", firm.pk)
    send(team, "followed_call", firm.pk, reached="yes")
    assert Call.objects.count() == 2


def test_another_door_a_partner_and_the_team_read_nothing_of_a_firm(client: Client, door: Door, firm: Followed) -> None:
    signal = follow.said(firm, "client_lost", 3)
    enter(client, made.adviser(made.door("CCI")))
    for name, key in (("followed", firm.pk), ("followed_call", firm.pk), ("signal_close", signal.pk)):
        page(client, name, key, status=404)
    assert "Atelier vélo" not in page(client, "followed_list")
    officer = open_account(ACTOR, "officer@example.org", "Chargée de mission")
    grant_role(ACTOR, None, officer.pk, Role.OFFICER)
    client.force_login(officer)
    assert client.get(reverse("pathway:followed", args=[firm.pk])).status_code in (302, 403)


# --- The firm's pages ------------------------------------------------------------------------------------------------


def test_a_firm_answers_five_questions_from_the_link(client: Client, firm: Followed) -> None:
    check_in = follow.asked(firm, 2)
    token = check_ins.answer_token(check_in)
    shown = page(client, "check_in", token)
    assert shown.count("<fieldset") == 5
    send(client, "check_in", token, **FORM)
    check_in.refresh_from_db()
    assert check_in.answers == {"cash": "from_1", "activity": ["lost"], "team": ["same"], "debt": None, "morale": "2"}
    again = page(client, "check_in", token)
    assert "Vous avez déjà répondu" in again
    assert Signal.objects.filter(followed=firm).count() == 4


def test_a_question_left_blank_or_contradicted_is_asked_back_and_the_rest_is_kept(
    client: Client, firm: Followed
) -> None:
    token = check_ins.answer_token(follow.asked(firm, 2))
    blank = send(client, "check_in", token, status=422, **(FORM | {"cash": ""}))
    assert "« je ne sais pas » en est une" in blank
    assert 'value="lost" aria' in blank or "checked" in blank
    for activity in (["nothing", "won"], ["unknown", "won"]):
        shown = send(client, "check_in", token, status=422, **(FORM | {"activity": activity}))
        assert "laquelle est juste" in shown
    assert Signal.objects.count() == 0


def test_links_that_do_not_open_say_why(client: Client, firm: Followed) -> None:
    assert "pas complet" in page(client, "check_in", "abc", status=404)
    assert "pas complet" in page(client, "followed_own", check_ins.answer_token(follow.asked(firm, 1)), status=404)
    old = check_ins.own_token(firm)
    Followed.objects.filter(pk=firm.pk).update(link=2)
    assert "remplacé" in page(client, "followed_own", old, status=410)


def test_the_firm_reads_what_is_noted_contests_it_and_reads_the_answer(
    client: Client, team: Client, firm: Followed
) -> None:
    signal = follow.said(
        firm, "client_lost", 3, words="Appris par la presse", noted_by=made.adviser(firm.door, "Nom Secret")
    )
    token = check_ins.own_token(firm)
    visitor = Client()
    shown = page(visitor, "followed_own", token)
    assert "Appris par la presse" in shown
    assert "MIFE" in shown
    assert "Nom Secret" not in shown
    send(visitor, "own_contest", token, signal.pk, words="Ce client est toujours là.")
    assert "contesté, ne compte pas" in page(visitor, "followed_own", token)
    assert "Ce client est toujours là." in page(team, "signal_decide", signal.pk)
    assert "Contestent un signal" in page(team, "followup")
    send(team, "signal_decide", signal.pk, keeps="no", why="Vous avez raison.")
    shown = page(visitor, "followed_own", token)
    assert "Vous avez raison." in shown
    other = follow.said(follow.firm("Autre", firm.door), "client_lost", 3)
    page(visitor, "own_contest", token, other.pk, status=404)


def test_the_firm_refuses_the_score_and_allows_it_again(client: Client, firm: Followed) -> None:
    follow.example(firm)
    token = check_ins.own_token(firm)
    send(client, "own_score", token, refuse="yes")
    assert "refuse le score" in page(client, "followed_own", token)
    send(client, "own_score", token, refuse="no")
    assert "à appeler sous 14 jours" in page(client, "followed_own", token)


def test_the_firm_answers_without_being_asked(client: Client, firm: Followed) -> None:
    token = check_ins.own_token(firm)
    page(client, "own_answer", token)
    assert CheckIn.objects.count() == 0
    send(client, "own_answer", token, **FORM)
    assert CheckIn.objects.get().answers["cash"] == "from_1"


def test_who_represents_the_firm_opens_its_page_and_nobody_else(client: Client, firm: Followed) -> None:
    enter(client, made.member(firm.organisation))
    answer = client.get(reverse("pathway:followed_mine", args=[firm.pk]), follow=True)
    assert "Le suivi de votre structure" in answer.content.decode()
    enter(client, made.member(made.structure("Voisine")))
    page(client, "followed_mine", firm.pk, status=404)


def test_the_home_page_says_what_waits_for_the_firm_and_for_its_door(client: Client, firm: Followed) -> None:
    follow.asked(firm, 1)
    follow.said(firm, "client_lost", 2, contested_at=timezone.now(), contested="Non.")
    enter(client, made.member(firm.organisation))
    assert "cinq questions attendent" in client.get(reverse("home")).content.decode()
    enter(client, made.adviser(firm.door))
    shown = client.get(reverse("home")).content.decode()
    assert "1 structure suivie conteste un signal" in shown.replace("\u202f", " ")
    assert "cinq questions attendent" not in shown


def test_pages_by_link_are_kept_by_nobody(client: Client, firm: Followed) -> None:
    answer = client.get(reverse("pathway:followed_own", args=[check_ins.own_token(firm)]))
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer["Cache-Control"]


# --- The outcome -----------------------------------------------------------------------------------------------------


def test_small_numbers_are_counts_without_a_curve_and_without_errors(team: Client, door: Door, firm: Followed) -> None:
    follow.firm("Arrêtée", door, left_on=day(10), left_why="ceased")
    follow.firm("Erreur", door, left_on=day(10), left_why="mistake")
    shown = page(team, "outcome")
    assert "2 structures suivies" in shown.replace("\xa0", " ")
    assert "Moins de trente structures" in shown
    assert "ne prouve pas" in shown
    assert "<svg" not in shown.split("En nombres")[0].split("Ce que deviennent")[-1]
    assert "Insee Première n° 1962" in shown.replace("\xa0", " ")


@pytest.mark.slow
def test_enough_firms_have_a_curve_with_its_band_and_its_warning(team: Client, door: Door) -> None:
    for number in range(40):
        gone = {"left_on": day(30 + number), "left_why": "ceased"} if number < 6 else {}
        follow.firm(f"Structure {number}", door, born_on=day(700), entered_on=day(650), **gone)
    shown = page(team, "outcome")
    assert "structures suivies sur 100 sont encore actives" in shown
    assert "graphique-survie-suivies" in shown
    assert "ne prouve pas" in shown


def test_the_survival_that_the_panorama_published_stands_beside(team: Client, firm: Followed) -> None:
    assert "Sur le territoire, dans l’ESS" not in page(team, "outcome")
    edition = Edition.objects.create(
        perimeter="244200770",
        perimeter_name="Ici",
        year=2024,
        title="Essai",
        state="published",
        checksum="c" * 64,
        published_at=timezone.now(),
    )
    told = {"perimeter": edition.perimeter, "year": 2024, "unit": "percent"}
    edition.values.create(indicator="survival_3", value=78, low=75, high=81, **told)
    edition.values.create(indicator="survival_1", family="association", value=99, low=98, high=100, **told)
    shown = page(team, "outcome").replace("\u202f", " ").replace("\xa0", " ")
    assert "Sur le territoire, dans l’ESS" in shown
    assert "78,0 % (75,0 à 81,0 %)" in shown
    assert "99,0" not in shown


def test_the_team_reads_the_counts_of_all_doors(client: Client, firm: Followed) -> None:
    officer = open_account(ACTOR, "officer@example.org", "Chargée de mission")
    grant_role(ACTOR, None, officer.pk, Role.OFFICER)
    client.force_login(officer)
    answer = client.get(reverse("pathway:outcome"))
    if answer.status_code == 302:  # roles that ask for a second factor
        pytest.skip("second factor")
    assert "1 structure suivie" in answer.content.decode()


def test_a_case_offers_to_follow_its_structure_or_shows_that_it_is(team: Client, door: Door) -> None:
    case = made.case(door, organisation=made.structure("Réparation"))
    assert "Suivre cette structure" in page(team, "case", case.pk)
    assert case.organisation is not None
    send(team, "followed_enter", case.organisation.pk, born_on=str(day(10)), door=str(door.pk))
    found = Followed.objects.get()
    assert (found.case, found.source) == (case, "path")
    assert "Ouvrir son suivi" in page(team, "case", case.pk)
    assert timezone.localdate() == found.entered_on

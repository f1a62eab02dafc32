"""Calculations of a case: a plan kept only when balanced, computed without being kept, never overwritten."""

from datetime import date

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from toile.accounts.models import Person
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, UserError
from toile.pathway.forms.activity import ActivityForm
from toile.pathway.forms.amounts import AmountField
from toile.pathway.forms.finance import FinanceForm
from toile.pathway.forms.takeover import TakeoverForm
from toile.pathway.models import Worksheet
from toile.pathway.queries.stages import standing
from toile.pathway.rules.finance import Unbalanced
from toile.pathway.rules.takeover import Sale
from toile.pathway.rules.takeover_case import Calendar, read_calendar, solve_calendar, write_calendar
from toile.pathway.rules.takeover_law import takeover_law
from toile.pathway.services.worksheets import CHECKED, keep, remove_worksheet
from toile.pathway.tests.made_cases import adviser, case, door, reader

BALANCED = {"need": [{"code": "prix", "amount": "1000"}], "resource": [{"code": "love_money", "amount": "1000"}]}
SHORT = BALANCED | {"resource": [{"code": "love_money", "amount": "999.99"}]}
TYPED = {
    "title": "La reprise", "form": "scop", "revision": "0", "need_prix": "150 000", "need_frais": "12\u202f000",
    "need_investissements": "30000", "need_bfr": "67 000,00", "need_tresorerie": "21 000",
    "resource_apports_salaries": "40 000 €",
    "loan1_code": "pret_participatif_scop", "loan1_amount": "60 000", "loan1_rate": "5", "loan1_years": "5",
    "loan2_code": "pret_honneur", "loan2_amount": "30 000", "loan2_rate": "", "loan2_years": "5",
    "loan3_code": "pret_bancaire", "loan3_amount": "150 000", "loan3_rate": "4,0", "loan3_years": "7",
    "year1_ebitda": "58 000", "year2_ebitda": "61 000", "year3_ebitda": "64 000", "year4_ebitda": "65 500",
    "year5_ebitda": "67 000", "capital_stock": "12 000", "capital_sales": "576 000", "capital_customer_days": "45",
    "capital_purchases": "192 000", "capital_supplier_days": "30",
}  # fmt: skip


@pytest.fixture
def scene(db):
    here = door()
    person = adviser(here)
    return person, reader(person), case(here, path="reprise", stage="montage_financier")


def test_a_plan_is_kept_only_when_its_gap_is_nothing(scene):
    _, who, found = scene
    with pytest.raises(Unbalanced, match="0,01"):
        keep(Actor.of(who), who, found, "finance", "Plan", SHORT)
    assert not Worksheet.objects.exists()
    keep(Actor.of(who), who, found, "finance", "Plan", BALANCED)
    assert Worksheet.objects.get().data["need"][0]["amount"] == "1000.00"


def test_a_plan_kept_is_what_the_stage_waited_for(scene):
    _, who, found = scene
    assert "plan_financement" in [lack.code for lack in standing(found).gate.missing]
    keep(Actor.of(who), who, found, "finance", "Plan", BALANCED)
    assert "plan_financement" not in [lack.code for lack in standing(found).gate.missing]


def test_two_people_never_overwrite_each_others_plan(scene):
    _, who, found = scene
    kept = keep(Actor.of(who), who, found, "finance", "Plan", BALANCED)
    stale = Worksheet.objects.get()
    keep(Actor.of(who), who, found, "finance", "Plan B", BALANCED, over=kept)
    with pytest.raises(Conflict):
        keep(Actor.of(who), who, found, "finance", "Plan C", BALANCED, over=stale)
    assert Worksheet.objects.get().title == "Plan B"


def test_a_plan_taken_away_is_asked_again(scene):
    _, who, found = scene
    remove_worksheet(Actor.of(who), who, keep(Actor.of(who), who, found, "finance", "Plan", BALANCED))
    assert "plan_financement" in [lack.code for lack in standing(found).gate.missing]


def test_the_page_computes_the_example_as_it_was_typed_and_keeps_nothing_unasked(client, scene):
    person, _, found = scene
    client.force_login(Person.objects.get(pk=person))
    address = reverse("pathway:worksheet_new", args=[found.pk, "finance"])
    text = client.post(address, TYPED | {"act": "compute"}).content.decode()
    for shown in ("1,2932", "1,4939", "1,0346", "53\u202f819,92", "44\u202f849,93", "67\u202f232,88", "46,43", "14,29"):
        assert shown in text, shown
    assert "équilibré" in text and "24\u202f991,45" in text
    assert not Worksheet.objects.exists()
    sent = client.post(address, TYPED | {"act": "keep"})
    assert sent.status_code == 302
    again = client.get(sent["Location"]).content.decode()
    assert "1,2932" in again and 'value="150\u202f000"' in again


def test_an_unbalanced_plan_is_shown_with_its_gap_and_nothing_typed_is_lost(client, scene):
    person, _, found = scene
    client.force_login(Person.objects.get(pk=person))
    address = reverse("pathway:worksheet_new", args=[found.pk, "finance"])
    page = client.post(address, TYPED | {"act": "keep", "need_prix": "150 001"})
    text = page.content.decode()
    assert page.status_code == 422 and not Worksheet.objects.exists()
    assert "il manque 1,00\u00a0€ de ressources" in text and 'value="150 001"' in text and "1,2932" in text


def test_a_field_that_is_no_amount_says_how_to_write_one(client, scene):
    person, _, found = scene
    client.force_login(Person.objects.get(pk=person))
    address = reverse("pathway:worksheet_new", args=[found.pk, "finance"])
    page = client.post(address, TYPED | {"need_prix": "beaucoup", "loan1_code": ""})
    text = page.content.decode()
    assert page.status_code == 422 and "par exemple 12 500" in text and "Dites de quel prêt" in text


def test_an_activity_and_a_calendar_are_kept_and_shown_again(client, scene):
    person, _, found = scene
    client.force_login(Person.objects.get(pk=person))
    activity = {
        "act": "keep", "title": "Modèle", "revision": "0", "sold1_label": "Réparation", "sold1_price": "50",
        "sold1_unit_cost": "10", "sold1_1": "1 300", "cost1_label": "Loyer", "cost1_1": "45 000",
    }  # fmt: skip
    sent = client.post(reverse("pathway:worksheet_new", args=[found.pk, "activity"]), activity)
    shown = client.get(sent["Location"]).content.decode()
    assert "56\u202f250,00" in shown and "316" in shown
    takeover = {
        "act": "keep", "title": "Dates", "revision": "0", "sale_on": "2026-12-15", "employees": "12",
        "price": "240 000", "court": "",
    }  # fmt: skip
    sent = client.post(reverse("pathway:worksheet_new", args=[found.pk, "takeover"]), takeover)
    shown = client.get(sent["Location"]).content.decode()
    assert "dimanche 15 novembre 2026" in shown and "1\u202f200,00" in shown
    assert "mgglegal.com" in shown and "ne remplace pas" in shown and "n’est pas certain" in shown


def test_the_worker_group_of_a_firm_before_the_court_reads_its_days(client, scene):
    person, _, found = scene
    client.force_login(Person.objects.get(pk=person))
    typed = {"act": "compute", "title": "D", "court": "redressement", "opened": "2026-10-05", "limit": "2026-11-13"}
    text = client.post(reverse("pathway:worksheet_new", args=[found.pk, "takeover"]), typed).content.decode()
    assert "39" in text and "vendredi 9 octobre 2026" in text and "lundi 5 avril 2027" in text


def test_a_date_that_no_rule_knows_is_refused_and_the_form_kept(client, scene):
    person, who, found = scene
    with pytest.raises(UserError):
        keep(Actor.of(who), who, found, "takeover", "D", {"sale_on": "2010-01-01", "employees": 5})
    client.force_login(Person.objects.get(pk=person))
    typed = {"act": "keep", "title": "D", "sale_on": "2010-01-01", "employees": "5", "court": ""}
    page = client.post(reverse("pathway:worksheet_new", args=[found.pk, "takeover"]), typed)
    assert page.status_code == 422 and "2010-01-01" in page.content.decode()


days = st.dates(date(2014, 11, 1), date(2060, 1, 1))
maybe = st.none() | days
sales = st.builds(
    Sale, days, st.integers(0, 999), st.none() | st.decimals(0, 10**8, places=2), st.booleans(), st.booleans(),
    st.frozensets(st.sampled_from(sorted(takeover_law().exclusions))), maybe, maybe, maybe,
)  # fmt: skip


@given(
    st.builds(
        Calendar, st.none() | sales, st.sampled_from(["", *takeover_law().courts]), st.none() | days, st.none() | days
    )
)
def test_a_calendar_written_and_read_back_is_the_same_and_always_has_its_dates(calendar):
    assert read_calendar(write_calendar(calendar)) == calendar
    solved = solve_calendar(calendar, date(2026, 11, 21))
    assert (solved.information is None) is (calendar.sale is None)


@pytest.mark.parametrize("typed", ["12 500,50", "12\u202f500.50", "12500,5 €", "12\u00a0500,50"])
def test_an_amount_is_read_as_french_people_type_it(typed):
    assert str(AmountField().clean(typed)) in ("12500.50", "12500.5")


@pytest.mark.parametrize("form", [FinanceForm, ActivityForm, TakeoverForm])
def test_a_form_shows_what_was_kept_and_gives_it_back(form, scene):
    cases = {
        FinanceForm: BALANCED | {"form": "", "loan": [], "year": [{"ebitda": "5", "tax": "1"}]},
        ActivityForm: {
            "offering": [{"label": "a", "price": "2.50", "unit_cost": "1.00", "volumes": ["3", "4", "0"]}],
            "fixed": [{"label": "b", "amounts": ["5", "0", "0"]}], "aid": ["0", "7", "0"],
        },
        TakeoverForm: {"sale_on": "2026-12-15", "employees": 12, "price": "240000.00", "court": "", "control": False},
    }  # fmt: skip
    empty = form(initial=form.initial_of("Titre", cases[form], 3))
    typed = {bound.html_name: bound.value() for bound in empty if bound.value() not in (None, "")}
    again = form(typed)
    assert again.is_valid(), again.errors
    assert again.cleaned_data["revision"] == 3
    kinds = {FinanceForm: "finance", ActivityForm: "activity", TakeoverForm: "takeover"}
    in_one_form = CHECKED[kinds[form]]
    assert in_one_form(again.case()) == in_one_form(cases[form])


def test_an_association_that_becomes_a_cooperative_reads_its_months(client, scene):
    person, _, found = scene
    client.force_login(Person.objects.get(pk=person))
    typed = {"act": "compute", "title": "D", "court": "", "mandate": "2026-01-31"}
    text = client.post(reverse("pathway:worksheet_new", args=[found.pk, "takeover"]), typed).content.decode()
    assert "mardi 31 mars 2026" in text and "le SIREN est gardé" in text and "art. 28 bis" in text

"""The tags and filters of templates: fields and their errors, French numbers and dates, addresses of facets."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template, TemplateSyntaxError
from django.test import RequestFactory, SimpleTestCase
from hypothesis import given
from hypothesis import strategies as st

from toile.kernel import typography


def rendered(source: str, **context: object) -> str:
    return Template(source).render(Context(context)).strip()


def at(address: str, source: str, **context: object) -> str:
    request = RequestFactory().get(address)
    return Template(source).render(RequestContext(request, {"request": request, **context})).strip()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (21142, "21\u202f142"),
        (0, "0"),
        (-1234567, "\u22121\u202f234\u202f567"),
        (Decimal("14.10"), "14,10"),
        (14.1, "14,1"),
        (3.0, "3"),
        ("1566", "1\u202f566"),
        (10**21, "1" + 7 * "\u202f000"),
    ],
)
def test_a_number_is_written_as_in_french(value: object, written: str) -> None:
    assert rendered("{{ value|num }}", value=value) == written


def test_a_number_keeps_the_decimals_asked_for() -> None:
    assert rendered("{{ 14.129|num:1 }}") == "14,1"
    assert rendered("{{ 14|num:1 }}") == "14,0"


@pytest.mark.parametrize("value", [None, "", [], {}])
def test_what_is_not_known_is_written_inconnu(value: object) -> None:
    assert rendered("{{ value|unknown }}", value=value) == '<span class="mute">inconnu</span>'


def test_zero_and_false_are_known() -> None:
    assert rendered("{{ value|unknown }}", value=0) == "0"
    assert rendered("{{ value|unknown }}", value=False) == "False"


def test_a_missing_number_or_date_is_inconnu_too() -> None:
    for filter_ in ("num", "date_fr", "date_short", "hour_fr"):
        assert "inconnu" in rendered("{{ value|" + filter_ + " }}", value=None)


def test_an_unknown_value_is_escaped_like_any_other() -> None:
    assert rendered("{{ value|unknown }}", value="<b>") == "&lt;b&gt;"


@pytest.mark.parametrize(
    ("day", "long", "short"),
    [
        (date(2026, 11, 21), "samedi 21 novembre 2026", "21 nov. 2026"),
        (date(2026, 12, 1), "mardi 1ᵉʳ décembre 2026", "1ᵉʳ déc. 2026"),
        (date(2026, 9, 3), "jeudi 3 septembre 2026", "3 sept. 2026"),
        (date(2019, 5, 31), "vendredi 31 mai 2019", "31 mai 2019"),
    ],
)
def test_dates_are_written_in_full_and_short(day: date, long: str, short: str) -> None:
    assert rendered("{{ day|date_fr }}|{{ day|date_short }}", day=day) == f"{long}|{short}"


def test_a_moment_is_read_in_the_time_zone_of_the_site() -> None:
    late = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    assert (
        rendered("{{ moment|date_fr }}, {{ moment|hour_fr }}", moment=late)
        == "mardi 1ᵉʳ décembre 2026, 0\u00a0h\u00a030"
    )


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_a_whole_number_reads_back(value: int) -> None:
    written = typography.french_number(value).replace("\u202f", "").replace("\u2212", "-")
    assert int(written) == value


@pytest.mark.parametrize(
    ("count", "word"), [(0, "cheval"), (1, "cheval"), (2, "chevaux"), (-1, "cheval"), (1.9, "cheval")]
)
def test_the_plural_starts_at_two(count: float, word: str) -> None:
    assert rendered('{{ count|plural:"cheval,chevaux" }}', count=count) == word


def test_the_plural_of_a_list_is_that_of_its_length() -> None:
    assert rendered("structure{{ found|plural }}", found=[1, 2]) == "structures"
    assert rendered("structure{{ found|plural }}", found=[]) == "structure"


def test_an_icon_is_hidden_from_screen_readers_and_a_wrong_name_is_loud() -> None:
    assert '<svg class="i" aria-hidden="true"' in rendered('{% icon "search" %}')
    assert '<svg class="g f2"' in rendered('{% glyph "cooperative" %}')
    with pytest.raises(TemplateSyntaxError):
        rendered('{% icon "unicorn" %}')
    with pytest.raises(TemplateSyntaxError):
        rendered('{% glyph "unicorn" %}')


# --- Facets and pages ------------------------------------------------------------------------------------------------


def test_a_facet_adds_its_value_and_returns_to_the_first_page() -> None:
    address = at("/annuaire/?q=v%C3%A9lo&famille=association&page=3", "{% querystring_with 'famille' 'mutuelle' %}")
    assert address == "?q=v%C3%A9lo&amp;famille=association&amp;famille=mutuelle"


def test_a_facet_already_there_is_not_added_twice() -> None:
    assert (
        at("/annuaire/?famille=association", "{% querystring_with 'famille' 'association' %}") == "?famille=association"
    )


def test_a_chip_removes_one_value_or_the_whole_key() -> None:
    here = "/annuaire/?famille=association&famille=mutuelle&page=2"
    assert at(here, "{% querystring_without 'famille' 'association' %}") == "?famille=mutuelle"
    assert at(here, "{% querystring_without 'famille' %}") == "?"


def test_the_pager_elides_long_runs_and_keeps_the_question() -> None:
    page = Paginator(range(400), 20).get_page(10)
    html = at("/annuaire/?q=pain", "{% pager page %}", page=page)
    assert html.count("<li>") == 9
    assert 'href="?q=pain&amp;page=9" rel="prev"' in html
    assert '<b aria-current="page"><span class="sr">Page </span>10</b>' in html


def test_a_single_page_has_no_pager() -> None:
    assert at("/annuaire/", "{% pager page %}", page=Paginator(range(3), 20).get_page(1)) == ""


# --- Fields ----------------------------------------------------------------------------------------------------------


class Sample(forms.Form):
    name = forms.CharField(label="Nom", widget=forms.TextInput(attrs={"placeholder": "Nom"}))
    email = forms.EmailField(
        label="Courriel", help_text="Pour la réponse.", error_messages={"invalid": "Il manque la fin"}
    )
    note = forms.CharField(label="Note", required=False)
    answer = forms.ChoiceField(label="Réponse", widget=forms.RadioSelect, choices=[("a", "A"), ("b", "B")])
    consent = forms.BooleanField(label="D’accord", required=False)
    token = forms.CharField(widget=forms.HiddenInput)


def refused() -> Sample:
    return Sample({"email": "contact@bas-vernay", "note": "<script>alert(1)</script>"})


def test_a_field_has_its_label_above_its_hint_between_and_no_placeholder() -> None:
    html = rendered("{% field form.email %}", form=Sample())
    assert html.index("<label") < html.index('class="hint"') < html.index("<input")
    assert 'aria-describedby="id_email-aide"' in html
    assert "placeholder" not in rendered("{% field form.name %}", form=Sample())


def test_only_an_optional_field_says_facultatif() -> None:
    assert "(facultatif)" in rendered("{% field form.note %}", form=Sample())
    assert "(facultatif)" not in rendered("{% field form.name %}", form=Sample())
    assert "(facultatif)" not in rendered("{% field form.consent %}", form=Sample())


def test_a_refused_field_is_marked_described_and_keeps_what_was_typed() -> None:
    html = rendered("{% field form.email %}", form=refused())
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_email-aide id_email-erreur"' in html
    assert 'value="contact@bas-vernay"' in html
    assert '<p class="err" id="id_email-erreur">' in html
    assert "Il manque la fin" in html


def test_what_was_typed_is_escaped() -> None:
    html = rendered("{% field form.note %}", form=refused())
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_missing_answer_says_what_to_do_instead_of_obligatoire() -> None:
    assert "Remplissez cette réponse" in rendered("{% field form.name %}", form=refused())
    assert "Choisissez une réponse" in rendered("{% field form.answer %}", form=refused())


def test_a_group_of_choices_is_a_fieldset_named_by_its_legend() -> None:
    html = rendered("{% field form.answer %}", form=refused())
    SimpleTestCase().assertInHTML("<legend>Réponse</legend>", html)
    assert html.count('type="radio"') == 2
    assert 'id="id_answer"' in html


def test_the_summary_links_to_each_field_to_mend_and_takes_the_focus() -> None:
    html = rendered("{% form_errors form %}", form=refused())
    assert 'tabindex="-1" data-focus' in html
    for target in ("#id_name", "#id_email", "#id_answer"):
        assert f'href="{target}"' in html
    assert "4 réponses" not in html
    assert "3 réponses sont à corriger" in html


def test_a_form_without_error_has_no_summary() -> None:
    assert rendered("{% form_errors form %}", form=Sample()) == ""


# --- Pages -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["500.html", "503.html"])
def test_a_page_for_broken_days_needs_no_context(name: str) -> None:
    from django.template.loader import get_template

    html = get_template(name).render()
    assert "<h1>" in html
    assert "/static/toile/toile.css" in html


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "?theme=dark", "?theme=light", "?page=21", "?page=%00&theme=%3Cb%3E"])
def test_the_components_page_answers(client, query: str) -> None:
    response = client.get(f"/-/composants/{query}")
    html = response.content.decode()
    assert response.status_code == 200
    assert html.count("<h1") == 1
    assert ("data-theme" in html) == ("theme=dark" in query or "theme=light" in query)
    assert ("toile/dark.css" in html) == ("theme=dark" in query)

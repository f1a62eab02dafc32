"""A door's spreadsheet: headers read as people write them, cells that say something, cells that say nothing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.pathway.rules.case_columns import NoName, fields, guess, lacking, must_name, read_date, read_row

TODAY = date(2026, 11, 21)


def test_headers_are_read_as_doors_write_them():
    assert guess("cases", ["N° dossier", "Nom du projet", "Porteur de projet", "E-mail", "Tél.", "Ville", "?"]) == {
        "N° dossier": "key",
        "Nom du projet": "title",
        "Porteur de projet": "holder",
        "E-mail": "email",
        "Tél.": "phone",
        "Ville": "commune",
    }
    assert guess("firms", ["Raison sociale", "SIRET", "Date de création", "Référent"]) == {
        "Raison sociale": "title", "SIRET": "siren", "Date de création": "born_on", "Référent": "adviser",
    }  # fmt: skip


def test_a_field_is_held_by_one_column_the_surest():
    assert guess("cases", ["Nom", "Porteur", "Projet"]) == {"Porteur": "holder", "Projet": "title"}


def test_without_a_name_every_row_would_be_refused():
    with pytest.raises(NoName):
        must_name(["holder", "email"])
    must_name(["title"])


def test_what_no_column_holds_is_said():
    assert lacking("firms", ["title", "siren", "email", "born_on"]) == [
        "Numéro",
        "Personne à joindre",
        "Qui suit",
        "Mois de clôture des comptes",
        "Dernier appel",
        "Ce qui s’y est dit",
    ]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-21", date(2026, 11, 21)),
        ("2026-11-21 00:00:00", date(2026, 11, 21)),
        ("21/11/2026", date(2026, 11, 21)),
        ("1.2.2025", date(2025, 2, 1)),
        ("21/11/26", date(2026, 11, 21)),
        ("46347", date(2026, 11, 21)),
        ("31/02/2026", None),
        ("bientôt", None),
        ("2026", None),
    ],
)
def test_dates_are_read_as_people_and_spreadsheets_write_them(text: str, day: date | None):
    assert read_date(text) == day


def test_a_cell_that_cannot_be_read_is_unknown_and_told_never_guessed():
    chosen = {"P": "title", "D": "received_on", "M": "email", "S": "siren", "E": "state"}
    row = {"P": "Atelier", "D": "31/02/2026", "M": "camille arobase", "S": "123", "E": "à voir"}
    said = read_row("cases", chosen, row, TODAY)
    assert said.values == {"title": "Atelier"} and not said.refused
    assert [column for column, _why in said.doubts] == ["D", "M", "S", "E"]


def test_what_already_happened_is_not_to_come_and_what_comes_may_be():
    chosen = {"P": "title", "D": "received_on", "S": "next_step_on"}
    said = read_row("cases", chosen, {"P": "Atelier", "D": "2027-01-01", "S": "2027-01-01"}, TODAY)
    assert said.values == {"title": "Atelier", "next_step_on": date(2027, 1, 1)}
    assert said.doubts == (("D", "date à venir"),)


@pytest.mark.parametrize(("text", "state"), [("Clôturé", "closed"), ("En cours", "open"), ("Abandon", "closed")])
def test_states_are_read_in_words(text: str, state: str):
    assert read_row("cases", {"P": "title", "E": "state"}, {"P": "A", "E": text}, TODAY).values["state"] == state


@pytest.mark.parametrize(("text", "month"), [("12", 12), ("31/12", 12), ("Juin", 6), ("30/06/2026", 6), ("13", None)])
def test_the_month_of_closing_is_read(text: str, month: int | None):
    said = read_row("firms", {"P": "title", "C": "closing_month"}, {"P": "A", "C": text}, TODAY)
    assert said.values.get("closing_month") == month


def test_a_row_without_a_name_is_refused():
    assert read_row("cases", {"P": "title", "M": "email"}, {"P": " ", "M": "a@b.fr"}, TODAY).refused == "le nom manque"


@given(st.sampled_from(["cases", "firms"]), st.text(max_size=60))
def test_any_cell_in_any_field_is_read_without_falling_and_within_its_length(kind: str, text: str):
    for code in fields(kind):
        said = read_row(kind, {"T": "title", "C": code}, {"T": "Atelier", "C": text}, TODAY)
        assert len(str(said.values.get(code, ""))) <= 4000

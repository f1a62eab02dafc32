"""A structure's people correct their page; whoever started from an older version sees both and loses nothing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def open_correction(page: Page) -> None:
    page.get_by_role("link", name="Corriger ma fiche").first.click()
    expect(page.get_by_role("heading", name="Corriger la fiche")).to_be_visible()


def save(page: Page) -> None:
    page.get_by_role("button", name="Enregistrer la fiche").click()


def test_a_correction_shows_at_once_and_an_older_version_is_compared(enter):
    first, second = enter("association"), enter("association")
    open_correction(first)
    open_correction(second)

    first.get_by_label("Ce que fait la structure").fill("Réparer son vélo à plusieurs, le mercredi et le samedi.")
    first.get_by_label("Horaires").fill("We 14:00-18:00; Sa 10:00-18:00")
    save(first)
    expect(first.locator("main .messages")).to_contain_text("C’est enregistré")
    expect(first.locator(".ident .lead")).to_have_text("Réparer son vélo à plusieurs, le mercredi et le samedi.")
    expect(first.locator("div.card", has_text="Horaires")).to_contain_text(re.compile(r"Mercredi\s*14\sh.*18\sh"))
    newest = first.locator("section", has=first.get_by_role("heading", name="Son fil")).locator(".fact").first
    expect(newest).to_contain_text("description")
    origin = first.get_by_role("table", name="Chaque champ de la fiche, sa source et sa date")
    expect(origin.get_by_role("row", name="Description")).to_contain_text("la structure")

    second.get_by_label("Ce que fait la structure").fill("Un atelier où l’on apprend à réparer son vélo.")
    save(second)
    expect(second.locator(".note.bad")).to_be_focused()
    both = second.locator("section", has=second.get_by_role("heading", name="Description"))
    expect(both).to_contain_text("le mercredi et le samedi")  # theirs, now on the page
    typed = both.get_by_label("Ce que fait la structure")
    expect(typed).to_have_value("Un atelier où l’on apprend à réparer son vélo.")
    # What this person did not touch is the other's: the description alone is asked about.
    expect(second.get_by_label("Horaires")).to_have_value("We 14:00-18:00; Sa 10:00-18:00")
    expect(second.get_by_role("group", name="quelle version garder")).to_have_count(1)
    both.get_by_label("Ce que j’ai écrit").check()
    save(second)
    expect(second.locator(".ident .lead")).to_have_text("Un atelier où l’on apprend à réparer son vélo.")
    expect(second.locator("div.card", has_text="Horaires")).to_contain_text(re.compile(r"Samedi.*10\sh.*18\sh"))


def test_a_mistake_in_the_form_is_named_and_nothing_typed_is_lost(enter):
    page = enter("gestionnaire")
    open_correction(page)
    page.get_by_label("Ce que fait la structure").fill("Des locaux pour commencer.")
    page.get_by_label("Code postal").fill("4200")
    save(page)
    expect(page.locator(".note.bad")).to_be_focused()
    expect(page.get_by_label("Code postal")).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".err")).to_contain_text("cinq chiffres")
    expect(page.get_by_label("Ce que fait la structure")).to_have_value("Des locaux pour commencer.")
    page.get_by_role("link", name="Annuler").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Corriger la fiche")

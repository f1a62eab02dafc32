"""Two members edit their page at once and lose nothing; a photo is described and shown; one's own change is undone."""

from __future__ import annotations

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from .conftest import PHONE
from .test_every_page import findings

pytestmark = pytest.mark.browser


def open_mine(page: Page) -> str:
    page.goto("/annuaire/mes-structures/")
    expect(page.locator(".ident h1")).to_be_visible()
    return page.url


def open_correction(page: Page) -> None:
    page.get_by_role("link", name="Corriger la fiche").click()
    expect(page.get_by_role("heading", name="Corriger la fiche")).to_be_visible()


def save(page: Page) -> None:
    page.get_by_role("button", name="Enregistrer la fiche").click()


def test_two_members_edit_the_same_page_at_once_and_lose_nothing(enter):
    first, second = enter("association"), enter("association", width=PHONE)
    for page in (first, second):
        open_mine(page)
        open_correction(page)
    first.get_by_label("Ce que fait la structure").fill("Réparer son vélo à plusieurs.")
    first.get_by_label("Accès en fauteuil roulant").select_option("limited")
    save(first)
    expect(first.locator("main .messages")).to_contain_text("C’est enregistré")

    # The second wrote at the same place, and elsewhere: both versions, one choice, and the rest stands by itself.
    second.get_by_label("Ce que fait la structure").fill("Apprendre à réparer son vélo.")
    second.get_by_label("Horaires").fill("We 14:00-18:00")
    save(second)
    both = second.locator("section", has=second.get_by_role("heading", name="Description"))
    expect(both).to_contain_text("Réparer son vélo à plusieurs.")
    expect(both.get_by_label("Ce que fait la structure")).to_have_value("Apprendre à réparer son vélo.")
    save(second)
    expect(second.locator(".note.bad")).to_contain_text("quelle version garder")
    assert not list(findings(second))
    both.get_by_label("Ce que dit la fiche").check()
    save(second)
    expect(second.locator(".ident .lead")).to_have_text("Réparer son vélo à plusieurs.")
    expect(second.locator("div.card", has_text="Horaires").first).to_contain_text("Mercredi")
    expect(second.locator("main")).to_contain_text("Accessible en fauteuil roulant en partie")


def test_a_photo_is_described_put_first_and_shown(enter, tmp_path):
    page = enter("association")
    address = open_mine(page)
    page.get_by_role("link", name="Tenir les photos").click()
    for name, colour in (("La vitrine de l’atelier", "teal"), ("Deux bénévoles réparent un vélo", "maroon")):
        Image.new("RGB", (1600, 900), colour).save(tmp_path / "photo.jpg")
        page.get_by_label("Photo", exact=True).set_input_files(tmp_path / "photo.jpg")
        page.get_by_label("Les personnes reconnaissables").check()
        page.get_by_role("button", name="Ajouter la photo").click()
        expect(page.locator(".err")).to_contain_text("Décrivez l’image en une phrase")
        page.get_by_label("Photo", exact=True).set_input_files(tmp_path / "photo.jpg")
        page.get_by_label("Ce que l’image montre").fill(name)
        page.get_by_role("button", name="Ajouter la photo").click()
        expect(page.locator("main .messages")).to_contain_text("La photo est sur la fiche")
    page.get_by_role("button", name="Avancer la photo 2").click()
    found = list(findings(page))
    for name in ("Changer ses mots (photo 1)", "Retirer la photo 1"):
        page.get_by_role("link", name=name).click()
        found += findings(page)
        page.go_back()
    page.goto(address)
    assert not [*found, *findings(page)]
    shown = page.locator(".photos img")
    expect(shown).to_have_count(2)
    expect(shown.first).to_have_attribute("alt", "Deux bénévoles réparent un vélo")
    shown.first.scroll_into_view_if_needed()
    expect(shown.first).to_have_js_property("complete", True)
    assert shown.first.evaluate("image => image.naturalWidth") > 0


def test_one_s_own_change_is_read_in_the_history_and_undone(enter):
    page = enter("gestionnaire")
    address = open_mine(page)
    before = page.locator(".ident .lead").inner_text()
    open_correction(page)
    page.get_by_label("Ce que fait la structure").fill("Écrit trop vite.")
    save(page)
    page.goto(f"{address}historique/")
    change = page.locator("li.card").first
    expect(change).to_contain_text("Par vous")
    expect(change.get_by_role("row", name="Description")).to_contain_text("Écrit trop vite.")
    change.get_by_role("link", name="Annuler mon changement").click()
    expect(page.locator("main")).to_contain_text("ce que disent les sources")
    found = list(findings(page))
    page.get_by_role("button", name="Annuler ce changement").click()
    expect(page.locator("main .messages")).to_contain_text("C’est annulé")
    assert not [*found, *findings(page)]
    page.goto(address)
    expect(page.locator(".ident .lead")).to_have_text(before)

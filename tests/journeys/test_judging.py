"""A moderator settles twenty pairs by keyboard only, in two minutes: joins, parts, sets aside, undoes."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
from playwright.sync_api import Page, expect

from .test_every_page import findings

pytestmark = pytest.mark.browser
PAIRS, MOST_SECONDS = 22, 120
# The demo's own structures that nobody judged, each beside the next one: the rules of matching are tested elsewhere.
MAKE_PAIRS = f"""
from toile.directory.models import Candidate, Judgement, Organisation
judged = [pk for pair in Judgement.objects.order_by("pk").values_list("first", "second") for pk in pair]
public = Organisation.objects.structures().filter(openness="public", invention="fictional").exclude(pk__in=judged)
found = list(public.order_by("sort_name", "pk").values_list("pk", flat=True)[:{PAIRS * 2}])
reasons = [{{"code": "same_commune", "values": {{"commune": "Saint-Étienne"}}, "weight": 0.2}}]
Candidate.objects.all().delete()
for number in range({PAIRS}):
    low, high = sorted(found[2 * number : 2 * number + 2])
    Candidate.objects.create(first_id=low, second_id=high, certainty="check", score=0.5, reasons=reasons)
"""


def at_work(enter, site) -> Page:
    """The officer in front of the first pair, among those that the rules brought together."""
    asked = [sys.executable, "-m", "toile", "manage", "shell", "-v", "0", "-c", MAKE_PAIRS]
    subprocess.run(asked, check=True, env=environment(site), capture_output=True, timeout=120)
    page = enter("chargee-de-mission")
    page.goto("/annuaire/doublons/")
    return page


def environment(site) -> dict[str, str]:
    """That of a command about the site's own database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TOILE_", "DJANGO_", "DATABASE"))}
    return kept | {"TOILE_VAR": str(site.folder)}


def names(page: Page) -> str:
    """The names of the two structures that the page asks about."""
    return page.get_by_role("row", name="Nom d’usage").inner_text()


def test_twenty_pairs_are_settled_by_keyboard_within_two_minutes(enter, site):
    page = at_work(enter, site)
    begun = time.monotonic()
    keys = {"m": "la même structure", "d": "deux structures", "s": "on ne sait pas"}
    for number in range(20):
        asked = names(page)
        key = "mds"[number % 3]
        page.keyboard.press(key)
        told = page.locator(".note.ok")
        expect(told).to_contain_text(keys[key])
        expect(told).to_be_focused()
        expect(page.get_by_role("row", name="Nom d’usage")).not_to_have_text(asked)
    assert time.monotonic() - begun < MOST_SECONDS
    expect(page.get_by_role("link", name="À juger (2)")).to_be_visible()
    expect(page.get_by_role("link", name="Mises de côté (7)")).to_be_visible()

    # A merge answers at the other's address, and one key undoes it.
    asked = names(page)
    page.keyboard.press("m")
    expect(page.locator(".note.ok")).to_contain_text("la même structure")
    page.keyboard.press("a")
    expect(page.locator(".note.ok")).to_contain_text("Jugement repris")
    assert names(page) == asked
    expect(page.get_by_role("link", name="À juger (2)")).to_be_visible()


def test_the_keys_can_be_switched_off_and_leave_fields_alone(enter, site):
    page = at_work(enter, site)
    page.get_by_text("Dire pourquoi (facultatif)").click()
    page.get_by_role("textbox", name="Pourquoi").press_sequentially("mds")
    expect(page.get_by_role("textbox", name="Pourquoi")).to_have_value("mds")
    page.get_by_label("Répondre d’une touche du clavier").uncheck()
    page.locator("body").press("m")
    page.reload()
    page.locator("body").press("m")
    expect(page.get_by_role("link", name=f"À juger ({PAIRS})")).to_be_visible()
    page.get_by_role("button", name="Deux structures").click()
    expect(page.locator(".note.ok")).to_contain_text("deux structures")


def test_the_moderator_s_pages_have_no_violation(enter, site):
    page = at_work(enter, site)
    found = list(findings(page))
    page.set_viewport_size({"width": 1280, "height": 844})
    page.keyboard.press("m")
    expect(page.locator(".note.ok")).to_be_focused()
    found += findings(page)
    page.goto("/annuaire/doublons/jugements/")
    found += findings(page)
    page.get_by_role("link", name="Reprendre ce jugement").first.click()
    expect(page.get_by_role("heading", name="Reprendre un jugement")).to_be_visible()
    found += findings(page)
    page.get_by_role("button", name="Reprendre le jugement").click()
    for path in ("/annuaire/doublons/sures/", "/annuaire/doublons/jugements/?reponse=unsure", "/annuaire/ajouter/"):
        page.goto(path)
        found += findings(page)
    page.get_by_label("Nom d’usage").press_sequentially("Accueil")
    expect(page.locator("#ressemblantes .note")).to_be_visible()
    found += findings(page)
    assert not found, "\n".join(found)


def test_without_javascript_a_pair_is_joined_and_parted_again(enter, site):
    at_work(enter, site)
    page = enter("chargee-de-mission", javascript=False, width=390)
    page.goto("/annuaire/doublons/")
    asked = names(page)
    page.get_by_role("button", name="La même structure").click()
    expect(page.locator(".note.ok")).to_contain_text("la même structure")
    page.get_by_role("button", name="Annuler ce jugement").click()
    expect(page.locator(".note.ok")).to_contain_text("Jugement repris")
    assert names(page) == asked


def test_a_likely_duplicate_is_told_while_typing_a_new_name(enter):
    page = enter("chargee-de-mission")
    page.goto("/annuaire/")
    there = page.locator("main ol .org a").first.inner_text()
    page.goto("/annuaire/ajouter/")
    page.get_by_label("Nom d’usage").press_sequentially(there)
    warning = page.locator("#ressemblantes .note")
    expect(warning).to_contain_text("Ressemble à…")
    expect(warning.get_by_role("link", name=there, exact=True).first).to_be_visible()
    page.get_by_label("Commune").fill("Firminy")
    page.get_by_role("button", name="Ajouter la structure").click()
    expect(page.locator("#ressemblantes .note")).to_be_focused()
    page.get_by_label("Ce n’est pas l’une de celles-ci").check()
    page.get_by_role("button", name="Ajouter la structure").click()
    expect(page.locator("main .messages")).to_contain_text("La structure est ajoutée")
    expect(page.get_by_role("heading", level=1)).to_have_text(there)

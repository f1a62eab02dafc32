"""What happens while a page is open is announced there, and shown when asked: nothing moves by itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_correction_is_announced_on_an_open_page_and_waits_to_be_shown(enter, open_page):
    neighbour, member = open_page(), enter("association")
    neighbour.goto("/fil/")
    facts = neighbour.locator("ol.thread .fact")
    before, announced = facts.count(), neighbour.get_by_role("button", name="Montrer")
    expect(announced).to_be_hidden()

    member.get_by_role("link", name="Corriger ma fiche").first.click()
    member.get_by_label("Ce que fait la structure").fill("Réparer son vélo à plusieurs, un soir par semaine.")
    member.get_by_role("button", name="Enregistrer la fiche").click()
    expect(member.locator("main .messages")).to_contain_text("C’est enregistré")

    expect(announced).to_be_visible()
    assert facts.count() == before
    announced.click()
    expect(facts.first).to_contain_text("corrige")
    expect(facts.first).to_be_focused()
    expect(announced).to_be_hidden()
    assert facts.count() > before

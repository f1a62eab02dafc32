"""A visitor finds out what is of the social economy near them, on a phone, with and without scripts, by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import PHONE

pytestmark = pytest.mark.browser


def fits(page: Page) -> None:
    """Nothing scrolls sideways."""
    assert page.locator("html").evaluate("html => html.scrollWidth - window.innerWidth") <= 1


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_a_visitor_goes_from_their_commune_to_where_each_information_comes_from(open_page, javascript):
    page = open_page(width=PHONE, javascript=javascript)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tissez votre toile ESS")

    page.get_by_label("Votre commune").select_option(label="Firminy")
    page.get_by_role("button", name="Voir cette commune").click()
    near = page.locator("#pres")
    expect(near.locator(".org").first).to_contain_text("Firminy")

    # The map answers by its table too; both lead to the list of that commune.
    near.get_by_text("Voir le tableau par commune").click()
    near.get_by_role("row", name=re.compile("^Firminy")).get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/annuaire/\?commune=42095"))
    expect(page.get_by_role("link", name=re.compile("Firminy.*Retirer ce filtre"))).to_be_visible()
    found = page.locator("#nb").inner_text()
    assert re.match(r"\d+ structures? trouvée", found)

    page.get_by_role("link", name="Carte", exact=True).click()
    expect(page).to_have_url(re.compile("vue=carte"))
    expect(page.locator("main svg.wide")).to_be_visible()
    page.get_by_role("link", name="Tableau", exact=True).click()
    expect(page.get_by_role("table", name=found)).to_be_visible()
    assert page.locator("#nb").inner_text() == found
    fits(page)

    # Another journey may have added a real one to this site.
    invented = page.get_by_role("table", name=found).get_by_role("row").filter(has_text="fictif")
    first = invented.first.get_by_role("link")
    name = first.inner_text()
    first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_role("heading", name=re.compile("de l’ESS"))).to_be_visible()
    page.get_by_text("Voir les règles essayées, dans l’ordre").click()
    expect(page.get_by_text("Loi n° 2014-856")).to_be_visible()
    origin = page.get_by_role("table", name="Chaque champ de la fiche, sa source et sa date")
    expect(origin.get_by_role("row", name=re.compile("Nom d’usage"))).to_contain_text("inventé pour la démonstration")
    fits(page)


# The focus is seen when the control, the field that holds it or its drawing on a map look otherwise without it.
DRAWN = """control => {
  const shown = [control, control.closest(".field"), ...control.querySelectorAll("path")].filter(Boolean);
  const look = () => shown.map(getComputedStyle)
    .map(s => [s.outlineStyle, s.boxShadow, s.fill, s.stroke, s.strokeWidth].join()).join();
  const focused = look();
  control.blur();
  const plain = look();
  control.focus({ preventScroll: true });
  return focused !== plain;
}"""


def press_until(page: Page, wanted: str, most: int = 120) -> None:
    """Press Tab until what matches the selector `wanted` has the focus, which must be drawn each time."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.locator("*:focus")
        assert focused.evaluate(DRAWN), focused.evaluate("e => e.outerHTML.slice(0, 200)")
        if focused.evaluate("(e, wanted) => e.matches(wanted)", wanted):
            return
    pytest.fail(f"Tab n’atteint pas {wanted}")


def test_the_search_and_its_first_result_open_by_keyboard_alone(open_page):
    page = open_page(width=PHONE)
    page.goto("/")
    press_until(page, "a.skip")
    press_until(page, "#q")
    page.keyboard.type("velo")
    page.keyboard.press("Tab")
    page.keyboard.type("crêt de roch")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/annuaire/\?q=velo&ou="))
    expect(page.locator("main ol .org").first).to_be_visible()
    name = page.locator("main ol .org a").first.inner_text()
    press_until(page, "ol .org a")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_nothing_found_says_what_to_try(open_page):
    page = open_page(width=PHONE)
    page.goto("/annuaire/?q=zzzz&ou=atlantide")
    expect(page.get_by_text("n’est pas un lieu que nous connaissons")).to_be_visible()
    page.get_by_role("link", name="Voir toute la liste").click()
    expect(page.locator("main ol .org").first).to_be_visible()

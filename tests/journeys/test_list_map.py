"""The map of a list: walked by keyboard, by links without scripts, dragged with a mouse; the list follows it."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from .conftest import DESK, PHONE

pytestmark = pytest.mark.browser
FOUND = re.compile(r"^(\d+) structures? trouvée")


def found(page: Page) -> int:
    told = FOUND.match(page.locator("#nb").inner_text())
    assert told
    return int(told[1])


def shown(page: Page) -> list[float]:
    """The box that the map says it shows."""
    return [float(side) for side in (page.locator("[data-map]").get_attribute("data-box") or "").split(",")]


def asked(page: Page) -> list[float]:
    """The box that the address asks."""
    return [float(side) for side in parse_qs(urlsplit(page.url).query)["boite"][0].split(",")]


def test_a_structure_is_reached_on_the_map_by_keyboard_alone(open_page):
    page = open_page(width=PHONE)
    page.goto("/annuaire/?vue=carte")
    whole = found(page)
    page.locator("#carte").focus()
    page.keyboard.press("+")
    expect(page).to_have_url(re.compile("boite="))
    expect(page.locator("#carte")).to_be_focused()
    assert 0 < found(page) < whole
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#carte")).to_be_focused()
    for _closer in range(8):
        if page.locator("#carte-reperes a:not([data-step])").count():
            break
        address = page.url
        page.locator("#carte-reperes a").last.focus()
        page.keyboard.press("Enter")
        expect(page).not_to_have_url(address)
        expect(page.locator("#carte")).to_be_focused()
    pin = page.locator("#carte-reperes a:not([data-step])").first
    name = (pin.get_attribute("aria-label") or "").split("\u00a0: ", 1)[1]
    while not pin.evaluate("pin => pin === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_without_scripts_every_control_is_a_link_to_the_list_of_what_it_shows(open_page):
    page = open_page(width=PHONE, javascript=False)
    page.goto("/annuaire/?vue=carte")
    whole = found(page)
    page.get_by_role("link", name="Agrandir la carte").click()
    closer = found(page)
    assert closer < whole
    page.locator("#carte-reperes a[data-step]").first.click()
    assert found(page) <= closer
    page.get_by_role("link", name="Revoir tout le territoire").click()
    assert found(page) == whole


def test_dragging_the_map_asks_what_it_then_shows_and_the_wheel_alone_scrolls(open_page):
    page = open_page(width=DESK)
    page.goto("/annuaire/?vue=carte")
    page.get_by_role("link", name="Agrandir la carte").click()
    expect(page).to_have_url(re.compile("boite="))
    west, south, east, north = shown(page)
    room = page.locator("#carte").bounding_box()
    assert room
    x, y = room["x"] + room["width"] * 0.3, room["y"] + room["height"] * 0.3
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + room["width"] / 4, y, steps=5)
    page.mouse.up()
    quarter = (east - west) / 4
    page.wait_for_function("west => document.querySelector('[data-map]').dataset.box.split(',')[0] < west", arg=west)
    assert shown(page) == pytest.approx([west - quarter, south, east - quarter, north], abs=(east - west) / 50)
    assert asked(page) == pytest.approx(shown(page), abs=0.001)
    address = page.url
    page.locator("#carte").hover()
    page.mouse.wheel(0, 200)
    page.wait_for_function("scrollY > 0")
    assert page.url == address


def test_a_line_and_its_mark_answer_each_other(open_page):
    page = open_page(width=DESK)
    page.goto("/annuaire/?vue=carte")
    line = page.locator("[data-line]").first
    number = line.get_attribute("data-line")
    line.hover()
    expect(page.locator("#carte [data-lit]")).to_have_count(1)
    expect(page.locator(f'#carte [data-lines~="{number}"]')).to_have_attribute("data-lit", "")
    page.locator(f'#carte [data-lines~="{number}"]').focus()
    expect(line).to_have_attribute("data-lit", "")

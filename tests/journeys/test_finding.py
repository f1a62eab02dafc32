"""A visitor finds a structure by a misspelt name, and on the map by keyboard; filters and takes files away."""

from __future__ import annotations

import csv
import json
import re
import time
import unicodedata
from collections.abc import Callable
from contextlib import closing
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect

from .conftest import PHONE
from .test_visitor import fits, press_until

pytestmark = pytest.mark.browser
NAME = "Atelier vélo du Crêt"
MISSPELT = "atelir vleo du cret"
READY_WITHIN = 30  # seconds, the index of a site that has just started
ATOM = "{http://www.w3.org/2005/Atom}"


def told(page: Page) -> int:
    """How many structures the page says it found."""
    number = re.match(r"[\d\u202f]+", page.locator("#nb").inner_text())
    assert number, page.locator("#nb").inner_text()
    return int(number.group().replace("\u202f", ""))


def names(page: Page) -> list[str]:
    """The structures listed, in order."""
    return page.locator("main ol .org h3").all_inner_texts()


def until_tolerant(page: Page) -> None:
    """Ask again as long as the page says that words are looked for to the letter: the index is being built."""
    deadline = time.monotonic() + READY_WITHIN
    while page.get_by_text("La recherche tolérante est en pause").count():
        assert time.monotonic() < deadline, "l’index n’est pas prêt"
        page.reload()


def marks_of(page: Page, name: str) -> Locator:
    """What stands on the map for the line of this name: its own mark, or that of a group."""
    line = page.locator("main ol .org", has=page.get_by_role("link", name=name, exact=True))
    return page.locator(f'#carte-reperes a[data-lines~="{line.get_attribute("data-line")}"]')


def test_a_misspelt_name_leads_to_the_structure_then_to_its_place_on_the_map_by_keyboard_alone(open_page):
    page = open_page(width=PHONE)
    page.goto("/")
    press_until(page, "#q")
    page.keyboard.type(MISSPELT)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/annuaire/\?q=atelir"))
    until_tolerant(page)
    assert names(page)[0] == NAME
    fits(page)
    press_until(page, "main ol .org a")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    fits(page)

    page.go_back()
    press_until(page, '#resultats nav a[href*="vue=carte"]')
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("vue=carte"))
    expect(page.locator("#nb")).to_be_focused()
    for _closer in range(8):
        mark = marks_of(page, NAME)
        wanted = f'#carte-reperes a[data-lines="{mark.get_attribute("data-lines")}"]'
        grouped = mark.get_attribute("data-step") is not None
        press_until(page, wanted)
        address = page.url
        page.keyboard.press("Enter")
        expect(page).not_to_have_url(address)
        if not grouped:
            break
        expect(page.locator("#carte")).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)


def test_a_search_that_finds_nothing_says_why_and_each_try_finds_what_it_says(open_page):
    page = open_page(width=PHONE)
    page.goto("/annuaire/?q=zzzzqx&commune=42095")
    until_tolerant(page)
    empty = page.locator(".empty")
    expect(empty).to_contain_text("Rien ne correspond à votre recherche")
    expect(empty).to_contain_text("Aucune fiche ne contient «\u00a0zzzzqx\u00a0».")
    fits(page)
    follow_try(page, "Sans les mots cherchés")
    expect(page.get_by_role("list", name="Filtres actifs")).to_contain_text("Firminy")

    page.goto("/annuaire/?q=velo&commune=42095&etape=ceased")
    expect(empty).to_be_visible()
    follow_try(page, "Les mots seuls, sans filtre")
    expect(page.get_by_role("list", name="Filtres actifs")).to_contain_text("velo")
    expect(page.get_by_role("list", name="Filtres actifs")).not_to_contain_text("Firminy")

    page.goto("/annuaire/?q=zzzzqx")
    empty.get_by_role("link", name="Voir toute la liste").click()
    expect(page).to_have_url(re.compile(r"/annuaire/$"))
    expect(page.locator("main ol .org").first).to_be_visible()


def follow_try(page: Page, label: str) -> None:
    """Follow what the empty page offers: it finds as many as it said."""
    offered = page.locator(".empty").get_by_role("link", name=label)
    number = offered.locator("span").inner_text()
    offered.click()
    expect(page.locator("#nb")).to_contain_text(f"{number} structures trouvées")
    assert len(names(page)) == min(int(number), 20)


def test_facets_pills_sort_and_radius_work_without_scripts(open_page):
    page = open_page(width=PHONE, javascript=False)
    page.goto("/annuaire/?ou=Firminy")
    whole = told(page)
    drawer = page.locator("#tiroir")
    drawer.get_by_text("Filtrer les résultats").click()
    cooperatives = drawer.locator("label", has=page.locator('input[name="famille"][value="cooperative"]'))
    counted = int(re.findall(r"\d+", cooperatives.inner_text())[-1])
    assert 0 < counted < whole
    cooperatives.locator("input").check()
    drawer.get_by_role("button", name="Appliquer les filtres").click()
    assert told(page) == counted
    expect(cooperatives.locator("input")).to_be_checked()
    fits(page)
    page.get_by_role("link", name=re.compile("Coopérative.*Retirer ce filtre")).click()
    assert told(page) == whole

    apply = page.get_by_role("button", name="Appliquer", exact=True)
    page.get_by_label("Distance", exact=True).select_option(label="à moins de 2 km")
    page.get_by_label("Trier par").select_option(label="distance")
    apply.click()
    assert "Firminy" in page.get_by_role("list", name="Filtres actifs").inner_text()
    far = [metres(line) for line in page.locator("main ol .org .meta").all_inner_texts()]
    assert far == sorted(far)
    assert far[-1] <= 2000
    page.get_by_label("Trier par").select_option(label="nom")
    apply.click()
    assert "tri=distance" not in page.url
    near = [initial(name) for name in names(page)]
    assert near == sorted(near)


def initial(name: str) -> str:
    """The letter a name is filed under: accents and capitals do not count."""
    return unicodedata.normalize("NFD", name.casefold())[0]


def metres(line: str) -> float:
    """The distance that a line of the list says."""
    said = re.search(r"à ([\d,]+)\s(k?)m", line)
    assert said, line
    return float(said[1].replace(",", ".")) * (1000 if said[2] else 1)


def rows_of_sheet(path: Path) -> int:
    with closing(load_workbook(path, read_only=True)) as book:
        return len(list(book.active.iter_rows(values_only=True))) - 1


def rows_of_csv(path: Path) -> int:
    return len(list(csv.reader(StringIO(path.read_text(encoding="utf-8-sig"))))) - 1


def features(path: Path) -> int:
    return len(json.loads(path.read_text(encoding="utf-8"))["features"])


@pytest.mark.parametrize(("label", "count"), [("Classeur", rows_of_sheet), ("CSV", rows_of_csv), ("GeoJSON", features)])
def test_each_file_is_downloaded_without_scripts_and_holds_what_the_list_counts(
    open_page, tmp_path: Path, label: str, count: Callable[[Path], int]
):
    page = open_page(javascript=False)
    page.goto("/annuaire/?famille=cooperative")
    with page.expect_download() as download:
        page.get_by_role("link", name=label, exact=True).click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert count(path) == told(page)


def test_what_programs_read_of_a_list_tells_the_same_structures(open_page):
    page = open_page(javascript=False)
    page.goto("/annuaire/?famille=cooperative")
    taken = {
        name: page.request.get(page.get_by_role("link", name=name, exact=True).get_attribute("href") or "")
        for name in ("JSON", "Flux Atom")
    }
    assert taken["JSON"].json()["count"] == told(page)
    feed = ElementTree.fromstring(taken["Flux Atom"].body())
    assert feed.findall(f"{ATOM}entry")
    assert feed.findtext(f"{ATOM}title") == "Annuaire de l’ESS\u00a0: Coopérative"

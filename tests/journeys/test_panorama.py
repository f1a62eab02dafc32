"""The panorama: a citizen finds their commune on a phone; the officer builds, publishes, corrects, prints."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from toile.demo.services import COMMUNES
from toile.demo.town import read_communes
from toile.directory.imports.simulate import Commune, simulate_stock

from .conftest import PHONE
from .test_visitor import fits

pytestmark = pytest.mark.browser
YEAR = "2025"
COMPUTED_WITHIN = 180_000  # milliseconds, on a busy machine: the documents of 53 communes are printed


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_a_citizen_finds_their_commune_understands_its_share_and_takes_the_table(open_page, javascript):
    page = open_page(width=PHONE, javascript=javascript)
    page.goto("/")
    page.locator("#panorama").get_by_role("link", name="Ouvrir le panorama").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Saint-Étienne Métropole : l’ESS")
    first = page.locator(".key-n").first
    expect(first).to_contain_text("simulé")
    first.get_by_text("D’où vient ce chiffre").click()
    expect(first).to_contain_text("Définition :")
    fits(page)

    page.get_by_label("Votre commune").select_option(label="Firminy")
    page.get_by_role("button", name="Voir sa fiche").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Firminy")
    understood = page.locator("section", has=page.get_by_role("heading", name="Comprendre cette part"))
    expect(understood).to_contain_text("là où l’on travaille")
    expect(page.get_by_role("heading", name="Ce que ces chiffres ne disent pas")).to_be_visible()
    expect(page.get_by_role("link", name="Sa fiche A4, à imprimer (PDF)")).to_be_visible()
    fits(page)

    page.locator(".key-n").first.get_by_text("D’où vient ce chiffre").click()
    page.locator(".key-n").first.get_by_role("link", name=re.compile("Refaire ce calcul")).click()
    expect(page.get_by_role("heading", name="Comment il est calculé")).to_be_visible()
    fits(page)
    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV").click()
    with Path(taken.value.path()).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {"indicator", "perimeter", "commune", "low", "value", "high", "status"} <= set(rows[0])
    assert any(row["commune"] == "42095" for row in rows)
    assert all(row["value"] == "" for row in rows if row["status"] != "ok")


def test_figures_of_others_are_read_with_their_contradictions_and_no_growth(open_page):
    page = open_page(width=PHONE)
    page.goto("/panorama/publies/")
    expect(page.get_by_text("PROCESS, document non daté")).to_be_visible()
    expect(page.get_by_text("Rupture de série.")).to_be_visible()
    expect(page.get_by_text("+8\u202f% d’emploi entre 2012 et 2016")).to_be_visible()
    fits(page)


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A small stock of the territory alone: its communes weigh as much as the country."""
    weights = [Commune(one.code, one.population * 165, one.name) for one in read_communes(COMMUNES)]
    made = simulate_stock(tmp_path_factory.mktemp("stock"), 4_000, 7, weights)
    return [made.unites, made.etablissements]


def test_the_officer_builds_annotates_publishes_corrects_and_prints(enter, stock):
    page = enter("chargee-de-mission")
    page.goto("/panorama/atelier/nouvelle/")
    page.get_by_label("Année").fill(YEAR)
    for box in page.get_by_role("checkbox").all():
        box.uncheck()
    page.get_by_role("button", name="Choisir les fichiers").click()

    page.get_by_label("Un ou plusieurs fichiers").set_input_files(stock)
    page.get_by_role("button", name="Déposer ces fichiers").click()
    expect(page.locator("#lus").get_by_text("comprise")).to_have_count(2, timeout=60_000)
    page.get_by_role("link", name="Revenir à l’édition et calculer").click()
    edition = page.url
    for _file in stock:
        page.get_by_role("link", name=re.compile("la licence et le millésime")).first.click()
        page.get_by_label("Qui le publie").fill("Toile")
        page.get_by_label("Millésime").fill("simulé, fin 2025")
        page.get_by_label("Licence").fill("Licence Ouverte 2.0")
        page.get_by_role("button", name="Enregistrer").click()
        expect(page.get_by_text("C’est enregistré.")).to_be_visible()
        page.goto(edition)
    _computed(page)

    page.get_by_role("link", name="Annoter un chiffre").click()
    page.locator("main textarea").fill("Un siège déclare pour toute la région.")
    page.get_by_role("button", name="Ajouter la note").click()
    expect(page.get_by_text("Un siège déclare pour toute la région.")).to_be_visible()
    page.goto(edition)
    _published(page)
    assert page.get_by_text("Un siège déclare pour toute la région.").count() == 1

    page.goto(page.url.replace("/panorama/", "/panorama/atelier/") + "corriger/")
    page.locator("main textarea").fill("Firminy était compté deux fois.")
    page.get_by_role("button", name="Commencer la correction").click()
    _computed(page)
    _published(page)
    expect(page.get_by_text("Firminy était compté deux fois.")).to_be_visible()
    expect(page.get_by_text("version 2")).to_be_visible()
    with page.expect_download() as printed:
        page.get_by_role("link", name="Une page A4 pour une élue, un élu (PDF)").click()
    assert Path(printed.value.path()).read_bytes().startswith(b"%PDF")
    page.get_by_role("link", name="Voir la version corrigée").click()
    expect(page.get_by_text("Cette édition est remplacée.")).to_be_visible()


def _computed(page: Page) -> None:
    """The figures computed by the job, watched from the page of the edition."""
    page.get_by_role("button", name="Calculer les chiffres").click()
    expect(page.get_by_text("Les chiffres sont calculés")).to_be_visible(timeout=COMPUTED_WITHIN)


def _published(page: Page) -> None:
    """From the page of an edition computed to the page that everybody reads."""
    page.get_by_role("link", name="Publier l’édition").click()
    page.get_by_role("button", name="Publier l’édition").click()
    expect(page.get_by_text("C’est publié.")).to_be_visible()

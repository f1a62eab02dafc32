"""The main pages at three widths, light or dark: axe finds nothing, nothing scrolls sideways, no script complains."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import DESK, PHONE
from .test_import import messy

pytestmark = pytest.mark.browser
NARROWEST = 320
# What depends on a width is alike in both colours, and colours are alike at both widths: two passes, not four.
SCHEMES = {PHONE: "light", DESK: "dark"}


def findings(page: Page) -> Iterable[str]:
    """What axe and the ruler say of the page as it is: each width, in one of the colours, without loading it again."""
    page.wait_for_load_state()  # a click returns before the page it leads to has a document
    for width in (NARROWEST, PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 844})
        over = page.locator("html").evaluate("html => html.scrollWidth - window.innerWidth")
        if over > 1:
            yield f"{page.url} {width} px : dépasse de {over} px"
        scheme = SCHEMES.get(width)
        if scheme is None:
            continue
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for violation in Axe().run(page).response["violations"]:
            shown = violation["nodes"][0]["html"][:150]
            yield f"{page.url} {width} px {scheme} : {violation['id']} ({violation['help']}) {shown}"


def test_public_pages_have_no_violation(open_page):
    page = open_page()
    found: list[str] = []
    for path in (
        "/",
        "/annuaire/",
        "/annuaire/?vue=carte",
        "/annuaire/?vue=tableau",
        "/annuaire/?q=zzzzqx&commune=42095",
        "/annuaire/?q=velo&ou=Firminy&rayon=5&tri=distance",
        "/api/",
        "/territoire/",
        "/territoire/perimetres/loire-sud/",
        "/fil/",
        "/compte/login/",
        "/-/composants/",
    ):
        page.goto(path)
        found += findings(page)
    page.goto("/annuaire/")
    page.locator("main ol .org a").first.click()
    expect(page.get_by_role("heading", name="D’où vient chaque information")).to_be_visible()
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    found += findings(page)
    structure = page.url
    for path in ("ecrire/", "ecrire/envoye/", "signaler/", "signaler/recu/"):
        page.goto(structure + path)
        found += findings(page)
    page.goto(f"{structure}signaler/")
    page.get_by_role("button", name="Envoyer le signalement").click()
    expect(page.locator(".note.bad")).to_be_focused()
    found += findings(page)
    assert not found, "\n".join(found)


def test_pages_of_a_member_have_no_violation(enter):
    page = enter("association")
    page.goto("/annuaire/mes-structures/")
    found = list(findings(page))
    page.set_viewport_size({"width": DESK, "height": 844})
    page.goto("/annuaire/?famille=cooperative")
    page.get_by_label("Nom de la recherche").fill("Coopératives")
    page.get_by_role("button", name="Garder la recherche").click()
    page.goto("/fil/recherches/")
    expect(page.get_by_role("heading", name="Coopératives", exact=True)).to_be_visible()
    found += findings(page)
    for path in ("/fil/avis/", "/fil/abonnements/", "/annuaire/?commune=42095"):
        page.goto(path)
        found += findings(page)
    page.goto("/annuaire/mes-structures/")
    page.goto(f"{page.url}champ/description/")
    expect(page.get_by_role("button", name="Enregistrer le choix")).to_be_visible()
    found += findings(page)
    assert not found, "\n".join(found)


def test_pages_of_those_who_run_the_site_have_no_violation(enter, tmp_path):
    page = enter("administratrice")
    found = list(findings(page))
    for path in ("/compte/", "/fil/audit/", "/compte/personnes/", "/annuaire/importer/", "/annuaire/signalements/"):
        page.goto(path)
        found += findings(page)
    page.goto("/annuaire/importer/nouveau/")
    page.get_by_label("Votre fichier").set_input_files(messy(tmp_path, "9009876"))
    page.get_by_role("button", name="Envoyer le fichier").click()
    expect(page.get_by_role("heading", name="Vérifier les colonnes")).to_be_visible()
    found += findings(page)
    page.get_by_role("button", name="Importer ces lignes").click()
    expect(page.get_by_text("L’import est terminé")).to_be_visible(timeout=30_000)
    found += findings(page)
    assert not found, "\n".join(found)


def test_pages_of_a_campaign_have_no_violation(enter):
    page = enter("chargee-de-mission")
    page.goto("/annuaire/campagnes/nouvelle/?famille=cooperative")
    found = list(findings(page))
    page.get_by_role("button", name="Voir la lettre et les structures").click()
    expect(page.get_by_role("button", name="Lancer la campagne")).to_be_visible()
    found += findings(page)
    page.goto("/annuaire/campagnes/")
    found += findings(page)
    page.locator("table tr", has_text="en cours").get_by_role("link").first.click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    found += findings(page)
    assert not found, "\n".join(found)

"""Each of the ten personas enters from the home page, sees only what they may, and signs out."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import PHONE

pytestmark = pytest.mark.browser

MEMBER = ["Corriger ma fiche", "Écrire une actualité", "Chercher une structure"]
ADVISER = ["Voir ma journée", "Recevoir quelqu’un", "Corriger ma fiche"]
VERBS = {
    "association": MEMBER,
    "porteur": MEMBER,
    "conseillere-cci": ADVISER,
    "conseiller-urscop": ADVISER,
    "facilitatrice": MEMBER,
    "gestionnaire": MEMBER,
    "acheteuse": MEMBER,
    "chargee-de-mission": ["Importer un tableur", "Préparer le panorama", "Voir les imports"],
    "administratrice": ["Importer un tableur", "Préparer le panorama", "Voir les imports"],
}
IMPORTERS = {"chargee-de-mission", "administratrice"}


def status(page: Page, path: str) -> int:
    answer = page.goto(path)
    assert answer is not None
    return answer.status


@pytest.fixture(scope="module")
def private_project() -> dict[str, str]:
    """The address of the project that only its holder may see, once a test has learnt it."""
    return {}


@pytest.fixture
def project(private_project, enter) -> str:
    if not private_project:
        page = enter("porteur")
        page.goto("/annuaire/mes-structures/")
        private_project["url"] = page.url
    return private_project["url"]


@pytest.mark.parametrize("persona", VERBS)
def test_a_persona_sees_what_they_may_and_nothing_else(enter, project, persona):
    page = enter(persona)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce qui m’attend")
    verbs = page.get_by_role("navigation", name="À faire d’ici").get_by_role("listitem").get_by_role("link")
    assert verbs.all_inner_texts() == VERBS[persona]
    for link in [verb.get_attribute("href") for verb in verbs.all()]:
        assert status(page, link) == 200, link

    # Its people, and who accompanies it: she reads its page, and corrects nothing.
    assert status(page, project) == (200 if persona in ("porteur", "conseillere-cci") else 404)
    assert status(page, f"{project}corriger/") == {"porteur": 200, "conseillere-cci": 403}.get(persona, 404)
    assert status(page, "/annuaire/importer/") == (200 if persona in IMPORTERS else 403)
    assert status(page, "/annuaire/importer/nouveau/") == (200 if persona in IMPORTERS else 403)
    assert status(page, "/territoire/perimetres/nouveau/") == (200 if persona in IMPORTERS else 403)
    assert status(page, "/compte/personnes/") == (200 if persona == "administratrice" else 403)
    assert status(page, "/fil/audit/") == (200 if persona == "administratrice" else 403)
    if persona != "administratrice":
        expect(page.get_by_text("Vous ne pouvez pas lire le journal d’audit")).to_be_visible()
        expect(page.get_by_role("link", name="Revenir à l’accueil")).to_be_visible()

    page.goto("/")
    page.locator("details.person summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("link", name="Se connecter").first).to_be_visible()
    page.goto("/compte/")
    expect(page).to_have_url(re.compile(r"/compte/login/\?next=/compte/$"))


def test_a_visitor_is_asked_to_sign_in_where_one_must_and_finds_no_private_project(open_page, project):
    page = open_page(width=PHONE)
    page.goto("/")
    page.locator('form[action$="/demo/entrer/visiteuse/"] button').click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tissez votre toile ESS")
    assert status(page, project) == 404
    for path in ("/annuaire/importer/", "/fil/audit/", "/compte/personnes/", "/annuaire/mes-structures/"):
        page.goto(path)
        expect(page).to_have_url(re.compile(r"/compte/login/\?next=" + re.escape(path)))
    page.goto("/annuaire/?q=conserverie+de+l+ondaine")
    expect(page.locator("#nb")).to_contain_text("trouvée")
    expect(page.get_by_role("link", name=re.compile("conserverie de l’ondaine", re.IGNORECASE))).to_have_count(0)


def test_the_menu_of_a_phone_leads_to_one_s_account_and_out(enter):
    page = enter("association", width=PHONE)
    page.locator("details.menu summary").click()
    page.get_by_role("link", name="Mon compte").locator("visible=true").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon compte")
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Se déconnecter").locator("visible=true").click()
    page.goto("/compte/")
    expect(page).to_have_url(re.compile("/compte/login/"))

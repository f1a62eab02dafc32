"""A project becomes a firm, followed, at risk, called, well again; a group reads the dates of its takeover."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from toile.kernel.durations import PARIS

from .conftest import PHONE, Site
from .test_every_page import findings
from .test_pathway import READ, RECEIVER, fits, letter_to, sign_in

pytestmark = pytest.mark.browser
PROJECT = "Répar’Ondaine"  # the demo's repair workshop, received at the MIFE
SIRET = "999 888 777 00013"  # nobody's: the control digit is wrong, as for all that is invented here
FIRM = "repar.ondaine@example.org"
WHY = "Vingt personnes ont payé leur réparation."
UNREADY = "La SCIC est choisie ; le modèle viendra avec les statuts."
TO_DO = re.compile("^(Répondre|Déposer ou décrire)(?!.*opportunité)")  # what the gate does not ask stays aside
BAD = [
    "Moins d’un mois",
    "Un client d’au moins 30 % du chiffre d’affaires est parti",
    "Un poste au moins a disparu",
    "Oui, sans échéancier tenu",
    "1",
]


def test_a_project_becomes_a_firm_on_the_same_page_is_followed_called_and_recovers(open_page, site: Site) -> None:
    desk = open_page()
    sign_in(desk, site, RECEIVER)
    case = _case(desk)
    page = _pass_two_gates(desk)
    _register(desk, page)

    desk.goto(case)
    desk.get_by_role("link", name="Suivre cette structure").click()
    born = (datetime.now(PARIS) - timedelta(days=60)).date().isoformat()
    desk.get_by_label("Date de création").fill(born)
    desk.get_by_label("Qui l’appelle").select_option("Conseillère MIFE")
    desk.get_by_label("Adresse où envoyer les points de suivi").fill(FIRM)
    desk.get_by_role("button", name="Commencer le suivi").click()
    expect(desk.locator("main .messages")).to_contain_text("La structure est suivie")
    assert _risk(desk) == 0
    firm = desk.url
    desk.get_by_role("button", name="Envoyer les cinq questions").click()
    expect(desk.locator("main .messages")).to_contain_text("Les cinq questions partent par courriel")

    phone = open_page(width=PHONE)
    phone.goto(letter_to(site, FIRM, "/parcours/point/"))
    _answers(phone, BAD)
    fits(phone)
    desk.goto("/parcours/suivi/")
    first = desk.get_by_role("region", name="À appeler d’abord").get_by_role("listitem").first
    expect(first).to_contain_text(PROJECT)
    expect(first).to_contain_text("à appeler sous 5 jours")
    first.get_by_role("link", name=PROJECT).click()
    expect(desk).to_have_url(firm)
    before = _risk(desk)
    desk.get_by_role("link", name="Noter un appel").click()
    desk.get_by_label("Ce qui s’est dit").fill("Un échéancier est demandé à l’Urssaf ; deux devis en attente.")
    desk.get_by_role("button", name="Noter cet appel").click()
    expect(desk.get_by_role("region", name="Appels et visites")).to_contain_text("Un échéancier est demandé")

    # What was said on the phone is noted, what is over is closed: the score falls for reasons, never by waiting.
    for known in ("Trois à six mois de trésorerie", "Dette fiscale ou sociale, avec un échéancier tenu"):
        desk.get_by_role("link", name="Noter un signal").click()
        desk.get_by_label("Ce qui est su").select_option(known)
        desk.get_by_role("button", name="Noter ce signal").click()
        expect(desk.locator("main .messages")).to_contain_text("C’est noté")
    desk.get_by_role("link", name="Clore ce signal : Perte d’un client").click()
    desk.get_by_label("Pourquoi").fill("Une autre commune a pris sa place.")
    desk.get_by_role("button", name="Clore ce signal").click()
    expect(desk.locator("main .messages")).to_contain_text("Le signal est clos")
    assert (before, _risk(desk)) == (95.0, 26.0)
    expect(desk.locator(".keys")).to_contain_text("à surveiller")

    # The firm reads by its own link the score that the adviser reads.
    phone.goto(letter_to(site, FIRM, "/parcours/mon-suivi/"))
    assert _risk(phone) == 26.0
    expect(phone.get_by_role("region", name="Ce qui est noté")).to_contain_text("avec un échéancier tenu")
    fits(phone)


def _case(desk: Page) -> str:
    """Find the project among those of the door; the address of its file."""
    desk.goto("/parcours/dossiers/?q=ondaine")
    desk.get_by_role("link", name=PROJECT).first.click()
    expect(desk.get_by_role("heading", level=1)).to_have_text(PROJECT)
    return desk.url


def _pass_two_gates(desk: Page) -> str:
    """The first with all that it asks, the second though something is missing; the address of the project's page."""
    desk.get_by_role("navigation", name="Les pages de ce dossier").get_by_role("link", name="Parcours").click()
    for _item in range(5):
        desk.get_by_role("link", name=TO_DO).first.click()
        desk.locator("main textarea").fill("Quarante personnes à la soirée, vingt réparations payées.")
        desk.get_by_role("button", name="Enregistrer").click()
        expect(desk.locator("main .messages")).to_contain_text("C’est enregistré")
    expect(desk.locator("aside")).to_contain_text("Tout est là")
    _pass(desk, WHY)
    _pass(desk, UNREADY, anyway=True)
    decided = desk.get_by_role("region", name="Les décisions")
    expect(decided).to_contain_text("Conseillère MIFE")
    expect(decided).to_contain_text("il manquait 6 choses")
    expect(desk.locator("ol.steps [aria-current]")).to_contain_text("Création")
    desk.locator("aside").get_by_role("link", name=PROJECT).click()
    expect(desk.locator(".ident")).to_contain_text("Projet")
    return desk.url


def _pass(desk: Page, why: str, *, anyway: bool = False) -> None:
    desk.get_by_role("link", name="Décider de l’étape").click()
    desk.get_by_label("Franchir l’étape").check()
    desk.get_by_label("Pourquoi").fill(why)
    if anyway:
        desk.get_by_role("button", name="Enregistrer la décision").click()
        expect(desk.locator(".note.bad")).to_contain_text("franchir quand même")
        desk.get_by_label("Franchir quand même").check()
    desk.get_by_role("button", name="Enregistrer la décision").click()
    expect(desk.locator("main .messages")).to_contain_text("La décision est écrite, avec votre nom")
    expect(desk.get_by_role("region", name="Les décisions")).to_contain_text(why)


def _register(desk: Page, page: str) -> None:
    """Give the SIRET: the page has the same address and tells the same story, in activity."""
    told = desk.get_by_role("region", name="Son fil").locator(".fact").all_inner_texts()
    assert any("Est reçu à une porte" in one for one in told)
    desk.go_back()
    desk.get_by_role("link", name="Noter le SIRET").click()
    desk.get_by_label("Numéro SIRET").fill(SIRET)
    desk.get_by_role("button", name="Noter le SIRET").click()
    expect(desk.locator("main .messages")).to_contain_text("même fiche, même fil")
    desk.locator("aside").get_by_role("link", name=PROJECT).click()
    expect(desk).to_have_url(page)
    expect(desk.locator(".ident")).to_contain_text("En activité")
    assert desk.get_by_role("region", name="Son fil").locator(".fact").all_inner_texts()[-len(told) :] == told


def _answers(phone: Page, said: list[str]) -> None:
    """Answer the five questions, in their order."""
    for group, answer in zip(phone.locator("main form fieldset").all(), said, strict=True):
        group.get_by_label(answer, exact=True).check()
    fits(phone)
    phone.get_by_role("button", name="Envoyer mes réponses").click()
    expect(phone.get_by_role("heading", level=1)).not_to_have_text("Cinq questions, deux minutes")


def _risk(page: Page) -> float:
    """The risk that a page shows, on 100."""
    shown = page.locator(".key-n", has_text="risque, sur 100").locator("b")
    return float(shown.inner_text().replace(",", "."))


def test_a_group_of_workers_reads_the_dates_of_its_takeover(enter) -> None:
    group = enter("porteur", width=PHONE)
    group.goto("/parcours/commencer/")
    group.wait_for_timeout(READ)
    group.get_by_role("button", name="Commencer").click()
    for answer in ("à plusieurs, en groupe", "reprendre une entreprise, par exemple celle où je travaille"):
        group.get_by_label(answer).check()
        group.get_by_role("button", name="Continuer").click()
    expect(group.get_by_role("heading", level=1)).to_have_text("Dans quelle commune ?")
    group.get_by_role("link", name="S’arrêter et reprendre plus tard").click()
    group.get_by_role("link", name="Relire mes réponses").click()
    group.get_by_role("link", name="Choisir ma porte sans attendre").click()
    group.get_by_label(re.compile("^CCI")).check()
    group.get_by_label("Un nom pour votre projet").fill("Reprendre la tôlerie")
    group.get_by_role("textbox", name="Téléphone").fill("04 77 11 22 33")
    group.get_by_label("J’accepte que cette porte lise mes réponses").check()
    group.get_by_role("button", name="Envoyer ma demande").click()
    expect(group.locator(".lead")).to_contain_text("« CCI » vous rappelle")

    desk = enter("conseillere-cci")
    desk.goto("/parcours/accueil/")
    desk.get_by_role("row", name="Reprendre la tôlerie").get_by_role("link", name="Recevoir").click()
    case = re.sub("recevoir/$", "", desk.url)
    desk.get_by_role("button", name="Recevoir").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Premier accueil")

    group.goto(f"{case}calculs/")
    group.get_by_role("link", name="Calendrier de reprise").click()
    for label, typed in {**SALE, **COURT}.items():
        group.get_by_label(label).fill(typed)
    group.get_by_label("Ce que le tribunal a ouvert").select_option("Redressement judiciaire")
    group.get_by_role("button", name="Garder ce calendrier").click()
    expect(group.locator("main .messages")).to_contain_text("Le calendrier est gardé")
    fits(group)
    _reads_the_dates(group)
    kept = group.url
    desk.goto(kept)
    _reads_the_dates(desk)


SALE = {"Jour prévu de la vente": "2026-12-15", "Salariés de l’entreprise": "12", "Prix prévu": "240000"}  # domain D10
COURT = {"Jour du jugement d’ouverture": "2026-10-05", "Date limite de dépôt des offres": "2026-11-13"}  # domain D12


def _reads_the_dates(page: Page) -> None:
    """The law of 2026 told a month before, and the court's limit counted backwards."""
    told = page.get_by_role("region", name="Informer les salariés de la vente")
    expect(told).to_contain_text("Au plus tard le dimanche 15 novembre 2026")
    expect(told).to_contain_text(re.compile(r"1\s200,00\s€"))
    expect(told).to_contain_text("loi n° 2026-403")
    offer = page.get_by_role("region", name="L’offre au tribunal")
    expect(offer.locator(".keys")).to_contain_text("39")
    expect(offer.locator(".keys")).to_contain_text("jours du jugement à la limite")
    for what, day in RETRO.items():
        expect(offer.get_by_role("row", name=what)).to_contain_text(day)
    expect(page.locator("main")).to_contain_text("Il ne remplace pas l’avis d’un juriste")


RETRO = {
    "URSCOP appelée": "9 octobre 2026",
    "Prévisionnel prêt": "19 octobre 2026",
    "Réponses des banques": "29 octobre 2026",
    "Offre signée": "8 novembre 2026",
    "Audience, au plus tôt": "28 novembre 2026",
}


# --- Every page of the room -------------------------------------------------------------------------------------------

PUBLIC = [
    *("", "commencer/", "besoins/", "comment-ca-marche/", "offres/", "signaler/", "difficultes/", "chiffres/"),
    *("aides/", "accord-entre-les-portes/", "structures/"),
]
ADVISER = [
    *("accueil/", "accueil/nouveau/", "accueil/initiation/", "ma-journee/", "dossiers/", "sans-suite/"),
    *("signalements/", "suivi/", "suivi/structures/", "suivi/entrer/", "suivi/resultats/", "semaine/", "demandes/"),
]
CASE = [
    *("", "accueil/", "resume/", "orientation/", "parcours/", "documents/", "calculs/"),
    *("calculs/nouveau/takeover/", "accords/"),
]


def test_public_pages_of_the_path_have_no_violation(open_page) -> None:
    page = open_page()
    found: list[str] = []
    for path in PUBLIC:
        page.goto(f"/parcours/{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        found += findings(page)
    assert not found, "\n".join(found)


def test_an_adviser_s_pages_of_the_path_have_no_violation(enter) -> None:
    page = enter("conseillere-cci")
    page.goto("/parcours/dossiers/?q=conserverie")
    page.get_by_role("link", name="Conserverie de l’Ondaine").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Conserverie de l’Ondaine")
    case = page.url
    found: list[str] = []
    for path in (*(f"/parcours/{path}" for path in ADVISER), *(f"{case}{path}" for path in CASE)):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        found += findings(page)
    assert not found, "\n".join(found)

"""An association's person claims its page by an address at its domain, invites somebody, hands over and leaves."""

from __future__ import annotations

import re
import time
from email import message_from_bytes
from email.policy import default

import pytest
from playwright.sync_api import Page, expect

from .conftest import DESK, PHONE, Site
from .test_every_page import findings

pytestmark = pytest.mark.browser
STRUCTURE = "Ressourcerie du Gier"
DOMAIN = "ressourcerie-du-gier.example.org"
WRITTEN_WITHIN = 60  # seconds, by the site's own worker


def link_in(site: Site, address: str) -> str:
    """The path of the link in the last mail written to this address, once the worker has written it."""
    deadline = time.monotonic() + WRITTEN_WITHIN
    while not (found := site.mails_to(address)):
        assert time.monotonic() < deadline, f"aucun courriel pour {address}"
        time.sleep(0.3)  # the worker is another program
    written = found[-1].partition("\n" + 79 * "-")[0]
    letter = message_from_bytes(written.encode(), policy=default)
    url = re.search(r"https?://[^/\s]+(/annuaire/\S+)", letter.get_content())
    assert url, letter
    return url[1]


def open_structure(page: Page) -> None:
    page.goto(f"/annuaire/?q={STRUCTURE.replace(' ', '+')}")
    page.get_by_role("link", name=STRUCTURE, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(STRUCTURE)


def test_a_person_claims_the_page_invites_hands_over_and_leaves(enter, open_page, site: Site) -> None:
    first = enter("facilitatrice", width=PHONE)
    open_structure(first)
    first.get_by_role("link", name="Représenter cette structure").click()
    first.get_by_label("Votre adresse au nom de la structure").fill("accueil@gmail.com")
    first.get_by_role("button", name="Envoyer la demande").click()
    expect(first.locator(".note.bad")).to_be_focused()
    expect(first.locator(".note.bad")).to_contain_text("Tout le monde peut ouvrir une adresse chez ce fournisseur")
    first.get_by_label("Votre adresse au nom de la structure").fill(f"accueil@{DOMAIN}")
    first.get_by_role("button", name="Envoyer la demande").click()
    expect(first.locator("main .messages")).to_contain_text("Un lien vient de partir")
    expect(first.get_by_role("heading", name=STRUCTURE)).to_be_visible()

    proof = link_in(site, f"accueil@{DOMAIN}")
    somebody = open_page()
    somebody.goto(proof)
    expect(somebody).to_have_url(re.compile(r"/compte/login/\?next="))
    first.goto(proof)
    first.get_by_role("button", name="Confirmer mon adresse").click()
    expect(first.locator("main .messages")).to_contain_text(f"vous représentez « {STRUCTURE} »")
    expect(first.get_by_role("link", name="Corriger la fiche")).to_be_visible()
    answer = first.goto(proof)
    assert answer is not None and answer.status == 410
    expect(first.get_by_text("Ce lien a déjà servi")).to_be_visible()

    open_structure(first)
    first.get_by_role("link", name="Voir qui la représente").click()
    expect(first.get_by_role("row", name=re.compile("Facilitatrice"))).to_contain_text("Responsable")
    first.get_by_label("Courriel de la personne").fill("tresorerie@example.org")
    first.get_by_role("button", name="Envoyer l’invitation").click()
    expect(first.locator("main .messages")).to_contain_text("L’invitation part par courriel")
    expect(first.get_by_role("button", name="Retirer l’invitation de tresorerie@example.org")).to_be_visible()

    letter = link_in(site, "tresorerie@example.org")
    somebody.goto(letter)
    expect(somebody.get_by_role("link", name="Se connecter pour accepter")).to_be_visible()
    second = enter("gestionnaire")
    second.goto(letter)
    second.get_by_role("button", name="Accepter l’invitation").click()
    expect(second.locator("main .messages")).to_contain_text(f"Vous représentez « {STRUCTURE} »")

    first.reload()
    first.get_by_role("link", name=re.compile("Changer.*Gestionnaire de site")).click()
    first.get_by_role("button", name="Passer la main").click()
    expect(first.locator("main .messages")).to_contain_text("Vous avez passé la main")
    expect(first.get_by_role("row", name=re.compile("Gestionnaire"))).to_contain_text("Responsable")
    first.get_by_role("link", name="Quitter la structure").click()
    first.get_by_role("button", name="Quitter la structure").click()
    expect(first.locator("main .messages")).to_contain_text("Vous ne représentez plus")
    open_structure(first)
    expect(first.get_by_role("link", name="Corriger la fiche")).to_have_count(0)

    second.goto("/annuaire/mes-structures/")
    second.get_by_role("link", name=re.compile(f"Voir qui la représente.*{STRUCTURE}")).click()
    expect(second.get_by_text("Facilitatrice")).to_have_count(0)
    second.get_by_role("link", name="Quitter la structure").click()
    expect(second.get_by_text("Après vous, il ne reste personne")).to_be_visible()
    second.get_by_role("button", name="Quitter la structure").click()

    officer = enter("chargee-de-mission")
    officer.goto("/a-traiter/?quoi=directory.alone")
    expect(officer.get_by_role("link", name=STRUCTURE)).to_be_visible()
    open_structure(officer)
    expect(officer.get_by_text("Cette structure n’a personne ici")).to_be_visible()


def test_who_leads_a_structure_answers_who_asks_to_join(enter) -> None:
    page = enter("association", width=PHONE)
    page.get_by_role("link", name=re.compile("Quelqu’un demande à représenter « Atelier vélo du Crêt »")).click()
    expect(page.get_by_text("Je tiens l’atelier du samedi")).to_be_visible()
    page.get_by_role("button", name="Refuser la demande").click()
    expect(page.locator(".err")).to_contain_text("Dites pourquoi vous refusez")
    page.get_by_role("button", name="Accepter la demande").click()
    expect(page.locator("main .messages")).to_contain_text("La personne reçoit votre réponse")
    expect(page.get_by_role("row", name=re.compile("Bénévole de l’atelier vélo"))).to_contain_text("Contributeur")


def test_the_team_answers_in_its_queue_and_says_why(enter) -> None:
    page = enter("chargee-de-mission")
    page.goto("/a-traiter/?quoi=directory.claim")
    card = page.locator("li.card", has=page.get_by_role("link", name="Imprimerie de l’Ondaine"))
    expect(card).to_contain_text("Bénévole de l’imprimerie demande à la représenter")
    card.get_by_label("Pourquoi").fill("Vue à l’accueil, avec le compte rendu du bureau.")
    card.get_by_role("button", name="Accepter la demande").click()
    expect(page.get_by_role("link", name="Imprimerie de l’Ondaine")).to_have_count(0)


def test_its_pages_have_no_violation(enter) -> None:
    page = enter("porteur")
    open_structure(page)
    page.get_by_role("link", name="Représenter cette structure").click()
    found = list(findings(page))
    page.set_viewport_size({"width": DESK, "height": 844})
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.locator(".note.bad")).to_be_focused()
    found += findings(page)
    page.goto("/annuaire/mes-structures/")
    mine = page.url
    for path in ("membres/", "quitter/"):
        page.goto(mine + path)
        found += findings(page)
    team = enter("administratrice")
    team.goto("/annuaire/demandes/?etat=clos")
    found += findings(team)
    team.goto("/a-traiter/?quoi=directory.alone")
    found += findings(team)
    team.set_viewport_size({"width": DESK, "height": 844})
    open_structure(team)
    team.get_by_role("link", name="Voir qui la représente").click()
    found += findings(team)
    assert not found, "\n".join(found)

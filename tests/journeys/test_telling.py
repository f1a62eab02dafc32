"""A neighbour follows a commune, is told of what is announced there, here and by e-mail, and stops in one click."""

from __future__ import annotations

import re
import time
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect

from .conftest import PHONE, Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NEIGHBOUR = "acheteuse@example.org"
TOLD_WITHIN = 60  # seconds, by a worker that has other work
COMMUNE = "Saint-Étienne"


def test_a_neighbour_who_follows_the_commune_is_told_of_its_news_and_stops_in_one_click(enter, open_page, site: Site):
    neighbour = enter("acheteuse", width=PHONE)
    neighbour.goto("/annuaire/?commune=42218")
    beside = neighbour.get_by_role("region", name=f"Suivre {COMMUNE}")
    beside.get_by_role("button", name="Suivre").click()
    expect(neighbour.locator("main .messages")).to_contain_text(f"Vous suivez « {COMMUNE} »")
    expect(beside.get_by_role("button", name="Ne plus suivre")).to_be_visible()

    neighbour.goto("/fil/abonnements/")
    expect(neighbour.get_by_role("heading", name=COMMUNE)).to_be_visible()
    neighbour.get_by_label("Actualités").select_option("at_once")
    # No quiet hour: this journey runs at any time.
    for label in ("Pas de courriel à partir de", "… et jusqu’à"):
        neighbour.get_by_label(label).select_option("00:00")
    neighbour.get_by_role("button", name="Enregistrer mes choix").click()
    expect(neighbour.locator("main .messages")).to_contain_text("C’est noté")

    publish(enter("association"), "Bourse aux vélos samedi")

    shown = told_on_the_site(neighbour, "Bourse aux vélos samedi")
    expect(shown.get_by_text("nouveau")).to_be_visible()
    shown.get_by_role("button", name="Marquer comme lu").click()
    expect(told(neighbour, "Bourse aux vélos samedi").get_by_text("nouveau")).to_have_count(0)

    message = written_to(site, "Bourse aux vélos samedi")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text = message.get_body(("plain",)).get_content()
    anyone = open_page(width=PHONE)
    anyone.goto(re.search(r"http\S+/avis/arreter/\S+", text).group())
    anyone.get_by_role("button", name="Arrêter les messages").click()
    expect(anyone.get_by_role("heading", level=1)).to_have_text("Les messages sont arrêtés")
    neighbour.goto("/fil/abonnements/")
    expect(neighbour.get_by_label("Actualités")).to_have_value("on_site")


def publish(page: Page, title: str) -> None:
    """A structure announces something, from its own page."""
    page.goto("/annuaire/mes-structures/")
    page.goto(page.url.partition("?")[0] + "actualites/nouvelle/")
    page.get_by_label("Titre", exact=True).fill(title)
    page.get_by_label("Texte", exact=True).fill("De dix heures à midi, devant l’atelier.")
    page.get_by_role("button", name="Enregistrer et voir l’aperçu").click()
    page.get_by_role("button", name="Publier l’actualité").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()


def told(page: Page, words: str):
    return page.locator("main li.org").filter(has_text=words)


def told_on_the_site(page: Page, words: str):
    """The notice of this, once the site's worker made it."""
    deadline = time.monotonic() + TOLD_WITHIN
    while time.monotonic() < deadline:
        page.goto("/fil/avis/")
        if told(page, words).count():
            return told(page, words)
        time.sleep(0.5)  # another process makes it: there is nothing else to wait on
    pytest.fail(f"aucun avis de « {words} » en {TOLD_WITHIN} s")


def written_to(site: Site, words: str) -> EmailMessage:
    """The message about this that the site's worker writes to the neighbour."""
    deadline = time.monotonic() + TOLD_WITHIN
    while time.monotonic() < deadline:
        for text in site.mails_to(NEIGHBOUR):
            for one in text.split("\n" + 79 * "-" + "\n"):
                message = message_from_bytes(one.encode(), policy=policy.default)
                body = message.get_body(("plain",))
                if body is not None and words in body.get_content():
                    return message
        time.sleep(0.2)  # another process writes it: there is nothing else to wait on
    pytest.fail(f"aucun courriel sur « {words} » en {TOLD_WITHIN} s")

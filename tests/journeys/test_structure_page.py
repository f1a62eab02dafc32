"""On a structure's page: an error reported and treated, a source's value preferred and taken back, a message sent."""

from __future__ import annotations

import re
import time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import PHONE, Site
from .test_every_page import findings
from .test_finding import NAME, until_tolerant
from .test_visitor import fits

pytestmark = pytest.mark.browser
VISITOR, MEMBER = "passante@example.org", "association@example.org"
WRITTEN_WITHIN = 60  # seconds, by the site's own worker
A_KEY = 70  # milliseconds between two keys: the forms refuse what is written faster than a person reads


def open_structure(page: Page, name: str = NAME) -> None:
    page.goto(f"/annuaire/?q={name}")
    until_tolerant(page)
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def write(field: Locator, words: str) -> None:
    """Key after key, as a person does."""
    field.press_sequentially(words, delay=A_KEY)


def letter_to(site: Site, address: str, subject: str) -> EmailMessage:
    """The first letter about this that the site's worker writes to this address."""
    deadline = time.monotonic() + WRITTEN_WITHIN
    while time.monotonic() < deadline:
        for text in site.mails_to(address):
            found = message_from_bytes(text.partition("\n" + 79 * "-")[0].encode(), policy=default)
            if subject in found["Subject"]:
                return found
        time.sleep(0.2)  # another process writes it: there is nothing else to wait on
    pytest.fail(f"aucun courriel « {subject} » pour {address} en {WRITTEN_WITHIN} s")


def test_an_error_reported_without_an_account_is_treated_and_answered(enter, open_page, site: Site):
    page = open_page(width=PHONE, javascript=False)
    open_structure(page)
    page.get_by_role("link", name="Signaler une erreur").click()
    form = page.locator("#signaler form")
    form.get_by_label("Ce qui est faux").select_option(label="L’adresse ou les horaires sont faux")
    write(form.get_by_label("Ce qui serait juste"), "L’atelier ouvre le mercredi dès 13 heures, pas 14.")
    form.get_by_label("Votre courriel").fill(VISITOR)
    fits(page)
    form.get_by_role("button", name="Envoyer le signalement").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre signalement est arrivé")
    fits(page)

    team = enter("chargee-de-mission")
    team.get_by_role("link", name=re.compile("Erreurs signalées")).click()
    expect(team.get_by_role("heading", name="Erreurs signalées", level=2)).to_be_visible()
    assert not (found := list(findings(team))), "\n".join(found)
    team.locator("main").get_by_role("link", name=NAME, exact=True).click()
    expect(team.get_by_role("heading", level=1)).to_have_text("L’adresse ou les horaires sont faux")
    assert not (found := list(findings(team))), "\n".join(found)
    expect(team.locator("main")).to_contain_text("dès 13 heures, pas 14")
    team.get_by_role("link", name="Corriger la fiche").click()
    team.get_by_label("Horaires").fill("We 13:00-19:00; Sa 10:00-17:00")
    team.get_by_role("button", name="Enregistrer la fiche").click()
    expect(team.locator(".card", has_text="Horaires").first).to_contain_text("13 h – 19 h")

    team.goto("/annuaire/signalements/")
    team.get_by_role("row", name=NAME).get_by_role("link").click()
    team.get_by_role("button", name="Classer sans suite").click()
    expect(team.locator(".err")).to_contain_text("Dites pourquoi rien ne change.")
    team.get_by_label("Votre réponse").fill("Les horaires du mercredi sont corrigés.")
    team.get_by_role("button", name="Clore\u00a0: la fiche est corrigée").click()
    expect(team.locator("main .messages")).to_contain_text("C’est fait")
    expect(team.get_by_role("row", name=NAME)).to_have_count(0)
    team.get_by_role("link", name="Traités").click()
    expect(team.get_by_role("row", name=NAME)).to_contain_text("corrigée")

    answer = letter_to(site, VISITOR, "Votre signalement")
    assert "Les horaires du mercredi sont corrigés." in answer.get_content()


def test_a_message_sent_too_fast_says_so_then_reaches_the_structure_s_people(open_page, site: Site):
    page = open_page(width=PHONE)
    open_structure(page)
    page.get_by_role("link", name="Écrire à la structure").click()
    form = page.locator("#ecrire form")
    form.get_by_label("Votre nom").fill("Une voisine")
    form.get_by_label("Votre courriel").fill(VISITOR)
    form.get_by_label("Votre message").fill("Prenez-vous encore des vélos d’enfant ?")
    # Sent from a page just loaded: on a busy machine, typing alone takes longer than a robot.
    typed = form.evaluate("form => Object.fromEntries([...form.elements].map(one => [one.id, one.value]))")
    page.reload()
    form.evaluate(
        """(form, typed) => {
            for (const one of form.elements) if (one.id && one.type !== "hidden") one.value = typed[one.id];
            form.requestSubmit();
        }""",
        typed,
    )
    expect(page.locator(".note.bad")).to_be_focused()
    expect(page.locator(".note.bad")).to_contain_text("plus vite qu’on ne lit")
    expect(page.get_by_label("Votre nom")).to_have_value("Une voisine")
    message = page.get_by_label("Votre message")
    expect(message).to_have_value("Prenez-vous encore des vélos d’enfant ?")
    fits(page)

    message.press("End")
    write(message, " J’en ai deux, en bon état, à donner avant juin.")
    page.get_by_role("button", name="Envoyer le message").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre message est parti")
    letter = letter_to(site, MEMBER, "Un message pour")
    assert letter["Reply-To"] == VISITOR
    assert "à donner avant juin" in letter.get_content()


def test_a_member_prefers_what_another_source_says_gives_a_reason_and_takes_it_back(enter):
    page = enter("association")
    page.get_by_role("link", name="Corriger ma fiche").first.click()
    published = page.get_by_label("Ce que fait la structure").input_value()
    page.get_by_label("Ce que fait la structure").fill("Apprendre à réparer son vélo, entre voisins.")
    page.get_by_role("button", name="Enregistrer la fiche").click()
    line = page.get_by_role("row", name="Description")
    expect(line).to_contain_text(f"Autre valeur\u00a0: {published} (inventé pour la démonstration")

    choose = line.get_by_role("link", name="Choisir la valeur affichée")
    choose.click()
    page.get_by_role("radio", name=published).check()
    page.get_by_role("button", name="Enregistrer le choix").click()
    expect(page.locator(".err")).to_contain_text("Dites pourquoi cette valeur est la bonne.")
    page.get_by_label("Pourquoi").fill("C’est la phrase de nos affiches.")
    page.get_by_role("button", name="Enregistrer le choix").click()
    expect(page.locator(".ident .lead")).to_have_text(published)
    expect(line).to_contain_text("C’est la phrase de nos affiches.")

    choose.click()
    page.get_by_role("radio", name="Laisser la règle choisir").check()
    page.get_by_role("button", name="Enregistrer le choix").click()
    expect(page.locator(".ident .lead")).to_have_text("Apprendre à réparer son vélo, entre voisins.")
    expect(line).not_to_contain_text("C’est la phrase de nos affiches.")

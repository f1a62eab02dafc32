"""The officer asks if pages are true; a structure answers from its mail, on a phone; the officer mends and reminds."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from playwright.sync_api import Page, expect

from .conftest import PHONE, Site
from .test_every_page import findings

pytestmark = pytest.mark.browser
ASSOCIATION = "association@example.org"
OFFICE = "bureau-campagne@example.org"
WRITTEN_WITHIN = 60  # seconds, by the site's own worker
# Three days go by for what the campaign under way sent: nobody is written to twice in one day.
DAYS_GO_BY = """
from datetime import timedelta
from django.db.models import F
from toile.directory.models import Confirmation
days = timedelta(days=3)
rows = Confirmation.objects.filter(campaign__name__startswith="Confirmation").exclude(sent_at=None)
rows.update(sent_at=F("sent_at") - days, last_sent_at=F("last_sent_at") - days)
"""


def prepare(page: Page, query: str, name: str) -> None:
    """From the list itself: its filters say whom to ask."""
    page.goto(f"/annuaire/?{query}")
    page.get_by_role("link", name="Demander si ces fiches sont justes").click()
    page.get_by_label("Nom de la campagne").fill(name)
    page.get_by_role("button", name="Voir la lettre et les structures").click()
    expect(page.locator("main .messages")).to_contain_text("La campagne est prête")


def start(page: Page) -> str:
    page.get_by_role("button", name="Lancer la campagne").click()
    expect(page.locator("main .messages")).to_contain_text("La campagne est lancée")
    return page.url


def letter_to(site: Site, address: str, *, among: int = 1) -> EmailMessage:
    """The letter number `among` that the site's worker writes to this address."""
    deadline = time.monotonic() + WRITTEN_WITHIN
    while time.monotonic() < deadline:
        letters = [text for text in site.mails_to(address) if "/annuaire/confirmer/" in text]
        if len(letters) >= among:
            written = letters[among - 1].partition("\n" + 79 * "-")[0]
            return message_from_bytes(written.encode(), policy=default)
        time.sleep(0.2)  # another process writes it: there is nothing else to wait on
    pytest.fail(f"aucune lettre pour {address} en {WRITTEN_WITHIN} s")


def link_of(letter: EmailMessage) -> str:
    text = letter.get_body(("plain",)).get_content()
    return re.search(r"https?://\S+?(/annuaire/confirmer/\S+)", text).group(1)


def shell(site: Site, script: str) -> None:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("TOILE_", "DJANGO_", "DATABASE_"))}
    command = [sys.executable, "-m", "toile", "manage", "shell", "-c", script]
    subprocess.run(command, env=inherited | {"TOILE_VAR": str(site.folder)}, check=True)


def test_a_structure_corrects_its_page_from_its_mail_and_the_officer_keeps_it(enter, open_page, site: Site):
    member = enter("association")
    member.get_by_role("link", name="Corriger ma fiche").first.click()
    name = member.get_by_label("Nom d’usage").input_value()

    officer = enter("chargee-de-mission")
    prepare(officer, f"q={name}", "Les ateliers")
    expect(officer.locator("main .card").first).to_contain_text("/annuaire/")
    followed = start(officer)

    letter = letter_to(site, ASSOCIATION)
    assert name in letter["Subject"]
    phone = open_page(width=PHONE)
    phone.goto(link_of(letter))
    expect(phone.get_by_role("button", name="C’est juste")).to_be_visible()
    phone.get_by_role("link", name="C’est à corriger").click()
    phone.get_by_label("Ce que fait la structure").fill("Réparer son vélo à plusieurs, et en prêter.")
    phone.get_by_role("button", name="Enregistrer la fiche").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Merci, c’est noté")
    expect(phone.locator("main")).to_contain_text("Réparer son vélo à plusieurs, et en prêter.")
    phone.get_by_role("link", name="Voir votre page").click()
    expect(phone.locator(".ident")).to_contain_text("Confirmée par la structure le")
    # The same link again: what was answered, and the means to change it.
    phone.goto(link_of(letter))
    expect(phone.locator(".note.ok")).to_contain_text("Votre fiche est corrigée")
    assert not list(findings(phone))

    officer.goto(followed)
    expect(officer.locator("main")).to_contain_text(re.compile("1 réponse sur"))
    officer.get_by_role("link", name="Relire une correction").or_(
        officer.get_by_role("link", name=re.compile("Relire .* corrections"))
    ).click()
    mine = officer.locator("[data-item]", has=officer.get_by_role("link", name=name))
    expect(mine).to_contain_text("Réparer son vélo à plusieurs, et en prêter.")
    mine.get_by_role("button", name="Garder la correction").click()
    expect(officer.locator("[data-item]", has=officer.get_by_role("link", name=name))).to_have_count(0)


def test_the_officer_mends_an_address_reminds_and_ends(enter, open_page, site: Site):
    officer = enter("chargee-de-mission")
    officer.goto("/annuaire/campagnes/")
    officer.get_by_role("link", name="Confirmation 20").first.click()
    expect(officer.get_by_role("progressbar")).to_be_visible()
    officer.get_by_role("link", name="Sans adresse").click()
    row = officer.get_by_role("row").nth(1)
    row.get_by_label("Adresse de la structure").fill(OFFICE)
    row.get_by_role("button", name="Écrire à cette adresse").click()
    expect(officer.locator("main .messages")).to_contain_text("La lettre part à cette adresse")
    first = letter_to(site, OFFICE)

    shell(site, DAYS_GO_BY)
    officer.goto("/annuaire/campagnes/")
    officer.get_by_role("link", name="Confirmation 20").first.click()
    officer.get_by_role("button", name=re.compile("Relancer")).click()
    told = officer.locator("main .messages")
    if "dimanche" not in told.inner_text():
        expect(told).to_contain_text("relance")
        second = letter_to(site, OFFICE, among=2)
        assert "Rappel" in second["Subject"] and first["Message-ID"] != second["Message-ID"]

    phone = open_page(width=PHONE, javascript=False)
    phone.goto(link_of(first))
    phone.get_by_role("button", name="Nous avons fermé").click()
    expect(phone.locator(".note.ok")).to_contain_text("Vous dites avoir fermé")
    officer.get_by_text("Finir la campagne", exact=True).click()
    officer.get_by_role("button", name="Finir la campagne maintenant").click()
    expect(officer.locator("main .messages")).to_contain_text("La campagne est finie")
    phone.goto(link_of(first))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Ce lien ne sert plus")

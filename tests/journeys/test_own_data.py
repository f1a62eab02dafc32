"""A person reads what is kept of them, takes a copy, withdraws an agreement, then erases everything."""

from __future__ import annotations

import json
import re
import time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import PHONE, Site

pytestmark = pytest.mark.browser
ADDRESS = "melisse@example.org"
WRITTEN_WITHIN = 60  # seconds, by the site's own worker


def letter(site: Site, holds: str) -> str:
    """The words of the latest letter to this person that holds these; another process writes it."""
    deadline = time.monotonic() + WRITTEN_WITHIN
    while time.monotonic() < deadline:
        for text in reversed(site.mails_to(ADDRESS)):
            message: EmailMessage = message_from_bytes(text.partition("\n" + 79 * "-")[0].encode(), policy=default)
            body = message.get_body(("plain",)).get_content()
            if re.search(holds, body):
                return body
        time.sleep(0.2)  # there is nothing else to wait on
    pytest.fail(f"aucun courriel avec « {holds} » en {WRITTEN_WITHIN} s")


def code(site: Site) -> str:
    return re.findall(r"\b\d{4}-\d{4}\b", letter(site, r"\b\d{4}-\d{4}\b"))[-1]


def open_account(page: Page, site: Site) -> None:
    page.goto("/compte/signup/")
    page.locator("main input[name=email]").fill(ADDRESS)
    page.locator("main input[name=display_name]").fill("Mélisse Reine")
    page.locator("main form button").first.click()
    page.locator('main input[name="code"]').fill(code(site))
    page.locator("main form button").first.click()
    expect(page.locator(".person summary")).to_contain_text("Mélisse Reine")


def test_a_person_reads_copies_withdraws_and_erases(open_page, site: Site, tmp_path: Path):
    page = open_page(width=PHONE)
    open_account(page, site)

    page.goto("/annuaire/?q=velo")
    page.get_by_label("Nom de la recherche").fill("Cycles de Mélisse")
    page.get_by_role("button", name="Garder la recherche").click()

    page.goto("/compte/vos-donnees/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vos données")
    expect(page.get_by_role("row", name="Recherches gardées")).to_contain_text("1")

    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger le fichier JSON").click()
    path = tmp_path / "copie.json"
    download.value.save_as(path)
    copy = {one["code"]: one["rows"] for one in json.loads(path.read_text(encoding="utf-8"))["held"]}
    assert copy["accounts.person"][0]["Nom affiché"] == "Mélisse Reine"
    assert copy["thread.search"][0]["Nom"] == "Cycles de Mélisse"
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger la page").click()
    download.value.save_as(tmp_path / "copie.html")
    readable = (tmp_path / "copie.html").read_text(encoding="utf-8")
    assert "Cycles de Mélisse" in readable
    assert ADDRESS in readable

    agreements = page.locator("#accords li").filter(has_text="Recevoir la lettre du mois")
    agreements.get_by_role("button", name="Donner mon accord").click()
    expect(page.locator("main .messages")).to_contain_text("ouvrez son lien")
    page.goto(re.search(r"http\S+", letter(site, r"http\S+/lettres?/")).group())
    page.locator("main form button").first.click()
    page.goto("/compte/vos-donnees/")
    expect(agreements).to_contain_text("Vous avez donné votre accord")
    agreements.get_by_role("button", name="Retirer mon accord").click()
    expect(page.locator("main .messages")).to_contain_text("Votre accord est retiré")
    expect(agreements).to_contain_text("Vous n’avez pas donné votre accord")

    page.get_by_role("link", name="Effacer mon compte et mes données").click()
    expect(page.locator("main")).to_contain_text("Ce qui reste")
    page.get_by_role("button", name="Recevoir le courriel qui confirme").click()
    page.goto(re.search(r"http\S+cle=\S+", letter(site, "cle=")).group())
    page.get_by_label("Votre adresse de courriel").fill("une-autre@example.org")
    page.get_by_role("button", name="Effacer mon compte et mes données").click()
    expect(page.locator("main")).to_contain_text("Écrivez l’adresse de votre compte")
    page.get_by_label("Votre adresse de courriel").fill(ADDRESS)
    page.get_by_role("button", name="Effacer mon compte et mes données").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre compte est effacé")
    assert site.mails_to(ADDRESS) == [], "the letters of the demonstration's folder went too"

    page.goto("/compte/vos-donnees/")
    expect(page).to_have_url(re.compile("/compte/login/"))
    page.goto("/compte/login/code/")
    page.locator('main input[name="email"]').fill(ADDRESS)
    page.locator("main form button").first.click()
    told = letter(site, ".")
    assert not re.search(r"\b\d{4}-\d{4}\b", told), "nobody has this address here: there is no code to enter with"

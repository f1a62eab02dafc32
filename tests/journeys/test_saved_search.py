"""A buyer keeps a selection of suppliers and opens it in a spreadsheet; a search subscribed to sends a first digest."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from contextlib import closing
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from .conftest import PHONE, Site

pytestmark = pytest.mark.browser
BUYER = "acheteuse@example.org"
COOPERATIVES = 'input[name="famille"][value="cooperative"]'
WRITTEN_WITHIN = 60  # seconds, by the site's own worker
ASK = """
from django.utils import timezone
from toile.kernel.acts import Actor
from toile.kernel.jobs import enqueue
enqueue(Actor.system("journey"), "thread.digest", cadence="daily", until=timezone.now().isoformat())
"""


def keep(page: Page, name: str, cadence: str = "jamais") -> None:
    page.get_by_label("Nom de la recherche").fill(name)
    page.get_by_label("Me prévenir des nouveautés par courriel").select_option(label=cadence)
    page.get_by_role("button", name="Garder la recherche").click()
    expect(page.locator("main .messages")).to_contain_text(f"« {name} » est gardée")


def kept(page: Page, name: str) -> object:
    return page.locator("li.org", has=page.get_by_role("heading", name=name, exact=True))


def test_a_buyer_filters_suppliers_keeps_the_selection_and_opens_it_in_a_spreadsheet(enter, tmp_path: Path):
    page = enter("acheteuse")
    page.goto("/annuaire/")
    page.locator(COOPERATIVES).check()
    expect(page.get_by_role("list", name="Filtres actifs")).to_contain_text("Coopérative")
    found = int(re.search(r"\d+", page.locator("#nb").inner_text()).group())
    keep(page, "Fournisseurs coopératifs")

    mine = kept(page, "Fournisseurs coopératifs")
    expect(mine).to_contain_text(f"{found} structures trouvées")
    with page.expect_download() as download:
        mine.get_by_role("link", name="Télécharger pour un tableur").click()
    path = tmp_path / "selection.xlsx"
    download.value.save_as(path)
    with closing(load_workbook(path, read_only=True)) as book:
        rows = list(book.active.iter_rows(values_only=True))
    assert len(rows) == found + 1

    mine.get_by_role("link", name="Ouvrir la recherche").click()
    expect(page.locator("#nb")).to_contain_text(f"{found} structures trouvées")
    expect(page.locator(COOPERATIVES)).to_be_checked()


def test_a_search_subscribed_to_sends_its_first_digest_and_stops_in_one_click(enter, open_page, site: Site):
    member = enter("association")
    member.get_by_role("link", name="Corriger ma fiche").first.click()
    name = member.get_by_label("Nom d’usage").input_value()

    buyer = enter("acheteuse", width=PHONE)
    buyer.goto(f"/annuaire/?q={name}")
    keep(buyer, "À suivre", "chaque jour")

    member.get_by_label("Ce que fait la structure").fill("Un atelier qui vient d’ouvrir un second lieu.")
    member.get_by_role("button", name="Enregistrer la fiche").click()
    expect(member.locator("main .messages")).to_contain_text("C’est enregistré")
    structure = member.url.partition("?")[0]

    ask_for_the_digest(site)
    message = written_to(site, BUYER)
    assert message["Subject"] == "1 nouveauté\xa0: À suivre"
    text = message.get_body(("plain",)).get_content()
    assert f"* {name} (" in text, "an invented structure says so"
    assert structure in text

    anyone = open_page(width=PHONE)
    anyone.goto(re.search(r"http\S+/recherches/arreter/\S+", text).group())
    anyone.get_by_role("button", name="Arrêter les messages").click()
    expect(anyone.get_by_role("heading", level=1)).to_have_text("Les messages sont arrêtés")
    buyer.goto("/fil/recherches/")
    expect(kept(buyer, "À suivre").get_by_role("combobox")).to_have_value("never")


def ask_for_the_digest(site: Site) -> None:
    """What the clock asks for at seven, asked for now."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("TOILE_", "DJANGO_", "DATABASE_"))}
    command = [sys.executable, "-m", "toile", "manage", "shell", "-c", ASK]
    subprocess.run(command, env=inherited | {"TOILE_VAR": str(site.folder)}, check=True)


def written_to(site: Site, address: str) -> EmailMessage:
    """The first message about kept searches that the site's worker writes to this address."""
    deadline = time.monotonic() + WRITTEN_WITHIN
    while time.monotonic() < deadline:
        for text in site.mails_to(address):
            if "List-Unsubscribe-Post" in text:
                return message_from_bytes(text.partition("\n" + 79 * "-")[0].encode(), policy=default)
        time.sleep(0.2)  # another process writes it: there is nothing else to wait on
    pytest.fail(f"aucun courriel pour {address} en {WRITTEN_WITHIN} s")

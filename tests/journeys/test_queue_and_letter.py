"""The officer mends five things from the queue by keyboard, then makes and sends the letter; a visitor stops it."""

from __future__ import annotations

import re
import time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from playwright.sync_api import Page, expect

from .conftest import PHONE, Site
from .test_every_page import findings

pytestmark = pytest.mark.browser
READER = "nouvelle-lectrice@example.org"
WRITTEN_WITHIN = 60  # seconds, by the site's own worker
READ = 3_200  # milliseconds: a form that anybody may send is not sent faster than it is read


def waiting(page: Page) -> int:
    """How many things the queue says that wait in all."""
    return int(re.search(r"\d+", page.locator("main .lead").inner_text()).group())


def tab_to(page: Page, name: str) -> None:
    """Reach a button or a field of the thing that has the focus, by the tab key alone."""
    for _press in range(12):
        page.keyboard.press("Tab")
        found = page.evaluate(
            "(document.activeElement.labels?.[0] ?? document.activeElement).textContent.replace(/\\s+/g, ' ').trim()"
        )
        if found.startswith(name):
            return
    pytest.fail(f"« {name} » ne se rejoint pas au clavier")


def messages_to(site: Site, address: str) -> list[EmailMessage]:
    """The messages that the site wrote to this address, the oldest first; one file holds those of one connection."""
    parts = [part for text in site.mails_to(address) for part in text.split(79 * "-" + "\n")]
    return [message_from_bytes(part.encode(), policy=default) for part in parts if f"To: {address}" in part]


def message_to(site: Site, address: str, number: int) -> EmailMessage:
    """The message of this number, from 1, once the site's worker wrote it."""
    deadline = time.monotonic() + WRITTEN_WITHIN
    while time.monotonic() < deadline:
        found = messages_to(site, address)
        if len(found) >= number:
            return found[number - 1]
        time.sleep(0.2)  # another process writes it: there is nothing else to wait on
    pytest.fail(f"pas de courriel n° {number} pour {address} en {WRITTEN_WITHIN} s")


def text_of(message: EmailMessage) -> str:
    return message.get_body(("plain",)).get_content()


def test_five_things_are_mended_from_the_queue_by_keyboard(enter):
    page = enter("chargee-de-mission")
    page.goto("/a-traiter/?quoi=directory.report&place=1")
    total = waiting(page)
    focused = page.locator("[data-item]:focus")
    for number in (1, 2):
        expect(focused).to_have_id("suivant")
        tab_to(page, "Votre réponse")
        page.keyboard.type(f"C’est corrigé, merci ({number}).")
        tab_to(page, "Clore")
        page.keyboard.press("Enter")
        expect(page.locator("main .messages")).to_contain_text("C’est fait")
        expect(page.locator("main .lead")).to_contain_text(str(total - number))

    page.goto("/a-traiter/?quoi=directory.pair&place=2")
    first = page.locator("[data-item]").first.locator("h3")
    kept = first.inner_text()
    for key in "ds":
        asked = focused.locator("h3").inner_text()
        page.keyboard.press(key)
        expect(focused.locator("h3")).not_to_have_text(asked)
        expect(focused).to_have_id("suivant")
        expect(first).to_have_text(kept)

    page.goto("/a-traiter/?quoi=directory.membership&place=1")
    tab_to(page, "Pourquoi")
    page.keyboard.type("Ses statuts le disent.")
    tab_to(page, "Oui, elle est de l’ESS")
    page.keyboard.press("Enter")
    expect(page.locator("main .messages")).to_contain_text("C’est décidé")
    expect(focused).to_have_id("suivant")
    # The pair of which one cannot tell is set aside: it waits elsewhere in the same queue.
    assert waiting(page) == total - 4


def test_the_queue_works_without_a_script(enter):
    page = enter("chargee-de-mission", javascript=False, width=PHONE)
    page.goto("/a-traiter/?quoi=directory.pair")
    asked = page.locator("[data-item] h3").nth(1).inner_text()
    page.locator("[data-item]").nth(1).get_by_role("button", name="Deux structures").click()
    expect(page).to_have_url(re.compile(r"/a-traiter/\?quoi=directory\.pair&place=2#suivant$"))
    expect(page.locator("#suivant h3")).not_to_have_text(asked)


def test_the_letter_is_made_sent_received_and_stopped(enter, open_page, site: Site):
    visitor = open_page(width=PHONE)
    visitor.goto("/lettre/s-abonner/")
    visitor.get_by_label("Votre courriel").fill(READER)
    visitor.get_by_label("Je demande à recevoir la lettre du mois").check()
    visitor.wait_for_timeout(READ)
    visitor.get_by_role("button", name="Demander la lettre").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Regardez vos courriels")
    link = re.search(r"http\S+/lettre/confirmer/\S+", text_of(message_to(site, READER, 1))).group()
    visitor.goto(link)
    visitor.get_by_role("button", name="Recevoir la lettre").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("C’est confirmé")

    page = enter("chargee-de-mission")
    page.goto("/lettre/preparer/")
    page.locator("main li.org a").first.click()
    page.get_by_label("Titre").first.fill("La lettre de l’essai")
    page.get_by_role("group", name="Les actualités publiées ce mois-là").get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    held = page.locator("main ol li label")
    expect(held).to_have_count(4)
    last = held.nth(3).inner_text()
    page.locator("li[id^=dit-]").nth(3).get_by_role("button", name="Monter").click()
    expect(held.nth(2)).to_have_text(last, use_inner_text=True)
    page.get_by_role("button", name="Enregistrer et voir l’aperçu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("La lettre de l’essai")
    titles = page.locator("article h2").all_inner_texts()
    assert len(titles) == 4
    found = list(findings(page))
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Ouvrir le courriel")).to_be_hidden()
    page.emulate_media(media="screen")

    page.get_by_role("button", name="M’envoyer un essai").click()
    expect(page.locator("main .messages")).to_contain_text("Un essai part")
    assert message_to(site, "chargee-de-mission@example.org", 1)["Subject"] == "La lettre de l’essai"
    page.get_by_role("link", name="Passer à l’envoi").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Envoyer la lettre\u202f?")
    found += findings(page)
    page.get_by_role("button", name="Envoyer à 25 personnes").click()
    page.get_by_role("link", name="Voir le résultat").click(timeout=WRITTEN_WITHIN * 1000)
    expect(page.get_by_role("heading", level=1)).to_have_text("La lettre de l’essai")

    message = message_to(site, READER, 2)
    assert message["Subject"] == "La lettre de l’essai"
    text = text_of(message)
    assert [line[2:] for line in text.splitlines() if line.startswith("* ")] == titles
    visitor.goto(re.search(r"http\S+/lettre/\d+/", text).group())
    assert visitor.locator("article h2").all_inner_texts() == titles
    found += findings(visitor)

    stop = message["List-Unsubscribe"].strip(" <>")
    one_click = visitor.request.post(stop, form={"List-Unsubscribe": "One-Click"})
    assert one_click.status == 200
    visitor.goto(stop)
    expect(visitor.get_by_role("heading", level=1)).to_have_text("La lettre est arrêtée")
    visitor.goto("/lettre/")
    found += findings(visitor)
    assert not found, "\n".join(found)


def test_the_team_s_pages_have_no_violation(enter):
    page = enter("chargee-de-mission")
    found: list[str] = []
    for path in (
        "/a-traiter/",
        "/a-traiter/?quoi=directory.pair&place=1",
        "/a-traiter/?quoi=directory.membership",
        "/a-traiter/?quoi=directory.import",
        "/lettre/preparer/",
    ):
        page.goto(path)
        found += findings(page)
        page.set_viewport_size({"width": 1280, "height": 844})
    assert not found, "\n".join(found)

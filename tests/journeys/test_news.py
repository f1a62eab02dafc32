"""A structure tells something with a picture: previewed, published, carried everywhere, hidden, shown again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from .conftest import PHONE, Site
from .test_every_page import findings
from .test_structure_page import letter_to
from .test_visitor import fits

pytestmark = pytest.mark.browser
MEMBER = "association@example.org"
TITLE = "Le marché des vélos d’enfants revient"
ALT = "Une rangée de petits vélos de toutes les couleurs."


def photo(folder: Path) -> Path:
    """A photograph as a telephone makes them: large, and named anyhow."""
    path = folder / "IMG_2041.JPG"
    Image.effect_mandelbrot((1600, 1200), (-2, -1.2, 0.8, 1.2), 60).convert("RGB").save(path, "JPEG")
    return path


def write(page: Page, picture: Path) -> None:
    """From one's own page to the preview."""
    page.goto("/annuaire/mes-structures/")
    page.get_by_role("link", name="Écrire une actualité").click()
    page.get_by_label("Nature").select_option(label="Rendez-vous")
    page.get_by_label("Titre").fill(TITLE)
    page.get_by_label("Texte").fill("Troc et réparation.\n\nLe plan : https://example.org/plan")
    page.get_by_label("Photo").set_input_files(picture)
    page.get_by_role("button", name="Enregistrer et voir l’aperçu").click()
    expect(page.locator(".note.bad")).to_contain_text("Un rendez-vous a un jour")
    expect(page.locator(".note.bad")).to_contain_text("Décrivez l’image")
    expect(page.get_by_label("Titre")).to_have_value(TITLE)
    page.get_by_label("Date", exact=False).first.fill("2027-04-10")
    page.get_by_label("Photo").set_input_files(picture)
    page.get_by_label("Ce que l’image montre").fill(ALT)
    page.get_by_role("button", name="Enregistrer et voir l’aperçu").click()
    expect(page.get_by_text("voici ce que tout le monde verra")).to_be_visible()


def test_news_with_a_picture_are_seen_first_carried_everywhere_contested_and_shown_again(
    enter, open_page, site: Site, tmp_path: Path
):
    member = enter("association", width=PHONE)
    write(member, photo(tmp_path))
    expect(member.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(member.get_by_role("img", name=ALT)).to_be_visible()
    fits(member)
    found = list(findings(member))
    member.get_by_role("button", name="Publier l’actualité").click()
    expect(member.locator("main .messages")).to_contain_text("C’est publié")
    address = member.url
    found += findings(member)

    # Anybody reads it, on the structure's page, at home, on the map, in the feed of its commune.
    visitor = open_page()
    visitor.goto(address)
    expect(visitor.get_by_role("heading", level=1)).to_have_text(TITLE)
    image = visitor.get_by_role("img", name=ALT)
    expect(image).to_be_visible()
    assert image.evaluate("one => one.complete && one.naturalWidth > 0")
    expect(visitor.get_by_role("link", name="https://example.org/plan")).to_be_visible()
    visitor.locator("article .lead a").click()
    expect(visitor.get_by_role("link", name=TITLE).first).to_be_visible()
    visitor.goto("/")
    visitor.locator("#actualites").get_by_role("link", name=TITLE).click()
    assert visitor.url == address
    visitor.goto("/actualites/?vue=carte&commune=42218")
    expect(visitor.locator("main ol .org", has_text=TITLE)).to_be_visible()
    expect(visitor.get_by_role("link", name=re.compile(r"marché des vélos")).first).to_be_visible()
    found += findings(visitor)
    feed = visitor.request.get("/actualites.atom?commune=42218").text()
    assert TITLE in feed and address in feed
    assert TITLE not in visitor.request.get("/actualites.atom?commune=42095").text()

    # A moderator hides it, and says why.
    team = enter("chargee-de-mission")
    team.goto(address)
    team.get_by_role("link", name="Modérer").click()
    found += findings(team)
    team.get_by_role("button", name="Masquer l’actualité").click()
    expect(team.locator(".err")).to_contain_text("Dites pourquoi")
    team.get_by_label("Pourquoi").fill("La date tombe un jour férié : est-elle juste ?")
    team.get_by_role("button", name="Masquer l’actualité").click()
    expect(team.locator("main .messages")).to_contain_text("masquée")
    assert visitor.goto(address).status == 404
    assert TITLE not in visitor.request.get("/").text()
    assert TITLE not in visitor.request.get("/fil/").text()

    # Its author learns it by mail, reads the reason, answers.
    letter = letter_to(site, MEMBER, "est masquée")
    assert "jour férié" in letter.get_content()
    member.goto(address)
    expect(member.locator(".note.warn")).to_contain_text("jour férié")
    found += findings(member)
    member.set_viewport_size({"width": PHONE, "height": 844})
    member.get_by_role("link", name="Répondre à l’équipe").click()
    member.get_by_label("Votre réponse").fill("Oui : nous ouvrons ce jour-là.")
    member.get_by_role("button", name="Envoyer la réponse").click()
    expect(member.locator("main .messages")).to_contain_text("Votre réponse est partie")

    # The queue shows the answer; the item is online again, as it was.
    team.goto("/a-traiter/?quoi=directory.news.answered")
    expect(team.locator("main")).to_contain_text("nous ouvrons ce jour-là")
    found += findings(team)
    team.get_by_role("button", name="Montrer de nouveau").first.click()
    expect(team.locator("main")).to_contain_text("de nouveau en ligne")
    assert visitor.goto(address).status == 200
    visitor.goto("/fil/")
    expect(visitor.get_by_role("link", name=TITLE).first).to_be_visible()
    assert not found, "\n".join(found)


def test_without_javascript_news_are_reported_commented_and_taken_back(enter, open_page):
    member = enter("association", javascript=False, width=PHONE)
    member.goto("/annuaire/mes-structures/")
    member.get_by_role("link", name="Écrire une actualité").click()
    member.get_by_label("Titre").fill("Une annonce de passage")
    member.get_by_label("Texte").fill("Rien qu’un essai.")
    member.get_by_label("Ouvrir aux commentaires").check()
    member.get_by_role("button", name="Enregistrer et voir l’aperçu").click()
    member.get_by_role("button", name="Publier l’actualité").click()
    address = member.url

    neighbour = enter("porteur", javascript=False, width=PHONE)
    neighbour.goto(address)
    neighbour.get_by_label("Votre commentaire").fill("Comptez sur nous.")
    neighbour.get_by_role("button", name="Publier le commentaire").click()
    expect(neighbour.locator("#commentaires")).to_contain_text("Comptez sur nous.")
    fits(neighbour)
    member.reload()
    member.get_by_role("link", name="Masquer ce commentaire").click()
    member.get_by_label("Pourquoi").fill("Publiée deux fois.")
    member.get_by_role("button", name="Masquer le commentaire").click()

    visitor = open_page(javascript=False, width=PHONE)
    visitor.goto(address)
    expect(visitor.locator("#commentaires")).not_to_contain_text("Comptez sur nous.")
    visitor.get_by_role("link", name="Signaler cette actualité").click()
    visitor.get_by_label("Ce qui ne va pas").press_sequentially("Le lieu n’est pas dit, et la date non plus.", delay=90)
    visitor.get_by_role("button", name="Envoyer le signalement").click()
    expect(visitor.locator("main .messages")).to_contain_text("Votre signalement est arrivé")

    member.goto(address)
    member.get_by_role("link", name="Retirer").click()
    fits(member)
    member.get_by_role("button", name="Retirer l’actualité").click()
    expect(member.locator("main .messages")).to_contain_text("C’est retiré")
    answer = visitor.goto(address)
    assert answer.status == 410
    expect(visitor.locator("main")).to_contain_text("l’a retirée")

"""A holder begins alone on a phone; a door receives them with the keyboard alone; an officer changes the procedure."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from toile.pathway.rules.procedure import PROCEDURE_TOML

pytestmark = pytest.mark.browser

PHONE = 390
READS_FOR = 3200  # milliseconds: a form that anybody may send is not sent faster than it is read
TYPED = {"text": "12", "textarea": "Des objets jetés, et des gens qui savent réparer.", "date": "01022027"}
CHOSEN = {
    "Q04-scale": "3",
    "Q01": "alone",
    "Q02": "create",
    "Q09": "job_seeker",
    "Q10": "30_up",
    "Q17": "workers",
    "Q25-who": "door",
}
SHARES = {"sales": "60", "subsidies": "30", "gifts": "0", "fees": "0"}


def begin(page: Page) -> str:
    """Come to the first question; the address of the holder's own page."""
    page.goto("/parcours/commencer/")
    page.wait_for_timeout(READS_FOR)
    page.get_by_role("button", name="Commencer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vous portez ce projet…")
    return page.url.split("question/")[0]


def on(page: Page) -> str:
    """The question being asked; empty once the summary is there."""
    found = re.search(r"/question/(Q\d+)/", page.url)
    return found[1] if found else ""


def answer(page: Page, code: str) -> None:
    """Answer as somebody would: what is typed, the first choice, else « je ne sais pas » where nothing fits."""
    main = page.locator("main")
    for group in main.locator("fieldset").all():
        name = group.locator("input").first.get_attribute("name") or ""
        wanted = CHOSEN.get(code) or CHOSEN.get(name)
        (group.locator(f"input[value='{wanted}']") if wanted else group.locator("input").first).check()
    for field in main.locator("input[type=text], textarea, input[type=date]").all():
        name = (field.get_attribute("name") or "").partition("-")[2]
        if name in ("siren", "m2"):
            continue
        is_date = field.get_attribute("type") == "date"
        is_number = bool(field.get_attribute("inputmode"))
        field.fill("2027-02-01" if is_date else SHARES.get(name, "12") if is_number else "Firminy")


def go_on(page: Page) -> None:
    before = page.url
    page.get_by_role("button", name="Continuer").click()
    expect(page).not_to_have_url(before)


def test_a_holder_alone_on_a_phone_is_then_received_with_the_keyboard_alone(open_page, enter):
    phone = open_page(width=PHONE)
    held = begin(phone)
    asked = []
    while code := on(phone):
        asked.append(code)
        answer(phone, code)
        if code != "Q13":
            go_on(phone)
            continue
        # 60 + 30: asked back, not guessed; completed, it goes on.
        phone.get_by_role("button", name="Continuer").click()
        expect(phone.locator(".note.warn")).to_contain_text("ne font pas 100")
        phone.get_by_label("Cotisations").fill("10")
        go_on(phone)
    assert "Q22" not in asked and {"Q06", "Q12", "Q25"} <= set(asked)
    expect(phone.get_by_role("heading", name="En bref")).to_be_visible()

    phone.goto(held)
    phone.get_by_role("link", name="Choisir ma porte").click()
    phone.get_by_label(re.compile("^CCI")).check()
    phone.get_by_label("Un nom pour votre projet").fill("Réparer à Firminy")
    phone.get_by_role("textbox", name="Téléphone").fill("04 77 11 22 33")
    phone.get_by_role("button", name="Envoyer ma demande").click()
    expect(phone.locator(".note.bad")).to_contain_text("cochez la case")
    phone.get_by_label("J’accepte que cette porte").check()
    phone.get_by_role("button", name="Envoyer ma demande").click()
    expect(phone.locator("main .messages")).to_contain_text("la porte vous rappelle")

    desk = enter("conseillere-cci")
    desk.goto("/parcours/accueil/")
    row = desk.get_by_role("row", name="Réparer à Firminy")
    expect(row).to_contain_text("04 77 11 22 33")
    row.get_by_role("link", name="Recevoir").focus()
    desk.keyboard.press("Enter")
    desk.get_by_role("button", name="Recevoir").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Premier accueil")).to_be_visible()
    expect(desk.locator("#resume-en-marge")).to_contain_text("Validation")

    # Two people in one file: what the holder says meanwhile is not lost, and is shown.
    phone.goto(f"{held}question/Q07/")
    phone.get_by_label("on m’a déjà payé").check()
    phone.get_by_role("button", name="Continuer").click()
    expect(phone.get_by_role("heading", level=1)).not_to_have_text("Quelqu’un est-il prêt à payer ?")
    desk.locator("#bloc-Q07").get_by_label("on m’a dit que oui").check()
    expect(desk.locator("#etat-Q07")).to_contain_text("on m’a déjà payé")
    expect(desk.locator("#etat-Q07")).to_contain_text("Une autre personne vient de répondre")


def test_a_first_reception_with_the_keyboard_alone(enter):
    desk = enter("conseillere-cci")
    desk.goto("/parcours/accueil/nouveau/")
    expect(desk.get_by_label("Nom du projet")).to_be_focused()
    desk.keyboard.type("Atelier du clavier")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Premier accueil")).to_be_visible()
    keys, answered = 0, set()
    while keys < 400:
        here = desk.evaluate("({name: document.activeElement.name || '', type: document.activeElement.type || ''})")
        if here["name"] == "stage":
            break
        if re.match(r"Q\d+-", here["name"]) and here["name"] not in answered:
            answered.add(here["name"])
            keys += _typed(desk, here)
        desk.keyboard.press("Tab")
        keys += 1
    assert {name.partition("-")[0] for name in answered} >= {f"Q{number:02d}" for number in range(1, 22)} - {
        "Q12",
        "Q16",
    }
    assert keys < 400  # a key every two seconds is under fifteen minutes
    expect(desk.locator("#resume-en-marge")).to_contain_text("réponses sur")
    expect(desk.locator("#bloc-Q14 [id=etat-Q14]")).to_contain_text("Enregistré")
    expect(desk.locator(".err")).to_have_count(0)


def _typed(desk: Page, here: dict[str, str]) -> int:
    """Answer what has the focus; how many keys that took."""
    if here["type"] in ("radio", "checkbox"):
        if not here["name"].endswith("unknown"):
            desk.keyboard.press("Space")
        return 1
    words = "" if here["name"].endswith("siren") else TYPED.get(here["type"], "12")
    desk.keyboard.type(words)
    return 1  # words are spoken time, not navigation


def test_an_officer_changes_the_procedure_and_old_files_stay_as_they_were(open_page, enter, tmp_path: Path):
    phone = open_page(width=PHONE)
    held = begin(phone)
    text = PROCEDURE_TOML.read_text(encoding="utf-8")
    file = tmp_path / "procedure.toml"
    file.write_text(text.replace("version = 1", "version = 2").replace("Dans quelle commune", "Où"), encoding="utf-8")
    team = enter("chargee-de-mission")
    team.goto("/parcours/procedure/")
    team.get_by_label("Fichier de la procédure").set_input_files(str(file))
    team.get_by_role("button", name="Vérifier ce fichier").click()
    expect(team.get_by_role("row", name=re.compile("^Q03"))).to_contain_text("posée autrement")
    team.get_by_label("Pourquoi cette version").fill("La commune n’est pas toujours choisie.")
    team.get_by_role("button", name="Mettre en vigueur à toutes les portes").click()
    expect(team.locator("main .messages")).to_contain_text("La version 2 est en vigueur")

    phone.goto(f"{held}question/Q03/")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Dans quelle commune")
    other = open_page(width=PHONE)
    other.goto(f"{begin(other)}question/Q03/")
    expect(other.get_by_role("heading", level=1)).to_contain_text("Où")

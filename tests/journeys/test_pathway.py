"""An idea begun on a phone is received at a door, then asked of two partners: one declines, one accepts by its link."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import PHONE, Site

pytestmark = pytest.mark.browser
RECEIVER = "conseillere-mife@example.org"
HOLDER = "atelier.reparation@example.org"
TITLE = "L’Atelier qui répare"
WRITTEN_WITHIN = 60  # seconds, by the site's own worker
READ = 3_200  # milliseconds: a form that anybody may send is not sent faster than it is read
UNKNOWN = "je ne sais pas"
PAID = "on me l’a écrit : lettre, devis accepté, promesse"
NO = "Notre comité est complet jusqu’en mars."

Answering = Callable[[Page], object]


def letter_to(site: Site, address: str, path: str) -> str:
    """The path of the link that begins so in the last mail to this address, once the worker has written it."""
    deadline = time.monotonic() + WRITTEN_WITHIN
    while not (found := [mail for mail in site.mails_to(address) if path in mail]):
        assert time.monotonic() < deadline, f"aucun courriel pour {address}"
        time.sleep(0.3)  # the worker is another program
    written = found[-1].partition("\n" + 79 * "-")[0]
    body = message_from_bytes(written.encode(), policy=default).get_body(("plain",))
    assert body is not None
    url = re.search(rf"https?://[^/\s]+({re.escape(path)}\S+)", body.get_content())
    assert url, body
    return url[1]


def sign_in(page: Page, site: Site, address: str) -> None:
    """Enter by a code received by e-mail: the doors' people are no personas."""
    page.goto("/compte/login/code/")
    page.get_by_label("Courriel").fill(address)
    page.locator("main form").get_by_role("button").first.click()
    expect(page.locator("input[name=code]")).to_be_visible()
    code = re.findall(r"\b\d{4}-\d{4}\b", site.mails_to(address)[-1])[-1]
    page.locator("input[name=code]").fill(code)
    page.locator("main form").first.get_by_role("button").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce qui m’attend")


def fits(page: Page) -> None:
    over = page.locator("html").evaluate("html => html.scrollWidth - window.innerWidth")
    assert over <= 1, f"{page.url} dépasse de {over} px"


# --- What the holder answers ------------------------------------------------------------------------------------------


def chosen(*labels: str) -> Answering:
    return lambda page: [page.get_by_label(label, exact=True).check() for label in labels]


def said(**texts: str) -> Answering:
    return lambda page: [page.locator(f"[name$=-{name}]").fill(text) for name, text in texts.items()]


def both(*several: Answering) -> Answering:
    return lambda page: [one(page) for one in several]


def among(group: str, *labels: str) -> Answering:
    return lambda page: [page.get_by_role("group", name=group).get_by_label(label).check() for label in labels]


def dont_know(page: Page) -> None:
    page.get_by_role("button", name="Je ne sais pas").click()


IDEA: dict[str, Answering] = {
    "Vous portez ce projet…": chosen("à plusieurs, en groupe"),
    "Que voulez-vous faire ?": chosen("créer une activité"),
    "Dans quelle commune ?": said(answer="Firminy"),
    "À quel besoin répondez-vous ?": both(
        said(words="Des appareils presque neufs partent à la benne."),
        chosen("des personnes qui le vivent me l’ont dit"),
    ),
    "Et votre réponse à ce besoin ?": both(
        said(words="Un atelier où l’on répare ensemble."),
        chosen("de l’artisanat : fabriquer, réparer, construire", "je l’ai essayée une fois, en petit"),
    ),
    "À combien de personnes en avez-vous parlé ?": said(answer="12"),
    "Quelqu’un est-il prêt à payer ?": chosen(UNKNOWN),
    "Que savez-vous faire, à vous tous ?": both(
        among("Nous savons déjà", "le métier lui-même"), among("Il nous manque", "les démarches, les contrats")
    ),
    "Aujourd’hui, vous êtes…": chosen("en emploi"),
    "Votre âge ?": chosen("30 ans ou plus"),
    "Combien d’heures par semaine pouvez-vous y consacrer ?": said(answer="10"),
    "D’où viendra l’argent, une année normale ?": dont_know,
    "Avez-vous fait vos comptes prévisionnels ?": chosen("quelques chiffres"),
    "Combien d’argent pour démarrer ?": said(needed="38000", found="9000"),
    "Pour le reste, pensez-vous emprunter ?": chosen("peut-être"),
    "Qui devrait décider des choses importantes ?": chosen(
        "plusieurs sortes de personnes : salariés, usagers, collectivité…"
    ),
    "S’il y a un bénéfice, qu’en fera-t-on ?": chosen("il restera surtout dans l’activité"),
    "À qui cela servira-t-il, au-delà de vos clients ?": chosen(
        "à la vie du quartier, du village", "à l’environnement"
    ),
    "Avez-vous choisi une forme juridique ?": chosen("SCIC", "non"),
    "Vous faudra-t-il un lieu ?": dont_know,
    "Qui peut lire vos réponses ?": chosen(
        "la porte que je choisis lise mes réponses",
        "un partenaire qu’elle me propose lise le résumé de mon projet",
        "pendant un an",
    ),
}


def test_an_idea_on_a_phone_is_received_at_a_door_and_asked_of_two_partners(open_page, site: Site) -> None:
    phone = open_page(width=PHONE)
    phone.goto("/parcours/")
    phone.locator("main").get_by_role("link", name="Commencer", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Parlez-nous de votre projet")
    phone.wait_for_timeout(READ)
    phone.get_by_role("button", name="Commencer").click()
    answered(phone, list(IDEA)[:7])
    phone.get_by_role("link", name="S’arrêter et reprendre plus tard").click()
    expect(phone.locator(".lead")).to_contain_text("7 réponses sur")
    fits(phone)

    # The link is enough, on another telephone: nobody has an account.
    later = open_page(width=PHONE)
    later.goto(phone.url)
    later.get_by_role("link", name="Reprendre").click()
    answered(later, list(IDEA)[7:])
    fits(later)
    expect(later.get_by_role("heading", level=1)).to_have_text("Votre projet")
    expect(later.get_by_role("row", name="Prêts à payer")).to_contain_text("ne sait pas")
    fits(later)
    later.get_by_role("link", name="Choisir ma porte").click()
    later.get_by_label(re.compile("^MIFE")).check()
    later.get_by_label("Un nom pour votre projet").fill(TITLE)
    later.get_by_label("Comment vous appeler").fill("Camille")
    later.get_by_label("Courriel").fill(HOLDER)
    later.get_by_label("J’accepte que cette porte lise mes réponses").check()
    fits(later)
    later.get_by_role("button", name="Envoyer ma demande").click()
    expect(later.locator(".lead")).to_contain_text("« MIFE » vous rappelle d’ici")
    held = letter_to(site, HOLDER, "/parcours/mon-dossier/")

    desk = open_page()
    sign_in(desk, site, RECEIVER)
    desk.goto("/parcours/accueil/")
    row = desk.get_by_role("row", name=TITLE)
    expect(row).to_contain_text("Camille")
    row.get_by_role("link", name="Recevoir").click()
    desk.get_by_role("button", name="Recevoir").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Premier accueil")
    expect(desk.locator("#etat-Q07")).to_contain_text("Répondu par la personne")
    desk.locator("#bloc-Q07").get_by_label(PAID).check()
    expect(desk.locator("#etat-Q07")).to_contain_text("Enregistré")
    desk.get_by_role("button", name="Conclure l’accueil").click()
    expect(desk.locator("main .messages")).to_contain_text("L’accueil est conclu")
    expect(desk.get_by_role("row", name="Prêts à payer")).to_contain_text(PAID)
    later.goto(held)
    later.get_by_role("link", name="Relire et compléter mes réponses").click()
    expect(later.get_by_role("row", name="Prêts à payer")).to_contain_text(PAID)

    desk.get_by_role("link", name="Orientation", exact=True).click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Orientation")
    kept = {"Loire Active": "demandes-loire-active", "URSCOP Rhône-Alpes": "demandes-urscop"}
    for card in desk.locator("li.card").all():
        if not any(partner in card.inner_text() for partner in kept):
            card.get_by_label("L’écarter", exact=True).check()
            card.get_by_label("Pourquoi l’écarter").fill("Pas le besoin d’aujourd’hui.")
    desk.get_by_role("button", name="Décider", exact=True).click()
    expect(desk.locator("main .messages")).to_contain_text("C’est décidé")
    for partner in kept:
        retained(desk, partner).get_by_role("link", name="Demander").click()
        expect(desk.get_by_role("heading", level=1)).to_have_text(f"Demander à {partner}")
        desk.get_by_role("button", name="Envoyer la demande").click()
        expect(desk.locator(".note.bad")).to_contain_text("Sans son accord, rien ne part")
        desk.get_by_label(f"La personne est d’accord pour que {partner} le lise").check()
        desk.get_by_role("button", name="Envoyer la demande").click()
        expect(desk.locator("main .messages")).to_contain_text(f"La demande part à {partner}")

    for partner, address in kept.items():
        accepts = partner != "Loire Active"
        asked = open_page(width=PHONE)
        asked.goto(letter_to(site, f"{address}@example.org", "/parcours/demande/"))
        expect(asked.get_by_role("heading", level=1)).to_have_text(TITLE)
        expect(asked.locator("main")).to_contain_text("Un atelier où l’on répare ensemble.")
        expect(asked.locator("main")).not_to_contain_text("Camille")
        fits(asked)
        asked.get_by_label("Nous accompagnons ce projet" if accepts else "Nous ne pouvons pas").check()
        asked.get_by_label("Votre message à la porte").fill("" if accepts else NO)
        asked.get_by_role("button", name="Envoyer la réponse").click()
        done = "Vous avez accepté ce projet" if accepts else "Vous avez décliné cette demande"
        expect(asked.locator("main")).to_contain_text(done)
    desk.reload()
    expect(retained(desk, "Loire Active")).to_contain_text("Déclinée")
    retained(desk, "Loire Active").get_by_role("link", name="Déclinée").click()
    expect(desk.locator("blockquote")).to_have_text(NO)
    later.goto(held)
    later.get_by_role("link", name="Voir où en est mon projet").click()
    expect(later.get_by_role("listitem").filter(has_text="Loire Active")).to_contain_text("ne peut pas")
    expect(later.get_by_role("listitem").filter(has_text="URSCOP")).to_contain_text("accompagne votre projet")
    fits(later)


def retained(page: Page, partner: str) -> Locator:
    """The line of a partner among the offers that the adviser kept."""
    return page.get_by_role("table", name="Offres retenues").get_by_role("row", name=partner)


def answered(page: Page, wordings: list[str]) -> None:
    """Answer these questions, in their order, one page each."""
    for wording in wordings:
        expect(page.get_by_role("heading", level=1)).to_have_text(wording)
        IDEA[wording](page)
        if IDEA[wording] is not dont_know:
            page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(wordings[-1])

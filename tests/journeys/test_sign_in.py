"""Signing in by a code received by e-mail, the messages of what goes wrong, and the second factor's page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .conftest import PHONE

pytestmark = pytest.mark.browser
ADDRESS = "facilitatrice@example.org"


def test_a_code_received_by_mail_signs_in_and_the_second_factor_is_within_reach(open_page, site):
    page = open_page(width=PHONE)
    page.goto("/compte/login/")
    page.get_by_role("link", name=re.compile("code")).locator("visible=true").first.click()
    page.get_by_label("Courriel").fill(ADDRESS)
    page.locator("main form").get_by_role("button").first.click()
    code = page.locator("input[name=code]")
    expect(code).to_be_visible()
    letter = site.mails_to(ADDRESS)[-1]
    right = re.findall(r"\b\d{4}-\d{4}\b", letter)[-1]

    code.fill("0000-0000" if right != "0000-0000" else "1111-1111")
    page.locator("main form").first.get_by_role("button").first.click()
    expect(page.locator("main .err")).to_be_visible()
    page.locator("input[name=code]").fill(right)
    page.locator("main form").first.get_by_role("button").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce qui m’attend")

    page.goto("/compte/")
    page.get_by_role("link", name="Activer un second facteur").click()
    expect(page).to_have_url(re.compile("/compte/second-facteur/totp/activate/"))
    expect(page.locator("main img, main svg").first).to_be_visible()
    expect(page.locator("input[name=code]")).to_be_visible()


def test_a_wrong_password_says_so_without_telling_who_has_an_account(open_page):
    said = []
    for address in (ADDRESS, "personne.ici@example.org"):
        page = open_page()
        page.goto("/compte/login/")
        page.locator("input[name=login]").fill(address)
        page.locator("input[name=password]").fill("mauvais mot de passe")
        page.locator("main form").first.get_by_role("button").first.click()
        summary = page.locator(".note.bad")
        expect(summary).to_be_focused()
        expect(page.locator("input[name=login]")).to_have_value(address)
        said.append(summary.inner_text())
    assert said[0] == said[1]


def test_an_address_left_unfinished_is_named(open_page):
    page = open_page()
    page.goto("/compte/login/code/")
    page.get_by_label("Courriel").fill("facilitatrice@")
    page.locator("main form").get_by_role("button").first.click()
    expect(page.locator("main .err")).to_be_visible()
    expect(page.get_by_label("Courriel")).to_have_value("facilitatrice@")

"""What an address proves, what a claim may become, what leaving asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.directory.rules.claiming import (
    FOLLOWS,
    OPEN,
    PUBLIC_MAIL,
    REGISTRIES,
    SHARED_HOSTS,
    ClaimState,
    Departure,
    Standing,
    asked,
    comes_as_lead,
    departure,
    host_of,
    owes_a_reason,
    proved,
    standing,
)

LABEL = st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True)
HOST = st.lists(LABEL, min_size=2, max_size=4).map(".".join)
SITE = "https://www.atelier-des-essais.fr/contact"


@pytest.mark.parametrize(
    ("email", "website", "expected"),
    [
        ("lea@atelier-des-essais.fr", SITE, "proves"),
        ("LEA@Atelier-Des-Essais.FR", "HTTP://Atelier-des-essais.fr:8080", "proves"),
        ("lea@courriel.atelier-des-essais.fr", SITE, "proves"),
        ("lea@www.atelier-des-essais.fr", SITE, "proves"),
        ("lea@faux-atelier-des-essais.fr", SITE, "elsewhere"),
        ("lea@atelier-des-essais.fr.ailleurs.fr", SITE, "elsewhere"),
        ("lea@essais.fr", SITE, "elsewhere"),
        ("lea@ville.fr", "https://atelier.ville.fr", "elsewhere"),
        ('"lea@atelier-des-essais.fr"@ailleurs.fr', SITE, "elsewhere"),
        ("lea", SITE, "elsewhere"),
        ("", SITE, "elsewhere"),
        ("lea@gmail.com", SITE, "public_mail"),
        ("lea@orange.fr", "https://orange.fr", "shared_site"),
        ("lea@wordpress.com", "https://essais.wordpress.com", "shared_site"),
        ("lea@essais.wordpress.com", "https://essais.wordpress.com", "shared_site"),
        ("lea@facebook.com", "https://www.facebook.com/essais", "shared_site"),
        ("lea@google.com", "https://sites.google.com/view/essais", "shared_site"),
        ("lea@essais.fr", "", "no_site"),
        ("lea@asso.fr", "https://asso.fr", "no_site"),
        ("lea@essais.asso.fr", "https://essais.asso.fr", "proves"),
        ("lea@autres.asso.fr", "https://essais.asso.fr", "elsewhere"),
        ("lea@192.0.2.1", "http://192.0.2.1", "no_site"),
        ("lea@localhost", "http://localhost", "no_site"),
        ("lea@essais.fr", "https://essais.fr@ailleurs.fr", "elsewhere"),
        ("lea@essais.fr", "http://[essais.fr", "no_site"),
        ("lea@xn--pice-9oa.fr", "https://épice.fr", "proves"),
        ("lea@xn--pices-9ra.fr", "https://xn--pices-9ra.fr", "proves"),
        ("lea@strasse.de", "https://straße.de", "elsewhere"),
    ],
)
def test_an_address_proves_only_at_the_site_s_own_domain(email: str, website: str, expected: str) -> None:
    assert standing(email, website) == expected


def test_a_name_written_with_accents_or_for_machines_is_the_same() -> None:
    written = "https://" + "épices.fr".encode("idna").decode()
    assert host_of(written) == host_of("https://ÉPICES.fr") == "épices.fr"
    assert standing("lea@épices.fr", written) is Standing.PROVES


@given(host=HOST, other=HOST)
def test_a_proof_is_a_suffix_label_by_label_and_nothing_else(host: str, other: str) -> None:
    shared = SHARED_HOSTS | PUBLIC_MAIL | REGISTRIES
    if any(one == host or host.endswith(f".{one}") for one in shared) or host.startswith("www."):
        return
    proves = standing(f"lea@{other}", f"https://{host}/") is Standing.PROVES
    assert proves == (other == host or other.endswith(f".{host}"))


@given(name=st.sampled_from(sorted(SHARED_HOSTS | PUBLIC_MAIL | REGISTRIES)), label=LABEL)
def test_what_everybody_shares_never_proves(name: str, label: str) -> None:
    assert standing(f"lea@{name}", f"https://{name}") is not Standing.PROVES
    if name not in REGISTRIES:
        assert standing(f"lea@{label}.{name}", f"https://{label}.{name}/page") is not Standing.PROVES


@given(email=st.text(max_size=80), website=st.text(max_size=80))
def test_any_text_is_answered(email: str, website: str) -> None:
    assert standing(email, website) in Standing


def test_a_claim_ends_and_stays_ended() -> None:
    assert set(ClaimState) - OPEN == {"accepted", "refused", "withdrawn", "expired"}
    assert all(after in ClaimState for follows in FOLLOWS.values() for after in follows)
    assert asked(by_domain=True) in OPEN and asked(by_domain=False) in OPEN
    for has_lead in (True, False):
        assert proved(has_lead=has_lead) in FOLLOWS[ClaimState.WAITING_PROOF]


def test_a_proof_alone_opens_a_structure_that_nobody_leads_and_no_other() -> None:
    assert proved(has_lead=False) is ClaimState.ACCEPTED
    assert proved(has_lead=True) is ClaimState.WAITING_DECISION


@given(is_proved=st.booleans(), leads=st.booleans())
def test_a_refusal_is_always_explained(is_proved: bool, leads: bool) -> None:
    assert owes_a_reason(accepts=False, is_proved=is_proved, leads=leads)


def test_an_acceptance_is_explained_by_the_team_when_nothing_proves() -> None:
    assert owes_a_reason(accepts=True, is_proved=False, leads=False)
    assert not owes_a_reason(accepts=True, is_proved=True, leads=False)
    assert not owes_a_reason(accepts=True, is_proved=False, leads=True)


def test_somebody_always_answers_for_a_structure_that_opens() -> None:
    assert comes_as_lead(asks_to_lead=False, has_lead=False)
    assert comes_as_lead(asks_to_lead=True, has_lead=True)
    assert not comes_as_lead(asks_to_lead=False, has_lead=True)


@given(is_lead=st.booleans(), other_leads=st.integers(0, 3), more=st.integers(0, 3))
def test_a_structure_with_people_keeps_somebody_who_leads(is_lead: bool, other_leads: int, more: int) -> None:
    found = departure(is_lead=is_lead, other_leads=other_leads, others=other_leads + more)
    if found is Departure.LEAVES_NOBODY:
        assert other_leads + more == 0
    elif found is Departure.FREE:
        assert other_leads > 0 or not is_lead
    else:
        assert is_lead and other_leads == 0 and more > 0

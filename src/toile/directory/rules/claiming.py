"""Who may come to represent a structure: what an address proves, what becomes of a claim, what leaving asks for."""

from __future__ import annotations

import tomllib
import unicodedata
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

_TABLES: Final = tomllib.loads(Path(__file__).with_name("claiming.toml").read_text(encoding="utf-8"))
PUBLIC_MAIL: Final = frozenset(_TABLES["public_mail"])
SHARED_HOSTS: Final = frozenset(_TABLES["shared_hosts"])
REGISTRIES: Final = frozenset(_TABLES["registries"])


class Standing(StrEnum):
    """What an address proves about a structure, or why it proves nothing."""

    PROVES = "proves"
    NO_SITE = "no_site"
    SHARED_SITE = "shared_site"
    PUBLIC_MAIL = "public_mail"
    ELSEWHERE = "elsewhere"


def standing(email: str, website: str) -> Standing:
    """Whether an address is at the structure's own domain: that of its site, or below it. Never the other way round.

    A site that shares its host with others, a public mail provider, a registry's own name prove nothing.
    """
    site = host_of(website)
    if not site:
        return Standing.NO_SITE
    if _is_under(site, SHARED_HOSTS | PUBLIC_MAIL):
        return Standing.SHARED_SITE
    host = host_of_address(email)
    if _is_under(host, PUBLIC_MAIL):
        return Standing.PUBLIC_MAIL
    return Standing.PROVES if _is_under(host, {site}) else Standing.ELSEWHERE


def host_of(website: str) -> str:
    """The host that a site's address names, without « www. »; empty when it names nobody's domain."""
    try:
        host = _host(urlsplit(website.strip()).hostname or "")
    except ValueError:
        return ""
    return _host(host.removeprefix("www."))


def host_of_address(email: str) -> str:
    """The host of an e-mail address; empty when there is none."""
    return _host(email.strip().rpartition("@")[2])


def _host(name: str) -> str:
    """A host in one normal form: lower case, its labels as people write them; empty for a number or a registry."""
    labels = [_label(label) for label in unicodedata.normalize("NFC", name.strip().lower()).rstrip(".").split(".")]
    if len(labels) < 2 or not all(labels) or labels[-1].isdigit():
        return ""
    host = ".".join(labels)
    return "" if host in REGISTRIES else host


def _label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return ""


def _is_under(host: str, names: frozenset[str] | set[str]) -> bool:
    """Whether a host is one of these, or a name below one of them, label by label."""
    labels = host.split(".")
    return any(".".join(labels[start:]) in names for start in range(len(labels)))


class ClaimState(StrEnum):
    """Where a claim stands."""

    WAITING_PROOF = "waiting_proof"
    WAITING_DECISION = "waiting_decision"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


FOLLOWS: Final = {
    ClaimState.WAITING_PROOF: frozenset(
        {ClaimState.WAITING_DECISION, ClaimState.ACCEPTED, ClaimState.WITHDRAWN, ClaimState.EXPIRED}
    ),
    ClaimState.WAITING_DECISION: frozenset({ClaimState.ACCEPTED, ClaimState.REFUSED, ClaimState.WITHDRAWN}),
}
"""What each state may become; the others are the end. Only a proof leads from the first one to « accepted »."""
OPEN: Final = frozenset(FOLLOWS)


def asked(*, by_domain: bool) -> ClaimState:
    """Where a claim begins: by an address that the rule knows, its owner proves it; else somebody decides."""
    return ClaimState.WAITING_PROOF if by_domain else ClaimState.WAITING_DECISION


def proved(*, has_lead: bool) -> ClaimState:
    """What a proof at the domain leads to: in, where nobody leads; else those who lead decide."""
    return ClaimState.WAITING_DECISION if has_lead else ClaimState.ACCEPTED


def owes_a_reason(*, accepts: bool, is_proved: bool, leads: bool) -> bool:
    """Whether who decides must say why: to refuse always, to accept without proof unless they lead the structure."""
    return not accepts or not (is_proved or leads)


def comes_as_lead(*, asks_to_lead: bool, has_lead: bool) -> bool:
    """Whether somebody accepted leads: they asked for it, or nobody else would answer for the structure."""
    return asks_to_lead or not has_lead


class Departure(StrEnum):
    """What leaving a structure asks for."""

    FREE = "free"
    HAND_OVER = "hand_over"
    LEAVES_NOBODY = "leaves_nobody"


def departure(*, is_lead: bool, other_leads: int, others: int) -> Departure:
    """What a person owes before leaving: the last who leads hands over to somebody, unless nobody else is there.

    others: everybody else who represents the structure, those who lead included.
    """
    if others == 0:
        return Departure.LEAVES_NOBODY
    return Departure.HAND_OVER if is_lead and other_leads == 0 else Departure.FREE

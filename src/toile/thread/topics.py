"""The topics by which people choose how they are told: few, in their words, not those of the kinds of facts."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .rules.telling import Rhythm


@dataclass(frozen=True, slots=True)
class Topic:
    """One line of « comment me prévenir ». rhythm: for who chose nothing."""

    code: str
    label: str | Promise
    explanation: str | Promise
    rhythm: Rhythm


topics: dict[str, Topic] = {}


def topic(code: str, *, label: str | Promise, explanation: str | Promise, rhythm: Rhythm) -> Topic:
    """Declare a topic; a room whose kinds are none of those below declares its own, and names it in `fact_kind`."""
    if code in topics:
        raise ImproperlyConfigured(f"topic {code} is declared twice")
    topics[code] = Topic(code, label, explanation, rhythm)
    return topics[code]


NEWS = topic(
    "news",
    label=_("Actualités"),
    explanation=_("Ce qu’annoncent les structures et les communes que vous suivez."),
    rhythm=Rhythm.DAILY,
)
# The three below follow from who the person is to what happened: a kind that declares no topic is one of them.
FOLLOWED = topic(
    "followed",
    label=_("Vie des pages suivies"),
    explanation=_("Une structure que vous suivez s’installe, change ses horaires, obtient un agrément."),
    rhythm=Rhythm.WEEKLY,
)
MINE = topic(
    "mine",
    label=_("Mes structures"),
    explanation=_("Ce qui arrive aux structures que vous représentez : un message, une correction, une arrivée."),
    rhythm=Rhythm.DAILY,
)
ACCOUNT = topic(
    "account",
    label=_("Mon compte"),
    explanation=_("Ce qui touche votre compte et sa sécurité."),
    rhythm=Rhythm.AT_ONCE,
)
# For kinds that everybody concerned knows of already: it is not proposed, and nobody is told.
UNTOLD = Topic("untold", _("Sans avis"), "", Rhythm.NEVER)

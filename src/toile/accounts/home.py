"""What this room declares for the home page: a second factor to activate, and an administrator's people."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from toile.kernel.home import NavigationLink, Verb, Waiting, declared
from toile.kernel.readers import Reader

from .permissions import MINE, PEOPLE
from .queries import roles_waiting


def second_factor(reader: Reader) -> Sequence[Waiting]:
    """A role given and not usable yet. 1 query."""
    if reader.person is None or not roles_waiting(reader.person):
        return []
    return [Waiting(str(_("Activer un second facteur, que votre rôle demande")), reverse("mfa_activate_totp"))]


declared.waiting.append(second_factor)
declared.person_menu.append(NavigationLink(_("Mon compte"), "accounts:mine", order=10))
declared.person_menu.append(NavigationLink(_("Vos données"), "accounts:own_data", order=15))
declared.person_menu.append(NavigationLink(_("Personnes et rôles"), "accounts:people", order=70))
declared.verbs.append(
    Verb(
        label=_("Mon compte"),
        url=lambda reader: reverse("accounts:mine"),
        explanation=_("Votre nom, votre adresse, vos sessions ouvertes."),
        permission=MINE.code,
        order=90,
    )
)
declared.verbs.append(
    Verb(
        label=_("Donner un rôle"),
        url=lambda reader: reverse("accounts:people"),
        explanation=_("Dire qui accompagne, qui anime, qui administre."),
        permission=PEOPLE.code,
        order=80,
    )
)

"""What the team's time adds to the shared pages: one's day, for who receives."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from toile.kernel.home import NavigationLink, Verb, declared
from toile.pathway.permissions.cases import ACCOMPANY

declared.verbs.append(
    Verb(
        _("Voir ma journée"),
        lambda reader: reverse("pathway:day"),
        _("Les appels à passer, les dossiers sans suite, les réponses attendues."),
        ACCOMPANY.code,
        order=9,
        axis="consolidate",
    )
)
declared.person_menu.append(NavigationLink(_("Ma journée"), "pathway:day", order=25))

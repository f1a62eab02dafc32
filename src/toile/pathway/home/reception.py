"""What the reception adds to the shared pages: receive somebody, who waits at one's doors, the procedure."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from toile.kernel.home import NavigationLink, Verb, Waiting, declared
from toile.kernel.readers import Reader
from toile.kernel.typography import french_number
from toile.pathway.models import Case, CaseState
from toile.pathway.permissions.cases import ACCOMPANY
from toile.pathway.queries.cases import doors_of


def at_my_doors(reader: Reader) -> Sequence[Waiting]:
    """Who asks to be received at the doors where one receives, since when. 2 queries; none for who is no adviser."""
    doors = doors_of(reader)
    if not doors:
        return []
    sent = Case.objects.filter(door__in=doors, state=CaseState.SENT).order_by("sent_at")
    dates = list(sent.values_list("sent_at", flat=True)[:1000])
    if not dates:
        return []
    sentence = ngettext("Une personne demande à être reçue", "%(n)s personnes demandent à être reçues", len(dates)) % {
        "n": french_number(len(dates))
    }
    return [Waiting(sentence, reverse("pathway:waiting"), len(dates), dates[0])]


declared.waiting.append(at_my_doors)
declared.verbs.append(
    Verb(
        _("Recevoir quelqu’un"),
        lambda reader: reverse("pathway:receive"),
        _("Ouvrir un dossier : la même procédure à chaque porte."),
        ACCOMPANY.code,
        order=10,
        axis="emerge",
    )
)
declared.person_menu.append(NavigationLink(_("Accueil des projets"), "pathway:waiting", order=26))
declared.person_menu.append(NavigationLink(_("La procédure d’accueil"), "pathway:procedures", order=31))

"""What waits for a reader: calls owed by their doors, partners' silence and questions, requests to their structures."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from toile.kernel.home import Verb, Waiting, declared
from toile.kernel.permissions import PUBLIC
from toile.kernel.readers import Reader, Role
from toile.kernel.typography import french_number
from toile.pathway.permissions.orientation import LEADS_READ
from toile.pathway.queries.leads import waiting_count
from toile.pathway.queries.referrals import count_made_to, silent


def waiting(reader: Reader) -> Sequence[Waiting]:
    """4 queries at most; none for who represents nobody."""
    if not reader.organisations:
        return ()
    return [*_at_the_door(reader), *_asked(reader)]


def _at_the_door(reader: Reader) -> list[Waiting]:
    if not reader.has_role(Role.ADVISER):
        return []
    found = []
    calls = waiting_count(reader)
    if calls:
        told = ngettext("%(n)s signalement à rappeler", "%(n)s signalements à rappeler", calls)
        found.append(Waiting(told % {"n": french_number(calls)}, reverse("pathway:leads"), calls))
    without = silent(reader)
    stalled = reverse("pathway:no_next_step")
    if count := without.escalated:
        told = ngettext(
            "%(n)s demande sans réponse d’un partenaire", "%(n)s demandes sans réponse de partenaires", count
        )
        found.append(Waiting(told % {"n": french_number(count)}, stalled, count))
    if count := without.asked:
        told = ngettext("%(n)s question d’un partenaire", "%(n)s questions de partenaires", count)
        found.append(Waiting(told % {"n": french_number(count)}, stalled, count))
    return found


def _asked(reader: Reader) -> list[Waiting]:
    count = count_made_to(reader)
    if not count:
        return []
    told = ngettext("%(n)s projet vous est présenté", "%(n)s projets vous sont présentés", count)
    return [Waiting(told % {"n": french_number(count)}, reverse("pathway:referrals"), count)]


declared.waiting.append(waiting)
declared.verbs.append(
    Verb(
        gettext_lazy("Rappeler qui a une idée"),
        lambda reader: reverse("pathway:leads"),
        gettext_lazy("Les idées et les reprises signalées à votre porte."),
        LEADS_READ.code,
        40,
        axis="emerge",
    )
)
declared.verbs.append(
    Verb(
        gettext_lazy("Signaler une idée"),
        lambda reader: reverse("pathway:tell"),
        gettext_lazy("Une idée, ou une entreprise à reprendre : une porte rappelle."),
        PUBLIC.code,
        70,
        axis="emerge",
    )
)

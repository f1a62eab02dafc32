"""The list of the letters that left, declared; and how to receive them, beside it."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from toile.directory.forms_letters import SubscribeForm
from toile.directory.models import Letter
from toile.directory.permissions import LETTER
from toile.directory.queries.letters import find_letters, newer_letters
from toile.kernel.lists import Column, Entry, ListPage, Sort, declare
from toile.kernel.lists.beside import Beside
from toile.kernel.lists.beside import declared as beside_lists
from toile.kernel.permissions import holds
from toile.kernel.typography import MONTHS, french_number
from toile.thread.searches import one_line


def month_words(letter: Letter) -> str:
    """« novembre 2026 »."""
    return f"{MONTHS[letter.month.month - 1]} {letter.month.year}"


def _found(count: int, total: int) -> str:
    if not total:
        return _("Aucune lettre n’est encore partie")
    if not count:
        return _("Aucune lettre trouvée sur %(total)s") % {"total": french_number(total)}
    told = ngettext("%(shown)s lettre trouvée sur %(total)s", "%(shown)s lettres trouvées sur %(total)s", count)
    return told % {"shown": french_number(count), "total": french_number(total)}


def _entry(row: Letter) -> Entry:
    assert row.sent_at is not None
    return Entry(row.pk.urn, row.title, row.get_absolute_url(), one_line(row.introduction)[:300], row.sent_at)


LETTERS: Final = declare(
    ListPage(
        code="letters",
        title=gettext_lazy("La lettre du mois"),
        route="letters:archive",
        file="lettres",
        columns=[
            Column("titre", gettext_lazy("Lettre"), lambda row: row.title, in_table=True),
            Column("numero", gettext_lazy("Numéro"), lambda row: row.number, in_table=True),
            Column("mois", gettext_lazy("Mois"), month_words, in_table=True),
            Column("envoyee_le", gettext_lazy("Partie le"), lambda row: row.sent_at.date(), in_table=True),
        ],
        facets=[],
        sorts=[Sort("latest", "date", gettext_lazy("la plus récente"))],
        find=find_letters,
        newer=newer_letters,
        entry=_entry,
        found=_found,
        schema="Article",
        nothing_yet=gettext_lazy("La première partira dès qu’elle sera prête. Abonnez-vous pour la recevoir."),
    )
)


def _receiving(request: HttpRequest, page: ListPage[Any], words: str) -> dict[str, Any] | None:
    """The form that asks for the letter, beside its own list only."""
    if page.code != LETTERS.code:
        return None
    prepare = reverse("letters:drafts") if holds(request.reader, LETTER.code) else ""
    return {"form": SubscribeForm(), "prepare": prepare}


beside_lists.append(Beside("directory/letter_beside.html", _receiving, order=10))

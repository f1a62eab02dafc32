"""The list of followed firms, declared: as a list, a table and files, for the advisers of their door alone.

Its files hold no score: a score orders calls, and goes nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, time
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from toile.kernel.lists import Column, Entry, FacetShown, Flag, ListPage, Sort, declare
from toile.kernel.lists.declaring import Label
from toile.kernel.typography import french_number, short_date
from toile.pathway.queries.cohort import (
    CONTESTED,
    LEFT,
    NOBODY,
    SILENT,
    UNSCORED,
    Line,
    door_names,
    find_followed,
    newer_followed,
)
from toile.pathway.queries.people import names_of
from toile.pathway.rules.signals import Side, weights


def _bands(side: Side, **more: Label) -> Callable[[Collection[str]], Mapping[str, Label]]:
    """The bands of a side, the most pressing first, whatever the order of what was found."""
    known: dict[str, Label] = {
        band.code: gettext_lazy(band.label) for band in reversed(weights().bands) if band.side == side
    }
    known |= more
    return lambda values: {code: label for code, label in known.items() if code in values}


def _advisers(values: Collection[str]) -> Mapping[str, str]:
    names = names_of({UUID(value) for value in values if value != NOBODY})
    return {str(pk): name for pk, name in names.items()} | {NOBODY: _("personne pour l’instant")}


def _found(count: int, total: int) -> str:
    if not count:
        return _("Aucune structure trouvée sur %(total)s") % {"total": french_number(total)}
    told = ngettext("%(shown)s structure trouvée sur %(total)s", "%(shown)s structures trouvées sur %(total)s", count)
    return told % {"shown": french_number(count), "total": french_number(total)}


def age_fr(line: Line) -> str:
    """« 14 mois », « âge inconnu »."""
    if line.months is None:
        return _("âge inconnu")
    return _("%(n)s mois") % {"n": french_number(line.months)}


def last_news_fr(line: Line) -> str:
    """What was heard last: an answer, a call, or nothing since it entered."""
    heard = max((one for one in (line.last_answer, line.last_call) if one), default=None)
    if heard is None:
        return _("sans nouvelle depuis le %(day)s") % {"day": short_date(line.firm.entered_on)}
    words = _("a répondu le %(day)s") if heard == line.last_answer else _("appel du %(day)s")
    return words % {"day": short_date(timezone.localdate(heard))}


def _told(row: Line) -> Mapping[str, Any]:
    structure = row.firm.organisation.canonical
    return {
        "firm": row.firm,
        "structure": structure,
        "score": row.score,
        "age": age_fr(row),
        "news": last_news_fr(row),
        "title": row.name,
        "note": structure.get_invention_display() if structure.invention else "",
    }


def _entry(row: Line) -> Entry:
    began = datetime.combine(row.firm.entered_on, time.min, timezone.get_current_timezone())
    summary = ", ".join(filter(None, [age_fr(row), row.adviser, last_news_fr(row)]))
    return Entry(row.pk.urn, row.name, reverse("pathway:followed", args=[row.pk]), summary, began)


FOLLOWED: Final = declare(
    ListPage(
        code="pathway_followed",
        title=gettext_lazy("Structures suivies"),
        route="pathway:followed_list",
        file="structures-suivies",
        columns=[
            Column("structure", gettext_lazy("Structure"), lambda row: row.name, in_table=True),
            Column("siren", gettext_lazy("SIREN"), lambda row: row.firm.organisation.canonical.siren),
            Column("creee_le", gettext_lazy("Créée le"), lambda row: row.firm.born_on),
            Column("age_mois", gettext_lazy("Âge (mois)"), lambda row: row.months, in_table=True),
            Column("porte", gettext_lazy("Porte"), lambda row: row.firm.door.name),
            Column("suivie_par", gettext_lazy("Suivie par"), lambda row: row.adviser or None, in_table=True),
            Column("entree_le", gettext_lazy("Entrée le"), lambda row: row.firm.entered_on, in_table=True),
            Column("venue_de", gettext_lazy("Venue de"), lambda row: str(row.firm.get_source_display())),
            Column(
                "derniere_reponse",
                gettext_lazy("Dernière réponse"),
                lambda row: timezone.localdate(row.last_answer) if row.last_answer else None,
                in_table=True,
            ),
            Column(
                "dernier_appel",
                gettext_lazy("Dernier appel"),
                lambda row: timezone.localdate(row.last_call) if row.last_call else None,
                in_table=True,
            ),
            Column("sortie_le", gettext_lazy("Sortie le"), lambda row: row.firm.left_on),
            Column("pourquoi", gettext_lazy("Pourquoi"), lambda row: str(row.firm.get_left_why_display()) or None),
            Column("identifiant", gettext_lazy("Identifiant"), lambda row: str(row.pk)),
        ],
        facets=[
            FacetShown(
                "risque",
                "bands",
                gettext_lazy("Risque"),
                _bands("risk", **{UNSCORED: gettext_lazy("refuse le score")}),
                by_count=False,
            ),
            FacetShown("potentiel", "growths", gettext_lazy("Potentiel"), _bands("potential"), by_count=False),
            FacetShown("suivie_par", "advisers", gettext_lazy("Suivie par"), _advisers),
            FacetShown("porte", "doors", gettext_lazy("Porte"), door_names, folded=True),
        ],
        sorts=[
            Sort("potential", "potentiel", gettext_lazy("potentiel")),
            Sort("youngest", "age", gettext_lazy("la plus jeune d’abord")),
            Sort("name", "nom", gettext_lazy("nom")),
            # The last one offered is the list's own order.
            Sort("risk", "risque", gettext_lazy("risque")),
        ],
        flags=[
            Flag(
                "conteste",
                CONTESTED,
                gettext_lazy("Seulement celles qui contestent un signal"),
                gettext_lazy("conteste"),
            ),
            Flag(
                "sans_nouvelle", SILENT, gettext_lazy("Seulement celles sans nouvelle"), gettext_lazy("sans nouvelle")
            ),
            Flag("sorties", LEFT, gettext_lazy("Celles qui sont sorties du suivi"), gettext_lazy("sorties")),
        ],
        find=find_followed,
        newer=newer_followed,
        entry=_entry,
        found=_found,
        row_template="pathway/followup/row.html",
        told=_told,
        schema="Organization",
        nothing_yet=gettext_lazy("Les jeunes structures que votre porte suit y paraissent."),
    )
)

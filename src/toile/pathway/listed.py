"""The list of offers, declared: as a list, a table, files and a feed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from toile.kernel.lists import Column, Entry, FacetShown, Flag, ListPage, Sort, declare
from toile.kernel.lists.declaring import labels_among
from toile.kernel.typography import french_number
from toile.pathway import listed_followup  # noqa: F401 -- declared with the rest
from toile.pathway.models import Offer
from toile.pathway.queries.offers import FREE, OPEN, TRAINING, find_offers, newer_offers, partner_names
from toile.pathway.rules.matrix import matrix


def _found(count: int, total: int) -> str:
    if not count:
        return _("Aucune offre trouvée sur %(total)s") % {"total": french_number(total)}
    told = ngettext("%(shown)s offre trouvée sur %(total)s", "%(shown)s offres trouvées sur %(total)s", count)
    return told % {"shown": french_number(count), "total": french_number(total)}


def need_titles(offer: Offer) -> list[str]:
    """The needs that it answers, in words."""
    known = matrix().needs
    return [known[code].title for code in offer.needs if code in known]


def stage_titles(offer: Offer) -> list[str]:
    """The stages at which it helps, in words; none for all of them."""
    return [title for code, title in matrix().titles.items() if code in offer.stages]


def cost_fr(offer: Offer) -> str:
    """« gratuite », its cost in words, or nothing when it is not said."""
    return _("gratuite") if offer.is_free else offer.cost


def delay_fr(offer: Offer) -> str:
    """« sous 10 jours »; empty when it is not said."""
    if offer.delay_days is None:
        return ""
    if not offer.delay_days:
        return _("aussitôt")
    return ngettext("sous %(n)s jour", "sous %(n)s jours", offer.delay_days) % {"n": french_number(offer.delay_days)}


def recognition_fr(offer: Offer) -> str | None:
    """Of a training, its certification or that it has none; None for what is no training."""
    if offer.kind != Offer.Kind.TRAINING:
        return None
    return offer.recognised or _("sans reconnaissance officielle")


def _told(row: Offer) -> Mapping[str, Any]:
    partner = row.partner.canonical
    return {
        "partner": partner,
        "needs": need_titles(row),
        "stages": stage_titles(row),
        "cost": cost_fr(row),
        "delay": delay_fr(row),
        "recognition": recognition_fr(row),
        "title": row.title,
        "note": partner.get_invention_display() if partner.invention else "",
    }


def _entry(row: Offer) -> Entry:
    summary = ", ".join(filter(None, [row.partner.canonical.name, *need_titles(row), cost_fr(row), delay_fr(row)]))
    return Entry(row.pk.urn, row.title, reverse("pathway:offer", args=[row.pk]), summary, row.changed_at)


OFFERS: Final = declare(
    ListPage(
        code="pathway_offers",
        title=gettext_lazy("Qui aide, à quoi, à quelle étape"),
        route="pathway:offers",
        file="offres-accompagnement",
        columns=[
            Column("titre", gettext_lazy("Offre"), lambda row: row.title, in_table=True),
            Column("partenaire", gettext_lazy("Qui"), lambda row: row.partner.canonical.name, in_table=True),
            Column("besoins", gettext_lazy("Besoins"), lambda row: ", ".join(need_titles(row)), in_table=True),
            Column("etapes", gettext_lazy("Étapes"), lambda row: ", ".join(stage_titles(row)) or _("toutes")),
            Column("nature", gettext_lazy("Nature"), lambda row: str(row.get_kind_display()), in_table=True),
            Column("pour_qui", gettext_lazy("Pour qui"), lambda row: row.public or None),
            Column("cout", gettext_lazy("Coût"), lambda row: cost_fr(row) or None, in_table=True),
            Column("delai_jours", gettext_lazy("Délai (jours)"), lambda row: row.delay_days),
            Column("places", gettext_lazy("Places restantes"), lambda row: row.places),
            Column("organisme", gettext_lazy("Organisme de formation"), lambda row: row.body or None),
            Column("niveau", gettext_lazy("Niveau"), lambda row: row.level or None),
            Column("certification", gettext_lazy("Certification"), recognition_fr),
            Column("debut", gettext_lazy("Premier jour"), lambda row: row.starts_on),
            Column("fin", gettext_lazy("Dernier jour"), lambda row: row.ends_on),
            Column("vaut_du", gettext_lazy("Vaut à partir du"), lambda row: row.valid_from),
            Column("vaut_au", gettext_lazy("Vaut jusqu’au"), lambda row: row.valid_until),
            Column("confirmee", gettext_lazy("Confirmée"), lambda row: _("oui") if row.confirmed else _("à confirmer")),
            Column("description", gettext_lazy("Description"), lambda row: row.description or None),
            Column("identifiant_structure", gettext_lazy("Structure (id)"), lambda row: str(row.partner.canonical_id)),
            Column("identifiant", gettext_lazy("Identifiant"), lambda row: str(row.pk)),
        ],
        facets=[
            FacetShown(
                "rubrique",
                "headings",
                gettext_lazy("Rubrique"),
                labels_among({one.code: one.title for one in matrix().headings}),
                by_count=False,
            ),
            FacetShown("etape", "stages", gettext_lazy("Étape"), labels_among(matrix().titles), by_count=False),
            FacetShown(
                "besoin",
                "needs",
                gettext_lazy("Besoin"),
                labels_among({code: need.title for code, need in matrix().needs.items()}),
                folded=True,
            ),
            FacetShown("nature", "kinds", gettext_lazy("Nature"), labels_among(dict(Offer.Kind.choices))),
            FacetShown("partenaire", "partners", gettext_lazy("Qui"), partner_names, folded=True),
        ],
        sorts=[
            Sort("soonest", "delai", gettext_lazy("délai")),
            Sort("recent", "recent", gettext_lazy("dernière mise à jour")),
            # The last one offered is the list's own order.
            Sort("name", "nom", gettext_lazy("titre")),
        ],
        flags=[
            Flag("ouverte", OPEN, gettext_lazy("Seulement ce qui est ouvert aujourd’hui"), gettext_lazy("ouverte")),
            Flag("gratuite", FREE, gettext_lazy("Seulement ce qui est gratuit"), gettext_lazy("gratuite")),
            Flag("formation", TRAINING, gettext_lazy("Seulement les formations"), gettext_lazy("formation")),
        ],
        find=find_offers,
        newer=newer_offers,
        entry=_entry,
        found=_found,
        row_template="pathway/orientation/offer_row.html",
        told=_told,
        schema="Offer",
        nothing_yet=gettext_lazy("Les partenaires y publient ce qu’ils proposent."),
    )
)

"""The list of news, declared: as a list, a map, a table, files, and a feed by structure, commune, activity."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from toile.directory.list_map import map_of
from toile.directory.models import News
from toile.directory.models.news import KINDS
from toile.directory.queries.news import CURRENT, find_news, newer_news
from toile.directory.queries.news_pages import structure_names
from toile.directory.queries.spots import spot
from toile.directory.rules.activities import taxonomy
from toile.directory.rules.display import BY_GLYPH
from toile.kernel.lists import Asked, Column, Entry, FacetShown, Flag, Found, ListPage, Sort, declare
from toile.kernel.lists.declaring import Address, Label, labels_among
from toile.kernel.typography import french_number, long_date
from toile.territory.queries import commune_names


def _structures(values: Collection[str]) -> Mapping[str, Label]:
    return structure_names(values)


def _found(count: int, total: int) -> str:
    if not count:
        return _("Aucune actualité trouvée sur %(total)s") % {"total": french_number(total)}
    told = ngettext("%(shown)s actualité trouvée sur %(total)s", "%(shown)s actualités trouvées sur %(total)s", count)
    return told % {"shown": french_number(count), "total": french_number(total)}


def _count(count: int) -> str:
    """« 4 actualités », as the map says it."""
    return ngettext("%(n)s actualité", "%(n)s actualités", count) % {"n": french_number(count)}


def when_fr(row: News) -> str:
    """« samedi 5 décembre 2026 », « du … au … », « jusqu’au … »; empty without a date."""
    days = {"on": long_date(row.on) if row.on else "", "until": long_date(row.until) if row.until else ""}
    if row.on and row.until and row.on != row.until:
        return _("du %(on)s au %(until)s") % days
    return days["on"] or (_("jusqu’au %(until)s") % days if row.until else "")


def _told(row: News) -> Mapping[str, Any]:
    structure = row.organisation.canonical
    return {
        "said": row.beginning,
        "when": when_fr(row),
        "structure": structure,
        "title": row.title,
        "note": structure.get_invention_display() if structure.invention else "",
    }


def _entry(row: News) -> Entry:
    structure = row.organisation.canonical
    title = f"{row.title} ({structure.get_invention_display()})" if structure.invention else row.title
    where = row.place or (row.commune.name if row.commune else "")
    facts = [structure.name, str(row.get_kind_display()), when_fr(row), where]
    summary = ", ".join(filter(None, facts)) + ". " + row.beginning
    return Entry(row.pk.urn, title, row.get_absolute_url(), summary, row.changed_at)


def _point(row: News) -> tuple[float, float] | None:
    return (row.lon, row.lat) if row.lon is not None and row.lat is not None else None


def _map(found: Found[News], asked: Asked, address: Address) -> str:
    return map_of(
        found,
        asked,
        address,
        name=lambda row: row.title,
        point=_point,
        title=_("Carte des actualités trouvées. Chaque repère et chaque commune est un lien."),
        say=_count,
    )


NEWS: Final = declare(
    ListPage(
        code="news",
        title=gettext_lazy("Actualités et annonces"),
        route="news:list",
        file="actualites-ess",
        columns=[
            Column("titre", gettext_lazy("Titre"), lambda row: row.title, in_table=True),
            Column("nature", gettext_lazy("Nature"), lambda row: row.get_kind_display(), in_table=True),
            Column("structure", gettext_lazy("Structure"), lambda row: row.organisation.canonical.name, in_table=True),
            Column(
                "commune", gettext_lazy("Commune"), lambda row: row.commune.name if row.commune else None, in_table=True
            ),
            Column("jour", gettext_lazy("Jour"), lambda row: row.on),
            Column("fin", gettext_lazy("Fin"), lambda row: row.until),
            Column("lieu", gettext_lazy("Lieu"), lambda row: row.place or None),
            Column("texte", gettext_lazy("Texte"), lambda row: row.text),
            Column(
                "image", gettext_lazy("Ce que montre l’image"), lambda row: row.picture.alt if row.picture else None
            ),
            Column("publiee", gettext_lazy("Publiée le"), lambda row: row.published_at.date()),
            Column("longitude", gettext_lazy("Longitude"), lambda row: (_point(row) or (None, None))[0]),
            Column("latitude", gettext_lazy("Latitude"), lambda row: (_point(row) or (None, None))[1]),
            Column(
                "reelle",
                gettext_lazy("Réelle ou inventée"),
                lambda row: row.organisation.canonical.get_invention_display(),
            ),
            Column(
                "identifiant_structure", gettext_lazy("Structure (id)"), lambda row: str(row.organisation.canonical_id)
            ),
            Column("identifiant", gettext_lazy("Identifiant"), lambda row: str(row.pk)),
        ],
        facets=[
            FacetShown("nature", "kinds", gettext_lazy("Nature"), labels_among(KINDS)),
            FacetShown("commune", "communes", gettext_lazy("Commune"), commune_names),
            FacetShown(
                "activite",
                "activities",
                gettext_lazy("Activité de la structure"),
                labels_among({code: activity.label_fr for code, activity in taxonomy().activities.items()}),
                folded=True,
            ),
            FacetShown(
                "famille",
                "families",
                gettext_lazy("Famille"),
                labels_among({glyph: shown.label_fr for glyph, shown in BY_GLYPH.items()}),
                folded=True,
                glyph=True,
            ),
            FacetShown("structure", "structures", gettext_lazy("Structure"), _structures, folded=True),
        ],
        sorts=[
            Sort("distance", "distance", gettext_lazy("distance"), needs="near"),
            Sort("name", "nom", gettext_lazy("titre")),
            # The last one offered is the list's own order.
            Sort("date", "date", gettext_lazy("date")),
        ],
        flags=[Flag("en_cours", CURRENT, gettext_lazy("Seulement ce qui est en cours"), gettext_lazy("en cours"))],
        find=find_news,
        newer=newer_news,
        entry=_entry,
        found=_found,
        point=_point,
        spot=spot,
        draw=_map,
        row_template="directory/news_row.html",
        told=_told,
        schema="NewsArticle",
        hint=gettext_lazy(
            "Écrivez une commune, un quartier ou un périmètre, par exemple « Firminy » ou « Crêt de Roc »."
        ),
        nothing_yet=gettext_lazy("Les structures y publient leurs actualités depuis leur fiche."),
    )
)

"""What the directory declares for the shared pages: menu, sections of the home, verbs, what waits for a reader."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.directory import home_members  # noqa: F401 -- declared with the rest
from toile.directory.models import Organisation
from toile.directory.models.organisations import Stage
from toile.directory.permissions import CORRECT, IMPORT, NEWS_WRITE
from toile.directory.queries import home as queries
from toile.directory.queries.listing import by_commune, near
from toile.directory.queries.news_pages import current_news
from toile.directory.rules.approvals import APPROVALS
from toile.kernel.home import HomeSection, NavigationLink, Verb, Waiting, declared, footer_link
from toile.kernel.permissions import PUBLIC, holds
from toile.kernel.readers import Reader
from toile.kernel.typography import french_number
from toile.territory.models import Commune
from toile.territory.queries import CommuneCounter, Pin, commune_map, communes_of_home, register_commune_counter

LIST: Final = "directory:list"
# What people come for, and the activity of the taxonomy that answers; one that finds nothing is not shown.
WISHES: Final = (
    (gettext_lazy("Réparer, donner, récupérer"), "reuse"),
    (gettext_lazy("Trouver un café ou un traiteur"), "cafe"),
    (gettext_lazy("Travailler en insertion"), "insertion"),
    (gettext_lazy("Partager un bureau"), "coworking"),
    (gettext_lazy("Faire du sport"), "sport"),
    (gettext_lazy("Faire garder un enfant"), "childhood"),
)
MOST_WISHES: Final = 4


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the home page to the list, filtered."""

    label: str
    url: str


def listed(parameter: str, *values: str) -> str:
    """The address of the list with one facet chosen."""
    return f"{reverse(LIST)}?{'&'.join(f'{parameter}={value}' for value in values)}"


def hero(request: HttpRequest) -> dict[str, Any]:
    """The search, and wishes that find something; counts are read once for all the sections of this page."""
    found = _overview(request)
    wishes = [Link(str(label), listed("activite", code)) for label, code in WISHES if found.activities.get(code)]
    return {"wishes": wishes[:MOST_WISHES], "total": found.total}


def nearby(request: HttpRequest) -> dict[str, Any]:
    """Four structures of a commune, and the map of all of them. 2 statements, and those of the map."""
    found, communes = _overview(request), communes_of_home()
    commune = _chosen(request, found, communes)
    rows = near(request.reader, commune.code) if commune and found.total else []
    pins = [
        Pin(number, row.main.lon, row.main.lat)
        for number, row in enumerate(rows, start=1)
        if row.main is not None and row.main.lon is not None and row.main.lat is not None
    ]
    drawing = (
        commune_map(
            found.communes,
            communes=communes,
            pins=pins,
            url=lambda code: listed("commune", code),
            title=_("Carte : structures par commune. Chaque commune qui compte au moins une structure est un lien."),
            provenance=_("Jeu de démonstration, en partie fictif.") if found.inventions.get("fictional") else "",
        )
        if communes
        else None
    )
    return {
        "communes": communes,
        "commune": commune,
        "rows": list(enumerate(rows, start=1)),
        "map": drawing,
        "total": found.total,
        "can_import": holds(request.reader, IMPORT.code),
    }


def news(request: HttpRequest) -> dict[str, Any] | None:
    """What structures tell now, the same for everybody; not shown while they tell nothing. 1 statement."""
    current = current_news()
    return {"news": current} if current else None


def axes(request: HttpRequest) -> dict[str, Any]:
    """The three axes, each with the links that lead somewhere today."""
    found = _overview(request)
    stages = [stage for stage in (Stage.IDEA, Stage.PROJECT) if found.stages.get(stage)]
    siae = [code for code, kind in APPROVALS.items() if kind.is_siae and found.approvals.get(code)]
    emerge = [Link(_("Voir les projets qui se montent"), listed("etape", *stages))] if stages else []
    if found.classes.get("appui"):
        emerge.append(Link(_("Trouver qui accompagne"), listed("famille", "appui")))
    consolidate = [Link(_("Trouver une structure d’insertion"), listed("agrement", *siae))] if siae else []
    if found.approvals.get("esus"):
        consolidate.append(Link(_("Trouver une entreprise solidaire"), listed("agrement", "esus")))
    promote = [Link(_("Lire le fil du territoire"), reverse("thread:territory"))]
    if found.total:
        promote.append(Link(_("Compter les structures, commune par commune"), reverse("territory:communes")))
    return {"emerge": emerge, "consolidate": consolidate, "promote": promote}


def figures(request: HttpRequest) -> dict[str, Any] | None:
    """The directory by class; not shown while it is empty. No statement of its own."""
    found = _overview(request)
    drawn = queries.chart(found.classes)
    if drawn is None:
        return None
    title = _(drawn.title.msgid) % {name: _(value) for name, value in drawn.title.values.items()}
    spoken = ", ".join(f"{_(bar.shown_as.label_fr)} {french_number(bar.count)}" for bar in drawn.bars)
    return {"chart": drawn, "title": title, "spoken": spoken, "today": timezone.localdate(), **_invented(found)}


def _overview(request: HttpRequest) -> queries.Overview:
    """The counts, read once for each request."""
    if not hasattr(request, "directory_overview"):
        request.directory_overview = queries.overview(request.reader)
    return request.directory_overview


def _invented(found: queries.Overview) -> dict[str, int]:
    return {"fictional": found.inventions.get("fictional", 0), "documented": found.inventions.get("document", 0)}


def _chosen(request: HttpRequest, found: queries.Overview, communes: Sequence[Commune]) -> Commune | None:
    """The commune asked, else the one with most structures, else the most populated."""
    by_code = {commune.code: commune for commune in communes}
    asked = by_code.get(request.GET.get("commune", ""))
    if asked is not None or not communes:
        return asked
    return max(communes, key=lambda commune: (found.communes.get(commune.code, 0), commune.population or 0))


def waiting(reader: Reader) -> Sequence[Waiting]:
    """What the pages that the reader represents lack; the team's work is in its queue. 1 statement at most."""
    return [item for mine in queries.represented(reader) for item in _to_complete(mine)]


def _to_complete(mine: Organisation) -> list[Waiting]:
    is_project = mine.stage in (Stage.IDEA, Stage.PROJECT)
    missing = [] if mine.description else [_("la description")]
    if not is_project and (mine.main is None or not mine.main.opening_hours):
        missing.append(_("les horaires"))
    items = []
    if missing:
        values = {"name": mine.name, "missing": get_text_list(missing, _("et"))}
        items.append(
            Waiting(
                _("Compléter la fiche de « %(name)s » : il y manque %(missing)s") % values,
                reverse("directory:correct", args=[mine.pk]),
            )
        )
    if is_project:
        sentence = _("Relire la fiche de votre projet « %(name)s »") % {"name": mine.name}
        items.append(Waiting(sentence, mine.get_absolute_url()))
    return items


def _of_mine(route: str) -> Callable[[Reader], str | None]:
    """A page of one's only organisation, or the choice between several; None without any."""

    def url(reader: Reader) -> str | None:
        if not reader.organisations:
            return None
        if len(reader.organisations) > 1:
            return reverse("directory:mine")
        return reverse(route, args=[next(iter(reader.organisations))])

    return url


def _verb(label: Promise | str, route: str, explanation: Promise | str, permission: str, order: int, axis: str) -> Verb:
    return Verb(label, lambda reader: reverse(route), explanation, permission, order, axis)


def _count(reader: Reader, codes: Collection[str]) -> dict[str, int]:
    return by_commune(reader)


declared.navigation.append(NavigationLink(gettext_lazy("Annuaire"), LIST, order=10))
declared.navigation.append(NavigationLink(gettext_lazy("Actualités"), "news:list", order=15))
declared.sections += [
    HomeSection("directory/home_hero.html", hero, order=10),
    HomeSection("directory/home_news.html", news, order=15),
    HomeSection("directory/home_near.html", nearby, order=20),
    HomeSection("directory/home_axes.html", axes, order=30),
    HomeSection("directory/home_figures.html", figures, order=40),
]
declared.waiting.append(waiting)
declared.verbs += [
    _verb(
        gettext_lazy("Importer un tableur"),
        "directory:import_new",
        gettext_lazy("Une liste de structures, colonne par colonne ; rien n’est écrit avant votre accord."),
        IMPORT.code,
        10,
        "emerge",
    ),
    _verb(
        gettext_lazy("Voir les imports"),
        "directory:imports",
        gettext_lazy("Ce qui est entré, ce qui a été refusé, et pourquoi."),
        IMPORT.code,
        20,
        "consolidate",
    ),
    Verb(
        gettext_lazy("Corriger ma fiche"),
        _of_mine("directory:correct"),
        gettext_lazy("Ce que votre structure dit d’elle-même passe avant toute liste."),
        CORRECT.code,
        30,
        "promote",
    ),
    Verb(
        gettext_lazy("Écrire une actualité"),
        _of_mine("directory:news_new"),
        gettext_lazy("Une nouvelle, un besoin, une offre, un rendez-vous de votre structure."),
        NEWS_WRITE.code,
        35,
        "promote",
    ),
    _verb(
        gettext_lazy("Chercher une structure"),
        LIST,
        gettext_lazy("Par nom, par activité, par commune."),
        PUBLIC.code,
        60,
        "emerge",
    ),
]
declared.person_menu.append(NavigationLink(gettext_lazy("Campagnes de confirmation"), "directory:campaigns", order=21))
declared.person_menu.append(NavigationLink(gettext_lazy("Préparer la lettre"), "letters:drafts", order=20))
footer_link(gettext_lazy("Le territoire"), gettext_lazy("La lettre du mois"), "letters:archive")
register_commune_counter(
    CommuneCounter(
        singular=gettext_lazy("structure"),
        plural=gettext_lazy("structures"),
        count=_count,
        url=lambda code: listed("commune", code),
    )
)

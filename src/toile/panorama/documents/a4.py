"""One A4 for an elected member: five figures and their limits, a drawing, three stories, who to ask."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from toile.accounts.qr import qr_code
from toile.kernel.api import absolute
from toile.kernel.documents.parts import Drawing, Note
from toile.kernel.documents.printing import pdf
from toile.kernel.figures import Cell, Figure
from toile.kernel.typography import long_date
from toile.panorama.queries.stories import Story
from toile.panorama.rules.indicators import indicators
from toile.panorama.rules.keys import ON_ONE_PAGE

from . import drawings, tables
from .edition import dated, in_groups
from .material import Material
from .telling import in_large, said, simulated_mark, sources_said

TEMPLATE: Final = "panorama/documents/templates/one_page.typ"
LONGEST_NAME: Final = 110
LONGEST_STORY: Final = 200
LONGEST_NOTE: Final = 260


def one_page(material: Material, place: str = "", *, stories: Sequence[Story] = ()) -> bytes:
    """The A4 of a commune of the edition, of a territory it is compared to, or of its whole perimeter (empty).

    A figure that the edition does not have stands there, unknown. A table takes the room of a drawing of nothing.
    """
    return pdf(TEMPLATE, sheet(material, place, stories), made_on=material.made_on)


def communes_of_place(material: Material, place: str = "") -> Collection[str]:
    """The communes whose stories the A4 of a place tells: its own, or all those of the edition's perimeter."""
    if place:
        return [place]
    return sorted({figure.cell.commune for figure in material.figures} - {""})


def sheet(material: Material, place: str, stories: Sequence[Story]) -> dict[str, Any]:
    """What `one_page.typ` takes."""
    edition, cell = material.edition, _cell(material, place)
    figures = {code: material.by_cell.get((code, cell)) for code in ON_ONE_PAGE}
    name = cut(_name(material, cell), LONGEST_NAME)
    beside = edition.perimeter_name if cell != material.whole else ""
    simulated = [simulated_mark()] if any(figure.simulated for figure in figures.values() if figure) else []
    return {
        "title": name,
        "author": edition.publisher or settings.TOILE_PUBLISHER or settings.TOILE_SITE_NAME,
        "above": _("L’économie sociale et solidaire"),
        "subtitle": _subtitle(material, cell),
        "marks": simulated,
        "running": "",
        "footer": "",
        "warning": _("Ces chiffres sont calculés sur des données inventées : ils ne disent rien du territoire réel.")
        if simulated
        else "",
        "figures": [in_large(code, figure, _beside(material, code, beside)) for code, figure in figures.items()],
        "drawing": drawings.of_families(material, cell),
        "table": tables.of_families(material, cell),
        "stories": [_story(story) for story in stories[:3]],
        "notes": _notes(material, cell.commune),
        "contact": _contact(),
        "source": " ".join([sources_said(figures.values()), _edition(material)]).strip(),
        "code": Drawing(qr_code(address(material, cell)), _("Code à scanner pour ouvrir la page de cette fiche")),
        "words": {
            "figures": _("Cinq chiffres, et leurs limites"),
            "chart": _("Par famille"),
            "stories": _("Trois nouvelles d’ici") if len(stories) >= 3 else _("Nouvelles d’ici"),
            "silence": _("Le fil public n’a rien à raconter d’ici pour le moment."),
            "contact": _("Qui peut en parler"),
        },
    }


def address(material: Material, cell: Cell) -> str:
    """The page that the code opens: the sheet of the commune, else the edition."""
    if not cell.commune:
        return material.address
    return absolute(reverse("panorama:commune", args=[material.edition.pk, cell.commune]))


def cut(text: str, most: int) -> str:
    """The text in one line, at most so long, an ellipsis where it is cut."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _cell(material: Material, place: str) -> Cell:
    """A place is a perimeter when the edition has figures of it as one, else a commune."""
    if not place or any(figure.cell.perimeter == place for figure in material.figures):
        return material.whole._replace(perimeter=place or material.edition.perimeter)
    return material.whole._replace(commune=place)


def _name(material: Material, cell: Cell) -> str:
    axis = "commune" if cell.commune else "perimeter"
    return material.name(axis, getattr(cell, axis))


def _subtitle(material: Material, cell: Cell) -> str:
    when = dated(material)
    if not cell.commune:
        return when
    return _("%(territory)s · %(when)s") % {
        "territory": cut(material.edition.perimeter_name, LONGEST_NAME),
        "when": when[:1].lower() + when[1:],
    }


def _beside(material: Material, code: str, territory: str) -> str:
    """« Saint-Étienne Métropole : 14,1 % », for a share of a commune: counts are not compared."""
    figure: Figure | None = material.at(code)
    if not territory or figure is None or indicators()[code].kind != "share":
        return ""
    return _("%(territory)s : %(value)s") % {"territory": cut(territory, 60), "value": said(figure)}


def _story(story: Story) -> dict[str, Any]:
    marks = [_("fictif")] if story.fictional else []
    return {"day": long_date(story.day), "sentence": cut(story.sentence, LONGEST_STORY), "marks": marks}


def _notes(material: Material, commune: str) -> list[Note]:
    """What the officer says of this commune, the first note."""
    found = [note.text for note in material.notes if commune and note.commune == commune]
    return [Note(cut(text, LONGEST_NOTE), _("Ce qu’en dit l’équipe")) for text in found[:1]]


def _contact() -> list[str]:
    """Who publishes the site, and how to reach them; the site's address when nothing was set."""
    said_of = [settings.TOILE_PUBLISHER or settings.TOILE_SITE_NAME, settings.TOILE_CONTACT or settings.TOILE_URL]
    return [words for words in said_of if words]


def _edition(material: Material) -> str:
    edition = material.edition
    words = _("Édition de %(year)s, version %(number)s.") % {"year": edition.year, "number": edition.version}
    if edition.checksum:
        words += " " + _("Empreinte : %(sum)s…") % {"sum": in_groups(edition.checksum[:16])}
    return words

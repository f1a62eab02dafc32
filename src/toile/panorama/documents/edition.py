"""The PDF of an edition that one would print: cover, key figures, drawings, tables, notes, method, sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel.documents.parts import Grid, Heading, KeyFigures, Note, Part, Points, Text, Told, Words
from toile.kernel.documents.printing import pdf
from toile.kernel.typography import NO_BREAK, french_number, long_date
from toile.panorama.models import EditionState
from toile.panorama.queries.figures import sources_of
from toile.panorama.rules.contribution import Answer, contribution, with_figures
from toile.panorama.rules.contribution import Told as Answered
from toile.panorama.rules.indicators import indicators, themes
from toile.panorama.rules.keys import IN_THE_REPORT
from toile.panorama.rules.reasons import reasons

from . import tables
from .material import Material
from .telling import in_cell, in_large, present, simulated_mark, source_said, sources_said

TEMPLATE: Final = "kernel/documents/templates/report.typ"
STRUCTURE: Final = ("concentration", "head_offices_elsewhere")
SURVIVAL: Final = ("survival_1", "survival_3", "survival_5")
SHIFTS: Final = ("shift_national", "shift_structural", "shift_local")


def edition_pdf(material: Material) -> bytes:
    """The whole edition, tagged; the same bytes for the same edition."""
    return pdf(TEMPLATE, document(material), made_on=material.made_on)


def document(material: Material) -> dict[str, Any]:
    """What `report.typ` takes."""
    edition = material.edition
    marks = [simulated_mark()] if material.simulated else []
    return {
        "title": edition.title,
        "author": edition.publisher or settings.TOILE_PUBLISHER or settings.TOILE_SITE_NAME,
        "above": _("Panorama de l’économie sociale et solidaire"),
        "running": edition.title,
        "footer": _edition_said(material),
        "marks": marks,
        "about": [edition.perimeter_name, dated(material), _edition_said(material)],
        "warning": warning(material),
        "colophon": _colophon(material),
        "words": {"contents": _("Sommaire")},
        "parts": list(_parts(material)),
    }


def dated(material: Material) -> str:
    """« au 31 décembre 2024 », or that the document has no date."""
    year = material.edition.year
    if not year:
        return _("Document non daté")
    return _("Au 31 décembre %(year)s").replace(" ", NO_BREAK) % {"year": year}


def warning(material: Material) -> str:
    """What one must know before reading, a paragraph a line; empty when there is nothing."""
    said = []
    if material.edition.state not in EditionState.public():
        said.append(_("Cette édition n’est pas publiée : elle est à relire, et peut changer."))
    if material.simulated:
        said.append(
            _(
                "Les chiffres marqués « simulé » sont calculés sur des données inventées, pour montrer la méthode : "
                "ils ne disent rien du territoire réel."
            )
        )
    return "\n".join(said)


def _edition_said(material: Material) -> str:
    edition = material.edition
    if edition.published_at is None:
        return _("Version %(number)s, non publiée") % {"number": edition.version}
    words = {"number": edition.version, "day": long_date(timezone.localdate(edition.published_at))}
    return _("Version %(number)s, publiée le %(day)s") % words


def _colophon(material: Material) -> list[str]:
    edition = material.edition
    lines = [edition.publisher, material.address]
    if edition.checksum:
        lines.append(_("Empreinte de l’édition (SHA-256) : %(sum)s") % {"sum": in_groups(edition.checksum)})
    return [line for line in lines if line]


def in_groups(checksum: str) -> str:
    """A checksum in groups of eight, which a line can part and an eye compare."""
    return " ".join(checksum[start : start + 8] for start in range(0, len(checksum), 8))


# --- the parts, in their order ---------------------------------------------------------------------------------------


def _parts(material: Material) -> Iterator[Part]:
    yield from _retained(material)
    yield from _section(_("Cartes et graphiques"), _drawings(material))
    yield from _section(_("Qui, dans quels métiers, de quelle taille"), _detail(material))
    yield from _section(_("Commune par commune"), tables.by_commune(material))
    yield from _section(_("Ce qui bouge"), _movement(material))
    yield from _section(_("Par rapport aux autres territoires"), _comparison(material))
    yield from _section(_("Agréments et insertion"), _approvals(material))
    yield from _contribution(material)
    yield from _section(_("Ce qu’en dit l’équipe"), _notes(material))
    yield from _section(_("La méthode"), _method(material))
    yield from _section(_("Ce qui manque, et pourquoi"), _missing(material))
    yield from _section(_("Les sources"), _sources(material))


def _section(title: str, parts: Iterable[Part]) -> Iterator[Part]:
    """A title and its parts; nothing at all without a part."""
    for place, part in enumerate(parts):
        if place == 0:
            yield Heading(title)
        yield part


def _retained(material: Material) -> Iterator[Part]:
    edition = material.edition
    yield Heading(_("Ce qu’il faut retenir"))
    if edition.erratum:
        yield Note(edition.erratum, _("Erratum : ce que cette version corrige"))
    if edition.introduction:
        yield Words(edition.introduction)
    yield Heading(_("Les chiffres clés"), 2)
    yield KeyFigures([in_large(code, material.at(code)) for code in IN_THE_REPORT])


def _drawings(material: Material) -> Iterator[Part]:
    """Each drawing once: two pages of the site may show the same one."""
    return iter({(str(drawing.title), str(drawing.drawing.alt)): drawing for drawing in material.drawings}.values())


def _detail(material: Material) -> Iterator[Part]:
    yield from chain(tables.by_family(material), tables.by_sector(material), tables.by_size(material))
    yield from tables.of_the_whole(material, STRUCTURE, _("Concentration et sièges"))


def _movement(material: Material) -> Iterator[Part]:
    yield from tables.by_year(material)
    yield from tables.of_the_whole(material, SURVIVAL, _("Survie des établissements"))


def _comparison(material: Material) -> Iterator[Part]:
    yield from tables.by_territory(material)
    shift = list(tables.of_the_whole(material, SHIFTS, _("D’où vient l’évolution de l’emploi")))
    yield from shift
    if shift:
        yield Words(_("Ce partage décrit l’évolution, il ne l’explique pas."))


def _approvals(material: Material) -> Iterator[Part]:
    codes = [code for code, indicator in indicators().items() if indicator.theme == "approval"]
    return tables.of_the_whole(material, codes, _("Structures agréées ou conventionnées"))


def _contribution(material: Material) -> Iterator[Part]:
    """The seed's question, and what the figures say of it: what nothing answers stands there, unknown."""
    read = contribution()
    yield Heading(_("La contribution de l’ESS au territoire"))
    asked = {"question": _(read.asked.question_fr), "by": _(read.asked.by_fr), "day": long_date(read.asked.on)}
    yield Note(_(read.asked.occasion_fr), _("« %(question)s » (%(by)s, %(day)s)") % asked)
    for heading in read.headings:
        yield Heading(_(heading.label_fr), 2)
        for told in with_figures(heading, material.whole, material.by_cell):
            yield _answered(material, told)


def _answered(material: Material, told: Answered) -> Grid:
    """A question as a table: each indicator that bears on it, its figure; then what would have to be known."""
    figures = [figure for _answer, figure in told.figures]
    rows: list[list[Text | Told]] = [
        [_answer_said(material, answer), in_cell(figure, marked=True)] for answer, figure in told.figures
    ]
    if told.question.missing is not None:
        missing = told.question.missing
        words = _("%(what)s À chercher : %(where)s") % {"what": _(missing.what_fr), "where": _(missing.where_fr)}
        rows.append([words, Told(_("inconnu"), told=False)])
    return Grid(
        _(told.question.question_fr), [_("Ce qui en parle"), _("Chiffre")], rows, [False, True], sources_said(figures)
    )


def _answer_said(material: Material, answer: Answer) -> str:
    name = _(indicators()[answer.indicator].short_fr)
    if answer.sector:
        name = _("%(name)s, %(sector)s") % {"name": name, "sector": material.name("sector", answer.sector)}
    hint = _("Indice seulement : ") if answer.bears == "hints" else ""
    return f"{name}\n{hint}{_(answer.how_fr)}"


def _notes(material: Material) -> Iterator[Part]:
    for note in material.notes:
        about = [_(indicators()[note.indicator].name_fr)] if note.indicator in indicators() else []
        if note.commune:
            about.append(material.name("commune", note.commune))
        yield Note(note.text, ", ".join(about))


def _method(material: Material) -> Iterator[Part]:
    shown = present(material.figures)
    for theme, label in themes().items():
        of_theme = [indicator for indicator in shown if indicator.theme == theme]
        if of_theme:
            yield Heading(_(label), 2)
        for indicator in of_theme:
            yield Heading(_(indicator.name_fr), 3)
            yield Words(_(indicator.definition_fr))
            yield Words(_("Calcul : %(formula)s.") % {"formula": _(indicator.formula_fr).rstrip(".")})
            yield Points([_(limit) for limit in indicator.limits_fr])


def _missing(material: Material) -> Iterator[Part]:
    counts = Counter(figure.because for figure in material.figures if figure.value is None)
    yield Words(
        _(
            "Un chiffre d’emploi n’est pas publié quand moins de trois unités le font, quand une seule en fait plus de "
            "85 %, ou quand une soustraction ferait retrouver un chiffre caché : c’est le secret statistique. "
            "Un chiffre que les sources ne donnent pas est « inconnu ». Ni l’un ni l’autre n’est un zéro."
        )
    )
    if counts:
        rows = [
            [_(reasons()[code].sentence_fr) if code in reasons() else code, french_number(count)]
            for code, count in counts.most_common()
        ]
        yield Grid(_("Chiffres qui ne sont pas dits"), [_("Raison"), _("Chiffres")], rows, [False, True])


def _sources(material: Material) -> Iterator[Part]:
    rows = [
        [
            f"{source_said(source)}\n{source.url}".strip(),
            source.licence or _("inconnue"),
            in_groups(source.checksum) or _("inconnue"),
        ]
        for source in sources_of(material.edition)
    ]
    if rows:
        yield Grid("", [_("Source"), _("Licence"), _("Empreinte SHA-256")], rows, [False, False, False])
    if material.edition.queries:
        yield Words(
            _("Les requêtes qui refont chaque chiffre sont sur la page de l’édition : %(address)s")
            % {"address": material.address}
        )

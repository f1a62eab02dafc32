"""What an edition wears once its figures are written: the drawings of its pages, the documents that one takes away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext as _

from toile.panorama.documents import every_file, how_many, material_of, on_paper
from toile.panorama.drawing import charts, draw
from toile.panorama.models import Edition
from toile.panorama.rules.drawn import COMPARISON, CONTRIBUTION, DETAIL, MAPS
from toile.panorama.services.figures import read_figures
from toile.panorama.services.outputs import Written, write_file

Tell = Callable[[int, int | None, str], None]
PRINTED: Final = frozenset((*MAPS, *DETAIL, *COMPARISON, *CONTRIBUTION))
"""The drawings of the whole edition; those of a commune are on its own sheet."""


def fragments_of(edition: Edition, tell: Tell) -> dict[str, str]:
    """The drawings of the pages, key → HTML, from the figures as they are stored."""
    return draw(edition, read_figures(edition), lambda done, total: tell(done, total, _("cartes et graphiques")))


def files_of(edition: Edition, tell: Tell) -> list[Written]:
    """The documents of an edition, written on disk; the same figures and words give the same files."""
    tell(0, None, _("documents à imprimer"))
    drawn = charts(edition, read_figures(edition))
    pictures = [on_paper(chart) for key, chart in drawn.items() if key in PRINTED]
    material = material_of(edition, pictures)
    total, written = how_many(material), []
    for done, made in enumerate(every_file(material), 1):
        written.append(write_file(edition, made.key, made.filename, made.content))
        tell(done, total, _("documents à imprimer"))
    return written

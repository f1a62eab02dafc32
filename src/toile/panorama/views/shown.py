"""Figures as pages show them: with the words of their indicator, their interval, and why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.directory.rules.display import DISPLAY_CLASSES
from toile.kernel.figures import Figure, FigureSource, Status
from toile.panorama.models import Output
from toile.panorama.rules.indicators import Indicator, indicators
from toile.panorama.rules.keys import KEYS, MOST_KEYS
from toile.panorama.rules.told import tell, tell_sentence, why

MOST_LIMITS: Final = 2


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure on a page. number: « 14,1 % », « secret statistique » or « inconnu »; why: why it has no
    value, or a remark beside it."""

    figure: Figure
    indicator: Indicator
    number: str
    interval: str
    why: str

    @property
    def sources(self) -> tuple[FigureSource, ...]:
        """Where it comes from."""
        return self.figure.sources

    @property
    def simulated(self) -> bool:
        """Whether it is of invented data, which stands beside it."""
        return self.figure.simulated

    @property
    def is_told(self) -> bool:
        """Whether it has a value."""
        return self.figure.status is Status.OK

    @property
    def sentence(self) -> str:
        """« L’ESS emploie 56 personnes salariées sur le territoire », or why it is not told."""
        return tell_sentence(self.figure)

    @property
    def glyph(self) -> str:
        """The glyph of its family, empty for none."""
        shown = DISPLAY_CLASSES.get(self.figure.cell.family)
        return shown.glyph if shown else ""


def shown(figure: Figure, *, as_said: bool = False) -> Shown:
    """The figure with its words. as_said: with the decimals of who published it, and no more."""
    number, _bracket, interval = tell(figure, as_said=as_said).partition(" (")
    return Shown(figure, indicators()[figure.indicator], number, interval.rstrip(")"), why(figure))


def keys_of(headline: Mapping[str, Figure]) -> list[Shown]:
    """The key figures that are there, at most five, in their order."""
    return [shown(headline[code]) for code in KEYS if code in headline][:MOST_KEYS]


def one_in(share: Decimal) -> str:
    """« un emploi sur sept » for 14.1: the nearest whole part, from two to twenty; empty outside."""
    if not 5 <= share <= 50:
        return ""
    return _("un emploi sur %(many)s") % {"many": _(NUMBERS[round(100 / share)])}


def finding(name: str, headline: Mapping[str, Figure]) -> str:
    """The title of a page: what its share says, else its count of employers, else its subject."""
    share, jobs = headline.get("share_of_employment"), headline.get("employer_establishments")
    if share is not None and share.value is not None and (words := one_in(share.value)):
        if share.estimated:
            return _("%(name)s : l’ESS fait environ %(words)s") % {"name": name, "words": words}
        return _("%(name)s : l’ESS fait %(words)s") % {"name": name, "words": words}
    if jobs is not None and jobs.value is not None:
        values = {"name": name, "count": tell(jobs)}
        return _("%(name)s : l’ESS compte %(count)s établissements employeurs") % values
    return _("L’économie sociale et solidaire : %(name)s") % {"name": name}


def limits_of(keys: Iterable[Shown]) -> list[tuple[str, list[str]]]:
    """The name of each key figure, and its first limits, at most `MOST_LIMITS`: the others are on its page."""
    return [
        (_(key.indicator.short_fr), [_(limit) for limit in key.indicator.limits_fr[:MOST_LIMITS]])
        for key in keys
        if key.indicator.limits_fr
    ]


FILES: Final = {
    "pdf": gettext_lazy("Le panorama à imprimer (PDF)"),
    "a4": gettext_lazy("Une page A4 pour une élue, un élu (PDF)"),
    "xlsx": gettext_lazy("Tous les chiffres, avec leur dictionnaire (classeur)"),
    "csv": gettext_lazy("Tous les chiffres (CSV)"),
    "csv-dictionary": gettext_lazy("Le dictionnaire des colonnes (CSV)"),
}
"""What each file of an edition is, by its key; that of a commune is its sheet."""


def files_of(outputs: Iterable[Output]) -> list[tuple[str, Output]]:
    """The files that one takes away, in the order of `FILES`, each with what it is."""
    sheet = _("Sa fiche A4, à imprimer (PDF)")
    order = list(FILES)
    known = sorted(outputs, key=lambda one: order.index(one.key) if one.key in FILES else len(order))
    return [(str(FILES.get(one.key, sheet)), one) for one in known]


NUMBERS: Final = (
    "", "", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf", "vingt",
)  # fmt: skip

"""What others published, kept as they said it: an edition of theirs with its document, vintage and contradictions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.kernel.errors import UserError
from toile.kernel.figures import Cell, Figure, FigureSource
from toile.kernel.readers import Reader
from toile.panorama.facts import EDITION_CORRECTED, EDITION_KEPT
from toile.panorama.models import Edition, EditionState
from toile.panorama.permissions import PUBLISH
from toile.panorama.rules.indicators import indicators
from toile.panorama.services.changing import locked, may
from toile.panorama.services.figures import write_figures
from toile.panorama.services.publishing import fact_of, freeze
from toile.panorama.services.territories import compared_name, subject_of
from toile.thread.services import record

PERCENT_FULL = Decimal(100)


@dataclass(frozen=True, slots=True)
class Said:
    """One figure of a document. low, high: the interval that it gives, if it gives one."""

    indicator: str
    value: Decimal
    family: str = ""
    commune: str = ""
    sector: str = ""
    size: str = ""
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Theirs:
    """A published panorama, in its own words. year: None for an undated document. contradictions: sentences."""

    perimeter: str
    year: int | None
    title: str
    publisher: str
    document: str
    figures: Sequence[Said]
    url: str = ""
    vintage: str = ""
    licence: str = ""
    introduction: str = ""
    contradictions: Sequence[str] = ()
    simulated: bool = False


def keep(
    actor: Actor, reader: Reader | None, theirs: Theirs, *, replaces: Edition | None = None, erratum: str = ""
) -> Edition:
    """Keep a published panorama, readable by everybody at once; the same one kept again is that same edition.

    replaces: the copy that was wrong, with the erratum that says why. Raises `UserError` without any figure, for an
    unknown indicator or territory, a share that is not between 0 and 100, a negative count, or a correction unsaid.
    """
    may(reader, PUBLISH.code)
    name = compared_name(theirs.perimeter)
    figures = [_figure(theirs, said) for said in theirs.figures]
    if not figures:
        raise UserError(_("Donnez au moins un chiffre de ce document."))
    if not theirs.document.strip() or not theirs.publisher.strip():
        raise UserError(_("Dites quel document donne ces chiffres, et qui l’a publié."))
    if replaces is not None and not erratum.strip():
        raise UserError(_("Dites ce qui était mal recopié : c’est l’erratum."))
    with act(actor):
        made = Edition(
            kind=Edition.Kind.THEIRS,
            perimeter=theirs.perimeter,
            perimeter_name=name,
            year=theirs.year,
            title=theirs.title.strip(),
            publisher=theirs.publisher.strip(),
            document=theirs.document.strip(),
            url=theirs.url,
            vintage=theirs.vintage.strip(),
            introduction=theirs.introduction.strip(),
            contradictions=[one.strip() for one in theirs.contradictions if one.strip()],
            made_by=actor.person,
        )
        if replaces is not None:
            _replace(made, replaces, erratum)
        made.save()
        write_figures(made, figures)
        freeze(made, actor)
        same = Edition.objects.filter(kind=Edition.Kind.THEIRS, checksum=made.checksum).exclude(pk=made.pk).first()
        if same is not None:
            made.delete()
            return same
        made.save()
        kind = EDITION_KEPT if replaces is None else EDITION_CORRECTED
        record(kind, about=[subject_of(made.perimeter), made.pk], data=fact_of(made))
    return made


def _replace(made: Edition, replaces: Edition, erratum: str) -> None:
    now = locked(replaces.pk)
    if now.kind != Edition.Kind.THEIRS or now.state != EditionState.PUBLISHED:
        raise UserError(_("Ce panorama n’est pas de ceux que d’autres ont publiés, ou il est déjà remplacé."))
    Edition.objects.filter(pk=now.pk).update(state=EditionState.REPLACED)
    made.replaces, made.erratum, made.version = now, erratum.strip(), now.version + 1


def _figure(theirs: Theirs, said: Said) -> Figure:
    declared = indicators().get(said.indicator)
    if declared is None:
        raise UserError(_("Aucun indicateur n’a le code « %(code)s ».") % {"code": said.indicator[:40]})
    is_share = declared.kind == "share"
    if (said.value < 0 and said.indicator != "jobs_growth") or (is_share and said.value > PERCENT_FULL):
        raise UserError(_("« %(name)s » ne peut pas être %(value)s.") % {"name": declared.name_fr, "value": said.value})
    source = FigureSource(
        "document",
        theirs.document.strip(),
        theirs.publisher.strip(),
        theirs.vintage.strip(),
        theirs.url,
        theirs.licence,
        simulated=theirs.simulated,
    )
    where = Cell(theirs.perimeter, said.commune, said.family, said.sector, said.size, theirs.year or 0)
    try:
        return Figure(said.indicator, where, declared.unit, said.value, said.low, said.high, sources=(source,))
    except ValueError:
        raise UserError(
            _("L’intervalle de « %(name)s » ne contient pas sa valeur.") % {"name": declared.name_fr}
        ) from None

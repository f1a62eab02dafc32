"""An edition in preparation: begun, its territory and year changed, abandoned."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, UserError
from toile.kernel.readers import Reader
from toile.panorama.facts import EDITION_REMOVED, EditionFact
from toile.panorama.models import Edition, EditionState
from toile.panorama.services.changing import changing, may, stale
from toile.panorama.services.outputs import remove_files
from toile.panorama.services.territories import compared_named, perimeter_named
from toile.territory.queries import home_name
from toile.thread.services import record

FIRST_YEAR = 1973
"""SIRENE's own: no file tells of an earlier one."""


class YearTaken(Conflict):
    """The territory has an edition of this year already: `edition` is its id."""

    def __init__(self, message: str, edition: UUID) -> None:
        super().__init__(message)
        self.edition = edition


def prepare(
    actor: Actor, reader: Reader | None, *, perimeter: str, year: int, compared: Sequence[str] = (), title: str = ""
) -> Edition:
    """Begin an edition: a territory, a year, the territories set beside. Nothing is computed yet.

    Raises `YearTaken` when that year is published (it is corrected instead) or in preparation, `UserError` for a
    territory that is unknown or holds no commune, or a year that is not past.
    """
    may(reader)
    code, name = perimeter_named(perimeter)
    _refuse_year(year)
    beside = _beside(code, compared)
    with act(actor):
        _refuse_taken(code, year)
        return Edition.objects.create(
            perimeter=code,
            perimeter_name=name,
            year=year,
            title=title or title_for(name, year),
            publisher=home_name(),
            compared=beside,
            made_by=actor.person,
        )


def set_up(
    actor: Actor, reader: Reader | None, edition: Edition, *, perimeter: str, year: int, compared: Sequence[str]
) -> Edition:
    """Change the territory, the year or what is set beside; the figures are then to be computed again.

    Raises what `prepare` does, `Frozen`, `Building`, and `UserError` for a correction, which keeps its territory.
    """
    may(reader)
    code, name = perimeter_named(perimeter)
    _refuse_year(year)
    beside = _beside(code, compared)
    with act(actor):
        now = changing(edition.pk)
        if (now.perimeter, now.year) != (code, year):
            if now.replaces_id is not None:
                raise UserError(_("Une correction garde le territoire et l’année de l’édition qu’elle corrige."))
            _refuse_taken(code, year)
            if now.title == title_for(now.perimeter_name, now.year or 0):
                now.title = title_for(name, year)
        if (now.perimeter, now.year, now.compared) != (code, year, beside):
            stale(now)
        now.perimeter, now.perimeter_name, now.year, now.compared = code, name, year, beside
        now.save()
    return now


def abandon(actor: Actor, reader: Reader | None, edition: Edition) -> None:
    """Delete an edition in preparation with its figures, notes and files; its sources stay. Raises `Frozen`."""
    may(reader)
    with act(actor):
        now = changing(edition.pk)
        record(EDITION_REMOVED, about=[], data=EditionFact(str(now.pk), now.year or 0, now.version))
        remove_files(now)
        now.delete()


def title_for(name: str, year: int) -> str:
    """What an edition is called, unless somebody calls it otherwise."""
    title = _("L’économie sociale et solidaire, %(name)s, 31 décembre %(year)s") % {"name": name, "year": year}
    return title[:200]


def next_version(perimeter: str, year: int | None) -> int:
    """The number of the next version of a territory and year."""
    own = Edition.objects.filter(kind=Edition.Kind.OWN, perimeter=perimeter, year=year)
    return (own.aggregate(last=Max("version"))["last"] or 0) + 1


def _beside(perimeter: str, compared: Sequence[str]) -> list[str]:
    return [code for code in compared_named(compared) if code != perimeter]


def _refuse_year(year: int) -> None:
    if not FIRST_YEAR <= year < timezone.localdate().year:
        raise UserError(
            _("Choisissez une année finie : les chiffres sont ceux du 31 décembre %(last)s au plus tard.")
            % {"last": timezone.localdate().year - 1}
        )


def _refuse_taken(perimeter: str, year: int) -> None:
    taken = Edition.objects.filter(kind=Edition.Kind.OWN, perimeter=perimeter, year=year).order_by("-version").first()
    if taken is None:
        return
    if taken.state in EditionState.public():
        raise YearTaken(_("L’édition de cette année est publiée : corrigez-la plutôt."), taken.pk)
    raise YearTaken(_("Une édition de cette année est déjà en préparation : reprenez-la."), taken.pk)

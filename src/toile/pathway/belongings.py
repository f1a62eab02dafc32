"""What the path keeps for structures: counted before two are joined, asked about when they part again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from toile.directory.belongings import AtSplit, Belonging, Written, declare
from toile.kernel.typography import french_number
from toile.pathway.models import Case, Door, Followed, Offer, Referral, Sharing, SurveyReply

MOST: Final = 100

Counted = Callable[[int], str]


def _counted(singular: str, plural: str) -> Counted:
    """« 3 dossiers »."""
    return lambda n: ngettext(singular, plural, n) % {"n": french_number(n)}


def _count(model: type[Model], column: str) -> Callable[[Collection[UUID]], Mapping[UUID, int]]:
    """How many rows each structure has. 1 statement."""

    def count(organisations: Collection[UUID]) -> Mapping[UUID, int]:
        rows = model._default_manager.filter(**{f"{column}__in": organisations}).order_by()
        return dict(rows.values_list(column).annotate(n=Count("pk")))

    return count


def _asked(model: type[Model], column: str, since: str, label: str) -> AtSplit:
    """Rows written since a merge may be the other structure's: a person says of which. label: « un dossier »."""

    def written(organisations: Collection[UUID], moment: datetime) -> list[Written]:
        found: dict[str, Any] = {f"{column}__in": organisations, f"{since}__gt": moment}
        rows = model._default_manager.filter(**found).order_by(since, "pk")[:MOST]
        return [Written(str(row.pk), _(label), getattr(row, f"{column}_id"), str(row)) for row in rows]

    def move(keys: Sequence[str], to: UUID) -> None:
        model._default_manager.filter(pk__in=keys).update(**{column: to})

    return AtSplit(written, move)


_CASES = _counted("%(n)s dossier de parcours", "%(n)s dossiers de parcours")
_OFFERS = _counted("%(n)s offre aux projets", "%(n)s offres aux projets")
declare(
    Belonging("pathway.doors", _counted("%(n)s porte d’entrée", "%(n)s portes d’entrée"), _count(Door, "organisation"))
)
declare(
    Belonging(
        "pathway.cases",
        _CASES,
        _count(Case, "organisation"),
        _asked(Case, "organisation", "begun_at", "un dossier de parcours"),
    )
)
declare(
    Belonging("pathway.offers", _OFFERS, _count(Offer, "partner"), _asked(Offer, "partner", "made_at", "une offre"))
)
# What follows was agreed, asked or answered with one structure, in its name: it stays where it was written.
declare(
    Belonging(
        "pathway.sharings", _counted("%(n)s accord de partage", "%(n)s accords de partage"), _count(Sharing, "partner")
    )
)
declare(
    Belonging(
        "pathway.referrals",
        _counted("%(n)s demande d’accompagnement", "%(n)s demandes d’accompagnement"),
        _count(Referral, "partner"),
    )
)
declare(Belonging("pathway.followed", _counted("%(n)s suivi", "%(n)s suivis"), _count(Followed, "organisation")))
declare(
    Belonging(
        "pathway.survey_replies",
        _counted("%(n)s réponse à une enquête", "%(n)s réponses à une enquête"),
        _count(SurveyReply, "organisation"),
    )
)

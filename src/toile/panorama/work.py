"""What the team must treat in the observatory: editions to read again, computings that failed."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.directory.queries.work import counting
from toile.kernel.readers import Reader
from toile.kernel.work import WorkItem, WorkKind, declare
from toile.panorama.models import Edition, EditionState
from toile.panorama.permissions import BUILD
from toile.panorama.queries.workbench import to_read


def _item(edition: Edition) -> WorkItem:
    failed = edition.state != EditionState.BUILT
    page = "panorama:edition_work" if failed else "panorama:edition_review"
    return WorkItem(
        key=str(edition.pk),
        title=edition.title,
        since=edition.built_at or edition.made_at,
        url=reverse(page, args=[edition.pk]),
        why=_("Le calcul a échoué") if failed else _("Calculée, à relire avant de publier"),
    )


def _items(reader: Reader, most: int) -> Sequence[WorkItem]:
    return [_item(edition) for edition in to_read(reader)[:most]]


declare(
    WorkKind(
        code="panorama.edition",
        title=gettext_lazy("Éditions du panorama à relire"),
        permission=BUILD.code,
        order=60,
        counted=counting(to_read, "made_at"),
        items=_items,
        more="panorama:workbench",
    )
)

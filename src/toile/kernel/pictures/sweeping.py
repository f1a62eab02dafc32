"""The pictures' timed work: what nothing shows any more, and files without a row, go after a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import Exists, ForeignObjectRel, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toile.kernel.acts import act
from toile.kernel.jobs.kinds import job, timed
from toile.kernel.jobs.rhythm import At
from toile.kernel.jobs.running import RunningJob

from .keeping import folder
from .models import Picture

SPARED = timedelta(days=1)


@job("kernel.pictures", label=_("Ménage : images que rien ne montre"))
def sweep(running: RunningJob) -> None:
    """Forget the pictures that no row refers to, then remove the files of no picture; both older than a day.

    A file is written before its row commits, and renewed when the same picture comes again: a young one is spared.
    """
    before = timezone.now() - SPARED
    with act(running.actor):
        shown_nowhere(before).delete()
    for path in sorted(folder().glob("*/*")):
        if running.cancelled:
            return
        if path.stat().st_mtime < before.timestamp() and not _is_kept(path):
            path.unlink(missing_ok=True)


def shown_nowhere(before: datetime) -> QuerySet[Picture]:
    """The pictures made before a moment, to which no row of any room refers."""
    pictures = Picture.objects.filter(made_at__lt=before)
    # Those without a name on this side (related_name="+") count as the others do.
    for relation in Picture._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel):
            continue
        rows = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
        pictures = pictures.filter(~Exists(rows))
    return pictures


def _is_kept(path: Path) -> bool:
    return Picture.objects.filter(sha256=path.name.partition("-")[0]).exists()


timed("kernel.pictures", At("03:50"))

"""Reading the queue for its pages."""

from __future__ import annotations

from django.db.models import QuerySet

from toile.kernel.models import Job
from toile.kernel.readers import Reader


def jobs_for(reader: Reader, state: str = "") -> QuerySet[Job]:
    """The jobs this reader may follow, the latest first, all or those in one state. 1 query."""
    found = Job.objects.visible_to(reader).order_by("-asked_at", "id")
    return found.filter(state=state) if state else found

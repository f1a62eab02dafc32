"""The spreadsheets that a door gave, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from toile.kernel.errors import NotVisible
from toile.kernel.models import ACTIVE, Job
from toile.kernel.readers import Reader
from toile.pathway.models import CaseImport
from toile.pathway.queries.cases import doors_of

MOST: Final = 100


def imports_of(reader: Reader) -> Sequence[CaseImport]:
    """The imports of the reader's doors, the latest first. 2 queries."""
    doors = [door.pk for door in doors_of(reader)]
    return list(CaseImport.objects.filter(door__in=doors).select_related("door")[:MOST])


def import_for(reader: Reader, pk: UUID) -> CaseImport:
    """One of them; `NotVisible` else. 2 queries."""
    doors = [door.pk for door in doors_of(reader)]
    found = CaseImport.objects.filter(door__in=doors, pk=pk).select_related("door__organisation").first()
    if found is None:
        raise NotVisible(_("Cette reprise n’existe pas, ou n’est pas celle de votre porte."))
    return found


def is_under_way(found: CaseImport) -> bool:
    """Whether its job waits or runs. 1 query."""
    return found.job is not None and Job.objects.filter(pk=found.job, state__in=ACTIVE).exists()

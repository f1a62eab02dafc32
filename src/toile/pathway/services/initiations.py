"""Receivers initiated to the ESS: which teaching notes of the procedure each read, once for each version (seed 001)."""

from __future__ import annotations

from django.utils import timezone

from toile.kernel.acts import Actor, act
from toile.kernel.permissions import require
from toile.kernel.readers import Reader
from toile.pathway.models import Initiation, ProcedureVersion
from toile.pathway.permissions.cases import ACCOMPANY
from toile.pathway.queries.procedures import procedure_in


def read_notes(actor: Actor, reader: Reader, version: ProcedureVersion, codes: list[str]) -> Initiation:
    """Note that this receiver read some teaching notes; what has no note is left out. Complete once all are read."""
    require(reader, ACCOMPANY.code)
    assert reader.person is not None
    owed = [question.code for question in procedure_in(version).questions if question.note]
    with act(actor):
        found, _new = Initiation.objects.get_or_create(person=reader.person, procedure=version)
        found = Initiation.objects.select_for_update().get(pk=found.pk)
        read = [code for code in owed if code in codes or code in found.notes]
        if read != found.notes:
            found.notes = read
            if len(read) == len(owed) and found.completed_at is None:
                found.completed_at = timezone.now()
            found.save(update_fields=["notes", "completed_at"])
    return found

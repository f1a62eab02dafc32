"""What an import left to people: a row in doubt read again, refused rows dealt with; each once, by a named person."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from toile.directory.facts_work import IMPORT_SETTLED, ROW_SETTLED, SettledImport, SettledRow
from toile.directory.models import ImportRun, SourceRecord
from toile.directory.permissions import IMPORT
from toile.directory.queries.work import imports_to_mend
from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict
from toile.kernel.permissions import require
from toile.kernel.readers import Reader
from toile.thread.services import record


def settle_row(actor: Actor, reader: Reader, row: SourceRecord) -> None:
    """Say that a row was read again: its doubt is gone until the source says something else.

    Raises `Conflict` when somebody settled it meanwhile.
    """
    require(reader, IMPORT.code)
    with act(actor):
        if not SourceRecord.objects.filter(pk=row.pk).exclude(doubt="").update(doubt=""):
            raise Conflict(_("Une autre personne vient de relire cette ligne."))
        record(ROW_SETTLED, about=[row.organisation_id], data=SettledRow(row.pk))


def settle_import(actor: Actor, reader: Reader, run: ImportRun) -> None:
    """Say that the refused rows of an import, or its stop, are dealt with.

    Raises `Conflict` when somebody settled it meanwhile, or when there is nothing to settle.
    """
    require(reader, IMPORT.code)
    with act(actor):
        waiting = imports_to_mend(reader).filter(pk=run.pk).values("pk")
        if not ImportRun.objects.filter(pk__in=waiting).update(settled_at=timezone.now(), settled_by=actor.person):
            raise Conflict(_("Cet import est déjà réglé."))
        record(IMPORT_SETTLED, about=[], data=SettledImport(str(run.pk)))

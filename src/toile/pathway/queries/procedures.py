"""Reading the versions of the procedure: the one in force, those before and to come, what each changes."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from toile.kernel.errors import NotVisible
from toile.pathway.models import ProcedureVersion
from toile.pathway.rules.procedure import Procedure, default_procedure, read_procedure


@lru_cache(maxsize=32)
def _read(checksum: str, text: str) -> Procedure:
    return read_procedure(text)


def procedure_in(version: ProcedureVersion) -> Procedure:
    """The procedure of a version, as its file said it; what was once in force never changes."""
    return _read(version.checksum, version.text)


def in_force() -> ProcedureVersion | None:
    """The version that new cases begin under; None before the first case. 1 query."""
    return ProcedureVersion.objects.filter(state=ProcedureVersion.State.IN_FORCE).first()


def running() -> Procedure:
    """The procedure that new cases begin under: the one in force, else the one that ships. 1 query."""
    found = in_force()
    return procedure_in(found) if found else default_procedure()


def versions() -> list[ProcedureVersion]:
    """Every version with `counted`, how many cases began under it, the newest first; 100 at most. 1 query."""
    rows = ProcedureVersion.objects.annotate(counted=Count("cases")).order_by("-made_at", "-version", "pk")
    return list(rows[:100])


def version_for(pk: UUID) -> ProcedureVersion:
    """One version. Raises `NotVisible`. 1 query."""
    found = ProcedureVersion.objects.annotate(counted=Count("cases")).filter(pk=pk).first()
    if found is None:
        raise NotVisible(_("Cette version de la procédure n’existe pas."))
    return found

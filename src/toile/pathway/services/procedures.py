"""The procedure's versions: a file proposed, put in force with a reason; old cases keep theirs, whole."""

from __future__ import annotations

import hashlib

from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, UserError
from toile.kernel.permissions import require
from toile.kernel.readers import Reader
from toile.pathway.facts.reception import PROCEDURE_PUT, ProcedureFact
from toile.pathway.models import ProcedureVersion
from toile.pathway.permissions.cases import STEER
from toile.pathway.queries.procedures import in_force, procedure_in
from toile.pathway.rules.checking import Fault, check
from toile.pathway.rules.matrix import matrix
from toile.pathway.rules.procedure import Procedure, default_procedure, read_procedure
from toile.thread.services import record

State = ProcedureVersion.State


class NotSound(UserError):
    """A procedure with faults is not put in force."""


def faults_of(procedure: Procedure) -> tuple[Fault, ...]:
    """What is wrong with a procedure, against the needs of the matrix in use."""
    return check(procedure, {need.code: not need.unserved for need in matrix().needs.values()})


def current() -> ProcedureVersion:
    """Inside an act: the version in force; the first time, the one that ships is put in force, labelled ours."""
    found = in_force()
    if found is not None:
        return found
    ours = default_procedure()
    made, _created = ProcedureVersion.objects.get_or_create(
        code=ours.code, version=ours.version, defaults=_row(ours) | {"ours": True}
    )
    ProcedureVersion.objects.filter(pk=made.pk).update(state=State.IN_FORCE, in_force_at=timezone.now())
    made.refresh_from_db()
    return made


def propose(actor: Actor, reader: Reader, text: str) -> ProcedureVersion:
    """Keep a file as a version to try; nothing changes for anybody until it is put in force.

    Raises `ProcedureRefused` (unreadable), `Conflict` (this version number is taken by another text).
    """
    require(reader, STEER.code)
    procedure = read_procedure(text)
    with act(actor):
        current()
        same = ProcedureVersion.objects.filter(code=procedure.code, version=procedure.version).first()
        if same is not None:
            if same.checksum == _checksum(text):
                return same
            if same.state != State.DRAFT:
                raise Conflict(
                    _("La version %(number)s existe déjà, et a servi : donnez un autre numéro à la vôtre.")
                    % {"number": procedure.version}
                )
            ProcedureVersion.objects.filter(pk=same.pk).update(**_row(procedure), made_by=reader.person)
            same.refresh_from_db()
            return same
        return ProcedureVersion.objects.create(**_row(procedure), made_by=reader.person)


def put_in_force(actor: Actor, reader: Reader, version: ProcedureVersion, reason: str) -> None:
    """New cases begin under this version, at every door at once; cases begun before keep theirs.

    Raises `NotSound` when it has faults, `UserError` without a reason.
    """
    require(reader, STEER.code)
    if not reason.strip():
        raise UserError(_("Dites pourquoi cette version entre en vigueur : les portes le liront."))
    faults = faults_of(procedure_in(version))
    if faults:
        raise NotSound(_("Cette version a des défauts : %(first)s") % {"first": faults[0].sentence})
    with act(actor):
        running = ProcedureVersion.objects.select_for_update().filter(state=State.IN_FORCE)
        if running.filter(pk=version.pk).exists():
            return
        running.update(state=State.RETIRED)
        ProcedureVersion.objects.filter(pk=version.pk).update(
            state=State.IN_FORCE, in_force_at=timezone.now(), put_by=reader.person, reason=reason.strip()[:300]
        )
        record(PROCEDURE_PUT, about=[], data=ProcedureFact(str(version.pk), version.version))


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _row(procedure: Procedure) -> dict[str, object]:
    return {
        "code": procedure.code,
        "version": procedure.version,
        "title": procedure.said(procedure.title)[:200],
        "text": procedure.text,
        "checksum": _checksum(procedure.text),
    }

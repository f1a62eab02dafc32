"""What every service of an edition begins with: its row locked, in a state that may change."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from toile.kernel.errors import Conflict, UserError
from toile.kernel.models import ACTIVE, Job
from toile.kernel.permissions import require
from toile.kernel.readers import Reader
from toile.panorama.models import Edition, EditionState
from toile.panorama.permissions import BUILD


class Frozen(UserError):
    """A published edition never changes."""


class Building(Conflict):
    """Its figures are being computed."""


class SavedSince(Conflict):
    """Somebody saved it since it was opened."""


def may(reader: Reader | None, code: str = BUILD.code) -> None:
    """Raise `Forbidden` unless the reader holds a permission; `reader` None: a command of who holds the machine."""
    if reader is not None:
        require(reader, code)


def locked(pk: UUID) -> Edition:
    """The edition as it is stored now, kept from other writers until the act ends."""
    return Edition.objects.select_for_update(of=("self",)).get(pk=pk)


def changing(pk: UUID) -> Edition:
    """The same, for who changes it. Raises `Frozen` once published, `Building` during its computing."""
    now = locked(pk)
    refuse_frozen(now)
    if now.state == EditionState.BUILDING:
        if is_computing(now):
            raise Building(_("Le calcul est en cours : attendez sa fin, ou arrêtez-le."))
        now.state = EditionState.FAILED
        now.save(update_fields=["state"])
    return now


def is_computing(edition: Edition) -> bool:
    """Whether the job of its computing waits or runs; one that ended without a word has failed. 1 statement."""
    return edition.job is not None and Job.objects.filter(pk=edition.job, state__in=ACTIVE).exists()


def refuse_frozen(edition: Edition) -> None:
    """Raise `Frozen` for a published edition, or one that was."""
    if edition.state in EditionState.public():
        raise Frozen(_("Cette édition est publiée : elle ne change plus. Pour la reprendre, corrigez-la."))


def stale(edition: Edition) -> None:
    """Note, before it is saved, that its figures are no longer those of its sources or territory."""
    edition.state = EditionState.DRAFT
    edition.report = {}

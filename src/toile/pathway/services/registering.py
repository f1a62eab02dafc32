"""A project that gets its SIRET: the directory keeps the same identity, and the case is told of it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from toile.directory.models import Organisation
from toile.directory.services.projects import give_siret, open_page
from toile.kernel.acts import Actor, act
from toile.kernel.errors import Forbidden, UserError
from toile.kernel.readers import Reader
from toile.pathway.models import Case
from toile.pathway.queries.people import is_holder
from toile.pathway.services.cases import require_here, touch


def register(actor: Actor, reader: Reader, case: Case, siret: str) -> Organisation | None:
    """Note the SIRET of a case's project; another page that holds this SIREN, when there is one.

    Raises `NotASiret`, `Conflict`, `Forbidden` for who does not receive at this door.
    """
    require_here(reader, case)
    if case.organisation is None:
        raise UserError(_("Ce dossier n’a pas encore de fiche : recevez-le d’abord."))
    with act(actor):
        other = give_siret(actor, case.organisation, siret)
        touch(case)
    return other


def open_project(actor: Actor, reader: Reader, case: Case) -> None:
    """Open the project's page to everybody: its own people decide it, never who receives."""
    if case.organisation is None:
        raise UserError(_("Ce dossier n’a pas encore de fiche : elle vient avec le premier accueil."))
    if not (case.organisation_id in reader.organisations or is_holder(reader, case)):
        raise Forbidden(_("Seules les personnes qui portent ce projet ouvrent sa fiche."))
    with act(actor):
        open_page(actor, case.organisation)
        touch(case)

"""Choosing the territory of this installation: any EPCI of France."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.kernel.errors import UserError
from toile.thread.services import record

from ..facts import HOME_CHOSEN, HomeChosen
from ..imports.cog import Cog
from ..imports.report import Report
from ..models import Commune, CommuneKind, Epci, Home, PerimeterKind
from ..rules.names import slug
from ..subjects import epci_subject
from .batches import Progress
from .cog import import_cog, read_source
from .grounds import import_centres, import_contours
from .history import import_code_history
from .perimeters import save_perimeter


class UnknownEpci(UserError):
    """No EPCI has this code."""


@dataclass(slots=True)
class Setup:
    """What `init_territory` did: the territory, and one report for each import."""

    epci: str
    name: str
    communes: int
    reports: dict[str, Report] = field(default_factory=dict)
    changed: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The setup as JSON writes it."""
        reports = {name: report.as_dict() for name, report in self.reports.items()}
        return {
            "epci": self.epci,
            "name": self.name,
            "communes": self.communes,
            "changed": self.changed,
            "reports": reports,
        }


def init_territory(
    actor: Actor,
    epci_code: str,
    *,
    cog: str | os.PathLike[str] | None = None,
    contours: str | os.PathLike[str] | None = None,
    centres: str | os.PathLike[str] | None = None,
    successions: str | os.PathLike[str] | None = None,
    periods: str | os.PathLike[str] | None = None,
    vintage: str = "",
    contours_vintage: str = "",
    name: str = "",
    progress: Progress | None = None,
) -> Setup:
    """Make the EPCI of this SIREN the territory: import the country's code, then what is given, then choose it.

    cog: see `read_source`. contours, centres, successions, periods: files or addresses, each optional. Two perimeters
    are kept up to date: the EPCI, and each department it lies in. Run again, it changes nothing. Raises a `UserError`.
    """
    code = epci_code.strip().replace(" ", "")
    read = read_source(cog)
    if code not in read.epcis:
        raise UnknownEpci(
            _("Aucune intercommunalité n’a le code « %(code)s » : il en faut le SIREN, par exemple 244200770.")
            % {"code": code[:20]}
        )
    reports = {"cog": import_cog(actor, cog=read, vintage=vintage, progress=progress)}
    if successions is not None or periods is not None:
        reports["codes"] = import_code_history(actor, successions=successions, periods=periods)
    if centres is not None:
        reports["centres"] = import_centres(actor, centres)
    if contours is not None:
        reports["contours"] = import_contours(actor, contours, vintage=contours_vintage, progress=progress)
    chosen = set_home(actor, code, name=name)
    drawn = _perimeters(actor, code, read)
    members = Commune.objects.filter(epci_id=code, kind=CommuneKind.COMMUNE).count()
    changed = chosen or drawn or any(report.changes for report in reports.values())
    return Setup(code, Home.objects.get().name, members, reports, changed)


def set_home(actor: Actor, epci_code: str, *, name: str = "") -> bool:
    """Make an EPCI already imported the territory of this installation; whether that is new.

    name: how the territory calls itself, by default the EPCI's name. Raises `UnknownEpci`.
    """
    with act(actor):
        epci = Epci.objects.filter(siren=epci_code).first()
        if epci is None:
            raise UnknownEpci(_("L’intercommunalité « %(code)s » n’est pas importée.") % {"code": epci_code[:20]})
        before = Home.objects.first()
        wanted = name or (before.name if before and before.epci_id == epci_code else epci.name)
        if before and (before.epci_id, before.name) == (epci_code, wanted):
            return False
        Home.objects.update_or_create(id=1, defaults={"name": wanted[:200], "epci": epci})
        if before is None or before.epci_id != epci_code:
            members = Commune.objects.filter(epci=epci, kind=CommuneKind.COMMUNE).count()
            record(HOME_CHOSEN, about=[epci_subject(epci_code)], data=HomeChosen(epci_code, members))
    return True


def _perimeters(actor: Actor, epci_code: str, cog: Cog) -> bool:
    """The perimeters that every territory has: itself, and the departments it lies in; whether one changed."""
    present = [row for row in cog.communes.values() if row.kind == CommuneKind.COMMUNE]
    members = [row for row in present if row.epci == epci_code]
    epci = cog.epcis[epci_code]
    source = _("Code officiel géographique, INSEE")
    changed = save_perimeter(
        actor, code=slug(epci.name), name=epci.name, kind=PerimeterKind.EPCI, communes=[row.code for row in members],
        source=source, keep_names=True,
    ).changed  # fmt: skip
    for department in sorted({row.department for row in members} & cog.departments.keys()):
        saved = save_perimeter(
            actor, code=f"departement-{department.lower()}", name=cog.departments[department],
            kind=PerimeterKind.DEPARTMENT, communes=[row.code for row in present if row.department == department],
            source=source, keep_names=True,
        )  # fmt: skip
        changed = changed or saved.changed
    return changed

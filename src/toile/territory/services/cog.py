"""Importing the official geographic code of the whole country: communes, their parts, EPCI, old codes."""

from __future__ import annotations

import os

from django.conf import settings
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.kernel.errors import UserError
from toile.thread.services import record

from ..facts import COG_IMPORTED, CogImported
from ..imports.api_geo import read_api
from ..imports.cog import Cog, CommuneRow, read_cog
from ..imports.report import Report
from ..models import Commune, CommuneCode, CommuneKind, Epci
from ..rules.names import place_key
from ..subjects import commune_subject, epci_subject
from .batches import Progress, Writing, batches, write_changed

EPCI_FIELDS = ("subject", "name", "folded", "kind", "population", "vintage")
COMMUNE_FIELDS = (
    "subject", "name", "folded", "department", "region", "district", "population", "siren", "postal_codes", "kind",
    "parent_id", "epci_id", "vintage",
)  # fmt: skip
SOURCE = "COG"


def read_source(reference: str | os.PathLike[str] | None) -> Cog:
    """The code from the three official files at `reference`, or `TOILE_COG`, or else from the State's API.

    Raises a `UserError` that says what to give when nothing can be read.
    """
    chosen = reference or settings.TOILE_COG
    if chosen:
        return read_cog(chosen)
    try:
        return read_api(settings.TOILE_API_GEO_URL)
    except UserError as error:
        raise UserError(
            error.message
            + " "
            + _("Donnez le découpage officiel par --cog DOSSIER (communes.json, epci.json, departements.json).")
        ) from error


def import_cog(
    actor: Actor,
    reference: str | os.PathLike[str] | None = None,
    *,
    vintage: str = "",
    cog: Cog | None = None,
    progress: Progress | None = None,
) -> Report:
    """Bring communes, EPCI and memberships to the state of one vintage of the official code.

    reference: see `read_source` (or `cog`, already read). vintage: the year the files speak of; empty: not said. A
    commune that is gone becomes a former one, kept under its heir. Records one fact, only where something changed.
    """
    cog = cog if cog is not None else read_source(reference)
    report = Report(read=cog.read, outside=cog.same_code, refused=list(cog.refused))
    epcis = {
        epci.siren: {
            "subject": epci_subject(epci.siren), "name": epci.name, "folded": place_key(epci.name), "kind": epci.kind,
            "population": epci.population, "vintage": vintage,
        }
        for epci in cog.epcis.values()
    }  # fmt: skip
    write_changed(actor, Writing(Epci, EPCI_FIELDS), epcis, report)
    centred = any(row.point for row in cog.communes.values())
    fields = (*COMMUNE_FIELDS, "lon", "lat") if centred else COMMUNE_FIELDS
    # Whole communes first: their parts refer to them.
    for whole in (True, False):
        rows = {
            row.code: _values(row, vintage, centred)
            for row in cog.communes.values()
            if (row.kind == CommuneKind.COMMUNE) is whole
        }
        write_changed(actor, Writing(Commune, fields), rows, report, progress)
    _retire(actor, cog, report)
    learnt = add_successions(actor, cog.old_codes, f"{SOURCE} {vintage}".strip())
    if report.changes or learnt:
        with act(actor):
            present = sum(row.kind == CommuneKind.COMMUNE for row in cog.communes.values())
            record(
                COG_IMPORTED,
                about=[],
                data=CogImported(present, len(cog.epcis), report.created, report.updated, vintage),
            )
    return report


def _values(row: CommuneRow, vintage: str, centred: bool) -> dict[str, object]:
    values: dict[str, object] = {
        "subject": commune_subject(row.code), "name": row.name, "folded": place_key(row.name),
        "department": row.department, "region": row.region, "district": row.district, "population": row.population,
        "siren": row.siren, "postal_codes": list(row.postal_codes), "kind": row.kind, "parent_id": row.parent,
        "epci_id": row.epci, "vintage": vintage,
    }  # fmt: skip
    if centred:
        values["lon"], values["lat"] = row.point or (None, None)
    return values


def _retire(actor: Actor, cog: Cog, report: Report) -> None:
    """Communes that this vintage no longer has become former ones under their heir; without one, they are to check."""
    heirs: dict[str, set[str]] = {}
    for old, new in cog.old_codes:
        heirs.setdefault(old, set()).add(new)
    gone = Commune.objects.exclude(kind=CommuneKind.FORMER).values_list("code", flat=True)
    for code in sorted(set(gone) - cog.communes.keys()):
        known = heirs.get(code, set())
        if len(known) != 1:
            continue
        with act(actor):
            Commune.objects.filter(parent_id=code).update(parent_id=next(iter(known)))
            Commune.objects.filter(code=code).update(kind=CommuneKind.FORMER, parent_id=next(iter(known)), epci=None)
        report.updated += 1
        report.read += 1


def add_successions(actor: Actor, pairs: list[tuple[str, str]], source: str) -> int:
    """Keep each (old code, present commune) that is not known yet; how many were added.

    Codes still in use, or those of parts of communes, are no old codes; heirs that are not present communes are
    left out.
    """
    kinds = dict(Commune.objects.values_list("code", "kind"))
    known = set(CommuneCode.objects.values_list("code", "commune_id"))
    wanted = {
        (old, new)
        for old, new in pairs
        if kinds.get(new) == CommuneKind.COMMUNE
        and kinds.get(old, CommuneKind.FORMER) == CommuneKind.FORMER
        and old != new
    }
    for batch in batches(sorted(wanted - known)):
        with act(actor):
            CommuneCode.objects.bulk_create(
                [CommuneCode(code=old, commune_id=new, source=source) for old, new in batch]
            )
    return len(wanted - known)

"""The shapes of the demo's invented town: communes in; organisations, projects and a year of happenings out."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Final

TODAY: Final = date(2026, 11, 21)
"""The day of the demo: the last day on which anything happened."""


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune of the demo territory. population: inhabitants; lat, lon: WGS84, the middle of the commune."""

    code: str
    name: str
    population: int
    lat: float
    lon: float
    postcodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FictionalOrganisation:
    """An invented organisation, or an invented project when `stage` is « idea » or « project ».

    family: the class of the pages (association, cooperative, mutuelle, fondation, societe_commerciale_ess, autre,
    averifier), found again by the directory from the legal category, the name, the list and SIRENE; None for a project.
    siret, siren: numbers that fail Luhn on purpose, so that no real establishment has them. staff_band: INSEE code,
    None = unknown. list_family: the family written in the list of ESS France. opening_hours: OSM syntax.
    esus_until, insertion_until: last day of the approval. activities: codes of the directory. trade: code of the
    activity in names.toml.
    """

    key: str
    name: str
    stage: str
    activities: tuple[str, ...]
    description: str
    commune_code: str
    commune_name: str
    postcode: str
    lon: float
    lat: float
    address: str = ""
    family: str | None = None
    legal_category: str | None = None
    naf: str | None = None
    staff_band: str | None = None
    siren: str | None = None
    siret: str | None = None
    created_on: date | None = None
    ceased_on: date | None = None
    esus_until: date | None = None
    insertion_kind: str | None = None
    insertion_until: date | None = None
    opening_hours: str | None = None
    in_ess_list: bool = False
    list_family: str | None = None
    sirene_ess: str = ""
    public: bool = True
    trade: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """One past event: at (Europe/Paris), the key of the organisation, a kind of `KINDS`, and the values it carries.

    by: who did it — organisation (its own representative), team (the métropole), list (an import).
    values: text only, dates in ISO form; `before` and `after` are what the page showed.
    """

    at: datetime
    organisation: str
    kind: str
    values: dict[str, str] = field(default_factory=dict)
    by: str = "organisation"
    public: bool = True


KINDS: Final[dict[str, str]] = {
    "created": "the organisation was born: name",
    "project_received": "the idea was first received: name",
    "project_advanced": "a project goes from idea to project: before, after",
    "project_activated": "a project became an active organisation: before, after",
    "page_claimed": "the organisation keeps its own page from now on",
    "description_corrected": "before, after",
    "hours_corrected": "before (may be empty), after",
    "staff_band_updated": "before (may be empty), after: INSEE codes",
    "renamed": "before, after",
    "moved": "before, after: addresses",
    "activity_added": "activity: code",
    "approval_obtained": "approval (ESUS, ACI, EI, AI, ETTI), until",
    "approval_renewed": "approval, until",
    "closed": "on: the day",
}


@dataclass(frozen=True, slots=True)
class Town:
    """All that is invented: organisations, projects (not yet organisations), and what happened, oldest first."""

    organisations: tuple[FictionalOrganisation, ...]
    projects: tuple[FictionalOrganisation, ...]
    happenings: tuple[Happening, ...]

    @property
    def everyone(self) -> tuple[FictionalOrganisation, ...]:
        """Organisations then projects."""
        return self.organisations + self.projects


def read_communes(path: Path) -> list[Commune]:
    """The communes of a CSV file with the columns of `sem_53_communes.csv`, in its order."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Commune(
                code=row["code_insee"],
                name=row["nom"].replace("'", "’"),
                population=int(row["population"]),
                lat=float(row["lat"]),
                lon=float(row["lon"]),
                postcodes=tuple(row["codes_postaux"].split("|")),
            )
            for row in csv.DictReader(file)
        ]

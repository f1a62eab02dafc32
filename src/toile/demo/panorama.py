"""The panorama of the demo: the territories around, what others published, and an edition of its own, simulated.

Its own edition is computed once the site is served, by a job (`panorama_own`).
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.db.models import QuerySet

from toile.demo.chronicle import backdate
from toile.kernel.acts import Actor, act
from toile.kernel.jobs import enqueue
from toile.panorama.models import Edition
from toile.panorama.services.theirs import Said, Theirs, keep
from toile.territory.imports.cog import Cog, CommuneRow, EpciRow
from toile.territory.models import CommuneKind
from toile.territory.services import import_cog

ACTOR: Final = Actor.system("demo")
HOME: Final = "244200770"
PUBLISH: Final = "demo.panorama.publish"
_FOLDER: Final = Path(__file__).parent
COMMUNES: Final = _FOLDER / "loire_communes.csv"


@cache
def written() -> Mapping[str, Any]:
    """What `panorama.toml` holds."""
    with (_FOLDER / "panorama.toml").open("rb") as file:
        return tomllib.load(file)


def load_panorama() -> int:
    """The neighbours, the editions of others, then ours, each once: whatever people changed since stays. How many."""
    import_cog(ACTOR, cog=neighbours())
    if not own_editions().exists():
        enqueue(ACTOR, PUBLISH, key=HOME)
    return load_theirs()


def neighbours() -> Cog:
    """The communes of the Loire around the demo's territory, with their intercommunalités."""
    cog = Cog()
    for row in written()["epci"]:
        cog.epcis[row["siren"]] = EpciRow(row["siren"], row["name"], row["kind"], row["population"])
    with COMMUNES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            cog.communes[row["code_insee"]] = CommuneRow(
                row["code_insee"],
                row["nom"],
                CommuneKind.COMMUNE,
                "42",
                "",
                "",
                int(row["population"]),
                row["siren"],
                tuple(row["codes_postaux"].split("|")),
                None,
                row["epci"],
                (float(row["lon"]), float(row["lat"])),
            )
    return cog


def load_theirs() -> int:
    """Keep what others published, unless something of others is kept already; how many."""
    if Edition.objects.filter(kind=Edition.Kind.THEIRS).exists():
        return 0
    with act(ACTOR) as one:
        for row in written()["theirs"]:
            keep(ACTOR, None, _theirs(row))
        backdate(one)
    return len(written()["theirs"])


def _theirs(row: Mapping[str, Any]) -> Theirs:
    return Theirs(
        HOME,
        row.get("year"),
        row["title"],
        row["publisher"],
        row["document"],
        [Said(indicator, Decimal(value)) for indicator, value in row["figures"].items()],
        vintage=row["vintage"],
        introduction=row["introduction"],
        contradictions=row["contradictions"],
    )


def own_editions() -> QuerySet[Edition]:
    """The editions of the demo's territory that were begun here."""
    return Edition.objects.filter(kind=Edition.Kind.OWN, perimeter=HOME)

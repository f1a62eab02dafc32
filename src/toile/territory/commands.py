"""What `toile init` does: plain functions that the command line calls."""

from __future__ import annotations

from toile.kernel.acts import Actor
from toile.kernel.typography import french_number

from .services import Setup, init_territory
from .services.batches import Progress

ACTOR = Actor.system("cli: init")


def init(
    epci: str,
    *,
    cog: str | None = None,
    contours: str | None = None,
    centres: str | None = None,
    successions: str | None = None,
    periods: str | None = None,
    vintage: str = "",
    contours_vintage: str = "",
    name: str = "",
    progress: Progress | None = None,
) -> Setup:
    """Make an EPCI of France the territory of this installation; see `services.init_territory`.

    cog: folder or address of communes.json, epci.json, departements.json; else `TOILE_COG`, else the State's API.
    """
    return init_territory(
        ACTOR,
        epci,
        cog=cog,
        contours=contours,
        centres=centres,
        successions=successions,
        periods=periods,
        vintage=vintage,
        contours_vintage=contours_vintage,
        name=name,
        progress=progress,
    )


def told(setup: Setup) -> list[str]:
    """The sentences that say what was done, one a line."""
    lines = [f"{setup.name} : {setup.communes} communes (EPCI {setup.epci})."]
    titles = {"cog": "Découpage officiel", "codes": "Anciens codes", "centres": "Centres", "contours": "Contours"}
    for key, report in setup.reports.items():
        counts = (
            (report.read, "lus"),
            (report.created, "créés"),
            (report.updated, "modifiés"),
            (report.unchanged, "inchangés"),
            (report.to_check, "à vérifier"),
            (report.outside, "hors champ"),
            (len(report.refused), "refusés"),
        )
        lines.append(f"{titles[key]} : " + ", ".join(f"{french_number(count)} {word}" for count, word in counts) + ".")
    if not setup.changed:
        lines.append("Rien n’a changé.")
    return lines

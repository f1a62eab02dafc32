"""The cube: establishments of the ESS one by one, and everybody's employers counted, each step kept under its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import ibis
import pyarrow as pa
from ibis.expr import types as ir

from toile.directory.rules.staff import SIZE_OF_BAND, STAFF_BANDS
from toile.panorama.rules.sectors import sectors

from .engines import Running

NO_EMPLOYEE: Final = "0"
UNKNOWN_SIZE: Final = "inconnue"
ASSOCIATION: Final = "association"

CITIES: Final = (("751", "75056", 20), ("6938", "69123", 9), ("132", "13055", 16))
"""Beginning of the codes of arrondissements, their commune, how many: Paris, Lyon, Marseille (COG)."""

Perimeters = Mapping[str, frozenset[str] | None]
"""Perimeter → its present communes; None: everywhere (« france »)."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The named tables of a computation, in their order, with the text of the query of each."""

    running: Running
    texts: dict[str, str]

    def keep(self, name: str, table: ir.Table) -> ir.Table:
        """Compute a step that the next ones read under this name."""
        self.texts[name] = str(ibis.to_sql(table, dialect="duckdb"))
        return self.running.keep(name, table, self.texts[name])

    def declare(self, name: str, rows: pa.Table, what: str) -> ir.Table:
        """A small table of ours; `what` says it in the place of a query."""
        self.texts[name] = f"-- {what} : {', '.join(rows.column_names)}"
        return self.running.declare(name, rows)

    def fetch(self, name: str, table: ir.Table, numbers: int) -> Iterator[tuple[Any, ...]]:
        """The rows of a query whose figures have its name; the columns from `numbers` on are whole numbers."""
        self.texts[name] = str(ibis.to_sql(table, dialect="duckdb"))
        found = self.running.fetch(table, self.texts[name])
        columns = [column.cast(pa.int64()) if i >= numbers else column for i, column in enumerate(found.columns)]
        return zip(*(column.to_pylist() for column in columns), strict=True)


def count(steps: Steps, places: ir.Table, members: ir.Table, codes: Iterable[str] | None) -> None:
    """Filter and count the establishments: the steps `membres`, `codes`, `tranches`, `ess`,
    `employeurs` and `sieges`.

    places: official columns as text. members: those of `verdict.members`. codes: the communes to keep, as the file
    writes them; None for all. One pass over the establishments for those of the ESS, one for everybody's, one for the
    head offices; what is kept is small beside the files.
    """
    known = steps.keep("membres", members)
    active = places.filter(places.etatAdministratifEtablissement == "A").select(
        "siren",
        code=places.codeCommuneEtablissement,
        naf=places.activitePrincipaleEtablissement.fill_null(""),
        band=places.trancheEffectifsEtablissement.fill_null(""),
        is_seat=places.etablissementSiege.fill_null("") == "true",
    )
    if codes is not None:
        rows = pa.table({"code": pa.array(sorted(codes), pa.string())})
        active = active.semi_join(steps.declare("communes", rows, "codes des communes demandées"), "code")
    steps.keep("codes", places.select(code=places.codeCommuneEtablissement).distinct())
    of_ess = known.filter(known.ess).select("siren", "family")
    ess = steps.keep("ess", active.inner_join(of_ess, "siren"))
    bands = steps.declare("tranches", size_classes(), "tranches d’effectif (INSEE)")
    employing = bands.filter(bands.low > 0)
    public = known.filter(known.public).select("siren", "public")
    employers = active.inner_join(employing, "band").left_join(public, "siren")
    steps.keep(
        "employeurs",
        employers.group_by("code", "naf", public=employers.public.fill_null(False)).agg(
            places=employers.count(),
            low=employers.low.sum(),
            middle2=employers.middle2.sum(),
            high=employers.high.sum(),
        ),
    )
    secondary = ess.filter(~ess.is_seat).semi_join(employing, "band").select("siren").distinct()
    head_offices = places.filter(places.etablissementSiege == "true").semi_join(secondary, "siren")
    steps.keep("sieges", head_offices.group_by("siren").agg(seat_code=head_offices.codeCommuneEtablissement.min()))


def locate(steps: Steps, perimeters: Perimeters, present: Mapping[str, str]) -> None:
    """Put what was counted into its territories, sectors and sizes: the steps `situes` and `employeurs_situes`.

    present: old, delegated or arrondissement code → present commune. An establishment of the ESS has a row for each
    perimeter that holds it.
    """
    running = steps.running
    ess, everyone = running.table("ess"), running.table("employeurs")
    scopes = scopes_of(perimeters, present, _sorted(running.fetch(running.table("codes"))))
    places = steps.declare("perimetres", scopes, "communes de chaque territoire, par code du fichier")
    both = ess.select("naf").distinct().union(everyone.select("naf").distinct(), distinct=True)
    sectors_of = steps.declare(
        "activites", activities(_sorted(running.fetch(both))), "section et secteur de chaque code d’activité"
    )
    bands, seats = running.table("tranches"), running.table("sieges")
    here = places.select(seat_code="code", seat_perimeter="perimeter").distinct()
    located = ess.inner_join(places, "code").inner_join(sectors_of, "naf").left_join(bands, "band")
    located = located.drop("band_right").left_join(seats, "siren").drop("siren_right")
    located = located.left_join(here, [located.seat_code == here.seat_code, located.perimeter == here.seat_perimeter])
    size = located.size.fill_null(UNKNOWN_SIZE)
    employs = located.low.fill_null(0) > 0
    away = ~located.is_seat & located.seat_code.notnull() & located.seat_perimeter.isnull()
    steps.keep(
        "situes",
        located.select(
            "perimeter",
            "commune",
            "siren",
            "family",
            "section",
            "ess_sector",
            size=size,
            places=ibis.literal(1),
            employers=_one(employs),
            empty=_one(size == NO_EMPLOYEE),
            unsaid=_one(size == UNKNOWN_SIZE),
            low=located.low.fill_null(0),
            middle2=located.middle2.fill_null(0),
            high=located.high.fill_null(0),
            open_ended=_one(located.open_ended.fill_null(False)),
            seat_known=_one(employs & (located.is_seat | located.seat_code.notnull())),
            seat_away=_one(employs & away),
            volunteer=_one((located.family == ASSOCIATION) & ~employs),
        ),
    )
    steps.keep("employeurs_situes", everyone.inner_join(places, "code").inner_join(sectors_of, "naf"))


def holding_all_of(reference: str, present: Iterable[tuple[str, str]]) -> set[str]:
    """The perimeters that hold every commune of the files where the reference is. present: perimeter and commune."""
    communes: dict[str, set[str]] = {}
    for perimeter, commune in present:
        communes.setdefault(perimeter, set()).add(commune)
    return {perimeter for perimeter, inside in communes.items() if inside >= communes.get(reference, set())}


def _one(test: ir.BooleanValue) -> ir.IntegerValue:
    """1 or 0, to be summed."""
    return ibis.cases((test, 1), else_=0)


def _sorted(rows: pa.Table) -> list[str]:
    """The values of a table of one column, in order, without null."""
    return sorted(value for value in rows.column(0).to_pylist() if value is not None)


def size_classes() -> pa.Table:
    """The size classes known: `band`, `size`, bounds and twice the midpoint; the open one is told (domain A12)."""
    known = [band for band in STAFF_BANDS.values() if band.code != "NN"]
    upper = [band.low if band.high is None else band.high for band in known]
    return pa.table(
        {
            "band": pa.array([band.code for band in known], pa.string()),
            "size": pa.array([SIZE_OF_BAND[band.code] for band in known], pa.string()),
            "low": pa.array([band.low for band in known], pa.int64()),
            "middle2": pa.array([int(2 * band.middle) for band in known], pa.int64()),
            "high": pa.array(upper, pa.int64()),
            "open_ended": pa.array([band.high is None for band in known], pa.bool_()),
        }
    )


def activities(codes: list[str]) -> pa.Table:
    """The section and the sector of the ESS of each activity code; empty when unknown."""
    found = [sectors(code) for code in codes]
    return pa.table(
        {
            "naf": pa.array(codes, pa.string()),
            "section": pa.array([one.section or "" for one in found], pa.string()),
            "ess_sector": pa.array([one.ess or "" for one in found], pa.string()),
        }
    )


def scopes_of(perimeters: Perimeters, present: Mapping[str, str], codes: list[str]) -> pa.Table:
    """What each commune code of the files belongs to, one row for each perimeter that holds it."""
    holding: dict[str, list[str]] = {}
    for perimeter, communes in perimeters.items():
        for commune in communes or ():
            holding.setdefault(commune, []).append(perimeter)
    everywhere = [perimeter for perimeter, communes in perimeters.items() if communes is None]
    rows = [
        (code, commune, perimeter)
        for code in codes
        for commune in (present.get(code, code),)
        for perimeter in (*holding.get(commune, ()), *everywhere)
    ]
    columns = zip(*rows, strict=True) if rows else ((), (), ())
    named = zip(("code", "commune", "perimeter"), columns, strict=True)
    return pa.table({name: pa.array(values, pa.string()) for name, values in named})

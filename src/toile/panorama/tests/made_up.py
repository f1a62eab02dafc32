"""A small edition invented for tests: one perimeter, six communes, all that a figure can be, always the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from toile.kernel.figures import Cell, Figure, FigureSource, hidden, unknown
from toile.panorama.models import Edition, EditionState, Note, Source, SourceKind, Value

PERIMETER = "244200770"
PERIMETER_NAME = "Saint-Étienne Métropole"
YEAR = 2024
COMMUNES = {
    "42218": "Saint-Étienne",
    "42207": "Saint-Chamond",
    "42095": "Firminy",
    "42186": "Rive-de-Gier",
    "42189": "Roche-la-Molière",
    "42225": "La Talaudière",
}
COMPARED = {
    "dep:42": "Loire",
    "200035731": "Roannais Agglomération",
    "200065886": "Loire Forez agglomération",
    "200065894": "Forez-Est",
    "france": "France",
}
FAMILIES = ("association", "cooperative", "mutuelle", "fondation", "societe_commerciale_ess")
COUNTS = {
    "42218": (520, 60, 25, 12, 8),
    "42207": (110, 12, 6, 2, 2),
    "42095": (64, 8, 4, 1, 0),
    "42186": (58, 6, 3, 1, 1),
    "42189": (31, 3, 1, 0, 1),
    "42225": (22, 5, 0, 0, 1),
}
"""Commune → employer establishments of each family."""
JOBS_OF_ONE = (12, 15, 30, 40, 9)
TOO_FEW = {(c, f) for c, row in COUNTS.items() for f, n in zip(FAMILIES, row, strict=True) if n in (1, 2)}
ALSO_HIDDEN = {("42095", "mutuelle"), ("42225", "cooperative"), ("42189", "cooperative")}
"""Hidden so that no total gives another hidden cell away."""
SHARES = {"42218": "15.2", "42207": "12.4", "42095": "16.9", "42186": "13.1", "42225": "7.3"}
"""Commune → share of all employment; the sixth is unknown."""
SECTIONS = {"Q": 40, "P": 15, "S": 14, "R": 10, "K": 7, "N": 5, "C": 4, "G": 3, "M": 2}
"""NAF section → percent of the employer establishments."""
ESS_SECTORS = {"action_sociale": 31, "enseignement": 15, "sport_loisirs": 17, "services_divers": 27, "commerce": 10}
"""Sector of the ESS → the same."""
SIZES = {"1-9": 68, "10-49": 24, "50+": 8}
SERIES = {2015: 1011, 2016: 1016, 2017: 1009, 2019: 978, 2020: 969, 2021: 972, 2022: 968, 2023: 967, 2024: 967}
"""Year → employer establishments of the perimeter; 2018 is not known: the series breaks there."""

STOCK = FigureSource(
    "00000000-0000-0000-0000-000000000001",
    "SIRENE simulé, établissements",
    "Toile",
    "31 décembre 2024",
    "https://www.data.gouv.fr/datasets/base-sirene",
    "Licence Ouverte 2.0",
    "a" * 64,
    simulated=True,
)
TABLE = FigureSource(
    "00000000-0000-0000-0000-000000000002",
    "Emploi salarié par commune (tableau d’essai)",
    "Institut d’essai",
    "2024",
    "",
    "Licence Ouverte 2.0",
    "b" * 64,
    simulated=True,
)
QUERIES = {
    "employer_establishments": "SELECT commune, count(*) FROM places WHERE active AND band >= '01' GROUP BY commune",
    "jobs": "SELECT commune, sum(low), sum(middle), sum(high) FROM places GROUP BY commune",
}


def cell(commune: str = "", year: int = YEAR, perimeter: str = PERIMETER, **axes: str) -> Cell:
    """A cell of the made-up territory, of 2024 unless said otherwise."""
    return Cell(perimeter, commune, axes.get("family", ""), axes.get("sector", ""), axes.get("size", ""), year)


def told(
    indicator: str, where: Cell, unit: str, value: str | int, around: tuple[str, str] | None = None, query: str = ""
) -> Figure:
    """A figure that is told. around: its interval."""
    low, high = (Decimal(around[0]), Decimal(around[1])) if around else (None, None)
    sources = (STOCK, TABLE) if indicator.startswith("share") or indicator.endswith("quotient") else (STOCK,)
    return Figure(indicator, where, unit, Decimal(value), low, high, sources=sources, query=query)


def estimated(where: Cell, middle: int) -> Figure:
    """Jobs estimated from size classes."""
    return told("jobs", where, "jobs", middle, (str(middle * 7 // 10), str(middle * 135 // 100)), "jobs")


def figures() -> list[Figure]:
    """Some 300 figures: told, estimated, hidden, unknown, over time, compared; all of simulated sources."""
    return [*_counted(), *_employed(), *_shared(), *_by_trade(), *_over_time(), *_compared()]


def _counted() -> Iterator[Figure]:
    name, unit = "employer_establishments", "establishments"
    yield told(name, cell(), unit, sum(map(sum, COUNTS.values())), query=name)
    for family, column in zip(FAMILIES, zip(*COUNTS.values(), strict=True), strict=True):
        yield told(name, cell(family=family), unit, sum(column), query=name)
    for commune, row in COUNTS.items():
        yield told(name, cell(commune), unit, sum(row), query=name)
        yield told("legal_units", cell(commune), "legal_units", sum(row) * 9 // 10)
        yield told("establishments", cell(commune), unit, sum(row) * 5 // 2)
        for family, count in zip(FAMILIES, row, strict=True):
            yield told(name, cell(commune, family=family), unit, count, query=name)
        yield told("non_employer_associations", cell(commune), unit, row[0] * 4)
    yield told("legal_units", cell(), "legal_units", 870)
    yield told("establishments", cell(), unit, 2416)
    yield told("non_employer_associations", cell(), unit, 3220)


def _employed() -> Iterator[Figure]:
    by_family = dict.fromkeys(FAMILIES, 0)
    for commune, row in COUNTS.items():
        jobs = [count * one for count, one in zip(row, JOBS_OF_ONE, strict=True)]
        yield estimated(cell(commune), sum(jobs))
        for family, middle in zip(FAMILIES, jobs, strict=True):
            by_family[family] += middle
            where = cell(commune, family=family)
            if (commune, family) in TOO_FEW:
                yield hidden("jobs", where, "jobs", "secret_few", STOCK, query="jobs")
            elif (commune, family) in ALSO_HIDDEN:
                yield hidden("jobs", where, "jobs", "secret_complementary", STOCK, query="jobs")
            else:
                yield estimated(where, middle)
    for family, middle in by_family.items():
        yield estimated(cell(family=family), middle)
    yield estimated(cell(), sum(by_family.values()))


def _shared() -> Iterator[Figure]:
    for name, factor in (("share_of_employment", Decimal(1)), ("share_of_private_employment", Decimal("1.4"))):
        for commune in COMMUNES:
            share = SHARES.get(commune)
            if share is None:
                yield unknown(name, cell(commune), "percent", "denominator_unknown", TABLE)
                continue
            yield _share(name, cell(commune), Decimal(share) * factor)
        yield _share(name, cell(), Decimal("14.1") * factor)
    yield told("location_quotient", cell(), "ratio", "1.343", ("1.1", "1.6"))
    yield told("concentration", cell(), "percent", "31.5", ("26", "37"))
    yield told("head_offices_elsewhere", cell(), "percent", "22.4")
    yield told("approved_esus", cell(), "legal_units", 34)
    for kind, count in (("ei", 6), ("aci", 11), ("ai", 4), ("etti", 2)):
        yield told(f"approved_siae_{kind}", cell(), "establishments", count)
    yield hidden("concentration", cell("42225"), "percent", "secret_dominant", STOCK)


def _share(name: str, where: Cell, share: Decimal) -> Figure:
    return told(name, where, "percent", str(share), (str(share * 9 / 10), str(share * 11 / 10)))


def _by_trade() -> Iterator[Figure]:
    whole = sum(map(sum, COUNTS.values()))
    for section, percent in SECTIONS.items():
        count = whole * percent // 100
        yield told("employer_establishments", cell(sector=section), "establishments", count)
        yield estimated(cell(sector=section), count * 14)
    for sector, percent in ESS_SECTORS.items():
        yield told("employer_establishments", cell(sector=sector), "establishments", whole * percent // 100)
    for size, percent in SIZES.items():
        yield told("employer_establishments", cell(size=size), "establishments", whole * percent // 100)
    yield told("establishments", cell(size="0"), "establishments", 130)
    yield told("establishments", cell(size="inconnue"), "establishments", 1319)


def _over_time() -> Iterator[Figure]:
    for year, count in SERIES.items():
        if year != YEAR:
            yield told("employer_establishments", cell(year=year), "establishments", count)
    yield unknown("employer_establishments", cell(year=2018), "establishments", "series_broken", STOCK)
    for year in range(2019, YEAR + 1):
        yield told("births", cell(year=year), "establishments", 40 + year % 7)
        yield told("closures", cell(year=year), "establishments", 38 + year % 5)
    for commune in COMMUNES:
        if commune == "42225":
            yield unknown("births", cell(commune), "establishments", "no_source", STOCK)
            yield unknown("closures", cell(commune), "establishments", "no_source", STOCK)
        else:
            yield told("births", cell(commune), "establishments", COUNTS[commune][0] // 20)
            yield told("closures", cell(commune), "establishments", COUNTS[commune][0] // 22)
    yield told("survival_1", cell(), "percent", "93.2", ("90.1", "96.3"))
    yield told("survival_3", cell(), "percent", "78.4", ("72.9", "83.9"))
    yield unknown("survival_5", cell(), "percent", "no_source", STOCK)


def _compared() -> Iterator[Figure]:
    told_of = zip(COMPARED, (1930, 402, 410, 233, 152000), ("12.3", "11.8", "12.9", "9.7", "10.5"), strict=True)
    for perimeter, count, share in told_of:
        where = cell(perimeter=perimeter)
        yield told("employer_establishments", where, "establishments", count)
        yield estimated(where, count * 14)
        yield _share("share_of_employment", where, Decimal(share))
        yield _share("share_of_private_employment", where, Decimal(share) * Decimal("1.4"))
    for perimeter in ("dep:42", "france"):
        yield told("location_quotient", cell(perimeter=perimeter), "ratio", "1.17" if perimeter != "france" else "1")
    yield told("shift_national", cell(), "jobs", 610)
    yield told("shift_structural", cell(), "jobs", -140)
    yield told("shift_local", cell(), "jobs", -95)


def unsaved(state: str = EditionState.BUILT, *, number: int = 1, **changes: Any) -> Edition:
    """The same edition, as a row that is not in the database: for what only reads its words."""
    public = state in EditionState.public()
    at = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)
    fields = {
        "id": UUID(int=number),
        "perimeter": PERIMETER,
        "perimeter_name": PERIMETER_NAME,
        "year": YEAR,
        "title": f"L’économie sociale et solidaire à {PERIMETER_NAME} au 31 décembre {YEAR}",
        "publisher": PERIMETER_NAME,
        "introduction": "Sept structures sur dix sont des associations.\n\nL’emploi y est estimé, jamais compté.",
        "compared": list(COMPARED),
        "state": state,
        "simulated": True,
        "said_of_sources": [asdict(STOCK), asdict(TABLE)],
        "queries": QUERIES,
        "checksum": "c" * 64 if public else "",
        "made_at": at,
        "built_at": at,
        "published_at": at if public else None,
    }
    return Edition(**fields | changes)


def edition(state: str = EditionState.BUILT, *, number: int = 1, with_notes: bool = True, **changes: Any) -> Edition:
    """The edition saved with its values, two sources and two notes; its identifier is the UUID of `number`.

    Published and replaced ones have their checksum and date. changes: other fields of the edition.
    """
    made = unsaved(state, number=number, **changes)
    made.save(force_insert=True)
    made.sources.set([_source(STOCK, SourceKind.STOCK_PLACES), _source(TABLE, SourceKind.TABLE)])
    positions = {STOCK.code: 0, TABLE.code: 1}
    Value.objects.bulk_create(_value(made, figure, positions) for figure in figures())
    if with_notes:
        Note.objects.bulk_create(notes(made))
    return made


def notes(of: Edition) -> list[Note]:
    """Two notes, not saved: one of an indicator, one of the same in a commune."""
    words = (("", "Les emplois viennent des tranches d’effectif."), ("42095", "Un établissement a changé de siège."))
    return [
        Note(edition=of, indicator="jobs", commune=commune, text=text, written_at=of.made_at) for commune, text in words
    ]


def _source(said: FigureSource, kind: SourceKind) -> Source:
    fields = {
        "kind": kind,
        "title": said.title,
        "publisher": said.publisher,
        "vintage": said.vintage,
        "year": YEAR,
        "url": said.url,
        "licence": said.licence,
        "filename": f"{kind}.csv",
        "checksum": said.checksum,
        "state": Source.State.UNDERSTOOD,
        "simulated": said.simulated,
    }
    return Source.objects.get_or_create(pk=said.code, defaults=fields)[0]


def _value(made: Edition, figure: Figure, positions: dict[str, int]) -> Value:
    where = figure.cell
    return Value(
        edition=made,
        indicator=figure.indicator,
        perimeter=where.perimeter,
        commune=where.commune,
        family=where.family,
        sector=where.sector,
        size=where.size,
        year=where.year,
        unit=figure.unit,
        low=figure.low,
        value=figure.value,
        high=figure.high,
        status=figure.status,
        because=figure.because,
        sources=[positions[source.code] for source in figure.sources],
        query=figure.query,
    )

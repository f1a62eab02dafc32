"""What each kind of file holds that a person must know: a few counts of its columns, then remarks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from ibis.expr import types as ir

from toile.directory.rules.staff import STAFF_BANDS
from toile.panorama.rules.remarks import Remark
from toile.panorama.rules.sectors import sectors

from .engines import Running
from .history import CLOSED, OPEN, oddities
from .plain import Found

EXAMPLES: Final = 8
LARGE: Final = 5_000_000
"""Above this many rows, repeated identifiers are not looked for: it would take more than the rest."""

Communes = Mapping[str, str]
"""Every commune code that is known to its present commune: a present one to itself."""


def _rows(running: Running, table: ir.Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = running.fetch(table).to_pylist()
    return rows


def _of_places(
    running: Running, table: ir.Table, found: Found, today: date
) -> tuple[dict[str, int], str, list[Remark]]:
    groups = _rows(
        running,
        table.group_by(
            state=table.etatAdministratifEtablissement,
            band=table.trancheEffectifsEtablissement,
            year=table.anneeEffectifsEtablissement,
            naf=table.activitePrincipaleEtablissement,
        ).agg(count=table.count(), last=table.dateDernierTraitementEtablissement.max()),
    )
    live = [group for group in groups if group["state"] == OPEN]
    active = _total(live)
    years = _years(live)
    return (
        years,
        _last(groups),
        [
            Remark("nothing_active") if not active else Remark("active", active, found.rows),
            Remark("state_missing", _total(g for g in groups if g["state"] not in (OPEN, CLOSED)), found.rows),
            Remark("size_nn", _total(g for g in live if g["band"] == "NN"), active),
            Remark("size_empty", _total(g for g in live if g["band"] is None), active),
            _unread("size_unread", live, "band", lambda band: band in STAFF_BANDS),
            *_mixed(years),
            *_of_activities(live, active),
            *_repeated(running, table, "siret", found),
        ],
    )


def _of_units(running: Running, table: ir.Table, found: Found, today: date) -> tuple[dict[str, int], str, list[Remark]]:
    groups = _rows(
        running,
        table.group_by(
            state=table.etatAdministratifUniteLegale,
            flag=table.economieSocialeSolidaireUniteLegale,
            category=table.categorieJuridiqueUniteLegale,
            year=table.anneeEffectifsUniteLegale,
        ).agg(count=table.count(), last=table.dateDernierTraitementUniteLegale.max()),
    )
    live = [group for group in groups if group["state"] == OPEN]
    active = _total(live)
    years = _years(live)
    return (
        years,
        _last(groups),
        [
            Remark("active", active, found.rows),
            Remark("flag_empty", _total(g for g in live if g["flag"] is None), active),
            _unread("flag_unread", live, "flag", lambda flag: flag in ("O", "N")),
            Remark("category_missing", _total(g for g in live if g["category"] is None), active),
            *_mixed(years),
            *_repeated(running, table, "siren", found),
        ],
    )


def _of_history(
    running: Running, table: ir.Table, found: Found, today: date
) -> tuple[dict[str, int], str, list[Remark]]:
    odd = oddities(running, table, today)
    activities = _rows(running, table.group_by(naf=table.activitePrincipaleEtablissement).agg(count=table.count()))
    places = odd.pop("establishments")
    last = odd.pop("last")
    remarks = [Remark("establishments", places, 0)]
    remarks += [Remark(code, count, places if code in _OF_PLACES else found.rows) for code, count in odd.items()]
    return {}, str(last or ""), [*remarks, *_of_activities(activities, found.rows)]


def _of_ess_list(
    running: Running, table: ir.Table, found: Found, today: date
) -> tuple[dict[str, int], str, list[Remark]]:
    groups = _rows(running, table.group_by("family").agg(count=table.count()))
    held = _total(groups)
    return (
        {},
        "",
        [
            Remark("listed", held, found.rows),
            *([] if held else [Remark("nothing_listed")]),
            Remark("family_missing", _total(g for g in groups if g["family"] is None), held),
        ],
    )


def _of_approvals(
    running: Running, table: ir.Table, found: Found, today: date
) -> tuple[dict[str, int], str, list[Remark]]:
    groups = _rows(running, table.group_by("kind").agg(count=table.count()))
    return {}, "", [Remark("approvals", _total(groups), 0, tuple(sorted(group["kind"] for group in groups)))]


Look = Callable[[Running, ir.Table, Found, date], tuple[dict[str, int], str, list[Remark]]]
LOOKS: Final[Mapping[str, Look]] = {
    "stock_places": _of_places,
    "stock_units": _of_units,
    "history": _of_history,
    "ess_list": _of_ess_list,
    "approvals": _of_approvals,
}
_OF_PLACES: Final = frozenset({"no_beginning", "reopened"})


def _of_activities(groups: Iterable[Mapping[str, Any]], of: int) -> list[Remark]:
    """The activities not said, and those of an old list of activities that say no section."""
    groups = list(groups)
    unknown: Counter[str] = Counter()
    for group in groups:
        if group["naf"] is not None and sectors(group["naf"]).section is None:
            unknown[group["naf"]] += group["count"]
    examples = tuple(code for code, _count in unknown.most_common(EXAMPLES))
    return [
        Remark("activity_missing", _total(g for g in groups if g["naf"] is None), of),
        Remark("activity_unknown", unknown.total(), of, examples),
    ]


def of_communes(running: Running, table: ir.Table, communes: Communes) -> list[Remark]:
    """The codes of communes that are no longer, and those that never were."""
    changed: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    total = missing = 0
    code = table.codeCommuneEtablissement
    for group in _rows(running, table.group_by(code=code).agg(count=table.count())):
        total += group["count"]
        if group["code"] is None:
            missing += group["count"]
        elif group["code"] not in communes:
            unknown[group["code"]] += group["count"]
        elif communes[group["code"]] != group["code"]:
            changed[group["code"]] += group["count"]
    return [
        Remark("commune_missing", missing, total),
        Remark("commune_changed", changed.total(), total, _most(changed)),
        Remark("commune_unknown", unknown.total(), total, _most(unknown)),
    ]


def _repeated(running: Running, table: ir.Table, column: str, found: Found) -> list[Remark]:
    if found.rows > LARGE:
        return []
    distinct = _rows(running, table.aggregate(distinct=table[column].nunique(), named=table[column].count()))[0]
    return [
        Remark(f"{column}_repeated", distinct["named"] - distinct["distinct"], found.rows),
        Remark(f"{column}_missing", found.rows - distinct["named"], found.rows),
    ]


def _unread(code: str, groups: Iterable[Mapping[str, Any]], column: str, known: Callable[[str], bool]) -> Remark:
    odd: Counter[str] = Counter()
    total = 0
    for group in groups:
        total += group["count"]
        if group[column] is not None and not known(group[column]):
            odd[group[column]] += group["count"]
    return Remark(code, odd.total(), total, _most(odd))


def _most(counted: Counter[str]) -> tuple[str, ...]:
    return tuple(text[:20] for text, _count in counted.most_common(EXAMPLES))


def _total(groups: Iterable[Mapping[str, Any]]) -> int:
    return sum(int(group["count"]) for group in groups)


def _years(groups: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for group in groups:
        if group["year"] is not None:
            counted[str(group["year"])[:4]] += group["count"]
    return dict(sorted(counted.items()))


def _mixed(years: Mapping[str, int]) -> list[Remark]:
    """The size classes are of several years: how many are not of the most frequent one."""
    if len(years) < 2:
        return []
    total = sum(years.values())
    return [Remark("years_mixed", total - max(years.values()), total, tuple(years))]


def _last(groups: Iterable[Mapping[str, Any]]) -> str:
    return max((str(group["last"])[:10] for group in groups if group["last"] is not None), default="")

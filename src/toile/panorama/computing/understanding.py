"""What was understood of each file: what it gives, what it lacks, what that forbids, and what is odd in it.

Nothing is said here in French: remarks are codes with counts, that `panorama.telling_sources` turns into sentences.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final

from ibis.expr import types as ir

from toile.directory.rules.ess_parameters import ess_parameters
from toile.panorama.rules.indicators import forbidden_without, impossible_with, indicators
from toile.panorama.rules.remarks import Remark

from .disagreements import disagreements
from .engines import Running
from .files import Opened
from .looking import EXAMPLES, LOOKS, Communes, of_communes
from .plain import Found

WITHOUT_COUNT: Final = frozenset({"until_2018", "empty", "nothing_active", "nothing_listed"})


@dataclass(frozen=True, slots=True)
class Understood:
    """One kind of data in one file, as the page and the command line tell it.

    kind: a value of `SourceKind`. rows: those read; bad: not readable, `where` the first lines. columns:
    official ones that it gives; missing: asked and absent; forbids: the indicators that this makes impossible.
    years: of its size classes (stock), rows by year. vintage: the last day something was done in it (ISO), or empty.
    """

    file: str
    kind: str
    until_2018: bool
    rows: int
    bad: int
    where: tuple[int, ...]
    columns: tuple[str, ...]
    missing: tuple[str, ...]
    forbids: tuple[str, ...]
    years: dict[str, int]
    vintage: str
    remarks: tuple[Remark, ...]

    def as_json(self) -> dict[str, Any]:
        """The same, as JSON keeps it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Together:
    """What the files give as a whole: the indicators that none of them, or what they lack, makes possible."""

    impossible: tuple[str, ...]
    remarks: tuple[Remark, ...]


def understand(
    running: Running, opened: Opened, *, today: date, communes: Communes | None = None
) -> tuple[Understood, ...]:
    """What was understood of each file, in the order they were found. Reads each file once or twice.

    today: what begins later is told as being to come, and who is in the ESS is as the law of that day. communes:
    without it, commune codes are not looked at.
    """
    tables = {
        "stock_units": opened.units,
        "stock_places": opened.places,
        "history": opened.history,
        "ess_list": opened.ess_list,
        "approvals": opened.approvals,
    }
    understood = (_of_one(running, one, tables[one.kind], today, communes) for one in opened.found)
    return tuple(
        replace(one, remarks=one.remarks + _opposed(running, opened, one, today)) if one.kind == "ess_list" else one
        for one in understood
    )


def _opposed(running: Running, opened: Opened, of_list: Understood, today: date) -> tuple[Remark, ...]:
    """What the list and the other sources say opposite things of, when something else than the list is known."""
    units = opened.units
    if units is None and "categorieJuridiqueUniteLegale" in of_list.columns:
        units = opened.listed
    if units is None or opened.ess_list is None:
        return ()
    return tuple(one for one in disagreements(running, units, opened.ess_list, ess_parameters(today)) if one.count)


def together(understood: Collection[Understood]) -> Together:
    """What the files make impossible as a whole, and whether they are of different days."""
    impossible = set(impossible_with({one.kind for one in understood}))
    impossible.update(code for one in understood for code in one.forbids)
    nowhere = _history_without_communes(understood)
    if nowhere:
        impossible.update(code for code, one in indicators().items() if any("history" in way for way in one.needs))
    vintages = {one.vintage for one in understood if one.vintage and one.kind in ("stock_units", "stock_places")}
    remarks = [Remark("vintages_differ", len(vintages), examples=tuple(sorted(vintages)))] if len(vintages) > 1 else []
    if nowhere:
        remarks.append(Remark("history_nowhere"))
    if any(one.kind == "history" for one in understood):
        remarks.append(Remark("present_geography"))
    return Together(tuple(code for code in indicators() if code in impossible), tuple(remarks))


def _history_without_communes(understood: Collection[Understood]) -> bool:
    """The official history does not write communes: without the stock of the establishments it is of nowhere."""
    located = any(one.kind == "stock_places" for one in understood)
    return not located and any(
        one.kind == "history" and "codeCommuneEtablissement" in one.missing for one in understood
    )


def _of_one(
    running: Running, found: Found, table: ir.Table | None, today: date, communes: Communes | None
) -> Understood:
    look = LOOKS.get(found.kind)
    years: dict[str, int] = {}
    vintage, remarks = "", []
    if table is not None and look is not None:
        years, vintage, remarks = look(running, table, found, today)
        if communes is not None and "codeCommuneEtablissement" in found.columns:
            remarks += of_communes(running, table, communes)
    if found.bad:
        remarks.insert(
            0, Remark("bad_lines", found.bad, found.rows + found.bad, tuple(map(str, found.where[:EXAMPLES])))
        )
    if not found.rows:
        remarks.insert(0, Remark("empty"))
    if found.until_2018:
        remarks.insert(0, Remark("until_2018"))
    return Understood(
        found.file,
        found.kind,
        found.until_2018,
        found.rows,
        found.bad,
        found.where,
        found.columns,
        found.missing,
        forbidden(found),
        years,
        vintage,
        tuple(remark for remark in remarks if remark.count or remark.code in WITHOUT_COUNT),
    )


def forbidden(found: Found) -> tuple[str, ...]:
    """The indicators computed from this kind of file that its missing columns forbid."""
    declared = indicators()
    return tuple(
        code for code in forbidden_without(found.missing) if any(found.kind in way for way in declared[code].needs)
    )

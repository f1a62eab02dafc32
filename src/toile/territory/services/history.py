"""Importing the history of commune codes from the two files that tell it."""

from __future__ import annotations

import os

from toile.kernel.acts import Actor, act
from toile.thread.services import record

from ..facts import CODES_IMPORTED, CodesImported
from ..imports.history import read_periods, read_successions
from ..imports.report import Report
from ..models import Commune, CommuneCode
from ..rules.history import Life, lives
from .batches import batches
from .cog import add_successions


def import_code_history(
    actor: Actor,
    *,
    successions: str | os.PathLike[str] | None = None,
    periods: str | os.PathLike[str] | None = None,
) -> Report:
    """Learn old codes from a Parquet table of successions, then date them from the ASP's CSV of periods.

    The codes the ASP knows and nobody gives an heir to are counted to check; those in use today teach nothing and are
    outside. Records one fact, only where something changed.
    """
    report = Report()
    if successions is not None:
        _learn(actor, successions, report)
    if periods is not None:
        _date(actor, periods, report)
    if report.changes:
        with act(actor):
            record(CODES_IMPORTED, about=[], data=CodesImported(report.created, report.updated))
    return report


def _learn(actor: Actor, reference: str | os.PathLike[str], report: Report) -> None:
    pairs = read_successions(reference)
    moved = [(old, new) for old, new in pairs if old != new]
    before = set(CommuneCode.objects.values_list("code", "commune_id"))
    added = add_successions(actor, moved, "table des successions de codes")
    report.read += len(pairs)
    report.created += added
    report.unchanged += sum(pair in before for pair in moved)
    report.outside += len(pairs) - added - sum(pair in before for pair in moved)


def _date(actor: Actor, reference: str | os.PathLike[str], report: Report) -> None:
    read = read_periods(reference)
    report.read += len(read.rows) + len(read.refused)
    report.refused.extend(read.refused)
    in_use = set(Commune.objects.values_list("code", flat=True))
    held: dict[str, list[CommuneCode]] = {}
    for item in CommuneCode.objects.all():
        held.setdefault(item.code, []).append(item)
    told = lives(read.rows)
    late = {code for code, life in told.items() if any(_changes(item, life) for item in held.get(code, ()))}
    for row in read.rows:
        if row.code in held:
            report.updated += row.code in late
            report.unchanged += row.code not in late
        elif row.code in in_use:
            report.outside += 1
        else:
            report.to_check += 1
    changed = [item for code in sorted(late) for item in held[code]]
    for batch in batches(changed):
        with act(actor):
            for item in batch:
                life = told[item.code]
                item.name, item.since, item.until = life.name, life.since, life.until
            CommuneCode.objects.bulk_update(batch, ["name", "since", "until"])


def _changes(item: CommuneCode, life: Life) -> bool:
    return (item.name, item.since, item.until) != (life.name, life.since, life.until)

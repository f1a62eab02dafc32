"""The import engine: prepared rows in, short transactions out, one report; killed or repeated, it ends the same."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from time import monotonic, sleep

from django.db import connection

from toile.directory.facts import IMPORT_FINISHED, ImportCounts
from toile.directory.imports.batch import Batch, Memory
from toile.directory.imports.report import Report
from toile.directory.imports.rows import Incoming, Outside, Prepared, Refused
from toile.directory.portraits import Context
from toile.kernel.acts import Actor, act
from toile.thread.services import record

# A batch aims at this long, so that another writer never waits more than a second for its turn.
TARGET_SECONDS = 0.4
SMALLEST, LARGEST = 20, 2000
# A writer that waits for SQLite looks again every tenth of a second, and would find the next batch under way for ever:
# every so often the database is left alone for longer than that. Reading the next rows is often enough.
LEFT_ALONE, AT_LEAST_EVERY = 0.11, 0.35
# A batch makes many objects that go by themselves: looking for cycles among them took a fifth of the time.
OBJECTS_BEFORE_COLLECTION = 200_000


@dataclass(slots=True)
class Repeats:
    """What this file already said: a repeated row is kept once and told, whatever the batch it falls in."""

    rows: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    sirets: dict[str, int] = field(default_factory=dict)


class _Rehearsed(Exception):
    """Rolls back the batch of a dry run, its facts included."""


def import_rows(
    actor: Actor,
    incoming: Iterable[Incoming],
    *,
    source: str,
    context: Context,
    filename: str = "",
    dry_run: bool = False,
    progress: Callable[[Report], None] | None = None,
) -> Report:
    """Store rows in batches of at most half a second each, and record one fact for the import.

    Each row ends in one count of the report. With `dry_run` every batch is rolled back, and its memory stands for the
    rows that were not kept: the counts are those of a real import.
    """
    report = Report(source, filename, dry_run)
    repeats, memory = Repeats(), Memory()
    rows = _told(incoming, report, repeats)
    with _rare_collections():
        _store(actor, rows, context, report, memory, dry_run, progress)
    if not dry_run:
        with act(actor):
            record(IMPORT_FINISHED, about=[], data=_counts(report))
    return report


def _store(
    actor: Actor,
    rows: Iterator[Prepared],
    context: Context,
    report: Report,
    memory: Memory,
    dry_run: bool,
    progress: Callable[[Report], None] | None,
) -> None:
    """Batch after batch, each sized by the time the last one took."""
    size, left_alone, ended = 100, monotonic(), monotonic()
    while several := list(islice(rows, size)):
        started = monotonic()
        if started - ended < LEFT_ALONE and started - left_alone > AT_LEAST_EVERY and connection.vendor == "sqlite":
            sleep(LEFT_ALONE - (started - ended))
            started = monotonic()
        if started - ended >= LEFT_ALONE:
            left_alone = started
        with suppress(_Rehearsed), act(actor):
            Batch(context, report, memory).store(several)
            if dry_run:
                raise _Rehearsed
        ended = monotonic()
        spent = ended - started
        size = max(SMALLEST, min(LARGEST, int(size * min(2.0, TARGET_SECONDS / max(spent, 0.001)))))
        if progress:
            progress(report)


@contextmanager
def _rare_collections() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(OBJECTS_BEFORE_COLLECTION, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _counts(report: Report) -> ImportCounts:
    return ImportCounts(
        source=report.source,
        read=report.read,
        created=report.created,
        updated=report.updated,
        unchanged=report.unchanged,
        to_check=report.to_check,
        outside=report.outside,
        refused=report.refused_count,
    )


def _told(incoming: Iterable[Incoming], report: Report, repeats: Repeats) -> Iterator[Prepared]:
    """The good rows; the others are counted on the way, and a row that repeats another is told."""
    for row in incoming:
        if isinstance(row, Refused):
            report.refuse(row.line, row.column, row.reason)
        elif isinstance(row, Outside):
            report.outside += row.count
        elif not _is_repeated(row, report, repeats):
            yield row


def _is_repeated(row: Prepared, report: Report, repeats: Repeats) -> bool:
    own = row.records[0]
    key = (own.source, own.external_id)
    before = repeats.rows.setdefault(key, (row.line, own.checksum))
    if before[0] != row.line:
        verb = "répète" if before[1] == own.checksum else "contredit"
        report.doubt(row.line, f"Cette ligne {verb} la ligne {before[0]} : la première est gardée")
        return True
    siret = own.said.establishment.get("siret")
    if siret:
        first = repeats.sirets.setdefault(siret, row.line)
        if first != row.line:
            row.doubts.append(
                f"Le SIRET {siret} est déjà à la ligne {first} : les deux décrivent le même établissement"
            )
    return False

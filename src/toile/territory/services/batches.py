"""Writing many rows in short acts: a batch holds the database for at most half a second, so that others can write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import models

from toile.kernel.acts import Actor, act

from ..imports.report import Report

BATCH = 250
"""Rows in one act: some 50 ms, and far below half a second on a machine that is busy."""

Progress = Callable[[int, int], None]
"""Called with rows done and rows to do."""


@dataclass(frozen=True, slots=True)
class Writing:
    """Which table is written, with which fields, and how many rows in one act."""

    model: type[models.Model]
    fields: tuple[str, ...]
    batch: int = BATCH


def write_changed(
    actor: Actor,
    writing: Writing,
    rows: Mapping[str, Mapping[str, Any]],
    report: Report,
    progress: Progress | None = None,
) -> None:
    """Insert or update those of `rows` (key -> values of `fields`) that differ from what the table holds.

    Counts created, updated and unchanged in `report`. One read, then one act for each batch of changed rows: stopped
    half-way, it goes on where it was when run again.
    """
    key = writing.model._meta.pk.attname
    held = {row.pop(key): row for row in writing.model._default_manager.values(key, *writing.fields)}
    changed = {code: values for code, values in rows.items() if held.get(code) != values}
    report.unchanged += len(rows) - len(changed)
    done = 0
    for batch in batches(changed.items(), writing.batch):
        with act(actor):
            writing.model._default_manager.bulk_create(
                [writing.model(**{key: code}, **values) for code, values in batch],
                update_conflicts=True,
                unique_fields=[key],
                update_fields=list(writing.fields),
            )
        new = sum(code not in held for code, _ in batch)
        report.created += new
        report.updated += len(batch) - new
        done += len(batch)
        if progress:
            progress(done, len(changed))


def batches(items: Iterable[Any], size: int = BATCH) -> Iterable[list[Any]]:
    """`items` by lists of `size`, the last one shorter."""
    waiting = iter(items)
    while batch := list(islice(waiting, size)):
        yield batch

"""What the command line and the jobs call to import a list, from the file to its report."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from collections.abc import Mapping as Mapped
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from toile.directory import contexts, matching
from toile.directory.imports.engine import import_rows
from toile.directory.imports.lists import ESS, SIAE, Layout, read_list, read_spreadsheet
from toile.directory.imports.report import Report
from toile.directory.imports.rows import Incoming
from toile.directory.portraits import Context
from toile.directory.rules.mapping import Mapping, guess_mapping, mapping_from_toml, must_name
from toile.kernel.acts import Actor
from toile.kernel.tabular import Damaged, Table, open_table
from toile.territory.queries import Scope, scope

Progress = Callable[[Report], None] | None
SAMPLE = 50


def import_siae(
    path: Path,
    *,
    perimeter: str | None = None,
    dry_run: bool = False,
    report_path: Path | None = None,
    progress: Progress = None,
) -> Report:
    """Import the list of inclusion structures; all rows unless a perimeter is given. Raises a `UserError`."""
    return _import_list(path, "siae_list", SIAE, _("la liste des SIAE"), perimeter, dry_run, report_path, progress)


def import_ess(
    path: Path,
    *,
    perimeter: str | None = None,
    dry_run: bool = False,
    report_path: Path | None = None,
    progress: Progress = None,
) -> Report:
    """Import an ESS list in one of its known layouts; all rows unless a perimeter is given. Raises a `UserError`."""
    return _import_list(
        path, "ess_list", ESS, _("une liste de l’ESS connue"), perimeter, dry_run, report_path, progress
    )


def _import_list(
    path: Path,
    source: str,
    layouts: tuple[Layout, ...],
    name: str,
    perimeter: str | None,
    dry_run: bool,
    report_path: Path | None,
    progress: Progress,
) -> Report:
    context = contexts.current()
    with open_table(path) as table:
        rows = read_list(
            table, source=source, layouts=layouts, name=name, gazetteer=context.gazetteer, scope=_scope(perimeter)
        )
        actor = Actor.system(f"cli: import {source}")
        return _run(actor, rows, source, context, path.name, table, dry_run, report_path, progress)


def import_csv(
    path: Path,
    *,
    mapping: Path | Mapping | None = None,
    perimeter: str | None = None,
    dry_run: bool = False,
    report_path: Path | None = None,
    progress: Progress = None,
    actor: Actor | None = None,
    filename: str = "",
    constants: Mapped[str, Any] | None = None,
) -> Report:
    """Import any spreadsheet through a mapping: a TOML file, one already read, or guessed from the file itself.

    constants: values said of every row, as `correction: True` when a person confirms that all are of the ESS.
    """
    context = contexts.current()
    with open_table(path, filename=filename) as table:
        if mapping is None:
            columns = guess_mapping(table.columns, sample(path, filename))
        elif isinstance(mapping, Mapping):
            columns = mapping
        else:
            columns = mapping_from_toml(mapping.read_text(encoding="utf-8"), table.columns)
        rows = read_spreadsheet(
            table,
            mapping=must_name(columns),
            gazetteer=context.gazetteer,
            scope=_scope(perimeter),
            constants=constants or {},
        )
        who = actor or Actor.system("cli: import csv")
        return _run(who, rows, "spreadsheet", context, filename or path.name, table, dry_run, report_path, progress)


def sample(path: Path, filename: str = "") -> list[dict[str, str]]:
    """The first good rows of a file, for guessing its mapping and showing it."""
    rows: list[dict[str, str]] = []
    with open_table(path, filename=filename) as table:
        for row in table:
            if not isinstance(row, Damaged):
                rows.append(row.values)
            if len(rows) >= SAMPLE:
                break
    return rows


def import_sirene(
    unites: Path,
    etablissements: Path,
    *,
    perimeter: str,
    dry_run: bool = False,
    report_path: Path | None = None,
    progress: Progress = None,
) -> Report:
    """Import the establishments of a perimeter from the official stock, each with its legal unit."""
    from toile.directory.imports.sirene import read_sirene  # noqa: PLC0415 -- DuckDB is slow to read, and for this only

    context = contexts.current()
    inside = scope(perimeter)
    notes: list[str] = []
    rows = read_sirene(unites, etablissements, scope=inside, gazetteer=context.gazetteer, notes=notes)
    actor = Actor.system("cli: import sirene")
    report = import_rows(
        actor,
        rows,
        source="sirene_establishment",
        context=context,
        filename=etablissements.name,
        dry_run=dry_run,
        progress=progress,
    )
    report.notes += notes
    return _told(report, report_path)


def _scope(perimeter: str | None) -> Scope | None:
    return scope(perimeter) if perimeter else None


def _run(
    actor: Actor,
    rows: Iterable[Incoming],
    source: str,
    context: Context,
    filename: str,
    table: Table,
    dry_run: bool,
    report_path: Path | None,
    progress: Progress,
) -> Report:
    report = import_rows(
        actor, rows, source=source, context=context, filename=filename, dry_run=dry_run, progress=progress
    )
    report.notes += table.notes
    return _told(report, report_path)


def _told(report: Report, path: Path | None) -> Report:
    if path is not None:
        path.write_text(json.dumps(report.as_json(), ensure_ascii=False, indent=1), encoding="utf-8")
    return report


def match_structures(
    *,
    dry_run: bool = False,
    report_path: Path | None = None,
    progress: Callable[[int, int | None], None] | None = None,
) -> matching.Run:
    """Compare all structures, replace the candidates unless `dry_run`, and write the report if a file is given."""
    run = matching.match(Actor.system("cli: directory match"), dry_run=dry_run, progress=progress)
    if report_path is not None:
        told = run.as_json(matching.names_of(run.found))
        report_path.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    return run

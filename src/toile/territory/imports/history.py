"""Old commune codes: the table of present codes (Parquet) and the ASP's reference of periods (CSV)."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from ..rules.codes import SHAPE
from ..rules.history import Period, read_period
from .report import Refusal
from .source import SourceRefused, local_copy

HEADER = ["code_com_insee", "lib_com", "date_deb_insee", "date_fin_insee"]


def read_successions(reference: str | os.PathLike[str]) -> list[tuple[str, str]]:
    """(old code, present code) of a Parquet file with the columns `code_insee` and `code_insee_AAAA`, each pair once.

    Codes that did not change are in the file too, and in the answer. Raises `SourceRefused` for another file.
    """
    import duckdb  # noqa: PLC0415 -- slow to read, and only imports need it

    with local_copy(reference) as path, duckdb.connect() as connection:
        try:
            relation = connection.read_parquet(str(path))
            present = next((name for name in relation.columns if name.startswith("code_insee_")), None)
            if present is None or "code_insee" not in relation.columns:
                raise SourceRefused(
                    _("« %(reference)s » n’a pas les colonnes code_insee et code_insee_AAAA.")
                    % {"reference": os.fspath(reference)}
                )
            pairs = relation.project(f'code_insee, "{present}"').distinct().order(f'code_insee, "{present}"').fetchall()
        except duckdb.Error as error:
            raise SourceRefused(
                _("« %(reference)s » n’est pas un fichier Parquet lisible.") % {"reference": os.fspath(reference)}
            ) from error
    return [(old, new) for old, new in pairs if old and new and SHAPE.fullmatch(old) and SHAPE.fullmatch(new)]


@dataclass(slots=True)
class Periods:
    """The rows of the ASP's file that could be read, and the others."""

    rows: list[Period] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


def read_periods(reference: str | os.PathLike[str]) -> Periods:
    """Read the ASP's `communes_historique` (`;`, stray semicolons, lost zeros). Raises `SourceRefused`."""
    periods = Periods()
    with local_copy(reference) as path, path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        rows = _rows(lines)
        if next(rows, [])[:4] != HEADER:
            raise SourceRefused(
                _("« %(reference)s » n’a pas les colonnes %(columns)s.")
                % {"reference": os.fspath(reference), "columns": ", ".join(HEADER)}
            )
        for line, cells in enumerate(rows, 2):
            period = read_period(cells)
            if isinstance(period, str):
                periods.refused.append(Refusal(line, "", period))
            else:
                periods.rows.append(period)
    return periods


def _rows(lines: Iterator[str]) -> Iterator[list[str]]:
    try:
        yield from csv.reader(lines, delimiter=";")
    except csv.Error as error:
        raise SourceRefused(_("Ce fichier CSV est endommagé (%(error)s).") % {"error": error}) from error

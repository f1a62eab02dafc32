"""SQL over a stock file, whatever its layout: each official column that it can give, as DuckDB computes it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from . import stock_columns as official
from .stock_files import StockFile, WrongStock, name_of

_PADDED = {"siren": 9, "siret": 14, "nic": 5, "codeCommuneEtablissement": 5}


def is_until_2018(file: StockFile) -> bool:
    """Whether it has the layout used until 2018, where one file holds the establishments and their units."""
    return all(column in file.types for column in official.UNTIL_2018_MARK)


def expressions(file: StockFile, asked: Sequence[str]) -> dict[str, str]:
    """Each column asked that the file can give, as SQL text; numbers get back the zeros they lost."""
    if is_until_2018(file):
        return {column: sql for column in asked if (sql := official.UNTIL_2018.get(column)) and _has(file, sql)}
    known = {}
    for column in asked:
        if column in file.types:
            known[column] = name_of(column)
            if column in _PADDED and file.types[column] != "VARCHAR":
                known[column] = f"lpad({name_of(column)}::BIGINT::VARCHAR, {_PADDED[column]}, '0')"
    if "siret" in asked and "siret" not in known and "nic" in file.types and "siren" in known:
        known["siret"] = f"{known['siren']} || {name_of('nic')}"
    return known


def _has(file: StockFile, sql: str) -> bool:
    return all(column in file.types for column in re.findall(r'"(\w+)"', sql))


def required_of(file: StockFile, known: Mapping[str, str], required: Sequence[str], other: Sequence[str]) -> None:
    """Raise `WrongStock`, naming them, when columns that the stock cannot do without are not known.

    other: the columns of the other file of the stock; where they are there instead, the files were swapped, as is said.
    """
    lacking = [column for column in required if column not in known]
    if not lacking:
        return
    swapped = len(set(other) & set(file.types)) > len(other) // 2
    raise WrongStock(
        _("Le fichier %(name)s n’est pas le stock attendu : il lui manque %(columns)s.")
        % {"name": file.path.name, "columns": ", ".join(lacking)}
        + (" " + _("Les deux fichiers sont sans doute inversés.") if swapped else "")
    )


def listed(asked: Sequence[str], known: Mapping[str, str]) -> str:
    """What follows SELECT: every column asked, NULL where the file does not give it."""
    return ", ".join(f"{known.get(column, 'NULL')} AS {name_of(column)}" for column in asked)


def cleaned(asked: Sequence[str]) -> str:
    """Text without the spaces around; empty and hidden (`[ND]`) values become NULL."""
    return ", ".join(
        f"nullif(nullif(trim({name_of(column)}::VARCHAR), ''), '[ND]') AS {name_of(column)}" for column in asked
    )

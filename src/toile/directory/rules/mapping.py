"""From the columns of any spreadsheet to our own fields: guessed, written down, read back, applied."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Values
from typing import Final

from toile.directory.rules.mapping_guess import guess_mapping
from toile.directory.rules.mapping_shapes import MappedColumn, Mapping
from toile.directory.rules.mapping_words import TARGETS
from toile.kernel.errors import UserError

__all__ = [
    "TARGETS",
    "MappedColumn",
    "Mapping",
    "MappingError",
    "apply",
    "guess_mapping",
    "mapping_from_toml",
    "mapping_of",
    "mapping_to_toml",
    "must_name",
]

HIDDEN: Final = "[ND]"  # what SIRENE writes where a unit asked not to be shown
_WHOLE = re.compile(r"(\d{4,5})(\.0)?$")


class MappingError(UserError):
    """A mapping that names a field or a column that does not exist, or that is not TOML."""


def mapping_of(targets: Values[str, str], columns: Sequence[str]) -> Mapping:
    """The mapping that a person chose, from the target of each column (empty: left aside).

    Columns of one target are joined in the order of the file. Raises `MappingError` for an unknown target or column.
    """
    chosen: dict[str, list[str]] = {}
    for column in sorted((c for c, target in targets.items() if target), key=_place_in(columns)):
        chosen.setdefault(targets[column], []).append(column)
    return _checked(chosen, "choisie", columns)


def mapping_from_toml(text: str, columns: Sequence[str] | None = None) -> Mapping:
    """Read a mapping: a table `[fields]` of `target = "column"` or `target = ["column", "column"]`.

    `columns`, those of the file at hand, are checked when given. Raises `MappingError` naming what is wrong.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"La correspondance n’est pas un fichier TOML valable : {error}.") from error
    fields = content.get("fields")
    if not isinstance(fields, dict) or not fields:
        raise MappingError("La correspondance doit avoir une table [fields] avec au moins un champ.")
    chosen: dict[str, list[str]] = {}
    for target, value in fields.items():
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
            raise MappingError(f"Le champ « {target} » attend un nom de colonne, ou une liste de noms.")
        chosen[target] = names
    return _checked(chosen, "dite par la correspondance", columns)


def must_name(mapping: Mapping) -> Mapping:
    """The same mapping; raises `MappingError` when no column names the structures: every row would be refused."""
    if not {"name", "brand"} & mapping.fields.keys():
        raise MappingError("Dites quelle colonne donne le nom des structures : sans lui, aucune ligne n’est gardée.")
    return mapping


def mapping_to_toml(mapping: Mapping) -> str:
    """Write a mapping as `mapping_from_toml` reads it, what was left aside told in comments."""
    lines = ["# Champ de Toile = colonne du fichier, ou liste de colonnes à joindre.", "[fields]"]
    for target, mapped in mapping.fields.items():
        names = [_toml_text(column) for column in mapped.columns]
        lines.append(f"{target} = {names[0] if len(names) == 1 else '[' + ', '.join(names) + ']'}")
    if mapping.unmapped:
        lines.append("# Colonnes laissées de côté : " + ", ".join(_toml_text(column) for column in mapping.unmapped))
    return "\n".join(lines) + "\n"


def apply(mapping: Mapping, row: Values[str, str]) -> dict[str, str]:
    """The fields of one row, only those that are filled; hidden values (`[ND]`) count as empty."""
    said = {}
    for target, mapped in mapping.fields.items():
        parts = [" ".join((row.get(column) or "").split(" ")).strip() for column in mapped.columns]
        text = " ".join(part for part in parts if part and part != HIDDEN)
        if text:
            said[target] = _mended(target, text)
    return said


def _mended(target: str, text: str) -> str:
    """A postal or commune code that a spreadsheet took for a number (`1000`, `84200.0`) is five digits again."""
    if target in ("postal_code", "commune_code") and (found := _WHOLE.match(text)):
        return found[1].zfill(5)
    return text


def _checked(chosen: Values[str, list[str]], origin: str, columns: Sequence[str] | None) -> Mapping:
    taken: dict[str, str] = {}
    for target, names in chosen.items():
        if target not in TARGETS:
            raise MappingError(f"Le champ « {target} » n’existe pas. Champs possibles : {', '.join(TARGETS)}.")
        for name in names:
            if columns is not None and name not in columns:
                raise MappingError(f"La colonne « {name} » n’est pas dans le fichier. Colonnes : {', '.join(columns)}.")
            if taken.setdefault(name, target) != target:
                raise MappingError(f"La colonne « {name} » est prise par « {taken[name]} » et par « {target} ».")
    return Mapping(
        fields={target: MappedColumn(tuple(names), origin, 1.0) for target, names in chosen.items()},
        unmapped=[column for column in columns or () if column not in taken],
    )


def _place_in(columns: Sequence[str]) -> Callable[[str], int]:
    places = {column: place for place, column in enumerate(columns)}
    return lambda column: places.get(column, len(places))


def _toml_text(text: str) -> str:
    """A TOML basic string: JSON's escapes are all TOML's, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")

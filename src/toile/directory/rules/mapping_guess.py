"""The guess behind `guess_mapping`: every column is weighed for every field, the surest pairs are taken first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Values

from toile.directory.rules import mapping_words as words
from toile.directory.rules.mapping_shapes import MappedColumn, Mapping
from toile.directory.rules.mapping_values import FORMS, TELLING, looks_personal, share
from toile.kernel.fold import fold

EXACT, PARTIAL, BY_VALUES = 0.98, 0.7, 0.72
ENOUGH = 0.45
_CAMEL = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-Z])")
_NOT_WORD = re.compile(r"[^a-z0-9]+")

# Fields for which a header is not believed when the values have another form.
_STRICT = frozenset({
    "kind", "staff_band", "lon", "lat", "legal_category", "legal_form", "city", "commune_code", "website", "rna", "naf",
})  # fmt: skip


def guess_mapping(columns: Sequence[str], sample_rows: Iterable[Values[str, str]]) -> Mapping:
    """Guess which column holds which field, from folded header words and from the values of a few rows.

    Columns of persons (e-mail, telephone, names of contacts) are left out, with a note. Each column is used once.
    """
    return Guess(columns, list(sample_rows)).mapping()


def all_words(column: str) -> tuple[str, ...]:
    """The folded words of a header, camelCase cut."""
    return tuple(_NOT_WORD.sub(" ", fold(_CAMEL.sub(" ", column))).split())


def header_words(column: str) -> tuple[str, ...]:
    """« codePostalEtablissement » and « Code postal » give the same words, SIRENE's suffixes and the like apart."""
    found = all_words(column)
    for noise in words.NOISE:
        size = len(noise)
        if len(found) > size and found[-size:] == noise:
            found = found[:-size]
        if len(found) > size and found[:size] == noise and noise != ("siege",):
            found = found[size:]
    return found


class Guess:
    """The columns of one file, with a few of its rows, being matched to the fields."""

    def __init__(self, columns: Sequence[str], rows: Sequence[Values[str, str]]) -> None:
        self.columns = list(columns)
        self.values = {column: [row.get(column) or "" for row in rows] for column in columns}
        self.words = {column: header_words(column) for column in columns}
        self.personal = [column for column in columns if self._is_personal(column)]
        self.fields: dict[str, MappedColumn] = {}

    def mapping(self) -> Mapping:
        """The surest pair first, each column and each field used once; then an address told in parts."""
        free = [column for column in self.columns if column not in self.personal]
        pairs = sorted(
            ((self._weigh(target, column), target, column) for target in words.TARGETS for column in free),
            key=lambda pair: (-pair[0][0], list(words.TARGETS).index(pair[1]), self.columns.index(pair[2])),
        )
        for (confidence, why), target, column in pairs:
            if confidence >= ENOUGH and target not in self.fields and column not in self._taken():
                self.fields[target] = MappedColumn((column,), why, round(confidence, 2))
        self._complete_address([column for column in free if column not in self._taken("address")])
        fields = {target: self.fields[target] for target in words.TARGETS if target in self.fields}
        taken = {column for mapped in fields.values() for column in mapped.columns}
        unmapped = [column for column in self.columns if column not in taken]
        return Mapping(fields, unmapped, self.personal, self._notes(fields))

    def _taken(self, but: str = "") -> set[str]:
        return {column for target, mapped in self.fields.items() if target != but for column in mapped.columns}

    def _is_personal(self, column: str) -> bool:
        whole = all_words(column)
        if words.PERSONAL.intersection(whole) or looks_personal(self.values[column]):
            return True
        if any(_contains(whole, pair) for pair in words.PERSONAL_PAIRS):
            return True
        # Beside a first name, a bare « Nom » is a person's.
        return whole == ("nom",) and any("prenom" in header_words(other) for other in self.columns)

    def _weigh(self, target: str, column: str) -> tuple[float, str]:
        """How sure it is that a column holds a field, and why in French."""
        said = self._said_by_header(target, column)
        form = FORMS.get(target)
        found = share(self.values[column], form) if form else None
        header = f"en-tête « {column} »"
        if said:
            if found is None:
                return (said if form is None else said * 0.8), header
            if found >= 0.5:
                return said, f"{header}, et les valeurs en ont la forme"
            return (0.0 if target in _STRICT else said * 0.55), f"{header}, mais peu de valeurs en ont la forme"
        if target in TELLING and found is not None and found >= 0.8 and self._several(column):
            return BY_VALUES * found, f"{found:.0%} des valeurs en ont la forme".replace("%", " %")
        return 0.0, ""

    def _several(self, column: str) -> bool:
        return sum(1 for value in self.values[column] if value.strip()) >= 3

    def _said_by_header(self, target: str, column: str) -> float:
        found = self.words[column]
        if target in ("name", "brand", "address", "city") and words.OF_ANOTHER.intersection(found):
            return 0.0
        if target == "external_id" and not self._all_different(column):
            return 0.0
        whole = all_words(column)
        for place, phrase in enumerate(words.HEADERS[target]):
            if tuple(phrase.split()) in (found, whole):
                return EXACT - 0.01 * place
        for phrase in words.HEADERS[target]:
            split = tuple(phrase.split())
            if (len(split) > 1 or phrase in words.STRONG) and _contains(found, split):
                return PARTIAL
        return 0.0

    def _all_different(self, column: str) -> bool:
        filled = [value for value in self.values[column] if value.strip()]
        return len(set(filled)) == len(filled)

    def _complete_address(self, free: list[str]) -> None:
        """An address in parts is joined in the order it is written; a complement follows a whole address."""
        found: dict[int, str] = {}
        for part in words.SUREST_PARTS_FIRST:
            column = self._ending_with(words.ADDRESS_PARTS[part], [c for c in free if c not in found.values()])
            if column:
                found[part] = column
        whole = self.fields.get("address")
        street = found.get(words.STREET_PART)
        if street and (whole is None or whole.confidence < 0.9 or whole.columns == (street,)):
            joined = tuple(found[part] for part in sorted(found))
            self.fields["address"] = MappedColumn(joined, "adresse écrite en plusieurs colonnes", 0.9)
        elif whole and (more := self._ending_with(words.ADDRESS_MORE, [c for c in free if c not in whole.columns])):
            self.fields["address"] = MappedColumn((*whole.columns, more), f"{whole.why_fr}, avec son complément", 0.9)

    def _ending_with(self, phrases: Sequence[str], free: Sequence[str]) -> str | None:
        """The first column whose header ends with one of the phrases, the surest phrase first."""
        for phrase in phrases:
            split = tuple(phrase.split())
            for column in free:
                found = self.words[column]
                if found[-len(split) :] == split and ("cplt" in split or "cplt" not in found):
                    return column
        return None

    def _notes(self, fields: Values[str, MappedColumn]) -> list[str]:
        notes = []
        if self.personal:
            listed = ", ".join(f"« {column} »" for column in self.personal)
            notes.append(f"Laissées de côté, car elles parlent de personnes : {listed}.")
        if "name" not in fields:
            notes.append("Aucune colonne ne semble donner le nom des structures : choisissez-la.")
        doubtful = [target for target, mapped in fields.items() if mapped.confidence < 0.7]
        if doubtful:
            notes.append("À vérifier : " + ", ".join(words.TARGETS[target] for target in doubtful) + ".")
        return notes


def _contains(found: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    size = len(wanted)
    return any(found[start : start + size] == wanted for start in range(len(found) - size + 1))

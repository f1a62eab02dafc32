"""Identifiers of French organisations and places: what is valid, how damaged ones are mended, how they are written."""

import re
from functools import lru_cache
from typing import Final, Literal, NamedTuple

LA_POSTE: Final = "356000000"
NARROW_SPACE: Final = "\u202f"
# SIREN numbers begin with three zeros at most; shorter digits are something else.
_MOST_LOST_ZEROS: Final = 3

Nomenclature = Literal["NAF2025", "NAFRev2", "NAFRev1", "NAF1993", "NAP"]

_BLANKS: Final = re.compile(r"[\s\u200b-\u200d\u2060\ufeff'’]+")
_SCIENTIFIC: Final = re.compile(r"(\d)(?:[.,](\d+))?[eE]\+?(\d{1,3})", re.ASCII)
_DECIMAL_TAIL: Final = re.compile(r"(\d+)[.,]0{1,2}", re.ASCII)
_SEPARATORS: Final = re.compile(r"[.\-/,_]")
_COMMUNE: Final = re.compile(r"(?:0[1-9]|[1-8]\d|9[0-578]|2[AB])\d{3}", re.ASCII)
_RNA: Final = re.compile(r"W(?:\d{2}|2[AB]|9[A-Z])\d{7}", re.ASCII)
_NAF_NEW: Final = re.compile(r"(\d{1,2})\.?(\d{2})([A-Z])", re.ASCII)
_NAF_OLD: Final = re.compile(r"(\d{2})\.?(\d)([A-Z])", re.ASCII)
_NAP: Final = re.compile(r"(\d{2})\.?(\d{2})", re.ASCII)

_LONGEST_NAF: Final = len("00.00Z")
_DOUBLED: Final = str.maketrans("0123456789", "0246813579")

_MISSING: Final = frozenset({"", "[ND]", "ND", "NULL", "NONE", "NAN", "N/A"})


class Cleaned(NamedTuple):
    """A cleaned identifier, and a French note when something had to be mended or refused."""

    value: str | None
    note: str | None = None


class CleanedNaf(NamedTuple):
    """An activity code in its dotted form, the nomenclature it seems to belong to, and a French note."""

    code: str | None
    nomenclature: Nomenclature | None = None
    note: str | None = None


def _is_digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()


def _passes_luhn(digits: str) -> bool:
    """Luhn's key (ISO/IEC 7812-1) over ASCII digits: from the right, each second digit is doubled, nines cast out."""
    return (sum(map(int, digits[::-2])) + sum(map(int, digits[-2::-2].translate(_DOUBLED)))) % 10 == 0


def is_siren(text: str) -> bool:
    """Nine digits that pass Luhn's key, not all zero (domain L1)."""
    return _is_digits(text, 9) and text != "000000000" and _passes_luhn(text)


def is_siret(text: str) -> bool:
    """Fourteen digits, a valid SIREN then a NIC, that pass Luhn's key on the fourteen (domain L1).

    The establishments of La Poste do not: there the sum of the fourteen digits is a multiple of five.
    """
    if not _is_digits(text, 14) or not is_siren(text[:9]):
        return False
    if _passes_luhn(text):
        return True
    return text.startswith(LA_POSTE) and sum(map(int, text)) % 5 == 0


def _bare(text: object) -> str:
    """The text of a cell without blanks and quotes; empty for what sources write when they say nothing."""
    if isinstance(text, str) and text.isascii() and text.isalnum():
        bare = text
    else:
        bare = "" if text is None else _BLANKS.sub("", str(text))
    return "" if bare.upper() in _MISSING else bare


def _whole_number(bare: str) -> Cleaned:
    """Undo what a spreadsheet does to a number: `84200.0`, `7.3282932000074E+13`."""
    if match := _SCIENTIFIC.fullmatch(bare):
        head, tail, exponent = match[1], match[2] or "", int(match[3])
        if len(tail) != exponent:
            return Cleaned(None, f"« {bare} » : un tableur a arrondi ce numéro, ses derniers chiffres sont perdus")
        return Cleaned(head + tail, "numéro écrit par un tableur en notation scientifique, rétabli")
    if match := _DECIMAL_TAIL.fullmatch(bare):
        return Cleaned(match[1])
    return Cleaned(_SEPARATORS.sub("", bare))


def _clean_number(text: object, length: int, name: str) -> Cleaned:
    valid = is_siren if length == 9 else is_siret
    if isinstance(text, str) and valid(text):
        return Cleaned(text)
    bare = _bare(text)
    if not bare:
        return Cleaned(None)
    value, note = Cleaned(bare) if _is_digits(bare, length) else _whole_number(bare)
    if value is None:
        return Cleaned(None, note)
    if not (value.isascii() and value.isdigit()):
        return Cleaned(None, f"« {bare} » n’est pas un {name}")
    lost = length - len(value)
    if lost == 0:
        return Cleaned(value, note) if valid(value) else Cleaned(None, f"{name} {value} : clé de contrôle fausse")
    padded = value.zfill(length)
    if 0 < lost <= _MOST_LOST_ZEROS and valid(padded):
        return Cleaned(padded, f"{name} {value} complété par des zéros à gauche, la clé de contrôle est bonne")
    return Cleaned(None, f"« {bare} » : un {name} a {length} chiffres, celui-ci {len(value)}")


def clean_siren(text: object) -> Cleaned:
    """Read a SIREN from a cell: spaces and dots go, lost zeros come back if the key is right (domain L1).

    A valid SIRET gives its SIREN, said in the note. Never raises.
    """
    cleaned = _clean_number(text, 9, "SIREN")
    if cleaned.value is None and cleaned.note is not None:
        siret = _clean_number(text, 14, "SIRET").value
        if siret is not None:
            return Cleaned(siret[:9], f"SIREN tiré du SIRET {siret}")
    return cleaned


def clean_siret(text: object) -> Cleaned:
    """Read a SIRET from a cell, as `clean_siren` does; a SIREN alone is refused and said. Never raises."""
    cleaned = _clean_number(text, 14, "SIRET")
    if cleaned.value is None and cleaned.note is not None:
        digits = _whole_number(_bare(text)).value
        if digits is not None and is_siren(digits):
            return Cleaned(None, f"{digits} est un SIREN : il manque le numéro d’établissement (NIC)")
    return cleaned


def vat_number(siren: str) -> str:
    """Intra-community VAT number of a valid SIREN: FR, key (12 + 3·(SIREN mod 97)) mod 97, SIREN (domain L2).

    Raises ValueError when the SIREN is not valid.
    """
    if not is_siren(siren):
        raise ValueError(f"not a SIREN: {siren!r}")
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def clean_rna(text: object) -> Cleaned:
    """Read an association's number: `W` and nine characters; older prefecture numbers are kept as text (domain L2)."""
    bare = _bare(text).upper()
    if not bare:
        return Cleaned(None)
    if _RNA.fullmatch(bare):
        return Cleaned(bare)
    kept = " ".join(str(text).split())
    return Cleaned(kept, "numéro d’une forme ancienne (préfecture), gardé tel quel")


def naf_nomenclature(code: str) -> Nomenclature | None:
    """The nomenclature a dotted code seems to belong to, told by its shape; None when its shape says nothing.

    NAF rév. 2 ends with Z or A to F, NAF 2025 with Y or G to L: the two lists share no code (INSEE,
    lists of 732 and 747 codes). `45.2R` is NAF rév. 1 or 1993, told as rév. 1.
    """
    if len(code) == 6 and code[2] == ".":
        if code[5] in "ZABCDEF":
            return "NAFRev2"
        return "NAF2025" if code[5] in "YGHIJKL" else None
    if len(code) == 5 and code[2] == ".":
        return "NAP" if code[4].isdigit() else "NAFRev1"
    return None


def clean_naf(text: object) -> CleanedNaf:
    """Read an activity code, with or without dot: `8899B`, `88.99B`, `45.2R` (domain L4). Never raises."""
    bare = _bare(text).upper()
    if not bare:
        return CleanedNaf(None)
    read = _read_naf(bare) if len(bare) <= _LONGEST_NAF else None
    return read or CleanedNaf(None, None, f"« {bare} » n’est pas un code d’activité")


@lru_cache(maxsize=4096)
def _read_naf(bare: str) -> CleanedNaf | None:
    if match := _NAF_NEW.fullmatch(bare):
        division, group, letter = match.groups()
        if len(division) == 2 or "." in bare:
            code = f"{division:0>2}.{group}{letter}"
            if code == "00.00Z":
                return CleanedNaf(None, None, "activité non attribuée (00.00Z)")
            note = None if len(division) == 2 else f"code d’activité « {bare} » complété par un zéro à gauche"
            return CleanedNaf(code, naf_nomenclature(code), note)
    if match := _NAF_OLD.fullmatch(bare):
        code = f"{match[1]}.{match[2]}{match[3]}"
        return CleanedNaf(code, "NAFRev1", "ancien code à quatre signes : NAF rév. 1 ou NAF 1993")
    if match := _NAP.fullmatch(bare):
        return CleanedNaf(f"{match[1]}.{match[2]}", "NAP", "code sans lettre, incomplet ou ancien")
    return None


# Last division of each section. NAF 2025 splits information (J, K) and shifts the letters that follow.
_SECTIONS: Final[dict[str, tuple[tuple[int, str], ...]]] = {
    "NAFRev2": (
        (3, "A"), (9, "B"), (33, "C"), (35, "D"), (39, "E"), (43, "F"), (47, "G"), (53, "H"), (56, "I"), (63, "J"),
        (66, "K"), (68, "L"), (75, "M"), (82, "N"), (84, "O"), (85, "P"), (88, "Q"), (93, "R"), (96, "S"), (98, "T"),
        (99, "U"),
    ),
    "NAF2025": (
        (3, "A"), (9, "B"), (33, "C"), (35, "D"), (39, "E"), (43, "F"), (47, "G"), (53, "H"), (56, "I"), (60, "J"),
        (63, "K"), (66, "L"), (68, "M"), (75, "N"), (82, "O"), (84, "P"), (85, "Q"), (88, "R"), (93, "S"), (96, "T"),
        (98, "U"), (99, "V"),
    ),
}  # fmt: skip


def naf_section(code: str) -> str | None:
    """Section (one letter) of a dotted code, from its division, in the code's own nomenclature (domain L4).

    None for the nomenclatures before 2008, whose sections are others.
    """
    bounds = _SECTIONS.get(naf_nomenclature(code) or "")
    if bounds is None or not (code[:2].isascii() and code[:2].isdigit()) or code[:2] == "00":
        return None
    division = int(code[:2])
    return next(section for last, section in bounds if division <= last)


def clean_legal_category(text: object) -> Cleaned:
    """Read a legal category of four digits: `5499`, or `5710.0` as spreadsheets write it (domain A6)."""
    bare = _bare(text)
    if _is_digits(bare, 4):
        return Cleaned(bare)
    if not bare:
        return Cleaned(None)
    value, _ = _whole_number(bare)
    if value is not None and _is_digits(value, 4):
        return Cleaned(value)
    return Cleaned(None, f"« {bare} » n’est pas une catégorie juridique (quatre chiffres)")


def is_commune_code(text: str) -> bool:
    """The shape of a commune's code: five characters, 2A and 2B in Corsica, 97 and 98 overseas (domain L3)."""
    return _COMMUNE.fullmatch(text) is not None


def clean_commune_code(text: object) -> Cleaned:
    """Read a commune's code; a lost leading zero comes back and is said (`1001` is `01001`). Shape only."""
    bare = _bare(text).upper()
    if is_commune_code(bare):
        return Cleaned(bare)
    if not bare:
        return Cleaned(None)
    value, _ = _whole_number(bare)
    if value is not None:
        if is_commune_code(value):
            return Cleaned(value)
        if len(value) == 4 and is_commune_code(f"0{value}"):
            return Cleaned(f"0{value}", f"code de commune {value} complété par un zéro à gauche")
    return Cleaned(None, f"« {bare} » n’est pas un code de commune")


def clean_postal_code(text: object) -> Cleaned:
    """Read a postal code: `84200.0`, `1400` (said and completed), `42 000`. Shape only."""
    bare = _bare(text).upper()
    if not bare:
        return Cleaned(None)
    value = _whole_number(bare).value or ""
    if _is_digits(value, 5) and value > "00999":
        return Cleaned(value)
    if _is_digits(value, 4) and value >= "1000":
        return Cleaned(f"0{value}", f"code postal {value} complété par un zéro à gauche")
    return Cleaned(None, f"« {bare} » n’est pas un code postal")


def department_of(commune_code: str) -> str:
    """Code of the department of a commune: two characters, three overseas (`974`)."""
    return commune_code[:3] if commune_code.startswith(("97", "98")) else commune_code[:2]


def format_siren(siren: str) -> str:
    """A SIREN for reading: `732 829 320`, with narrow no-break spaces."""
    return NARROW_SPACE.join((siren[:3], siren[3:6], siren[6:9]))


def format_siret(siret: str) -> str:
    """A SIRET for reading: `732 829 320 00074`, with narrow no-break spaces."""
    return NARROW_SPACE.join((format_siren(siret[:9]), siret[9:]))

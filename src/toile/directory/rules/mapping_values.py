"""What the values of a column look like: the share of them that have the form of each target."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from toile.kernel.identifiers import clean_siren, clean_siret

_NAF = re.compile(r"\d\d\.?\d{1,2}[A-Z]$|\d\d\.\d\d?$")
_POSTAL = re.compile(r"\d{4,5}(\.0)?$")
_COMMUNE = re.compile(r"(\d{4,5}|2[AB]\d{3})(\.0)?$", re.IGNORECASE)
_CATEGORY = re.compile(r"[1-9]\d{3}(\.0)?$")
_RNA = re.compile(r"W\d[\dABab]\d{7}$", re.IGNORECASE)
_WEB = re.compile(
    r"(https?://\S+|(www\.)?[\w-]+(\.[\w-]+)*\.(fr|com|org|net|eu|coop|info|bzh|asso\.fr)(/\S*)?)$", re.IGNORECASE
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{4}|(18|19|20)\d\d$")
_MAIL = re.compile(r"\S+@\S+\.\w+")
_PHONE = re.compile(r"(\+33|0033|0)[\s.-]?\(?0?\)?[1-9]([\s.-]?\d\d){4}$")
_BANDS = frozenset({
    "NN", "00", "01", "02", "03", "0", "1", "2", "3", "11", "12", "21", "22", "31", "32", "41", "42", "51", "52", "53",
})  # fmt: skip
_KINDS = frozenset({"ACI", "EI", "AI", "ETTI", "GEIQ", "EA", "EATT", "EITI", "ESAT"})


def _number_within(low: float, high: float) -> Callable[[str], bool]:
    def within(text: str) -> bool:
        try:
            return low <= float(text.replace(",", ".")) <= high
        except ValueError:
            return False

    return within


# The form that a value of each target has; a target without one takes any text.
FORMS: Final[Mapping[str, Callable[[str], bool]]] = MappingProxyType({
    "siret": lambda text: clean_siret(text).value is not None,
    "siren": lambda text: clean_siren(text).value is not None and len(re.sub(r"\D", "", text)) <= 9,
    "rna": lambda text: bool(_RNA.match(text)),
    "naf": lambda text: bool(_NAF.match(text)),
    "postal_code": lambda text: bool(_POSTAL.match(text)),
    "commune_code": lambda text: bool(_COMMUNE.match(text)),
    "city": lambda text: not text[:1].isdigit(),
    "legal_category": lambda text: bool(_CATEGORY.match(text)),
    "legal_form": lambda text: not text[:1].isdigit(),
    "staff_band": lambda text: text.removesuffix(".0").upper() in _BANDS,
    "website": lambda text: bool(_WEB.match(text)),
    "lon": _number_within(-180, 180),
    "lat": _number_within(-90, 90),
    "kind": lambda text: text.upper() in _KINDS,
    "created_on": lambda text: bool(_DATE.match(text)),
    "name": lambda text: any(letter.isalpha() for letter in text),
    "brand": lambda text: any(letter.isalpha() for letter in text),
    "address": lambda text: any(letter.isalpha() for letter in text),
})  # fmt: skip

# Forms that nothing else has: enough on their own to recognise a column whose header says nothing.
TELLING: Final = ("siret", "siren", "rna", "naf", "website", "kind")


def share(values: Sequence[str], form: Callable[[str], bool]) -> float | None:
    """The share of the values, empty ones left aside, that have a form; None when all are empty."""
    filled = [value.strip() for value in values if value and value.strip()]
    if not filled:
        return None
    return sum(1 for value in filled if form(value)) / len(filled)


def looks_personal(values: Sequence[str]) -> bool:
    """Whether at least half of the values are e-mail addresses or French telephone numbers."""
    found = share(values, lambda text: bool(_MAIL.search(text) or _PHONE.match(text)))
    return found is not None and found >= 0.5

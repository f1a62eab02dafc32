"""Size classes of staff (INSEE): their bounds, their labels, and the estimate of a list of them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final, NamedTuple


class StaffBand(NamedTuple):
    """A size class: at least `low` and at most `high` employees; `high` None means no upper bound."""

    code: str
    low: int
    high: int | None
    label_fr: str

    @property
    def middle(self) -> Decimal:
        """Midpoint of the class; the lower bound for the open class 53 (domain A12)."""
        return Decimal(self.low + (self.low if self.high is None else self.high)) / 2


class StaffEstimate(NamedTuple):
    """An estimate with its interval: never printed without it."""

    low: int
    central: Decimal
    high: int
    units: int
    """Units whose class is known and counted."""
    unknown: int
    """Units whose class is not known: they add nothing, and are said."""
    open_ended: bool
    """Whether a class without upper bound (10 000 and more) was counted at its lower bound."""


_TABLE: Final = (
    StaffBand("NN", 0, 0, "Sans salarié, ou sans donnée"),
    StaffBand("00", 0, 0, "Sans salarié au 31 décembre (en a eu dans l’année)"),
    StaffBand("01", 1, 2, "1 ou 2 salariés"),
    StaffBand("02", 3, 5, "3 à 5 salariés"),
    StaffBand("03", 6, 9, "6 à 9 salariés"),
    StaffBand("11", 10, 19, "10 à 19 salariés"),
    StaffBand("12", 20, 49, "20 à 49 salariés"),
    StaffBand("21", 50, 99, "50 à 99 salariés"),
    StaffBand("22", 100, 199, "100 à 199 salariés"),
    StaffBand("31", 200, 249, "200 à 249 salariés"),
    StaffBand("32", 250, 499, "250 à 499 salariés"),
    StaffBand("41", 500, 999, "500 à 999 salariés"),
    StaffBand("42", 1000, 1999, "1\u202f000 à 1\u202f999 salariés"),
    StaffBand("51", 2000, 4999, "2\u202f000 à 4\u202f999 salariés"),
    StaffBand("52", 5000, 9999, "5\u202f000 à 9\u202f999 salariés"),
    StaffBand("53", 10000, None, "10\u202f000 salariés et plus"),
)
STAFF_BANDS: Final[Mapping[str, StaffBand]] = {band.code: band for band in _TABLE}
"""The sixteen classes of SIRENE (INSEE, trancheEffectifs; domain A12). They lag two to three years: show their year."""

UNKNOWN_LABEL: Final = "Effectif inconnu"


def staff_band(code: str | None) -> StaffBand | None:
    """The class of a code, also as spreadsheets write it (`1`, `2.0`); None when it is empty or unknown."""
    if not code:
        return None
    bare = code.strip().upper().removesuffix(".0")
    return STAFF_BANDS.get(bare.zfill(2) if bare else "")


def staff_label(code: str | None) -> str:
    """French label of a class; « Effectif inconnu » when the code is empty or unknown."""
    band = staff_band(code)
    return band.label_fr if band is not None else UNKNOWN_LABEL


def estimate_staff(codes: Iterable[str | None]) -> StaffEstimate:
    """Add up classes: the midpoints, and the interval from the lower to the upper bounds (domain A12).

    An open class counts its lower bound everywhere and is told by `open_ended`. A code that is
    empty or unknown adds nothing and is counted in `unknown`; NN is a class, of no employee.
    """
    low, central, high, units, unknown, open_ended = 0, Decimal(0), 0, 0, 0, False
    for code in codes:
        band = staff_band(code)
        if band is None:
            unknown += 1
            continue
        units += 1
        low += band.low
        central += band.middle
        high += band.low if band.high is None else band.high
        open_ended = open_ended or band.high is None
    return StaffEstimate(low, central, high, units, unknown, open_ended)


SIZE_CLASSES: Final[Mapping[str, tuple[str, ...]]] = {
    "0": ("00",),
    "1-9": ("01", "02", "03"),
    "10-49": ("11", "12"),
    "50+": ("21", "22", "31", "32", "41", "42", "51", "52", "53"),
    "inconnue": ("", "NN"),
}
"""The five classes a list is filtered by; « NN » may be no employee or no data, so it is unknown (domain A12)."""

SIZE_OF_BAND: Final[Mapping[str, str]] = {band: size for size, bands in SIZE_CLASSES.items() for band in bands}
"""The class of each code."""

SIZE_LABELS: Final[Mapping[str, str]] = {
    "0": "Sans salarié",
    "1-9": "1 à 9 salariés",
    "10-49": "10 à 49 salariés",
    "50+": "50 salariés et plus",
    "inconnue": "Taille inconnue",
}

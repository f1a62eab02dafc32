"""Reads the values of a case given as plain data (TOML, JSON), and gathers every fault so that all are told at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from toile.kernel.errors import UserError
from toile.pathway.rules.loans import cents

AMOUNT_MAX: Final = Decimal(1_000_000_000)
LINES_MAX: Final = 60
LABEL_MAX: Final = 120


class BadCase(UserError):
    """A case cannot be read; `faults` tells each place and what is wrong there."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        told = " ; ".join(f"{fault.where} : {fault.what_fr}" for fault in faults[:10])
        super().__init__(f"Le cas ne peut pas être lu : {told}.")
        self.faults = tuple(faults)


class Fault(NamedTuple):
    """What is wrong in a case, and where (« loan 2, years »)."""

    where: str
    what_fr: str


class CaseReading:
    """Reads values one by one: a wrong one becomes a fault, and the nearest acceptable value."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def refuse_faults(self) -> None:
        """Raise BadCase when anything was wrong."""
        if self.faults:
            raise BadCase(self.faults)

    def rows(self, case: Mapping[str, Any], key: str, most: int = LINES_MAX) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The tables of a list, each with where it stands (« loan 2 »)."""
        rows = case.get(key, [])
        if not isinstance(rows, list) or len(rows) > most:
            self.fault(key, f"une liste d’au plus {most} lignes est attendue")
            return
        for number, row in enumerate(rows, 1):
            if isinstance(row, Mapping):
                yield f"{key} {number}", row
            else:
                self.fault(f"{key} {number}", "une table est attendue")

    def code(self, row: Mapping[str, Any], codes: Collection[str], where: str, key: str = "code") -> str:
        """One of the codes known."""
        code = str(row.get(key, ""))
        if code not in codes:
            self.fault(f"{where}, {key}", f"« {code[:40]} » n’est pas l’un de : {', '.join(codes)}")
            return next(iter(codes))
        return code

    def label(self, row: Mapping[str, Any], where: str) -> str:
        """Words of one's own, short."""
        label = str(row.get("label", "")).strip()
        if len(label) > LABEL_MAX:
            self.fault(f"{where}, label", f"{LABEL_MAX} signes au plus")
        return label[:LABEL_MAX]

    def amount(
        self, row: Mapping[str, Any], key: str, where: str, *, signed: bool = False, default: int | None = None
    ) -> Decimal:
        """An amount in euros, to the cent; below 0 only when `signed`."""
        return self.amount_of(row.get(key, default), f"{where}, {key}", signed=signed)

    def amount_of(self, value: object, where: str, *, signed: bool = False) -> Decimal:
        """The same, for a value that stands alone."""
        amount = self.number_of(value, where, -AMOUNT_MAX if signed else Decimal(0), AMOUNT_MAX)
        if amount != cents(amount):
            self.fault(where, "pas plus fin que le centime")
        return cents(amount)

    def amounts(self, row: Mapping[str, Any], key: str, where: str, most: int) -> tuple[Decimal, ...]:
        """A list of amounts, one for each year."""
        values = row.get(key, [])
        if not isinstance(values, list) or len(values) > most:
            self.fault(f"{where}, {key}", f"une liste d’au plus {most} montants est attendue")
            return ()
        return tuple(self.amount_of(value, f"{where}, {key} {number}") for number, value in enumerate(values, 1))

    def whole(
        self, row: Mapping[str, Any], key: str, where: str, low: int, high: int, default: int | None = None
    ) -> int:
        """A whole number between bounds, both included."""
        number = self.number(row, key, where, Decimal(low), Decimal(high), default)
        if number != number.to_integral_value():
            self.fault(f"{where}, {key}", "un nombre entier est attendu")
        return int(number)

    def number(
        self, row: Mapping[str, Any], key: str, where: str, low: Decimal, high: Decimal, default: int | None = None
    ) -> Decimal:
        """A number between bounds, both included."""
        return self.number_of(row.get(key, default), f"{where}, {key}", low, high)

    def number_of(self, value: object, where: str, low: Decimal, high: Decimal) -> Decimal:
        """The same, for a value that stands alone."""
        try:
            number = Decimal("NaN") if value is None or isinstance(value, bool) else Decimal(str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_nan():
            self.fault(where, "manque" if value is None else "un nombre est attendu")
            return low
        if not low <= number <= high:
            self.fault(where, f"entre {low} et {high}")
            return low
        return number

    def fault(self, where: str, what_fr: str) -> None:
        """Keep something wrong."""
        self.faults.append(Fault(where, what_fr))

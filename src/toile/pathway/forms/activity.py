"""The form of an activity model: what is sold and what it costs; it gives the case of `rules.finance_case`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from toile.pathway.forms.amounts import AmountField, in_table

OFFERINGS: Final = 12
COSTS: Final = 20
YEARS: Final = 3
EMPTY: Final = 2


class Row(NamedTuple):
    """A line of a table: its words, then its numbers."""

    number: int
    label: BoundField
    fields: tuple[BoundField, ...]
    used: bool


class ActivityForm(forms.Form):
    """An activity over three years. A line without words nor numbers counts nothing."""

    title = forms.CharField(label=_("Nom de ce modèle"), max_length=120, initial=_("Modèle d’activité"))
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, OFFERINGS + 1):
            prefix = f"sold{number}_"
            self.fields[f"{prefix}label"] = self._words(_t("Ce qui est vendu, ligne %(n)s") % {"n": number})
            price = AmountField(label=_t("Prix, ligne %(n)s") % {"n": number})
            self.fields[f"{prefix}price"] = in_table(price, _t("Prix"))
            cost = AmountField(label=_t("Coût d’une unité de plus, ligne %(n)s") % {"n": number})
            self.fields[f"{prefix}unit_cost"] = in_table(cost, _t("Coût d’une de plus"))
            self._yearly(prefix, _t("Nombre, ligne %(n)s") % {"n": number})
        for number in range(1, COSTS + 1):
            self.fields[f"cost{number}_label"] = self._words(_t("Charge, ligne %(n)s") % {"n": number})
            self._yearly(f"cost{number}_", _t("Montant, ligne %(n)s") % {"n": number})
        self._yearly("aid_", _t("Subventions d’exploitation"))

    def year_numbers(self) -> range:
        """1 to the last year."""
        return range(1, YEARS + 1)

    def offerings(self) -> list[Row]:
        """The lines of what is sold: those in use, and some empty ones."""
        return self._shown([self._row("sold", number, ("price", "unit_cost")) for number in range(1, OFFERINGS + 1)])

    def costs(self) -> list[Row]:
        """The lines of fixed costs: those in use, and some empty ones."""
        return self._shown([self._row("cost", number, ()) for number in range(1, COSTS + 1)])

    def aid(self) -> list[BoundField]:
        """The subsidies of each year."""
        return [self[f"aid_{year}"] for year in range(1, YEARS + 1)]

    def case(self) -> dict[str, Any]:
        """The case of a form that is right."""
        said = self.cleaned_data
        return {
            "offering": [
                {
                    "label": said.get(f"sold{n}_label", ""),
                    "price": str(said.get(f"sold{n}_price") or 0),
                    "unit_cost": str(said.get(f"sold{n}_unit_cost") or 0),
                    "volumes": self._values(f"sold{n}_"),
                }
                for n in range(1, OFFERINGS + 1)
                if self._has(f"sold{n}_")
            ],
            "fixed": [
                {"label": said.get(f"cost{n}_label", ""), "amounts": self._values(f"cost{n}_")}
                for n in range(1, COSTS + 1)
                if self._has(f"cost{n}_")
            ],
            "aid": self._values("aid_") if self._has("aid_") else [],
        }

    @staticmethod
    def initial_of(title: str, case: Mapping[str, Any], revision: int) -> dict[str, Any]:
        """What the fields show for a kept case."""
        initial: dict[str, Any] = {"title": title, "revision": revision}
        for number, row in enumerate(case.get("offering", ()), 1):
            initial[f"sold{number}_label"] = row["label"]
            initial |= {f"sold{number}_{name}": Decimal(row[name]) for name in ("price", "unit_cost")}
            initial |= {f"sold{number}_{year}": Decimal(value) for year, value in enumerate(row["volumes"], 1)}
        for number, row in enumerate(case.get("fixed", ()), 1):
            initial[f"cost{number}_label"] = row["label"]
            initial |= {f"cost{number}_{year}": Decimal(value) for year, value in enumerate(row["amounts"], 1)}
        return initial | {f"aid_{year}": Decimal(value) for year, value in enumerate(case.get("aid", ()), 1)}

    @staticmethod
    def _shown(rows: list[Row]) -> list[Row]:
        last = max((row.number for row in rows if row.used), default=1)
        return rows[: last + EMPTY]

    def _words(self, label: str) -> forms.Field:
        return in_table(forms.CharField(label=label, max_length=120, required=False), "")

    def _yearly(self, prefix: str, label: str) -> None:
        for year in range(1, YEARS + 1):
            name = _t("%(what)s, année %(year)s") % {"what": label, "year": year}
            self.fields[f"{prefix}{year}"] = in_table(AmountField(label=name), _t("Année %(year)s") % {"year": year})

    def _row(self, kind: str, number: int, names: tuple[str, ...]) -> Row:
        prefix = f"{kind}{number}_"
        fields = tuple(self[f"{prefix}{name}"] for name in (*names, *map(str, range(1, YEARS + 1))))
        label = self[f"{prefix}label"]
        return Row(number, label, fields, any(one.value() for one in (label, *fields)))

    def _values(self, prefix: str) -> list[str]:
        return [str(self.cleaned_data.get(f"{prefix}{year}") or 0) for year in range(1, YEARS + 1)]

    def _has(self, prefix: str) -> bool:
        names = ("label", "price", *map(str, range(1, YEARS + 1)))
        return any(self.cleaned_data.get(f"{prefix}{name}") for name in names)

"""The form of a financing plan: needs, resources, loans, years; what it gives is the case of `rules.finance_case`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from toile.pathway.forms.amounts import AmountField, in_table
from toile.pathway.rules.finance_lines import KIND_WORDS, finance_lines

LOANS: Final = 5
YEARS: Final = 5
FORMS: Final = (
    ("", _("pas encore choisie")),
    ("scop", "SCOP"),
    ("scic", "SCIC"),
    ("association", _("association")),
    ("autre", _("autre")),
)
YEAR_FIELDS: Final = ("ebitda", "tax", "investments", "more_capital_need", "interest_on_shares", "contributions")
YEAR_LABELS: Final = {
    "ebitda": _("Excédent brut d’exploitation"),
    "tax": _("Impôt"),
    "investments": _("Investissements"),
    "more_capital_need": _("Hausse du besoin en fonds de roulement"),
    "interest_on_shares": _("Intérêts aux parts"),
    "contributions": _("Apports de l’année (seconde moitié de l’ARCE…)"),
}
SIGNED: Final = ("ebitda", "tax", "more_capital_need")
CAPITAL_LABELS: Final = {
    "stock": _("Stock"),
    "sales": _("Ventes d’un an, TVA comprise"),
    "customer_days": _("Jours avant que les clients paient"),
    "purchases": _("Achats d’un an, TVA comprise"),
    "supplier_days": _("Jours avant de payer les fournisseurs"),
}


class LoanRow(NamedTuple):
    """The fields of one loan."""

    number: int
    fields: tuple[BoundField, ...]
    used: bool


class YearRow(NamedTuple):
    """One line of the table of years: its name, a field for each year."""

    label: str
    fields: tuple[BoundField, ...]


class FinanceForm(forms.Form):
    """A plan. Amounts that are empty count nothing; a year counts when its EBITDA is said."""

    title = forms.CharField(label=_("Nom de ce plan"), max_length=120, initial=_("Plan de financement"))
    form = forms.ChoiceField(label=_("Forme juridique"), choices=FORMS, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = finance_lines()
        for code, need in known.needs.items():
            self.fields[f"need_{code}"] = AmountField(label=need.label_fr, help_text=need.help_fr)
        for code, resource in known.resources.items():
            if not resource.lent:
                self.fields[f"resource_{code}"] = AmountField(label=resource.label_fr, help_text=resource.help_fr)
        for number in range(1, LOANS + 1):
            self._add_loan(number)
        for number in range(1, YEARS + 1):
            for name in YEAR_FIELDS:
                label = _t("%(what)s, année %(number)s") % {"what": YEAR_LABELS[name], "number": number}
                field = AmountField(label=label, signed=name in SIGNED)
                self.fields[f"year{number}_{name}"] = in_table(field, _t("Année %(number)s") % {"number": number})
        for name, label in CAPITAL_LABELS.items():
            high = {"high": Decimal(365)} if name.endswith("_days") else {}
            self.fields[f"capital_{name}"] = AmountField(label=label, **high)

    def needs(self) -> list[BoundField]:
        """The fields of needs, in order."""
        return [self[f"need_{code}"] for code in finance_lines().needs]

    def resources(self) -> Iterator[tuple[str, list[BoundField]]]:
        """The fields of resources that are not loans, by kind."""
        known = finance_lines().resources
        for kind, words in KIND_WORDS.items():
            fields = [self[f"resource_{code}"] for code, line in known.items() if line.kind == kind and not line.lent]
            if fields:
                yield _t(words), fields

    def loans(self) -> list[LoanRow]:
        """The fields of each loan; the first ones and those in use are shown open."""
        return [
            LoanRow(number, tuple(self[f"loan{number}_{name}"] for name in self._loan_names()), self._is_used(number))
            for number in range(1, LOANS + 1)
        ]

    def years(self) -> list[YearRow]:
        """The table of years."""
        return [
            YearRow(str(YEAR_LABELS[name]), tuple(self[f"year{number}_{name}"] for number in range(1, YEARS + 1)))
            for name in YEAR_FIELDS
        ]

    def year_numbers(self) -> range:
        """1 to the last year of the table."""
        return range(1, YEARS + 1)

    def capital(self) -> list[BoundField]:
        """The fields of the working-capital need."""
        return [self[f"capital_{name}"] for name in CAPITAL_LABELS]

    def clean(self) -> dict[str, Any]:
        """A loan that has an amount says its kind and its length; one that has a kind says its amount."""
        cleaned = super().clean() or self.cleaned_data
        for number in range(1, LOANS + 1):
            code, amount = cleaned.get(f"loan{number}_code"), cleaned.get(f"loan{number}_amount")
            if code and amount is None and f"loan{number}_amount" not in self.errors:
                self.add_error(f"loan{number}_amount", _t("Dites le montant de ce prêt, ou retirez-le."))
            if amount is not None and not code:
                self.add_error(f"loan{number}_code", _t("Dites de quel prêt il s’agit."))
            if amount is not None and cleaned.get(f"loan{number}_years") is None:
                self.add_error(f"loan{number}_years", _t("Dites en combien d’années il se rembourse."))
        capital = [cleaned.get(f"capital_{name}") for name in CAPITAL_LABELS]
        if any(value is not None for value in capital) and cleaned.get("capital_sales") is None:
            self.add_error("capital_sales", _t("Dites les ventes d’un an, ou videz les autres cases du besoin."))
        return cleaned

    def case(self) -> dict[str, Any]:
        """The case of a form that is right."""
        said = self.cleaned_data
        known = finance_lines()
        case: dict[str, Any] = {
            "form": said["form"] if said["form"] in ("scop", "scic") else "",
            "need": _lines(said, "need_", known.needs),
            "resource": _lines(said, "resource_", known.resources),
            "loan": [
                self._loan(number) for number in range(1, LOANS + 1) if said.get(f"loan{number}_amount") is not None
            ],
            "year": self._years(),
        }
        if said.get("capital_sales") is not None:
            case["working_capital"] = {name: str(said.get(f"capital_{name}") or 0) for name in CAPITAL_LABELS}
        return case

    @staticmethod
    def initial_of(title: str, case: Mapping[str, Any], revision: int) -> dict[str, Any]:
        """What the fields show for a kept case."""
        initial: dict[str, Any] = {"title": title, "form": case.get("form", ""), "revision": revision}
        for key in ("need", "resource"):
            for row in case.get(key, ()):
                initial[f"{key}_{row['code']}"] = Decimal(row["amount"])
        for number, row in enumerate(case.get("loan", ()), 1):
            for name, value in row.items():
                initial[f"loan{number}_{name}"] = Decimal(value) if name in ("amount", "rate") else value
        for number, row in enumerate(case.get("year", ()), 1):
            shown = {name: Decimal(value) for name, value in row.items() if name == "ebitda" or Decimal(value)}
            initial |= {f"year{number}_{name}": value for name, value in shown.items()}
        for name, value in case.get("working_capital", {}).items():
            initial[f"capital_{name}"] = Decimal(value)
        return initial

    @staticmethod
    def _loan_names() -> tuple[str, ...]:
        return ("code", "amount", "rate", "years", "grace", "year", "guarantee")

    def _add_loan(self, number: int) -> None:
        known = finance_lines()
        codes = [("", _("aucun")), *((code, _t(line.label_fr)) for code, line in known.resources.items() if line.lent)]
        guarantees = [("", _("aucune")), *((code, _t(label)) for code, label in known.guarantees.items())]
        prefix, most = f"loan{number}_", Decimal(known.thresholds.loan_years_max)
        self.fields[f"{prefix}code"] = forms.ChoiceField(label=_("Quel prêt"), choices=codes, required=False)
        self.fields[f"{prefix}amount"] = AmountField(label=_("Montant"))
        self.fields[f"{prefix}rate"] = AmountField(label=_("Taux, en % par an"), high=known.thresholds.rate_max)
        self.fields[f"{prefix}years"] = AmountField(label=_("Durée, en années"), whole=True, high=most)
        self.fields[f"{prefix}grace"] = AmountField(label=_("Années sans capital, au début"), whole=True, high=most)
        self.fields[f"{prefix}year"] = AmountField(
            label=_("Année où il est tiré (0 : à l’ouverture)"), whole=True, high=Decimal(YEARS)
        )
        self.fields[f"{prefix}guarantee"] = forms.ChoiceField(label=_("Garantie"), choices=guarantees, required=False)

    def _is_used(self, number: int) -> bool:
        prefix = f"loan{number}_"
        return number <= 1 or any(self[f"{prefix}{name}"].value() for name in ("code", "amount"))

    def _loan(self, number: int) -> dict[str, Any]:
        said, prefix = self.cleaned_data, f"loan{number}_"
        numbers = {name: str(said.get(f"{prefix}{name}") or 0) for name in ("amount", "rate", "years", "grace", "year")}
        return numbers | {"code": said[f"{prefix}code"], "guarantee": said.get(f"{prefix}guarantee", "")}

    def _years(self) -> list[dict[str, str]]:
        said = self.cleaned_data
        last = max((n for n in range(1, YEARS + 1) if said.get(f"year{n}_ebitda") is not None), default=0)
        return [
            {name: str(said.get(f"year{number}_{name}") or 0) for name in YEAR_FIELDS} for number in range(1, last + 1)
        ]


def _lines(said: Mapping[str, Any], prefix: str, codes: Mapping[str, Any]) -> list[dict[str, str]]:
    """The lines that have an amount."""
    return [{"code": code, "amount": str(said[f"{prefix}{code}"])} for code in codes if said.get(f"{prefix}{code}")]

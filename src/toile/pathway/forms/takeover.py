"""The form of a takeover calendar: what is known of the sale or of the court, as `rules.takeover_case` reads it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from toile.pathway.forms.amounts import AmountField
from toile.pathway.rules.takeover_law import takeover_law


class DayField(forms.DateField):
    """A day, chosen or typed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs)


class TakeoverForm(forms.Form):
    """A sale in good health, or a firm before the court: one of the two at least."""

    title = forms.CharField(label=_("Nom de ce calendrier"), max_length=120, initial=_("Calendrier de la reprise"))
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)
    sale_on = DayField(label=_("Jour prévu de la vente"))
    employees = AmountField(label=_("Salariés de l’entreprise"), whole=True, high=Decimal(100_000))
    price = AmountField(label=_("Prix prévu"), help_text=_("Il sert à dire l’amende la plus forte."))
    cse = forms.BooleanField(
        label=_("Il y a un comité social et économique doté des attributions d’une entreprise de 50 salariés"),
        required=False,
    )
    minority = forms.BooleanField(
        label=_("La vente ne porte ni sur le fonds, ni sur la majorité des parts ou des actions"), required=False
    )
    exclusions = forms.MultipleChoiceField(
        label=_("Cas où l’information n’est pas due"), required=False, widget=forms.CheckboxSelectMultiple
    )
    told_on = DayField(label=_("Jour où le dernier salarié a été informé"))
    all_declined_on = DayField(label=_("Jour où tous les salariés ont dit ne pas faire d’offre"))
    last_told = DayField(label=_("Dernière information des salariés sur la reprise (obligation de tous les trois ans)"))
    court = forms.ChoiceField(label=_("Ce que le tribunal a ouvert"), required=False)
    opened = DayField(label=_("Jour du jugement d’ouverture"))
    mandate = DayField(label=_("Jour où le conseil a donné mandat d’étudier la transformation"))
    limit = DayField(label=_("Date limite de dépôt des offres, fixée par le tribunal"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        law = takeover_law()
        self.fields["exclusions"].choices = [(code, _t(words)) for code, words in law.exclusions.items()]
        courts = [(code, _t(court.label_fr)) for code, court in law.courts.items()]
        self.fields["court"].choices = [("", _("rien")), *courts]

    def clean(self) -> dict[str, Any]:
        """A date of the sale, or what the court decided."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        if not any(cleaned.get(name) for name in ("sale_on", "opened", "limit", "mandate")):
            raise forms.ValidationError(
                _t("Donnez le jour prévu de la vente, les dates du tribunal, ou le jour du mandat du conseil.")
            )
        if cleaned.get("opened") and not cleaned.get("court"):
            self.add_error("court", _t("Dites ce que le tribunal a ouvert ce jour-là."))
        if cleaned.get("sale_on") and cleaned.get("employees") is None:
            self.add_error("employees", _t("Dites combien de salariés : l’obligation en dépend."))
        opened, limit = cleaned.get("opened"), cleaned.get("limit")
        if opened and limit and limit < opened:
            self.add_error("limit", _t("La limite des offres vient après le jugement : vérifiez les deux dates."))
        return cleaned

    def case(self) -> dict[str, Any]:
        """The case of a form that is right."""
        said = self.cleaned_data
        case: dict[str, Any] = {name: _iso(said[name]) for name in ("opened", "limit", "mandate")} | {
            "court": said["court"]
        }
        if said["sale_on"]:
            days = ("sale_on", "told_on", "last_told", "all_declined_on")
            case |= {name: _iso(said[name]) for name in days} | {
                "employees": int(said["employees"]),
                "price": None if said["price"] is None else str(said["price"]),
                "cse": said["cse"],
                "control": not said["minority"],
                "exclusions": said["exclusions"],
            }
        return case

    @staticmethod
    def initial_of(title: str, case: Mapping[str, Any], revision: int) -> dict[str, Any]:
        """What the fields show for a kept case."""
        initial = dict(case) | {"title": title, "revision": revision, "minority": not case.get("control", True)}
        if case.get("price") is not None:
            initial["price"] = Decimal(case["price"])
        return initial


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None

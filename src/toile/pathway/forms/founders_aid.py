"""The form that says what ARCE and ACRE come to, and until when one becomes a member of one's CAE."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from toile.pathway.forms.amounts import AmountField
from toile.pathway.forms.takeover import DayField


class FoundersAidForm(forms.Form):
    """Nothing of it is kept."""

    start = DayField(label=_("Début de l’activité"))
    days = AmountField(label=_("Jours d’allocation qui restent"), whole=True, high=Decimal(1500))
    daily = AmountField(label=_("Allocation par jour, brute"), high=Decimal(1000))
    income = AmountField(label=_("Revenu attendu sur un an"))
    cape_first = DayField(label=_("Premier jour du CAPE"), help_text=_("Contrat d’appui au projet d’entreprise."))
    cape_last = DayField(label=_("Dernier jour du CAPE"))
    cesa = DayField(label=_("Signature du contrat d’entrepreneur salarié"))

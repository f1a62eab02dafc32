"""The forms of a structure's page: write to it, report an error, treat a report, prefer a value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from toile.directory.models.reports import ReportState, Subject
from toile.kernel.open_forms import OpenForm
from toile.kernel.throttle import Pace

WHOLE_ADDRESS: Final = {"invalid": _("Il manque un morceau de cette adresse, peut-être la fin, par exemple « .fr ».")}
RULE: Final = "rule"
"""The choice that leaves a field to the rule."""


class ContactForm(OpenForm):
    """A message to a structure, carried to it without showing its address."""

    purpose = "contact"
    counted = ("email",)
    name = forms.CharField(
        label=_("Votre nom, ou celui de votre structure"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Votre courriel"),
        max_length=254,
        help_text=_("Pour la réponse seulement. Il n’est ni publié ni gardé ici : il part avec votre message."),
        error_messages=WHOLE_ADDRESS,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    message = forms.CharField(
        label=_("Votre message"), max_length=4000, min_length=10, widget=forms.Textarea(attrs={"rows": 5})
    )

    def clean_message(self) -> str:
        """Two links at most."""
        return self.few_links("message")


class ReportForm(OpenForm):
    """An error seen on a page, by anybody."""

    purpose = "report"
    counted = ("email",)
    paces = (Pace(5, 600), Pace(20, 24 * 3600))
    subject = forms.ChoiceField(
        label=_("Ce qui est faux"),
        choices=[("", _("Choisissez")), *Subject.choices],
        error_messages={"required": _("Choisissez ce qui est faux.")},
    )
    words = forms.CharField(
        label=_("Ce qui serait juste, si vous le savez"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    email = forms.EmailField(
        label=_("Votre courriel"),
        required=False,
        max_length=254,
        help_text=_("Pour vous dire ce que devient votre signalement. Effacé 90 jours après la réponse."),
        error_messages=WHOLE_ADDRESS,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_words(self) -> str:
        """Two links at most; « une autre information » has to be named."""
        words = self.few_links("words")
        if not words.strip() and self.cleaned_data.get("subject") == Subject.WRONG:
            raise forms.ValidationError(_("Dites quelle information est fausse."))
        return words


class TreatForm(forms.Form):
    """What becomes of a report: mended or not, and the answer."""

    answer = forms.CharField(
        label=_("Votre réponse"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Ce que vous avez fait, ou pourquoi rien ne change. Indispensable pour classer sans suite."),
    )
    state = forms.ChoiceField(
        choices=[(ReportState.MENDED.value, ""), (ReportState.REFUSED.value, "")],
        widget=forms.HiddenInput,
        error_messages={"required": _("Choisissez un des deux boutons.")},
    )

    def clean(self) -> dict[str, Any]:
        """A refusal is explained."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("state") == ReportState.REFUSED and not (cleaned.get("answer") or "").strip():
            self.add_error("answer", _("Dites pourquoi rien ne change."))
        return cleaned


class PreferForm(forms.Form):
    """Which of the values said is shown, and why; the rule's own choice needs no reason."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    choice = forms.ChoiceField(label=_("Ce que la fiche doit montrer"), widget=forms.RadioSelect)
    because = forms.CharField(
        label=_("Pourquoi"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Montré sur la fiche. Sans objet pour laisser la règle choisir."),
        error_messages={"required": _("Dites pourquoi cette valeur est la bonne.")},
    )

    def __init__(self, *args: Any, options: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        """options: (record, what it says with its source and date)."""
        super().__init__(*args, **kwargs)
        self.fields["choice"].choices = [*options, (RULE, _("Laisser la règle choisir"))]
        self.fields["because"].required = self.data.get("choice") != RULE

"""What a moderator sends: an answer about a pair, sure pairs confirmed together, rows that change sides."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from toile.directory.models.records import Verdict


class JudgementForm(forms.Form):
    """An answer about two structures. instead: the « one cannot tell » that the page showed, and that this replaces."""

    verdict = forms.ChoiceField(
        choices=Verdict.choices,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": _("Choisissez l’une des trois réponses.")},
    )
    words = forms.CharField(
        label=_("Pourquoi"),
        max_length=300,
        required=False,
        help_text=_("Gardé avec le jugement. N’y écrivez le nom de personne."),
    )
    instead = forms.UUIDField(widget=forms.HiddenInput, required=False)

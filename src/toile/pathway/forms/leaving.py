"""The shape of a handing over: to whom, what, and what must be known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _


class LeavingForm(forms.Form):
    """Who takes over what. cases, firms: what may be chosen, with their names."""

    to = forms.ChoiceField(label=_("À qui"), error_messages={"required": _("Choisissez qui reprend.")})
    words = forms.CharField(
        label=_("Ce qu’il faut savoir"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Écrit dans chaque dossier repris."),
        error_messages={"required": _("Dites en une phrase ce qu’il faut savoir.")},
    )
    what = forms.ChoiceField(
        label=_("Quoi"),
        choices=[("all", _("tout ce que cette personne suit")), ("some", _("seulement ce que je coche"))],
        widget=forms.RadioSelect,
        initial="all",
    )
    cases = forms.MultipleChoiceField(label=_("Dossiers"), required=False, widget=forms.CheckboxSelectMultiple)
    firms = forms.MultipleChoiceField(
        label=_("Structures suivies"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        others: Sequence[tuple[UUID, str]],
        cases: Sequence[tuple[UUID, str]],
        firms: Sequence[tuple[UUID, str]],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        for name, choices in (("to", others), ("cases", cases), ("firms", firms)):
            self.fields[name].choices = [(str(pk), label) for pk, label in choices]

    def clean(self) -> dict[str, Any]:
        """Some means at least one."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("what") == "some" and not cleaned.get("cases") and not cleaned.get("firms"):
            self.add_error("what", _("Cochez au moins un dossier ou une structure, ou choisissez tout."))
        return cleaned

    def chosen(self, name: str) -> list[UUID] | None:
        """The ids ticked; None for all of them."""
        return None if self.cleaned_data["what"] == "all" else [UUID(pk) for pk in self.cleaned_data[name]]

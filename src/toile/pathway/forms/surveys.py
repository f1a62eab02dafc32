"""The forms of a survey of needs: what it asks, whom, what a structure answers, the plan that follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from toile.directory.forms_campaigns import LONGEST_ADDRESS, CampaignForm
from toile.pathway.forms.amounts import in_table
from toile.pathway.forms.takeover import DayField
from toile.pathway.rules.matrix import Need, matrix

LINES: Final = 4


class SurveyForm(forms.Form):
    """What a survey asks."""

    title = forms.CharField(label=_("Nom de l’enquête"), max_length=160)
    words = forms.CharField(
        label=_("Pourquoi vous demandez"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Les structures le lisent dans la lettre et sur la page."),
    )
    needs = forms.MultipleChoiceField(label=_("Besoins demandés"), widget=forms.CheckboxSelectMultiple)
    closes_on = DayField(label=_("Dernier jour pour répondre"))
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=1)

    def __init__(self, *args: Any, needs_are_fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["needs"].choices = [(need.code, _t(need.title)) for need in matrix().needs.values()]
        if needs_are_fixed:
            del self.fields["needs"]


class AskForm(forms.Form):
    """Whom to ask: the address of a page of the directory, with its filters."""

    whom = forms.CharField(
        label=_("À qui demander"),
        required=False,
        max_length=LONGEST_ADDRESS,
        help_text=_(
            "L’adresse d’une page de l’annuaire avec ses filtres, 500 structures au plus à la fois. "
            "Vide : toutes celles du territoire."
        ),
    )
    # The one reading of such an address is the campaigns'.
    clean_whom = CampaignForm.clean_whom


class ReplyForm(forms.Form):
    """What a structure says of each need: nothing, a need, a need within the year."""

    HOW: Final = (("", _("pas maintenant")), ("need", _("oui")), ("urgent", _("oui, dans l’année")))
    words = forms.CharField(
        label=_("Autre chose à dire"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Lu par l’équipe seulement. Ne nommez personne."),
    )  # fmt: skip

    def __init__(self, *args: Any, needs: Sequence[Need], said: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = [need.code for need in needs]
        for need in needs:
            self.fields[f"need_{need.code}"] = forms.ChoiceField(
                label=_t(need.title),
                help_text=_t(need.detail) if need.detail else "",
                choices=self.HOW,
                required=False,
                initial=said.get(need.code, ""),
                widget=forms.RadioSelect,
            )

    def questions(self) -> list[BoundField]:
        """One field for each need."""
        return [self[f"need_{code}"] for code in self.codes]

    @property
    def needs(self) -> dict[str, str]:
        """What was said: need → how."""
        return {code: how for code in self.codes if (how := self.cleaned_data[f"need_{code}"])}


class PlanForm(forms.Form):
    """The action plan: a line for each action; a line without a title is taken away."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, needs: Sequence[Need], actions: Sequence[Mapping[str, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lines = max(LINES, len(actions) + 2)
        choices = [("", _t("choisir")), *((need.code, _t(need.title)) for need in needs)]
        heads = {"title": _t("Action"), "need": _t("Besoin"), "who": _t("Structure qui porte"), "due": _t("Pour quand")}
        for number in range(1, self.lines + 1):
            held = actions[number - 1] if number <= len(actions) else {}
            fields: dict[str, forms.Field] = {
                "title": forms.CharField(max_length=200, required=False),
                "need": forms.ChoiceField(choices=choices, required=False),
                "who": forms.CharField(max_length=120, required=False),
                "due": DayField(),
            }
            for name, field in fields.items():
                field.label = _t("%(what)s, ligne %(number)s") % {"what": heads[name], "number": number}
                field.initial = held.get(name) or None
                self.fields[f"{name}{number}"] = in_table(field, heads[name])

    def rows(self) -> list[tuple[BoundField, ...]]:
        """The fields of each line."""
        names = ("title", "need", "who", "due")
        return [tuple(self[f"{name}{number}"] for name in names) for number in range(1, self.lines + 1)]

    def clean(self) -> dict[str, Any]:
        """An action answers a need."""
        cleaned = super().clean() or self.cleaned_data
        for number in range(1, self.lines + 1):
            if cleaned.get(f"title{number}") and not cleaned.get(f"need{number}"):
                self.add_error(f"need{number}", _t("Dites à quel besoin cette action répond."))
        return cleaned

    @property
    def actions(self) -> list[dict[str, str]]:
        """The lines kept."""
        said = self.cleaned_data
        return [
            {
                "title": said[f"title{n}"],
                "need": said[f"need{n}"],
                "who": said[f"who{n}"],
                "due": said[f"due{n}"].isoformat() if said[f"due{n}"] else "",
            }
            for n in range(1, self.lines + 1)
            if said.get(f"title{n}")
        ]

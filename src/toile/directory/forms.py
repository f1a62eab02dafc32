"""The forms that correct a structure and import a spreadsheet."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from toile.directory.rules.accessibility import ANSWERS, FEATURES
from toile.directory.rules.activities import taxonomy
from toile.directory.rules.mapping import TARGETS


class CorrectionForm(forms.Form):
    """What a structure's people say of it; an emptied field goes back to what the sources say."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Nom d’usage"), max_length=300, help_text=_("Celui que vos publics connaissent."))
    description = forms.CharField(
        label=_("Ce que fait la structure"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Une ou deux phrases, comme à un voisin."),
    )
    website = forms.URLField(label=_("Site"), max_length=290, required=False, assume_scheme="https")
    address = forms.CharField(label=_("Adresse"), max_length=300, required=False)
    postal_code = forms.RegexField(
        r"^\d{5}$",
        label=_("Code postal"),
        required=False,
        error_messages={"invalid": _("Écrivez les cinq chiffres du code postal, par exemple « 42000 »")},
    )
    city = forms.CharField(label=_("Commune"), max_length=120, required=False)
    opening_hours = forms.CharField(
        label=_("Horaires"),
        max_length=300,
        required=False,
        help_text=_(
            "En clair, par exemple « mardi et jeudi de 14 h à 18 h », "
            "ou au format OpenStreetMap, « Tu,Th 14:00-18:00 »."
        ),
    )
    contact_email = forms.EmailField(
        label=_("Adresse où recevoir les messages"),
        max_length=254,
        required=False,
        help_text=_("Jamais affichée. Sans elle, les messages vont à qui tient cette fiche."),
    )
    activities = forms.MultipleChoiceField(
        label=_("Activités"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(activity.code, activity.label_fr) for activity in taxonomy().activities.values()],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, feature in FEATURES.items():
            answers = [("", _("inconnu")), *((value, ANSWERS[value]) for value in feature.answers)]
            self.fields[code] = forms.ChoiceField(label=feature.question, choices=answers, required=False)
        last = ("contact_email", "activities")
        self.order_fields([*(name for name in self.fields if name not in last), *last])

    def changed(self) -> dict[str, Any]:
        """What this person changed of the page that they were shown, field by field; the rest is left to others."""
        try:
            seen = json.loads(self.cleaned_data["seen"])
        except (ValueError, RecursionError):
            seen = {}
        before = self.initial | (seen if isinstance(seen, dict) else {})
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("version", "seen") and not _same(value, before.get(name))
        }


def _same(value: object, other: object) -> bool:
    if isinstance(value, list) and isinstance(other, list):
        return set(map(str, value)) == set(map(str, other))
    return value == other


class DecisionForm(forms.Form):
    """Whether a structure is of the ESS, said by a person of the team; the reason is shown on the page."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    verdict = forms.ChoiceField(
        label=_("Cette structure est-elle de l’ESS ?"),
        widget=forms.RadioSelect,
        choices=[("yes", _("Oui")), ("no", _("Non")), ("rules", _("Laisser les règles décider"))],
    )
    reason = forms.CharField(
        label=_("Pourquoi"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Montré sur la fiche : un texte, un échange avec la structure, un agrément."),
    )

    @property
    def is_ess(self) -> bool | None:
        """True, False, or None when the rules decide."""
        return {"yes": True, "no": False}.get(self.cleaned_data["verdict"])


class UploadForm(forms.Form):
    """A spreadsheet to import."""

    file = forms.FileField(
        label=_("Votre fichier"),
        help_text=_("CSV ou tableur xlsx, une structure par ligne, les titres en première ligne."),
    )

    def clean_file(self) -> Any:
        """Refuse what is too large before reading it."""
        given = self.cleaned_data["file"]
        if given.size > settings.TOILE_UPLOAD_MAX_BYTES:
            raise forms.ValidationError(
                _("Ce fichier dépasse %(most)s Mo : découpez-le.") % {"most": settings.TOILE_UPLOAD_MAX_BYTES // 2**20}
            )
        return given


class MappingForm(forms.Form):
    """For each column of the file, what it holds; « laisser de côté » keeps nothing of it."""

    perimetre = forms.CharField(
        label=_("Ne garder que ce périmètre"),
        required=False,
        max_length=100,
        help_text=_("Un nom ou un code : « Loire Sud », 200046977, 42218. Vide : toutes les lignes."),
    )
    all_ess = forms.BooleanField(
        label=_("Toutes les structures de ce fichier sont de l’ESS, je le confirme"),
        required=False,
        help_text=_(
            "Votre confirmation est notée comme la raison. Sans elle, une structure dont rien ne dit "
            "qu’elle est de l’ESS entre aussi, mais l’annuaire ne la montre qu’avec le filtre « Appartenance à l’ESS »."
        ),
    )

    def __init__(self, *args: Any, columns: list[str], guessed: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("laisser de côté")), *TARGETS.items()]
        self.column_fields = []
        for number, column in enumerate(columns):
            name = f"column_{number}"
            self.fields[name] = forms.ChoiceField(
                label=column, choices=choices, required=False, initial=(guessed or {}).get(column, "")
            )
            self.column_fields.append((column, name))

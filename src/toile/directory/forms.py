"""The forms that correct a structure and import a spreadsheet."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from toile.directory.forms_described import DescribedForm
from toile.directory.queries.history import LABELS
from toile.directory.rules.accessibility import ANSWERS, FEATURES
from toile.directory.rules.activities import taxonomy
from toile.directory.rules.mapping import TARGETS
from toile.directory.rules.meeting import same
from toile.directory.rules.undoing import unit_of


class CorrectionForm(DescribedForm):
    """What a structure's people say of it; an emptied field goes back to what the sources say.

    asked: the fields that somebody else wrote meanwhile, one choice each (`choice_<field>`), « theirs » or « mine ».
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    asked = forms.CharField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Nom d’usage"), max_length=300, help_text=_("Celui que vos publics connaissent."))
    city = forms.CharField(label=_("Commune"), max_length=120, required=False)
    opening_hours = forms.CharField(
        label=_("Horaires"),
        max_length=300,
        required=False,
        help_text=_(
            "En clair, par exemple « mardi et jeudi de 14 h à 18 h », "
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
    described = ("name", "description", "website", "address", "postal_code", "city", "opening_hours")
    of_page = (*described, *FEATURES, "contact_email", "activities")
    field_order = ("version", "seen", "asked", *of_page)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, feature in FEATURES.items():
            answers = [("", _("inconnu")), *((value, ANSWERS[value]) for value in feature.answers)]
            self.fields[code] = forms.ChoiceField(label=feature.question, choices=answers, required=False)
        self.order_fields(self.field_order)
        units = {unit_of(name) for name in self.of_page}
        self.units = [unit for unit in str(self.data.get("asked", "")).split(",")[:30] if unit in units]
        for unit in self.units:
            self.fields[choice_of(unit)] = forms.ChoiceField(
                label=_("%(field)s : quelle version garder ?") % {"field": LABELS[unit]},
                widget=forms.RadioSelect,
                choices=[("theirs", _("Ce que dit la fiche")), ("mine", _("Ce que j’ai écrit"))],
                error_messages={"required": _("Choisissez l’une des deux versions.")},
            )

    def changed(self) -> dict[str, Any]:
        """What this person changed of the page that they were shown, field by field; the rest is left to others."""
        before = self.page_seen()
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name in before
            and not same(value, before[name])
            and self.cleaned_data.get(choice_of(unit_of(name))) != "theirs"
        }

    def page_seen(self) -> dict[str, Any]:
        """The page as this person was shown it, field by field."""
        try:
            seen = json.loads(self.cleaned_data["seen"])
        except (ValueError, RecursionError):
            seen = {}
        shown = self.initial | (seen if isinstance(seen, dict) else {})
        return {name: value for name, value in shown.items() if name in self.of_page}

    def of_unit(self, unit: str) -> list[forms.BoundField]:
        """The fields that are told together under this name."""
        return [self[name] for name in self.of_page if unit_of(name) == unit]

    def apart(self) -> list[forms.BoundField]:
        """The fields that nobody is asked about."""
        return [self[name] for name in self.of_page if unit_of(name) not in self.units]


def choice_of(unit: str) -> str:
    """The name of the choice between two versions of a field."""
    return f"choice_{unit}"


class DecisionForm(forms.Form):
    """Whether a structure is of the ESS, said by a person of the team; the reason is shown on the page."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    verdict = forms.ChoiceField(
        label=_("Cette structure est-elle de l’ESS ?"),
        widget=forms.RadioSelect,
        choices=[("yes", _("Oui")), ("no", _("Non")), ("rules", _("Laisser les règles décider"))],
    )
    reason = forms.CharField(
        label=_("Pourquoi"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Montré sur la fiche : un texte, un échange avec la structure, un agrément."),
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
                _("Ce fichier dépasse %(most)s Mo : découpez-le.") % {"most": settings.TOILE_UPLOAD_MAX_BYTES // 2**20}
            )
        return given


class MappingForm(forms.Form):
    """For each column of the file, what it holds; « laisser de côté » keeps nothing of it."""

    perimetre = forms.CharField(
        label=_("Ne garder que ce périmètre"),
        required=False,
        max_length=100,
        help_text=_("Un nom ou un code : « Loire Sud », 200046977, 42218. Vide : toutes les lignes."),
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

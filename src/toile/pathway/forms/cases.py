"""The shape of what people type about a case as a whole: its next step, notes, people, end, agreements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from toile.pathway.models import Note, Sharing
from toile.pathway.rules.sharing import declared

HOLDER = ""
SHORT = forms.Textarea(attrs={"rows": 3})
PHONE = RegexValidator(r"^[+()\d .-]{6,30}$", _("Écrivez un numéro, par exemple 04 77 00 00 00."))


class NextStepForm(forms.Form):
    """What comes next. advisers: who may do it, with their names; the holder may too."""

    words = forms.CharField(
        label=_("Quoi"),
        max_length=200,
        required=False,
        help_text=_("Une chose, par exemple « Relire le prévisionnel ». Vide : le dossier n’a pas de suite."),
    )
    on = forms.DateField(
        label=_("Quand"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Écrivez une date, par exemple 2026-12-01.")},
    )
    by = forms.ChoiceField(label=_("Qui"), required=False)
    before = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, advisers: Sequence[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["by"].choices = [
            (HOLDER, _("la personne qui porte le projet")),
            *((str(person), name) for person, name in advisers),
        ]

    def clean(self) -> dict[str, Any]:
        """A step to come is said with its day: without one nobody is late, and nobody does it."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("words") and not cleaned.get("on") and "on" not in self.errors:
            self.add_error("on", _("Donnez un jour : sans date, une suite s’oublie."))
        return cleaned

    @property
    def person(self) -> UUID | None:
        """Who does it; None: the holder."""
        return UUID(self.cleaned_data["by"]) if self.cleaned_data.get("by") else None


class NoteForm(forms.Form):
    """A call, a meeting, a mail, a view."""

    kind = forms.ChoiceField(
        label=_("Ce qui s’est passé"),
        choices=[one for one in Note.Kind.choices if one[0] != Note.Kind.HAND_OVER],
        initial=Note.Kind.CALL,
    )
    words = forms.CharField(
        label=_("En quelques mots"),
        max_length=4000,
        widget=SHORT,
        help_text=_("Lu par les personnes de votre porte. Qui porte le projet peut le demander : restez factuel."),
        error_messages={"required": _("Écrivez au moins une phrase : c’est ce que lira la prochaine personne.")},
    )


class HandOverForm(forms.Form):
    """Giving a case to another adviser of the same door."""

    to = forms.ChoiceField(label=_("À qui"), error_messages={"required": _("Choisissez qui suit désormais.")})
    words = forms.CharField(
        label=_("Ce qu’il faut savoir"),
        max_length=4000,
        widget=SHORT,
        error_messages={"required": _("Dites en une phrase où en est le projet.")},
    )

    def __init__(self, *args: Any, others: Sequence[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(str(person), name) for person, name in others]

    @property
    def person(self) -> UUID:
        """Who takes over."""
        return UUID(self.cleaned_data["to"])


class CloseForm(forms.Form):
    """Ending a case."""

    why = forms.CharField(
        label=_("Pourquoi"),
        max_length=200,
        widget=SHORT,
        help_text=_("L’activité est lancée, la personne renonce, elle est partie ailleurs…"),
        error_messages={"required": _("Dites pourquoi ce dossier se termine.")},
    )


class HolderForm(forms.Form):
    """One more person who carries a project."""

    name = forms.CharField(label=_("Nom"), max_length=120, required=False)
    email = forms.EmailField(
        label=_("Courriel"),
        required=False,
        error_messages={"invalid": _("Écrivez l’adresse en entier, par exemple nom@exemple.org.")},
    )
    phone = forms.CharField(label=_("Téléphone"), max_length=30, required=False, validators=[PHONE])


class SharingForm(forms.Form):
    """What is shared with whom, and for what. partners: structures that the holder may choose."""

    partner = forms.ChoiceField(
        label=_("Avec qui"), error_messages={"required": _("Choisissez un partenaire dans la liste.")}
    )
    what = forms.ChoiceField(
        label=_("Ce qui est partagé"),
        choices=Sharing.What.choices,
        initial=Sharing.What.SUMMARY,
        widget=forms.RadioSelect,
    )
    purpose = forms.ChoiceField(label=_("Pour quoi"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, partners: Sequence[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].choices = [(str(one), name) for one, name in partners]
        several = declared().purposes.values()
        self.fields["purpose"].choices = [
            (one.code, f"{gettext(one.label).capitalize()}. {gettext(one.words)}") for one in several
        ]
        self.fields["purpose"].initial = next(iter(declared().purposes))


class EraseForm(forms.Form):
    """Erasing one's case: said twice, since it has no return."""

    sure = forms.BooleanField(
        label=_("Je veux effacer ce dossier. Je sais que c’est sans retour."),
        error_messages={"required": _("Cochez la case pour effacer, ou revenez en arrière.")},
    )


class DoorForm(forms.Form):
    """What a door says of itself. The organisation is chosen before, and never changes."""

    name = forms.CharField(label=_("Nom de la porte"), max_length=120, error_messages={"required": _("Donnez un nom.")})
    code = forms.SlugField(
        label=_("Code court"),
        max_length=40,
        help_text=_("Court, pour les tableurs : « cci », « mife-saint-chamond ». Il ne change plus ensuite."),
        error_messages={"required": _("Donnez un code court, en minuscules.")},
    )
    explanation = forms.CharField(
        label=_("Qui elle reçoit d’abord"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    address = forms.CharField(label=_("Adresse"), max_length=300, required=False)
    phone = forms.CharField(label=_("Téléphone"), max_length=30, required=False, validators=[PHONE])
    email = forms.EmailField(
        label=_("Courriel des demandes"),
        required=False,
        help_text=_("Jamais montré ni exporté : c’est là que part ce qui attend une réponse."),
    )
    callback_days = forms.IntegerField(
        label=_("Rappelle en combien de jours ouvrés"), min_value=1, max_value=30, initial=3
    )
    order = forms.IntegerField(label=_("Rang dans la liste"), min_value=0, max_value=999, initial=50)
    is_active = forms.BooleanField(label=_("Elle reçoit aujourd’hui"), required=False, initial=True)

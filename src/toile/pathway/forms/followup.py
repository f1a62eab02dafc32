"""The forms of the follow-up: entering, what is noted, the five questions, what the firm says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.kernel.typography import MONTHS
from toile.pathway.models import Door, Followed, Signal
from toile.pathway.rules.checkin import checkin
from toile.pathway.rules.signals import weights
from toile.pathway.services.signals import BY_HAND

MOST_BYTES: Final = 20_000_000
UNKNOWN: Final = "unknown"
"""« Je ne sais pas », always offered."""


def _day(**attrs: str) -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **attrs})


def _words(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _months() -> list[tuple[str, str]]:
    return [("", _("inconnu")), *((str(place), name) for place, name in enumerate(MONTHS, 1))]


class ReachForm(forms.Form):
    """Who calls a firm, and how it is reached."""

    adviser = forms.ChoiceField(label=gettext_lazy("Qui l’appelle"), required=False)
    contact = forms.CharField(
        label=gettext_lazy("Personne à joindre"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Un nom ou une fonction. Effacé deux ans après la fin du suivi."),
    )
    email = forms.EmailField(
        label=gettext_lazy("Adresse où envoyer les points de suivi"),
        required=False,
        help_text=gettext_lazy("Sans elle, ils vont à l’adresse de la fiche, qui n’est montrée à personne."),
    )
    closing_month = forms.TypedChoiceField(
        label=gettext_lazy("Mois de clôture des comptes"), choices=_months, coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, advisers: Mapping[UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(pk), name) for pk, name in advisers.items()]
        self.fields["adviser"].choices = [("", _("personne pour l’instant")), *named]

    def clean_adviser(self) -> UUID | None:
        given = self.cleaned_data["adviser"]
        return UUID(given) if given else None


class EnterForm(ReachForm):
    """A firm enters the cohort: its birth, then who calls it and how it is reached."""

    door = forms.ChoiceField(label=gettext_lazy("Porte qui la suit"))
    born_on = forms.DateField(
        label=gettext_lazy("Date de création"),
        widget=_day(),
        help_text=gettext_lazy("Celle du registre. Le suivi va jusqu’à trois ans."),
    )
    field_order = ("door", "born_on", "adviser", "contact", "email", "closing_month")

    def __init__(self, *args: Any, doors: Sequence[Door], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["door"].choices = [(str(door.pk), door.name) for door in doors]
        if len(doors) == 1:
            self.fields["door"].widget = forms.HiddenInput()
            self.initial.setdefault("door", str(doors[0].pk))


class LeaveForm(forms.Form):
    """The end of a following."""

    why = forms.ChoiceField(label=gettext_lazy("Pourquoi"), choices=Followed.Left.choices, widget=forms.RadioSelect)
    on = forms.DateField(label=gettext_lazy("Depuis quel jour"), widget=_day())


def _levels() -> list[tuple[str, Any]]:
    """The levels that a person may note, by family; none chosen at first."""
    groups: list[tuple[str, Any]] = [("", _("Choisissez"))]
    for family in weights().families.values():
        options = [(one.code, _(one.wording)) for one in family.levels if set(one.sources) & set(BY_HAND)]
        if options:
            groups.append((_(family.label), options))
    return groups


class SignalForm(forms.Form):
    """Something is noted of a firm."""

    level = forms.ChoiceField(label=gettext_lazy("Ce qui est su"), choices=_levels)
    source = forms.ChoiceField(
        label=gettext_lazy("D’où cela vient"),
        choices=[(one.value, one.label) for one in BY_HAND],
        initial=Signal.Source.ADVISER,
    )
    on = forms.DateField(label=gettext_lazy("Depuis quel jour"), widget=_day())
    words = forms.CharField(
        label=gettext_lazy("En quelques mots"),
        max_length=500,
        required=False,
        widget=_words(),
        help_text=gettext_lazy("La structure le lira. Rien sur la santé, les origines ni les opinions de personne."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", timezone.localdate())


class CallForm(forms.Form):
    """A call or a visit."""

    reached = forms.ChoiceField(
        label=gettext_lazy("Quelqu’un a répondu"),
        choices=[("yes", gettext_lazy("oui")), ("no", gettext_lazy("non"))],
        widget=forms.RadioSelect,
        initial="yes",
    )
    words = forms.CharField(
        label=gettext_lazy("Ce qui s’est dit"),
        max_length=4000,
        required=False,
        widget=_words(4),
        help_text=gettext_lazy("Lu par votre porte et par la structure si elle le demande."),
    )
    next_on = forms.DateField(label=gettext_lazy("Rappeler le"), required=False, widget=_day())


class WhyForm(forms.Form):
    """Why a signal is closed, or was an error."""

    mistaken = forms.ChoiceField(
        label=gettext_lazy("Que s’est-il passé ?"),
        choices=[("no", gettext_lazy("c’est terminé")), ("yes", gettext_lazy("c’était une erreur"))],
        widget=forms.RadioSelect,
        initial="no",
    )
    why = forms.CharField(label=gettext_lazy("Pourquoi"), max_length=200)


class DecideForm(forms.Form):
    """The answer to a firm that contests a signal."""

    keeps = forms.ChoiceField(
        label=gettext_lazy("Votre réponse"),
        choices=[
            ("no", gettext_lazy("la structure a raison : retirer ce signal")),
            ("yes", gettext_lazy("garder ce signal")),
        ],
        widget=forms.RadioSelect,
    )
    why = forms.CharField(label=gettext_lazy("Pourquoi"), max_length=200, help_text=gettext_lazy("Elle le lira."))


class ContestForm(forms.Form):
    """What the firm says of a signal that it finds wrong."""

    words = forms.CharField(label=gettext_lazy("Ce qui est inexact"), max_length=500, widget=_words())


class NoticesForm(forms.Form):
    """A file of notices of the BODACC."""

    file = forms.FileField(
        label=gettext_lazy("Fichier d’annonces"),
        help_text=gettext_lazy("Au format JSON, tel que le donne le BODACC en données ouvertes ; 20 Mo au plus."),
    )

    def clean_file(self) -> str:
        given = self.cleaned_data["file"]
        if given.size > MOST_BYTES:
            raise forms.ValidationError(_("Ce fichier dépasse 20 Mo : demandez une période plus courte."))
        try:
            return str(given.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(_("Ce fichier n’est pas du texte : il faut le JSON du BODACC.")) from None


class CheckInForm(forms.Form):
    """The five questions. « Je ne sais pas » is an answer; a question left blank is asked back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in checkin().questions:
            options = [(option.code, _(option.wording)) for option in question.options]
            field: forms.Field
            if question.kind == "one":
                field = forms.ChoiceField(
                    choices=[*options, (UNKNOWN, _("Je ne sais pas"))],
                    widget=forms.RadioSelect,
                    error_messages={"required": _("Choisissez une réponse ; « je ne sais pas » en est une.")},
                )
            else:
                field = forms.MultipleChoiceField(
                    choices=[*options, (UNKNOWN, _("Je ne sais pas"))],
                    widget=forms.CheckboxSelectMultiple,
                    error_messages={"required": _("Cochez au moins une réponse ; « je ne sais pas » en est une.")},
                )
            field.label, field.help_text = _(question.wording), _(question.help)
            self.fields[question.code] = field

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        for question in checkin().questions:
            given = said.get(question.code)
            if isinstance(given, list) and UNKNOWN in given and len(given) > 1:
                self.add_error(question.code, _("« Je ne sais pas » va sans autre réponse : laquelle est juste ?"))
        return said

    def answers(self) -> dict[str, Any]:
        """As the rules take them: None for « je ne sais pas »."""
        return {code: None if given in (UNKNOWN, [UNKNOWN]) else given for code, given in self.cleaned_data.items()}

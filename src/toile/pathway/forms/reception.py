"""The shape of what people type around a reception: begin, be called back, receive, conclude, change the procedure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toile.kernel.open_forms import OpenForm
from toile.kernel.throttle import Pace
from toile.pathway.forms.cases import PHONE, SHORT
from toile.pathway.models import Door
from toile.pathway.rules.procedure import LARGEST
from toile.pathway.services.reception import Contact

NAME = _("Comment vous appeler")
WRONG_EMAIL = {"invalid": _("Écrivez l’adresse en entier, par exemple nom@exemple.org.")}


class BeginForm(OpenForm):
    """Nothing is asked to begin: only what keeps automatic sendings away."""

    purpose = "pathway.case.begin"
    soonest = 0
    paces = (Pace(10, 600), Pace(40, 24 * 3600))


class LinkForm(OpenForm):
    """Where to send the link."""

    purpose = "pathway.case.link"
    counted = ("email",)
    paces = (Pace(5, 600), Pace(15, 24 * 3600))
    email = forms.EmailField(label=_("Votre courriel"), error_messages=WRONG_EMAIL)


class ContactForm(forms.Form):
    """Who carries the project. An e-mail or a telephone is enough."""

    name = forms.CharField(label=NAME, max_length=120, required=False)
    email = forms.EmailField(label=_("Courriel"), required=False, error_messages=WRONG_EMAIL)
    phone = forms.CharField(label=_("Téléphone"), max_length=30, required=False, validators=[PHONE])

    @property
    def contact(self) -> Contact:
        """What was typed."""
        return Contact(*(self.cleaned_data.get(name, "") for name in ("name", "email", "phone")))


class SendForm(ContactForm):
    """The door one chooses, and the agreement that it reads."""

    door = forms.ChoiceField(
        label=_("Votre porte"), widget=forms.RadioSelect, error_messages={"required": _("Choisissez une porte.")}
    )
    title = forms.CharField(
        label=_("Un nom pour votre projet"), max_length=160, required=False, help_text=_("Même provisoire.")
    )
    agrees = forms.BooleanField(
        label=_("J’accepte que cette porte lise mes réponses et me rappelle."),
        error_messages={
            "required": _("Sans votre accord, la porte ne lit rien : cochez la case, ou gardez vos réponses.")
        },
    )
    field_order = ("door", "title", "name", "email", "phone", "agrees")

    def __init__(self, *args: Any, doors: Sequence[Door], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.doors = doors
        self.fields["door"].choices = [(str(door.pk), _door(door)) for door in doors]

    def clean(self) -> dict[str, Any]:
        """An e-mail or a telephone."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.contact.is_enough():
            self.add_error("email", _("Laissez un courriel ou un téléphone : la porte vous rappelle par là."))
        return cleaned

    @property
    def chosen(self) -> Door:
        """The door."""
        return next(door for door in self.doors if str(door.pk) == self.cleaned_data["door"])


def _door(door: Door) -> str:
    return f"{door.name}. {door.explanation}" if door.explanation else door.name


class ReceiveForm(ContactForm):
    """Somebody stands at the door."""

    door = forms.ChoiceField(label=_("À quelle porte"))
    title = forms.CharField(
        label=_("Nom du projet"),
        max_length=160,
        help_text=_("Même provisoire : c’est sous ce nom qu’on le retrouve."),
        error_messages={"required": _("Donnez un nom au projet, même provisoire.")},
    )
    field_order = ("title", "name", "email", "phone", "door")

    def __init__(self, *args: Any, doors: Sequence[Door], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.doors = doors
        self.fields["name"].label = _("La personne")
        self.fields["door"].choices = [(str(door.pk), door.name) for door in doors]
        self.fields["title"].widget.attrs["autofocus"] = True
        if len(doors) == 1:
            self.fields["door"].initial = str(doors[0].pk)
            self.fields["door"].widget = forms.HiddenInput()

    @property
    def chosen(self) -> Door:
        """The door."""
        return next(door for door in self.doors if str(door.pk) == self.cleaned_data["door"])


class TakeInForm(forms.Form):
    """Receiving somebody who wrote: their project needs a name."""

    title = forms.CharField(
        label=_("Nom du projet"),
        max_length=160,
        error_messages={"required": _("Donnez un nom au projet, même provisoire.")},
    )


class ConcludeForm(forms.Form):
    """The stage that a person decides, and why when it is not the one of the answers."""

    stage = forms.ChoiceField(label=_("Étape retenue"), required=False)
    reason = forms.CharField(
        label=_("Pourquoi"),
        max_length=1000,
        required=False,
        widget=SHORT,
        help_text=_("Quand vous retenez une autre étape que celle des réponses."),
    )

    def __init__(self, *args: Any, stages: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = [("", _("celle que disent les réponses")), *stages]


class ProcedureForm(forms.Form):
    """A procedure's file."""

    file = forms.FileField(
        label=_("Fichier de la procédure"),
        help_text=_("Un fichier TOML. Exportez celle en vigueur, changez-la, augmentez son numéro de version."),
        widget=forms.FileInput(attrs={"accept": ".toml"}),
        error_messages={"required": _("Choisissez un fichier.")},
    )

    def clean_file(self) -> str:
        """Its text. Refused when it is too large or not text."""
        given = self.cleaned_data["file"]
        if given.size > LARGEST:
            raise forms.ValidationError(_("Ce fichier est trop grand pour une procédure."))
        try:
            return str(given.read().decode("utf-8"))
        except UnicodeDecodeError:
            raise forms.ValidationError(
                _("Ce fichier n’est pas du texte en UTF-8 : enregistrez-le dans cet encodage.")
            ) from None


class ForceForm(forms.Form):
    """Putting a version in force."""

    reason = forms.CharField(
        label=_("Pourquoi cette version"),
        max_length=300,
        widget=SHORT,
        help_text=_("Les portes le liront. Les dossiers commencés gardent leur version."),
        error_messages={"required": _("Dites pourquoi en une phrase : les portes le liront.")},
    )


class TwinForm(forms.Form):
    """The holder's answer about two cases."""

    agrees = forms.ChoiceField(
        label=_("Est-ce le même projet ?"),
        widget=forms.RadioSelect,
        choices=[("yes", _("Oui, c’est le mien : réunissez les deux dossiers")), ("no", _("Non, ou je préfère pas"))],
        error_messages={"required": _("Choisissez oui ou non.")},
    )
    keep = forms.ChoiceField(label=_("Qui continue avec vous"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, doors: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keep"].choices = list(doors)
        self.fields["keep"].initial = doors[0][0]

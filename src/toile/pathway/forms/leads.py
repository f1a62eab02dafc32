"""The forms of detection: signalling in a minute, and what a door does of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from toile.kernel.open_forms import OpenForm
from toile.kernel.throttle import Pace
from toile.pathway.forms.cases import PHONE
from toile.pathway.models import Door, Lead
from toile.pathway.rules.detection import SELF, Said, tellers, troubles
from toile.territory.models import Commune

TROUBLES: Final = {
    "nobody_to_call": (
        "teller_email",
        _("Laissez votre courriel, ou de quoi joindre une personne qui est d’accord : qui rappeler, sinon ?"),
    ),
    "not_agreed": (
        "agreed",
        _("Sans l’accord de la personne, nous ne gardons rien d’elle : videz ses coordonnées, et laissez les vôtres."),
    ),
    "own_address": ("phone", _("Laissez un téléphone ou un courriel : c’est vous que la porte rappelle.")),
}
WHOLE_ADDRESS: Final = {"invalid": _("Il manque un morceau de cette adresse, peut-être la fin, par exemple « .fr ».")}


class TellForm(OpenForm):
    """An idea, or a firm that will need a taker, signalled by anybody."""

    purpose = "lead"
    counted = ("email", "teller_email")
    paces = (Pace(5, 600), Pace(20, 24 * 3600))
    kind = forms.ChoiceField(
        label=_("De quoi s’agit-il ?"),
        choices=Lead.Kind.choices,
        widget=forms.RadioSelect,
        initial=Lead.Kind.IDEA,
        error_messages={"required": _("Choisissez : une idée, ou une reprise à venir.")},
    )
    words = forms.CharField(
        label=_("En deux phrases"),
        min_length=10,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Ce qui se prépare, sans nommer personne : « un atelier de réparation », « un garage à céder »."),
    )
    commune = forms.ChoiceField(label=_("Dans quelle commune ?"), required=False)
    teller = forms.ChoiceField(
        label=_("Vous êtes"),
        choices=lambda: list(tellers().items()),
        widget=forms.RadioSelect,
        initial=SELF,
        error_messages={"required": _("Dites qui signale : la porte sait ainsi qui appeler.")},
    )
    agreed = forms.BooleanField(
        label=_("La personne à rappeler le sait, et elle est d’accord"),
        required=False,
        help_text=_(
            "Si c’est vous, pas besoin de cocher. Sans accord, ne donnez rien d’elle : la porte vous rappelle."
        ),
    )
    name = forms.CharField(
        label=_("Nom de la personne à rappeler"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Téléphone où rappeler"),
        max_length=30,
        required=False,
        validators=[PHONE],
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    email = forms.EmailField(
        label=_("Courriel où répondre"),
        max_length=254,
        required=False,
        error_messages=WHOLE_ADDRESS,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    teller_name = forms.CharField(
        label=_("Si ce n’est pas vous : votre nom ou votre structure"), max_length=120, required=False
    )
    teller_email = forms.EmailField(
        label=_("Votre courriel"), max_length=254, required=False, error_messages=WHOLE_ADDRESS
    )
    door = forms.ChoiceField(label=_("Une porte que vous préférez ?"), required=False)

    def __init__(self, *args: Any, communes: Iterable[Commune], doors: Iterable[Door], **kwargs: Any) -> None:
        """communes, doors: those that one may choose."""
        super().__init__(*args, **kwargs)
        self.communes = {commune.code: commune for commune in communes}
        chosen = [(code, commune.name) for code, commune in self.communes.items()]
        self.fields["commune"].choices = [("", _("je ne sais pas")), *chosen]
        self.fields["door"].choices = [
            ("", _("celle qui peut rappeler le plus tôt")),
            *((d.code, d.name) for d in doors),
        ]

    def clean_words(self) -> str:
        """Two links at most."""
        return self.few_links("words")

    def clean(self) -> dict[str, Any]:
        """Nothing is kept of somebody who did not agree; somebody can be called."""
        given = {
            name: (self.cleaned_data.get(name) or "").strip() for name in ("name", "email", "phone", "teller_email")
        }
        said = Said(
            teller=self.cleaned_data.get("teller") or "",
            named=bool(given["name"]),
            reachable=bool(given["email"] or given["phone"]),
            agreed=bool(self.cleaned_data.get("agreed")),
            teller_reach=bool(given["teller_email"]),
        )
        for trouble in troubles(said):
            field, sentence = TROUBLES[trouble]
            self.add_error(field, sentence)
        return super().clean()


class CalledForm(forms.Form):
    """What a call gave."""

    outcome = forms.CharField(
        label=_("Ce que l’appel a donné"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Une phrase : qui rappelle qui, et quand."),
        error_messages={"required": _("Écrivez en une phrase ce que l’appel a donné.")},
    )


class DropForm(forms.Form):
    """Why nothing follows."""

    why = forms.CharField(
        label=_("Pourquoi c’est sans suite"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Dites pourquoi c’est sans suite.")},
    )


class PassForm(forms.Form):
    """Another door."""

    door = forms.ChoiceField(label=_("À quelle porte"), error_messages={"required": _("Choisissez une autre porte.")})

    def __init__(self, *args: Any, doors: Iterable[Door], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["door"].choices = [("", _("Choisissez")), *((door.code, door.name) for door in doors)]


class CaseForm(forms.Form):
    """A case made of what was signalled: the person was called, and agrees to be received."""

    title = forms.CharField(
        label=_("Le projet en quelques mots"), max_length=160, help_text=_("Par exemple « Atelier de réparation ».")
    )
    name = forms.CharField(label=_("Nom de la personne"), max_length=120, required=False)
    phone = forms.CharField(label=_("Téléphone"), max_length=30, required=False, validators=[PHONE])
    email = forms.EmailField(label=_("Courriel"), max_length=254, required=False, error_messages=WHOLE_ADDRESS)
    agreed = forms.BooleanField(
        label=_("La personne a dit oui : elle veut être reçue, et qu’un dossier soit ouvert"),
        error_messages={"required": _("Sans son accord, aucun dossier ne s’ouvre : rappelez-la d’abord.")},
    )

    def clean(self) -> dict[str, Any]:
        """Somebody can be reached."""
        cleaned = super().clean() or self.cleaned_data
        if not (self.errors or cleaned.get("phone") or cleaned.get("email")):
            self.add_error(
                "phone", _("Donnez un téléphone ou un courriel : la porte doit pouvoir joindre la personne.")
            )
        return cleaned

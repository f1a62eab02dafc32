"""The forms about who represents a structure: ask, answer, invite, change a role, leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from toile.directory.forms_page import WHOLE_ADDRESS
from toile.directory.models.claims import Way
from toile.directory.models.memberships import MemberRole
from toile.directory.rules.claiming import Standing, host_of, standing

ROLES: Final = [
    (MemberRole.LEAD.value, _("Responsable : écrit la fiche, invite, répond aux demandes")),
    (MemberRole.CONTRIBUTOR.value, _("Contributeur ou contributrice : écrit la fiche")),
]
NOBODY: Final = ""


class ClaimForm(forms.Form):
    """Asking to represent a structure. `can_prove`: its site's domain may prove an address."""

    role = forms.ChoiceField(label=_("Votre rôle"), choices=ROLES, widget=forms.RadioSelect)
    way = forms.ChoiceField(label=_("Comment le montrer"), choices=Way.choices, widget=forms.RadioSelect)
    email = forms.EmailField(
        label=_("Votre adresse au nom de la structure"),
        max_length=254,
        error_messages=WHOLE_ADDRESS | {"required": _("Écrivez l’adresse où envoyer le lien.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    words = forms.CharField(
        label=_("Qui vous êtes dans la structure, et ce qui permet de le vérifier"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Dites en une phrase au moins qui vous êtes dans la structure.")},
        help_text=_(
            "Lu par les personnes qui répondent à la demande, effacé 90 jours après. "
            "Par exemple un numéro où vous joindre, une page qui vous nomme."
        ),
    )

    def __init__(self, *args: Any, website: str, is_led: bool, **kwargs: Any) -> None:
        """website: the structure's. is_led: whether somebody already answers for it."""
        super().__init__(*args, **kwargs)
        self.host = host_of(website)
        self.can_prove = standing(f"x@{self.host}", website) is Standing.PROVES
        self.fields["role"].initial = (MemberRole.CONTRIBUTOR if is_led else MemberRole.LEAD).value
        if self.can_prove:
            self.fields["way"].choices = [
                (Way.DOMAIN.value, _("Par mon adresse en @%(host)s : un lien y est envoyé") % {"host": self.host}),
                (Way.MODERATOR.value, _("Je n’ai pas d’adresse en @%(host)s : j’explique") % {"host": self.host}),
            ]
            self.fields["way"].initial = Way.DOMAIN.value
            explains = self.data.get("way") == Way.MODERATOR
            self.fields["email"].required, self.fields["words"].required = not explains, explains
            self.fields["email"].help_text = _("Sans objet si vous expliquez. Oubliée dès que la demande a sa réponse.")
        else:
            del self.fields["way"], self.fields["email"]
            self.fields["words"].required = True

    @property
    def chosen(self) -> Way:
        """The way that this person asks by."""
        return Way(self.cleaned_data.get("way") or Way.MODERATOR)

    def clean_words(self) -> str:
        """A sentence at least, where words are what decides."""
        words: str = self.cleaned_data["words"].strip()
        if self.fields["words"].required and len(words) < 10:
            raise forms.ValidationError(_("Dites en une phrase au moins qui vous êtes dans la structure."))
        return words


class SettleForm(forms.Form):
    """Answering a claim: accepted or not, and why."""

    reason = forms.CharField(
        label=_("Pourquoi"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "La personne le lira. Indispensable pour refuser ; pour l’équipe, aussi pour accepter sans preuve."
        ),
    )
    answer = forms.ChoiceField(
        choices=[("accept", ""), ("refuse", "")],
        widget=forms.HiddenInput,
        error_messages={"required": _("Choisissez un des deux boutons.")},
    )

    @property
    def accepts(self) -> bool:
        return bool(self.cleaned_data["answer"] == "accept")


class InviteForm(forms.Form):
    """Inviting somebody by e-mail."""

    email = forms.EmailField(
        label=_("Courriel de la personne"),
        max_length=254,
        error_messages=WHOLE_ADDRESS,
        help_text=_("Elle reçoit un lien, valable quatorze jours. Son adresse est oubliée dès qu’elle a répondu."),
    )
    role = forms.ChoiceField(
        label=_("Son rôle"), choices=ROLES, initial=MemberRole.CONTRIBUTOR.value, widget=forms.RadioSelect
    )


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(label=_("Rôle"), choices=ROLES, widget=forms.RadioSelect)


class DismissForm(forms.Form):
    """Ending somebody's part in a structure."""

    because = forms.CharField(
        label=_("Pourquoi"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("La personne le lira. Effacé un an après."),
        error_messages={"required": _("Dites pourquoi : la personne le lira.")},
    )


class LeaveForm(forms.Form):
    """Leaving, having handed over to somebody when it is owed."""

    successor = forms.ChoiceField(label=_("Qui devient responsable"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, others: Sequence[tuple[UUID, str]], owed: bool, **kwargs: Any) -> None:
        """others: who could take over, and their names. owed: whether one of them must."""
        super().__init__(*args, **kwargs)
        if not others:
            del self.fields["successor"]
            return
        nobody = [] if owed else [(NOBODY, _("Personne de plus : d’autres le sont déjà"))]
        field = self.fields["successor"]
        field.choices = [*nobody, *((str(person), name) for person, name in others)]
        field.required = owed
        field.error_messages["required"] = _("Choisissez qui devient responsable après vous.")

    @property
    def chosen(self) -> UUID | None:
        """Who takes over; None when nobody has to."""
        given = self.cleaned_data.get("successor")
        return UUID(given) if given else None

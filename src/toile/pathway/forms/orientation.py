"""The forms of orientation: deciding of suggestions, asking a partner, answering, replying."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from toile.pathway.models import Offer, Sharing
from toile.pathway.rules.orientation import Suggestion
from toile.pathway.services.orientation import Choice

MOST_ADDED: Final = 3
LEAST_ORDER, MOST_ORDER = 1, 99


class DecideForm(forms.Form):
    """One line for each suggestion (kept or set aside, in what order, why), and offers added with a reason.

    seen: the digest of what was shown.
    """

    seen = forms.CharField(widget=forms.HiddenInput, max_length=32)

    def __init__(self, *args: Any, suggestions: Sequence[Suggestion], offers: Mapping[str, str], **kwargs: Any) -> None:
        """offers: id → words, of those that may be added."""
        super().__init__(*args, **kwargs)
        self.suggestions = suggestions
        for number, one in enumerate(suggestions, start=1):
            code = one.offer.code
            self.fields[f"said_{code}"] = forms.ChoiceField(
                label=_("Cette offre"),
                choices=[("kept", _("La garder")), ("set_aside", _("L’écarter"))],
                widget=forms.RadioSelect,
                initial="kept",
                error_messages={"required": _("Gardez ou écartez cette offre.")},
            )
            self.fields[f"order_{code}"] = forms.IntegerField(
                label=_("Ordre"), min_value=LEAST_ORDER, max_value=MOST_ORDER, initial=number, required=False
            )
            self.fields[f"why_{code}"] = forms.CharField(
                label=_("Pourquoi l’écarter"), max_length=300, required=False, help_text=_("Si vous l’écartez.")
            )
        for number in range(1, MOST_ADDED + 1):
            self.fields[f"added_{number}"] = forms.ChoiceField(
                label=_("Ajouter une offre"), required=False, choices=[("", _("aucune")), *offers.items()]
            )
            self.fields[f"added_why_{number}"] = forms.CharField(
                label=_("Pourquoi l’ajouter"), max_length=300, required=False
            )

    def lines(self) -> list[tuple[Any, ...]]:
        """Each suggestion with its three fields, its reasons in sentences, and the answers they were read from."""
        found: list[tuple[Any, ...]] = []
        for one in self.suggestions:
            because = [reason for reason in one.reasons if reason.endswith(".")]
            facts = [reason for reason in one.reasons if not reason.endswith(".")]
            fields = (self[f"{name}_{one.offer.code}"] for name in ("said", "order", "why"))
            found.append((one, *fields, because, facts))
        return found

    def additions(self) -> list[tuple[Any, Any]]:
        """The fields of what is added."""
        return [(self[f"added_{number}"], self[f"added_why_{number}"]) for number in range(1, MOST_ADDED + 1)]

    def clean(self) -> dict[str, Any]:
        """What departs from the suggestions says why, beside its own field."""
        cleaned = super().clean() or self.cleaned_data
        for one in self.suggestions:
            code = one.offer.code
            if cleaned.get(f"said_{code}") == "set_aside" and not (cleaned.get(f"why_{code}") or "").strip():
                self.add_error(f"why_{code}", _("Dites pourquoi vous écartez cette offre."))
        for number in range(1, MOST_ADDED + 1):
            if cleaned.get(f"added_{number}") and not (cleaned.get(f"added_why_{number}") or "").strip():
                self.add_error(f"added_why_{number}", _("Dites pourquoi vous ajoutez cette offre."))
        return cleaned

    @property
    def choices(self) -> list[Choice]:
        """What was decided, once the form is right; offers added come after the others."""
        said = self.cleaned_data
        chosen = [
            Choice(
                one.offer.code,
                said[f"said_{one.offer.code}"],
                (said.get(f"why_{one.offer.code}") or "").strip(),
                said.get(f"order_{one.offer.code}") or MOST_ORDER,
            )
            for one in self.suggestions
        ]
        added = {said[f"added_{n}"]: (said.get(f"added_why_{n}") or "").strip() for n in range(1, MOST_ADDED + 1)}
        return [*chosen, *(Choice(code, "added", why, MOST_ORDER + 1) for code, why in added.items() if code)]


class ReferForm(forms.Form):
    """A request to a partner: its words, and what the holder just agreed that it may read."""

    words = forms.CharField(
        label=_("Votre message au partenaire"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "Ce que vous attendez de lui. Le projet se lit derrière le lien : n’écrivez ici le nom de personne."
        ),
    )
    what = forms.ChoiceField(
        label=_("Ce que le partenaire pourra lire"),
        choices=Sharing.What.choices,
        widget=forms.RadioSelect,
        initial=Sharing.What.SUMMARY,
    )
    agreed = forms.BooleanField(label=_("La personne est d’accord"), required=False)

    def __init__(self, *args: Any, already: bool, partner: str, **kwargs: Any) -> None:
        """already: an agreement is in force, nothing is asked again."""
        super().__init__(*args, **kwargs)
        if already:
            del self.fields["what"], self.fields["agreed"]
            return
        self.fields["agreed"].required = True
        self.fields["agreed"].label = _("La personne est d’accord pour que %(name)s le lise") % {"name": partner}
        self.fields["agreed"].help_text = _(
            "Demandez-le-lui. Elle voit cet accord sur sa page, et le retire quand elle veut."
        )
        self.fields["agreed"].error_messages["required"] = _(
            "Sans son accord, rien ne part : demandez-le-lui, puis cochez."
        )


class PartnerForm(forms.Form):
    """What a partner answers: accepts, asks, or declines."""

    said = forms.ChoiceField(
        label=_("Votre réponse"),
        choices=[
            ("accept", _("Nous accompagnons ce projet")),
            ("ask", _("Nous avons d’abord une question")),
            ("decline", _("Nous ne pouvons pas")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez l’une des trois réponses.")},
    )
    words = forms.CharField(
        label=_("Votre message à la porte"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("La question, ou pourquoi vous ne pouvez pas. Facultatif si vous acceptez."),
    )
    meeting_on = forms.DateField(
        label=_("Premier rendez-vous"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Si vous acceptez, et si vous avez déjà un jour."),
    )

    def clean(self) -> dict[str, Any]:
        """A question and a refusal are words."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("said") in ("ask", "decline") and not (cleaned.get("words") or "").strip():
            asks = cleaned["said"] == "ask"
            self.add_error("words", _("Écrivez votre question.") if asks else _("Dites en une phrase pourquoi."))
        return cleaned


class ReplyForm(forms.Form):
    """The door's reply to a partner's question."""

    words = forms.CharField(
        label=_("Votre réponse"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Le partenaire la reçoit par courriel, avec un nouveau délai."),
        error_messages={"required": _("Écrivez votre réponse à la question du partenaire.")},
    )


class AgainForm(forms.Form):
    """Where to send the letter again."""

    email = forms.EmailField(
        label=_("Renvoyer à l’adresse"),
        max_length=254,
        help_text=_("Le lien envoyé avant n’ouvre alors plus rien."),
        error_messages={"required": _("Donnez une adresse."), "invalid": _("Il manque un morceau de cette adresse.")},
    )


def offer_words(offers: Sequence[Offer]) -> dict[str, str]:
    """Offers as a list of choices: « Bâtir son prévisionnel (MIFE) »."""
    return {str(offer.pk): f"{offer.title} ({offer.partner.canonical.name})" for offer in offers}

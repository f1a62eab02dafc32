"""The form by which a partner says what it offers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toile.pathway.models import Offer
from toile.pathway.rules.matrix import matrix
from toile.pathway.rules.offers import HELPERS, LONGEST_DELAY, PUBLICS

NATURES: Final = {
    "alone": _("une personne seule"),
    "group": _("un groupe"),
    "existing": _("une structure qui existe"),
}
YES_NO: Final = [("", _("non dit")), ("yes", _("oui")), ("no", _("non"))]
TRAINING_FIELDS: Final = ("body", "level", "recognised", "starts_on", "ends_on")


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _boxes(label: Any, choices: Any, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, help_text=help_text, required=False, widget=forms.CheckboxSelectMultiple
    )


class OfferForm(forms.Form):
    """Who helps with what, at which stage, where, for whom, at what cost, how soon. revision: 0 for a new offer.

    The needs are asked heading by heading (`needs_<heading>`), as the matrix shows them.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    title = forms.CharField(
        label=_("Titre"), max_length=160, help_text=_("Ce que l’offre apporte, par exemple « Bâtir son prévisionnel ».")
    )
    kind = forms.ChoiceField(label=_("Nature"), choices=Offer.Kind.choices)
    description = forms.CharField(
        label=_("En quelques phrases"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Ce qui se passe, combien de fois, avec qui."),
    )
    stages = _boxes(_("À quelles étapes"), (), _("Aucune cochée : à toutes."))
    helper = forms.ChoiceField(
        label=_("Type d’aide"),
        required=False,
        choices=[("", _("aucun de ceux-ci")), *HELPERS.items()],
        help_text=_("Celui que les règles d’orientation nomment, s’il y a lieu."),
    )
    natures = _boxes(_("Pour quels projets"), list(NATURES.items()), _("Aucun coché : pour tous."))
    publics = _boxes(_("Réservée à"), list(PUBLICS.items()), _("Aucun coché : à personne en particulier."))
    public = forms.CharField(
        label=_("Pour qui, avec vos mots"), max_length=200, required=False, help_text=_("Conditions, niveau, langue…")
    )
    perimeters = _boxes(_("Où"), (), _("Aucun coché : partout sur le territoire."))
    is_free = forms.ChoiceField(label=_("Gratuite"), choices=YES_NO, required=False)
    cost = forms.CharField(
        label=_("Coût"), max_length=160, required=False, help_text=_("En clair, par exemple « 40 € la demi-journée ».")
    )
    delay_days = forms.IntegerField(
        label=_("Jours avant le premier rendez-vous"), required=False, min_value=0, max_value=LONGEST_DELAY
    )
    places = forms.IntegerField(
        label=_("Places restantes"),
        required=False,
        min_value=0,
        max_value=10_000,
        help_text=_("Vide : sans limite. 0 : complet, plus personne n’y est envoyé."),
    )
    email = forms.EmailField(
        label=_("Où envoyer les demandes"),
        required=False,
        max_length=254,
        help_text=_("Jamais montré. Sans adresse, elles vont à celle de la structure, ou à qui la représente."),
    )
    body = forms.CharField(
        label=_("Formation : qui la donne"),
        max_length=120,
        required=False,
        help_text=_("Seulement pour une formation donnée par un autre organisme."),
    )
    level = forms.CharField(label=_("Formation : niveau"), max_length=80, required=False)
    recognised = forms.CharField(
        label=_("Formation : certification"),
        max_length=120,
        required=False,
        help_text=_("Titre et numéro (RNCP, RS). Vide : sans reconnaissance officielle, et c’est dit."),
    )
    starts_on = forms.DateField(label=_("Formation : premier jour"), required=False, widget=_day())
    ends_on = forms.DateField(label=_("Formation : dernier jour"), required=False, widget=_day())
    valid_from = forms.DateField(label=_("L’offre vaut à partir du"), widget=_day())
    valid_until = forms.DateField(
        label=_("Jusqu’au"), required=False, widget=_day(), help_text=_("Vide : tant qu’elle n’est pas retirée.")
    )
    confirmed = forms.BooleanField(
        label=_("Le partenaire confirme ce qui est écrit"),
        required=False,
        help_text=_("Sinon, l’offre porte « rôle à confirmer »."),
    )

    def __init__(self, *args: Any, perimeters: Mapping[str, str], **kwargs: Any) -> None:
        """perimeters: code → name of those that one may choose."""
        super().__init__(*args, **kwargs)
        declared = matrix()
        self.fields["stages"].choices = [(stage.code, stage.title) for stage in declared.stages]
        self.fields["perimeters"].choices = list(perimeters.items())
        seen: set[str] = set()
        for heading in declared.headings:
            needs = [need for need in declared.needs.values() if heading.code in need.under and need.code not in seen]
            seen |= {need.code for need in needs}
            title = _("Besoins, %(heading)s") % {"heading": heading.title.lower()}
            field = _boxes(title, [(need.code, need.title) for need in needs])
            field.initial = [code for code in self.initial.get("needs", ()) if code in {need.code for need in needs}]
            self.fields[f"needs_{heading.code}"] = field
        self.headings = [heading.code for heading in declared.headings]
        groups = [f"needs_{heading}" for heading in self.headings]
        self.order_fields(["revision", "title", "kind", "description", *groups])

    def clean(self) -> dict[str, Any]:
        """The needs together; what is only of a training is emptied elsewhere; « non dit » is unknown."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["needs"] = [code for heading in self.headings for code in cleaned.pop(f"needs_{heading}", ())]
        if not cleaned["needs"]:
            self.add_error(f"needs_{self.headings[0]}", _("Choisissez au moins un besoin auquel l’offre répond."))
        cleaned["is_free"] = {"yes": True, "no": False}.get(cleaned.get("is_free", ""))
        if cleaned.get("kind") != Offer.Kind.TRAINING:
            cleaned |= dict.fromkeys(("body", "level", "recognised"), "") | dict.fromkeys(("starts_on", "ends_on"))
        return cleaned

    def refuse(self, field: str, sentence: str) -> None:
        """Show what the rules refused beside its field."""
        self.add_error(f"needs_{self.headings[0]}" if field == "needs" else field, sentence)


def initial_of(offer: Offer) -> dict[str, Any]:
    """What the form of an offer holds when it opens."""
    names = (
        *("title", "kind", "description", "needs", "stages", "helper", "natures", "publics", "public", "perimeters"),
        *("cost", "delay_days", "places", "email", "body", "level", "recognised", "starts_on", "ends_on"),
        *("valid_from", "valid_until", "confirmed"),
    )
    free = {True: "yes", False: "no", None: ""}[offer.is_free]
    return {name: getattr(offer, name) for name in names} | {"is_free": free, "revision": offer.revision}


def initial_of_new() -> dict[str, Any]:
    """What the form of a new offer holds: valid from today, confirmed by who writes it."""
    return {"revision": 0, "valid_from": timezone.localdate(), "confirmed": True, "needs": []}

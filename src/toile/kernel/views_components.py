"""The page `/-/composants/`: every component of the visual language, in each of its states."""

from __future__ import annotations

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from . import components_charts

THEMES = ("light", "dark")
FAMILIES = (
    ("association", _("Association"), 24),
    ("cooperative", _("Coopérative"), 8),
    ("mutuelle", _("Mutuelle"), 2),
    ("fondation", _("Fondation"), 1),
    ("societe", _("Société commerciale de l’ESS"), 4),
    ("autre", _("Autre organisme non lucratif"), 3),
    ("appui", _("Acteur d’appui, hors ESS"), 5),
    ("averifier", _("À vérifier"), 1),
)
COMMUNES = (("42218", "Saint-Étienne", 14), ("42207", "Saint-Chamond", 5), ("42095", "Firminy", 4))


class DemoForm(forms.Form):
    """One field of each sort, to be looked at; nothing is sent anywhere."""

    name = forms.CharField(label=_("Votre nom, ou celui de votre structure"), max_length=80)
    email = forms.EmailField(
        label=_("Votre courriel"),
        help_text=_("Pour la réponse seulement. Il n’est ni publié ni gardé au-delà d’un an."),
        error_messages={"invalid": _("Il manque la fin de l’adresse, par exemple « .fr »")},
    )
    subject = forms.ChoiceField(
        label=_("Ce qui est faux"),
        choices=[
            ("place", _("L’adresse ou les horaires")),
            ("name", _("Le nom ou l’activité")),
            ("family", _("La famille ESS")),
        ],
    )
    since = forms.DateField(label=_("Depuis quand"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    staff = forms.IntegerField(
        label=_("Nombre de salariés"),
        min_value=0,
        required=False,
        error_messages={"min_value": _("Un nombre de salariés va de zéro vers le haut : écrivez 0 s’il n’y en a pas")},
    )
    answer = forms.ChoiceField(
        label=_("Comment vous répondre"),
        widget=forms.RadioSelect,
        choices=[("mail", _("Par courriel")), ("phone", _("Par téléphone"))],
        error_messages={"required": _("Choisissez l’une des deux façons de vous répondre")},
    )
    needs = forms.MultipleChoiceField(
        label=_("Ce que vous cherchez"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("place", _("Un local")), ("market", _("Un marché à plusieurs")), ("job", _("Un emploi à partager"))],
    )
    file = forms.FileField(label=_("Un document"), required=False, help_text=_("PDF ou image, 5 Mo au plus."))
    message = forms.CharField(label=_("Votre message"), widget=forms.Textarea(attrs={"rows": 4}))
    consent = forms.BooleanField(
        label=_("Vous pouvez montrer mon message à la structure"),
        error_messages={"required": _("Sans votre accord, le message ne peut pas être montré à la structure")},
    )


def components(request: HttpRequest) -> HttpResponse:
    """The page; `?theme=light` and `?theme=dark` force a theme, `?page=N` moves its pager."""
    theme = request.GET.get("theme", "")
    refused = DemoForm(
        {"r-name": "Association du Bas-Vernay", "r-email": "contact@bas-vernay", "r-subject": "place", "r-staff": "-2"},
        prefix="r",
    )
    context = {
        "refused": refused,
        "blank": DemoForm(prefix="b"),
        "page": Paginator(range(412), 20).get_page(request.GET.get("page")),
        "families": FAMILIES,
        "communes": COMMUNES,
        "charts": components_charts.blocks(components_charts.bars()),
    }
    if theme in THEMES:
        context["theme"] = theme
    return render(request, "kernel/components.html", context)

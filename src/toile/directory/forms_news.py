"""The forms of the news: written by a structure, reported by anybody, moderated by the team, commented."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toile.directory.models import News
from toile.directory.models.news import COMMENT_LENGTH, KINDS, REASON_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from toile.directory.rules.news import Kind, faults
from toile.directory.services.news import FAULTS, Shown, Told
from toile.kernel.open_forms import OpenForm
from toile.kernel.pictures import PictureFields
from toile.kernel.throttle import Pace
from toile.territory.models import Commune

FIELD_OF: Final = {"no_day": "on", "ends_before": "until", "too_far": "on", "over": "until"}


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class NewsForm(PictureFields):
    """One item: words, dates, place, picture. version: of the item as it was opened, 0 for a new one."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    kind = forms.ChoiceField(
        label=_("Nature"),
        choices=list(KINDS.items()),
        help_text=_("Besoin, offre, emploi et rendez-vous sont des annonces : elles ont une fin."),
    )
    title = forms.CharField(label=_("Titre"), max_length=TITLE_LENGTH)
    text = forms.CharField(
        label=_("Texte"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text=_("Du texte simple : une ligne vide fait un paragraphe, une adresse « https:// » devient un lien."),
    )
    on = forms.DateField(
        label=_("Date"), required=False, widget=_day(), help_text=_("Le jour dont vous parlez, s’il y en a un.")
    )
    until = forms.DateField(
        label=_("Fin"),
        required=False,
        widget=_day(),
        help_text=_("Dernier jour. Sans date ni fin, une annonce dure deux mois, une actualité trois."),
    )
    commune = forms.ChoiceField(label=_("Commune"), required=False)
    place = forms.CharField(
        label=_("Lieu"), required=False, max_length=200, help_text=_("En clair, par exemple « salle des fêtes ».")
    )
    removed = forms.BooleanField(label=_("Retirer l’image"), required=False)
    comments_open = forms.BooleanField(
        label=_("Ouvrir aux commentaires"),
        required=False,
        help_text=_(
            "Les personnes connectées pourront écrire sous l’actualité ; vous pourrez masquer, avec une raison."
        ),
    )
    field_order = ["kind", "title", "text", "on", "until", "commune", "place", "picture", "alt", "decorative"]

    def __init__(self, *args: Any, communes: Iterable[Commune], news: News | None = None, **kwargs: Any) -> None:
        """communes: those that one may choose. news: the item that is changed, None for a new one."""
        super().__init__(*args, **kwargs)
        self.communes = {commune.code: commune for commune in communes}
        chosen = [(code, commune.name) for code, commune in self.communes.items()]
        self.fields["commune"].choices = [("", _("Celle de la structure")), *chosen]
        self.fields["picture"].required = False
        self.news = news
        if news is None or news.picture is None:
            del self.fields["removed"]

    def clean(self) -> dict[str, Any]:
        """The dates make sense; those that only passed since they were written are left alone."""
        cleaned = super().clean()
        if {"kind", "on", "until"} & self.errors.keys():
            return cleaned
        dates = Kind(cleaned["kind"]), cleaned["on"], cleaned["until"]
        held = self.news and (self.news.kind, self.news.on, self.news.until)
        if dates != held:
            for fault in faults(dates[0], on=dates[1], until=dates[2], today=timezone.localdate()):
                field = FIELD_OF[fault]
                self.add_error(field if field == "on" or cleaned["until"] else "on", FAULTS[fault])
        return cleaned

    @property
    def told(self) -> Told:
        """The words, once the form is right."""
        said = self.cleaned_data
        return Told(
            Kind(said["kind"]),
            said["title"],
            said["text"],
            self.communes.get(said["commune"]),
            said["place"],
            said["on"],
            said["until"],
            said["comments_open"],
        )

    @property
    def shown(self) -> Shown:
        """What becomes of the picture, once the form is right."""
        said = self.cleaned_data
        return Shown(said["picture"], said["alt"], bool(said.get("removed")))


def initial_of(news: News) -> dict[str, Any]:
    """What the form of an item holds when it opens."""
    return {
        "version": news.version,
        "kind": news.kind,
        "title": news.title,
        "text": news.text,
        "on": news.on,
        "until": news.until,
        "commune": news.commune_id or "",
        "place": news.place,
        "alt": news.picture.alt if news.picture else "",
        "decorative": bool(news.picture and not news.picture.alt),
        "comments_open": news.comments_open,
    }


class NewsReportForm(OpenForm):
    """What anybody finds wrong in an item, without an account nor an address."""

    purpose = "news_report"
    paces = (Pace(5, 600), Pace(20, 24 * 3600))
    words = forms.CharField(
        label=_("Ce qui ne va pas"),
        min_length=10,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Faux, blessant, commercial, dépassé… L’équipe lit, puis masque l’actualité ou la laisse."),
    )

    def clean_words(self) -> str:
        """Two links at most."""
        return self.few_links("words")


class HideForm(forms.Form):
    """Why an item or a comment is taken off the site: its author reads it."""

    because = forms.CharField(
        label=_("Pourquoi"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Qui l’a écrite lit cette raison, et peut y répondre."),
        error_messages={"required": _("Dites pourquoi, en une phrase au moins.")},
    )


class AnswerForm(forms.Form):
    """What a structure answers to the team."""

    words = forms.CharField(
        label=_("Votre réponse"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Ce que vous avez corrigé, ou pourquoi l’actualité peut rester comme elle est."),
        error_messages={"required": _("Écrivez votre réponse à l’équipe.")},
    )


class CommentForm(forms.Form):
    """A comment, in plain text."""

    words = forms.CharField(
        label=_("Votre commentaire"),
        max_length=COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Lu par tous, sous « une personne du site » : votre nom n’est pas montré."),
    )

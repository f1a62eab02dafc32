"""The forms of a path: an answer or a deliverable, a gate, another path, a file, a SIRET, a path for a structure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from toile.pathway.forms.takeover import DayField
from toile.pathway.models import Document, Door
from toile.pathway.rules.stages import PathWay, Stage, paths


class ItemForm(forms.Form):
    """What a stage asks: words, a document of the case, or a new one."""

    words = forms.CharField(
        label=_("Votre texte"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    document = forms.ChoiceField(label=_("Document du dossier"), required=False)
    file = forms.FileField(
        label=_("Ou un nouveau document"),
        required=False,
        help_text=_("PDF, texte, tableur, présentation ou image ; 15 Mo au plus."),
    )
    made_on = DayField(label=_("Fait le"), help_text=_("Aujourd’hui si vous ne dites rien."))
    revision = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    def __init__(
        self, *args: Any, documents: Sequence[Document] = (), is_question: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].choices = [("", _t("aucun")), *((str(one.pk), one.title) for one in documents)]
        if is_question:
            self.fields["words"].label = _t("Réponse")
            self.fields["words"].help_text = _t("« Nous ne savons pas encore » est une réponse.")
            for name in ("document", "file", "made_on"):
                del self.fields[name]
        elif not documents:
            del self.fields["document"]

    @property
    def chosen(self) -> UUID | None:
        """The document chosen among those of the case."""
        value = self.cleaned_data.get("document")
        return UUID(value) if value else None

    def clean_made_on(self) -> Any:
        """No day to come."""
        day = self.cleaned_data["made_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_t("Ce jour n’est pas encore venu : donnez celui où c’est fait."))
        return day


class GateForm(forms.Form):
    """Pass the gate or send back, and why."""

    PASS, BACK = "pass", "back"
    decision = forms.ChoiceField(
        label=_("Votre décision"),
        choices=[(PASS, _("Franchir l’étape")), (BACK, _("La renvoyer"))],
        widget=forms.RadioSelect,
    )
    to_stage = forms.ChoiceField(label=_("Si vous la renvoyez : à quelle étape"), required=False)
    reason = forms.CharField(
        label=_("Pourquoi"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("La personne qui porte le projet le lira, avec votre nom."),
    )
    anyway = forms.BooleanField(
        label=_("Franchir quand même, bien qu’il manque ce qui est dit plus haut"), required=False
    )
    stage = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, path: PathWay, stage: Stage, ready: bool, **kwargs: Any) -> None:
        super().__init__(*args, initial={"stage": stage.code, "to_stage": stage.code}, **kwargs)
        until = path.stages[: path.stages.index(stage) + 1]
        self.fields["to_stage"].choices = [(one.code, _t(one.title_fr)) for one in reversed(until)]
        if ready:
            del self.fields["anyway"]

    def clean(self) -> dict[str, Any]:
        """To pass while something is missing is said."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("decision") == self.PASS and "anyway" in self.fields and not cleaned.get("anyway"):
            self.add_error("anyway", _t("Cochez cette case pour franchir quand même, ou renvoyez l’étape."))
        return cleaned


class PathForm(forms.Form):
    """Another path, or another stage, and why."""

    place = forms.ChoiceField(label=_("Parcours et étape"))
    reason = forms.CharField(label=_("Pourquoi"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [
            (_t(path.title_fr), [(f"{path.code}/{stage.code}", _t(stage.title_fr)) for stage in path.stages])
            for path in paths().values()
        ]

    @property
    def chosen(self) -> tuple[str, str]:
        """The codes of the path and of the stage."""
        path, _slash, stage = self.cleaned_data["place"].partition("/")
        return path, stage


class DocumentForm(forms.Form):
    """A file to keep with the case."""

    file = forms.FileField(
        label=_("Fichier"), help_text=_("PDF, texte, tableur, présentation ou image ; 15 Mo au plus.")
    )
    title = forms.CharField(
        label=_("Titre"), max_length=160, required=False, help_text=_("Le nom du fichier si vous ne dites rien.")
    )


class SiretForm(forms.Form):
    """The number that INSEE gave."""

    siret = forms.CharField(
        label=_("Numéro SIRET"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Quatorze chiffres, sur l’avis de situation de l’INSEE."),
    )


class StructurePathForm(forms.Form):
    """A path for a structure that exists, at a door."""

    path = forms.ChoiceField(label=_("Parcours"), widget=forms.RadioSelect)
    door = forms.ModelChoiceField(label=_("Porte"), queryset=Door.objects.none(), empty_label=None)
    title = forms.CharField(
        label=_("En quelques mots"),
        max_length=160,
        required=False,
        help_text=_("Ce que la structure veut, par exemple « Ouvrir un second atelier »."),
    )

    def __init__(self, *args: Any, doors: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["door"].queryset = doors
        self.fields["path"].choices = [
            (one.code, f"{_t(one.title_fr)} : {_t(one.summary_fr)}")
            for one in paths().values()
            if one.for_whom == "structure"
        ]

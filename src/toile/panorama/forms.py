"""The forms of the officer's workbench."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.panorama.models import Edition, Note, Source, SourceKind
from toile.panorama.rules.indicators import indicators
from toile.panorama.services.sources import Described
from toile.panorama.services.words import Words

TEXT_LENGTH: Final = 8000
NOTE_LENGTH: Final = 2000
GROUPS: Final = {
    "epci": gettext_lazy("Le territoire"),
    "perimeters": gettext_lazy("Périmètres"),
    "communes": gettext_lazy("Communes"),
}


def text_box(rows: int) -> forms.Textarea:
    """A field of several lines."""
    return forms.Textarea(attrs={"rows": rows})


def lines(text: str) -> list[str]:
    """What is written line by line, empty ones left out."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class TerritoryForm(forms.Form):
    """Of what and when an edition is, and what stands beside."""

    perimeter = forms.ChoiceField(label=gettext_lazy("Territoire"))
    year = forms.IntegerField(
        label=gettext_lazy("Année"),
        min_value=1973,
        max_value=2999,
        help_text=gettext_lazy("Les chiffres seront ceux du 31 décembre de cette année."),
    )
    compared = forms.MultipleChoiceField(
        label=gettext_lazy("Comparer à"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Huit au plus. Les fichiers reçus doivent les couvrir : sinon, leurs chiffres sont inconnus."
        ),
    )
    others = forms.CharField(
        label=gettext_lazy("Autres territoires à comparer"),
        required=False,
        widget=text_box(2),
        help_text=gettext_lazy("Un code par ligne : SIREN d’une intercommunalité, « dep:43 », « reg:84 »."),
    )

    def __init__(
        self,
        *args: Any,
        perimeters: Sequence[tuple[str, list[tuple[str, str]]]],
        beside: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        """perimeters: groups of (code, name). beside: what may be compared, (code, name)."""
        super().__init__(*args, **kwargs)
        self.fields["perimeter"].choices = [(GROUPS[group], choices) for group, choices in perimeters if choices]
        self.fields["compared"].choices = beside

    @property
    def codes(self) -> list[str]:
        """What stands beside: the boxes checked, then the codes written."""
        return [*self.cleaned_data["compared"], *lines(self.cleaned_data["others"])]


def territory_initial(
    edition: Edition | None, perimeter: str, compared: Sequence[str], known: Iterable[str]
) -> dict[str, Any]:
    """What the form shows first: an edition's own, else the territory and the last year that is over."""
    boxes = set(known)
    if edition is not None:
        perimeter, compared = edition.perimeter, edition.compared
    return {
        "perimeter": perimeter,
        "year": edition.year if edition else timezone.localdate().year - 1,
        "compared": [code for code in compared if code in boxes],
        "others": "\n".join(code for code in compared if code not in boxes),
    }


class UrlForm(forms.Form):
    """The address of an official file."""

    url = forms.URLField(
        label=gettext_lazy("Adresse du fichier"),
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy("Une adresse publique en https, celle du fichier lui-même et non d’une page."),
    )


class SourceForm(forms.Form):
    """What a person says of a source: without it no figure can be defended."""

    kind = forms.ChoiceField(label=gettext_lazy("Ce que c’est"), choices=SourceKind.choices)
    title = forms.CharField(label=gettext_lazy("Titre"), max_length=200)
    publisher = forms.CharField(
        label=gettext_lazy("Qui le publie"),
        max_length=120,
        help_text=gettext_lazy("Par exemple : INSEE, URSSAF, CRESS."),
    )
    vintage = forms.CharField(
        label=gettext_lazy("Millésime"),
        max_length=80,
        help_text=gettext_lazy(
            "De quand sont les données, comme l’éditeur le dit : « novembre 2026 », « Flores 2023 »."
        ),
    )
    year = forms.IntegerField(label=gettext_lazy("Année des données"), required=False, min_value=1973, max_value=2999)
    licence = forms.CharField(
        label=gettext_lazy("Licence"), max_length=120, help_text=gettext_lazy("Par exemple : Licence Ouverte 2.0.")
    )
    simulated = forms.BooleanField(
        label=gettext_lazy("Données inventées, pour essayer"),
        required=False,
        help_text=gettext_lazy(
            "Chaque chiffre qui en vient le dira ; elles ne se mélangent pas à des données réelles."
        ),
    )

    @property
    def described(self) -> Described:
        """The same for the service."""
        return Described(**self.cleaned_data)


def source_initial(source: Source) -> dict[str, Any]:
    """What is said of a source now."""
    return {name: getattr(source, name) for name in SourceForm.base_fields}


class WordsForm(forms.Form):
    """The title and words of an edition. revision: as it was opened."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    title = forms.CharField(label=gettext_lazy("Titre"), max_length=200)
    introduction = forms.CharField(
        label=gettext_lazy("Introduction"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=text_box(9),
        help_text=gettext_lazy("Ce qu’il faut retenir, en quelques phrases. Une ligne vide fait un paragraphe."),
    )
    erratum = forms.CharField(
        label=gettext_lazy("Erratum"),
        max_length=TEXT_LENGTH,
        widget=text_box(4),
        help_text=gettext_lazy("Ce qui était faux, et ce qui change : ceux qui ont cité ces chiffres le liront."),
    )

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        """edition: only a correction has an erratum."""
        super().__init__(*args, **kwargs)
        if edition.replaces_id is None:
            del self.fields["erratum"]

    @property
    def words(self) -> Words:
        """The same for the service."""
        said = self.cleaned_data
        return Words(said["title"], said["introduction"], said.get("erratum", ""))


def words_initial(edition: Edition) -> dict[str, Any]:
    """The words of an edition as they are."""
    return {name: getattr(edition, name) for name in WordsForm.base_fields}


class NoteForm(forms.Form):
    """A note, and what it is about. revision: of the one that is changed, 0 for a new one."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    indicator = forms.ChoiceField(label=gettext_lazy("Indicateur"), required=False)
    commune = forms.ChoiceField(label=gettext_lazy("Commune"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Texte de la note"),
        max_length=NOTE_LENGTH,
        widget=text_box(4),
        help_text=gettext_lazy("Ce qu’il faut savoir pour ne pas se tromper sur ce chiffre. Du texte simple."),
    )

    def __init__(
        self,
        *args: Any,
        codes: Sequence[str],
        communes: Sequence[tuple[str, str]],
        note: Note | None = None,
        **kwargs: Any,
    ) -> None:
        """codes: of the indicators that the edition has. note: the one that is changed; it keeps what it is about."""
        super().__init__(*args, **kwargs)
        known = indicators()
        named = [(code, known[code].name_fr) for code in codes if code in known]
        self.fields["indicator"].choices = [("", _("toute l’édition")), *named]
        self.fields["commune"].choices = [("", _("tout le territoire")), *communes]
        if note is not None:
            del self.fields["indicator"], self.fields["commune"]


class ErratumForm(forms.Form):
    """Why an edition is corrected."""

    erratum = forms.CharField(
        label=gettext_lazy("Erratum"),
        max_length=TEXT_LENGTH,
        widget=text_box(5),
        help_text=gettext_lazy(
            "Ce qui était faux, et ce qui change. Vous pourrez le reprendre jusqu’à la publication."
        ),
    )

"""The form of a panorama that others published."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.panorama.forms import TEXT_LENGTH, lines, text_box
from toile.panorama.rules.indicators import indicators
from toile.panorama.rules.table_words import read_number
from toile.panorama.services.theirs import Said, Theirs

# The figures that panoramas of others tell of a whole territory.
TOLD_BY_OTHERS: Final = (
    "employer_establishments",
    "jobs",
    "share_of_employment",
    "share_of_private_employment",
    "jobs_growth",
)


class TheirsForm(forms.Form):
    """A panorama that others published, copied as they said it."""

    perimeter = forms.CharField(
        label=gettext_lazy("Territoire"),
        max_length=60,
        help_text=gettext_lazy("SIREN d’une intercommunalité, périmètre, « dep:42 », « reg:84 » ou « france »."),
    )
    year = forms.IntegerField(
        label=gettext_lazy("Année"),
        required=False,
        min_value=1973,
        max_value=2999,
        help_text=gettext_lazy("Laissez vide si le document ne la dit pas : il sera « non daté »."),
    )
    title = forms.CharField(label=gettext_lazy("Titre"), max_length=200)
    publisher = forms.CharField(label=gettext_lazy("Qui l’a publié"), max_length=160)
    document = forms.CharField(
        label=gettext_lazy("Document"), max_length=300, help_text=gettext_lazy("Son nom et, s’il y en a une, la page.")
    )
    url = forms.URLField(label=gettext_lazy("Adresse"), required=False, max_length=500, assume_scheme="https")
    vintage = forms.CharField(
        label=gettext_lazy("Millésime des données"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Par exemple : CLAP 2012–2015."),
    )
    licence = forms.CharField(label=gettext_lazy("Licence"), required=False, max_length=120)
    introduction = forms.CharField(
        label=gettext_lazy("Ce qu’il faut en savoir"), required=False, max_length=TEXT_LENGTH, widget=text_box(3)
    )
    contradictions = forms.CharField(
        label=gettext_lazy("Contradictions"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=text_box(3),
        help_text=gettext_lazy("Une par ligne : ce qu’un autre document dit autrement. Elles seront montrées."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in TOLD_BY_OTHERS:
            indicator = indicators()[code]
            mark = " (%)" if indicator.unit == "percent" else ""
            self.fields[code] = forms.CharField(label=f"{_(indicator.name_fr)}{mark}", required=False, max_length=40)

    def clean(self) -> dict[str, Any]:
        """Each figure is a number as French writes it; one at least is given."""
        cleaned = super().clean() or self.cleaned_data
        self.said: list[Said] = []
        for code in TOLD_BY_OTHERS:
            written = (cleaned.get(code) or "").strip()
            if not written:
                continue
            read = read_number(written, indicators()[code].unit)
            if read.value is None:
                self.add_error(code, read.wrong_fr or _("Écrivez un nombre, ou laissez vide."))
            else:
                self.said.append(Said(code, Decimal(read.value)))
        if not self.said and not self.errors:
            raise forms.ValidationError(_("Donnez au moins un chiffre de ce document."))
        return cleaned

    @property
    def theirs(self) -> Theirs:
        """The same for the service."""
        said = {name: self.cleaned_data[name] for name in self.base_fields}
        return Theirs(**said | {"contradictions": lines(said["contradictions"]), "figures": self.said})

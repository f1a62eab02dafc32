"""What a person of the team writes of a structure that no source names yet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from toile.directory.forms_described import DescribedForm
from toile.directory.models.organisations import Stage
from toile.kernel.fold import fold_place
from toile.territory.queries import communes_by_name, communes_of_home


class AddForm(DescribedForm):
    """A structure to add. others: the pages like it that the person saw and says it is none of, by id."""

    name = forms.CharField(label=_("Nom d’usage"), max_length=300, help_text=_("Celui que ses publics connaissent."))
    city = forms.CharField(label=_("Commune"), max_length=120, widget=forms.TextInput(attrs={"list": "communes"}))
    stage = forms.ChoiceField(
        label=_("Étape de vie"),
        widget=forms.RadioSelect,
        initial=Stage.ACTIVE,
        choices=[(stage.value, stage.label) for stage in (Stage.IDEA, Stage.PROJECT, Stage.ACTIVE)],
    )

    field_order = ("name", "city", "description", "address", "postal_code", "website", "stage")

    def clean(self) -> dict[str, Any]:
        """The commune's code when its name says which: here first, then the only one of France called so."""
        clean = super().clean() or self.cleaned_data
        city = clean.get("city")
        if city and not clean.get("postal_code"):
            asked = fold_place(city)
            here = [commune.code for commune in communes_of_home() if fold_place(commune.name) == asked]
            codes = here or communes_by_name().get(asked, ())
            if len(codes) == 1:
                clean["commune_code"] = codes[0]
            elif codes:
                self.add_error("postal_code", _("Plusieurs communes portent ce nom : écrivez le code postal."))
            else:
                self.add_error("city", _("Cette commune n’est pas connue : vérifiez-la, ou écrivez le code postal."))
        return clean

    def seen(self) -> set[UUID]:
        """The pages that the person saw and says are other structures."""
        return {pk for text in self.data.getlist("autre") for pk in _uuids(text)}


def _uuids(text: str) -> list[UUID]:
    found = []
    for word in text.split()[:20]:
        try:
            found.append(UUID(word))
        except ValueError:
            continue
    return found

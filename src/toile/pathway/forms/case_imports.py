"""The shape of a spreadsheet given by a door, and of what its columns hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toile.pathway.models import Door
from toile.pathway.rules.case_columns import fields

KINDS = [("cases", _("des dossiers")), ("firms", _("des structures suivies"))]


class CaseFileForm(forms.Form):
    """A file, what it holds, and of which door."""

    door = forms.ChoiceField(label=_("La porte"))
    kind = forms.ChoiceField(label=_("Ce que contient le tableur"), choices=KINDS, initial="cases")
    file = forms.FileField(
        label=_("Le fichier"),
        help_text=_("CSV ou Excel (.xlsx). Les colonnes peuvent manquer : ce qui manque restera inconnu."),
        error_messages={"required": _("Choisissez un fichier."), "empty": _("Ce fichier est vide.")},
    )

    def __init__(self, *args: Any, doors: Sequence[Door], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["door"].choices = [(str(door.pk), door.name) for door in doors]


class ColumnsForm(forms.Form):
    """What each column holds: one field each (`column_<n>`), empty for a column left aside."""

    def __init__(self, *args: Any, kind: str, columns: Sequence[str], guessed: Mapping[str, str], **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [("", _("rien : laissée de côté")), *((one.code, _(one.label)) for one in fields(kind).values())]
        self.columns = list(columns)
        for number, column in enumerate(self.columns):
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=column, choices=choices, required=False, initial=guessed.get(column, "")
            )

    @property
    def lines(self) -> list[tuple[str, forms.BoundField]]:
        """Each column with its field."""
        return [(column, self[f"column_{number}"]) for number, column in enumerate(self.columns)]

    @property
    def chosen(self) -> dict[str, str]:
        """Column → what it holds."""
        said = ((column, self.cleaned_data[f"column_{number}"]) for number, column in enumerate(self.columns))
        return {column: code for column, code in said if code}

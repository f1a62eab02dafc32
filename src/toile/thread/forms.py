"""What a reader may ask of the audit, and say of a search to keep."""

from django import forms
from django.utils.translation import gettext_lazy as _

from toile.kernel.lists import lists

from .kinds import kinds
from .models import Cadence
from .searches import LONGEST_NAME, one_line


class AuditForm(forms.Form):
    """Filters of the audit page; anything unreadable is told, never a crash."""

    kind = forms.ChoiceField(label=_("Sorte de fait"), required=False)
    actor = forms.UUIDField(label=_("Identifiant de la personne"), required=False)
    act = forms.UUIDField(label=_("Identifiant de l’acte"), required=False)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        labels = {kind.code: kind.label for kind in kinds.values()}
        self.fields["kind"].choices = [("", _("Toutes")), *sorted(labels.items(), key=lambda line: str(line[1]))]


class ThreadForm(forms.Form):
    """Where the reader of the territory's thread has got to."""

    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class SearchForm(forms.Form):
    """A kept search's name, on one line, and how often it is told."""

    name = forms.CharField(label=_("Nom de la recherche"), max_length=LONGEST_NAME)
    cadence = forms.ChoiceField(label=_("Me prévenir des nouveautés par courriel"), choices=Cadence.choices)

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"])


class KeepForm(SearchForm):
    """A search to keep: of which list, and the query of its address; a name left empty is made from the question."""

    list = forms.CharField(max_length=40, widget=forms.HiddenInput)
    query = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False

    def clean_list(self) -> str:
        if self.cleaned_data["list"] not in lists:
            raise forms.ValidationError(_("Cette liste n’existe pas, ou n’existe plus."))
        return self.cleaned_data["list"]

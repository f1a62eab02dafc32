"""What a reader may ask of the audit."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .kinds import kinds


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

"""The shape of what people settle in the team's weeks: each one's time, a visit by hand, a rank, a tie of interest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from toile.pathway.models import Availability
from toile.pathway.queries.week_page import week_fr
from toile.pathway.rules.team import team_settings

WHY: Final = forms.Textarea(attrs={"rows": 2})
DAYS: Final[Mapping[str, Any]] = {
    "min_value": Decimal(0),
    "max_value": Decimal(5),
    "max_digits": 2,
    "decimal_places": 1,
}
OFF: Final[Mapping[str, Any]] = {
    "invalid": _("Écrivez un nombre de jours, par exemple 0,5."),
    "min_value": _("Un nombre de jours ne descend pas sous 0."),
    "max_value": _("Une semaine a cinq jours."),
    "max_decimal_places": _("Une décimale au plus, par exemple 0,5."),
}


class AvailabilityForm(forms.Form):
    """What one adviser can do. weeks: the Mondays that may differ from the usual, one field each (`week_<n>`)."""

    days = forms.DecimalField(
        label=_("Jours de suivi dans une semaine ordinaire"),
        help_text=_("Une visite prend une demi-journée. 0 : aucune visite."),
        error_messages=dict(OFF) | {"required": _("Dites combien de jours, 0 s’il n’y en a pas.")},
        localize=True,
        **DAYS,
    )
    skills = forms.MultipleChoiceField(
        label=_("Ce que cette personne sait traiter"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(skill.code, skill.label) for skill in team_settings().skills.values()],
        help_text=_("Aucune case : tout."),
    )
    communes = forms.MultipleChoiceField(
        label=_("Communes où elle va"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Aucune case : partout."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(
        self,
        *args: Any,
        mondays: Sequence[date],
        communes: Sequence[tuple[str, str]],
        row: Availability | None,
        **more: Any,
    ) -> None:
        initial: dict[str, Any] = {"revision": 0}
        if row is not None:
            initial = {"days": row.days, "skills": row.skills, "communes": row.communes, "revision": row.revision}
        super().__init__(*args, initial=initial, **more)
        self.fields["communes"].choices = communes
        self.mondays = list(mondays)
        for number, monday in enumerate(self.mondays):
            said = row.weeks.get(monday.isoformat()) if row else None
            self.fields[f"week_{number}"] = forms.DecimalField(
                label=week_fr(monday),
                required=False,
                initial=said,
                error_messages=dict(OFF),
                localize=True,
                **DAYS,
            )

    @property
    def week_fields(self) -> list[forms.BoundField]:
        """One field for each Monday, in order."""
        return [self[f"week_{number}"] for number in range(len(self.mondays))]

    @property
    def differs(self) -> bool:
        """Whether some week was said to differ."""
        return any(bound.initial is not None for bound in self.week_fields)

    @property
    def weeks(self) -> dict[str, str]:
        """What differs from the usual: ISO Monday → days."""
        said = ((monday, self.cleaned_data.get(f"week_{number}")) for number, monday in enumerate(self.mondays))
        return {monday.isoformat(): str(days) for monday, days in said if days is not None}


class FixForm(forms.Form):
    """Who sees a firm, in which week."""

    adviser = forms.ChoiceField(label=_("Qui la voit"))
    monday = forms.ChoiceField(label=_("Quelle semaine"))
    why = forms.CharField(
        label=_("Pourquoi"), max_length=300, widget=WHY, required=False, help_text=_("Lu par l’équipe.")
    )
    before = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, team: Sequence[tuple[UUID, str]], mondays: Sequence[date], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["adviser"].choices = [(str(person), name) for person, name in team]
        self.fields["monday"].choices = [(monday.isoformat(), week_fr(monday)) for monday in mondays]

    @property
    def said(self) -> tuple[UUID, date]:
        """Whom, and the Monday."""
        return UUID(self.cleaned_data["adviser"]), date.fromisoformat(self.cleaned_data["monday"])


class TakeOffForm(forms.Form):
    """Taking a firm off a week."""

    monday = forms.ChoiceField(label=_("De quelle semaine"))
    why = forms.CharField(
        label=_("Pourquoi"),
        max_length=300,
        widget=WHY,
        error_messages={"required": _("Dites pourquoi : la prochaine personne qui ouvre ce plan le lira.")},
    )
    before = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, mondays: Sequence[date], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["monday"].choices = [(monday.isoformat(), week_fr(monday)) for monday in mondays]

    @property
    def said(self) -> date:
        """The Monday."""
        return date.fromisoformat(self.cleaned_data["monday"])


class RankForm(forms.Form):
    """The rank of a firm in the order of calls; empty: by its score."""

    place = forms.IntegerField(
        label=_("Rang"),
        required=False,
        min_value=1,
        max_value=3000,
        help_text=_("1 : la première appelée. Vide : le score décide."),
        error_messages={"invalid": _("Écrivez un nombre, par exemple 1.")},
    )
    why = forms.CharField(label=_("Pourquoi"), max_length=200, widget=WHY, required=False)


class TieForm(forms.Form):
    """An adviser who must not see a firm."""

    adviser = forms.ChoiceField(label=_("Qui ne doit pas la voir"))
    has = forms.ChoiceField(
        label=_("Conflit d’intérêts"),
        choices=[("1", _("oui, cette personne ne la voit pas")), ("", _("non, ou plus maintenant"))],
        required=False,
        help_text=_("Dites qu’il y en a un, jamais lequel."),
    )

    def __init__(self, *args: Any, team: Sequence[tuple[UUID, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["adviser"].choices = [(str(person), name) for person, name in team]

    @property
    def person(self) -> UUID:
        """Whom."""
        return UUID(self.cleaned_data["adviser"])

"""The form that draws a perimeter."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Perimeter, PerimeterKind
from .queries import communes_by_name, communes_of_home, resolve_code
from .rules.names import place_key

LONGEST_POLYGON = 400_000
LONGEST_LIST = 40_000


class PerimeterForm(forms.Form):
    """A perimeter as a person writes it: one commune a line, one alias a line, a GeoJSON contour pasted."""

    name = forms.CharField(label=_("Nom"), max_length=160)
    aliases = forms.CharField(
        label=_("Autres façons de l’écrire"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Une par ligne. Les accents, les traits d’union et « St » pour « Saint » sont compris d’office."),
    )
    kind = forms.ChoiceField(
        label=_("Ce que c’est"),
        choices=[
            (PerimeterKind.NAMED, PerimeterKind.NAMED.label),
            (PerimeterKind.QUARTER, PerimeterKind.QUARTER.label),
        ],
    )
    definition = forms.CharField(
        label=_("Ce qu’il désigne"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    communes = forms.CharField(
        label=_("Communes entières"),
        required=False,
        max_length=LONGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Une par ligne : son nom ou son code INSEE, par exemple « 42218 »."),
    )
    polygon = forms.CharField(
        label=_("Contour"),
        required=False,
        max_length=LONGEST_POLYGON,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_("Un polygone GeoJSON (longitude puis latitude), copié d’un outil de cartographie."),
    )
    indicative = forms.BooleanField(
        label=_("Contour indicatif"), required=False, help_text=_("Cochez si aucun texte ne fixe cette limite.")
    )
    source = forms.CharField(label=_("Source"), required=False, max_length=300, help_text=_("D’où vient ce tracé."))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    @classmethod
    def values_of(cls, perimeter: Perimeter) -> dict[str, Any]:
        """What the form shows for a perimeter that exists."""
        return {
            "name": perimeter.name,
            "aliases": "\n".join(perimeter.aliases),
            "kind": perimeter.kind,
            "definition": perimeter.definition,
            "communes": "\n".join(f"{commune.code} {commune.name}" for commune in perimeter.communes.all()),
            "polygon": json.dumps(perimeter.polygon) if perimeter.polygon else "",
            "indicative": perimeter.indicative,
            "source": perimeter.source,
            "version": perimeter.version,
        }

    def allow_kind(self, kind: str) -> None:
        """Keep a perimeter's own kind choosable (an EPCI stays one)."""
        field = self.fields["kind"]
        if kind not in dict(field.choices):
            field.choices = [(kind, PerimeterKind(kind).label), *field.choices]

    def clean_aliases(self) -> list[str]:
        """One alias a line."""
        aliases = _lines(self.cleaned_data["aliases"])
        if any(len(alias) > 160 for alias in aliases):
            raise forms.ValidationError(_("Un de ces noms est trop long : mettez-en un par ligne."))
        return aliases

    def clean_communes(self) -> list[str]:
        """The codes of the communes, read from codes or names; a name is looked for at home first."""
        wanted = _lines(self.cleaned_data["communes"])
        if not wanted:
            return []
        at_home = {place_key(commune.name): (commune.code,) for commune in communes_of_home()}
        known = communes_by_name()
        codes, unknown, several = [], [], []
        for line in wanted:
            found = _code(line) or at_home.get(place_key(line)) or known.get(place_key(line), ())
            if len(found) == 1:
                codes.append(found[0])
            else:
                (several if found else unknown).append(line)
        if unknown:
            raise forms.ValidationError(
                _("Aucune commune ne s’appelle %(names)s. Vérifiez l’orthographe, ou donnez le code INSEE."),
                params={"names": ", ".join(f"« {name[:40]} »" for name in unknown[:5])},
            )
        if several:
            raise forms.ValidationError(
                _("Plusieurs communes s’appellent %(names)s : donnez le code INSEE."),
                params={"names": ", ".join(f"« {name[:40]} »" for name in several[:5])},
            )
        return codes

    def clean_polygon(self) -> Any:
        """The contour as JSON; whether it is a polygon is the service's to say."""
        text = self.cleaned_data["polygon"].strip()
        if not text:
            return None
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(
                _("Ce texte n’est pas du GeoJSON : il commence par « { » et finit par « } ».")
            ) from error


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _code(line: str) -> tuple[str, ...]:
    """The present commune of a line that begins with a code (« 42218 Saint-Étienne »)."""
    first = line.split(maxsplit=1)[0]
    code = resolve_code(first).code if any(character.isdigit() for character in first) else None
    return (code,) if code else ()

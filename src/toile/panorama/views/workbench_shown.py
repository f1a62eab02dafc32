"""The workbench's words: what was understood of a file, what is to be looked at in an edition, as pages tell them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.kernel.typography import french_number
from toile.panorama.models import Edition, Source
from toile.panorama.rules.indicators import indicators
from toile.panorama.rules.reviewing import Change, ToCheck
from toile.panorama.telling_sources import sentences

PARTS: Final = {
    "commune": gettext_lazy("Les communes"),
    "family": gettext_lazy("Les familles"),
    "size": gettext_lazy("Les tailles"),
}


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """One thing to look at: the indicator's name, where, why."""

    indicator: str
    commune: str
    name: str
    where: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Changed:
    """One figure of the territory before and now, as French writes numbers. moved: None when nothing is to be said."""

    name: str
    before: str
    now: str
    moved: str | None


def understood(source: Source) -> dict[str, Any]:
    """What was understood of a file, as its page tells it; empty values for what its kind does not have."""
    said: Mapping[str, Any] = source.understood
    known = indicators()
    return {
        "rows": said.get("rows"),
        "years": list(said.get("years", ())),
        "indicators": [known[code].short_fr for code in said.get("indicators", ()) if code in known],
        "sentences": [*sentences(said), *_left_out(said)],
        "problems": said.get("problems", ()),
    }


def _left_out(said: Mapping[str, Any]) -> list[str]:
    ignored = said.get("ignored", ())
    return [_("Colonnes laissées de côté : %(names)s.") % {"names": ", ".join(ignored)}] if ignored else []


def to_look_at(warning: ToCheck, edition: Edition, communes: Mapping[str, str]) -> ToLookAt:
    """A warning in words."""
    where = warning.where
    place = communes.get(where.commune, where.commune) or edition.perimeter_name
    return ToLookAt(warning.indicator, where.commune, _name(warning.indicator), place, _sentence(warning))


def changed(change: Change) -> Changed:
    """A change in words: « 967 », « 1 011 », « −4,4 % »; a share changes by points, not by a percent of a percent."""
    before, now = (_number(change.indicator, value) for value in (change.before, change.now))
    return Changed(_name(change.indicator), before, now, _moved(change))


def _moved(change: Change) -> str | None:
    if change.unit == "percent":
        points = change.now - change.before
        return _("%(n)s points") % {"n": _signed(points)}
    if change.unit == "ratio" or change.percent is None:
        return None
    return f"{_signed(change.percent)} %"


def _signed(number: Decimal) -> str:
    return f"{'+' if number > 0 else ''}{french_number(number, 1)}"


def _sentence(warning: ToCheck) -> str:
    one, other = (_number(warning.indicator, number) for number in warning.numbers)
    match warning.kind:
        case "jump":
            return _("Passe de %(before)s à %(now)s : dites pourquoi, ou vérifiez les fichiers.") % {
                "before": one,
                "now": other,
            }
        case "sum":
            return _("%(parts)s font %(added)s ensemble, le total est %(total)s.") % {
                "parts": PARTS[warning.axis],
                "added": one,
                "total": other,
            }
        case _:
            return _("La tranche d’effectif est inconnue pour %(unknown)s établissements sur %(total)s.") % {
                "unknown": one,
                "total": other,
            }


def _name(code: str) -> str:
    return _(indicators()[code].short_fr) if code in indicators() else code


def _number(code: str, value: Decimal) -> str:
    indicator = indicators().get(code)
    told = french_number(value, indicator.decimals if indicator else 0)
    return f"{told} %" if indicator is not None and indicator.unit == "percent" else told

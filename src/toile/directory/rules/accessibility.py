"""What a place says of its accessibility: a closed list of features, the values each may take, in French words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple


class Feature(NamedTuple):
    """One thing to know before going: what is asked in a form, and what the page says for each value."""

    question: str
    answers: Mapping[str, str]


def _yes_no(yes: str, no: str) -> dict[str, str]:
    return {"yes": yes, "no": no}


FEATURES: Final[Mapping[str, Feature]] = MappingProxyType(
    {
        "wheelchair": Feature(
            "Accès en fauteuil roulant",
            {
                "yes": "Accessible en fauteuil roulant",
                "limited": "Accessible en fauteuil roulant en partie, ou avec de l’aide",
                "no": "Pas accessible en fauteuil roulant",
            },
        ),
        "reserved_parking": Feature(
            "Place de stationnement réservée", _yes_no("Place de stationnement réservée", "Pas de place réservée")
        ),
        "adapted_toilets": Feature("Toilettes adaptées", _yes_no("Toilettes adaptées", "Pas de toilettes adaptées")),
        "hearing_loop": Feature("Boucle magnétique", _yes_no("Boucle magnétique", "Pas de boucle magnétique")),
        "sign_language": Feature(
            "Accueil en langue des signes (LSF)",
            _yes_no("Accueil en langue des signes (LSF)", "Pas d’accueil en langue des signes"),
        ),
        "tactile_guidance": Feature(
            "Repères tactiles ou braille", _yes_no("Repères tactiles ou braille", "Pas de repères tactiles")
        ),
    }
)
"""Wheelchair and hearing loop take the values of OpenStreetMap (wiki: Key:wheelchair, Key:hearing_loop)."""

ANSWERS: Final[Mapping[str, str]] = MappingProxyType(
    {"yes": "oui", "limited": "en partie, ou avec de l’aide", "no": "non"}
)


def accessibility_of(said: Mapping[str, Any]) -> dict[str, str]:
    """The features that `said` tells, in the declared order; a feature or a value that is not declared is left out."""
    return {code: said[code] for code, feature in FEATURES.items() if said.get(code) in feature.answers}


def accessibility_fr(told: Mapping[str, str]) -> list[str]:
    """One sentence for each feature told; nothing for what is unknown."""
    return [FEATURES[code].answers[value] for code, value in accessibility_of(told).items()]

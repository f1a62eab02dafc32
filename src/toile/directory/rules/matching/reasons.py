"""Why two records are held to be one structure, or two: codes and values that are kept, and their French sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from toile.directory.rules.ess import Sentence

FOR: Final[Mapping[str, str]] = MappingProxyType(
    {
        "same_siren": "Le même SIREN, %(siren)s.",
        "same_rna": "Le même numéro RNA, %(rna)s.",
        "same_name": "Le même nom, « %(name)s ».",
        "same_words": "Les mêmes mots qui comptent : %(words)s.",
        "rare_words": "Des mots rares en commun : %(words)s.",
        "common_words": "Des mots courants en commun : %(words)s.",
        "misspelt": "« %(first)s » s’écrit presque comme « %(second)s ».",
        "acronym": "« %(acronym)s » est le sigle de « %(name)s ».",
        "glued": "« %(first)s » et « %(second)s » : les mêmes lettres, coupées autrement.",
        "contained": "Tous les mots de l’un sont dans l’autre ; « %(words)s » en plus.",
        "same_commune": "La même commune : %(commune)s.",
        "same_postal_code": "Le même code postal, %(postal_code)s.",
        "near": "À %(metres)s m l’un de l’autre.",
        "same_website": "Le même site, %(domain)s.",
        "same_activity": "Le même code d’activité, %(naf)s.",
        "best_of_both": "Chacun est le nom le plus proche de l’autre, nettement devant le suivant.",
        "only_one": "Aucun autre nom de la commune ne ressemble à celui-là.",
    }
)
AGAINST: Final[Mapping[str, str]] = MappingProxyType(
    {
        "other_siren": "Deux SIREN différents, %(first)s et %(second)s : deux unités légales.",
        "other_rna": "Deux numéros RNA différents, %(first)s et %(second)s.",
        "other_words": "Des mots que l’un a et l’autre non : « %(first)s » et « %(second)s ».",
        "other_places": "Deux lieux dans les noms : « %(first)s » et « %(second)s ».",
        "other_numbers": "Deux nombres dans les noms : « %(first)s » et « %(second)s ».",
        "other_commune": "Deux communes : %(first)s et %(second)s.",
        "far": "À %(kilometres)s km l’un de l’autre.",
        "other_activity": "Deux codes d’activité éloignés : %(first)s et %(second)s.",
    }
)
SENTENCES: Final[Mapping[str, str]] = MappingProxyType({**FOR, **AGAINST})
FORGOTTEN: Final = "Une raison que cette version ne connaît plus."


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence. weight: what it adds to the score (-1 to 1); below zero it speaks against."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)
    weight: float = 0.0

    @property
    def speaks_against(self) -> bool:
        return self.code in AGAINST

    def as_json(self) -> dict[str, Any]:
        """As `Candidate.reasons` and `Judgement.reasons` keep it."""
        return {"code": self.code, "values": dict(self.values), "weight": round(self.weight, 3)}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Reason:
        return cls(str(kept["code"]), {**kept.get("values", {})}, float(kept.get("weight", 0)))


def sentence(reason: Reason) -> Sentence:
    """The French sentence of a reason: `msgid` that a page translates, and the values that fill it.

    A code or a value that an older version kept is said to be so, never an error.
    """
    filled = Sentence(SENTENCES.get(reason.code, FORGOTTEN), reason.values)
    try:
        str(filled)
    except KeyError:
        return Sentence(FORGOTTEN, {})
    return filled

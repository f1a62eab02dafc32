"""What partners offer: who helps with what, at which stage, where, for whom, at what cost, how soon, and until when."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

Closed = Literal["not_yet", "over", "full", "paused"]

PUBLICS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "alone": "personnes seules",
        "group": "groupes",
        "structure": "structures existantes",
        "young": "moins de 26 ans",
        "student": "personnes qui étudient ou viennent d’être diplômées",
        "job_seeker": "personnes en recherche d’emploi",
        "employee": "salariés qui reprennent leur entreprise",
    }
)
"""For whom an offer is, and how it is said; none of them: for everybody."""

HELPERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cjs": "coopérative jeunesse de services",
        "pepite": "accompagnement des étudiants-entrepreneurs",
        "youth_project": "projet solidaire de jeunes",
        "cae": "coopérative d’activités et d’emploi",
        "union_scop": "union régionale des Scop",
        "solidarity_finance": "finance solidaire",
        "dla": "dispositif local d’accompagnement",
        "craft_chamber": "chambre de métiers et de l’artisanat",
        "trade_chamber": "chambre de commerce et d’industrie",
        "premises": "offre de locaux",
    }
)
"""The kinds of help that orientation rules name: the same in every territory, under local names."""

LONGEST_DELAY: Final = 365
"""Days: an offer that begins later than a year is not an offer yet."""


@dataclass(frozen=True, slots=True)
class Training:
    """What is said of an offer that is a training. body: who gives it, "" for the partner itself. level: as its body
    says it. recognised: the title and number of the certification (RNCP, RS), "" when it has none."""

    body: str = ""
    level: str = ""
    recognised: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer of one partner. An empty set means « all of them »: stages, natures, publics, perimeters.

    code, partner: identifiers, as text. needs: codes of the matrix. helper: a key of HELPERS, or "". publics: keys of
    PUBLICS. perimeters: codes of communes, EPCI or named perimeters. cost: in words; is_free: None when it is not said.
    delay_days: usual days before the first meeting, None when it is not said. places: what is left; None is without
    limit. confirmed: the partner said so itself, else « rôle à confirmer ».
    """

    code: str
    partner: str
    partner_name: str
    title: str
    needs: frozenset[str]
    stages: frozenset[str] = frozenset()
    natures: frozenset[str] = frozenset()
    publics: frozenset[str] = frozenset()
    perimeters: frozenset[str] = frozenset()
    helper: str = ""
    cost: str = ""
    is_free: bool | None = None
    delay_days: int | None = None
    places: int | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    paused: bool = False
    confirmed: bool = True
    training: Training | None = None

    def serves(self, stage: str, need: str) -> bool:
        """Whether it answers a need at a stage."""
        return need in self.needs and (not self.stages or stage in self.stages)


def why_closed(offer: Offer, on: date) -> Closed | None:
    """Why nobody can be sent to it on a day, None when one can. Its last day is included."""
    if offer.paused:
        return "paused"
    if offer.valid_from is not None and on < offer.valid_from:
        return "not_yet"
    if offer.valid_until is not None and on > offer.valid_until:
        return "over"
    if offer.training is not None and offer.training.starts_on is not None and on > offer.training.starts_on:
        return "over"
    if offer.places == 0:
        return "full"
    return None


def is_open(offer: Offer, on: date) -> bool:
    """Whether somebody can be sent to it on a day."""
    return why_closed(offer, on) is None


class Fault(NamedTuple):
    """One thing to mend: the field, and a French sentence."""

    field: str
    sentence: str


def faults(offer: Offer, *, needs: Collection[str], stages: Collection[str]) -> tuple[Fault, ...]:
    """What prevents an offer from being published; needs and stages are those of the matrix."""
    found = [*_words(offer, needs, stages), *_numbers(offer), *_dates(offer)]
    if offer.training is not None:
        found += _training(offer.training)
    return tuple(found)


def _words(offer: Offer, needs: Collection[str], stages: Collection[str]) -> list[Fault]:
    found = []
    if not offer.title.strip():
        found.append(Fault("title", "Donnez un titre à l’offre : quelques mots qui disent ce qu’elle apporte."))
    if not offer.needs:
        found.append(Fault("needs", "Choisissez au moins un besoin auquel l’offre répond."))
    for field, given, known, what in (
        ("needs", offer.needs, needs, "Le besoin"),
        ("stages", offer.stages, stages, "L’étape"),
        ("publics", offer.publics, PUBLICS, "Le public"),
        ("helper", {offer.helper} - {""}, HELPERS, "Le type d’aide"),
    ):
        found += [
            Fault(field, f"{what} « {code} » n’existe pas : choisissez dans la liste.")
            for code in sorted(set(given) - set(known))
        ]
    return found


def _numbers(offer: Offer) -> list[Fault]:
    found = []
    if offer.delay_days is not None and not 0 <= offer.delay_days <= LONGEST_DELAY:
        found.append(Fault("delay_days", f"Le délai se compte en jours, de 0 à {LONGEST_DELAY}."))
    if offer.places is not None and offer.places < 0:
        found.append(Fault("places", "Le nombre de places ne peut pas être négatif : mettez 0 si c’est complet."))
    if offer.is_free and offer.cost.strip():
        found.append(Fault("cost", "L’offre est dite gratuite et porte un coût : gardez l’un des deux."))
    return found


def _dates(offer: Offer) -> list[Fault]:
    if offer.valid_from and offer.valid_until and offer.valid_until < offer.valid_from:
        return [Fault("valid_until", "L’offre se termine avant de commencer : corrigez l’une des deux dates.")]
    return []


def _training(training: Training) -> list[Fault]:
    found = []
    if training.recognised and not any(one.isdigit() for one in training.recognised):
        sentence = "Donnez le numéro de la certification (RNCP ou RS), ou laissez vide si elle n’est pas reconnue."
        found.append(Fault("recognised", sentence))
    if training.starts_on and training.ends_on and training.ends_on < training.starts_on:
        found.append(Fault("ends_on", "La formation se termine avant de commencer : corrigez l’une des dates."))
    return found

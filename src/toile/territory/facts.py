"""The facts of the territory: what was imported, chosen, drawn."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from toile.thread.kinds import Visibility, fact_kind


@dataclass(frozen=True, slots=True)
class CogImported:
    """How many communes and EPCI the code holds, and how many rows changed."""

    communes: int
    epcis: int
    created: int
    updated: int
    vintage: str


@dataclass(frozen=True, slots=True)
class HomeChosen:
    """Which EPCI is at home here."""

    epci: str
    communes: int


@dataclass(frozen=True, slots=True)
class ContoursImported:
    """How many contours were written, and their vintage."""

    contours: int
    vintage: str


@dataclass(frozen=True, slots=True)
class CentresImported:
    """How many communes were given a centre."""

    centres: int


@dataclass(frozen=True, slots=True)
class CodesImported:
    """How many old codes were learnt or dated."""

    created: int
    updated: int


@dataclass(frozen=True, slots=True)
class PerimeterSaved:
    """How many whole communes it holds, whether it has a polygon, whether it is indicative."""

    communes: int
    polygon: bool
    indicative: bool


COG_IMPORTED = fact_kind(
    "territory.epci.imported",
    data=CogImported,
    label=_("Découpage administratif importé"),
    sentence=_("Le découpage administratif est importé : {communes} communes, {epcis} intercommunalités."),
    visibility=Visibility.AUDIT,
    impersonal=True,
)
HOME_CHOSEN = fact_kind(
    "territory.home.chosen",
    data=HomeChosen,
    label=_("Territoire choisi"),
    sentence=_("ouvre sa plateforme, avec {communes} communes."),
    key=True,
)
CONTOURS_IMPORTED = fact_kind(
    "territory.contours.imported",
    data=ContoursImported,
    label=_("Contours importés"),
    sentence=_("Les contours de {contours} communes sont importés."),
    visibility=Visibility.AUDIT,
    impersonal=True,
)
CENTRES_IMPORTED = fact_kind(
    "territory.centres.imported",
    data=CentresImported,
    label=_("Centres des communes importés"),
    sentence=_("Les centres de {centres} communes sont importés."),
    visibility=Visibility.AUDIT,
    impersonal=True,
)
CODES_IMPORTED = fact_kind(
    "territory.codes.imported",
    data=CodesImported,
    label=_("Anciens codes de communes importés"),
    sentence=_("{created} anciens codes de communes sont ajoutés, {updated} sont datés."),
    visibility=Visibility.AUDIT,
    impersonal=True,
)
PERIMETER_SAVED = fact_kind(
    "territory.perimeter.saved",
    data=PerimeterSaved,
    label=_("Périmètre enregistré"),
    sentence=_("est tracé."),
)

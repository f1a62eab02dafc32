"""What the observatory writes on the thread: sources received, editions built, published, corrected, kept, removed."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from toile.thread.kinds import Visibility, fact_kind
from toile.thread.rules.telling import Rhythm
from toile.thread.topics import topic

FIGURES = topic(
    "figures",
    label=_("Chiffres du territoire"),
    explanation=_("Un panorama de l’économie sociale et solidaire paraît, ou est corrigé."),
    rhythm=Rhythm.WEEKLY,
)


@dataclass(frozen=True, slots=True)
class SourceFact:
    """The source's id and its kind (`models.SourceKind`)."""

    source: str
    kind: str


@dataclass(frozen=True, slots=True)
class EditionFact:
    """The edition's id, the year that it is of (0: undated) and its version."""

    edition: str
    year: int
    version: int


@dataclass(frozen=True, slots=True)
class EditionBuilt:
    """The edition's id, and how many figures are told, hidden, unknown."""

    edition: str
    told: int
    hidden: int
    unknown: int


SOURCE_RECEIVED = fact_kind(
    "panorama.source.received",
    label=_("Source du panorama"),
    sentence=_("Un fichier officiel est reçu pour le panorama."),
    data=SourceFact,
    visibility=Visibility.AUDIT,
    impersonal=True,
)
SOURCE_REMOVED = fact_kind(
    "panorama.source.removed",
    label=_("Source du panorama"),
    sentence=_("Un fichier reçu pour le panorama est retiré."),
    data=SourceFact,
    visibility=Visibility.AUDIT,
    impersonal=True,
)
EDITION_BUILT = fact_kind(
    "panorama.edition.built",
    label=_("Panorama calculé"),
    sentence=_("voit son panorama calculé : {told} chiffres, {hidden} sous secret statistique, {unknown} inconnus."),
    data=EditionBuilt,
    visibility=Visibility.AUDIT,
)
EDITION_PUBLISHED = fact_kind(
    "panorama.edition.published",
    label=_("Panorama"),
    sentence=_("publie son panorama de l’économie sociale et solidaire : {other}."),
    data=EditionFact,
    axis="promote",
    key=True,
    topic=FIGURES,
)
EDITION_CORRECTED = fact_kind(
    "panorama.edition.corrected",
    label=_("Panorama corrigé"),
    sentence=_("corrige son panorama, et dit pourquoi : {other}."),
    data=EditionFact,
    axis="promote",
    topic=FIGURES,
)
EDITION_KEPT = fact_kind(
    "panorama.edition.kept",
    label=_("Chiffres publiés par d’autres"),
    sentence=_("retrouve ici des chiffres que d’autres ont publiés : {other}."),
    data=EditionFact,
    topic=FIGURES,
)
EDITION_REMOVED = fact_kind(
    "panorama.edition.removed",
    label=_("Panorama"),
    sentence=_("Une édition du panorama en préparation est abandonnée."),
    data=EditionFact,
    visibility=Visibility.AUDIT,
    impersonal=True,
)

"""What the path writes on the thread about a case: told to who accompanies it, never wider."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from toile.thread.kinds import Visibility, fact_kind
from toile.thread.rules.telling import Rhythm
from toile.thread.topics import UNTOLD, topic

PATH = topic(
    "path",
    label=_("Parcours et dossiers"),
    explanation=_("Ce qui arrive à votre projet, ou aux dossiers que vous accompagnez."),
    rhythm=Rhythm.DAILY,
)


@dataclass(frozen=True, slots=True)
class CaseFact:
    """The case's id."""

    case: str


CASE_OPENED = fact_kind(
    "pathway.case.opened",
    label=_("Parcours"),
    sentence=_("est reçu à une porte : son parcours commence."),
    data=CaseFact,
    visibility=Visibility.ADVISERS,
    axis="emerge",
    key=True,
    topic=PATH,
)
CASE_CLOSED = fact_kind(
    "pathway.case.closed",
    label=_("Parcours"),
    sentence=_("termine son parcours avec cette porte."),
    data=CaseFact,
    visibility=Visibility.ADVISERS,
    axis="emerge",
    topic=PATH,
)
CASE_HANDED_OVER = fact_kind(
    "pathway.case.handed_over",
    label=_("Parcours"),
    sentence=_("est désormais accompagné par une autre personne."),
    data=CaseFact,
    visibility=Visibility.ADVISERS,
    topic=PATH,
)
CASE_NOTED = fact_kind(
    "pathway.case.noted",
    label=_("Parcours"),
    sentence=_("a un échange avec la personne qui l’accompagne."),
    data=CaseFact,
    visibility=Visibility.ADVISERS,
    topic=UNTOLD,
)
CASE_TAKEN = fact_kind(
    "pathway.case.taken",
    label=_("Parcours"),
    sentence=_("est désormais suivi par une personne de la porte."),
    data=CaseFact,
    visibility=Visibility.ADVISERS,
    topic=PATH,
)
SHARING_GIVEN = fact_kind(
    "pathway.sharing.given",
    label=_("Parcours"),
    sentence=_("accepte que {other} lise son dossier."),
    data=CaseFact,
    visibility=Visibility.ADVISERS,
    topic=PATH,
)
SHARING_WITHDRAWN = fact_kind(
    "pathway.sharing.withdrawn",
    label=_("Parcours"),
    sentence=_("n’accepte plus que {other} lise son dossier."),
    data=CaseFact,
    visibility=Visibility.ADVISERS,
    topic=PATH,
)
CASE_ERASED = fact_kind(
    "pathway.case.erased",
    label=_("Parcours"),
    sentence=_("Un dossier est effacé à la demande de la personne qui le portait."),
    data=CaseFact,
    visibility=Visibility.AUDIT,
    impersonal=True,
)
CASE_ANONYMISED = fact_kind(
    "pathway.case.anonymised",
    label=_("Parcours"),
    sentence=_("Un dossier est anonymisé : deux ans ont passé depuis le dernier contact."),
    data=CaseFact,
    visibility=Visibility.AUDIT,
    impersonal=True,
)
DOOR_OPENED = fact_kind(
    "pathway.door.opened",
    label=_("Parcours"),
    sentence=_("reçoit désormais les projets, par la même procédure que les autres portes."),
    visibility=Visibility.PUBLIC,
    axis="emerge",
    key=True,
)
DOOR_CHANGED = fact_kind(
    "pathway.door.changed",
    label=_("Parcours"),
    sentence=_("change ce que dit sa porte d’entrée."),
    visibility=Visibility.AUDIT,
)

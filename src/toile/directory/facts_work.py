"""What the team's work queue writes on the thread: an import or a row that a person settled."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from toile.thread.kinds import Visibility, fact_kind


@dataclass(frozen=True, slots=True)
class SettledRow:
    """The row of a source that a person read again, by its number here."""

    record: int


@dataclass(frozen=True, slots=True)
class SettledImport:
    """The import whose refused rows a person dealt with."""

    run: str


ROW_SETTLED = fact_kind(
    "directory.record.settled",
    label=gettext_lazy("import"),
    sentence=gettext_lazy("a une ligne importée relue par une personne de l’équipe."),
    data=SettledRow,
    visibility=Visibility.AUDIT,
)
IMPORT_SETTLED = fact_kind(
    "directory.import.settled",
    label=gettext_lazy("import"),
    sentence=gettext_lazy("Les lignes refusées d’un import sont réglées par une personne de l’équipe."),
    data=SettledImport,
    visibility=Visibility.AUDIT,
    impersonal=True,
)

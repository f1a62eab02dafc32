"""What the directory writes on the thread when people edit a page: photos, and changes taken back."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.thread.kinds import Visibility, fact_kind


@dataclass(frozen=True, slots=True)
class OfPhoto:
    """The photo's id."""

    photo: str


@dataclass(frozen=True, slots=True)
class Undone:
    """The number of the change that was taken back, and the fields that returned to what they were (codes)."""

    revision: int
    fields: list[str] = field(default_factory=list)

    def phrases(self) -> dict[str, str]:
        """« son nom et ses horaires »."""
        from toile.directory.facts import FIELD_LABELS  # noqa: PLC0415 -- it declares these facts with the rest

        labels = dict.fromkeys(str(FIELD_LABELS[code]) for code in self.fields if code in FIELD_LABELS)
        return {"fields": get_text_list(list(labels), _("et")) or _("sa fiche")}


PHOTO_ADDED = fact_kind(
    "directory.photo.added",
    label=gettext_lazy("photo"),
    sentence=gettext_lazy("ajoute une photo à sa fiche."),
    data=OfPhoto,
)
PHOTO_REMOVED = fact_kind(
    "directory.photo.removed",
    label=gettext_lazy("photo"),
    sentence=gettext_lazy("retire une photo de sa fiche."),
    data=OfPhoto,
    visibility=Visibility.MEMBERS,
)
CHANGE_UNDONE = fact_kind(
    "directory.change.undone",
    label=gettext_lazy("fiche"),
    sentence=gettext_lazy("annule un changement de sa fiche : {fields}."),
    data=Undone,
)

"""What the monthly letter writes on the thread."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from toile.thread.kinds import fact_kind


@dataclass(frozen=True, slots=True)
class LetterLeft:
    """The number of the letter."""

    number: int


LETTER_SENT = fact_kind(
    "directory.letter.sent",
    label=gettext_lazy("lettre"),
    sentence=gettext_lazy("La lettre n° {number} est partie."),
    data=LetterLeft,
    axis="promote",
    impersonal=True,
)

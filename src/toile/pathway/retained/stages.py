"""How long the path keeps what structures wrote in surveys; documents and worksheets go with their case."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from toile.kernel.retention import Retention, declare
from toile.pathway.services.surveys import forget_words, words_to_forget

declare(
    Retention(
        code="pathway.survey_reply",
        what=_("Mots écrits par les structures dans une enquête sur leurs besoins, et qui a répondu"),
        kept=_("deux ans après la fin de l’enquête"),
        due=lambda now: words_to_forget(now).count(),
        apply=forget_words,
    )
)

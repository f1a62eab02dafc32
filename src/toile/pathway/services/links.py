"""The holder's own link: it resumes a reception and shows where things stand, without an account."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from toile.kernel import links
from toile.kernel.errors import Gone, NotVisible
from toile.pathway.models import Case, CaseState

PURPOSE: Final = "pathway.case.hold"
LASTS: Final = timedelta(days=730)
"""Longer than an active case is kept without contact (domain K3): the case itself says when it is over."""


def token_of(case: Case) -> str:
    """The token of the holder's link, good until `Case.link` is raised."""
    return links.sign(PURPOSE, f"{case.pk}:{case.link}")


def case_of(token: str) -> Case:
    """The case that a holder's link opens. 1 query.

    Raises `NotVisible` (forged or cut) or `Gone` (expired, replaced by a newer link, case deleted or anonymised).
    """
    pk, _colon, link = links.read(PURPOSE, token, lasts=LASTS).partition(":")
    found = Case.objects.select_related("procedure", "door", "commune", "organisation").filter(pk=UUID(pk)).first()
    if found is None or found.state == CaseState.ANONYMISED:
        raise Gone(_("Ce dossier n’existe plus : un brouillon est gardé trente jours, un dossier deux ans."))
    if str(found.link) != link:
        raise Gone(_("Ce lien a été remplacé par un plus récent : cherchez le dernier dans vos courriels."))
    if not link:
        raise NotVisible(_("Ce lien n’est pas complet. Copiez-le en entier depuis le courriel."))
    return found

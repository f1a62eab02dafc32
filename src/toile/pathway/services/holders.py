"""Who carries a project: added and removed by who receives it, or by its own holder; never exported."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.kernel.errors import NotVisible, UserError
from toile.kernel.readers import Reader
from toile.pathway.models import Case, Holder
from toile.pathway.services.cases import require_here, touch

MOST = 12
"""People named in one case: a group chooses who speaks for it."""


def add_holder(actor: Actor, reader: Reader, case: Case, *, name: str, email: str, phone: str) -> Holder:
    """Note one more person who carries the project; the first one is whom one writes to."""
    require_here(reader, case)
    if not (name.strip() or email.strip() or phone.strip()):
        raise UserError(_("Donnez au moins un nom, une adresse ou un téléphone."))
    with act(actor):
        Case.objects.select_for_update().get(pk=case.pk)
        there = list(Holder.objects.filter(case=case).values_list("email", flat=True))
        if len(there) >= MOST:
            raise UserError(_("Douze personnes au plus : un groupe choisit qui parle pour lui."))
        if email and email.lower() in {one.lower() for one in there}:
            raise UserError(_("Cette adresse est déjà celle d’une personne de ce projet."))
        added = Holder.objects.create(
            case=case, name=name.strip(), email=email.strip(), phone=phone.strip(), is_main=not there
        )
        touch(case)
    return added


def remove_holder(actor: Actor, reader: Reader, case: Case, holder: UUID) -> None:
    """Take a person off the project: their link ends, and the oldest of the others becomes whom one writes to.

    Raises `UserError` for the last one: a case without anybody is closed, or erased by its holder.
    """
    require_here(reader, case)
    with act(actor):
        Case.objects.select_for_update().get(pk=case.pk)
        several = list(Holder.objects.filter(case=case).order_by("added_at", "pk"))
        gone = next((one for one in several if one.pk == holder), None)
        if gone is None:
            raise NotVisible(_("Cette personne ne porte pas, ou plus, ce projet."))
        others = [one for one in several if one.pk != holder]
        if not others:
            raise UserError(
                _("C’est la dernière personne du projet : terminez plutôt le dossier, ou ajoutez-en une autre.")
            )
        gone.delete()
        if gone.is_main:
            Holder.objects.filter(pk=others[0].pk).update(is_main=True)
        # One link for all who carry it: whoever left had it.
        Case.objects.filter(pk=case.pk).update(link=F("link") + 1)
        touch(case)

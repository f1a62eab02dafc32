"""Being at a door: who may act there, and keeping the list of doors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from toile.directory.models import Organisation
from toile.kernel.acts import Actor, act
from toile.kernel.errors import Forbidden, UserError
from toile.kernel.permissions import require
from toile.kernel.readers import Reader
from toile.pathway.facts.cases import DOOR_CHANGED, DOOR_OPENED
from toile.pathway.models import Door
from toile.pathway.permissions.cases import ACCOMPANY, STEER
from toile.thread.services import record

SAID = ("name", "explanation", "email", "phone", "address", "callback_days", "is_active", "order")


def require_at(reader: Reader, door: Door, code: str = ACCOMPANY.code) -> None:
    """Raise `Forbidden` unless the reader holds `code` and represents the organisation of this door."""
    require(reader, code)
    if door.organisation_id not in reader.organisations:
        raise Forbidden(_("Ce dossier est celui d’une autre porte : demandez-lui le relais."))


def open_door(actor: Actor, reader: Reader, organisation: Organisation, values: Mapping[str, Any]) -> Door:
    """Add a door: an organisation of the directory that receives. values: those of `SAID`, and its code."""
    require(reader, STEER.code)
    with act(actor):
        if Door.objects.filter(organisation=organisation).exists():
            raise UserError(_("Cette structure tient déjà une porte : modifiez-la plutôt."))
        if Door.objects.filter(code=values["code"]).exists():
            raise UserError(_("Ce code est celui d’une autre porte : choisissez-en un autre."))
        said = {name: values[name] for name in SAID if name in values}
        door = Door.objects.create(organisation=organisation, code=values["code"], **said)
        record(DOOR_OPENED, about=[organisation.pk])
    return door


def change_door(actor: Actor, reader: Reader, door: Door, values: Mapping[str, Any]) -> None:
    """Write what a door says of itself; its code and its organisation never change."""
    require(reader, STEER.code)
    with act(actor):
        Door.objects.filter(pk=door.pk).update(**{name: values[name] for name in SAID if name in values})
        record(DOOR_CHANGED, about=[door.organisation_id])

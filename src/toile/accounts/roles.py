"""The platform roles in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from toile.kernel.permissions import table
from toile.kernel.readers import Role

ROLES: dict[Role, str | Promise] = {
    Role.ADMINISTRATOR: _("Administration de la plateforme"),
    Role.OFFICER: _("Conduite du programme ESS"),
    Role.ADVISER: _("Accompagnement des projets"),
    Role.FACILITATOR: _("Animation d’ateliers"),
    Role.SITE_MANAGER: _("Gestion de locaux"),
    Role.BUYER: _("Achat public"),
}


def abilities(role: str) -> list[str]:
    """What a role allows, in words, read from the table of permissions itself: « importer des structures », …"""
    return sorted(str(line.label) for line in table.permissions.values() if role in line.who)

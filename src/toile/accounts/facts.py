"""The facts of this room; none holds a name, an address or where somebody connected from."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from toile.kernel.readers import Role
from toile.thread.kinds import Visibility, fact_kind

from .roles import ROLES

WAYS: dict[str, str | Promise] = {
    "code": _("avec un code reçu par courriel"),
    "password": _("avec un mot de passe"),
    "outside": _("avec une identité extérieure"),
    "demo": _("par la page « Essayer comme… »"),
}


@dataclass(frozen=True, slots=True)
class RoleData:
    """role: a platform role's code."""

    role: str

    def phrases(self) -> dict[str, object]:
        return {"role": ROLES[Role(self.role)]}


@dataclass(frozen=True, slots=True)
class SignInData:
    """way: by what the person proved who they are; a key of `WAYS`. second_factor: whether one was asked and given."""

    way: str
    second_factor: bool = False

    def phrases(self) -> dict[str, object]:
        return {"way": WAYS[self.way]}


ROLE_GRANTED = fact_kind(
    "accounts.role.granted",
    sentence=_("reçoit le rôle « {role} »."),
    label=_("Rôle donné"),
    data=RoleData,
    visibility=Visibility.AUDIT,
)
ROLE_TAKEN_BACK = fact_kind(
    "accounts.role.taken_back",
    sentence=_("n’a plus le rôle « {role} »."),
    label=_("Rôle repris"),
    data=RoleData,
    visibility=Visibility.AUDIT,
)
PERSON_SIGNED_UP = fact_kind(
    "accounts.person.signed_up", sentence=_("ouvre un compte."), label=_("Compte ouvert"), visibility=Visibility.OWN
)
PERSON_SIGNED_IN = fact_kind(
    "accounts.person.signed_in",
    sentence=_("se connecte {way}."),
    label=_("Connexion"),
    data=SignInData,
    visibility=Visibility.AUDIT,
)
SESSIONS_CLOSED = fact_kind(
    "accounts.sessions.closed",
    sentence=_("ferme ses autres sessions."),
    label=_("Sessions fermées"),
    visibility=Visibility.OWN,
)

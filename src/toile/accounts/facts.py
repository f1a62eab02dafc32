"""The facts of this room; none holds a name, an address or where somebody connected from."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from toile.kernel.purposes import label_of
from toile.kernel.readers import Role
from toile.thread.kinds import Visibility, fact_kind
from toile.thread.topics import UNTOLD

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


@dataclass(frozen=True, slots=True)
class ConsentData:
    """purpose: a code of `kernel.purposes`. version: of the words that were shown."""

    purpose: str
    version: int

    def phrases(self) -> dict[str, object]:
        return {"purpose": label_of(self.purpose)}


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
    "accounts.person.signed_up",
    sentence=_("ouvre un compte."),
    label=_("Compte ouvert"),
    visibility=Visibility.OWN,
    topic=UNTOLD,
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
PERSON_ERASED = fact_kind(
    "accounts.person.erased",
    sentence=_("n’a plus de compte : ses données sont effacées."),
    label=_("Compte effacé"),
    visibility=Visibility.AUDIT,
)
ACCOUNT_CLOSED = fact_kind(
    "accounts.account.closed",
    sentence=_("n’est pas venue depuis trois ans : son compte est fermé."),
    label=_("Compte fermé"),
    visibility=Visibility.OWN,
)
ACCOUNT_REOPENED = fact_kind(
    "accounts.account.reopened",
    sentence=_("revient : son compte est rouvert."),
    label=_("Compte rouvert"),
    visibility=Visibility.OWN,
)
CONSENT_GIVEN = fact_kind(
    "accounts.consent.given",
    sentence=_("donne son accord : {purpose}."),
    label=_("Accord donné"),
    data=ConsentData,
    visibility=Visibility.OWN,
)
CONSENT_WITHDRAWN = fact_kind(
    "accounts.consent.withdrawn",
    sentence=_("retire son accord : {purpose}."),
    label=_("Accord retiré"),
    data=ConsentData,
    visibility=Visibility.OWN,
)
DATA_EXPORTED = fact_kind(
    "accounts.data.exported",
    sentence=_("prend une copie de ses données."),
    label=_("Données copiées"),
    visibility=Visibility.OWN,
)

"""What accounts hold about people: the account itself, roles, agreements; and, beside, what lets them in."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.kernel.personal import Basis, Holding, Someone, declare
from toile.kernel.purposes import label_of

from . import personal_entering  # noqa: F401 -- declares at start
from .holding import ADMINISTRATORS, ITSELF, WITH_ACCOUNT, Row, by_key, day, delete
from .models import Closing, Consent, Person, RoleGrant
from .roles import ROLES

people = by_key(Person, "pk")
consents = by_key(Consent, "person")
closings = by_key(Closing, "person")


def export_person(someone: Someone) -> Iterable[Row]:
    for person in people(someone):
        yield {
            _("Numéro"): str(person.pk),
            _("Nom affiché"): person.display_name,
            _("Courriel"): person.email,
            _("Compte ouvert le"): day(person.joined_at),
            _("Dernière connexion"): day(person.last_login),
            _("Mot de passe"): _("défini (illisible, même pour nous)") if person.has_usable_password() else _("aucun"),
        }


def grants(someone: Someone) -> QuerySet[RoleGrant]:
    return RoleGrant.objects.filter(Q(person=someone.person) | Q(granted_by=someone.person))


def export_grants(someone: Someone) -> Iterable[Row]:
    for row in grants(someone).order_by("since", "pk").iterator(500):
        mine = row.person_id == someone.person
        yield {
            _("Rôle"): str(ROLES[row.role]),  # type: ignore[index]
            _("Donné à"): _("vous") if mine else _("une autre personne"),
            _("Donné par"): _("vous") if row.granted_by == someone.person else _("une autre personne"),
            _("Depuis"): day(row.since),
            _("Jusqu’au"): day(row.until),
        }


def erase_grants(someone: Someone) -> None:
    """Their own roles go; a role that they gave stays, given by nobody in particular."""
    RoleGrant.objects.filter(person=someone.person).delete()
    RoleGrant.objects.filter(granted_by=someone.person).update(granted_by=None)


def export_consents(someone: Someone) -> Iterable[Row]:
    for row in consents(someone):
        yield {
            _("Accord"): str(label_of(row.purpose)),
            _("Version des mots"): row.version,
            _("Donné le"): day(row.given_at),
            _("Retiré le"): day(row.withdrawn_at),
        }


def export_closings(someone: Someone) -> Iterable[Row]:
    for row in closings(someone):
        yield {
            _("Prévenue le"): day(row.warned_at),
            _("Prévenue de nouveau le"): day(row.warned_again_at),
            _("Compte fermé le"): day(row.closed_at),
        }


declare(
    Holding(
        code="accounts.person",
        model="accounts.Person",
        columns=("id", "email", "display_name", "password"),
        label=gettext_lazy("comptes"),
        purpose=gettext_lazy("ouvrir un compte, le retrouver, montrer un nom à qui travaille avec la personne"),
        basis=Basis.CONTRACT,
        seen_by=ADMINISTRATORS,
        kept=gettext_lazy("trois ans sans connexion : deux courriels préviennent, puis le compte est fermé et effacé"),
        export=export_person,
        erase=delete(people),
        order=100,
    )
)
declare(
    Holding(
        code="accounts.roles",
        model="accounts.RoleGrant",
        columns=("person", "granted_by"),
        label=gettext_lazy("rôles sur la plateforme"),
        purpose=gettext_lazy("savoir ce que chacun peut faire et voir, et qui l’a décidé"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=ADMINISTRATORS,
        kept=WITH_ACCOUNT,
        export=export_grants,
        erase=erase_grants,
    )
)
declare(
    Holding(
        code="accounts.consents",
        model="accounts.Consent",
        columns=("person",),
        label=gettext_lazy("accords donnés et retirés"),
        purpose=gettext_lazy("n’employer des données que pour ce à quoi la personne consent, et pouvoir le prouver"),
        basis=Basis.LEGAL_OBLIGATION,
        seen_by=ITSELF,
        kept=WITH_ACCOUNT,
        export=export_consents,
        erase=delete(consents),
    )
)
declare(
    Holding(
        code="accounts.closings",
        model="accounts.Closing",
        columns=("person",),
        label=gettext_lazy("comptes inutilisés, en cours de fermeture"),
        purpose=gettext_lazy("prévenir deux fois avant de fermer un compte, et laisser sept jours pour revenir"),
        basis=Basis.LEGAL_OBLIGATION,
        seen_by=ITSELF,
        kept=gettext_lazy("jusqu’à la prochaine connexion, sinon jusqu’à l’effacement"),
        export=export_closings,
        erase=delete(closings),
    )
)

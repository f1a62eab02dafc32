"""What accounts hold about people to let them in: addresses, second factors, outside identities, sessions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.kernel.personal import Basis, Holding, Someone, declare

from .holding import ADMINISTRATORS, ITSELF, WITH_ACCOUNT, Row, by_key, day, delete

TO_SIGN_IN = gettext_lazy("savoir que c’est bien elle qui se connecte")

confirmations = by_key(EmailConfirmation, "email_address__user")
factors = by_key(Authenticator, "user")
identities = by_key(SocialAccount, "user")
tokens = by_key(SocialToken, "account__user")


def addresses(someone: Someone) -> QuerySet[EmailAddress]:
    """Theirs, and their proved address where another account wrote it without proving it."""
    claimed = Q(email__in=someone.emails, verified=False)
    return EmailAddress.objects.filter(Q(user=someone.person) | claimed)


def export_addresses(someone: Someone) -> Iterable[Row]:
    for row in addresses(someone):
        yield {
            _("Courriel"): row.email,
            _("Prouvée"): _("oui") if row.verified else _("non"),
            _("Principale"): _("oui") if row.primary else _("non"),
        }


def export_confirmations(someone: Someone) -> Iterable[Row]:
    for row in confirmations(someone):
        yield {_("Demandée le"): day(row.created)}


def export_factors(someone: Someone) -> Iterable[Row]:
    """What proves a person is said, its secret is not: a copy of it would open the account."""
    for row in factors(someone):
        yield {
            _("Second facteur"): str(row.get_type_display()),
            _("Depuis"): day(row.created_at),
            _("Dernier usage"): day(row.last_used_at),
        }


def export_identities(someone: Someone) -> Iterable[Row]:
    for row in identities(someone):
        yield {
            _("Fournisseur"): row.provider,
            _("Votre numéro chez lui"): row.uid,
            _("Ce qu’il a dit"): row.extra_data,
            _("Depuis"): day(row.date_joined),
        }


def export_tokens(someone: Someone) -> Iterable[Row]:
    for row in tokens(someone):
        yield {_("Valable jusqu’au"): day(row.expires_at)}


def sessions(someone: Someone) -> Iterator[Session]:
    """Their open sessions, and visitors' sessions where their address was typed; all are read, a batch at a time."""
    words = [str(someone.person), *someone.emails]
    for row in Session.objects.order_by("pk").iterator(500):
        # A session that cannot be read any more decodes to nothing.
        said = str(SessionStore().decode(row.session_data)).lower()
        if any(word in said for word in words):
            yield row


def export_sessions(someone: Someone) -> Iterable[Row]:
    for row in sessions(someone):
        yield {_("Session ouverte jusqu’au"): day(row.expire_date)}


def erase_sessions(someone: Someone) -> None:
    Session.objects.filter(pk__in=[row.pk for row in sessions(someone)]).delete()


declare(
    Holding(
        code="accounts.addresses",
        model="account.EmailAddress",
        columns=("user", "email"),
        label=gettext_lazy("adresses de courriel"),
        purpose=gettext_lazy("envoyer un code pour entrer, écrire ce que la personne a demandé"),
        basis=Basis.CONTRACT,
        seen_by=ADMINISTRATORS,
        kept=WITH_ACCOUNT,
        export=export_addresses,
        erase=delete(addresses),
        order=90,
    )
)
declare(
    Holding(
        code="accounts.confirmations",
        model="account.EmailConfirmation",
        columns=("email_address", "key"),
        label=gettext_lazy("confirmations d’adresse en attente"),
        purpose=TO_SIGN_IN,
        basis=Basis.CONTRACT,
        seen_by=ITSELF,
        kept=WITH_ACCOUNT,
        export=export_confirmations,
        erase=delete(confirmations),
    )
)
declare(
    Holding(
        code="accounts.factors",
        model="mfa.Authenticator",
        columns=("user", "data"),
        label=gettext_lazy("seconds facteurs"),
        purpose=TO_SIGN_IN,
        basis=Basis.CONTRACT,
        seen_by=ITSELF,
        kept=gettext_lazy("jusqu’à ce que la personne les retire, au plus tant que le compte est ouvert"),
        export=export_factors,
        erase=delete(factors),
    )
)
declare(
    Holding(
        code="accounts.identities",
        model="socialaccount.SocialAccount",
        columns=("user", "uid", "extra_data"),
        label=gettext_lazy("identités extérieures (ProConnect)"),
        purpose=TO_SIGN_IN,
        basis=Basis.CONTRACT,
        seen_by=ITSELF,
        kept=WITH_ACCOUNT,
        export=export_identities,
        erase=delete(identities),
    )
)
declare(
    Holding(
        code="accounts.tokens",
        model="socialaccount.SocialToken",
        columns=("account", "token", "token_secret"),
        label=gettext_lazy("jetons d’identité extérieure : aucun n’est gardé"),
        purpose=TO_SIGN_IN,
        basis=Basis.CONTRACT,
        seen_by=ITSELF,
        kept=gettext_lazy("pas gardés ; une ancienne ligne part avec le compte"),
        export=export_tokens,
        erase=delete(tokens),
        order=40,
    )
)
declare(
    Holding(
        code="accounts.sessions",
        model="sessions.Session",
        columns=("session_data",),
        label=gettext_lazy("sessions"),
        purpose=gettext_lazy("ne pas redemander d’entrer à chaque page"),
        basis=Basis.CONTRACT,
        seen_by=gettext_lazy("personne : seul le programme les lit"),
        kept=gettext_lazy("14 jours"),
        export=export_sessions,
        erase=erase_sessions,
    )
)

"""What django-allauth asks of the site: making people, what follows a sign-in, and where leaving leads."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act

from . import proconnect, queries, services
from .models import Person
from .qr import qr_code

logger = logging.getLogger(__name__)
WAY = {"password": "password", "code": "code", "socialaccount": "outside"}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts made on the site itself."""

    def save_user(self, request: HttpRequest, user: Person, form: Any, commit: bool = True) -> Person:
        """Make the person and write the fact, together."""
        user.display_name = form.cleaned_data.get("display_name", "")
        with act(Actor(user.pk, "web")):
            person = super().save_user(request, user, form, commit)
            if commit:
                services.note_sign_up(person.pk)
        return person

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        """Note the sign-in; a role that waits for a second factor leads to the page where one is made."""
        response = super().post_login(request, user, **kwargs)
        methods = [entry["method"] for entry in get_authentication_records(request, user)]
        first = next((method for method in methods if method in WAY), "code")
        services.note_sign_in(user.pk, WAY[first], second_factor="mfa" in methods)
        if services.reopen(user.pk):
            messages.success(request, _("Votre compte allait être effacé : il est rouvert, rien n’est perdu."))
        login = (kwargs.get("signal_kwargs") or {}).get("sociallogin")
        if login is not None:
            proconnect.remember_for_logout(request, login.state)
        if queries.roles_waiting(user.pk):
            messages.warning(request, _("Votre rôle demande un second facteur : activez-le pour pouvoir l’exercer."))
            return redirect("mfa_activate_totp")
        return response

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Wrong passwords count per address, whatever the site's name they were sent to (allauth adds the host)."""
        return str(credentials.get("email", "")).lower()

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Leaving the site leaves the identity provider too, when the person came from there."""
        return proconnect.end_session_address(request) or super().get_logout_redirect_url(request)


class OutsideIdentityAdapter(DefaultSocialAccountAdapter):
    """People who come from an identity provider."""

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Person:
        person = super().populate_user(request, sociallogin, data)
        person.email = person.email.lower()
        person.display_name = (data.get("name") or services.name_from(person.email))[:120]
        return person

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Person:
        """Make the person and write the fact, together; with a form, the account adapter writes it."""
        with act(Actor(sociallogin.user.pk, "web")):
            person = super().save_user(request, sociallogin, form)
            if form is None:
                services.note_sign_up(person.pk)
        return person

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """Say in the log why an identity was refused; the page says only that it was."""
        logger.warning("identity provider %s refused: %s %s", provider.app.provider_id, error, exception or "")


class SecondFactorAdapter(DefaultMFAAdapter):
    """The second factor's QR code, drawn by the same part as every other on the site."""

    def build_totp_svg(self, url: str) -> str:
        return qr_code(url)

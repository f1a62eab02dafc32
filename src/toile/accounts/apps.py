"""The accounts room's Django application."""

from pathlib import Path

from django.apps import AppConfig
from django.conf import settings


class AccountsConfig(AppConfig):
    name = "toile.accounts"

    def ready(self) -> None:
        """Let forms lead to the identity provider, and put our words before those of django-allauth.

        Browsers apply `form-action` to the redirections that follow a form too. An application named later, as this
        one is, cannot replace the words of an earlier one; a folder of LOCALE_PATHS can.
        """
        allowed = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"]
        allowed += [origin for origin in settings.OIDC_ORIGINS if origin not in allowed]
        settings.LOCALE_PATHS = [*settings.LOCALE_PATHS, Path(__file__).parent / "wording"]

"""The accounts room's Django application."""

from django.apps import AppConfig
from django.conf import settings


class AccountsConfig(AppConfig):
    name = "toile.accounts"

    def ready(self) -> None:
        """Let forms lead to the identity provider: browsers apply `form-action` to the redirections that follow too."""
        allowed = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"]
        allowed += [origin for origin in settings.OIDC_ORIGINS if origin not in allowed]

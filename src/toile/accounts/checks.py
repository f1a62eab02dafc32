"""What `toile doctor` refuses in the settings of signing in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, register

from toile.kernel.readers import Role


@register()
def identity_provider(**kwargs: Any) -> list[Error]:
    """A provider is described whole, and reached over TLS (or on this very machine)."""
    found = []
    for app in settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]:
        if not (app["client_id"] and app["secret"]):
            hint = "Renseignez TOILE_OIDC_CLIENT_ID et TOILE_OIDC_CLIENT_SECRET."
            found.append(Error("TOILE_OIDC_SERVER_URL est donné sans identifiant ni secret.", hint, id="accounts.E001"))
        server = urlsplit(app["settings"]["server_url"])
        if server.scheme != "https" and server.hostname not in {"127.0.0.1", "localhost", "::1"}:
            found.append(Error("TOILE_OIDC_SERVER_URL doit commencer par https.", id="accounts.E002"))
    return found


@register()
def roles_with_second_factor(**kwargs: Any) -> list[Error]:
    """TOILE_MFA_ROLES names roles that exist."""
    unknown = settings.TOILE_MFA_ROLES - set(Role)
    return (
        [Error(f"TOILE_MFA_ROLES : rôle inconnu, {', '.join(sorted(unknown))}.", id="accounts.E003")] if unknown else []
    )

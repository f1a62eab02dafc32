"""The settings of signing in: django-allauth's, in one place, with what a deployment may choose in its environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


def _said_yes(name: str) -> bool:
    return os.environ.get(name, "").strip().lower() in {"1", "true", "oui", "yes", "on"}


def _words(name: str, default: str) -> frozenset[str]:
    return frozenset(os.environ.get(name, default).replace(",", " ").split())


# Our words for django-allauth's pages: only a folder of LOCALE_PATHS comes before an application's own.
LOCALE_PATHS = [Path(__file__).parent.parent / "locale", Path(__file__).parent / "wording"]

# --- Addresses and passwords ------------------------------------------------------------------------------------------

ACCOUNT_ADAPTER = "toile.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_SIGNUP_FORM_CLASS = "toile.accounts.forms.SignupDetails"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 2
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{os.environ.get('TOILE_NAME', 'Toile')}] "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _said_yes("TOILE_HTTPS") else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = int(_said_yes("TOILE_BEHIND_PROXY"))

# The answer for an unknown address is the answer for a known one; the letter alone tells them apart.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True

# --- Codes by e-mail: eight digits, ten minutes, five tries, once ----------------------------------------------------

CODE_SECONDS = 600
CODE_TRIES = 5
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = CODE_SECONDS
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = CODE_TRIES
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = CODE_SECONDS
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = CODE_TRIES
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = CODE_SECONDS
ACCOUNT_PASSWORD_RESET_BY_CODE_MAX_ATTEMPTS = CODE_TRIES

# --- Throttling: counted in the database cache, hence for all processes together -------------------------------------

ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "signup": "20/m/ip,100/d/ip",
    "request_login_code": "20/m/ip,3/m/key,20/d/key",
    "confirm_email": "1/10s/key,20/d/key",
    "reset_password": "20/m/ip,3/m/key,20/d/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
}

# --- Second factor ---------------------------------------------------------------------------------------------------

MFA_ADAPTER = "toile.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = os.environ.get("TOILE_NAME", "Toile")
MFA_TOTP_TOLERANCE = 1
# The roles that a person holds only with a second factor; the demo's personas have none.
TOILE_MFA_ROLES = _words("TOILE_MFA_ROLES", "" if _said_yes("TOILE_DEMO") else "administrator")

# --- OpenID Connect (ProConnect) -------------------------------------------------------------------------------------

SOCIALACCOUNT_ADAPTER = "toile.accounts.adapters.OutsideIdentityAdapter"
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = False
OIDC_PROVIDER_ID = "proconnect"


def oidc_app() -> dict[str, Any]:
    """The provider as the environment describes it; acr_values, scope and the rest mean what OpenID Connect means."""
    trusts_address = _said_yes("TOILE_OIDC_TRUSTS_EMAIL")
    return {
        "provider_id": OIDC_PROVIDER_ID,
        "name": os.environ.get("TOILE_OIDC_LABEL", "ProConnect"),
        "client_id": os.environ.get("TOILE_OIDC_CLIENT_ID", ""),
        "secret": os.environ.get("TOILE_OIDC_CLIENT_SECRET", ""),
        "settings": {
            "server_url": os.environ["TOILE_OIDC_SERVER_URL"].rstrip("/"),
            "scope": os.environ.get("TOILE_OIDC_SCOPE", "openid given_name usual_name email").split(),
            "acr_values": os.environ.get("TOILE_OIDC_ACR_VALUES", "eidas1").split(),
            "signed_userinfo": os.environ.get("TOILE_OIDC_SIGNED_USERINFO", "1") != "0",
            "token_auth_method": os.environ.get("TOILE_OIDC_TOKEN_AUTH", "client_secret_post"),
            "oauth_pkce_enabled": True,
            "verified_email": trusts_address,
            "email_authentication": trusts_address,
        },
    }


_server = os.environ.get("TOILE_OIDC_SERVER_URL", "")
OIDC_ORIGINS = [f"{urlsplit(_server).scheme}://{urlsplit(_server).netloc}"] if _server else []
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "openid_connect": {
        "provider_class": "toile.accounts.proconnect.ProConnectProvider",
        "APPS": [oidc_app()] if _server else [],
    }
}

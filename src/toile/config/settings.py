"""The one settings module: every choice of a deployment is an environment variable, explained by `toile doctor`."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured


def flag(name: str, default: bool = False) -> bool:
    """A yes/no environment variable: 1, true, oui, yes, on."""
    return os.environ.get(name, str(default)).strip().lower() in {"1", "true", "oui", "yes", "on"}


def listed(name: str, default: str) -> list[str]:
    """A comma-separated environment variable."""
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


def local_secret(folder: Path) -> str:
    """The secret key of this installation: made once, kept beside its data, readable by its owner only."""
    path = folder / "secret_key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text().strip()


SOURCE = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("TOILE_VAR", "var")).resolve()
DEBUG = flag("TOILE_DEBUG")
DEMO = flag("TOILE_DEMO")
SECRET_KEY = os.environ.get("TOILE_SECRET_KEY") or local_secret(VAR)
ALLOWED_HOSTS = listed("TOILE_HOSTS", "127.0.0.1,localhost,[::1],testserver")
CSRF_TRUSTED_ORIGINS = listed("TOILE_ORIGINS", "")
HTTPS = flag("TOILE_HTTPS")
TOILE_URL = os.environ.get("TOILE_URL") or next(iter(CSRF_TRUSTED_ORIGINS), "http://127.0.0.1:8000")
TOILE_SITE_NAME = os.environ.get("TOILE_NAME", "Toile")
TOILE_PUBLISHER = os.environ.get("TOILE_PUBLISHER", "")
TOILE_CONTACT = os.environ.get("TOILE_CONTACT", "")
TOILE_SOURCE_URL = os.environ.get("TOILE_SOURCE_URL", "")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "servestatic.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_htmx",
    "template_partials",
    "toile.kernel",
    "toile.thread",
    "toile.territory",
    "toile.accounts",
    "toile.directory",
    "toile.panorama",
    "toile.pathway",
    "toile.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    "csp.middleware.CSPMiddleware",
    "toile.kernel.api.middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "toile.kernel.middleware.reader",
    "toile.kernel.middleware.user_errors",
    "allauth.account.middleware.AccountMiddleware",
    "toile.kernel.middleware.PermissionMiddleware",
    "toile.kernel.middleware.ReadOnlyMiddleware",
]

ROOT_URLCONF = "toile.config.urls"
ASGI_APPLICATION = "toile.config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SOURCE / "kernel" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "toile.kernel.context.page",
            ],
            "builtins": [
                "toile.kernel.templatetags.toile",
                "toile.kernel.templatetags.pictures",
                "django.templatetags.i18n",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
        "PRAGMA busy_timeout=20000;PRAGMA cache_size=-32000;PRAGMA mmap_size=134217728"
    ),
}
DATABASES = {"default": dj_database_url.parse(os.environ.get("DATABASE_URL", f"sqlite:///{VAR / 'toile.sqlite3'}"))}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The cache lives in the database so that throttling counts are shared by all processes.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "toile_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS and flag("TOILE_HTTPS_REDIRECT", True)
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("TOILE_BEHIND_PROXY") else None
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *listed("TOILE_FORM_ORIGINS", "")],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 14}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "display_name")},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"

EMAIL_BACKEND = os.environ.get(
    "TOILE_EMAIL_BACKEND",
    "django.core.mail.backends.smtp.EmailBackend"
    if os.environ.get("TOILE_SMTP_HOST")
    else "django.core.mail.backends.filebased.EmailBackend",
)
EMAIL_FILE_PATH = VAR / "mail"
EMAIL_HOST = os.environ.get("TOILE_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("TOILE_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("TOILE_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("TOILE_SMTP_PASSWORD", "")
EMAIL_USE_TLS = flag("TOILE_SMTP_TLS", True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("TOILE_FROM", "toile@localhost")

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
LOCALE_PATHS = [SOURCE / "locale"]
TIME_ZONE = "Europe/Paris"
USE_I18N = USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
SERVESTATIC_USE_FINDERS = True
SERVESTATIC_AUTOREFRESH = DEBUG
MEDIA_ROOT = VAR / "media"
# What a backup holds besides the database, by its name there: what people and official sources sent.
TOILE_KEPT_FOLDERS = {name: VAR / name for name in ("media", "panorama/sources", "pathway")}
TOILE_SEARCH = Path(os.environ.get("TOILE_SEARCH") or VAR / "search").resolve()
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
TOILE_UPLOAD_MAX_BYTES = int(os.environ.get("TOILE_UPLOAD_MAX_BYTES", str(200 * 1024 * 1024)))
TOILE_PANORAMA_MAX_BYTES = int(os.environ.get("TOILE_PANORAMA_MAX_BYTES", str(8 * 1024**3)))
TOILE_API_PER_MINUTE = int(os.environ.get("TOILE_API_PER_MINUTE", "600"))
TOILE_STALE_MONTHS = int(os.environ.get("TOILE_STALE_MONTHS", "18"))
TOILE_CAMPAIGN_DAYS = int(os.environ.get("TOILE_CAMPAIGN_DAYS", "60"))
TOILE_CAMPAIGN_REMINDERS = tuple(map(int, listed("TOILE_CAMPAIGN_REMINDERS", "14,35")))
TOILE_LIVE_LISTENERS = int(os.environ.get("TOILE_LIVE_LISTENERS", "1000"))
TOILE_LIVE_PER_ADDRESS = int(os.environ.get("TOILE_LIVE_PER_ADDRESS", "60"))
TOILE_BACKUP_DAYS = int(os.environ.get("TOILE_BACKUP_DAYS", "30"))
# Webhooks to this very machine, over plain HTTP: for who develops, never on a site.
TOILE_WEBHOOKS_LOOPBACK = DEBUG
TOILE_GEOCODER_URL = os.environ.get("TOILE_GEOCODER_URL", "https://data.geopf.fr/geocodage")
TOILE_API_GEO_URL = os.environ.get("TOILE_API_GEO_URL", "https://geo.api.gouv.fr")
TOILE_COG = os.environ.get("TOILE_COG", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("TOILE_LOG_LEVEL", "WARNING")},
}

if not DEBUG and SECRET_KEY == "":
    raise ImproperlyConfigured("TOILE_SECRET_KEY is empty")

from toile.accounts.configuration import *  # noqa: E402,F403 -- the sign-in settings live with their room

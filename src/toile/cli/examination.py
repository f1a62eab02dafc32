"""What `toile doctor` examines: each function looks at one thing and returns what it found."""

from __future__ import annotations

import os
import shutil
import smtplib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

GIBIBYTE = 1024**3
FREE_WANTED = 2 * GIBIBYTE
KEY_LENGTH = 40
FEW_CHANGES = 1000
"""An import under way may leave as many changes to be indexed."""


class Level(Enum):
    """How serious a finding is; only WRONG makes the command fail."""

    GOOD = "good"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence on one thing examined and, unless it is good, how to mend it."""

    level: Level
    sentence: str
    mend: str = ""


def examinations() -> tuple[Callable[[], list[Finding]], ...]:
    """The examinations in the order of the telling: what the others rest on comes first."""
    return (python, database, migrations, triggers, demonstration, secret_key, mail, disk, search, system_checks)


def python() -> list[Finding]:
    """The interpreter and the version of Toile."""
    from toile import __version__

    version = ".".join(map(str, sys.version_info[:3]))
    return [Finding(Level.GOOD, f"Toile {__version__} sur Python {version} ({sys.platform})")]


def database() -> list[Finding]:
    """The database answers, and SQLite writes ahead (readers and a writer do not wait for each other)."""
    from django.db import DatabaseError, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
            version = cursor.fetchone()[0]
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA journal_mode")
                mode = cursor.fetchone()[0]
                if mode not in {"wal", "memory"}:
                    sentence = f"SQLite n’écrit pas en WAL (journal_mode={mode}) : une écriture bloquera les lectures."
                    return [Finding(Level.WRONG, sentence, "Placez TOILE_VAR sur un disque local.")]
    except DatabaseError as error:
        return [Finding(Level.WRONG, f"La base ne répond pas : {error}", "Vérifiez DATABASE_URL et TOILE_VAR.")]
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(connection.vendor, connection.vendor)
    return [Finding(Level.GOOD, f"{name} {version} répond")]


def migrations() -> list[Finding]:
    """Every migration of this version is applied."""
    from django.db import DatabaseError

    from toile.cli.boot import waiting_migrations

    try:
        waiting = waiting_migrations()
    except DatabaseError:
        return []
    if waiting:
        sentence = f"{waiting} migration(s) à appliquer"
        return [Finding(Level.WRONG, sentence, "toile manage migrate (ou toile serve, qui le fait en commençant).")]
    return [Finding(Level.GOOD, "Toutes les migrations sont appliquées")]


def triggers() -> list[Finding]:
    """The triggers that keep the facts from being changed are in place."""
    from django.db import DatabaseError

    from toile.thread.triggers import missing

    try:
        absent = missing()
    except DatabaseError:
        return []
    if absent:
        sentence = f"Le fil n’est plus protégé contre les modifications : il manque {', '.join(absent)}"
        return [Finding(Level.WRONG, sentence, "toile manage migrate les remet ; cherchez qui les a ôtés.")]
    return [Finding(Level.GOOD, "Les faits ne peuvent être ni modifiés ni effacés (déclencheurs en place)")]


def demonstration() -> list[Finding]:
    """The demonstration lets anybody in as anybody: only where nobody real comes."""
    from django.conf import settings

    from toile.demo.checks import LOCAL_HOSTS

    real = sorted(set(settings.ALLOWED_HOSTS) - LOCAL_HOSTS)
    if settings.DEMO and real and not settings.DEBUG:
        sentence = (
            f"La démonstration est ouverte sur un vrai site ({', '.join(real)}) : chacun y entre sans mot de passe."
        )
        return [Finding(Level.WRONG, sentence, "Ôtez TOILE_DEMO, ou les noms publics de TOILE_HOSTS.")]
    if settings.DEBUG and real:
        sentence = f"TOILE_DEBUG=1 sur un vrai site ({', '.join(real)}) : ses pages d’erreur montrent l’intérieur."
        return [Finding(Level.WRONG, sentence, "Ôtez TOILE_DEBUG.")]
    return [
        Finding(
            Level.GOOD,
            "Démonstration ouverte, sur cette machine seulement" if settings.DEMO else "Pas de démonstration",
        )
    ]


def secret_key() -> list[Finding]:
    """The key that signs the sessions is long, and the one kept on disk is readable by its owner only."""
    from django.conf import settings

    if len(settings.SECRET_KEY) < KEY_LENGTH:
        sentence = f"La clé secrète est courte ({len(settings.SECRET_KEY)} caractères)"
        return [
            Finding(Level.WRONG, sentence, f"Donnez à TOILE_SECRET_KEY au moins {KEY_LENGTH} caractères au hasard.")
        ]
    kept = settings.VAR / "secret_key"
    if not os.environ.get("TOILE_SECRET_KEY") and os.name == "posix" and kept.stat().st_mode & 0o077:
        return [Finding(Level.WRONG, f"D’autres que vous peuvent lire {kept}", f"chmod 600 {kept}")]
    return [Finding(Level.GOOD, "Clé secrète : longue, et gardée pour soi")]


def mail() -> list[Finding]:
    """Mail leaves this machine: without it nobody receives a sign-in code."""
    from django.conf import settings

    if not settings.EMAIL_HOST:
        level = Level.GOOD if settings.DEMO or settings.DEBUG else Level.WARNING
        sentence = f"Les courriels sont écrits dans {settings.EMAIL_FILE_PATH}, personne ne les reçoit"
        return [Finding(level, sentence, "" if level is Level.GOOD else "Donnez TOILE_SMTP_HOST.")]
    try:
        with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=5) as server:
            server.noop()
    except OSError as error:
        sentence = f"Le serveur SMTP {settings.EMAIL_HOST}:{settings.EMAIL_PORT} ne répond pas ({error})"
        return [Finding(Level.WRONG, sentence, "Vérifiez TOILE_SMTP_HOST et TOILE_SMTP_PORT.")]
    return [Finding(Level.GOOD, f"Le serveur SMTP {settings.EMAIL_HOST} répond")]


def disk() -> list[Finding]:
    """There is room left, and the right to write, where the data are."""
    from django.conf import settings

    if not os.access(settings.VAR, os.W_OK):
        return [
            Finding(
                Level.WRONG, f"Impossible d’écrire dans {settings.VAR}", "Rendez-le accessible, ou changez TOILE_VAR."
            )
        ]
    free = shutil.disk_usage(settings.VAR).free
    sentence = f"{free / GIBIBYTE:.0f} Gio libres pour les données ({settings.VAR})"
    if free < FREE_WANTED:
        return [Finding(Level.WARNING, sentence, "Faites de la place : un import a besoin d’au moins 2 Gio.")]
    return [Finding(Level.GOOD, sentence)]


def search() -> list[Finding]:
    """The search indexes can be read on this machine, and follow the database."""
    from django.db import DatabaseError

    from toile.kernel.search import collections
    from toile.kernel.search.indexer import delay

    findings = []
    for code in collections:
        try:
            behind = delay(code)
        except DatabaseError:
            return []
        if behind is None:
            sentence = f"L’index de recherche « {code} » manque ou ne se lit pas : la base répond, à la lettre"
            mend = "toile serve ou toile worker le font en commençant ; sinon : toile index rebuild"
            findings.append(Finding(Level.WARNING, sentence, mend))
        elif behind > FEW_CHANGES:
            sentence = f"L’index de recherche « {code} » a {behind} changements de retard"
            mend = "Lancez toile serve ou toile worker, et lisez leur journal."
            findings.append(Finding(Level.WARNING, sentence, mend))
        else:
            findings.append(Finding(Level.GOOD, f"L’index de recherche « {code} » suit la base"))
    return findings


def system_checks() -> list[Finding]:
    """What Django and the rooms check by themselves (settings, templates, permissions, static files)."""
    from django.conf import settings
    from django.core.checks import ERROR, run_checks

    from toile.demo.checks import LOCAL_HOSTS

    local = set(settings.ALLOWED_HOSTS) <= LOCAL_HOSTS
    messages = run_checks(include_deployment_checks=not (local or settings.DEBUG or settings.DEMO))
    if not messages:
        return [Finding(Level.GOOD, "Les vérifications des pièces et de Django passent")]
    return [
        Finding(
            Level.WRONG if message.level >= ERROR else Level.WARNING,
            f"{message.id} : {message.msg}",
            message.hint or "",
        )
        for message in messages
        if not message.is_silenced()
    ]

"""`toile backup`, `toile restore`: everything in one file, and back."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from toile import __version__
from toile.cli import archive
from toile.cli.boot import boot, boot_with_database
from toile.cli.console import err, out, step
from toile.kernel.errors import UserError
from toile.kernel.typography import french_number, plural_form

MEBIBYTE = 1024 * 1024


def backup(
    target: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FICHIER.zip]", dir_okay=False, help="Défaut : toile-DATE.zip, dans le dossier courant."
        ),
    ] = None,
    portable: Annotated[
        bool, typer.Option("--portable", help="La base sous une forme que SQLite et PostgreSQL reprennent tous deux.")
    ] = False,
    forget: Annotated[
        bool,
        typer.Option(
            "--forget", help="Effacer du même dossier les sauvegardes plus vieilles que TOILE_BACKUP_DAYS (30 jours)."
        ),
    ] = False,
) -> None:
    """Garde tout dans un fichier : la base entière et les fichiers reçus. Le site peut rester ouvert.

    Une sauvegarde de SQLite se restaure partout ; celle de PostgreSQL sur PostgreSQL, et partout avec --portable.

    Le site promet à qui efface son compte qu’aucune sauvegarde ne le garde plus de 30 jours : mettez --forget dans le
    travail qui sauvegarde chaque nuit.

    La clé secrète n’y est pas : après une restauration sur une autre machine, chacun se reconnecte. Le fichier contient
    des données personnelles : gardez-le comme la base.

    Exemple : `toile backup /var/backups/toile.zip`
    """
    boot_with_database()
    from django.conf import settings

    now = datetime.now(UTC)
    path = target or Path(f"toile-{now:%Y-%m-%d-%H%M%S}.zip")
    step("Copie de la base et des fichiers")
    with tempfile.TemporaryDirectory(dir=path.resolve().parent, prefix=".toile-") as work:
        manifest = archive.write(
            path,
            version=__version__,
            made_at=now,
            folders=settings.TOILE_KEPT_FOLDERS,
            work=Path(work),
            portable=portable,
        )
    size = french_number(path.stat().st_size / MEBIBYTE, 1)
    files = len(manifest.digests) - 1
    held = f"la base et {french_number(files)} {plural_form(files, 'fichier', 'fichiers')}" if files else "la base"
    out.print(f"{path} : {size} Mio, {held}", markup=False, soft_wrap=True)
    promised = now - timedelta(days=settings.TOILE_BACKUP_DAYS)
    for old in archive.older_than(promised, path.resolve().parent):
        if forget:
            old.unlink()
            out.print(f"{old.name} : effacée, elle avait plus de {settings.TOILE_BACKUP_DAYS} jours", markup=False)
        else:
            err.print(f"{old.name} a plus de {settings.TOILE_BACKUP_DAYS} jours : effacez-la, ou ajoutez --forget.")


def restore(
    source: Annotated[Path, typer.Argument(metavar="FICHIER.zip", exists=True, dir_okay=False, help="Une sauvegarde.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Effacer ce que la base contient déjà : à dire pour une base non vide.")
    ] = False,
) -> None:
    """Remet une sauvegarde à la place de la base et des fichiers de cette installation.

    Vérifie d’abord chaque fichier de la sauvegarde, et ne touche à rien si elle est abîmée, d’une forme que cette base
    ne lit pas, ou faite par une version plus récente. Une sauvegarde plus ancienne est mise à jour. Qui a effacé son
    compte depuis est effacé de nouveau. Arrêtez le site avant.

    Exemple : `toile restore /var/backups/toile.zip --replace`
    """
    boot()
    from django.conf import settings

    from toile.cli.serving import migrate
    from toile.kernel.search.places import discard_indexes

    with tempfile.TemporaryDirectory(dir=settings.VAR, prefix=".toile-") as folder:
        work = Path(folder)
        step("Vérification de la sauvegarde")
        manifest = archive.read(source, work)
        _refuse_foreign(manifest)
        if not replace and archive.applied_migrations():
            raise UserError("La base n’est pas vide : ajoutez --replace pour mettre la sauvegarde à sa place.")
        step("Restauration")
        _keep_erasures()
        archive.load(work, manifest.engine)
        archive.replace_files(work, settings.TOILE_KEPT_FOLDERS)
    discard_indexes()
    migrate()
    again = _erase_again()
    if again:
        out.print(
            f"{french_number(again)} {plural_form(again, 'compte effacé', 'comptes effacés')} depuis la sauvegarde : "
            f"{plural_form(again, 'il l’est', 'ils le sont')} de nouveau",
            soft_wrap=True,
        )
    out.print(f"Restauré : la sauvegarde du {manifest.made_at}, faite par Toile {manifest.version}.", soft_wrap=True)


def _keep_erasures() -> None:
    """Note beside the database who was erased, before it is replaced by one that does not know it."""
    from django.db import DatabaseError

    from toile.accounts.services import note_erasures

    try:
        note_erasures()
    except DatabaseError:
        # A new installation, or a database that is lost: what was noted at each erasure is already there.
        step("La base remplacée ne se lit pas : les effacements notés dans TOILE_VAR seront refaits")


def _erase_again() -> int:
    from toile.accounts.services import replay_erasures

    return replay_erasures()


def _refuse_foreign(manifest: archive.Manifest) -> None:
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    if manifest.engine == "postgresql" != connection.vendor:
        raise UserError(
            f"La sauvegarde a la forme propre à PostgreSQL, cette base est {connection.vendor} : "
            "refaites-la avec `toile backup --portable`."
        )
    known = {f"{room}.{name}" for room, name in MigrationLoader(None).disk_migrations}
    unknown = [name for name in manifest.migrations if name not in known]
    if unknown:
        raise UserError(
            f"La sauvegarde vient d’une version plus récente ({manifest.version}) : {unknown[0]} n’est pas connue ici."
        )

"""What a backup holds: one zip with a manifest, the database as its own engine copies it, and the files people sent."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import subprocess
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from toile.cli.moving import load_portable, write_portable
from toile.kernel.errors import UserError

MANIFEST = "manifest.json"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


class NotABackup(UserError):
    """The file is not a backup of Toile, or is damaged."""


class ToolMissing(UserError):
    """PostgreSQL's own programs are needed and are not installed."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the archive says of itself: by which version, when (ISO 8601), from which engine, up to which migrations.

    digests: SHA-256 of each file, by its name in the archive.
    """

    version: str
    made_at: str
    engine: str
    migrations: list[str]
    digests: dict[str, str]


def write(
    target: Path,
    *,
    version: str,
    made_at: datetime,
    folders: Mapping[str, Path],
    work: Path,
    portable: bool = False,
) -> Manifest:
    """Write the archive at `target`, complete or not at all; `work` is an empty folder on the same disk.

    folders: name in the archive → folder of files kept beside the database. portable: the database as a SQLite file
    whatever its engine, which either engine takes back.
    """
    from django.db import connection

    engine = "sqlite" if portable else connection.vendor
    dump = work / DATABASES[engine]
    if engine == connection.vendor:
        _dump(dump)
    else:
        write_portable(dump)
    files = {dump.name: dump}
    for kept, folder in folders.items():
        files |= {f"{kept}/{path.relative_to(folder)}": path for path in sorted(folder.rglob("*")) if path.is_file()}
    manifest = Manifest(
        version,
        made_at.isoformat(timespec="seconds"),
        engine,
        applied_migrations(),
        {name: digest(path) for name, path in files.items()},
    )
    unfinished = work / "archive.zip"
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
        for name, path in files.items():
            archive.write(path, name)
    unfinished.chmod(0o600)
    shutil.move(unfinished, target)
    return manifest


def read(source: Path, work: Path) -> Manifest:
    """Unpack the archive into `work` and check every file; raises `NotABackup`."""
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = Manifest(**json.loads(archive.read(MANIFEST)))
            archive.extractall(work)
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error, RuntimeError, KeyError, TypeError, ValueError) as error:
        raise NotABackup(
            f"« {source.name} » n’est pas une sauvegarde de Toile, ou elle est abîmée ({error})."
        ) from None
    if DATABASES.get(manifest.engine) not in manifest.digests:
        raise NotABackup(f"« {source.name} » ne contient pas de base : rien n’est touché.")
    for name, expected in manifest.digests.items():
        if not (work / name).is_file() or digest(work / name) != expected:
            raise NotABackup(f"La sauvegarde est abîmée : {name} n’est plus ce qu’il était.")
    return manifest


def older_than(moment: datetime, folder: Path) -> list[Path]:
    """The backups of Toile in a folder that were made before this moment, by what each says of itself."""
    found = []
    for path in sorted(folder.glob("*.zip")):
        try:
            with zipfile.ZipFile(path) as archive:
                manifest = Manifest(**json.loads(archive.read(MANIFEST)))
            if datetime.fromisoformat(manifest.made_at) < moment:
                found.append(path)
        except (OSError, EOFError, zipfile.BadZipFile, zlib.error, RuntimeError, KeyError, TypeError, ValueError):
            continue  # something else than a backup: not ours to look after
    return found


def load(work: Path, engine: str) -> None:
    """Put the database of an unpacked archive in the place of this one, whole or not at all."""
    from django.db import connection

    dump = work / DATABASES[engine]
    if engine != connection.vendor:
        load_portable(dump)
        return
    if engine == "postgresql":
        options = ["--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error"]
        _postgresql("pg_restore", [*options, "--dbname", _address(), str(dump)])
    else:
        connection.ensure_connection()
        with closing(sqlite3.connect(dump)) as kept:
            kept.backup(connection.connection)
    connection.close()


def replace_files(work: Path, folders: Mapping[str, Path]) -> None:
    """Put the files of an unpacked archive in the place of those of this installation, by renaming each folder."""
    for number, (name, folder) in enumerate(folders.items()):
        if folder.exists():
            folder.rename(work / f"replaced-{number}")
        if (work / name).is_dir():
            folder.parent.mkdir(parents=True, exist_ok=True)
            (work / name).rename(folder)


def applied_migrations() -> list[str]:
    """The migrations that the database has, as « room.name », in order."""
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    return sorted(f"{room}.{name}" for room, name in MigrationRecorder(connection).applied_migrations())


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _dump(target: Path) -> None:
    from django.db import connection

    if connection.vendor == "postgresql":
        _postgresql("pg_dump", ["--format", "custom", "--no-owner", "--file", str(target), "--dbname", _address()])
        return
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy)


def _address() -> str:
    """The database as PostgreSQL's programs take it; the password goes by the environment."""
    from django.db import connection
    from psycopg.conninfo import make_conninfo

    chosen: dict[str, Any] = connection.get_connection_params()
    known = {name: chosen.get(name) for name in ("host", "port", "user", "dbname")}
    return make_conninfo("", **{name: value for name, value in known.items() if value})


def _postgresql(program: str, arguments: list[str]) -> None:
    import os

    from django.db import connection

    path = shutil.which(program)
    if path is None:
        raise ToolMissing(f"{program} manque : apt install postgresql-client (de la version du serveur).")
    password = connection.settings_dict.get("PASSWORD") or os.environ.get("PGPASSWORD", "")
    done = subprocess.run(
        [path, *arguments], env=os.environ | {"PGPASSWORD": password}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise UserError(f"{program} a échoué : {done.stderr.strip()}")

"""`toile backup` and `toile restore`, tested by restoring."""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

Run = Callable[..., "subprocess.CompletedProcess[str]"]
pytestmark = pytest.mark.slow

WRITE = (
    "from django.contrib.sessions.models import Session; from django.utils.timezone import now; "
    "Session.objects.create(session_key='{key}', session_data='d', expire_date=now())"
)
READ = (
    "from django.contrib.sessions.models import Session; from toile.thread.triggers import missing; "
    "print(sorted(Session.objects.order_by('pk').values_list('pk', flat=True)), missing())"
)


def write(toile: Run, key: str, **more: str) -> None:
    done = toile("manage", "shell", "-v0", "-c", WRITE.format(key=key), **more)
    assert done.returncode == 0, done.stderr


def spoilt(path: Path) -> bytes:
    """The archive with a hundred bytes of its compressed database overwritten."""
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 100] = b"\xff" * 100
    return bytes(content)


def held(toile: Run, **more: str) -> str:
    return toile("manage", "shell", "-v0", "-c", READ, **more).stdout.strip()


def saved(toile: Run, path: Path, **more: str) -> Path:
    done = toile("backup", str(path), **more)
    assert done.returncode == 0, done.stderr
    return path


@pytest.mark.sqlite
def test_what_was_saved_comes_back_and_what_came_after_goes(toile: Run, installation: Path, tmp_path: Path) -> None:
    kept = [installation / name for name in ("media", "panorama/sources", "pathway")]
    for folder in kept:
        folder.mkdir(parents=True)
        (folder / "liste.csv").write_text("a;b")
    write(toile, "before")
    path = saved(toile, tmp_path / "kept.zip")
    write(toile, "after")
    for folder in kept:
        (folder / "liste.csv").write_text("changed")
        (folder / "other.csv").write_text("later")

    refused = toile("restore", str(path))
    assert (refused.returncode, "--replace" in refused.stderr) == (2, True)
    assert held(toile) == "['after', 'before'] []"

    done = toile("restore", str(path), "--replace")
    assert done.returncode == 0, done.stderr
    assert held(toile) == "['before'] []"
    for folder in kept:
        assert {path.name: path.read_text() for path in folder.iterdir()} == {"liste.csv": "a;b"}
    assert path.stat().st_mode & 0o077 == 0
    assert not [left for left in tmp_path.iterdir() if left.name.startswith(".toile-")]


@pytest.mark.sqlite
def test_a_new_installation_takes_a_backup_without_more_words(toile: Run, tmp_path: Path) -> None:
    write(toile, "before")
    path = saved(toile, tmp_path / "kept.zip")
    (tmp_path / "new").mkdir()
    done = toile("restore", str(path), TOILE_VAR=str(tmp_path / "new"))
    assert done.returncode == 0, done.stderr
    assert held(toile, TOILE_VAR=str(tmp_path / "new")) == "['before'] []"


@pytest.mark.sqlite
def test_a_damaged_backup_or_one_from_elsewhere_changes_nothing(toile: Run, tmp_path: Path) -> None:
    write(toile, "before")
    path = saved(toile, tmp_path / "kept.zip")
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files["manifest.json"])
    damaged = {
        "cut.zip": (path.read_bytes()[:2000], "n’est pas une sauvegarde"),
        "text.zip": (b"bonjour", "n’est pas une sauvegarde"),
        "changed.zip": (files | {"database.sqlite3": b"x"}, "abîmée"),
        "empty.zip": (
            {"manifest.json": json.dumps(manifest | {"digests": {}}).encode()},
            "ne contient pas de base",
        ),
        "spoilt.zip": (spoilt(path), "n’est pas une sauvegarde"),
        "other.zip": (
            files
            | {
                "manifest.json": json.dumps(
                    manifest | {"engine": "postgresql", "digests": {"database.dump": sha256(b"x").hexdigest()}}
                ).encode(),
                "database.dump": b"x",
            },
            "--portable",
        ),
        "newer.zip": (
            files | {"manifest.json": json.dumps(manifest | {"migrations": ["thread.9999_later"]}).encode()},
            "thread.9999_later",
        ),
    }
    for name, (content, reason) in damaged.items():
        if isinstance(content, bytes):
            (tmp_path / name).write_bytes(content)
        else:
            with zipfile.ZipFile(tmp_path / name, "w") as archive:
                for member, data in content.items():
                    archive.writestr(member, data)
        done = toile("restore", str(tmp_path / name), "--replace")
        assert (done.returncode, reason in " ".join(done.stderr.split())) == (2, True), (name, done.stderr)
    assert held(toile) == "['before'] []"


@pytest.fixture
def postgresql_address() -> Iterator[str]:
    """A database of this test only, on the server that the suite uses."""
    server = os.environ["DATABASE_URL"]
    name = f"test_cli_backup_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield server.rsplit("/", 1)[0] + f"/{name}"
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.mark.postgres
def test_a_backup_of_postgresql_comes_back(toile: Run, postgresql_address: str, tmp_path: Path) -> None:
    where = {"DATABASE_URL": postgresql_address}
    assert toile("manage", "migrate", "-v0", **where).returncode == 0
    write(toile, "before", **where)
    path = saved(toile, tmp_path / "kept.zip", **where)
    write(toile, "after", **where)
    done = toile("restore", str(path), "--replace", **where)
    assert done.returncode == 0, done.stderr
    assert held(toile, **where) == "['before'] []"


ROWS = """
from django.apps import apps
from django.core import serializers
import hashlib, json
for model in apps.get_models(include_auto_created=True):
    rows = json.dumps(serializers.serialize("python", model._base_manager.order_by("pk")), sort_keys=True, default=str)
    print(model._meta.label, model._base_manager.count(), hashlib.sha256(rows.encode()).hexdigest()[:12])
"""


@pytest.mark.postgres
def test_the_demonstration_goes_from_sqlite_to_postgresql_and_back(
    toile: Run, postgresql_address: str, tmp_path: Path
) -> None:
    there, load = {"DATABASE_URL": postgresql_address}, "from toile.demo.services import load_demo; load_demo()"
    assert toile("manage", "shell", "-v0", "-c", load, TOILE_DEMO="1").returncode == 0
    before = rows_of(toile)
    assert len(before) > 20
    assert sum(int(line.split()[1]) for line in before) > 2000

    first = saved(toile, tmp_path / "first.zip")
    done = toile("restore", str(first), **there)
    assert done.returncode == 0, done.stderr
    assert rows_of(toile, **there) == before
    write(toile, "after", **there)
    assert "after" in held(toile, **there)
    number = (
        "from toile.kernel.models import SearchChange; print(SearchChange.objects.create(collection='c', ids=[]).pk)"
    )
    assert toile("manage", "shell", "-v0", "-c", number, **there).returncode == 0, "numbers go on after the last"

    refused = toile("restore", str(saved(toile, tmp_path / "own.zip", **there)), "--replace")
    assert (refused.returncode, "--portable" in refused.stderr) == (2, True)
    path = tmp_path / "portable.zip"
    assert toile("backup", str(path), "--portable", **there).returncode == 0
    done = toile("restore", str(path), "--replace")
    assert done.returncode == 0, done.stderr
    assert rows_of(toile) == rows_of(toile, **there) != before
    assert held(toile) == "['after'] []"


def rows_of(toile: Run, **more: str) -> list[str]:
    """Each table, how many rows it has, and a digest of them as Django writes them."""
    done = toile("manage", "shell", "-v0", "-c", ROWS, **more)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()

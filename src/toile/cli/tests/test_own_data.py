"""Durations from the command line, backups that keep their promise, and a restoration that brings nobody back."""

from __future__ import annotations

import json
import subprocess
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]
pytestmark = [pytest.mark.slow, pytest.mark.sqlite]

OPEN = """
from toile.accounts.services import open_account
from toile.kernel.acts import Actor
open_account(Actor.system("test"), "{address}", "Ortie")
"""
ERASE = """
from toile.accounts.models import Person
from toile.accounts.services import erase
from toile.kernel.acts import Actor
erase(Actor.system("test"), None, Person.objects.get(email="{address}").pk)
"""
UNUSED = """
from datetime import timedelta
from django.utils import timezone
from toile.accounts.models import Person
Person.objects.update(last_login=timezone.now() - timedelta(days=3 * 366))
"""
HELD = """
from toile.accounts.models import Closing, Person
print(sorted(Person.objects.values_list("email", flat=True)), Closing.objects.count())
"""


def shell(toile: Run, script: str, **words: str) -> str:
    done = toile("manage", "shell", "-v0", "-c", script.format(**words))
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def aged(path: Path, days: int) -> Path:
    """The same backup, said to be made so many days ago."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files["manifest.json"])
    manifest["made_at"] = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
    old = path.with_name(f"il-y-a-{days}-jours.zip")
    with zipfile.ZipFile(old, "w") as archive:
        for name, content in (files | {"manifest.json": json.dumps(manifest).encode()}).items():
            archive.writestr(name, content)
    return old


def test_a_dry_run_counts_and_the_real_one_warns(toile: Run):
    shell(toile, OPEN, address="ortie@example.org")
    shell(toile, UNUSED)
    told = toile("retention", "--dry-run", "--json")
    assert told.returncode == 0, told.stderr
    lines = {line["code"]: line for line in json.loads(told.stdout)}
    assert (lines["accounts.person"]["due"], lines["accounts.person"]["done"]) == (1, None)
    assert "Essai à blanc" in toile("retention", "--dry-run").stdout
    assert shell(toile, HELD) == "['ortie@example.org'] 0"
    assert "comptes que personne" in toile("retention").stdout
    assert shell(toile, HELD) == "['ortie@example.org'] 1"


def test_who_was_erased_since_the_backup_is_erased_again(toile: Run, installation: Path, tmp_path: Path):
    for address in ("ortie@example.org", "bourrache@example.org", "vesce@example.org"):
        shell(toile, OPEN, address=address)
    shell(toile, ERASE, address="vesce@example.org")
    kept = tmp_path / "kept.zip"
    assert toile("backup", str(kept)).returncode == 0
    shell(toile, ERASE, address="ortie@example.org")
    noted = installation / "erasures.jsonl"
    noted.unlink()  # the thread of the database that is replaced tells it too
    done = toile("restore", str(kept), "--replace")
    assert done.returncode == 0, done.stderr
    assert "1 compte effacé depuis la sauvegarde" in done.stdout
    assert shell(toile, HELD) == "['bourrache@example.org'] 0"

    (installation / "toile.sqlite3").unlink()  # the database is lost: what is noted beside it is enough
    again = toile("restore", str(kept))
    assert again.returncode == 0, again.stderr
    assert shell(toile, HELD) == "['bourrache@example.org'] 0"
    assert "ortie" not in noted.read_text()


def test_backups_older_than_the_promise_are_named_then_forgotten(toile: Run, tmp_path: Path):
    assert toile("backup", str(tmp_path / "first.zip")).returncode == 0
    old, recent = aged(tmp_path / "first.zip", 31), aged(tmp_path / "first.zip", 29)
    (tmp_path / "autre.zip").write_bytes(b"not ours")
    told = toile("backup", str(tmp_path / "second.zip"))
    assert old.name in told.stderr
    assert recent.name not in told.stderr
    assert old.exists(), "said, not done"
    assert toile("backup", str(tmp_path / "third.zip"), "--forget").returncode == 0
    left = {path.name for path in tmp_path.glob("*.zip")}
    assert left == {"first.zip", "second.zip", "third.zip", recent.name, "autre.zip"}

"""Runs the whole suite on PostgreSQL and on SQLite, and says first what this machine lacks for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

STRICT = os.environ.get("TOILE_STRICT") == "1"
POSTGRES = os.environ.get("TOILE_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
WORKERS = os.environ.get("TOILE_TEST_WORKERS", "2")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """The browser that the journeys drive: TOILE_CHROMIUM, or the first one found on the path."""
    return os.environ.get("TOILE_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def postgres_trouble() -> str | None:
    """Why no PostgreSQL answers at TOILE_TEST_POSTGRES; None if one does."""
    import psycopg

    try:
        psycopg.connect(POSTGRES, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        return str(error).strip().splitlines()[0]
    return None


def run(title: str, *options: str, **environment: str) -> int:
    """One run of pytest under a title; its exit status, where « no test collected » (5) counts as a failure."""
    print(f"\n=== {title}", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", "-n", WORKERS, *options, *sys.argv[1:]]
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.call(command, env=inherited | environment)


def main() -> int:
    """PostgreSQL first, so that the last line is the count of the complete run, the one on SQLite."""
    lacking = []
    browser = chromium()
    if browser is None:
        lacking.append("Chromium : les parcours de navigateur sont laissés de côté (apt install chromium)")
    trouble = postgres_trouble()
    if trouble is not None:
        lacking.append(
            f"PostgreSQL : la suite ne passe que sur SQLite ({trouble} ; TOILE_TEST_POSTGRES=adresse pour un autre)"
        )
    shared = Path(os.environ.get("TOILE_SHARED_DATA", "../shared/data"))
    if not shared.is_dir():
        # Real files never enter the project: a checkout without them is whole, so this alone fails nothing.
        print(f"Sans {shared} : les essais sur les fichiers réels sont laissés de côté (TOILE_SHARED_DATA=dossier)")
    for line in lacking:
        print(f"Manque : {line}")
    if lacking and STRICT:
        print("TOILE_STRICT=1 : ce qui manque est un échec.")

    statuses = []
    if trouble is None:
        statuses.append(
            run(
                "Sur PostgreSQL : les essais qui touchent la base",
                "--touching-database",
                "-m",
                "not sqlite and not browser",
                DATABASE_URL=POSTGRES,
                # A server that loses power loses tests only: their commits need not wait for its disk.
                PGOPTIONS="-c synchronous_commit=off",
            )
        )
    environment = {"TOILE_CHROMIUM": browser} if browser else {}
    statuses.append(run("Sur SQLite : toute la suite", "-m", "not postgres", **environment))
    return 1 if any(statuses) or (lacking and STRICT) else 0


if __name__ == "__main__":
    sys.exit(main())

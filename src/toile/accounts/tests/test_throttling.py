"""Throttling counts once for all processes: two servers, one database, one limit."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import requests
from django.conf import settings as django_settings
from django.db import connection

SOURCE = Path(django_settings.SOURCE).parent
OPEN_ACCOUNT = """
import django; django.setup()
from toile.accounts.services import open_account
from toile.kernel.acts import Actor
open_account(Actor.system("test"), "ortie@example.org", "Ortie", "ortie-cardon-bourrache-42")
"""


@pytest.fixture
def database_url(tmp_path: Path) -> Iterator[str]:
    """A database of its own, on the engine of this run, since two processes must see what is committed."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'toile.sqlite3'}"
        return
    given = urlsplit(os.environ["DATABASE_URL"])
    name = f"test_accounts_{os.getpid()}"
    with psycopg.connect(urlunsplit(given._replace(path="/postgres")), autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
    yield urlunsplit(given._replace(path=f"/{name}"))
    with psycopg.connect(urlunsplit(given._replace(path="/postgres")), autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def environment(tmp_path: Path, database_url: str) -> dict[str, str]:
    chosen = {"DATABASE_URL": database_url, "TOILE_VAR": str(tmp_path / "var"), "PYTHONPATH": str(SOURCE)}
    chosen |= {"DJANGO_SETTINGS_MODULE": "toile.config.settings", "TOILE_SECRET_KEY": "cle-d-essai" * 5}
    return {key: value for key, value in os.environ.items() if not key.startswith("TOILE_")} | chosen


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def servers(environment: dict[str, str]) -> Iterator[list[str]]:
    """The addresses of two servers of the site, each a process of its own."""
    subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=environment, check=True, timeout=120)
    subprocess.run([sys.executable, "-c", OPEN_ACCOUNT], env=environment, check=True, timeout=60)
    ports = [free_port(), free_port()]
    command = [sys.executable, "-m", "uvicorn", "toile.config.asgi:application", "--log-level", "error", "--port"]
    processes = [subprocess.Popen([*command, str(port)], env=environment) for port in ports]
    try:
        addresses = [f"http://127.0.0.1:{port}" for port in ports]
        for address in addresses:
            wait_for(address)
        yield addresses
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=20)


def wait_for(address: str) -> None:
    for _ in range(300):
        try:
            if requests.get(f"{address}/-/sante", timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise TimeoutError(address)


def try_password(address: str, password: str) -> bool:
    """Whether a new browser with this password is let in."""
    with requests.Session() as browser:
        page = browser.get(f"{address}/compte/login/", timeout=20).text
        token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[-1]
        form = {"login": "ortie@example.org", "password": password, "csrfmiddlewaretoken": token}
        browser.post(f"{address}/compte/login/", form, timeout=20, allow_redirects=False)
        return browser.get(f"{address}/compte/", timeout=20, allow_redirects=False).status_code == 200


@pytest.mark.slow
@pytest.mark.django_db
def test_wrong_passwords_given_to_one_server_count_on_the_other(servers):
    first, second = servers
    assert try_password(second, "ortie-cardon-bourrache-42")
    for attempt in range(5):
        assert not try_password((first, second)[attempt % 2], "mauvais mot de passe")
    assert not try_password(first, "ortie-cardon-bourrache-42")
    assert not try_password(second, "ortie-cardon-bourrache-42")

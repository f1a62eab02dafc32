"""A server killed outright while people save: what was acknowledged, and what the database holds afterwards.

Run as a program it prepares the people and tells the state; `broken` starts it, and the server, as processes.
"""

from __future__ import annotations

import json
import random
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import requests

from toile.kernel.testing import OwnDatabase

WRITERS = 3
LONGEST = 1.0  # seconds of writing before a kill, at most


@dataclass(slots=True)
class Tally:
    """kills: how many. acknowledged: writes that the server confirmed. lost: of those, how many are not there.

    halves: writes of which one part is there and not the other (the fact without the record, the record without it).
    """

    kills: int = 0
    acknowledged: int = 0
    lost: int = 0
    halves: int = 0


def broken(database: OwnDatabase, kills: int, seed: int) -> Tally:
    """Have people save through a server, kill it at `kills` random moments, and compare each time with the database."""
    chance, tally = random.Random(seed), Tally()
    writers = [Writer(**told) for told in json.loads(_run(database, "prepare"))]
    for _ in range(kills):
        with _served(database) as (server, address):
            stop = Event()
            threads = [Thread(target=writer.write, args=(address, stop)) for writer in writers]
            for thread in threads:
                thread.start()
            for writer in writers:
                writer.began.wait(30)
            time.sleep(chance.uniform(0, LONGEST))
            server.kill()
            stop.set()
            for thread in threads:
                thread.join()
        tally.kills += 1
        _compare(json.loads(_run(database, "state")), writers, tally)
    tally.acknowledged = sum(writer.count for writer in writers)
    return tally


def _compare(state: dict[str, Any], writers: list[Writer], tally: Tally) -> None:
    """An acknowledged write is there, or the one sent after it; with its fact and its record, or none of them."""
    for writer in writers:
        now = state[writer.organisation]
        writer.kept += now["shown"] == writer.sent != writer.acknowledged
        if now["shown"] not in (writer.acknowledged, writer.sent) or now["facts"] < writer.kept:
            tally.lost += 1
        if now["shown"] != now["said"] or now["facts"] > writer.kept:
            tally.halves += 1
        writer.acknowledged = now["shown"]
        writer.began.clear()


@dataclass(slots=True)
class Writer:
    """A person who corrects their structure again and again. sent: what the server may or may not have kept.

    count: writes acknowledged. kept: those, and the ones that were kept though the answer never came.
    """

    session: str
    organisation: str
    acknowledged: str = ""
    sent: str = ""
    count: int = 0
    kept: int = 0
    number: int = 0
    began: Event = field(default_factory=Event)

    def write(self, address: str, stop: Event) -> None:
        page = f"{address}/annuaire/{self.organisation}/corriger/"
        with requests.Session() as browser:
            browser.cookies.set("sessionid", self.session)
            while not stop.is_set():
                try:
                    form = _Form(browser.get(page, timeout=30).text).fields
                    self.number += 1
                    self.sent = f"Phrase n° {self.number} de {self.organisation}"
                    self.began.set()
                    answer = browser.post(page, form | {"description": self.sent}, timeout=30, allow_redirects=False)
                except requests.RequestException:
                    return  # the server was killed
                if answer.status_code != 302:
                    raise AssertionError(f"refused ({answer.status_code}): {answer.text[:500]}")
                self.acknowledged, self.count, self.kept = self.sent, self.count + 1, self.kept + 1


class _Form(HTMLParser):
    """What a browser would send of the page's last form, nothing having been typed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.writing, self.choosing = "", ""
        self.feed(re.search(r"<main.*</main>", page, re.DOTALL).group())  # type: ignore[union-attr]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name = told.get("name") or ""
        if tag == "input" and (told.get("type") not in ("checkbox", "radio") or "checked" in told):
            self.fields.setdefault(name, []).append(told.get("value") or "")
        elif tag == "textarea":
            self.writing = name
            self.fields[name] = [""]
        elif tag == "select":
            self.choosing = name
        elif tag == "option" and "selected" in told:
            self.fields[self.choosing] = [told.get("value") or ""]

    def handle_data(self, data: str) -> None:
        if self.writing:
            self.fields[self.writing][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.writing = ""


@contextmanager
def _served(database: OwnDatabase) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "toile.config.asgi:application", "--log-level", "critical"]
    environment = database.environment | {"TOILE_HOSTS": "127.0.0.1"}
    server = subprocess.Popen([*command, "--port", str(port)], env=environment, stderr=subprocess.DEVNULL)
    try:
        address, until = f"http://127.0.0.1:{port}", time.monotonic() + 60
        while True:
            try:
                if requests.get(f"{address}/-/sante", timeout=5).ok:
                    break
            except requests.RequestException:
                assert time.monotonic() < until, "the server does not start"
                time.sleep(0.05)
        yield server, address
    finally:
        server.kill()
        server.wait()


def _run(database: OwnDatabase, command: str) -> str:
    return database.run(Path(__file__), command).splitlines()[-1]


def prepare() -> list[dict[str, str]]:
    """A structure, a person who represents it and their open session, for each writer."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from toile.accounts.services import open_account
    from toile.directory import contexts
    from toile.directory.models import Organisation
    from toile.directory.services import add_records, appoint
    from toile.kernel.acts import Actor, act

    told, actor = [], Actor.system("tests")
    for number in range(WRITERS):
        person, pk = open_account(actor, f"p{number}@exemple.test"), uuid4()
        with act(actor):
            add_records(contexts.current(), [(pk, "fiction", str(pk), {"name": f"Atelier {number}"})], defaults={})
        made = Organisation.objects.get(pk=pk)
        appoint(actor, None, person=person.pk, organisation=made)
        session = SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(person.pk), person.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session.create()
        told.append({"session": str(session.session_key), "organisation": str(made.pk)})
    return told


def state() -> dict[str, dict[str, object]]:
    """What is shown of each structure, what its people's record says, how many corrections its thread tells."""
    from toile.directory.models import Organisation, SourceRecord
    from toile.thread.models import Fact

    told = {}
    for made in Organisation.objects.order_by("pk"):
        own = SourceRecord.objects.filter(source="own", organisation=made).first()
        facts = Fact.objects.filter(kind="directory.organisation.corrected", abouts__subject=made.pk)
        said = own.payload.get("description", "") if own else ""
        told[str(made.pk)] = {"shown": made.description, "said": said, "facts": facts.count()}
    return told


if __name__ == "__main__":
    import django

    django.setup()
    sys.stdout.write(json.dumps({"prepare": prepare, "state": state}[sys.argv[1]]()) + "\n")

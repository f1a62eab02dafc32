"""One real demo site for all the journeys, a browser, and pages that complain of any script or request error."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright manque : pip install -e .[test]")
Browser, Page = playwright_api.Browser, playwright_api.Page

STARTS_WITHIN = 120  # seconds, the demo's territory loaded
WORKED_WITHIN = 300  # seconds, the demo's panorama computed and printed
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESK = 390, 1280


@dataclass(frozen=True)
class Site:
    """The demo being served: its address, and the folder where it keeps everything, mails included."""

    url: str
    folder: Path

    def mails_to(self, address: str) -> list[str]:
        """Every mail written to this address, the oldest first."""
        written = sorted((self.folder / "mail").glob("*.log"), key=lambda path: path.stat().st_mtime_ns)
        return [text for path in written if f"To: {address}" in (text := path.read_text(encoding="utf-8"))]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, ConnectionError, TimeoutError):
        return False


@contextmanager
def served(folder: Path) -> Iterator[Site]:
    """`toile demo` on a free port, with its worker; stopped by its number, which stops the worker."""
    port, log = _free_port(), folder.with_suffix(".log")
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("TOILE_", "DJANGO_", "DATABASE_"))}
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "toile", "demo", "--port", str(port)],
            env=inherited | {"TOILE_VAR": str(folder), "NO_COLOR": "1"},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    site, deadline = Site(f"http://127.0.0.1:{port}", folder), time.monotonic() + STARTS_WITHIN
    try:
        while not _answers(f"{site.url}/-/sante"):
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"toile demo n’a pas démarré :\n{log.read_text()[-3000:]}")
            time.sleep(0.2)  # a process that starts gives nothing else to wait on
        yield site
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="session")
def loaded_demo(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo just loaded, once for all the processes of the run."""
    in_parallel = "PYTEST_XDIST_WORKER" in os.environ
    shared = tmp_path_factory.getbasetemp().parent if in_parallel else tmp_path_factory.getbasetemp()
    loaded = shared / "demo-loaded"
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not loaded.exists():
            loading = shared / "demo-loading"
            with served(loading) as first:
                _worked(first)
            loading.rename(loaded)
    return loaded


@pytest.fixture(scope="module")
def site(loaded_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A copy of the demo for each file: what one journey joins or renames, another never finds so."""
    own = tmp_path_factory.mktemp("journeys") / "var"
    shutil.copytree(loaded_demo, own)
    with served(own) as found:
        yield found


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path; without one the journeys are skipped, and say so."""
    path = os.environ.get("TOILE_CHROMIUM") or "/usr/bin/chromium"
    if not Path(path).exists():
        pytest.skip(f"Chromium manque ({path}) : apt install chromium, ou TOILE_CHROMIUM=chemin")
    return path


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A browser with an empty profile of its own, closed with the file: its loop would disturb other tests."""
    with playwright_api.sync_playwright() as play:
        launched = play.chromium.launch(executable_path=chromium, args=QUIET)
        yield launched
        launched.close()


def _worked(site: Site) -> None:
    """Wait for the work that a load asks for (the demo's panorama): the copies find it done."""
    deadline = time.monotonic() + WORKED_WITHIN
    while time.monotonic() < deadline:
        with closing(
            sqlite3.connect(f"file:{site.folder / 'toile.sqlite3'}?mode=ro", uri=True, timeout=20)
        ) as database:
            left = database.execute("SELECT kind FROM kernel_job WHERE state IN ('waiting', 'running')").fetchall()
        if not left:
            return
        time.sleep(0.5)
    pytest.fail(f"toile demo n’a pas fini ses travaux : {left}")


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, site: Site) -> Iterator[OpenPage]:
    """`open_page(width=…, scheme=…, javascript=…)`: a new visitor; at the end nothing went wrong behind the pages."""
    contexts, wrong = [], []

    def opened(width: int = DESK, scheme: str = "light", javascript: bool = True) -> Page:
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": 844},
            locale="fr-FR",
            color_scheme=scheme,
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"script : {error}"))
        page.on("console", lambda said: wrong.append(f"console : {said.text}") if _is_error(said) else None)
        page.on("response", lambda answer: wrong.append(_about(answer)) if _failed(answer) else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not wrong, wrong


def _is_error(said: playwright_api.ConsoleMessage) -> bool:
    # Chromium also says there that a page answered 403, 404 or 422: the journeys judge the pages, `_failed` the rest.
    return said.type == "error" and not said.text.startswith("Failed to load resource")


def _failed(answer: playwright_api.Response) -> bool:
    return answer.status >= 500 or (answer.status >= 400 and answer.request.resource_type != "document")


def _about(answer: playwright_api.Response) -> str:
    return f"{answer.status} : {answer.url}"


@pytest.fixture
def enter(open_page: OpenPage) -> Callable[..., Page]:
    """`enter("administratrice", width=…)`: a new browser where this persona came in by the button of the home page."""

    def entered(persona: str, **how: object) -> Page:
        page = open_page(**how)
        page.goto("/")
        page.locator(f'form[action$="/demo/entrer/{persona}/"] button').click()
        playwright_api.expect(page.locator("main .messages")).to_contain_text("Vous essayez le rôle")
        return page

    return entered

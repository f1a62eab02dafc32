"""`toile serve` as a process: it answers, keeps its worker alive, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.sqlite]
LINUX = sys.platform == "linux"


def eventually(question: Callable[[], object], seconds: float = 20) -> object:
    """The first true answer within `seconds`."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if answer := question():
            return answer
        time.sleep(0.1)
    pytest.fail(f"not within {seconds} s: {question}")


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/-/sante", timeout=2) as response:
            return response.status == 200
    except OSError:
        return False


def children(pid: int, command: str) -> list[int]:
    """The processes `toile COMMAND` that a thread of `pid` started."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    started = [int(child) for listed in lists for child in listed.read_text().split()]
    return [child for child in started if command.encode() in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")]


def gone(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] == "Z"


@pytest.fixture
def server(installation: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    process = subprocess.Popen(
        [sys.executable, "-m", "toile", "serve", "--port", str(port)],
        env={**inherited, "TOILE_VAR": str(installation)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        eventually(lambda: process.poll() is not None or answers(port), 60)
        yield process, port
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_it_answers_and_stops_at_sigterm(server: tuple[subprocess.Popen[str], int]) -> None:
    process, port = server
    assert answers(port)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 0, said
    assert f"http://127.0.0.1:{port}" in said
    assert "Traceback" not in said


@pytest.mark.skipif(not LINUX, reason="reads /proc, which only Linux has")
@pytest.mark.parametrize("command", ["worker", "indexer"])
def test_a_child_that_dies_is_started_again_and_stops_with_the_server(
    server: tuple[subprocess.Popen[str], int], command: str
) -> None:
    process, _ = server
    (first,) = eventually(lambda: children(process.pid, command))
    os.kill(first, signal.SIGKILL)
    (second,) = eventually(lambda: [child for child in children(process.pid, command) if child != first])
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert eventually(lambda: gone(second))


@pytest.mark.skipif(not LINUX, reason="reads /proc, which only Linux has")
def test_no_child_outlives_a_server_killed_outright(server: tuple[subprocess.Popen[str], int]) -> None:
    process, _ = server
    (worker,) = eventually(lambda: children(process.pid, "worker"))
    (indexer,) = eventually(lambda: children(process.pid, "indexer"))
    process.kill()
    assert eventually(lambda: gone(worker) and gone(indexer))

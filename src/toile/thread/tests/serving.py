"""A real server for tests of what goes on between two requests: started on a free port, stopped by its number."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from toile.kernel.testing import OwnDatabase

APPLICATION = "toile.config.asgi:application"


@contextmanager
def served(
    database: OwnDatabase, application: str = APPLICATION, **environment: str
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The site under uvicorn with one process: its port, and the process."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "uvicorn", application, "--port", str(port), "--lifespan", "off"]
    own = {**database.environment, **environment}
    with subprocess.Popen([*command, "--log-level", "warning", "--timeout-graceful-shutdown", "10"], env=own) as server:
        try:
            _wait(port)
            yield port, server
        finally:
            server.terminate()


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not start")


class Listening:
    """An open stream, read with a bare socket, so that nothing of the site's own is between the test and the words."""

    def __init__(self, port: int, path: str = "/fil/direct/", **headers: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.socket.sendall("\r\n".join([f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *lines, "", ""]).encode())
        self.file = self.socket.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        self.headers = dict(self._headers())
        self.buffer = b""

    def _headers(self) -> Iterator[tuple[str, str]]:
        while line := self.file.readline().decode().strip():
            name, _, value = line.partition(": ")
            yield name.lower(), value

    def events(self) -> Iterator[dict[str, str]]:
        """Each block of the stream as its fields, comments left out, until the stream ends."""
        while size := int(self.file.readline() or b"0", 16):
            self.buffer += self.file.read(size)
            self.file.readline()
            *blocks, self.buffer = self.buffer.split(b"\n\n")
            for block in blocks:
                lines = [line.partition(": ") for line in block.decode().split("\n")]
                if found := {name: value for name, _, value in lines if name}:
                    yield found

    def facts(self, count: int) -> list[dict[str, Any]]:
        """The data of the next `count` facts."""
        found: list[dict[str, Any]] = []
        for event in self.events():
            if event.get("event") == "reload":
                raise AssertionError("told to load the page again")
            if event.get("event") == "fact":
                found.append(json.loads(event["data"]))
            if len(found) == count:
                break
        return found

    def close(self) -> None:
        """Leave, as a browser does; safe twice."""
        self.file.close()
        self.socket.close()

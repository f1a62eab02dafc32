"""A program that receives webhooks in a test, and may behave badly."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Received:
    """One request: its first line, its headers in lower case, its body."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """answer: the bytes it answers, None to keep silent; `drip`: seconds between two of them."""

    port: int
    answer: bytes | None = b"HTTP/1.1 204 No Content\r\n\r\n"
    drip: float = 0.0
    requests: list[Received] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/reception"

    def answers(self, status: str, *headers: str) -> None:
        self.answer = "\r\n".join([f"HTTP/1.1 {status}", *headers, "Content-Length: 0", "", ""]).encode()

    def serve(self, listening: socket.socket, context: ssl.SSLContext | None) -> None:
        while not self.stopping.is_set():
            try:
                client, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(client, context), daemon=True).start()

    def _one(self, client: socket.socket, context: ssl.SSLContext | None) -> None:
        try:
            with context.wrap_socket(client, server_side=True) if context else client as talking:
                talking.settimeout(5)
                with talking.makefile("rb") as file:
                    line = file.readline().decode().strip()
                    headers = {}
                    while text := file.readline().decode().strip():
                        name, _, value = text.partition(": ")
                        headers[name.lower()] = value
                    self.requests.append(Received(line, headers, file.read(int(headers.get("content-length", "0")))))
                    self._answer(talking)
        except OSError:
            client.close()

    def _answer(self, talking: socket.socket) -> None:
        if self.answer is None:
            self.stopping.wait(20)
        elif self.drip:
            for byte in self.answer:
                talking.sendall(bytes([byte]))
                if self.stopping.wait(self.drip):
                    return
        else:
            talking.sendall(self.answer)


@contextmanager
def receiver(context: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """Listens on a free port of this machine until the end."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(16)
        found = Receiver(listening.getsockname()[1])
        thread = threading.Thread(target=found.serve, args=(listening, context), daemon=True)
        thread.start()
        try:
            yield found
        finally:
            found.stopping.set()
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(5)
            time.sleep(0.01)

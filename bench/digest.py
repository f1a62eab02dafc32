"""The digest: 10,000 subscribers written to while the worker is killed twice; its seconds, its memory, each once."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from measuring import PROCESSES, Measure, skipped, tell

from toile.kernel.testing import OwnDatabase, own_database, postgresql_answers

FEW, MANY = 1_000, 10_000
SECONDS, GROWTH = 60, 1.2
NOTED_TOGETHER = 10
"""As `toile.thread.posting` does: what a kill may repeat."""
KILLED_AT = (800, 1_600)
"""Messages taken when the worker dies: the last one writes five sixths of them, and its memory is what is measured."""
SCRIPT, SINK = PROCESSES / "digest.py", PROCESSES / "smtp_sink.py"


@dataclass
class Sink:
    """A mail server on this machine, and the Message-ID of each message that it took."""

    kept: Path
    port: str

    @property
    def taken(self) -> list[bytes]:
        return self.kept.read_bytes().splitlines()


@contextmanager
def sink() -> Iterator[Sink]:
    with TemporaryDirectory() as folder:
        kept = Path(folder) / "messages"
        kept.touch()
        with subprocess.Popen([sys.executable, str(SINK), str(kept)], stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            try:
                yield Sink(kept, server.stdout.readline().strip())
            finally:
                server.kill()


@dataclass
class Run:
    """The working seconds of all the workers, the peak memory of the last, what the mail server took."""

    seconds: float
    peak: float
    taken: list[bytes]


def run(engine: str, people: int, kills: tuple[int, ...] = ()) -> Run:
    with own_database(engine) as database, sink() as server:
        database.run(SCRIPT, "prepare", str(people))
        database.environment.update(TOILE_SMTP_HOST="127.0.0.1", TOILE_SMTP_PORT=server.port, TOILE_SMTP_TLS="0")
        seconds = sum(_killed(database, server, count) for count in kills)
        last = json.loads(database.run(SCRIPT, "work"))
        return Run(seconds + last["seconds"], last["peak"], server.taken)


def _killed(database: OwnDatabase, server: Sink, count: int) -> float:
    """A worker killed outright once the mail server took so many messages; the seconds it lived."""
    start = time.monotonic()
    with database.start(SCRIPT, "work") as worker:
        while len(server.taken) < count and worker.poll() is None:
            time.sleep(0.01)
        worker.kill()
    seconds = time.monotonic() - start
    database.run(SCRIPT, "expire")
    return seconds


def measures() -> Iterator[Measure]:
    for engine in ("sqlite", "postgresql"):
        if engine == "postgresql" and not postgresql_answers():
            skipped("avis (postgresql)", "aucun serveur ne répond (TOILE_TEST_POSTGRES)")
            continue
        few, many = run(engine, FEW), run(engine, MANY, KILLED_AT)
        name = f"avis : {MANY} personnes, deux morts ({engine})"
        yield Measure(name, many.seconds, SECONDS, "s", many.seconds / SECONDS, 1)
        name = f"avis : mémoire, {MANY} contre {FEW} ({engine})"
        yield Measure(name, many.peak, few.peak, "Mio", many.peak / few.peak, GROWTH)
        missed = MANY - len(set(many.taken))
        yield Measure(f"avis : personnes oubliées ({engine})", missed, 0, "avis", missed, 0)
        repeated = len(many.taken) - len(set(many.taken))
        name = f"avis : repris, sous le même Message-ID ({engine})"
        yield Measure(name, repeated, 0, "avis", repeated, len(KILLED_AT) * NOTED_TOGETHER)


if __name__ == "__main__":
    sys.exit(tell(measures()))

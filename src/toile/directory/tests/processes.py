"""What the test of short batches runs in processes of their own: an import, and somebody else who writes meanwhile."""

from __future__ import annotations

import json
import sys
import time
from itertools import pairwise
from pathlib import Path
from statistics import median

import django

django.setup()

from toile.directory.commands import import_siae  # noqa: E402
from toile.directory.models import ImportRun  # noqa: E402
from toile.kernel.acts import Actor, act  # noqa: E402
from toile.territory.services import init_territory  # noqa: E402

ACTOR = Actor.system("essai")


def load(cog: str, epci: str, path: str, done: str) -> None:
    """Import the list; say how long a batch took, its reading included, then that all is done."""
    init_territory(ACTOR, epci, cog=cog, vintage="2026")
    marks: list[float] = [time.monotonic()]
    report = import_siae(Path(path), progress=lambda _: marks.append(time.monotonic()))
    batches = [after - before for before, after in pairwise(marks)]
    Path(done).touch()
    sys.stdout.write(json.dumps({"created": report.created, "batches": len(batches), "usual": median(batches)}))


def write(done: str) -> None:
    """Write a row again and again until the other is done; say how often, and the longest wait."""
    longest, written = 0.0, 0
    while not Path(done).exists():
        before = time.monotonic()
        with act(ACTOR):
            ImportRun.objects.create(filename="attente.csv", checksum="")
        longest, written = max(longest, time.monotonic() - before), written + 1
        time.sleep(0.01)
    sys.stdout.write(json.dumps({"written": written, "longest": longest}))


if __name__ == "__main__":
    {"load": load, "write": write}[sys.argv[1]](*sys.argv[2:])

"""Panorama: all EPCI of France computed by us, beside the best SQL written by hand; memory, growth, and Spark."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from measuring import PROCESSES, Measure, skipped, tell

SCRIPT = PROCESSES / "panorama.py"
MILLION = 1_000_000
SIZES = tuple(int(size) for size in os.environ.get("TOILE_BENCH_MILLIONS", "10,43").split(","))
"""Millions of establishments: those of the issue, or fewer to look at something quickly."""
ROUNDS = 3
GIBIBYTE = 2**30
BYTES_A_ROW = 90
HOURS = 2 * 3600


def _run(command: str, *arguments: str) -> dict[str, list[float]]:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "toile.config.settings"}
    done = subprocess.run(
        [sys.executable, str(SCRIPT), command, *arguments],
        env=environment, stdout=subprocess.PIPE, text=True, check=True, timeout=HOURS,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def _folder(millions: int) -> Iterator[Path]:
    """Where the stock is written: a temporary folder, or TOILE_BENCH_PANORAMA, kept from one run to the next."""
    kept = os.environ.get("TOILE_BENCH_PANORAMA")
    if kept:
        yield Path(kept) / f"{millions}m"
        return
    with TemporaryDirectory(prefix="toile-panorama-") as folder:
        yield Path(folder)


def measures() -> Iterator[Measure]:
    seconds: dict[int, float] = {}
    for millions in SIZES:
        free = shutil.disk_usage(os.environ.get("TOILE_BENCH_PANORAMA", "/tmp")).free
        if free < 2 * millions * MILLION * BYTES_A_ROW:
            skipped(f"panorama : {millions} millions d’établissements", "il manque de la place sur le disque")
            continue
        with _folder(millions) as folder:
            _run("prepare", str(millions * MILLION), str(folder))
            _run("compare", str(folder))
            both = _run("times", str(ROUNDS), str(folder))
            ours, bare = median(both["ours"]), median(both["bare"])
            seconds[millions] = ours
            yield Measure(f"panorama : tous les EPCI, {millions} millions", ours, bare, "s", ours / bare, 1.2)
            (peak,) = _run("alone", str(folder))["peak"]
            name = f"panorama : mémoire, {millions} millions"
            yield Measure(name, peak / GIBIBYTE, 1.5, "Gio", peak / GIBIBYTE / 1.5, 1)
            if millions == min(SIZES):
                _tell_spark(millions, folder, ours)
    if len(seconds) > 1:
        few, many = min(seconds), max(seconds)
        linear = seconds[few] * many / few
        name = f"panorama : croissance de {few} à {many} millions"
        yield Measure(name, seconds[many], linear, "s", seconds[many] / linear, 1)


def _tell_spark(millions: int, folder: Path, ours: float) -> None:
    """Spark here beside DuckDB: told, not judged. It works on the same cores, and pays for its machinery."""
    name = f"panorama : Spark ici, {millions} millions"
    if find_spec("pyspark") is None or not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        skipped(name, "Spark ou Java n’est pas installé")
        return
    (spent,) = _run("spark", str(folder))["seconds"]
    print(f"{name:<46} {spent:>10.4g} {'s':<8} DuckDB {ours:>8.4g} s        rapport {spent / ours:>5.1f} (pour savoir)")


if __name__ == "__main__":
    sys.exit(tell(measures()))

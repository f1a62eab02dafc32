"""The team's weeks: 300 firms × 12 advisers × 48 weeks to the proven best, beside another solver's answer (CBC)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from statistics import median

from measuring import PROCESSES, Measure, skipped, tell

SCRIPT = PROCESSES / "assignment.py"
KINDS = {"held": "compétences, lieux, congés", "open": "172 800 choix"}
WHOLE, HALF = ("300", "12", "48"), ("150", "6", "24")
COMPARED = {"held": WHOLE, "open": HALF}
"""Firms, advisers and weeks given to the other solver: a quarter of an hour was not enough for all 172,800 choices."""
SEEDS = ("1", "2", "3")
SECONDS, SLIGHT = 2.0, 1e-6
HALF_AN_HOUR = 1800


def _run(command: str, *arguments: str) -> dict[str, float]:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "toile.config.settings"}
    done = subprocess.run(
        [sys.executable, str(SCRIPT), command, *arguments],
        env=environment, stdout=subprocess.PIPE, text=True, check=True, timeout=HALF_AN_HOUR,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def measures() -> Iterator[Measure]:
    for kind, told in KINDS.items():
        found = [_run("ours", kind, seed, *WHOLE) for seed in SEEDS]
        seconds = median(one["seconds"] for one in found)
        yield Measure(f"plan d’appels : {told}", seconds, SECONDS, "s", seconds / SECONDS, 1)
        unproven = sum(not one["proven"] for one in found)
        yield Measure(f"plan d’appels : non prouvés, {told}", unproven, 0, "plans", unproven, 0)
        if find_spec("pulp") is None:
            skipped(f"plan d’appels : contre CBC, {told}", "pulp n’est pas installé (extra dev)")
            continue
        size = COMPARED[kind]
        ours = _run("ours", kind, SEEDS[0], *size)
        other = _run("cbc", str(int(ours["owed"])), kind, SEEDS[0], *size)
        apart = abs(other["points"] - ours["points"]) / other["points"]
        name = f"plan d’appels : écart à CBC, {other['choices']} choix"
        print(f"{name} : {ours['seconds']:.2f} s ici, {other['seconds']:.0f} s pour CBC (pour savoir)")
        yield Measure(name, ours["points"], other["points"], "points", apart, SLIGHT)


if __name__ == "__main__":
    sys.exit(tell(measures()))

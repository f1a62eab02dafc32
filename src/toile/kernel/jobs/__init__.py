"""Long work that survives its worker: what rooms declare in their `jobs.py`, ask for, and what `toile worker` runs."""

from .followers import follow, follows
from .kinds import job, timed
from .queue import enqueue
from .rhythm import At, Every
from .running import LeaseLost, RunningJob
from .worker import run_waiting, run_worker

__all__ = [
    "At",
    "Every",
    "LeaseLost",
    "RunningJob",
    "enqueue",
    "follow",
    "follows",
    "job",
    "run_waiting",
    "run_worker",
    "timed",
]

from toile.kernel.pictures import sweeping  # noqa: F401

from . import housekeeping  # noqa: F401 -- the kernel's own timed work is declared once the rest is there

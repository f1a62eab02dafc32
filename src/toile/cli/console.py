"""What a command shows: its results on stdout; its sentences and the bar that advances on stderr."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from toile.kernel.typography import french_number

Advance = Callable[[int, int | None, str], None]

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def step(sentence: str) -> None:
    """Say what begins now."""
    err.print(f"[bold]→[/] {sentence}")


@contextmanager
def advancing(label: str) -> Iterator[Advance]:
    """A progress bar: the room calls `advance(done, total or None, what is done now)` as it goes.

    Where stderr is no terminal (a log, a CI), one line is printed at the end instead of a bar redrawn.
    """
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, disable=not err.is_terminal) as progress:
        task = progress.add_task(label, total=None)
        last = [0]

        def advance(done: int, total: int | None = None, what: str = "") -> None:
            last[0] = done
            progress.update(task, completed=done, total=total, description=what or label)

        yield advance
    if last[0] and not err.is_terminal:
        err.print(f"  {label} : {french_number(last[0])}")

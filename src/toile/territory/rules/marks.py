"""What a map marks: groups and lines of the list, joined where they would overlap on paper."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from toile.kernel.lists.asked import Group

Room = tuple[float, float, float, float]
"""Left, top, right, bottom on paper."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing to mark. x, y: on paper. numbers: the lines of the page that are in it, in order."""

    x: float
    y: float
    group: Group
    numbers: tuple[int, ...] = ()

    @property
    def alone(self) -> bool:
        """Whether it is one line of the page and nothing else."""
        return self.group.count == 1 and len(self.numbers) == 1


def joined(marks: Sequence[Mark]) -> Mark:
    """One mark for several, where the first is: it holds the mean point and the box of all.

    It does not move to the mean, or a town would draw its suburbs in one after the other.
    """
    total = sum(mark.group.count for mark in marks)
    lon = math.fsum(mark.group.lon * mark.group.count for mark in marks) / total
    lat = math.fsum(mark.group.lat * mark.group.count for mark in marks) / total
    wests, souths, easts, norths = zip(*(mark.group.box for mark in marks), strict=True)
    box = (min(wests), min(souths), max(easts), max(norths))
    numbers = tuple(sorted(number for mark in marks for number in mark.numbers))
    return Mark(marks[0].x, marks[0].y, Group(total, lon, lat, box), numbers)


def apart(marks: Iterable[Mark], room: Callable[[Mark], Room], most: float) -> list[Mark]:
    """The marks, largest first, those whose rooms overlap joined until none does.

    room: what a mark takes on paper, never wider nor taller than `most`. The same marks give the same ones whatever
    their order. Each pass compares a mark only with its neighbours: some hundreds take a few milliseconds.
    """
    held = sorted(marks, key=_largest_first)
    while True:
        rooms: list[Room] = []
        clusters: list[list[Mark]] = []
        bins: dict[tuple[int, int], list[int]] = defaultdict(list)
        for mark in held:
            here = room(mark)
            column, row = (math.floor(middle / most) for middle in _middle(here))
            beside = [place for i in (-1, 0, 1) for j in (-1, 0, 1) for place in bins.get((column + i, row + j), ())]
            touched = [(math.dist(_middle(here), _middle(rooms[p])), p) for p in beside if overlap(here, rooms[p])]
            if touched:
                clusters[min(touched)[1]].append(mark)
            else:
                bins[column, row].append(len(clusters))
                clusters.append([mark])
                rooms.append(here)
        if len(clusters) == len(held):
            return held
        joining = (cluster[0] if len(cluster) == 1 else joined(cluster) for cluster in clusters)
        held = sorted(joining, key=_largest_first)


def overlap(a: Room, b: Room) -> bool:
    """Whether two rooms share more than an edge."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _middle(room: Room) -> tuple[float, float]:
    return (room[0] + room[2]) / 2, (room[1] + room[3]) / 2


def _largest_first(mark: Mark) -> tuple[float, ...]:
    return (-mark.group.count, mark.x, mark.y, *mark.group.box, *mark.numbers)

"""The mosaic: one equal square for each commune, in the order of names, when nothing is known of where they lie."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .drawing import HEIGHT, STEP, WIDTH, Drawing, Drawn


def mosaic(codes: Sequence[str], width: int = WIDTH, height: int = HEIGHT, step: int = STEP) -> Drawing:
    """Lay `codes` out in rows, left to right, on the squares of the paper; their places say nothing of the ground.

    Raises ValueError for no code, or more codes than squares.
    """
    if not codes or len(codes) > (width // step) * (height // step):
        raise ValueError(f"{len(codes)} communes cannot make a mosaic")
    columns = max(1, math.ceil(math.sqrt(len(codes) * width / height)))
    columns = min(columns, len(codes), width // step)
    side = min(width // columns, height // math.ceil(len(codes) / columns))
    side -= side % step
    while side < step or (width // side) * (height // side) < len(codes):
        side = max(side - step, step)
        columns = width // side
    shapes = []
    for place, code in enumerate(codes):
        x, y = place % columns * side, place // columns * side
        shapes.append(Drawn(code, f"M{x} {y}H{x + side}V{y + side}H{x}z", (x + side / 2, y + side / 2)))
    return Drawing(None, tuple(shapes), 0, width, height)

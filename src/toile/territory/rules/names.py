"""Names of places, folded so that every way of writing one gives the same key (domain L12)."""

from __future__ import annotations

import re

from toile.kernel.fold import fold_place

SLUG_LIMIT = 60


def place_key(name: str) -> str:
    """`St-Étienne`, `SAINT ETIENNE` and `saint–étienne` give `saint etienne`; « Ste » is « Sainte »."""
    return fold_place(" ".join(re.findall(r"\w+", name)))


def slug(name: str) -> str:
    """The code of a perimeter made from its name: `Crêt de Roc` -> `cret-de-roc`; empty when no letter is left."""
    return "-".join(re.findall(r"[a-z0-9]+", place_key(name)))[:SLUG_LIMIT].strip("-")

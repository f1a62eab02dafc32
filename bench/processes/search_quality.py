"""What `bench/quality.py` runs: the real names indexed, damaged, asked again, and compared with all names by force."""

from __future__ import annotations

import csv
import json
import random
import sys
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

import django

django.setup()

import numpy  # noqa: E402
from damage import damaged  # noqa: E402
from django.conf import settings  # noqa: E402
from rapidfuzz import fuzz, process  # noqa: E402

from toile.kernel.fold import fold, fold_place  # noqa: E402
from toile.kernel.readers import EVERYONE, VISITOR  # noqa: E402
from toile.kernel.search import Collection, Document, Query, declare, find  # noqa: E402
from toile.kernel.search.indexer import rebuild  # noqa: E402

FIRST = 5
documents: dict[uuid.UUID, Document] = {}
NAMES = declare(
    Collection(
        "bench_names",
        version=1,
        facets=(),
        documents=lambda ids: [documents[pk] for pk in ids],
        everything=lambda: iter(documents),
    )
)


def read(folder: Path) -> Iterator[tuple[list[str], str]]:
    """The names that each row of the real lists goes by, and its text."""
    with (folder / "siae/siaes.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            yield [row["brand"], row["name"]], f"{row['description']} {row['city']}"
    with (folder / "ess/x_consolidated.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            yield [row["denomination"], row["nom_usage"]], row["commune"] or ""


def measure(folder: str, seed: str, count: str, verbose: str = "") -> dict[str, float]:
    """The share of damaged names found in the first five, by the index and by comparing with every name."""
    for at, (told, text) in enumerate(read(Path(folder))):
        names = list(dict.fromkeys(filter(None, (name.strip() for name in told if name))))
        if names:
            pk = uuid.UUID(int=at)
            documents[pk] = Document(pk, [EVERYONE], names, text)
    rebuild(NAMES.code)
    every = list(dict.fromkeys(name for document in documents.values() for name in document.names))
    chance = random.Random(int(seed))
    known = chance.sample([name for name in every if len(fold(name)) >= 4], int(count))
    typed = [damaged(name, chance) for name in known]
    folded = list(dict.fromkeys(map(fold_place, every)))
    asked = [fold_place(text) for text in typed]
    scores = process.cdist(asked, folded, scorer=fuzz.token_set_ratio)
    scores += process.cdist(asked, folded, scorer=fuzz.token_sort_ratio)
    by_force = by_index = 0
    for at, (name, text) in enumerate(zip(known, typed, strict=True)):
        first = numpy.argsort(-scores[at], kind="stable")[:FIRST]
        forced = fold_place(name) in {folded[place] for place in first}
        found = find(NAMES.code, VISITOR, Query(words=text, limit=FIRST))
        told = {fold_place(one) for pk in found.ids for one in documents[pk].names}
        by_force, by_index = by_force + forced, by_index + (fold_place(name) in told)
        if verbose and fold_place(name) not in told:
            print("force" if forced else "-----", [name, text], found.count, _names(found.ids), file=sys.stderr)
    return {"index": by_index / len(known), "force": by_force / len(known), "names": len(folded)}


def _names(ids: Sequence[uuid.UUID]) -> list[str]:
    return [documents[pk].names[0] for pk in ids]


if __name__ == "__main__":
    settings.TOILE_SEARCH.mkdir(parents=True, exist_ok=True)
    print(json.dumps(measure(*sys.argv[1:])))

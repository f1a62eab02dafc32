"""What organisations do: the list the directory filters by, and how an organisation's activities are told."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from toile.kernel.fold import fold
from toile.kernel.identifiers import naf_nomenclature

ACTIVITIES_TOML: Final = Path(__file__).with_name("activities.toml")


class Activity(NamedTuple):
    """One activity of the list, its group, and what suggests it."""

    code: str
    label_fr: str
    group: str
    naf: tuple[str, ...]
    """Beginnings of dotted NAF rév. 2 codes."""
    naf_2025: tuple[str, ...]
    words: tuple[str, ...]
    """Beginnings of folded words; whole words when they end with « = »."""


class ActivityMatch(NamedTuple):
    """An activity told of an organisation, and the French reason why."""

    code: str
    why: str


@dataclass(frozen=True, eq=False)
class Taxonomy:
    """The whole list, in its order."""

    groups: Mapping[str, str]
    """Code of a group to its French label."""
    activities: Mapping[str, Activity]
    words: re.Pattern[str]
    """One pattern for all the words: what it finds is looked up in `by_word`."""
    by_word: Mapping[str, tuple[str, ...]]

    def by_naf(self, code: str) -> tuple[str, ...]:
        """Codes of the activities that a dotted NAF code suggests: those of its longest known beginning."""
        return _by_naf(self, code)


@cache
def taxonomy(path: Path = ACTIVITIES_TOML) -> Taxonomy:
    """Read the list of activities."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    activities = {
        entry["code"]: Activity(
            entry["code"],
            entry["label"],
            group["code"],
            tuple(entry.get("naf", ())),
            tuple(entry.get("naf_2025", entry.get("naf", ()))),
            tuple(entry.get("words", ())),
        )
        for group in table["group"]
        for entry in group["activity"]
    }
    by_word: dict[str, tuple[str, ...]] = {}
    for activity in activities.values():
        for word in activity.words:
            by_word[word] = (*by_word.get(word, ()), activity.code)
    # The longest first: « habitat coopératif » before « habitat ».
    ordered = sorted(by_word, key=lambda word: (-len(word), word))
    pattern = "|".join(re.escape(word[:-1]) + r"(?!\w)" if word.endswith("=") else re.escape(word) for word in ordered)
    return Taxonomy(
        {group["code"]: group["label"] for group in table["group"]},
        activities,
        re.compile(rf"(?<!\w)(?:{pattern})"),
        by_word,
    )


def activities_of(naf: str | None, name: str | None, given: Iterable[str] = ()) -> tuple[ActivityMatch, ...]:
    """Tell an organisation's activities with the reason of each, the surest first.

    `given` are codes that a person or a curated list wrote; then what the words of the name say,
    then the dotted NAF code (either nomenclature). An activity is told once, by its best reason; a
    code that is not in the list is left out.
    """
    known = taxonomy()
    found: dict[str, str] = {}
    for code in given:
        if code in known.activities:
            found.setdefault(code, "dit par la structure ou par une liste")
    if name:
        for code, word in _by_name(name):
            found.setdefault(code, f"le nom dit « {word} »")
    if naf:
        for code in known.by_naf(naf):
            found.setdefault(code, f"code d’activité {naf}")
    return tuple(ActivityMatch(code, why) for code, why in found.items())


def _by_name(name: str) -> list[tuple[str, str]]:
    known = taxonomy()
    found: list[tuple[str, str]] = []
    for match in known.words.finditer(fold(name)):
        word = match[0]
        # A pattern that asked for the whole word is listed under its own spelling.
        codes = known.by_word.get(word, ()) + known.by_word.get(f"{word}=", ())
        found += [(code, word) for code in codes]
    return found


@lru_cache(maxsize=4096)
def _by_naf(known: Taxonomy, code: str) -> tuple[str, ...]:
    new = naf_nomenclature(code) == "NAF2025"
    best: dict[str, int] = {}
    for activity in known.activities.values():
        lengths = [len(p) for p in (activity.naf_2025 if new else activity.naf) if code.startswith(p)]
        if lengths:
            best[activity.code] = max(lengths)
    longest = max(best.values(), default=0)
    return tuple(activity for activity, length in best.items() if length == longest)

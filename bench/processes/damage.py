"""Names as somebody might type them: errors of a French keyboard, words missing or swapped; drawn, so seeded."""

from __future__ import annotations

import random
import string

from toile.kernel.fold import fold

KEYS = {
    **dict(zip("azertyuiop", ["z", "ae", "zr", "et", "ry", "tu", "yi", "uo", "ip", "o"], strict=True)),
    **dict(zip("qsdfghjklm", ["s", "qd", "sf", "dg", "fh", "gj", "hk", "jl", "km", "l"], strict=True)),
    **dict(zip("wxcvbn", ["x", "wc", "xv", "cb", "vn", "b"], strict=True)),
}
"""The neighbours of a key on a French keyboard."""


def damaged(name: str, chance: random.Random) -> str:
    """A name as somebody might type it: one of the six kinds of damage, drawn."""
    kinds = [_errors, _errors, _missing, _swapped, _bare, _saint]
    for kind in chance.sample(kinds, len(kinds)):
        if (typed := kind(name, chance)) not in {name, ""}:
            return typed
    return _errors(name, chance)


def _errors(name: str, chance: random.Random) -> str:
    for _ in range(chance.choice([1, 2])):
        name = _one_error(name, chance)
    return name


def _one_error(name: str, chance: random.Random) -> str:
    places = [at for at, letter in enumerate(name) if letter.isalpha()]
    if not places:
        return name
    at = chance.choice(places)
    match chance.randrange(4):
        case 0:
            return name[:at] + name[at + 1 :]
        case 1:
            return name[:at] + chance.choice(string.ascii_lowercase) + name[at:]
        case 2:
            return name[:at] + chance.choice(KEYS.get(fold(name[at]), "e")) + name[at + 1 :]
        case _:
            return name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :]


def _missing(name: str, chance: random.Random) -> str:
    words = name.split()
    if len(words) < 3:
        return name
    del words[chance.randrange(len(words))]
    return " ".join(words)


def _swapped(name: str, chance: random.Random) -> str:
    words = name.split()
    if len(words) < 2:
        return name
    at = chance.randrange(len(words) - 1)
    words[at], words[at + 1] = words[at + 1], words[at]
    return " ".join(words)


def _bare(name: str, chance: random.Random) -> str:
    return fold(name)


def _saint(name: str, chance: random.Random) -> str:
    words = name.split()
    wrong = {"st": "saint", "saint": "st", "ste": "sainte", "sainte": "ste"}
    for at, word in enumerate(words):
        if fold(word) in wrong:
            words[at] = wrong[fold(word)]
            return " ".join(words)
    return name

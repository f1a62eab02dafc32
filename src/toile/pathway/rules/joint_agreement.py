"""The model agreement between doors (RGPD art. 26, domain K1), read from `joint_agreement.toml`: ours, for a lawyer."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

AGREEMENT_TOML: Final = Path(__file__).with_name("joint_agreement.toml")


@dataclass(frozen=True, slots=True)
class Article:
    """One article. words: paragraphs, with {draft}, {kept}, {follow} for durations. lists_doors: the doors follow."""

    title: str
    words: tuple[str, ...]
    lists_doors: bool = False


@dataclass(frozen=True, slots=True)
class Model:
    """The whole model. warning: what it is, and is not."""

    version: int
    title: str
    warning: str
    articles: tuple[Article, ...]


@cache
def model() -> Model:
    """The model that ships with the platform."""
    read = tomllib.loads(AGREEMENT_TOML.read_text(encoding="utf-8"))
    return Model(
        read["version"],
        read["title"],
        read["warning"],
        tuple(Article(one["title"], tuple(one["words"]), one.get("list_doors", False)) for one in read["article"]),
    )

"""Why a figure has no value, in French: the codes of `Figure.because`, read from reasons.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from toile.kernel.figures import Status

REASONS_TOML: Final = Path(__file__).with_name("reasons.toml")


class Reason(NamedTuple):
    """One reason: the status it goes with, a few words beside the figure, and the sentence that explains."""

    code: str
    status: Status
    short_fr: str
    sentence_fr: str


@cache
def reasons(path: Path = REASONS_TOML) -> Mapping[str, Reason]:
    """Every reason by its code."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return MappingProxyType(
        {e["code"]: Reason(e["code"], Status(e["status"]), e["short"], e["sentence"]) for e in tables["reason"]}
    )

"""The ten ways to enter the demo, read from `personas.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

VISITOR = "visiteuse"


@dataclass(frozen=True, slots=True)
class Persona:
    """A role to try. roles: platform roles. organisation: a key of `seeds.toml` or of the town, as `source` says."""

    key: str
    label: str
    sublabel: str
    display_name: str
    email: str
    roles: tuple[str, ...] = ()
    organisation: str = ""
    source: str = ""

    @property
    def signs_in(self) -> bool:
        """Whether it has an account; the visitor has none, that is what she is."""
        return self.key != VISITOR


@cache
def personas() -> dict[str, Persona]:
    """The personas by key, in the order of the home page."""
    with Path(__file__).with_name("personas.toml").open("rb") as file:
        rows = tomllib.load(file)["persona"]
    return {row["key"]: Persona(**{**row, "roles": tuple(row["roles"])}) for row in rows}

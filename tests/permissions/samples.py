"""The parameters of routes that have some: each function receives the cast and says which object to try.

A route without a function here is tried on an object that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from ..cast import Cast

NOBODY = UUID(int=0)
# What a parameter of this name holds when nothing says better.
ABSENT: dict[str, Any] = {
    "pk": NOBODY,
    "run": NOBODY,
    "code": "nulle-part",
    "role": "adviser",
    "provider_id": "proconnect",
    "persona": "personne",
}

SAMPLES: dict[str, Callable[[Cast], dict[str, Any]]] = {
    "accounts:person": lambda cast: {"pk": cast.people["association"].pk},
    "accounts:grant_role": lambda cast: {"pk": cast.people["association"].pk, "role": "adviser"},
    "accounts:take_back_role": lambda cast: {"pk": cast.people["association"].pk, "role": "adviser"},
    "directory:organisation": lambda cast: {"pk": cast.organisations["association"].pk},
    "directory:decide": lambda cast: {"pk": cast.organisations["association"].pk},
    "directory:correct": lambda cast: {"pk": cast.organisations["association"].pk},
}

"""The parameters of routes that have some: each function receives the cast and says which object to try.

A route without a function here is tried on an object that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from toile.directory.models import ErrorReport
from toile.directory.models.reports import Subject
from toile.directory.services import report_error
from toile.kernel.acts import Actor
from toile.thread.models import SavedSearch
from toile.thread.services import keep

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


def _kept(cast: Cast) -> SavedSearch:
    """A search that the association's person keeps."""
    return keep(cast.reader("association"), "organisations", "q=velo", "Vélo")[0]


def _reported(cast: Cast) -> ErrorReport:
    """An error that somebody reported on the association's page."""
    about = cast.organisations["association"]
    return report_error(Actor.system("test"), about, subject=Subject.CLOSED, words="", email="")


SAMPLES: dict[str, Callable[[Cast], dict[str, Any]]] = {
    "list_file": lambda cast: {"place": "annuaire", "suffix": "json"},
    "thread:search": lambda cast: {"pk": _kept(cast).pk},
    "thread:search_forget": lambda cast: {"pk": _kept(cast).pk},
    "thread:search_stop": lambda cast: {"secret": _kept(cast).stop},
    "accounts:person": lambda cast: {"pk": cast.people["association"].pk},
    "accounts:grant_role": lambda cast: {"pk": cast.people["association"].pk, "role": "adviser"},
    "accounts:take_back_role": lambda cast: {"pk": cast.people["association"].pk, "role": "adviser"},
    "api:organisation": lambda cast: {"pk": cast.organisations["association"].pk},
    "api:thread": lambda cast: {"pk": cast.organisations["association"].pk},
    "directory:organisation": lambda cast: {"pk": cast.organisations["association"].pk},
    "directory:decide": lambda cast: {"pk": cast.organisations["association"].pk},
    "directory:duplicate_of": lambda cast: {"pk": cast.organisations["association"].pk},
    "directory:pair": lambda cast: {
        "first": cast.organisations["association"].pk,
        "second": cast.organisations["porteur"].pk,
    },
    "directory:correct": lambda cast: {"pk": cast.organisations["association"].pk},
    "directory:prefer": lambda cast: {"pk": cast.organisations["association"].pk, "field": "name"},
    **dict.fromkeys(
        [f"directory:{name}" for name in ("qr", "contact", "contact_sent", "report", "report_received")],
        lambda cast: {"pk": cast.organisations["association"].pk},
    ),
    "directory:report_treat": lambda cast: {"report": _reported(cast).pk},
}

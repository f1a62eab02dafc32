"""The commune that somebody names: here first, else the only one of France called so."""

from __future__ import annotations

from toile.kernel.fold import fold_place
from toile.territory.queries import communes_by_name, communes_by_postal, communes_of_home


def commune_called(said: object) -> str | None:
    """The code of a commune told by its name or its postal code; None when that says no commune, or several.

    3 queries at most.
    """
    if not isinstance(said, str) or not said.strip():
        return None
    words = said.strip()
    here = communes_of_home()
    if words.isascii() and words.isdigit():
        at_home = [one.code for one in here if words in one.postal_codes]
        return _only(at_home) or (_only(communes_by_postal().get(words, ())) if not at_home else None)
    asked = fold_place(words)
    at_home = [one.code for one in here if fold_place(one.name) == asked]
    return _only(at_home) or (_only(communes_by_name().get(asked, ())) if not at_home else None)


def _only(codes: list[str] | tuple[str, ...]) -> str | None:
    return codes[0] if len(codes) == 1 else None

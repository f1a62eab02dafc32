"""What reading a row needs to know of places: communes by postal code, code history, the home territory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from toile.directory.rules.places import Place, by_name, resolve_commune


@dataclass(slots=True)
class Gazetteer:
    """Plain tables of the territory, read once for an import, with a memory of the places already resolved.

    by_postal: postal code → commune codes. names: commune code → name. rolled_up: old, associated or arrondissement
    code → present code. home: the present codes of the home territory, empty while none was chosen.
    """

    by_postal: Mapping[str, Sequence[str]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    rolled_up: Mapping[str, str] = field(default_factory=dict)
    home: frozenset[str] = frozenset()
    _known: dict[tuple[Any, ...], Place] = field(default_factory=dict)
    _by_name: dict[str, list[str]] | None = None

    def place(self, values: Mapping[str, Any]) -> Place:
        """The commune of an establishment's said values (`commune_code`, `postal_code`, `city`)."""
        key = (values.get("commune_code"), values.get("postal_code"), values.get("city"))
        known = self._known.get(key)
        if known is None:
            if self._by_name is None:
                self._by_name = by_name(self.names)
            known = resolve_commune(*key, self.by_postal, self.names, self.rolled_up, self._by_name)
            self._known[key] = known
        return known

    def is_surely_outside(self, values: Mapping[str, Any]) -> bool:
        """Whether an unresolved address is certainly not at home: a postal code of no home commune, CEDEX aside.

        A CEDEX code begins with the department; only another department's is then certain.
        """
        postal = str(values.get("postal_code") or "")
        if not self.home or len(postal) != 5:
            return False
        departments = {code[:2] for code in self.home}
        return postal[:2] not in departments

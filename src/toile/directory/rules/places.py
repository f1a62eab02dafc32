"""The commune of an organisation, told from the code, the postal code and the city that a source wrote."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from toile.kernel.fold import fold_place
from toile.kernel.identifiers import clean_commune_code, clean_postal_code, department_of

_CEDEX: Final = re.compile(r"\bcedex\b.*$")
_AROUND: Final = re.compile(r"^\d{5}\b|\b\d{1,2}(?:e|er|eme|ieme)?(?:\s+arrondissement)?$|[().,]")
_ARTICLE: Final = re.compile(r"^(?:le|la|les|l) | (?:le|la|les|l)$")


class Place(NamedTuple):
    """A commune, whether it was deduced rather than said, and a French note when a person should look."""

    code: str | None
    deduced: bool = False
    doubt: str | None = None


def resolve_commune(
    code: str | None,
    postal_code: str | None,
    city: str | None,
    communes_by_postal: Mapping[str, Sequence[str]],
    names: Mapping[str, str],
    rolled_up: Mapping[str, str] | None = None,
    codes_by_name: Mapping[str, Sequence[str]] | None = None,
) -> Place:
    """Find the commune where an organisation is (domain L3: a postal code is never a key).

    Tried in order: the INSEE code, taken to the present commune by `rolled_up` (old, delegated,
    associated communes and municipal districts); the postal code with the folded name of the city;
    a postal code that covers one commune only (deduced); with `codes_by_name` (see `by_name`), a
    CEDEX code with a city whose name is alone in its department (deduced). Otherwise no code, and
    the reason. `communes_by_postal` and `names` may hold old codes beside the present ones.
    """
    current = rolled_up or {}
    postal = clean_postal_code(postal_code).value
    candidates = communes_by_postal.get(postal, ()) if postal else ()
    doubt: str | None = None
    if code:
        said = clean_commune_code(code).value or ""
        present = current.get(said, said)
        if present in names:
            if candidates and present not in _present(candidates, current):
                doubt = f"Le code postal {postal} n’est pas celui de {names[present]} ({present})"
            return Place(present, False, doubt)
        doubt = f"Le code de commune « {code} » n’est pas connu"
    if candidates:
        return _by_postal_code(postal or "", candidates, city or "", names, current, doubt)
    if postal is None:
        if postal_code:
            doubt = f"Le code postal « {postal_code} » n’a pas la forme d’un code postal"
        return Place(None, False, doubt or "Ni code de commune, ni code postal")
    named = (codes_by_name or {}).get(_city(city or ""), ())
    near = _present([c for c in named if _postal_department(c) == department_of(postal)], current)
    if len(near) == 1:
        return Place(near[0], True, f"Code postal {postal} inconnu (CEDEX ?), commune déduite de la ville écrite")
    return Place(None, False, f"Le code postal {postal} n’est celui d’aucune commune")


def _by_postal_code(
    postal: str,
    candidates: Sequence[str],
    city: str,
    names: Mapping[str, str],
    current: Mapping[str, str],
    doubt: str | None,
) -> Place:
    """The commune of a known postal code: the one the city names, else the only one."""
    name = _city(city)
    if name:
        matched = _present([c for c in candidates if name in _names_of(c, current, names)], current)
        if len(matched) == 1:
            return Place(matched[0], False, doubt)
        alike = _present(
            [c for c in candidates if _one_continues_the_other(name, _names_of(c, current, names))], current
        )
        if len(alike) == 1:
            read_as = names.get(alike[0], alike[0])
            return Place(alike[0], True, f"La ville écrite « {city.strip()} » a été lue comme {read_as}")
    present = _present(candidates, current)
    if len(present) == 1:
        if name:
            doubt = f"La ville écrite « {city.strip()} » n’est pas {names.get(present[0], present[0])}"
        return Place(present[0], True, doubt)
    which = f"« {city.strip()} » n’est pas l’une d’elles" if name else "la ville n’est pas dite"
    return Place(None, False, f"Le code postal {postal} couvre {len(present)} communes et {which}")


def by_name(names: Mapping[str, str]) -> dict[str, list[str]]:
    """Codes of the communes by the name a source may write: built once, given to `resolve_commune`."""
    codes: dict[str, list[str]] = {}
    for code, name in names.items():
        for spelling in _spellings(name):
            codes.setdefault(spelling, []).append(code)
    return codes


def _one_continues_the_other(name: str, spellings: set[str]) -> bool:
    """« Mansle » is Mansle-les-Fontaines and « Berck sur Mer » is Berck, when no other commune competes."""
    return any(f"{s} ".startswith(f"{name} ") or f"{name} ".startswith(f"{s} ") for s in spellings if s)


def _postal_department(code: str) -> str:
    """How postal codes call the department of a commune: 20 for the whole of Corsica."""
    department = department_of(code)
    return "20" if department in ("2A", "2B") else department


def _present(codes: Iterable[str], current: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(current.get(code, code) for code in codes))


def _names_of(code: str, current: Mapping[str, str], names: Mapping[str, str]) -> set[str]:
    """Spellings of a commune's name, and of the commune it was rolled up to (Lyon 3e is Lyon)."""
    present = current.get(code, code)
    return _spellings(names.get(code, "")) | (_spellings(names.get(present, "")) if present != code else set())


@lru_cache(maxsize=65_536)
def _spellings(name: str) -> set[str]:
    folded = fold_place(name)
    return {folded, _bare(folded)}


@lru_cache(maxsize=65_536)
def _city(written: str) -> str:
    """The name inside what a source wrote for a city: no CEDEX, no number, no leading or trailing article."""
    folded = _CEDEX.sub("", fold_place(written))
    return _bare(" ".join(_AROUND.sub(" ", folded.strip()).split()))


def _bare(folded: str) -> str:
    return _ARTICLE.sub("", folded).strip()

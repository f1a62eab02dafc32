"""Reading codes: the present commune of any code, the communes of a postal code."""

from __future__ import annotations

from collections.abc import Callable, Collection

from ..models import Commune, CommuneCode, CommuneKind
from ..rules.codes import How, Resolution, clean_code, resolve


def code_resolver() -> Callable[[str], Resolution]:
    """A function that reads any commune code, old or present, loaded once for a long import. 2 queries."""
    present: set[str] = set()
    parts: dict[str, str] = {}
    for code, kind, parent in Commune.objects.order_by().values_list("code", "kind", "parent_id"):
        if kind == CommuneKind.COMMUNE:
            present.add(code)
        else:
            parts[code] = parent
    history: dict[str, list[str]] = {}
    for old, new in CommuneCode.objects.order_by().values_list("code", "commune_id"):
        history.setdefault(old, []).append(new)
    return lambda raw: resolve(raw, present, parts, history)


def resolve_code(raw: str) -> Resolution:
    """How one code is read today. 2 queries at most."""
    code = clean_code(raw)
    if code is None:
        return Resolution(None, How.UNKNOWN)
    near = Commune.objects.filter(code=code).values_list("code", "kind", "parent_id").first()
    if near is not None:
        return Resolution(near[0], How.PRESENT) if near[1] == CommuneKind.COMMUNE else Resolution(near[2], How.PART)
    heirs = set(CommuneCode.objects.filter(code=code).values_list("commune_id", flat=True))
    return resolve(code, heirs, {}, {code: sorted(heirs)})


def present_commune(raw: str) -> Commune | None:
    """The present commune of any code; None when it is unknown or was shared between several. 3 queries at most."""
    found = resolve_code(raw)
    return Commune.objects.filter(code=found.code).first() if found.code else None


def communes_by_postal() -> dict[str, tuple[str, ...]]:
    """Postal code -> codes of the present communes it serves, never a key where several (domain L3). 1 query."""
    found: dict[str, list[str]] = {}
    rows = Commune.objects.filter(kind=CommuneKind.COMMUNE).order_by("code").values_list("code", "postal_codes")
    for code, postal_codes in rows:
        for postal in postal_codes:
            found.setdefault(postal, []).append(code)
    return {postal: tuple(codes) for postal, codes in found.items()}


def communes_by_name() -> dict[str, tuple[str, ...]]:
    """Folded name (`rules.names.place_key`) -> codes of the present communes called so, namesakes included. 1 query."""
    found: dict[str, list[str]] = {}
    rows = Commune.objects.filter(kind=CommuneKind.COMMUNE).order_by("code").values_list("code", "folded")
    for code, folded in rows:
        found.setdefault(folded, []).append(code)
    return {folded: tuple(codes) for folded, codes in found.items()}


def commune_names(codes: Collection[str] | None = None) -> dict[str, str]:
    """Code -> name of the given communes, or of all the present ones. 1 query."""
    rows = Commune.objects.order_by()
    rows = rows.filter(kind=CommuneKind.COMMUNE) if codes is None else rows.filter(code__in=codes)
    return dict(rows.values_list("code", "name"))


def rolled_up_codes() -> dict[str, str]:
    """Old, delegated, associated or arrondissement code -> present commune, where there is only one. 2 queries."""
    heirs: dict[str, set[str]] = {}
    for old, new in CommuneCode.objects.order_by().values_list("code", "commune_id"):
        heirs.setdefault(old, set()).add(new)
    parts = Commune.objects.exclude(kind=CommuneKind.COMMUNE).order_by().values_list("code", "parent_id")
    return {old: next(iter(new)) for old, new in heirs.items() if len(new) == 1} | dict(parts)

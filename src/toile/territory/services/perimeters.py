"""Saving a named perimeter: its communes, its polygon, its names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, UserError
from toile.kernel.permissions import require
from toile.kernel.readers import Reader
from toile.thread.services import record

from ..facts import PERIMETER_SAVED, PerimeterSaved
from ..geometry import read_polygon
from ..models import Commune, Perimeter, PerimeterKind, PerimeterName
from ..permissions import SAVE_PERIMETER
from ..queries.codes import code_resolver
from ..rules.names import place_key, slug
from ..subjects import perimeter_subject

# The addresses that the perimeters' own pages take (`urls.py`).
RESERVED = frozenset({"nouveau"})


class PerimeterRefused(UserError):
    """The perimeter cannot be saved as given; `field` is the form's field to mend."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Saved:
    """A perimeter after saving, and whether anything in it is new."""

    perimeter: Perimeter
    changed: bool


def save_perimeter(
    actor: Actor,
    *,
    name: str,
    code: str = "",
    kind: str = PerimeterKind.NAMED,
    communes: Iterable[str] = (),
    polygon: Mapping[str, Any] | None = None,
    aliases: Iterable[str] = (),
    indicative: bool = False,
    source: str = "",
    definition: str = "",
    keep_names: bool = False,
    expected_version: int | None = None,
    reader: Reader | None = None,
) -> Saved:
    """Create or replace the perimeter `code` (by default made from its name).

    communes: COG codes, old ones are read as their present commune. polygon: GeoJSON. aliases: other names; a folded
    name belongs to one perimeter only. keep_names: leave the aliases it has. expected_version: the version that was
    read, 0 for a new one, None to replace whatever is there. reader: the person who asks, None for a command. Saving
    the same again changes nothing and records nothing. Raises `Forbidden`, `PerimeterRefused`, `BadPolygon`, and
    `Conflict` when somebody else saved it since.
    """
    if reader is not None:
        require(reader, SAVE_PERIMETER.code)
    code = code or slug(name)
    if not code or not place_key(name):
        raise PerimeterRefused(_("Il faut un nom, avec au moins une lettre."), "name")
    if code in RESERVED:
        raise PerimeterRefused(_("Ce nom est celui d’une page du site : précisez-le."), "name")
    codes = _present(communes)
    ground = None if polygon is None else read_polygon(polygon)
    if not codes and ground is None:
        raise PerimeterRefused(_("Choisissez des communes, ou donnez un contour."), "communes")
    values = {
        "subject": perimeter_subject(code), "name": name.strip(), "kind": kind, "polygon": ground,
        "indicative": indicative, "source": source, "definition": definition,
    }  # fmt: skip
    with act(actor):
        before = Perimeter.objects.select_for_update().filter(code=code).first()
        _check_version(before, expected_version)
        changed = before is None or any(getattr(before, field) != value for field, value in values.items())
        perimeter = before or Perimeter(code=code)
        if changed:
            for field, value in values.items():
                setattr(perimeter, field, value)
            _store(perimeter, is_new=before is None)
        changed = _set_communes(perimeter, codes) or changed
        changed = _set_names(perimeter, aliases, keep_names) or changed
        if changed:
            if before is not None:
                Perimeter.objects.filter(code=code).update(version=F("version") + 1)
            data = PerimeterSaved(len(codes), ground is not None, indicative)
            record(PERIMETER_SAVED, about=[perimeter.subject], data=data)
    return Saved(perimeter, changed)


def _store(perimeter: Perimeter, *, is_new: bool) -> None:
    """Write the row; a new one whose code somebody took at the same moment is refused."""
    try:
        with transaction.atomic():
            perimeter.save(force_insert=is_new)
    except IntegrityError:
        if not is_new:
            raise
        raise PerimeterRefused(_("Un périmètre porte déjà ce nom."), "name") from None


def _check_version(before: Perimeter | None, expected: int | None) -> None:
    if expected is None or expected == (before.version if before else 0):
        return
    if expected == 0:
        raise PerimeterRefused(_("Un périmètre porte déjà ce nom."), "name")
    raise Conflict(
        _("Quelqu’un d’autre a enregistré ce périmètre entre-temps. Relisez-le avant d’enregistrer le vôtre.")
    )


def _present(communes: Iterable[str]) -> set[str]:
    given = list(communes)
    if not given:
        return set()
    resolve = code_resolver()
    found = {raw: resolve(raw).code for raw in given}
    unknown = sorted(raw for raw, code in found.items() if code is None)
    if unknown:
        raise PerimeterRefused(
            _("Aucune commune n’a le code %(codes)s.") % {"codes": ", ".join(code[:20] for code in unknown[:5])},
            "communes",
        )
    return {code for code in found.values() if code}


def _set_communes(perimeter: Perimeter, codes: Collection[str]) -> bool:
    held = set(perimeter.communes.values_list("code", flat=True))
    if held == set(codes):
        return False
    perimeter.communes.set(Commune.objects.filter(code__in=codes))
    return True


def _set_names(perimeter: Perimeter, aliases: Iterable[str], keep: bool) -> bool:
    """Write the perimeter's folded names; refuses one that is another perimeter's."""
    wanted = {place_key(alias): alias.strip() for alias in aliases if place_key(alias)}
    wanted[place_key(perimeter.name)] = perimeter.name
    held = dict(perimeter.names.values_list("folded", "name"))
    if keep:
        wanted = held | wanted
    if wanted == held:
        return False
    taken = (
        PerimeterName.objects.filter(folded__in=wanted).exclude(perimeter=perimeter).select_related("perimeter").first()
    )
    if taken is not None:
        raise PerimeterRefused(
            _("Le nom « %(name)s » est déjà celui du périmètre « %(other)s ».")
            % {"name": taken.name, "other": taken.perimeter.name},
            "name" if taken.folded == place_key(perimeter.name) else "aliases",
        )
    perimeter.names.exclude(folded__in=wanted).delete()
    PerimeterName.objects.bulk_create(
        [PerimeterName(folded=folded, name=name, perimeter=perimeter) for folded, name in wanted.items()],
        update_conflicts=True,
        unique_fields=["folded"],
        update_fields=["name", "perimeter"],
    )
    return True

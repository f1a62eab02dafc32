"""The history of a page, in words: what changed, from what to what, by whom; and what taking a change back would do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.directory.models import Organisation, Revision
from toile.directory.models.organisations import Stage
from toile.directory.queries.provenance import SHOWN_FIELDS, SHOWN_OF_PLACE, written
from toile.directory.rules.accessibility import FEATURES, accessibility_fr
from toile.directory.rules.activities import taxonomy
from toile.directory.rules.sources import SOURCES
from toile.directory.rules.undoing import PEOPLE, Undoing, Why, undoing, unit_of
from toile.kernel.readers import Reader
from toile.thread.names import Named, name_all

LABELS: Final = {
    **SHOWN_FIELDS,
    **SHOWN_OF_PLACE,
    "contact_email": gettext_lazy("Adresse où recevoir les messages"),
    "stage": gettext_lazy("Étape de vie"),
    "accessibility": gettext_lazy("Accessibilité"),
    "activities": gettext_lazy("Activités"),
    "ess_verdict": gettext_lazy("Appartenance à l’ESS"),
    "correction": gettext_lazy("Appartenance à l’ESS"),
    **{code: feature.question for code, feature in FEATURES.items()},
}
AUTHORS: Final = {
    "own": gettext_lazy("une personne de la structure"),
    "moderator": gettext_lazy("une personne de l’équipe"),
    "judgement": gettext_lazy("un rapprochement de deux fiches"),
}
VERDICTS: Final = {
    "yes": gettext_lazy("oui"),
    "no": gettext_lazy("non"),
    "to_check": gettext_lazy("à vérifier"),
    "unknown": gettext_lazy("inconnu"),
}
REASONS: Final = {
    Why.WRITTEN_SINCE: gettext_lazy("quelqu’un l’a écrit de nouveau depuis"),
    Why.NOT_KEPT: gettext_lazy("l’adresse d’avant n’est pas gardée, parce qu’elle est personnelle"),
    Why.ONLY_NAME: gettext_lazy("c’est le seul nom connu de cette structure"),
}
PER_PAGE: Final = 20
MOST_WRITES: Final = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a change: its label, what it was, what it became; both None where the values are not kept."""

    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a page as its history tells it.

    who: in words, a name where the reader may read it. said: the fields that people wrote without anything changing on
    the page. can_undo: the reader made it, and something of it may still return. undone_at: when it was taken back.
    """

    revision: Revision
    who: str
    is_mine: bool
    lines: Sequence[Line]
    said: Sequence[str]
    can_undo: bool
    undone_at: datetime | None


def history(reader: Reader, organisation: Organisation, page: str | None) -> tuple[list[Change], Page[Revision]]:
    """One page of the history of a canonical organisation, the latest change first.

    5 statements, and those that name people.
    """
    found = Paginator(_of_page(organisation).select_related("undoes"), PER_PAGE).get_page(page)
    revisions = list(found.object_list)
    named = name_all(reader, {one.person for one in revisions if one.person})
    undone = dict(Revision.objects.filter(undoes__in=revisions).order_by("pk").values_list("undoes", "at"))
    later = _writes(organisation)
    return [_told(reader, one, named, undone.get(one.pk), later) for one in revisions], found


def last_writes(reader: Reader, organisation: Organisation, units: Collection[str]) -> dict[str, tuple[str, datetime]]:
    """Who changed each of these fields last, in words, and when; among the latest changes. 1 statement, and names."""
    latest: dict[str, Revision] = {}
    for one in _of_page(organisation)[:MOST_WRITES]:
        for unit in dict.fromkeys([*map(unit_of, one.words), *map(unit_of, one.fields)]):
            latest.setdefault(unit, one)
    asked = {unit: latest[unit] for unit in units if unit in latest}
    named = name_all(reader, {one.person for one in asked.values() if one.person})
    return {unit: (_author(reader, one, named), one.at) for unit, one in asked.items()}


def undoing_in_words(revision: Revision, undone: Undoing) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """What taking a change back does: (field, what it becomes) for what returns, (field, why not) for the rest."""
    units: dict[str, list[str]] = {}
    for key, value in undone.back.items():
        said = _said(key, value)
        units.setdefault(unit_of(key), []).extend([said] if said else [])
    back = [(_label(unit), " ; ".join(said) or _as_before(revision, unit)) for unit, said in units.items()]
    return back, [(_label(unit), str(REASONS[why])) for unit, why in undone.left.items()]


def in_words(field: str, value: Any) -> str:
    """A field of the page as its history shows it; empty where there is none."""
    match field:
        case "activities":
            known = taxonomy().activities
            return get_text_list([_(known[code].label_fr) for code in value or () if code in known], _("et"))
        case "accessibility":
            return " ; ".join(accessibility_fr(value or {}))
        case "stage":
            return str(Stage(value).label) if value in Stage.values else ""
        case "ess_verdict":
            return str(VERDICTS.get(value, value or ""))
        case "created_on" if value:
            return written(field, date.fromisoformat(value))
    return written(field, value)


def _of_page(organisation: Organisation) -> QuerySet[Revision]:
    """The changes of a structure's page: those of its own, and of what was joined to it where the same act says no
    more about its own."""
    same_act = Revision.objects.filter(organisation=organisation.pk, act=OuterRef("act"))
    cluster = Revision.objects.filter(organisation__canonical=organisation.pk).order_by("-pk")
    joined = cluster.exclude(organisation=organisation.pk)
    return cluster.exclude(pk__in=joined.filter(Exists(same_act)).order_by().values("pk"))


def _writes(organisation: Organisation) -> list[tuple[int, UUID, Mapping[str, Any]]]:
    """The latest writes of people on this page and on those joined to it: number, organisation, words. 1 statement."""
    rows = Revision.objects.filter(organisation__canonical=organisation.pk, source__in=PEOPLE).order_by("-pk")
    return list(rows.values_list("pk", "organisation", "words")[:MOST_WRITES])


def _told(
    reader: Reader,
    one: Revision,
    named: Mapping[UUID, Named],
    undone_at: datetime | None,
    writes: Iterable[tuple[int, UUID, Mapping[str, Any]]],
) -> Change:
    since = [words for pk, organisation, words in writes if pk > one.pk and organisation == one.organisation_id]
    is_mine = one.person is not None and one.person == reader.person
    lines = [_line(field, both) for field, both in one.fields.items()]
    return Change(
        one,
        _author(reader, one, named),
        is_mine,
        lines,
        list(dict.fromkeys(_label(unit_of(key)) for key in one.words)) if not lines else [],
        is_mine and undone_at is None and len(since) < MOST_WRITES and bool(undoing(one.words, since).back),
        undone_at,
    )


def _line(field: str, both: Sequence[Any]) -> Line:
    if not both:
        return Line(_label(field), None, None)
    return Line(_label(field), in_words(field, both[0]), in_words(field, both[1]))


def _author(reader: Reader, one: Revision, named: Mapping[UUID, Named]) -> str:
    if one.person is not None and one.person == reader.person:
        return _("vous")
    if one.source not in AUTHORS:
        return _("import : %(source)s") % {"source": SOURCES[one.source].label if one.source in SOURCES else one.source}
    found = named.get(one.person) if one.person else None
    return found.label if found else str(AUTHORS[one.source])


def _as_before(revision: Revision, unit: str) -> str:
    """What the sources say again: they may have changed since, what they said before the change is told beside."""
    both = revision.fields.get(unit)
    before = in_words(unit, both[0]) if both else ""
    return _("ce que disent les sources (avant : %(value)s)") % {"value": before} if before else _("rien de vous")


def _label(field: str) -> str:
    return str(LABELS.get(field, field))


def _said(key: str, value: Any) -> str:
    """What is said again, in words; empty when nothing is: the sources speak."""
    _writer, _slash, rest = key.partition("/")
    if value in (None, "", [], {}):
        return ""
    if rest.startswith("prefer/"):
        return _("la valeur préférée, « %(value)s »") % {"value": value["said"]}
    if rest in ("lon", "lat", "decided_by", "commune_code"):
        return ""
    if rest == "correction":
        return str(VERDICTS["yes" if value else "no"])
    return in_words(rest, value) if isinstance(value, list) else written(rest, value)

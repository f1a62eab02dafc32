"""Work about what stays true: answers that came by a link, addresses that miss, entries that nobody confirmed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.directory.facts import FIELD_LABELS
from toile.directory.models import Confirmation
from toile.directory.permissions import CAMPAIGN
from toile.directory.queries import campaigns as asked
from toile.directory.queries.freshness import count_stale, stale_entries
from toile.directory.queries.work import counting
from toile.directory.rules.accessibility import ANSWERS, FEATURES
from toile.directory.rules.activities import taxonomy
from toile.directory.rules.freshness import month_of
from toile.directory.rules.hours import hours_fr
from toile.kernel.readers import Reader
from toile.kernel.work import Counted, WorkItem, WorkKind, declare


def _the_oldest(
    rows: Callable[[Reader], QuerySet[Confirmation]], item: Callable[[Confirmation], WorkItem]
) -> Callable[[Reader, int], Sequence[WorkItem]]:
    return lambda reader, most: [item(row) for row in rows(reader)[:most]]


def _answer(row: Confirmation, template: str, why: str, **context: Any) -> WorkItem:
    structure = row.organisation.canonical
    return WorkItem(
        key=str(row.pk),
        title=structure.name,
        since=row.answered_at or row.campaign.started_at or row.campaign.made_at,
        url=structure.get_absolute_url(),
        why=why,
        template=template,
        context={"asked": row, "organisation": structure, **context},
    )


def _closure(row: Confirmation) -> WorkItem:
    return _answer(row, "directory/work_closure.html", _("La structure dit avoir fermé"))


def _correction(row: Confirmation) -> WorkItem:
    lines = [
        (_label(name), _words(name, one.get("shown")), _words(name, one.get("said")))
        for name, one in row.changed.items()
    ]
    return _answer(row, "directory/work_correction.html", _("Corrigée depuis le lien d’une lettre"), lines=lines)


def _address(row: Confirmation) -> WorkItem:
    return _answer(row, "directory/work_address.html", str(row.get_state_display()))


def _label(name: str) -> str:
    known = {"postal_code": _("son code postal"), "city": _("sa commune"), "contact_email": _("l’adresse des messages")}
    if name in FEATURES:
        return str(FEATURES[name].question)
    return known.get(name) or str(FIELD_LABELS.get(name, name))


def _words(name: str, value: Any) -> str:
    """A value as the page says it."""
    if name == "opening_hours":
        return ", ".join(hours_fr(value or ""))
    activities = taxonomy().activities
    if isinstance(value, list):
        return ", ".join(_(activities[code].label_fr) if code in activities else str(code) for code in value)
    return str(ANSWERS.get(value, value)) if value else ""


def _stale(reader: Reader, most: int) -> list[WorkItem]:
    return [
        WorkItem(
            key=str(row.pk),
            title=row.name,
            since=since,
            url=row.get_absolute_url(),
            why=_("Pas confirmée depuis %(month)s") % {"month": month_of(on)} if on else _("Jamais confirmée"),
            template="directory/work_stale.html",
            context={"organisation": row},
        )
        for row, on, since in stale_entries(reader, most)
    ]


CLOSURES = declare(
    WorkKind(
        "directory.closure",
        gettext_lazy("Fermetures à confirmer"),
        CAMPAIGN.code,
        15,
        counting(asked.closures, "answered_at"),
        _the_oldest(asked.closures, _closure),
    )
)
CORRECTIONS = declare(
    WorkKind(
        "directory.correction",
        gettext_lazy("Corrections reçues par un lien"),
        CAMPAIGN.code,
        30,
        counting(asked.corrections, "answered_at"),
        _the_oldest(asked.corrections, _correction),
    )
)
ADDRESSES = declare(
    WorkKind(
        "directory.address",
        gettext_lazy("Structures sans adresse qui marche"),
        CAMPAIGN.code,
        70,
        counting(asked.unreached, "campaign__started_at"),
        _the_oldest(asked.unreached, _address),
        more="directory:campaigns",
    )
)
STALE = declare(
    WorkKind(
        "directory.stale",
        gettext_lazy("Fiches que rien ne confirme"),
        CAMPAIGN.code,
        80,
        lambda reader: Counted(*count_stale(reader)),
        _stale,
    )
)

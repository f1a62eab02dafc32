"""Two versions of the same fields: what the page says now, by whom, beside what this person typed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.forms import BoundField
from django.utils.translation import gettext as _

from toile.directory.forms import CorrectionForm, choice_of
from toile.directory.models import Organisation
from toile.directory.queries.history import LABELS, in_words, last_writes
from toile.directory.queries.shown import shown_of
from toile.directory.rules.meeting import meeting
from toile.kernel.errors import Conflict
from toile.kernel.readers import Reader


@dataclass(frozen=True, slots=True)
class Versions:
    """A field that two people wrote. now: (label, what the page says) for each field told with it, by `who` at `at`.

    typed: the controls that hold what this person typed, which they may still change. choice: which of the two stays.
    """

    label: str
    now: Sequence[tuple[str, str]]
    who: str
    at: datetime | None
    typed: Sequence[BoundField]
    choice: BoundField


def page_now(organisation: Organisation) -> dict[str, Any]:
    """What a correction form starts from: the page as it is, its version, and what it is compared with when sent."""
    shown = shown_of(organisation)
    return shown | {"version": organisation.version, "seen": json.dumps(shown)}


def saved_or_asked(
    form: CorrectionForm, fresh: Mapping[str, Any], save: Callable[[Mapping[str, Any]], None]
) -> CorrectionForm | None:
    """Save what this person changed; None once it is, else the form that asks about what somebody wrote meanwhile.

    What the other wrote elsewhere on the page stays beside. fresh: the page now (`page_now`).
    """
    mine = form.changed()
    both = meeting(form.page_seen(), fresh, mine)
    try:
        if both:
            raise Conflict(_("Quelqu’un a écrit au même endroit que vous : choisissez, rien n’est perdu."))
        save(mine)
    except Conflict as conflict:
        asking = CorrectionForm({**fresh, **mine, "asked": ",".join(both)}, initial=fresh)
        asking.add_error(None, conflict.message)
        return asking
    return None


def versions(reader: Reader, organisation: Organisation, form: CorrectionForm) -> list[Versions]:
    """The fields about which this form asks. No statement when it asks about none."""
    if not form.units:
        return []
    written = last_writes(reader, organisation, form.units)
    asked = []
    for unit in form.units:
        typed = form.of_unit(unit)
        now = [(str(bound.label), in_words(bound.name, bound.initial)) for bound in typed]
        who, at = written.get(unit, ("", None))
        asked.append(Versions(str(LABELS[unit]), now, who, at, typed, form[choice_of(unit)]))
    return asked

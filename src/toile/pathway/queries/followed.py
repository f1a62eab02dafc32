"""Reading a followed firm: who may, its signals as the rules take them, and its score."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from toile.kernel.errors import NotVisible
from toile.kernel.readers import Reader, Role
from toile.pathway.models import CheckIn, Followed, Signal
from toile.pathway.rules import checkin, scoring, signals
from toile.pathway.rules.signals import Band, weights


class Ranked(NamedTuple):
    """A firm's two scores on a day, without their explanations. None where it refuses to be scored."""

    risk: float
    potential: float
    risk_band: Band
    potential_band: Band


def followed_for(reader: Reader, pk: UUID) -> Followed:
    """The followed firm, with its door and organisation; `NotVisible` without a reason. 1 query."""
    rows = Followed.objects.visible_to(reader).select_related("door", "organisation__canonical", "case")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotVisible(_("Ce suivi n’existe pas, ou n’est pas ouvert à vous."))
    return found


def follows(reader: Reader, followed: Followed) -> bool:
    """Whether the reader advises at the door that follows this firm: else they read it as the firm itself."""
    return followed.door.organisation_id in reader.organisations and reader.has_role(Role.ADVISER)


def as_rule(signal: Signal) -> signals.Signal:
    """A signal as the rules take it.

    What the firm contests counts for nothing until somebody decided; what was over the day it was seen was an error.
    """
    contested = signal.contested_at is not None and signal.decided_at is None
    return _as_rule(signal.level, signal.seen_on, signal.closed_on, contested)


def _as_rule(level: str, seen_on: date, closed_on: date | None, contested: bool) -> signals.Signal:
    mistaken = closed_on is not None and closed_on <= seen_on
    return signals.Signal(level, seen_on, closed_on, contested or mistaken)


def known_signals(rows: Iterable[Signal]) -> list[Signal]:
    """Those that the scale still has, the oldest first: a level taken out of signals.toml counts for nothing."""
    known = weights().levels
    return sorted((row for row in rows if row.level in known), key=lambda row: (row.seen_on, row.noted_at))


def score_of(followed: Followed, rows: Iterable[Signal], on: date) -> scoring.Score | None:
    """The firm's score explained, from its signals; None when it refuses to be scored."""
    if followed.objected_at is not None:
        return None
    return scoring.score((as_rule(row) for row in known_signals(rows)), on)


def ranked(firms: Collection[Followed], on: date) -> dict[UUID, Ranked]:
    """The scores of many firms on a day, those that refuse left out. 1 query."""
    columns = ("followed", "level", "seen_on", "closed_on", "contested_at", "decided_at")
    rows = Signal.objects.filter(followed__in=[firm.pk for firm in firms]).order_by("seen_on", "noted_at")
    said = (
        (firm, _as_rule(level, seen_on, closed_on, contested_at is not None and decided_at is None))
        for firm, level, seen_on, closed_on, contested_at, decided_at in rows.values_list(*columns)
    )
    return ranked_from(firms, said, on)


def ranked_from(firms: Collection[Any], said: Iterable[tuple[UUID, signals.Signal]], on: date) -> dict[UUID, Ranked]:
    """The same, from signals already read, the oldest first. firms: rows with `pk` and `objected_at`. No query."""
    # Scores over arrays need numpy, which no other page of the site waits for.
    from toile.pathway.rules.scoring_many import score_many, table  # noqa: PLC0415

    scored = [firm.pk for firm in firms if firm.objected_at is None]
    ranks, scale = {pk: rank for rank, pk in enumerate(scored)}, weights()
    given = ((ranks[firm], signal) for firm, signal in said if firm in ranks and signal.code in scale.levels)
    scores = score_many(table(given), len(scored), on)
    return {
        pk: Ranked(risk, potential, scale.band("risk", risk), scale.band("potential", potential))
        for pk, risk, potential in zip(scored, scores.risk.tolist(), scores.potential.tolist(), strict=True)
    }


def sent_of(firms: Collection[UUID]) -> dict[UUID, list[checkin.Sent]]:
    """The check-ins of these firms as the rules take them. 1 query."""
    found: dict[UUID, list[checkin.Sent]] = defaultdict(list)
    rows = CheckIn.objects.filter(followed__in=firms).order_by()
    for followed, due_on, answered_at in rows.values_list("followed", "due_on", "answered_at"):
        found[followed].append(checkin.Sent(due_on, answered_at.date() if answered_at else None))
    return found

"""Where a project stands, for who carries it: the door, the stage, what comes next, what partners said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from toile.pathway.models import Case, Referral
from toile.pathway.queries.next_steps import steps_of
from toile.pathway.queries.referrals import referrals_of
from toile.pathway.rules.matrix import matrix
from toile.pathway.rules.next_step import Step
from toile.pathway.rules.stages import paths


@dataclass(frozen=True, slots=True)
class Where:
    """Where a project stands today."""

    case: Case
    stage: str
    step: Step | None
    referrals: Sequence[Referral]


def where(case: Case, on: date) -> Where:
    """The whole of it. 2 queries, and those of the next steps' other sources."""
    return Where(case, stage_title(case), steps_of([case], on)[case.pk], referrals_of(case))


def stage_title(case: Case) -> str:
    """The stage of a case in words: its path's, else the matrix's, else nothing."""
    path = paths().get(case.path)
    for stage in path.stages if path else ():
        if stage.code == case.stage:
            return stage.title_fr
    return matrix().titles.get(case.stage, "")

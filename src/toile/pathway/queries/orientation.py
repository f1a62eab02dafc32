"""Reading what the rules suggest for a case, and what was decided before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from toile.pathway.models import Answer, Case, Suggested
from toile.pathway.queries.offers import places_of, published
from toile.pathway.queries.procedures import procedure_in
from toile.pathway.rules.facts import lexicon
from toile.pathway.rules.matrix import matrix
from toile.pathway.rules.orientation import Orientation, orient
from toile.pathway.rules.qualifying import Qualification, qualify
from toile.pathway.rules.stages import paths


@dataclass(frozen=True, slots=True)
class Looked:
    """What was read of a case at once: its answers, what they say, what the rules suggest."""

    answers: Mapping[str, object]
    qualification: Qualification
    orientation: Orientation


def answers_of(case: Case) -> dict[str, object]:
    """What was answered: question → value. 1 query."""
    return dict(Answer.objects.filter(case=case).order_by("code").values_list("code", "value"))


def looked(case: Case, on: date) -> Looked:
    """Qualify and orient a case with what is answered and published today. 3 queries.

    Where a named human said a stage (at the end of the reception, at a gate), that one counts, whatever the readiness.
    """
    procedure, answers = procedure_in(case.procedure), answers_of(case)
    found = _as_decided(qualify(procedure, answers, on), case)
    suggested = orient(found, published(), on, places=places_of(case.commune), lexicon=lexicon(procedure))
    return Looked(answers, found, suggested)


def _as_decided(found: Qualification, case: Case) -> Qualification:
    stage = stage_of_matrix(case)
    if stage in ("", found.stage):
        return found
    reason = _("Étape retenue par une personne.")
    return replace(found, stage=stage, stage_reason=reason, facts={**found.facts, "stage": stage})


def stage_of_matrix(case: Case) -> str:
    """The stage of the matrix where a person placed a case: its own, or what its path says of it; "" for none."""
    path = paths().get(case.path)
    for stage in path.stages if path else ():
        if stage.code == case.stage:
            return stage.matrix
    return case.stage if case.stage in matrix().titles else ""


def decided(case: Case) -> Suggested | None:
    """The last decision. 1 query."""
    return Suggested.objects.filter(case=case, decided_at__isnull=False).order_by("-decided_at", "-pk").first()

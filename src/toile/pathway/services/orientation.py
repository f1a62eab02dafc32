"""Orientation of a case: what the rules suggest, kept with its inputs once a person decides (domain H5, K6)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, Literal

from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, UserError
from toile.kernel.readers import Reader
from toile.pathway.facts.cases import CaseFact
from toile.pathway.facts.orientation import ORIENTATION_DECIDED
from toile.pathway.models import Case, CaseState, Offer, Suggested
from toile.pathway.queries.orientation import Looked
from toile.pathway.rules.orientation_files import orientation_told, qualification_told
from toile.pathway.services.cases import about, require_here, touch
from toile.thread.services import record

Said = Literal["kept", "added", "set_aside"]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person decides of one offer. reason: owed for what departs from the suggestions. order: from 1."""

    offer: str
    said: Said
    reason: str = ""
    order: int = 0


def digest(looked: Looked) -> str:
    """What was shown, in a few signs: a decision on suggestions that changed meanwhile is shown them first."""
    told = json.dumps(orientation_told(looked.orientation), sort_keys=True, ensure_ascii=False)
    return sha256(told.encode()).hexdigest()[:16]


def decide(
    actor: Actor, reader: Reader, case: Case, looked: Looked, choices: Sequence[Choice], *, seen: str
) -> Suggested:
    """Keep what a person decides: suggestions kept in their order, set aside or added with a reason.

    looked: the suggestions as they are now; seen: the digest of those that were shown. Raises `Conflict` when they
    differ, `UserError` for a reason that lacks.
    """
    require_here(reader, case)
    if case.state not in CaseState.living():
        raise Conflict(_("Ce dossier n’est plus suivi : rouvrez-le avant d’orienter."))
    if digest(looked) != seen:
        raise Conflict(_("Les réponses ou les offres ont changé depuis : voici les suggestions d’aujourd’hui."))
    _check(looked, choices)
    qualified = looked.qualification
    with act(actor):
        made = Suggested.objects.create(
            case=case,
            asked_by=reader.person,
            rules=looked.orientation.rules,
            answers=dict(looked.answers),
            qualification=qualification_told(qualified),
            suggestions=orientation_told(looked.orientation),
            decision=[asdict(choice) for choice in sorted(choices, key=lambda choice: choice.order)],
            decided_at=timezone.now(),
            decided_by=reader.person,
        )
        Case.objects.filter(pk=case.pk).update(**_read_of(case, looked))
        touch(case)
        record(ORIENTATION_DECIDED, about=about(case), data=CaseFact(str(case.pk)))
    return made


def _check(looked: Looked, choices: Sequence[Choice]) -> None:
    suggested = {one.offer.code for one in looked.orientation.suggestions}
    said = {choice.offer: choice for choice in choices}
    if len(said) != len(choices):
        raise UserError(_("La même offre est choisie deux fois."))
    if missing := suggested - set(said):
        raise UserError(_("Dites de chaque suggestion si vous la gardez : il en reste %(n)s.") % {"n": len(missing)})
    for choice in choices:
        is_suggested = choice.offer in suggested
        if (choice.said == "added") is is_suggested:
            raise UserError(_("Une offre suggérée se garde ou s’écarte ; une autre s’ajoute."))
        if choice.said != "kept" and not choice.reason.strip():
            raise UserError(
                _("Dites pourquoi vous écartez ou ajoutez une offre : la décision est la vôtre, et se relit.")
            )
    added = [choice.offer for choice in choices if choice.said == "added"]
    found = Offer.objects.running(timezone.localdate()).filter(pk__in=added).count() if added else 0
    if found != len(added):
        raise UserError(_("Une offre ajoutée n’est plus publiée : choisissez-en une autre."))


def _read_of(case: Case, looked: Looked) -> Mapping[str, Any]:
    """What the case keeps of the qualification, where no reception was concluded yet: what a person said stays."""
    qualified = looked.qualification
    return {
        "nature": case.nature or qualified.nature,
        "path": case.path or qualified.path,
        "stage": case.stage or qualified.stage,
        "needs": case.needs or [need.code for need in qualified.needs],
    }
